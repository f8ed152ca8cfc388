"""Reads with TensorBoard what `write_events` writes: a training that was killed has left the same as one that was not.

    python read_events.py path/to/write_events
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

TAGS = {"loss": "loss/training", "lr": "learning rate"}
EPOCH_TAGS = {"test_loss": "loss/test", "train_accuracy": "accuracy/training", "test_accuracy": "accuracy/test"}


def read(folder):
    # Without a limit on how many are kept.
    events = EventAccumulator(str(folder), {"scalars": 0, "histograms": 0})
    return events.Reload()


def expected(folder):
    scalars = {}
    for line in (folder / "log.jsonl").read_text().splitlines():
        record = json.loads(line)
        for key, tag in (TAGS if record["kind"] == "interval" else EPOCH_TAGS).items():
            scalars.setdefault(tag, []).append((record["step"], np.float32(record[key])))
    return scalars


def check_histogram(found, array):
    values = np.asarray(array, np.float64).ravel()
    counts, edges = np.histogram(values, 64)
    np.testing.assert_array_equal(found.bucket, counts)
    np.testing.assert_allclose(found.bucket_limit, edges[1:], rtol=1e-12, atol=1e-12)
    assert (found.min, found.max, found.num) == (values.min(), values.max(), values.size)
    np.testing.assert_allclose([found.sum, found.sum_squares], [values.sum(), (values**2).sum()], rtol=1e-12)


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        subprocess.run([program, folder], check=True)
        whole = expected(folder / "whole")
        assert [step for step, _ in whole["loss/test"]] == [8, 16, 24, 32, 40], whole
        assert [step for step, _ in whole["loss/training"]] == [8 * epoch + step for epoch in range(5) for step in (1, 4, 7)], whole
        for name in ["whole", "killed"]:
            events = read(folder / name / "board")
            tags = events.Tags()
            assert sorted(tags["scalars"]) == sorted(whole), tags
            for tag, scalars in whole.items():
                found = [(event.step, np.float32(event.value)) for event in events.Scalars(tag)]
                assert found == scalars, (name, tag, found, scalars)
            keys = ["affine1.W", "affine1.b", "affine2.W", "affine2.b"]
            kinds = [f"{kind}/{key}" for kind in ["gradients", "parameters"] for key in keys]
            assert sorted(tags["histograms"]) == kinds, tags
            initial, last = np.load(folder / "initial.npz"), np.load(folder / name / "parameters.npz")
            for key in keys:
                histograms = events.Histograms(f"parameters/{key}")
                # After every second epoch of five.
                assert [event.step for event in histograms] == [0, 16, 32], histograms
                assert histograms[2].histogram_value.num == initial[key].size
                if np.ptp(initial[key]) > 0:
                    check_histogram(histograms[0].histogram_value, initial[key])
                gradients = events.Histograms(f"gradients/{key}")
                assert [event.step for event in gradients] == [16, 32], gradients
            assert all(np.isfinite(last[key]).all() for key in keys)
    print("TensorBoard reads what was written")


main(sys.argv[1])
