"""Writes what PyTorch computes for layers of images: cases.json, and cases.rs, which lists the layers; and shapes.rs, which lists
more layers, drawn in the same way, whose gradients are compared with differences.

    pip install torch
    python make_cases.py --seed 1

The committed files were made with PyTorch 2.15 on a CPU and seed 1, in float64. Shapes and options are drawn at random, of
options the values that were drawn least often so far, so that none is left out. The tests draw x, W, b and dy as `numbers` below does:
multiples of 1/8, which are the same in float32, in float64 and in both languages. So are most results, and equal numbers in one
window, of which the first counts, are frequent.
"""

import argparse
import json
import random
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

HERE = Path(__file__).parent
torch.set_default_dtype(torch.float64)
LAYERS = {
    "conv": "Conv2d",
    "transposed": "ConvTranspose2d",
    "max": "MaxPool2d",
    "avg": "AvgPool2d",
    "upsample": "Upsample",
    "pad": "Pad",
}


def numbers(seed, *shape):
    """The generator of `java.util.Random`'s kind that the tests have too."""
    state, count, found = seed, 1, []
    for size in shape:
        count *= size
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        found.append(((state >> 16) % 33 - 16) / 8)
    return torch.tensor(found).reshape(shape)


def pair_text(pair):
    return str(pair[0]) if pair[0] == pair[1] else f"({pair[0]}, {pair[1]})"


def windows(size, kernel, stride, dilation, before, after):
    return (size + before + after - dilation * (kernel - 1) - 1) // stride + 1


class Drawn:
    """Options that are drawn at random, and which values of them have been."""

    def __init__(self, rng):
        self.rng = rng
        self.seen = {}

    def choice(self, kind, option, values):
        """One of those that have been drawn least often."""
        counts = self.seen.get((kind, option), {})
        count = lambda value: counts.get(str(value), 0)
        value = self.rng.choice([value for value in values if count(value) == min(map(count, values))])
        self.note(kind, option, values, value)
        return value

    def note(self, kind, option, values, value):
        self.seen.setdefault((kind, option), {v: 0 for v in map(str, values)})[str(value)] += 1

    def missing(self):
        return [(key, value) for key, counts in self.seen.items() for value, count in counts.items() if count == 0]


