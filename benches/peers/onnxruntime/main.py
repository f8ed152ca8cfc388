"""Job c in ONNX Runtime."""

import os
import sys
from pathlib import Path

import onnxruntime
from onnx import TensorProto, helper, numpy_helper

sys.path.append(str(Path(__file__).parents[1] / "common"))
import jobs

PEER = "onnxruntime"


def model():
    weights = [
        numpy_helper.from_array(array, f"{symbol}{layer}")
        for layer, pair in enumerate(jobs.weights(), start=1)
        for symbol, array in zip("Wb", pair)
    ]
    nodes = [
        helper.make_node("Gemm", ["x", "W1", "b1"], ["affine1"]),
        helper.make_node("Relu", ["affine1"], ["relu1"]),
        helper.make_node("Gemm", ["relu1", "W2", "b2"], ["scores"]),
    ]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 784])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["N", 10])
    graph = helper.make_graph(nodes, "job_c", [x], [scores], weights)
    # Versions that every ONNX Runtime of these years reads.
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


if jobs.JOB != "c":
    sys.exit("ONNX Runtime does job c only")
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(model().SerializeToString(), options, providers=["CPUExecutionProvider"])
jobs.inference(PEER, lambda x: session.run(None, {"x": x})[0])
