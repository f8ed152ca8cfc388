"""Writes fixtures/layers_torch.json: layers of PyTorch that the other scripts leave out, with their gradients, plain losses, losses of
probabilities with options, and statistics of initial weights.

    pip install torch
    python make_layers.py --seed 1

The committed file was made with PyTorch 2.15. All arithmetic is float64, and gradients are PyTorch's own. Options are drawn at random:
each is either given, and then in the file, or left to its default. Inputs are multiples of 1/1024, none of them zero.
"""

import argparse
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from make_fixtures import write

torch.set_default_dtype(torch.float64)

SIZES = [1, 2, 3, 5, 10]
PAIRS = [(1, 1), (1, 5), (3, 1), (4, 3), (5, 7), (2, 16), (17, 2), (8, 9), (13, 11), (33, 4)]
CASES = 10
# Of weights: inputs, outputs.
WEIGHTS = [(200, 300), (784, 50), (30, 1000)]


def short(array):
    """With no more digits than are compared."""
    return np.vectorize(lambda number: float(f"{number:.13g}"), otypes=[float])(array)


def rounded(value, digits=3):
    return float(f"{value:.{digits}g}")


class Cases:
    def __init__(self, draw):
        self.draw = draw
        self.cases = {}

    def add(self, name, function, inputs, parameters=(), **options):
        """A layer's y, and the gradients of all that it reads, in their order: dx, dx2, …, and by their names."""
        names = ["x", *(f"x{number}" for number in range(2, len(inputs) + 1))]
        given = {name: torch.tensor(array, requires_grad=True) for name, array in zip(names, inputs)}
        given |= {name: torch.tensor(array, requires_grad=True) for name, array in parameters}
        y = function(*given.values())
        dy = torch.tensor(self.draw(*y.shape))
        y.backward(dy)
        arrays = {**given, "dy": dy, "y": y, **{f"d{name}": array.grad for name, array in given.items()}}
        self.cases[name] = {**options, **{name: short(array.detach().numpy()) for name, array in arrays.items()}}

    def add_loss(self, name, function, x, divisor=None, **options):
        """A loss and dx; where ours is divided by something else, PyTorch's sum, divided by that."""
        x = torch.tensor(x, requires_grad=True)
        loss = function(x) if divisor is None else function(x, reduction="sum") / divisor
        loss.backward()
        self.cases[name] = {**options, "x": short(x.detach().numpy()), "loss": loss.item(), "dx": short(x.grad.numpy())}


def layers(cases, rng):
    draw = cases.draw
    for index in range(CASES):
        n, size = rng.randint(1, 4), SIZES[index % len(SIZES)]
        wide = lambda: draw(n, size) * rng.choice([0.125, 1, 4, 16])
        for kind, function in [("Relu", F.relu), ("Sigmoid", torch.sigmoid), ("Tanh", torch.tanh), ("Identity", torch.clone)]:
            cases.add(f"{kind} {index}", function, [wide()], size=size)
        cases.add(f"Softmax {index}", lambda x: F.softmax(x, dim=1), [wide()], size=size)
        number = rounded(rng.uniform(-3, 3))
        cases.add(f"Scale {index}", lambda x: torch.mul(x, number), [wide()], size=size, number=number)
        cases.add(f"Shift {index}", lambda x: torch.add(x, number), [wide()], size=size, number=number)
        slopes = draw(rng.choice([1, size]))
        cases.add(f"PRelu {index}", F.prelu, [wide()], [("alpha", slopes)], size=size)
        # Of images each channel has its slope, or all have the same.
        slopes = draw([1, 2][index % 2])
        cases.add(f"PReluOfImages {index}", F.prelu, [draw(n, 2, 3, 4)], [("alpha", slopes)])
        for kind, function in [("Add", torch.add), ("Mul", torch.mul)]:
            more = index % 2
            whole = lambda *x: function(function(x[0], x[1]), x[2]) if more else function(x[0], x[1])
            cases.add(f"{kind} {index}", whole, [draw(n, size) for _ in range(2 + more)], size=size)
        # One behind the other, of vectors and of rows.
        cases.add(f"Concat {index}", lambda *x: torch.cat(x, 1), [draw(n, 2), draw(n, 5), draw(n, 1)])
        cases.add(f"ConcatOfRows {index}", lambda *x: torch.cat(x, 1), [draw(n, 2, 3), draw(n, 1, 3), draw(n, 4, 3)])
        cases.add(f"MatMulOfTwo {index}", torch.matmul, [draw(n, 3, 4), draw(n, 4, 2)])
        cases.add(f"Repeat {index}", lambda x: x.unsqueeze(1).expand(-1, 3, *x.shape[1:]), [draw(n, 2, 4)])
        cases.add(f"Sum {index}", lambda x: x.sum(1), [draw(n, 3, 2, 4)])
        cases.add(f"GlobalAvgPool {index}", lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1), [draw(n, 2, 3, 4)])
        cases.add(f"Flatten {index}", lambda x: torch.flatten(x, 1), [draw(n, 2, 3, 4)])
        cases.add(f"Reshape {index}", lambda x: torch.reshape(x, (-1, 4, 6)), [draw(n, 2, 3, 4)])

        inputs, outputs = PAIRS[index]
        linear = lambda x, W, b: F.linear(x, W.T, b)
        weights, biases = draw(inputs, outputs), draw(outputs)
        cases.add(f"Affine {index}", linear, [draw(n, inputs)], [("W", weights), ("b", biases)])
        cases.add(f"MatMul {index}", torch.matmul, [draw(n, inputs)], [("W", weights)])


