"""Writes what PyTorch computes for layers that normalise: cases.json, and cases.rs, which lists the layers; and shapes.rs, which lists
more layers, drawn in the same way, whose gradients are compared with differences.

    pip install torch
    python make_cases.py --seed 1

The committed files were made with PyTorch 2.15 on a CPU and seed 1, in float64. Shapes and options are drawn at random, of
options the values that were drawn least often so far, so that none is left out. The tests draw x, gamma, beta and dy as `numbers` of
tests/images/make_cases.py does: multiples of 1/8, which are the same in float32, in float64 and in both languages.
"""

import argparse
import importlib.util
import json
import random
import re
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

HERE = Path(__file__).parent
IMAGES = importlib.util.spec_from_file_location("images", HERE.parent / "images" / "make_cases.py")
images = importlib.util.module_from_spec(IMAGES)
IMAGES.loader.exec_module(images)
numbers, Drawn, flat, shape_text = images.numbers, images.Drawn, images.flat, images.shape_text


def sample_text(sizes):
    """The type of a sample."""
    text = "T"
    for size in reversed(sizes):
        text = f"[{text}; {size}]"
    return text


def eps_text(eps):
    return [] if eps is None else [f"eps = {eps}"]


def bits(eps):
    return "" if eps is None else f", {{ f64::to_bits({eps}) }}"


def fill(layer, seed, affine):
    """gamma and beta, and their names."""
    if affine is False:
        return []
    names = []
    with torch.no_grad():
        for offset, (name, tensor) in enumerate([("gamma", layer.weight), ("beta", getattr(layer, "bias", None))]):
            if tensor is not None:
                tensor.copy_(numbers(seed + 1 + offset, *tensor.shape))
                names.append(name)
    return names


def results(layer, names, x, y, seed):
    y.backward(numbers(seed + 3, *y.shape))
    found = {"y": flat(y), "dx": flat(x.grad)}
    for name in names:
        found[f"d{name}"] = flat({"gamma": layer.weight, "beta": getattr(layer, "bias", None)}[name].grad)
    return found


def rows(drawn, name, seed, kind, least):
    rng = drawn.rng
    rank = drawn.choice(kind, "rank", [1, 2, 3, 4])
    eps = drawn.choice(kind, "eps", [None, 0.001, 0.5])
    affine = drawn.choice(kind, "affine", [None, True, False])
    axis = drawn.choice(kind, f"axis of {rank}", list(range(rank)))
    sizes = [rng.randint(least, 5 if rank > 1 else 70) for _ in range(rank)]
    if rank == 2 and axis == 1:
        sizes[1] = rng.randint(least, 70)
    n = rng.randint(1, 3)
    layer = (nn.LayerNorm if kind == "layer_norm" else nn.RMSNorm)(sizes[axis:], eps=1e-5 if eps is None else eps, elementwise_affine=affine is not False)
    names = fill(layer, seed, affine)
    x = numbers(seed, n, *sizes).requires_grad_()
    options = [f"axis = {axis}"] if rank > 1 else []
    options += eps_text(eps)
    options += [] if affine is None else [f"affine = {str(affine).lower()}"]
    ours = "LayerNorm" if kind == "layer_norm" else "RmsNorm"
    call = ours + (f"({', '.join(options)})" if options else "")
    line = f"layer!({name}, {seed}, {n}: {shape_text(sizes)} -> {call}, [{', '.join(names)}]);"
    row = sample_text(sizes[axis:])
    generics = f"{row}, {row if affine is not False else '[T; 0]'}{bits(eps)}"
    shape = f"layer!({seed}, {n}: {sample_text(sizes)}, {ours}::<{generics}>::new(), [{', '.join(names)}]);"
    return line, shape, results(layer, names, x, layer(x), seed)


