"""The jobs in JAX, compiled, a block of steps in one call."""

import os
import sys
from functools import partial
from pathlib import Path

os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np

sys.path.append(str(Path(__file__).parents[1] / "common"))
import jobs

PEER = "jax"


def predict(params, x, activation):
    *hidden, (W, b) = params
    for W_hidden, b_hidden in hidden:
        x = activation(x @ W_hidden + b_hidden)
    return x @ W + b


def predict_images(params, x):
    convolutions, affine = params
    x = x.reshape(-1, 1, 28, 28)
    for W, b in convolutions:
        x = jax.lax.conv_general_dilated(x, W, (1, 1), "VALID") + b[:, None, None]
        x = jax.lax.reduce_window(jax.nn.relu(x), -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
    return predict(affine, x.reshape(len(x), -1), None)


def cross_entropy(scores, t):
    return -jnp.take_along_axis(jax.nn.log_softmax(scores), t[:, None], axis=1).mean()


def squared_error(values, t):
    return jnp.mean((values - t) ** 2)


def sgd(params, gradient, state):
    return jax.tree.map(lambda p, g: p - 0.1 * g, params, gradient), state


def adam(params, gradient, state):
    m, v, t = state
    t = t + 1
    m = jax.tree.map(lambda m, g: m + 0.1 * (g - m), m, gradient)
    v = jax.tree.map(lambda v, g: v + 0.001 * (g * g - v), v, gradient)

    def update(p, m, v):
        return p - 0.001 * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8)

    return jax.tree.map(update, params, m, v), (m, v, t)


def train(scores_of, weights, loss, optimizer, data, numpy_loss):
    x, t = map(jnp.asarray, data)
    params = jax.tree.map(jnp.asarray, weights)
    zeros = partial(jax.tree.map, jnp.zeros_like)
    # Inside of a loop XLA computes convolutions many times as slowly.
    block = 1 if jobs.JOB == "f" else max(jobs.STEPS // jobs.BLOCKS, 1)
    batches = len(x) // jobs.BATCH

    def step(carry, index, x, t):
        params, state = carry
        first = index % batches * jobs.BATCH
        x = jax.lax.dynamic_slice_in_dim(x, first, jobs.BATCH)
        t = jax.lax.dynamic_slice_in_dim(t, first, jobs.BATCH)
        gradient = jax.grad(lambda p: loss(scores_of(p, x), t))(params)
        return optimizer(params, gradient, state), None

    @partial(jax.jit, donate_argnums=0)
    def run_block(carry, first, x, t):
        if block == 1:
            return step(carry, first, x, t)[0]
        return jax.lax.scan(lambda carry, i: step(carry, i, x, t), carry, first + jnp.arange(block))[0]

    def fresh():
        return jax.tree.map(jnp.copy, (params, (zeros(params), zeros(params), jnp.zeros(()))))

    # The first call compiles.
    jax.block_until_ready(run_block(fresh(), 0, x, t))
    carry = fresh()

    def step_block(first):
        nonlocal carry
        carry = jax.block_until_ready(run_block(carry, first, x, t))

    # Whole blocks only.
    times = jobs.timed(jobs.STEPS - jobs.STEPS % block, step_block, block=block)
    scores = np.asarray(scores_of(carry[0], x[: jobs.EVALUATED]))
    jobs.report(PEER, times, jobs.flops(jobs.BATCH), numpy_loss(scores, data[1][: jobs.EVALUATED]))


if jobs.JOB == "c":
    params = jax.tree.map(jnp.asarray, jobs.weights())
    scores = jax.jit(lambda x: predict(params, x, jax.nn.relu))
    jobs.inference(PEER, lambda x: scores(x).block_until_ready())
elif jobs.JOB == "d":
    tanh = partial(predict, activation=jnp.tanh)
    train(tanh, jobs.weights(), squared_error, adam, jobs.matrices(), jobs.mean_squared_error)
elif jobs.JOB == "f":
    weights = (jobs.convolutions(), jobs.weights())
    train(predict_images, weights, cross_entropy, sgd, jobs.digits(), jobs.mean_loss)
else:
    optimizer = sgd if jobs.JOB == "a" else adam
    relu = partial(predict, activation=jax.nn.relu)
    train(relu, jobs.weights(), cross_entropy, optimizer, jobs.digits(), jobs.mean_loss)
