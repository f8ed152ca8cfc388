"""Writes the numbers that the tests in this folder compare with, as JSON files in fixtures/.

    pip install numpy
    python make_fixtures.py --seed 1

The committed files were made with NumPy 2 and seed 1. All arithmetic is float64. Layers, softmax, optimizers and clipping are
the classes of the textbook notebook that the library follows, word for word, with three corrections, marked below:
`SoftmaxWithLoss.forward` returns the loss, nothing overwrites the caller's arrays, and the cross entropy has no 1e-7 in its
logarithm. What the notebook does not have (tanh, softmax as a layer, the other two losses) is written as its definition.

Inputs are multiples of 1/1024: the same numbers in float32, in float64 and in the file.
"""

import argparse
import json
from pathlib import Path

import numpy as np

# The notebook's layers.


class MatMul:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.x = None

    def forward(self, x):
        W, = self.params
        out = np.dot(x, W)
        self.x = x
        return out

    def backward(self, dout):
        W, = self.params
        dx = np.dot(dout, W.T)
        dW = np.dot(self.x.T, dout)
        self.grads[0][...] = dW
        return dx


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


class Sigmoid:
    def __init__(self):
        self.params = []
        self.grads = []
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        dx = dout * self.out * (1 - self.out)
        return dx


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = (x <= 0)
        out = x.copy()
        out[self.mask] = 0

        return out

    def backward(self, dout):
        dout = dout.copy()  # corrected: the notebook overwrites the caller's array
        dout[self.mask] = 0
        dx = dout

        return dx


def softmax(x):
    x = x.copy()  # corrected: the notebook overwrites the caller's array
    if x.ndim == 2:
        x -= np.max(x, axis=1, keepdims=True)
        y = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
    else:
        x -= np.max(x)
        y = np.exp(x) / np.sum(np.exp(x))
    return y


def cross_entropy_loss(y, t):
    if y.ndim == 1:
        y = y.reshape(1, -1)
        t = t.reshape(1, -1)
    if t.size == y.size:
        t = t.argmax(axis=1)
    batch_size = y.shape[0]
    loss = -np.sum(np.log(y[np.arange(batch_size), t])) / batch_size  # corrected: no 1e-7 is added
    return loss


class SoftmaxWithLoss:
    def __init__(self):
        self.params = []
        self.grads = []
        self.y = None
        self.t = None

    def forward(self, x, t):
        self.t = t
        self.y = softmax(x)

        if self.t.size == self.y.size:
            self.t = self.t.argmax(axis=1)
        loss = cross_entropy_loss(self.y, self.t)
        return loss  # corrected: the notebook returns self.y

    def backward(self, dout=1):
        batch_size = self.y.shape[0]
        dx = self.y.copy()
        dx[np.arange(batch_size), self.t] -= 1
        dx *= dout
        dx /= batch_size
        return dx


class SimpleNet:
    """The notebook's complete network; its layers know their parameters."""

    def __init__(self, params):
        self.params = params
        self.layers = [Affine(params["W1"], params["b1"]), Relu(), Affine(params["W2"], params["b2"])]
        self.lastLayer = SoftmaxWithLoss()

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        return self.lastLayer.forward(self.predict(x), t)

    def gradient(self, x, t):
        loss = self.loss(x, t)
        dout = self.lastLayer.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        (W1, b1), (W2, b2) = self.layers[0].grads, self.layers[2].grads
        return loss, {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


# What the notebook does not have, from the definitions.


class Tanh:
    def forward(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, dout):
        return dout / np.cosh(self.x) ** 2


class Softmax:
    def forward(self, x):
        self.y = softmax(x)
        return self.y

    def backward(self, dout):
        # The notebook's Jacobian, diag(y) - y yT, written out for each sample.
        return np.array([d @ (np.diag(y) - np.outer(y, y)) for d, y in zip(dout, self.y)])


def soft_cross_entropy(x, t):
    """The notebook's -sum t log y for rows of probabilities; its code would take their largest for a label."""
    y = softmax(x)
    return -np.sum(t * np.log(y)) / len(x), (y - t) / len(x)


def binary_cross_entropy(x, t):
    p = 1 / (1 + np.exp(-x))
    return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p)), (p - t) / x.size


def mean_squared_error(x, t):
    return np.mean((x - t) ** 2), 2 * (x - t) / x.size


# The notebook's optimizers and clipping.


class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for i in range(len(params)):
            params[i] -= self.lr * grads[i]


class Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = None

    def update(self, params, grads):
        if self.v is None:
            self.v = []
            for param in params:
                self.v.append(np.zeros_like(param))

        for i in range(len(params)):
            self.v[i] = self.momentum * self.v[i] - self.lr * grads[i]
            params[i] += self.v[i]