def groups(drawn, name, seed, least):
    rng = drawn.rng
    kind = "group_norm"
    rank = drawn.choice(kind, "rank", [1, 2, 3])
    eps = drawn.choice(kind, "eps", [None, 0.001, 0.5])
    affine = drawn.choice(kind, "affine", [None, True, False])
    how = drawn.choice(kind, "groups", ["one", "some", "each"])
    per_group = 1 if how == "each" and rank > 1 else rng.randint(max(least, 2), 4)
    count = {"one": 1, "some": rng.randint(2, 3), "each": rng.randint(2, 5)}[how]
    channels = count * per_group
    sizes = [channels] + [rng.randint(least, 6) for _ in range(rank - 1)]
    n = rng.randint(1, 3)
    layer = nn.GroupNorm(count, channels, eps=1e-5 if eps is None else eps, affine=affine is not False)
    names = fill(layer, seed, affine)
    x = numbers(seed, n, *sizes).requires_grad_()
    options = [str(count)] + eps_text(eps) + ([] if affine is None else [f"affine = {str(affine).lower()}"])
    line = f"layer!({name}, {seed}, {n}: {shape_text(sizes)} -> GroupNorm({', '.join(options)}), [{', '.join(names)}]);"
    generics = f"{channels}, {count}, T, {channels if affine is not False else 0}{bits(eps)}"
    shape = f"layer!({seed}, {n}: {sample_text(sizes)}, GroupNorm::<{generics}>::new(), [{', '.join(names)}]);"
    return line, shape, results(layer, names, x, layer(x), seed)


def batch(drawn, name, seed, least):
    """Training forward and backward, running statistics after three batches, and what they give."""
    rng = drawn.rng
    kind = "batch_norm"
    rank = drawn.choice(kind, "rank", [1, 2, 3])
    eps = drawn.choice(kind, "eps", [None, 0.001, 0.5])
    momentum = drawn.choice(kind, "momentum", [None, 0.25, 1.0])
    affine = drawn.choice(kind, "affine", [None, True, False])
    sizes = [rng.randint(1, 70 if rank == 1 else 6)] + [rng.randint(least, 6) for _ in range(rank - 1)]
    n = rng.randint(3, 6)
    of_rank = [nn.BatchNorm1d, nn.BatchNorm1d, nn.BatchNorm2d][rank - 1]
    layer = of_rank(sizes[0], eps=1e-5 if eps is None else eps, momentum=0.1 if momentum is None else momentum, affine=affine is not False)
    names = fill(layer, seed, affine)
    x = numbers(seed, n, *sizes).requires_grad_()
    options = eps_text(eps) + ([] if momentum is None else [f"momentum = {momentum}"]) + ([] if affine is None else [f"affine = {str(affine).lower()}"])
    call = "BatchNorm" + (f"({', '.join(options)})" if options else "")
    line = f"batch!({name}, {seed}, {n}: {shape_text(sizes)} -> {call}, [{', '.join(names)}]);"
    numbers_of_type = "" if eps is None and momentum is None else bits(1e-5 if eps is None else eps)
    numbers_of_type += "" if momentum is None else bits(momentum)
    generics = f"{sizes[0]}, T, {sizes[0] if affine is not False else 0}{numbers_of_type}"
    shape = f"batch!({seed}, {n}: {sample_text(sizes)}, BatchNorm::<{generics}>::new(), [{', '.join(names)}]);"
    found = results(layer, names, x, layer(x), seed)
    with torch.no_grad():
        layer(numbers(seed + 10, n, *sizes))
        layer(numbers(seed + 11, n, *sizes))
        found["running_mean"], found["running_var"] = flat(layer.running_mean), flat(layer.running_var)
        found["predicted"] = flat(layer.eval()(x))
    return line, shape, found


class Residual(nn.Module):
    """Batch normalisation behind convolutions, in a branch, and of features."""

    def __init__(self):
        super().__init__()
        self.conv2d1, self.batch_norm1 = nn.Conv2d(2, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.conv2d2, self.batch_norm2 = nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4, momentum=0.25)
        self.conv2d3, self.batch_norm3 = nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.batch_norm4, self.affine1 = nn.BatchNorm1d(4, eps=0.01, affine=False), nn.Linear(4, 2)

    def forward(self, x):
        x = functional.relu(self.batch_norm1(self.conv2d1(x)))
        branch = functional.relu(self.batch_norm2(self.conv2d2(x)))
        x = functional.relu(self.batch_norm3(self.conv2d3(branch)) + x)
        return self.affine1(self.batch_norm4(x.mean((2, 3))))


