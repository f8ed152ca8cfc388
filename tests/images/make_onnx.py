"""Converts the ONNX operator tests that layers of images can do: onnx.json holds their numbers, onnx_cases.rs the layers.

    pip install onnx==1.22.0
    python make_onnx.py

1.22.0 is the last version that ships them as files. Left out are dilated pooling, a case whose numbers are rounded to four digits, and what is not about images of rows and columns.
Of large images there is only the first channel: pooling does the same to all of them.
"""

import json
from pathlib import Path

import onnx
from onnx import numpy_helper

HERE = Path(__file__).parent
DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"
LARGE = 1000

NODE = """
    basic_conv_with_padding basic_conv_without_padding conv_with_autopad_same conv_with_strides_and_asymmetric_padding
    conv_with_strides_no_padding conv_with_strides_padding
    convtranspose convtranspose_autopad_same convtranspose_dilations convtranspose_group_2 convtranspose_group_2_image_3
    convtranspose_kernel_shape convtranspose_output_shape convtranspose_pad convtranspose_pads
    maxpool_2d_ceil maxpool_2d_ceil_output_size_reduce_by_one maxpool_2d_default maxpool_2d_pads maxpool_2d_precomputed_pads
    maxpool_2d_precomputed_same_upper maxpool_2d_precomputed_strides maxpool_2d_same_lower maxpool_2d_same_upper maxpool_2d_strides
    averagepool_2d_ceil averagepool_2d_default averagepool_2d_pads
    averagepool_2d_pads_count_include_pad averagepool_2d_precomputed_pads averagepool_2d_precomputed_pads_count_include_pad
    averagepool_2d_precomputed_same_upper averagepool_2d_precomputed_strides averagepool_2d_same_lower averagepool_2d_same_upper
    averagepool_2d_strides globalaveragepool globalaveragepool_precomputed
    constant_pad constant_pad_axes constant_pad_negative_axes
    resize_upsample_scales_linear resize_upsample_scales_nearest upsample_nearest
    flatten_axis1 flatten_default_axis reshape_reduced_dims
""".split()
CONVERTED = """
    Conv2d Conv2d_depthwise Conv2d_depthwise_padded Conv2d_depthwise_strided Conv2d_depthwise_with_multiplier Conv2d_dilated
    Conv2d_groups Conv2d_groups_thnn Conv2d_no_bias Conv2d_padding Conv2d_strided ConvTranspose2d ConvTranspose2d_no_bias
    MaxPool2d AvgPool2d AvgPool2d_stride
""".split()


def tensors(folder, kind):
    for path in sorted(folder.glob(f"test_data_set_0/{kind}_*.pb")):
        tensor = onnx.TensorProto()
        tensor.ParseFromString(path.read_bytes())
        yield numpy_helper.to_array(tensor)


def pair(sizes):
    return str(sizes[0]) if sizes[0] == sizes[1] else f"({sizes[0]}, {sizes[1]})"


