"""What the Python peers share: arguments, data, time in blocks, and the line that is printed.

A peer is called as `main.py JOB STEPS FOLDER`: the job's letter, how many steps to take, and the folder that
`cargo run --release -p benches --bin job -- data FOLDER` wrote.
"""

import math
import sys
import time
from pathlib import Path

import numpy as np

JOB = sys.argv[1]
STEPS = int(sys.argv[2])
FOLDER = Path(sys.argv[3])

# Sizes of the affine layers, samples in a step.
NETWORKS = {
    "a": ([784, 50, 10], 100),
    "b": ([784, 512, 512, 10], 128),
    "c": ([784, 50, 10], 1),
    "d": ([4, 32, 16, 4], 10_000),
    "f": ([512, 10], 64),
}
SIZES, BATCH = NETWORKS[JOB]
# Of job f: the weights of each convolution, and the rows and columns of what it gives.
CONVOLUTIONS = [((16, 1, 5, 5), (24, 24)), ((32, 16, 5, 5), (8, 8))] if JOB == "f" else []
EVALUATED = 10_000
BLOCKS = 20


def numbers(name, *shape):
    return np.fromfile(FOLDER / f"{name}.f32", dtype="<f4").reshape(shape)


def digits():
    """Samples [60000, 784] and their classes [60000]."""
    return numbers("digits.x", -1, 784), np.fromfile(FOLDER / "digits.t.u8", dtype=np.uint8).astype(np.int64)


def matrices():
    """Samples and targets of job d, [10000, 4] both."""
    return numbers("matrices.x", -1, 4), numbers("matrices.t", -1, 4)


def weights():
    """(W [inputs, outputs], b [outputs]) of each layer, as they are before the first step; for job c as trained."""
    return [
        (numbers(f"{JOB}.affine{layer}.W", inputs, outputs), numbers(f"{JOB}.affine{layer}.b", outputs))
        for layer, (inputs, outputs) in enumerate(zip(SIZES, SIZES[1:]), start=1)
    ]


def convolutions():
    """(W [maps, channels, rows, columns], b [maps]) of each convolution, as they are before the first step."""
    return [
        (numbers(f"{JOB}.conv2d{layer}.W", *shape), numbers(f"{JOB}.conv2d{layer}.b", shape[0]))
        for layer, (shape, _) in enumerate(CONVOLUTIONS, start=1)
    ]


def batches(count):
    """The slice of samples of each step: in order, and from the beginning again once all are used."""
    starts = range(0, count - BATCH + 1, BATCH)
    return [slice(start, start + BATCH) for start in starts]


def timed(steps, step, finish=lambda: None, block=None):
    """Calls `step(0)`, `step(1)`, … and `finish()` at the end of each block; median and best microseconds per step.

    A peer that runs a whole block by one call gives the `block`'s length and gets every first index of a block.
    """
    stride = block or 1
    block = block or max(steps // BLOCKS, 1)
    times = []
    for first in range(0, steps - block + 1, block):
        start = time.perf_counter()
        for index in range(first, first + block, stride):
            step(index)
        finish()
        times.append((time.perf_counter() - start) * 1e6 / block)
    for index in range(steps - steps % block, steps, stride):
        step(index)
    times.sort()
    return times[len(times) // 2], times[0]


def mean_loss(scores, labels):
    """The mean over samples of ln Σ exp(score) less the score of the right class."""
    scores = np.asarray(scores, dtype=np.float64)
    scores -= scores.max(axis=1, keepdims=True)
    return (np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(scores)), labels[: len(scores)]]).mean()


def mean_squared_error(values, targets):
    return ((np.asarray(values, dtype=np.float64) - targets) ** 2).mean()


def flops(batch, step=True):
    """Of the matrix products: forward, and in a step the gradients of all weights and of all values but x."""
    layers = [math.prod(shape) * math.prod(places) for shape, places in CONVOLUTIONS]
    layers += [inputs * outputs for inputs, outputs in zip(SIZES, SIZES[1:])]
    return 2 * batch * (3 * sum(layers) - layers[0] if step else sum(layers))


def report(peer, times, flops, final_loss, job=JOB):
    median, best = times
    print(
        f"JOB {job} peer={peer} us_per_step={median:.3f} gflops={flops / median / 1e3:.2f} "
        f"final_loss={final_loss:.5f} best_us={best:.3f}"
    )


def inference(peer, scores_of):
    """Job c: `scores_of(x)` returns the scores [N, 10] of x [N, 784], as an array of NumPy's or the framework's."""
    x, t = digits()
    for job, batch, calls in (("c1", 1, STEPS), ("c1000", 1000, max(STEPS // 1000, 100))):
        inputs = [x[first : first + batch].copy() for first in range(0, 1000, batch)]
        scores = np.concatenate([np.asarray(scores_of(x)) for x in inputs])
        times = timed(calls, lambda index: scores_of(inputs[index % len(inputs)]))
        report(peer, times, flops(batch, step=False), mean_loss(scores, t), job)