class AdaGrad:
    def __init__(self, lr=0.01):
        self.lr = lr
        self.h = None

    def update(self, params, grads):
        if self.h is None:
            self.h = []
            for param in params:
                self.h.append(np.zeros_like(param))

        for i in range(len(params)):
            self.h[i] += grads[i] * grads[i]
            params[i] -= self.lr * grads[i] / (np.sqrt(self.h[i]) + 1e-7)


class RMSprop:
    def __init__(self, lr=0.01, decay_rate=0.99):
        self.lr = lr
        self.decay_rate = decay_rate
        self.h = None

    def update(self, params, grads):
        if self.h is None:
            self.h = []
            for param in params:
                self.h.append(np.zeros_like(param))

        for i in range(len(params)):
            self.h[i] *= self.decay_rate
            self.h[i] += (1 - self.decay_rate) * grads[i] * grads[i]
            params[i] -= self.lr * grads[i] / (np.sqrt(self.h[i]) + 1e-7)


class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999):
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.iter = 0
        self.m = None
        self.v = None

    def update(self, params, grads):
        if self.m is None:
            self.m, self.v = [], []
            for param in params:
                self.m.append(np.zeros_like(param))
                self.v.append(np.zeros_like(param))

        self.iter += 1
        lr_t = self.lr * np.sqrt(1.0 - self.beta2**self.iter) / (1.0 - self.beta1**self.iter)

        for i in range(len(params)):
            self.m[i] += (1 - self.beta1) * (grads[i] - self.m[i])
            self.v[i] += (1 - self.beta2) * (grads[i]**2 - self.v[i])

            params[i] -= lr_t * self.m[i] / (np.sqrt(self.v[i]) + 1e-7)


def remove_duplicates(params, grads):
    params, grads = params[:], grads[:]

    while True:
        find_flg = False
        L = len(params)

        for i in range(0, L - 1):
            for j in range(i + 1, L):
                if params[i] is params[j]:
                    grads[i] += grads[j]
                    find_flg = True
                    params.pop(j)
                    grads.pop(j)
                elif params[i].ndim == 2 and params[j].ndim == 2 and \
                     params[i].T.shape == params[j].shape and np.all(params[i].T == params[j]):
                    grads[i] += grads[j].T
                    find_flg = True
                    params.pop(j)
                    grads.pop(j)
                if find_flg: break
            if find_flg: break
        if not find_flg: break
    return params, grads


def clip_grads(grads, max_norm):
    total_norm = 0
    for grad in grads:
        total_norm += np.sum(grad ** 2)
    total_norm = np.sqrt(total_norm)

    rate = max_norm / (total_norm + 1e-6)
    if rate < 1:
        for grad in grads:
            grad *= rate


# The cases.

MATRIX_SHAPES = {
    "Affine": [(1, 1, 1), (1, 4, 3), (2, 3, 4), (5, 1, 7), (3, 8, 1), (7, 13, 11), (17, 33, 9)],
    "MatMul": [(1, 1, 1), (1, 5, 2), (4, 3, 1), (6, 7, 5), (9, 17, 2)],
}
ACTIVATION_SHAPES = [(1, 1), (1, 7), (5, 1), (3, 4), (6, 11)]
LOSS_SHAPES = [(1, 2), (1, 10), (4, 3), (7, 5)]
VALUE_LOSS_SHAPES = [(1, 1), (5, 1), (1, 6), (4, 3)]

OPTIMIZERS = {
    "Sgd": (SGD, [{"lr": 0.95}, {"lr": 0.01}]),
    "Momentum": (Momentum, [{"lr": 0.1, "momentum": 0.9}, {"lr": 0.05, "momentum": 0.5}]),
    "AdaGrad": (AdaGrad, [{"lr": 1.5}, {"lr": 0.01}]),
    "RmsProp": (RMSprop, [{"lr": 0.1, "decay_rate": 0.99}, {"lr": 0.05, "decay_rate": 0.9}]),
    "Adam": (Adam, [{"lr": 0.3}, {"lr": 0.1, "beta1": 0.8, "beta2": 0.99}]),
}
STEPS = 100
STEPS_SHOWN = [1, 2, 3, 10, 30, 60, 100]


