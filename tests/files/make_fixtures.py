"""Writes files of parameters as Python programs write them, and what PyTorch computes with them, into fixtures/.

    pip install numpy safetensors torch
    python make_fixtures.py

The committed files were made with NumPy 2.4, safetensors 0.8 and PyTorch 2.15.
"""

import json
from pathlib import Path

import numpy as np
import safetensors.numpy
import safetensors.torch
import torch

FIXTURES = Path(__file__).parent / "fixtures"


def main():
    FIXTURES.mkdir(exist_ok=True)
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
    state = {key: tensor.detach() for key, tensor in model.state_dict().items()}
    safetensors.torch.save_file(state, FIXTURES / "torch.safetensors", metadata={"format": "pt"})

    # The same as our layers have it: W is [inputs, outputs].
    ours = {
        "affine1.W": np.ascontiguousarray(state["0.weight"].numpy().T),
        "affine1.b": state["0.bias"].numpy(),
        "affine2.W": np.ascontiguousarray(state["2.weight"].numpy().T),
        "affine2.b": state["2.bias"].numpy(),
    }
    doubles = {key: array.astype(np.float64) / 3 for key, array in ours.items()}
    safetensors.numpy.save_file(ours, FIXTURES / "numpy.safetensors")
    safetensors.numpy.save_file(doubles, FIXTURES / "doubles.safetensors")
    np.savez(FIXTURES / "savez.npz", **ours)
    np.savez_compressed(FIXTURES / "compressed.npz", **ours)
    np.savez(FIXTURES / "doubles.npz", **doubles)
    # Transposes are stored column by column: "fortran_order".
    np.savez(FIXTURES / "columns.npz", **{key: np.asfortranarray(array) for key, array in ours.items()})

    # A thousand times as large when it is unpacked.
    np.savez_compressed(FIXTURES / "zeros.npz", **{"affine1.b": np.zeros(2_500_000, np.float32)})

    # Data of several types, in several orders.
    pixels = np.arange(18, dtype=np.uint8).reshape(3, 2, 3)
    np.save(FIXTURES / "pixels.npy", pixels)
    np.savez_compressed(
        FIXTURES / "data.npz",
        pixels=pixels,
        columns=np.asfortranarray(pixels.astype(np.float64) / 4),
        reversed=pixels.astype(">i2") - 5,
        labels=np.array([2, 0, 1]),
        negative=np.array([2, -1, 1]),
        truths=np.array([True, False, True]),
        gaps=np.array([[1.0, np.nan], [2.0, np.inf]], np.float32),
        names=np.array(["a", "b"]),
    )

    x = torch.randn(5, 3)
    with torch.no_grad():
        y = model(x)
        precise = model.double()(x.double())
    numbers = {
        "x": x.tolist(),
        "y": y.tolist(),
        "precise": precise.tolist(),
        "ours": {key: array.flatten().tolist() for key, array in ours.items()},
        "doubles": {key: array.flatten().tolist() for key, array in doubles.items()},
    }
    (FIXTURES / "numbers.json").write_text(json.dumps(numbers))


main()
