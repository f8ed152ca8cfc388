"""Reads with NumPy and safetensors what `exchange write` writes, and writes what `exchange read` reads.

    python exchange.py path/to/exchange
"""

import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import safetensors
from safetensors.numpy import load_file, save_file

SHAPES = {"affine1.W": (3, 4), "affine1.b": (4,), "last.W": (4, 2), "last.b": (2,)}
STRANGE = np.array([0x7FC01234, 0x7F800000, 0x80000000, 1], np.uint32).view(np.float32)


def numbers(dtype, shapes=SHAPES):
    arrays = {}
    for index, (key, shape) in enumerate(shapes.items()):
        arrays[key] = (1000 * index + np.arange(np.prod(shape)) + 0.25).reshape(shape).astype(dtype)
    return arrays


def singles():
    return numbers(np.float32) | {"affine1.b": STRANGE}


def torch():
    """Under the keys of a Sequential, and transposed."""
    ours = singles()
    return {
        "0.weight": np.ascontiguousarray(ours["affine1.W"].T),
        "0.bias": ours["affine1.b"],
        "2.weight": np.ascontiguousarray(ours["last.W"].T),
        "2.bias": ours["last.b"],
    }


NORMED = {
    "affine1.W": (3, 4),
    "affine1.b": (4,),
    "batch_norm1.gamma": (4,),
    "batch_norm1.beta": (4,),
    "batch_norm1.running_mean": (4,),
    "batch_norm1.running_var": (4,),
    "affine2.W": (4, 2),
    "affine2.b": (2,),
}


def normed():
    return numbers(np.float32, NORMED)


def normed_in_torch():
    """Under the keys of a Sequential of Linear, BatchNorm1d and Linear."""
    ours = normed()
    return {
        "0.weight": np.ascontiguousarray(ours["affine1.W"].T),
        "0.bias": ours["affine1.b"],
        "1.weight": ours["batch_norm1.gamma"],
        "1.bias": ours["batch_norm1.beta"],
        "1.running_mean": ours["batch_norm1.running_mean"],
        "1.running_var": ours["batch_norm1.running_var"],
        "2.weight": np.ascontiguousarray(ours["affine2.W"].T),
        "2.bias": ours["affine2.b"],
    }


def check(name, found, expected):
    found = dict(found)
    assert found.keys() == expected.keys(), (name, found.keys())
    for key, array in expected.items():
        assert found[key].dtype == array.dtype and found[key].shape == array.shape, (name, key, found[key])
        # Bytes, because no NaN is equal to another.
        assert found[key].tobytes() == array.tobytes(), (name, key, found[key], array)


def read(folder):
    check("singles.safetensors", load_file(folder / "singles.safetensors"), singles())
    check("singles.npz", np.load(folder / "singles.npz"), singles())
    check("torch.safetensors", load_file(folder / "torch.safetensors"), torch())
    check("doubles.safetensors", load_file(folder / "doubles.safetensors"), numbers(np.float64))
    check("doubles.npz", np.load(folder / "doubles.npz"), numbers(np.float64))
    check("normed.safetensors", load_file(folder / "normed.safetensors"), normed())
    check("normed_torch.safetensors", load_file(folder / "normed_torch.safetensors"), normed_in_torch())
    with safetensors.safe_open(folder / "singles.safetensors", "np") as file:
        assert file.metadata()["network"] == "Exchange", file.metadata()

    newest = sorted((folder / "checkpoints").iterdir())[-1]
    with safetensors.safe_open(newest, "np") as file:
        assert newest.name == "step-0000000002.safetensors", newest
        assert file.metadata()["steps"] == "2", file.metadata()
        # A learning rate of 0: the parameters are as they were.
        check(newest.name, {key: file.get_tensor(key) for key in SHAPES}, numbers(np.float32))
        assert file.get_tensor("optimizer/t") == 2 and file.get_tensor("optimizer/m").shape == (26,)
    content = newest.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    assert json.loads(content[8 : 8 + length])["__metadata__"]["checkpoint"] == "1"


def write(folder):
    save_file(singles(), folder / "singles.safetensors")
    save_file(torch(), folder / "torch.safetensors")
    save_file(numbers(np.float64), folder / "doubles.safetensors", metadata={"by": "Python"})
    save_file(normed(), folder / "normed.safetensors")
    counted = {"1.num_batches_tracked": np.array(3, np.int64)}
    save_file(normed_in_torch() | counted, folder / "normed_torch.safetensors")
    np.savez(folder / "singles.npz", **singles())
    np.savez_compressed(folder / "compressed.npz", **singles())
    np.savez(folder / "columns.npz", **{key: np.asfortranarray(array) for key, array in singles().items()})
    np.savez(folder / "doubles.npz", **numbers(np.float64))


def main():
    (program,) = sys.argv[1:]
    with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as theirs:
        subprocess.run([program, "write", ours], check=True)
        read(Path(ours))
        write(Path(theirs))
        subprocess.run([program, "read", theirs], check=True)
    print(f"files of safetensors {safetensors.__version__} and NumPy {np.__version__} are read here, and ours there")


main()
