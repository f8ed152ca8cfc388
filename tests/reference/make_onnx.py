"""Writes fixtures/onnx.json: the operator tests that ONNX ships for layers and losses other than those of images.

    pip install onnx==1.22.0
    python make_onnx.py

Version 1.22.0 is the last that ships them as files. A case says the sizes of a sample and the options as they are here: what an axis
is in a batch is one less in a sample, and a batch whose first axis an operator works along is one sample. Left out are cases of other
types of numbers than f32, of more than 10,000 numbers, of losses that are no mean, and what no layer here does (`Gemm` with factors, products of unequal depth).
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

HERE = Path(__file__).parent
DATA = Path(onnx.__file__).parent / "backend/test/data"
ACTIVATIONS = {
    "Relu": "relu",
    "Sigmoid": "sigmoid sigmoid_example",
    "Tanh": "tanh tanh_example",
    "LeakyRelu": "leakyrelu leakyrelu_default leakyrelu_example",
    "Elu": "elu elu_default elu_example",
    "PRelu": "prelu_example prelu_broadcast",
    "Selu": "selu_default",
    "Softplus": "softplus softplus_example",
    "Gelu": "gelu_default_1 gelu_default_2 gelu_tanh_1 gelu_tanh_2",
    "Silu": "swish",
    "HardSwish": "hardswish",
    "Softmax": "softmax_axis_0 softmax_axis_1 softmax_axis_2 softmax_default_axis softmax_example softmax_large_number softmax_negative_axis",
    "LogSoftmax": "logsoftmax_axis_0 logsoftmax_axis_1 logsoftmax_axis_2 logsoftmax_default_axis logsoftmax_example_1"
    " logsoftmax_large_number logsoftmax_negative_axis",
    "Identity": "identity",
    "Add": "add",
    "Mul": "mul mul_example",
    "Concat": "concat_1d_axis_0 concat_2d_axis_0 concat_2d_axis_1 concat_3d_axis_0 concat_3d_axis_1",
    "MatMulOfTwo": "matmul_2d matmul_3d",
    "Sum": "reduce_sum_do_not_keepdims_example reduce_sum_do_not_keepdims_random",
    "NegativeLogLikelihood": "nllloss_NCd1 nllloss_NCd1_ii nllloss_NCd1_mean_weight_negative_ii nllloss_NCd1_weight"
    " nllloss_NCd1_weight_ii nllloss_NCd1d2_no_weight_reduction_mean_ii nllloss_NCd1d2_reduction_mean"
    " nllloss_NCd1d2_with_weight_reduction_mean",
    "SoftmaxWithLoss": "sce_mean sce_mean_3d sce_mean_no_weight_ii sce_mean_no_weight_ii_3d sce_mean_no_weight_ii_4d sce_mean_weight"
    " sce_mean_weight_ii sce_mean_weight_ii_3d sce_mean_weight_ii_4d sce_NCd1_mean_weight_negative_ii",
}
CONVERTED = {
    "Relu": "ReLU",
    "Sigmoid": "Sigmoid",
    "Tanh": "Tanh",
    "LeakyRelu": "LeakyReLU LeakyReLU_with_negval",
    "Elu": "ELU",
    "PRelu": "PReLU_1d PReLU_1d_multiparam PReLU_2d PReLU_2d_multiparam PReLU_3d PReLU_3d_multiparam",
    "Selu": "SELU",
    "Softplus": "Softplus",
    "Softmax": "Softmax softmax_functional_dim3 softmax_lastdim",
    "LogSoftmax": "LogSoftmax log_softmax_dim3 log_softmax_lastdim",
    "Affine": "Linear",
    "MatMul": "Linear_no_bias",
}


def tensors(folder, kind):
    for number in range(len(list(folder.glob(f"test_data_set_0/{kind}_*.pb")))):
        tensor = onnx.TensorProto()
        tensor.ParseFromString((folder / f"test_data_set_0/{kind}_{number}.pb").read_bytes())
        yield numpy_helper.to_array(tensor)


def flat(array):
    return [float(f"{number:.9g}") for number in np.asarray(array).flatten().tolist()]


def rows(x):
    """[N, C, …] as rows of C."""
    return np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])


def convert(kind, folder):
    model = onnx.load(folder / "model.onnx")
    node = model.graph.node[-1]
    options = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    inputs = [*tensors(folder, "input"), *(numpy_helper.to_array(tensor) for tensor in model.graph.initializer)]
    y = next(tensors(folder, "output"))
    x = inputs[0]
    assert x.dtype == np.float32, (kind, folder)
    # A batch of numbers, unless something says otherwise.
    case = {"x": x, "y": y}
    if kind in ("NegativeLogLikelihood", "SoftmaxWithLoss"):
        assert options.get("reduction", b"mean") == b"mean", folder
        case = {"shape": [x.shape[1]], "x": rows(x), "labels": [int(label) for label in inputs[1].flatten()], "y": y}
        if len(inputs) > 2:
            case["weights"] = inputs[2]
        if "ignore_index" in options:
            case["ignore"] = options["ignore_index"]
    elif kind in ("Softmax", "LogSoftmax"):
        axis = options.get("axis", -1) % x.ndim
        case["shape"], case["axis"] = list(x.shape), axis
    elif kind == "LeakyRelu" or kind == "Elu":
        case["alpha"] = options.get("alpha", 0.01 if kind == "LeakyRelu" else 1.0)
    elif kind == "Gelu":
        case["tanh"] = int(options.get("approximate", b"none") == b"tanh")
    elif kind == "Silu":
        assert options.get("alpha", 1.0) == 1.0
    elif kind == "PRelu":
        slopes = np.broadcast_to(inputs[1], x.shape) if inputs[1].size not in (1, x.shape[1]) or inputs[1].shape == x.shape else None
        if slopes is None and inputs[1].size == x.shape[1] and x.shape[1] > 1:
            case["shape"], case["alpha"] = list(x.shape[1:]), inputs[1]
        elif slopes is None:
            case["shape"], case["alpha"] = [x.size], inputs[1]
        else:
            # A slope for each number: of a vector of all of them.
            case["shape"], case["alpha"] = [x.size], slopes
    elif kind in ("Add", "Mul"):
        case["x2"] = inputs[1]
    elif kind == "Concat":
        # In rows along the axis.
        axis = options["axis"] % x.ndim
        n = int(np.prod(x.shape[:axis]))
        case |= {"x2": inputs[1], "samples": n}
    elif kind == "MatMulOfTwo":
        case["shape"], case["x2"] = [*x.shape[-2:], y.shape[-1]], inputs[1]
    elif kind == "Sum":
        assert [int(axis) for axis in inputs[1]] == [1], folder
        case["shape"] = list(x.shape[1:])
    elif kind in ("Affine", "MatMul"):
        weights = [tensor for tensor in inputs[1:] if tensor.ndim == 2][0]
        weights = weights.T if weights.shape[0] != x.shape[-1] or options.get("transB") else weights
        case["shape"], case["W"] = list(weights.shape), weights
        biases = [tensor for tensor in inputs[1:] if tensor.ndim == 1]
        if kind == "Affine":
            case["b"] = biases[0]
    lists = ("x", "x2", "y", "W", "b", "alpha", "weights")
    return {name: flat(value) if name in lists and np.ndim(value) or name == "y" else value for name, value in case.items()}


cases = {}
for source, folder in [(ACTIVATIONS, "node"), (CONVERTED, "pytorch-converted")]:
    for kind, names in source.items():
        for name in names.split():
            cases[f"{kind} {name}"] = convert(kind, DATA / folder / f"test_{name}")
text = ",\n".join(f"{json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in cases.items())
(HERE / "fixtures/onnx.json").write_text("{\n" + text + "\n}\n")
