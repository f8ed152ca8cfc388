"""The textbook's training of MNIST in NumPy, float64, as the notebook has it: 784-50-10, SGD 0.1, 10,000 steps of 100.

    pip install numpy
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benches/peers/notebook/mnist.py [seed]

Prints the seconds that the training loop takes, with and without the accuracies after each epoch, and the test accuracy:
the peer of `cargo run --release --example mnist`.
"""

import gzip
import sys
import time
from collections import OrderedDict
from pathlib import Path

import numpy as np

DATA = Path(__file__).parents[3] / "examples" / "data" / "mnist"


def read(name, offset):
    return np.frombuffer(gzip.open(DATA / name).read(), np.uint8, offset=offset)


def load_mnist():
    """normalize=True, one_hot_label=True; the book's loader gives float32 images."""
    sets = []
    for part in ("train", "t10k"):
        x = read(f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, 784).astype(np.float32) / 255.0
        t = np.zeros((len(x), 10))
        t[np.arange(len(x)), read(f"{part}-labels-idx1-ubyte.gz", 8)] = 1
        sets.append((x, t))
    return sets


class Affine:
    def __init__(self, W, b):
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]
        self.x = None

    def forward(self, x):
        W, b = self.params
        out = np.dot(x, W) + b
        self.x = x
        return out

    def backward(self, dout):
        W, b = self.params
        dx = np.dot(dout, W.T)
        dw = np.dot(self.x.T, dout)
        db = np.sum(dout, axis=0)

        self.grads[0][...] = dw
        self.grads[1][...] = db
        return dx


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout[self.mask] = 0
        return dout


def softmax(x):
    x -= np.max(x, axis=1, keepdims=True)
    return np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)


def cross_entropy_loss(y, t):
    if t.size == y.size:
        t = t.argmax(axis=1)
    batch_size = y.shape[0]
    return -np.sum(np.log(y[np.arange(batch_size), t] + 1e-7)) / batch_size


class SoftmaxWithLoss:
    def __init__(self):
        self.y = None
        self.t = None

    def forward(self, x, t):
        self.t = t
        self.y = softmax(x)
        if self.t.size == self.y.size:
            self.t = self.t.argmax(axis=1)
        cross_entropy_loss(self.y, self.t)
        return self.y

    def backward(self, dout=1):
        batch_size = self.y.shape[0]
        dx = self.y.copy()
        dx[np.arange(batch_size), self.t] -= 1
        dx *= dout
        dx /= batch_size
        return dx


class SimpleNet:
    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        self.params = {}
        self.params["W1"] = np.random.randn(input_size, hidden_size) * weight_init_std
        self.params["b1"] = np.zeros(hidden_size)
        self.params["W2"] = np.random.randn(hidden_size, output_size) * weight_init_std
        self.params["b2"] = np.zeros(output_size)
        self.layers = OrderedDict()
        self.layers["Affine1"] = Affine(self.params["W1"], self.params["b1"])
        self.layers["Relu1"] = Relu()
        self.layers["Affine2"] = Affine(self.params["W2"], self.params["b2"])
        self.lastLayer = SoftmaxWithLoss()

    def predict(self, x):
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        return self.lastLayer.forward(self.predict(x), t)

    def accuracy(self, x, t):
        y = np.argmax(self.predict(x), axis=1)
        if t.ndim != 1:
            t = np.argmax(t, axis=1)
        return np.sum(y == t) / float(x.shape[0])

    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.lastLayer.backward()
        for layer in reversed(list(self.layers.values())):
            dout = layer.backward(dout)
        affine1, affine2 = self.layers["Affine1"], self.layers["Affine2"]
        return {"W1": affine1.grads[0], "b1": affine1.grads[1], "W2": affine2.grads[0], "b2": affine2.grads[1]}


def main():
    np.random.seed(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    (x_train, t_train), (x_test, t_test) = load_mnist()
    network = SimpleNet(input_size=784, hidden_size=50, output_size=10)
    batch_size, learning_rate, train_loss_list = 100, 0.1, []
    iter_per_epoch = max(x_train.shape[0] / batch_size, 1)
    evaluation = 0.0
    start = time.perf_counter()
    for i in range(10000):
        batch_mask = np.random.choice(x_train.shape[0], batch_size)
        x_batch, t_batch = x_train[batch_mask], t_train[batch_mask]
        grads = network.gradient(x_batch, t_batch)
        for key in ("W1", "b1", "W2", "b2"):
            network.params[key] -= learning_rate * grads[key]
        train_loss_list.append(network.loss(x_batch, t_batch))
        if i % iter_per_epoch == 0:
            before = time.perf_counter()
            network.accuracy(x_train, t_train)
            network.accuracy(x_test, t_test)
            evaluation += time.perf_counter() - before
    total = time.perf_counter() - start
    print(f"10000 steps in {total - evaluation:.2f} s, {total:.2f} s with evaluation")
    print(f"test accuracy {network.accuracy(x_test, t_test):.4f}")


if __name__ == "__main__":
    main()