def trained():
    """Three steps of gradient descent on 40 samples: the losses, all parameters and running statistics, and scores."""
    net, n = Residual(), 40
    layers = [(name, layer) for name, layer in net.named_children()]
    parameters = {}
    for name, layer in layers:
        symbols = [("gamma", "weight"), ("beta", "bias")] if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)) else [("W", "weight"), ("b", "bias")]
        for symbol, theirs in symbols:
            if getattr(layer, theirs) is not None:
                parameters[f"{name}.{symbol}"] = getattr(layer, theirs)
    transposed = lambda key, tensor: tensor.T if key == "affine1.W" else tensor
    with torch.no_grad():
        for index, (key, parameter) in enumerate(parameters.items()):
            drawn = numbers(100 + index, *transposed(key, parameter).shape) / 4
            parameter.copy_(transposed(key, drawn) + (1 if key.endswith("gamma") else 0))
    x, t = numbers(77, n, 2, 6, 5), torch.arange(n) % 2
    losses = []
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        loss = functional.cross_entropy(net(x), t)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    found = {"losses": losses}
    found |= {key: flat(transposed(key, parameter)) for key, parameter in parameters.items()}
    for name, layer in layers:
        if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            found[f"{name}.running_mean"], found[f"{name}.running_var"] = flat(layer.running_mean), flat(layer.running_var)
    net.eval()
    with torch.no_grad():
        found["scores"], found["loss"] = flat(net(x)), functional.cross_entropy(net(x), t).item()
    return found


KINDS = [
    ("layer_norm", 24, lambda d, name, seed, least: rows(d, name, seed, "layer_norm", least)),
    ("rms_norm", 24, lambda d, name, seed, least: rows(d, name, seed, "rms_norm", least)),
    ("group_norm", 24, groups),
    ("batch_norm", 24, batch),
]
SHAPES = 100


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    drawn = Drawn(random.Random(parser.parse_args().seed))
    lines, cases = [], {}
    for kind, count, draw in KINDS:
        for index in range(count):
            name = f"{kind}_{index:02}"
            line, _, case = draw(drawn, name, 1000 * len(cases) + 7, 1)
            lines.append(line)
            cases[name] = case
    assert not drawn.missing(), f"never drawn: {drawn.missing()}; more cases, or another seed"
    cases["trained"] = trained()
    text = ",\n".join(f"{json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in cases.items())
    (HERE / "cases.json").write_text("{\n" + text + "\n}\n")
    head = "// Written by make_cases.py: name, seed, samples: shape -> layer, its parameters.\n"
    kinds = [re.match(r"\w+!\((\w+), .*?-> (\w+)", line).groups() for line in lines]
    listed = "".join(f'    ("{kind}", {name}),\n' for name, kind in kinds)
    every = f"\n/// Each by its kind of layer.\npub(crate) const ALL: &[(&str, fn())] = &[\n{listed}];\n"
    (HERE / "cases.rs").write_text(head + "\n".join(lines) + "\n" + every)

    head = "// Written by make_cases.py: for each kind of layer seed, samples: sample, layer, its parameters.\n"
    text = ""
    for kind, _, draw in KINDS:
        # Of one number nothing is left to learn from, and of two hardly anything: they become −1 and 1.
        shapes = [draw(drawn, "", index, 3)[1] for index in range(SHAPES)]
        text += f"#[test]\npub(crate) fn {kind}() {{\n" + "".join(f"    {shape}\n" for shape in shapes) + "}\n"
    (HERE / "shapes.rs").write_text(head + text)


if __name__ == "__main__":
    main()
