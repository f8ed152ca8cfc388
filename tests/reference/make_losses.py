"""Writes fixtures/activations_torch.json and fixtures/losses_torch.json: activations and losses of PyTorch, with their gradients.

    pip install torch
    python make_losses.py --seed 1

The committed files were made with PyTorch 2.15. All arithmetic is float64, and gradients are PyTorch's own. Options are drawn at
random: each is either given, and then in the file, or left to its default, so that defaults are compared too.

Inputs are multiples of 1/1024, none of them zero: the same numbers in float32, in float64 and in the file.
"""

import argparse
import math
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from make_fixtures import write

torch.set_default_dtype(torch.float64)

SIZES = [1, 2, 3, 5, 10, 70]
CASES = 10


def rounded(value, digits=3):
    """With few digits, so that the file is short."""
    return float(f"{value:.{digits}g}")


def activations(rng, draw):
    cases = {}

    def case(kind, index, function, options):
        n, size = rng.randint(1, 4), SIZES[index % len(SIZES)]
        # Near zero, around the bends, and where a float32 has nearly reached the limit.
        x = torch.tensor(draw(n, size) * rng.choice([0.125, 1, 4, 16]), requires_grad=True)
        dy = torch.tensor(draw(n, size))
        y = function(x)
        y.backward(dy)
        arrays = {"x": x, "dy": dy, "y": y, "dx": x.grad}
        arrays = {name: array.detach().numpy() for name, array in arrays.items()}
        cases[f"{kind} {index}"] = {"size": size, **options, **arrays}

    def number(name, low, high):
        """An option, or none."""
        if rng.random() < 0.3:
            return {}
        return {name: rounded(math.exp(rng.uniform(math.log(low), math.log(high))))}

    for shape in [(2, 3, 4), (3, 20)]:
        for axis in range(len(shape)):
            for kind, function in [("SoftmaxOver", F.softmax), ("LogSoftmaxOver", F.log_softmax)]:
                x = torch.tensor(4 * draw(2, *shape), requires_grad=True)
                dy = torch.tensor(draw(2, *shape))
                y = function(x, dim=axis + 1)
                y.backward(dy)
                arrays = {"x": x, "dy": dy, "y": y, "dx": x.grad}
                name = f"{kind} {'x'.join(map(str, shape))} {axis}"
                cases[name] = {"axis": axis, **{name: array.detach().numpy() for name, array in arrays.items()}}

    for index in range(CASES):
        options = number("alpha", 0.01, 2.0)
        slope = {"negative_slope": options["alpha"]} if options else {}
        case("LeakyRelu", index, lambda x: F.leaky_relu(x, **slope), options)
        options = number("alpha", 0.1, 4.0)
        case("Elu", index, lambda x: F.elu(x, **options), options)
        case("Selu", index, F.selu, {})
        # PyTorch gives x itself above a threshold, which is wrong by 2e-9.
        options = number("beta", 0.1, 4.0)
        case("Softplus", index, lambda x: F.softplus(x, **options, threshold=1e3), options)
        case("Gelu", index, F.gelu, {})
        case("GeluTanh", index, lambda x: F.gelu(x, approximate="tanh"), {})
        case("Silu", index, F.silu, {})
        case("HardSwish", index, F.hardswish, {})
        case("LogSoftmax", index, lambda x: F.log_softmax(x, dim=1), {})
    return cases