def layers(draw):
    cases = {}
    for kind, shapes in MATRIX_SHAPES.items():
        for n, i, o in shapes:
            x, W, dy = draw(n, i), draw(i, o), draw(n, o)
            case = {"x": x, "W": W, "dy": dy}
            if kind == "Affine":
                case["b"] = draw(o)
                layer = Affine(W, case["b"])
            else:
                layer = MatMul(W)
            case["y"], case["dx"], case["dW"] = layer.forward(x), layer.backward(dy), layer.grads[0]
            if kind == "Affine":
                case["db"] = layer.grads[1]
            cases[f"{kind} {n}x{i}x{o}"] = case
    for layer in [Relu(), Sigmoid(), Tanh(), Softmax()]:
        for n, c in ACTIVATION_SHAPES:
            x, dy = draw(n, c), draw(n, c)
            if x.size > 1:
                x.flat[::5] = 0  # where Relu has its kink
            case = {"x": x, "dy": dy, "y": layer.forward(x), "dx": layer.backward(dy)}
            cases[f"{type(layer).__name__} {n}x{c}"] = case
    return cases


def losses(rng, draw):
    cases = {}
    for n, c in LOSS_SHAPES:
        x, labels = draw(n, c), rng.integers(c, size=n)
        one_hot, soft = np.eye(c)[labels], softmax(draw(n, c))
        layer = SoftmaxWithLoss()
        loss = layer.forward(x, labels)
        assert layer.forward(x, one_hot) == loss
        case = {"x": x, "labels": labels, "one_hot": one_hot, "loss": loss, "dx": layer.backward()}
        case["soft"] = soft
        case["soft_loss"], case["soft_dx"] = soft_cross_entropy(x, soft)
        cases[f"SoftmaxWithLoss {n}x{c}"] = case
    for n, o in VALUE_LOSS_SHAPES:
        x = draw(n, o)
        t = rng.integers(1024, size=(n, o), endpoint=True) / 1024
        t.flat[::3] = np.round(t.flat[::3])  # both certain and uncertain targets
        loss, dx = binary_cross_entropy(x, t)
        cases[f"SigmoidWithLoss {n}x{o}"] = {"x": x, "t": t, "loss": loss, "dx": dx}
        x, t = draw(n, o), draw(n, o)
        loss, dx = mean_squared_error(x, t)
        cases[f"MeanSquaredError {n}x{o}"] = {"x": x, "t": t, "loss": loss, "dx": dx}
    return cases


def optimizers(draw):
    cases = {}

    # f(x, y) = x^2/20 + y^2 from (-7, 2).
    for kind, (rule, settings) in OPTIMIZERS.items():
        for index, setting in enumerate(settings):
            optimizer, point, path = rule(**setting), [np.array([-7.0, 2.0])], []
            for _ in range(STEPS):
                x, y = point[0]
                optimizer.update(point, [np.array([x / 10, 2 * y])])
                path.append(point[0].copy())
            cases[f"valley {kind} {index}"] = {**setting, "path": path}

    # One vector: gradients of ordinary size, large, small, so small that epsilon decides, and zero.
    start = draw(5)
    gradients = draw(STEPS, 5) * np.array([1.0, 128.0, 2.0**-10, 2.0**-27, 0.0])
    cases["vector"] = {"steps": STEPS_SHOWN, "start": start, "gradients": gradients}
    for kind, (rule, settings) in OPTIMIZERS.items():
        optimizer, params, path = rule(**settings[1]), [start.copy()], []
        for step in range(STEPS):
            optimizer.update(params, [gradients[step]])
            if step + 1 in STEPS_SHOWN:
                path.append(params[0].copy())
        cases[f"vector {kind}"] = {**settings[1], "path": path}

    # Several parameters of different shapes.
    shapes = [(2, 3), (3,), (1,)]
    starts = [draw(*shape) for shape in shapes]
    gradients = [draw(STEPS, *shape) for shape in shapes]
    names = ["W", "b", "gain"]
    cases["several"] = {"steps": STEPS_SHOWN}
    for name, start, gradient in zip(names, starts, gradients):
        cases["several"] |= {f"{name} start": start, f"{name} gradients": gradient}
    for kind, (rule, settings) in OPTIMIZERS.items():
        optimizer, params = rule(**settings[1]), [start.copy() for start in starts]
        paths = {name: [] for name in names}
        for step in range(STEPS):
            optimizer.update(params, [gradient[step] for gradient in gradients])
            if step + 1 in STEPS_SHOWN:
                for name, param in zip(names, params):
                    paths[name].append(param.copy())
        cases[f"several {kind}"] = settings[1] | paths

    # Clipping of the same three shapes: the norm is some 3.
    for max_norm in [0.001, 0.25, 1.0, 2.0, 100.0]:
        before = [draw(*shape) for shape in shapes]
        after = [gradient.copy() for gradient in before]
        clip_grads(after, max_norm)
        case = {"max_norm": max_norm, "norm": np.sqrt(sum(np.sum(gradient**2) for gradient in before))}
        for name, gradient, clipped in zip(names, before, after):
            case |= {name: gradient, f"{name} clipped": clipped}
        cases[f"clip {max_norm}"] = case
    return cases


