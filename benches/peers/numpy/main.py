"""The jobs in NumPy, with the textbook's layers."""

import sys
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parents[1] / "common"))
import jobs

PEER = "numpy"


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        dx = np.dot(dout, self.W.T)
        self.gradients = [np.dot(self.x.T, dout), np.sum(dout, axis=0)]
        return dx


class Relu:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout[self.mask] = 0
        return dout


class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, dout):
        return dout * (1 - self.y**2)


class SoftmaxWithLoss:
    def forward(self, x, t):
        x = x - np.max(x, axis=1, keepdims=True)
        y = np.exp(x)
        y /= np.sum(y, axis=1, keepdims=True)
        self.y, self.t = y, t
        return -np.sum(np.log(y[np.arange(len(t)), t] + 1e-7)) / len(t)

    def backward(self):
        dx = self.y.copy()
        dx[np.arange(len(self.t)), self.t] -= 1
        return dx / len(self.t)


class MeanSquaredError:
    def forward(self, x, t):
        self.difference = x - t
        return np.mean(self.difference**2)

    def backward(self):
        return 2 * self.difference / self.difference.size


class Network:
    def __init__(self, activation, loss):
        self.affines = [Affine(W.copy(), b.copy()) for W, b in jobs.weights()]
        self.layers = [self.affines[0]]
        for affine in self.affines[1:]:
            self.layers += [activation(), affine]
        self.loss = loss()

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def params_and_gradients(self, x, t):
        self.loss.forward(self.predict(x), t)
        dout = self.loss.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        for affine in self.affines:
            yield from zip((affine.W, affine.b), affine.gradients)


class Sgd:
    def step(self, params_and_gradients):
        for param, gradient in params_and_gradients:
            param -= 0.1 * gradient


class Adam:
    def __init__(self):
        self.t, self.state = 0, {}

    def step(self, params_and_gradients):
        self.t += 1
        for index, (param, gradient) in enumerate(params_and_gradients):
            m, v = self.state.setdefault(index, (np.zeros_like(param), np.zeros_like(param)))
            m += 0.1 * (gradient - m)
            v += 0.001 * (gradient**2 - v)
            param -= 0.001 * (m / (1 - 0.9**self.t)) / (np.sqrt(v / (1 - 0.999**self.t)) + 1e-8)


def train(network, optimizer, x, t, loss):
    batches = jobs.batches(len(x))

    def step(index):
        batch = batches[index % len(batches)]
        optimizer.step(network.params_and_gradients(x[batch], t[batch]))

    times = jobs.timed(jobs.STEPS, step)
    final_loss = loss(network.predict(x[: jobs.EVALUATED]), t[: jobs.EVALUATED])
    jobs.report(PEER, times, jobs.flops(jobs.BATCH), final_loss)


if jobs.JOB == "a":
    train(Network(Relu, SoftmaxWithLoss), Sgd(), *jobs.digits(), jobs.mean_loss)
elif jobs.JOB == "b":
    train(Network(Relu, SoftmaxWithLoss), Adam(), *jobs.digits(), jobs.mean_loss)
elif jobs.JOB == "c":
    jobs.inference(PEER, Network(Relu, SoftmaxWithLoss).predict)
else:
    train(Network(Tanh, MeanSquaredError), Adam(), *jobs.matrices(), jobs.mean_squared_error)