def losses(rng, draw):
    cases = {}

    def case(kind, index, x, options, function, divisor=None):
        """The loss and its gradient; where ours is divided by something else, PyTorch's sum, divided by that."""
        x = torch.tensor(x, requires_grad=True)
        loss = function(x) if divisor is None else function(x, reduction="sum") / divisor
        loss.backward()
        arrays = {"x": x.detach().numpy(), "loss": loss.item(), "dx": x.grad.numpy()}
        cases[f"{kind} {index}"] = {"size": x.shape[1], **options, **arrays}

    def sizes(index, least=1):
        return rng.randint(1, 9), max(least, SIZES[index % (len(SIZES) - 1)])

    def rows(n, c):
        t = np.exp(draw(n, c))
        return t / t.sum(1, keepdims=True)

    for index in range(2 * CASES):
        n, c = sizes(index, 2)
        x, options = 4 * draw(n, c), {}
        labels = [rng.randrange(c) for _ in range(n)]
        if rng.random() < 0.6:
            options["smoothing"] = rounded(rng.uniform(0.01, 0.6))
        if rng.random() < 0.6:
            options["weights"] = [rounded(rng.uniform(0.1, 4.0)) for _ in range(c)]
        if rng.random() < 0.6:
            # Some label is ignored: one of the classes, or none of them.
            options["ignore"] = rng.choice([255, labels[-1]]) if len(set(labels)) > 1 else 255
            labels = [255 if options["ignore"] == 255 and rng.random() < 0.3 else label for label in labels]
            if all(label == options["ignore"] for label in labels):
                labels[0] = rng.randrange(c)
        names = {"label_smoothing": options.get("smoothing", 0.0), "ignore_index": options.get("ignore", -100)}
        weights = {"weight": torch.tensor(options["weights"])} if "weights" in options else {}
        targets = torch.tensor(labels)
        case("CrossEntropy labels", index, x, {**options, "labels": labels}, lambda x: F.cross_entropy(x, targets, **weights, **names))

        # A row counts as much as its classes weigh; PyTorch counts it as one.
        soft = rows(n, c)
        amount = (soft * np.array(options.get("weights", [1.0] * c))).sum()
        targets = torch.tensor(soft)
        options.pop("ignore", None)
        function = lambda x, **more: F.cross_entropy(x, targets, **weights, label_smoothing=names["label_smoothing"], **more)
        case("CrossEntropy rows", index, x, {**options, "rows": soft}, function, amount)

    for index in range(CASES):
        n, o = sizes(index)
        x, t = 4 * draw(n, o), draw(n, o)
        # Some differences beyond every delta, and some within.
        targets = torch.tensor(t)
        case("MeanSquaredError", index, x, {"t": t}, lambda x: F.mse_loss(x, targets))
        case("MeanAbsoluteError", index, x, {"t": t}, lambda x: F.l1_loss(x, targets))
        options = {"delta": rounded(rng.uniform(0.1, 5.0))} if rng.random() < 0.7 else {}
        case("Huber", index, x, {**options, "t": t}, lambda x: F.huber_loss(x, targets, **options))

        part = np.round(np.abs(np.sin(t)) * 1024) / 1024
        part.flat[::3] = np.round(part.flat[::3])
        targets, weight = torch.tensor(part), rounded(rng.uniform(0.1, 5.0))
        function = lambda x: F.binary_cross_entropy_with_logits(x, targets, pos_weight=torch.tensor(weight))
        case("BinaryCrossEntropy", index, x, {"pos_weight": weight, "t": part}, function)

        # PyTorch has no binary hinge loss: the definition, and PyTorch's derivative of it.
        sides = np.where(t > 0, 1.0, -1.0)
        targets = torch.tensor(sides)
        case("Hinge", index, x / 4, {"t": sides}, lambda x: torch.clamp(1 - targets * x, min=0).mean())

        n, c = sizes(index, 2)
        x, labels, soft = draw(n, c), [rng.randrange(c) for _ in range(n)], rows(n, c)
        soft[0] = np.eye(c)[labels[0]]
        targets = torch.tensor(labels)
        options = {"margin": rounded(rng.uniform(0.1, 3.0))} if rng.random() < 0.7 else {}
        case("MulticlassHinge", index, x, {**options, "labels": labels}, lambda x: F.multi_margin_loss(x, targets, **options))
        logs = np.log(rows(n, c))
        logs = np.round(logs * 1024) / 1024
        case("NegativeLogLikelihood", index, logs, {"labels": labels}, lambda x: F.nll_loss(x, targets))
        rows_of_targets = torch.tensor(soft)
        case("KlDivergence", index, logs, {"rows": soft}, lambda x: F.kl_div(x, rows_of_targets, reduction="batchmean"))
    return cases


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "fixtures")
    arguments = parser.parse_args()
    rng, numbers = random.Random(arguments.seed), np.random.default_rng(arguments.seed)

    def draw(*shape):
        whole = np.round(numbers.standard_normal(shape) * 1024)
        return np.where(whole == 0, 1, whole) / 1024

    write(arguments.out / "activations_torch.json", activations(rng, draw))
    write(arguments.out / "losses_torch.json", losses(rng, draw))


if __name__ == "__main__":
    main()