def networks(draw):
    """A batch of 6 samples, 4 features, 5 hidden units, 3 classes: gradient, and 50 steps with each optimizer."""
    x, t = draw(6, 4), np.array([2, 0, 1, 1, 0, 2])
    start = {"W1": draw(4, 5), "b1": draw(5), "W2": draw(5, 3), "b2": draw(3)}
    net = SimpleNet({key: value.copy() for key, value in start.items()})
    loss, grads = net.gradient(x, t)
    scores = net.predict(x)
    cases = {"start": {"x": x, "t": t, "scores": scores, "loss": loss, **start}}
    cases["gradient"] = {key: grad.copy() for key, grad in grads.items()}
    for kind, (rule, settings) in OPTIMIZERS.items():
        for max_grad in [None, 0.5]:
            net = SimpleNet({key: value.copy() for key, value in start.items()})
            optimizer, params, losses = rule(**settings[1]), list(net.params.values()), []
            for _ in range(50):
                loss, grads = net.gradient(x, t)
                losses.append(loss)
                grads = list(grads.values())
                if max_grad is not None:
                    clip_grads(grads, max_grad)
                # The notebook's optimizers assign to the list; the layers keep the arrays.
                updated = [param.copy() for param in params]
                optimizer.update(updated, grads)
                for param, new in zip(params, updated):
                    param[...] = new
            case = settings[1] | {"losses": losses} | dict(zip(net.params, params))
            cases[f"{kind} {'clipped' if max_grad else 'free'}"] = case | ({"max_grad": max_grad} if max_grad else {})
    return cases


def sharing(draw):
    """5-4-4-4-5, 5 classes: the third layer has the weights and biases of the second, the fourth the first's weights transposed."""
    x, t = draw(6, 5), np.array([2, 0, 4, 1, 3, 2])
    start = {"first.W": draw(5, 4), "first.b": draw(4), "second.W": draw(4, 4), "second.b": draw(4), "last.b": draw(5)}

    def network():
        own = {key: value.copy() for key, value in start.items()}
        W1, b1, W2, b2, b4 = own.values()
        # Arrays that are the same, and a view that is the transpose.
        layers = [Affine(W1, b1), Relu(), Affine(W2, b2), Sigmoid(), Affine(W2, b2), Relu(), Affine(W1.T, b4)]
        return own, layers, SoftmaxWithLoss()

    def step(layers, last):
        scores = x
        for layer in layers:
            scores = layer.forward(scores)
        loss, dout = last.forward(scores, t), last.backward()
        for layer in reversed(layers):
            dout = layer.backward(dout)
        affine = [layer for layer in layers if isinstance(layer, Affine)]
        params = [param for layer in affine for param in layer.params]
        grads = [grad for layer in affine for grad in layer.grads]
        return (loss, *remove_duplicates(params, grads))

    own, layers, last = network()
    loss, params, grads = step(layers, last)
    assert len(params) == len(own) and all(param is array for param, array in zip(params, own.values()))
    cases = {"start": {"x": x, "t": t, "loss": loss, **start}}
    cases["gradient"] = {key: grad.copy() for key, grad in zip(own, grads)}
    for kind, (rule, settings) in OPTIMIZERS.items():
        own, layers, last = network()
        optimizer, losses = rule(**settings[1]), []
        for _ in range(50):
            loss, params, grads = step(layers, last)
            clip_grads(grads, 0.5)
            optimizer.update(params, grads)
            losses.append(loss)
        cases[f"{kind} clipped"] = settings[1] | {"max_grad": 0.5, "losses": losses} | own
    return cases


def write(path, cases):
    """One line for each array."""

    def plain(value):
        return np.asarray(value).tolist()

    blocks = []
    for case, arrays in cases.items():
        lines = [f"    {json.dumps(name)}: {json.dumps(plain(array))}" for name, array in arrays.items()]
        blocks.append(f"  {json.dumps(case)}: {{\n" + ",\n".join(lines) + "\n  }")
    path.write_text("{\n" + ",\n".join(blocks) + "\n}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "fixtures")
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)

    def draw(*shape):
        return np.round(rng.standard_normal(shape) * 1024) / 1024

    arguments.out.mkdir(exist_ok=True)
    write(arguments.out / "layers.json", layers(draw))
    write(arguments.out / "losses.json", losses(rng, draw))
    write(arguments.out / "optimizers.json", optimizers(draw))
    write(arguments.out / "networks.json", networks(draw))
    write(arguments.out / "sharing.json", sharing(draw))


if __name__ == "__main__":
    main()
