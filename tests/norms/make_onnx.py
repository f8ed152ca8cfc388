"""Converts the ONNX operator tests that layers which normalise can do: onnx.json holds their numbers, onnx_cases.rs the layers.

    pip install onnx==1.22.0
    python make_onnx.py

1.22.0 is the last version that ships them as files. Left out is what normalises over the samples of a batch too, axis 0 there, and what
says the same once more: other names of an axis, and the same computation in single operators.
"""

import json
import re
from pathlib import Path

import onnx
from onnx import numpy_helper

HERE = Path(__file__).parent
DATA = Path(onnx.__file__).parent / "backend" / "test" / "data" / "node"

NODE = """
    layer_normalization_2d_axis1 layer_normalization_2d_axis_negative_1 layer_normalization_3d_axis1_epsilon
    layer_normalization_3d_axis2_epsilon layer_normalization_4d_axis1 layer_normalization_4d_axis2 layer_normalization_4d_axis3
    layer_normalization_4d_axis_negative_2 layer_normalization_default_axis
    rms_normalization_2d_axis1 rms_normalization_2d_axis_negative_1 rms_normalization_3d_axis1_epsilon
    rms_normalization_3d_axis2_epsilon rms_normalization_4d_axis1 rms_normalization_4d_axis2 rms_normalization_4d_axis3
    rms_normalization_4d_axis_negative_2 rms_normalization_default_axis
    group_normalization_example group_normalization_epsilon instancenorm_example instancenorm_epsilon
    batchnorm_example batchnorm_epsilon batchnorm_example_training_mode batchnorm_epsilon_training_mode
""".split()
NAMES = {"LayerNormalization": "LayerNorm", "RMSNormalization": "RmsNorm", "GroupNormalization": "GroupNorm", "InstanceNormalization": "GroupNorm", "BatchNormalization": "BatchNorm"}


def tensors(folder, kind):
    for path in sorted(folder.glob(f"test_data_set_0/{kind}_*.pb"), key=lambda path: int(path.stem.split("_")[1])):
        tensor = onnx.TensorProto()
        tensor.ParseFromString(path.read_bytes())
        yield numpy_helper.to_array(tensor)


def flat(array):
    return [float(f"{number:.9g}") for number in array.flatten().tolist()]


cases, lines = {}, []
for name in NODE:
    folder = DATA / f"test_{name}"
    (node,) = onnx.load(folder / "model.onnx").graph.node
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    x, *parameters = tensors(folder, "input")
    y = next(iter(tensors(folder, "output")))
    rank = x.ndim
    arguments = []
    if node.op_type == "GroupNormalization":
        arguments.append(str(attributes["num_groups"]))
    elif node.op_type == "InstanceNormalization":
        arguments.append(str(x.shape[1]))
    elif node.op_type == "BatchNormalization":
        # Theirs move the running variance by one that is divided by M: only y is the same where it is trained.
        trains = attributes.get("training_mode", 0) == 1
    elif rank > 2:
        # Theirs count the samples of a batch.
        arguments.append(f"axis = {attributes.get('axis', -1) % rank - 1}")
    # A number of type float.
    arguments.append(f"eps = {float(format(attributes.get('epsilon', 1e-5), '.6g'))}")
    symbols = ["gamma", "beta", "running_mean", "running_var"][: len(parameters)]
    cases[name] = {"x": flat(x), **{symbol: flat(array) for symbol, array in zip(symbols, parameters)}, "y": flat(y)}
    shape = ", ".join(map(str, x.shape[1:]))
    kind = "trained" if node.op_type == "BatchNormalization" and trains else "case"
    lines.append(f"{kind}!({name}, [{shape}] -> {NAMES[node.op_type]}({', '.join(arguments)}), {', '.join(symbols)});")
text = ",\n".join(f"{json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in cases.items())
(HERE / "onnx.json").write_text("{\n" + text + "\n}\n")
head = "// Written by make_onnx.py: name, shape -> layer, its parameters.\n"
kinds = [re.match(r"\w+!\((\w+), .*?-> (\w+)", line).groups() for line in lines]
listed = "".join(f'    ("{kind}", {name}),\n' for name, kind in kinds)
every = f"\n/// Each by its kind of layer.\npub(crate) const ALL: &[(&str, fn())] = &[\n{listed}];\n"
(HERE / "onnx_cases.rs").write_text(head + "\n".join(lines) + "\n" + every)