def losses(cases, rng):
    draw = cases.draw

    def rows(n, c):
        t = np.exp(draw(n, c))
        return t / t.sum(1, keepdims=True)

    for index in range(CASES):
        n, c = rng.randint(1, 9), max(2, SIZES[index % len(SIZES)])
        labels, x = [rng.randrange(c) for _ in range(n)], 4 * draw(n, c)
        targets = torch.tensor(labels)
        cases.add_loss(f"SoftmaxWithLoss {index}", lambda x: F.cross_entropy(x, targets), x, size=c, labels=labels)
        part = np.round(rows(n, c) * 1024) / 1024
        answers = torch.tensor(part)
        cases.add_loss(f"SigmoidWithLoss {index}", lambda x: F.binary_cross_entropy_with_logits(x, answers), x, size=c, t=part)

    for index in range(2 * CASES):
        n, c = rng.randint(2, 9), max(2, SIZES[index % len(SIZES)])
        labels, options = [rng.randrange(c) for _ in range(n)], {}
        logs = np.round(np.log(rows(n, c)) * 1024) / 1024
        if rng.random() < 0.6:
            options["weights"] = [rounded(rng.uniform(0.1, 4.0)) for _ in range(c)]
        if rng.random() < 0.6:
            options["ignore"] = rng.choice([255, labels[-1]]) if len(set(labels)) > 1 else 255
            labels = [255 if options["ignore"] == 255 and rng.random() < 0.3 else label for label in labels]
            if all(label == options["ignore"] for label in labels):
                labels[0] = (options["ignore"] + 1) % c if options["ignore"] < c else rng.randrange(c)
        weights = {"weight": torch.tensor(options["weights"])} if "weights" in options else {}
        targets, ignored = torch.tensor(labels), options.get("ignore", -100)
        function = lambda x: F.nll_loss(x, targets, **weights, ignore_index=ignored)
        cases.add_loss(f"LogLikelihood {index}", function, logs, size=c, **options, labels=labels)


def initialisers(cases):
    """Deviation and largest number of weights [O, I] that PyTorch draws: of many, so that they are known to three digits."""
    schemes = {
        "He": lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="relu"),
        "HeUniform": lambda w: torch.nn.init.kaiming_uniform_(w, nonlinearity="relu"),
        "Xavier": torch.nn.init.xavier_normal_,
        "XavierUniform": torch.nn.init.xavier_uniform_,
        "LeCun": lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="linear"),
        "LeCunUniform": lambda w: torch.nn.init.kaiming_uniform_(w, nonlinearity="linear"),
        "Orthogonal": lambda w: torch.nn.init.orthogonal_(w, gain=1.5),
        "Normal": lambda w: torch.nn.init.normal_(w, std=0.03),
        "Uniform": lambda w: torch.nn.init.uniform_(w, -0.07, 0.07),
        "Constant": lambda w: torch.nn.init.constant_(w, -0.25),
        "Zeros": torch.nn.init.zeros_,
    }
    for scheme, fill in schemes.items():
        for inputs, outputs in WEIGHTS:
            drawn = torch.stack([fill(torch.empty(outputs, inputs)) for _ in range(4)])
            numbers = {"mean": drawn.mean(), "deviation": drawn.square().mean().sqrt(), "largest": drawn.abs().max()}
            numbers = {name: rounded(number.item(), 6) for name, number in numbers.items()}
            cases.cases[f"{scheme} {inputs}x{outputs}"] = {"inputs": inputs, "outputs": outputs, **numbers}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "fixtures")
    arguments = parser.parse_args()
    rng, numbers = random.Random(arguments.seed), np.random.default_rng(arguments.seed)
    torch.manual_seed(arguments.seed)

    def draw(*shape):
        whole = np.round(numbers.standard_normal(shape) * 1024)
        return np.where(whole == 0, 1, whole) / 1024

    cases = Cases(draw)
    layers(cases, rng)
    losses(cases, rng)
    initialisers(cases)
    write(arguments.out / "layers_torch.json", cases.cases)


if __name__ == "__main__":
    main()