def draw_windows(drawn, kind, dilates, paddings):
    """Windows on images of two sizes: the options, and the sizes of everything."""
    rng = drawn.rng
    kernel = [rng.randint(1, 4), rng.randint(1, 4)]
    if drawn.choice(kind, "kernel", ["square", "rectangular"]) == "square":
        kernel[1] = kernel[0]
    is_pool = kind in ("max", "avg")
    stride = drawn.choice(kind, "stride", [None, 1, 2, 3, (1, 2), (3, 1)])
    strides = (tuple(kernel) if is_pool else (1, 1)) if stride is None else stride if isinstance(stride, tuple) else (stride, stride)
    dilation = drawn.choice(kind, "dilation", [1, 2, (1, 3)]) if dilates else 1
    dilations = dilation if isinstance(dilation, tuple) else (dilation, dilation)
    reach = [d * (k - 1) + 1 for d, k in zip(dilations, kernel)]
    padding = drawn.choice(kind, "padding", paddings)
    size = [rng.randint(r, r + 7) for r in reach]
    if padding == "same":
        sides = []
        for s, st, r in zip(size, strides, reach):
            total = max((-(-s // st) - 1) * st + r - s, 0)
            sides.append((total // 2, total - total // 2))
        text = ["padding = same"]
    else:
        sides = [(0, 0), (0, 0)]
        text = []
        if padding == "valid":
            text = ["padding = valid"]
        elif padding == "one":
            # PyTorch's pooling takes at most half of a window.
            p = [min(1, k // 2 if is_pool else r - 1) for k, r in zip(kernel, reach)]
            if p[0] != p[1]:
                text = [f"padding = ({p[0]}, {p[1]})"]
            else:
                text = [f"padding = {p[0]}"]
            sides = [(v, v) for v in p]
        elif padding == "pair":
            p = [k // 2 if is_pool else rng.randint(0, r - 1) for k, r in zip(kernel, reach)]
            text = [f"padding = {pair_text(p)}"]
            sides = [(v, v) for v in p]
        elif padding == "sides":
            sides = [(rng.randint(0, r - 1), rng.randint(0, r - 1)) for r in reach]
            text = [f"padding = (({sides[0][0]}, {sides[0][1]}), ({sides[1][0]}, {sides[1][1]}))"]
    rests = [(s + a + b - r) % st for s, (a, b), r, st in zip(size, sides, reach, strides)]
    floors = padding != "same" and any(rests)
    drawn.note(kind, "floor", [False, True], floors)
    options = []
    if stride is not None:
        options.append(f"stride = {stride if isinstance(stride, int) else pair_text(stride)}")
    options += text
    if dilation != 1:
        options.append(f"dilation = {dilation if isinstance(dilation, int) else pair_text(dilation)}")
    if floors:
        options.append("floor = true")
    out = [windows(s, k, st, d, a, b) for s, k, st, d, (a, b) in zip(size, kernel, strides, dilations, sides)]
    return kernel, strides, dilations, sides, size, out, options


def padded(x, sides, value=0.0):
    (top, bottom), (left, right) = sides
    return functional.pad(x, (left, right, top, bottom), value=value)


def flat(tensor):
    return [int(v) if v == int(v) else v for v in tensor.detach().flatten().tolist()]


def shape_text(shape):
    return "[" + ", ".join(map(str, shape)) + "]"


def shape_line(kind, seed, x, y, layer, generics, ends=""):
    """A layer by its type."""
    shapes = f"{shape_text(list(x.shape[1:]))} -> {shape_text(list(y.shape[1:]))}"
    return f"{kind}!({seed}, {len(x)}: {shapes}, {layer}::<{', '.join(map(str, generics))}>{ends});"


def results(y, x, dy, layer=None):
    y.backward(dy)
    found = {"y": flat(y), "dx": flat(x.grad)}
    if layer is not None:
        found["dW"] = flat(layer.weight.grad)
        if layer.bias is not None:
            found["db"] = flat(layer.bias.grad)
    return found


def fill(layer, seed):
    with torch.no_grad():
        layer.weight.copy_(numbers(seed + 1, *layer.weight.shape))
        if layer.bias is not None:
            layer.bias.copy_(numbers(seed + 2, *layer.bias.shape))


def convolution(drawn, name, seed):
    rng = drawn.rng
    kernel, strides, dilations, sides, size, out, options = draw_windows(
        drawn, "conv", True, [None, "valid", "same", "one", "pair", "sides"]
    )
    groups = drawn.choice("conv", "groups", [1, 2, 3])
    bias = drawn.choice("conv", "bias", [None, True, False])
    channels, maps, n = groups * rng.randint(1, 2), groups * rng.randint(1, 3), rng.randint(1, 3)
    layer = nn.Conv2d(channels, maps, kernel, strides, 0, dilations, groups, bias is not False)
    fill(layer, seed)
    x = numbers(seed, n, channels, *size).requires_grad_()
    y = layer(padded(x, sides))
    assert list(y.shape) == [n, maps, *out]
    if groups > 1:
        options.append(f"groups = {groups}")
    if bias is not None:
        options.append(f"bias = {str(bias).lower()}")
    arguments = ", ".join([str(maps), pair_text(kernel), *options])
    line = f"convolution!({name}, {seed}, {n}: {shape_text([channels, *size])} -> conv2d1: Conv2d({arguments}) -> {shape_text([maps, *out])});"
    generics = [channels // groups, maps, *kernel, "T", *strides, sides[0][0], sides[1][0], *dilations, 0 if bias is False else maps]
    return line, shape_line("convolution", seed, x, y, "Conv2d", generics, "::default()"), results(y, x, numbers(seed + 3, *y.shape), layer)


def transposed(drawn, name, seed):
    rng = drawn.rng
    kernel = [rng.randint(1, 4), rng.randint(1, 4)]
    stride = drawn.choice("transposed", "stride", [None, 1, 2, 3, (1, 2)])
    strides = (1, 1) if stride is None else stride if isinstance(stride, tuple) else (stride, stride)
    dilation = drawn.choice("transposed", "dilation", [1, 2, (1, 2)])
    dilations = dilation if isinstance(dilation, tuple) else (dilation, dilation)
    groups = drawn.choice("transposed", "groups", [1, 2])
    bias = drawn.choice("transposed", "bias", [True, False])
    wanted = drawn.choice("transposed", "padding", [0, 1, "pair"])
    size = [rng.randint(2, 5), rng.randint(2, 5)]
    reach = [d * (k - 1) + 1 for d, k in zip(dilations, kernel)]
    padding = [rng.randint(0, 2) if wanted == "pair" else wanted for _ in kernel]
    # No more than is there.
    padding = [min(p, ((s - 1) * st + r - 1) // 2, r - 1) for p, s, st, r in zip(padding, size, strides, reach)]
    more = drawn.choice("transposed", "output_padding", ["none", "some"])
    more = [0 if more == "none" else rng.randint(0, max(st, d) - 1) for st, d in zip(strides, dilations)]
    channels, maps, n = groups * rng.randint(1, 2), groups * rng.randint(1, 2), rng.randint(1, 3)
    layer = nn.ConvTranspose2d(channels, maps, kernel, strides, padding, more, groups, bias, dilations)
    fill(layer, seed)
    x = numbers(seed, n, channels, *size).requires_grad_()
    y = layer(x)
    options = []
    if stride is not None:
        options.append(f"stride = {stride if isinstance(stride, int) else pair_text(stride)}")
    if padding != [0, 0]:
        options.append(f"padding = {pair_text(padding)}")
    if more != [0, 0]:
        options.append(f"output_padding = {pair_text(more)}")
    if dilation != 1:
        options.append(f"dilation = {dilation if isinstance(dilation, int) else pair_text(dilation)}")
    if groups > 1:
        options.append(f"groups = {groups}")
    if not bias:
        options.append("bias = false")
    arguments = ", ".join([str(maps), pair_text(kernel), *options])
    line = (
        f"convolution!({name}, {seed}, {n}: {shape_text([channels, *size])} -> conv_transpose2d1: "
        f"ConvTranspose2d({arguments}) -> {shape_text(list(y.shape[1:]))});"
    )
    biases = maps if bias else 0
    generics = [channels, maps // groups, *kernel, "T", *strides, *padding, *dilations, biases, groups]
    return line, shape_line("convolution", seed, x, y, "ConvTranspose2d", generics, "::default()"), results(y, x, numbers(seed + 3, *y.shape), layer)


def pooling(drawn, name, seed, kind):
    rng = drawn.rng
    kernel, strides, _, sides, size, out, options = draw_windows(drawn, kind, False, [None, "valid", "same", "one", "pair", "sides"])
    n, channels = rng.randint(1, 3), rng.randint(1, 3)
    x = numbers(seed, n, channels, *size).requires_grad_()
    if kind == "max":
        # Explicit padding by what is never the largest.
        y = functional.max_pool2d(padded(x, sides, -1e9), kernel, strides)
        generics = [*kernel, *strides, sides[0][0], sides[1][0]]
        layer = "MaxPool2d"
    else:
        counts = drawn.choice(kind, "count_include_pad", [None, True, False])
        y = functional.avg_pool2d(padded(x, sides), kernel, strides)
        if counts is False:
            there = functional.avg_pool2d(padded(torch.ones_like(x), sides), kernel, strides)
            y = y / there
            symmetric = all(a == b and a <= k // 2 for (a, b), k in zip(sides, kernel))
            if symmetric:
                same = functional.avg_pool2d(x, kernel, strides, [a for a, _ in sides], count_include_pad=False)
                assert torch.allclose(y, same, rtol=0, atol=1e-15)
        if counts is not None:
            options.append(f"count_include_pad = {str(counts).lower()}")
        generics = [*kernel, *strides, sides[0][0], sides[1][0], str(counts is not False).lower()]
        layer = "AvgPool2d"
    assert list(y.shape) == [n, channels, *out]
    arguments = ", ".join([pair_text(kernel), *options])
    line = (
        f"{kind}_pool!({name}, {seed}, {n}: {shape_text([channels, *size])} -> {layer}({arguments}) -> "
        f"{shape_text([channels, *out])}, {layer}<{', '.join(map(str, generics))}>);"
    )
    return line, shape_line(f"{kind}_pool", seed, x, y, layer, generics), results(y, x, numbers(seed + 3, *y.shape))


def enlarging(drawn, name, seed):
    rng = drawn.rng
    factor = drawn.choice("upsample", "factor", [1, 2, 3, (2, 3), (3, 1)])
    factors = factor if isinstance(factor, tuple) else (factor, factor)
    mode = drawn.choice("upsample", "mode", [None, "nearest", "bilinear"])
    n, channels, size = rng.randint(1, 3), rng.randint(1, 3), [rng.randint(1, 4), rng.randint(1, 4)]
    x = numbers(seed, n, channels, *size).requires_grad_()
    if mode == "bilinear":
        y = functional.interpolate(x, scale_factor=list(map(float, factors)), mode="bilinear", align_corners=False)
    else:
        y = functional.interpolate(x, scale_factor=list(map(float, factors)), mode="nearest")
    arguments = pair_text(factors) + (f", mode = {mode}" if mode else "")
    generics = [*factors, str(mode == "bilinear").lower()]
    line = (
        f"linear!({name}, {seed}, {n}: {shape_text([channels, *size])} -> Upsample({arguments}) -> {shape_text(list(y.shape[1:]))}, "
        f"Upsample::<{', '.join(map(str, generics))}>);"
    )
    return line, shape_line("linear", seed, x, y, "Upsample", generics), results(y, x, numbers(seed + 3, *y.shape))


def padding(drawn, name, seed):
    rng = drawn.rng
    how = drawn.choice("pad", "sides", ["one", "pair", "all"])
    value = drawn.choice("pad", "value", [None, 0.5, -2.0])
    n, channels, size = rng.randint(1, 3), rng.randint(1, 3), [rng.randint(1, 4), rng.randint(1, 4)]
    if how == "one":
        p = rng.randint(0, 3)
        sides, text = [(p, p), (p, p)], str(p)
    elif how == "pair":
        p = (rng.randint(0, 3), rng.randint(0, 3))
        sides, text = [(p[0], p[0]), (p[1], p[1])], f"({p[0]}, {p[1]})"
    else:
        sides = [(rng.randint(0, 3), rng.randint(0, 3)) for _ in size]
        text = f"(({sides[0][0]}, {sides[0][1]}), ({sides[1][0]}, {sides[1][1]}))"
    x = numbers(seed, n, channels, *size).requires_grad_()
    y = padded(x, sides, value or 0.0)
    arguments = text + (f", value = {value}" if value is not None else "")
    line = (
        f"linear!({name}, {seed}, {n}: {shape_text([channels, *size])} -> Pad({arguments}) -> {shape_text(list(y.shape[1:]))}, "
        f"Pad::<{sides[0][0]}, {sides[1][0]}>({value or 0.0}));"
    )
    ends = f"({value or 0.0})"
    return line, shape_line("linear", seed, x, y, "Pad", [sides[0][0], sides[1][0]], ends), results(y, x, numbers(seed + 3, *y.shape))


class Small(nn.Module):
    """The textbook's order: convolution, activation, pooling; twice; then vectors."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv2d(1, 3, 3, padding=1), nn.Conv2d(3, 4, 3), nn.Linear(16, 3)])

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.layers[0](x)), 2)
        x = functional.max_pool2d(functional.relu(self.layers[1](x)), 2)
        return self.layers[2](x.flatten(1))


class Residual(nn.Module):
    """A branch around two convolutions, one with fewer rows and columns, and a mean at the end."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Conv2d(2, 4, 3, padding=1, bias=False),
                nn.Conv2d(4, 4, 3, padding=1),
                nn.Conv2d(4, 4, 3, padding=1),
                nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2),
                nn.Linear(6, 2),
            ]
        )

    def forward(self, x):
        x = functional.relu(self.layers[0](x))
        branch = self.layers[2](functional.relu(self.layers[1](x)))
        x = functional.relu(branch + x)
        x = functional.relu(self.layers[3](x))
        return self.layers[4](x.mean((2, 3)))


class Generator(nn.Module):
    """From a vector to an image and back."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Linear(3, 12),
                nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1),
                nn.Conv2d(4, 2, 2, dilation=2),
                nn.ConvTranspose2d(2, 2, 2, bias=False),
                nn.Linear(8, 2),
            ]
        )

    def forward(self, x):
        x = torch.tanh(self.layers[0](x)).reshape(-1, 3, 2, 2)
        x = functional.relu(self.layers[1](x))
        x = functional.avg_pool2d(functional.pad(x, (1, 1, 1, 1), value=0.25), 2)
        x = functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
        x = torch.sigmoid(self.layers[2](x))
        x = functional.relu(self.layers[3](x))
        x = functional.max_pool2d(x, 3, stride=2, padding=1)
        x = functional.interpolate(x, scale_factor=1.0, mode="nearest")
        x = functional.avg_pool2d(x, 2, stride=1)
        return self.layers[4](x.flatten(1))


def network(net, seed, shape, classes):
    """Logits, loss and the gradient of all parameters, in the order in which this library has them."""
    n = 5
    x = numbers(seed, n, *shape)
    t = torch.arange(n) % classes
    parameters = []
    for index, layer in enumerate(net.layers):
        # Halved, so that nothing is saturated.
        with torch.no_grad():
            W = numbers(seed + 10 + 2 * index, *layer.weight.shape) / 4
            if isinstance(layer, nn.Linear):
                W = numbers(seed + 10 + 2 * index, *layer.weight.T.shape).T / 4
            layer.weight.copy_(W)
            if layer.bias is not None:
                layer.bias.copy_(numbers(seed + 11 + 2 * index, *layer.bias.shape) / 4)
        parameters.append(layer)
    logits = net(x)
    loss = functional.cross_entropy(logits, t)
    loss.backward()
    found = {"scores": flat(logits), "loss": loss.item()}
    for index, layer in enumerate(parameters):
        gradient = layer.weight.grad
        found[f"dW{index}"] = flat(gradient.T if isinstance(layer, nn.Linear) else gradient)
        if layer.bias is not None:
            found[f"db{index}"] = flat(layer.bias.grad)
    return found


KINDS = [
    ("conv", 36, convolution),
    ("transposed", 18, transposed),
    ("max", 20, lambda *a: pooling(*a, "max")),
    ("avg", 20, lambda *a: pooling(*a, "avg")),
    ("upsample", 8, enlarging),
    ("pad", 6, padding),
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
            line, _, case = draw(drawn, name, 1000 * len(cases) + 7)
            lines.append(line)
            cases[name] = case
    assert not drawn.missing(), f"never drawn: {drawn.missing()}; more cases, or another seed"
    cases["small"] = network(Small(), 11, (1, 12, 12), 3)
    cases["residual"] = network(Residual(), 12, (2, 6, 5), 2)
    cases["generator"] = network(Generator(), 13, (3,), 2)
    text = ",\n".join(f"{json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in cases.items())
    (HERE / "cases.json").write_text("{\n" + text + "\n}\n")
    head = "// Written by make_cases.py: name, seed, samples: shape -> layer -> shape.\n"
    listed = "".join(f'    ("{LAYERS[name.split("_")[0]]}", {name}),\n' for name in cases if name.split("_")[0] in LAYERS)
    every = f"\n/// Each by its kind of layer.\npub(crate) const ALL: &[(&str, fn())] = &[\n{listed}];\n"
    (HERE / "cases.rs").write_text(head + "\n".join(lines) + "\n" + every)

    head = "// Written by make_cases.py: for each kind of layer seed, samples: shape -> shape, layer.\n"
    text = ""
    for kind, _, draw in KINDS:
        shapes = [draw(drawn, "", index)[1] for index in range(SHAPES)]
        text += f"pub(crate) fn {kind}() {{\n" + "".join(f"    {shape}\n" for shape in shapes) + "}\n"
    (HERE / "shapes.rs").write_text(head + text)


if __name__ == "__main__":
    main()
