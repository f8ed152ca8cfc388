"""The jobs in PyTorch, on the CPU; with `--compile` through torch.compile."""

import copy
import os
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

sys.path.append(str(Path(__file__).parents[1] / "common"))
import jobs

COMPILE = "--compile" in sys.argv
PEER = "torch-compile" if COMPILE else "torch"
# The first call compiles; the next ones settle which version is used.
WARM_UP = 5

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def linear(W, b):
    """PyTorch keeps W transposed."""
    layer = nn.Linear(*W.shape)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(W.T))
        layer.bias.copy_(torch.from_numpy(b))
    return layer


def network(activation):
    first, *others = [linear(W, b) for W, b in jobs.weights()]
    layers = [first]
    for layer in others:
        layers += [activation(), layer]
    return nn.Sequential(*layers)


def images():
    layers = [nn.Unflatten(1, (1, 28, 28))]
    for W, b in jobs.convolutions():
        layer = nn.Conv2d(W.shape[1], W.shape[0], W.shape[2:])
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(W))
            layer.bias.copy_(torch.from_numpy(b))
        layers += [layer, nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), linear(*jobs.weights()[0]))


def train(net, optimizer, loss, data, numpy_loss):
    x, t = map(torch.from_numpy, data)
    batches = jobs.batches(len(x))

    def loss_of(x, t):
        return loss(net(x), t)

    loss_of_batch = torch.compile(loss_of) if COMPILE else loss_of
    update = torch.compile(lambda: optimizer.step()) if COMPILE else optimizer.step

    def step(index):
        batch = batches[index % len(batches)]
        optimizer.zero_grad(set_to_none=True)
        loss_of_batch(x[batch], t[batch]).backward()
        update()

    if COMPILE:
        initial = copy.deepcopy(net.state_dict())
        for index in range(WARM_UP):
            step(index)
        # Back to the beginning, in place: what is compiled holds on to these tensors.
        with torch.no_grad():
            for name, value in net.state_dict().items():
                value.copy_(initial[name])
        for state in optimizer.state.values():
            for value in state.values():
                value.zero_()

    times = jobs.timed(jobs.STEPS, step)
    with torch.inference_mode():
        scores = net(x[: jobs.EVALUATED]).numpy()
    jobs.report(PEER, times, jobs.flops(jobs.BATCH), numpy_loss(scores, data[1][: jobs.EVALUATED]))


def infer(net):
    net.eval()
    compiled = torch.compile(net) if COMPILE else net
    with torch.inference_mode():
        jobs.inference(PEER, lambda x: compiled(torch.from_numpy(x)))


if jobs.JOB == "c":
    infer(network(nn.ReLU))
elif jobs.JOB == "d":
    net = network(nn.Tanh)
    adam = torch.optim.Adam(net.parameters(), lr=0.001)
    train(net, adam, functional.mse_loss, jobs.matrices(), jobs.mean_squared_error)
else:
    net = images() if jobs.JOB == "f" else network(nn.ReLU)
    if jobs.JOB == "b":
        optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
    else:
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    train(net, optimizer, functional.cross_entropy, jobs.digits(), jobs.mean_loss)