def windows(attributes, image, kernel, out, transposed=False, counts=None):
    """The options of windows on an image, given what comes out."""
    strides = list(attributes.get("strides", [1, 1]))
    dilations = list(attributes.get("dilations", [1, 1]))
    reach = [d * (k - 1) + 1 for d, k in zip(dilations, kernel)]
    auto = attributes.get("auto_pad", b"NOTSET").decode()
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    sides = [[top, bottom], [left, right]]
    options = [f"stride = {pair(strides)}"]
    if dilations != [1, 1]:
        options.append(f"dilation = {pair(dilations)}")
    if transposed:
        more = [o - ((i - 1) * s + r - sum(p)) for o, i, s, r, p in zip(out, image, strides, reach, sides)]
        # What is too much is cut off: below and to the right.
        sides = [[a, b + max(-m, 0)] for (a, b), m in zip(sides, more)]
        more = [max(m, 0) for m in more]
        if more != [0, 0]:
            options.append(f"output_padding = {pair(more)}")
    elif auto == "SAME_UPPER":
        return [*options, "padding = same"]
    else:
        need = [(o - 1) * s + r - i for o, s, r, i in zip(out, strides, reach, image)]
        if auto == "SAME_LOWER":
            sides = [[n - n // 2, n // 2] for n in need]
        elif attributes.get("ceil_mode"):
            # The last windows reach over the end.
            sides = [[a, max(b, n - a)] for (a, b), n in zip(sides, need)]
        if any(n < sum(p) for n, p in zip(need, sides)):
            options.append("floor = true")
    if sides != [[0, 0], [0, 0]]:
        (top, bottom), (left, right) = sides
        options.append(f"padding = (({top}, {bottom}), ({left}, {right}))")
    return options


def convert(folder):
    """The layer, its input, its parameters and its output."""
    model = onnx.load(folder / "model.onnx")
    (node,) = model.graph.node
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    x, *others = tensors(folder, "input")
    (y,) = tensors(folder, "output")
    others += [numpy_helper.to_array(tensor) for tensor in model.graph.initializer]
    parameters = {}
    if node.op_type in ("Conv", "ConvTranspose"):
        transposed = node.op_type == "ConvTranspose"
        parameters = dict(zip(["W", "b"], others))
        kernel = others[0].shape[2:]
        options = windows(attributes, x.shape[2:], kernel, y.shape[2:], transposed)
        options.append(f"groups = {attributes.get('group', 1)}")
        options.append(f"bias = {str(len(others) > 1).lower()}")
        arguments = [str(y.shape[1]), pair(kernel), *options]
        return f"{'ConvTranspose2d' if transposed else 'Conv2d'}({', '.join(arguments)})", x, parameters, y
    if node.op_type in ("MaxPool", "AveragePool"):
        if x.size > LARGE:
            x, y = x[:, :1], y[:, :1]
        kernel = attributes["kernel_shape"]
        options = windows(attributes, x.shape[2:], kernel, y.shape[2:])
        if node.op_type == "AveragePool":
            options.append(f"count_include_pad = {str(bool(attributes.get('count_include_pad', 0))).lower()}")
        name = "MaxPool2d" if node.op_type == "MaxPool" else "AvgPool2d"
        return f"{name}({', '.join([pair(kernel), *options])})", x, parameters, y
    if node.op_type == "GlobalAveragePool":
        return "GlobalAvgPool", x, parameters, y
    if node.op_type == "Pad":
        pads, value, *axes = others
        sides = {axis: (0, 0) for axis in range(4)}
        axes = axes[0] if axes else range(4)
        for index, axis in enumerate(axes):
            sides[int(axis) % 4] = (int(pads[index]), int(pads[index + len(axes)]))
        assert sides[0] == sides[1] == (0, 0)
        return f"Pad(({sides[2]}, {sides[3]}), value = {float(value)})", x, parameters, y
    if node.op_type in ("Resize", "Upsample"):
        factors = [out // size for out, size in zip(y.shape[2:], x.shape[2:])]
        mode = {b"nearest": "nearest", b"linear": "bilinear"}[attributes["mode"]]
        return f"Upsample({pair(factors)}, mode = {mode})", x, parameters, y
    if node.op_type == "Flatten":
        return "Flatten", x, parameters, y
    return f"Reshape({', '.join(map(str, y.shape[1:]))})", x, parameters, y


def flat(array):
    return [float(f"{number:.9g}") for number in array.flatten().tolist()]


cases, lines = {}, []
for folder in [*(DATA / "node" / f"test_{name}" for name in NODE), *(DATA / "pytorch-converted" / f"test_{name}" for name in CONVERTED)]:
    name = folder.name.removeprefix("test_").lower()
    name = f"converted_{name}" if folder.parent.name == "pytorch-converted" else name
    layer, x, parameters, y = convert(folder)
    cases[name] = {"x": flat(x), **{symbol: flat(array) for symbol, array in parameters.items()}, "y": flat(y)}
    shape = ", ".join(map(str, x.shape[1:]))
    lines.append(f"case!({name}, [{shape}] -> {layer}{''.join(f', {symbol}' for symbol in parameters)});")
text = ",\n".join(f"{json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in cases.items())
(HERE / "onnx.json").write_text("{\n" + text + "\n}\n")
head = "// Written by make_onnx.py: name, shape -> layer, its parameters.\n"
listed = "".join(f'    ("{line.split(" -> ")[1].split("(")[0].split(")")[0]}", {name}),\n' for name, line in zip(cases, lines))
every = f"\n/// Each by its kind of layer.\npub(crate) const ALL: &[(&str, fn())] = &[\n{listed}];\n"
(HERE / "onnx_cases.rs").write_text(head + "\n".join(lines) + "\n" + every)
