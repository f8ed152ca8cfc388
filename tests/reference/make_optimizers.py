"""Writes fixtures/optimizers_torch.json and fixtures/schedules_torch.json: paths of optimizers and rates of schedules.

    pip install torch optax
    python make_optimizers.py --seed 1

The committed files were made with PyTorch 2.15 and optax 0.2.8. All arithmetic is float64. Optimizers and schedules are those of
`torch.optim`, and Lion, which is not among them, is optax's. Options are drawn at random: each is either given, and then in the
file, or left to its default, so that defaults are compared too.

Starts and gradients are multiples of 1/1024, none of them zero: the same numbers in float32, in float64 and in the file.
"""

import argparse
import math
import random
import warnings
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch

from make_fixtures import write

jax.config.update("jax_enable_x64", True)
# Else PyTorch keeps what it counts and multiplies between steps in float32.
torch.set_default_dtype(torch.float64)
warnings.filterwarnings("ignore", message=".*lr_scheduler.step.*")
warnings.filterwarnings("ignore", message=".*epoch parameter.*")

STEPS = 25
SHOWN = [1, 2, 6, 12, 25]
# From this step on another rate, where one is given.
CHANGE = 10
CASES = 12


def rounded(value, digits=3):
    """With few digits, so that the file is short."""
    return float(f"{value:.{digits}g}")


class Options:
    """Draws the options of a case, and keeps those that were given."""

    def __init__(self, rng):
        self.rng = rng
        self.given = {}

    def always(self, name, low, high):
        self.given[name] = rounded(math.exp(self.rng.uniform(math.log(low), math.log(high))))
        return self.given[name]

    def sometimes(self, name, low, high):
        if self.rng.random() < 0.5:
            self.always(name, low, high)

    def of(self, **names):
        """The given ones, by the names that PyTorch has for them."""
        return {theirs: self.given[ours] for ours, theirs in names.items() if ours in self.given}

    def betas(self, first=0.9, second=0.999):
        return (self.given.get("beta1", first), self.given.get("beta2", second))


def sgd(options):
    options.always("lr", 0.01, 0.5)
    return lambda params: torch.optim.SGD(params, **options.of(lr="lr", weight_decay="weight_decay"))


def momentum(options, nesterov=False):
    options.always("lr", 0.01, 0.3)
    options.always("momentum", 0.3, 0.99)
    names = options.of(lr="lr", momentum="momentum", weight_decay="weight_decay")
    return lambda params: torch.optim.SGD(params, nesterov=nesterov, **names)


def nesterov(options):
    return momentum(options, nesterov=True)


def ada_grad(options):
    options.always("lr", 0.01, 0.5)
    options.always("eps", 1e-10, 1e-2)
    return lambda params: torch.optim.Adagrad(params, **options.of(lr="lr", eps="eps", weight_decay="weight_decay"))


def rms_prop(options):
    options.always("lr", 0.001, 0.1)
    options.always("decay_rate", 0.3, 0.99)
    options.always("eps", 1e-10, 1e-2)
    names = options.of(lr="lr", decay_rate="alpha", eps="eps", weight_decay="weight_decay")
    return lambda params: torch.optim.RMSprop(params, **names)


def ada_delta(options):
    options.always("lr", 0.3, 3.0)
    options.sometimes("decay_rate", 0.3, 0.99)
    options.sometimes("eps", 1e-7, 1e-2)
    names = options.of(lr="lr", decay_rate="rho", eps="eps", weight_decay="weight_decay")
    return lambda params: torch.optim.Adadelta(params, **names)


def adam_like(rule, options, **more):
    options.always("lr", 0.001, 0.1)
    options.sometimes("beta1", 0.3, 0.95)
    options.sometimes("beta2", 0.5, 0.9999)
    names = options.of(lr="lr", eps="eps", weight_decay="weight_decay", momentum_decay="momentum_decay")
    return lambda params: rule(params, betas=options.betas(), **names)


def adam(options):
    # Where epsilon is zero, it does not matter where it stands.
    options.given["eps"] = 0.0
    return adam_like(torch.optim.Adam, options)


def adam_w(options):
    options.sometimes("eps", 1e-9, 1e-2)
    return adam_like(torch.optim.AdamW, options)


def nadam(options):
    options.sometimes("eps", 1e-9, 1e-2)
    options.sometimes("momentum_decay", 1e-3, 0.1)
    return adam_like(torch.optim.NAdam, options)


def r_adam(options):
    options.sometimes("eps", 1e-9, 1e-2)
    return adam_like(torch.optim.RAdam, options)


RULES = {
    "Sgd": sgd,
    "Momentum": momentum,
    "Nesterov": nesterov,
    "AdaGrad": ada_grad,
    "RmsProp": rms_prop,
    "AdaDelta": ada_delta,
    "Adam": adam,
    "AdamW": adam_w,
    "Nadam": nadam,
    "RAdam": r_adam,
}


def walk(make, start, gradients, options):
    param = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make([param])
    path = []
    for step in range(STEPS):
        if step == CHANGE and "lr_later" in options:
            optimizer.param_groups[0]["lr"] = options["lr_later"]
        param.grad = torch.tensor(gradients[step] * options.get("scale", 1.0))
        optimizer.step()
        if step + 1 in SHOWN:
            path.append(param.detach().numpy().copy())
    return path


def walk_lion(start, gradients, options):
    betas = {"b1": options.get("beta1", 0.9), "b2": options.get("beta2", 0.99)}
    lr = options["lr"]
    rate = lambda step: jnp.where(step < CHANGE, lr, options.get("lr_later", lr))
    lion = optax.lion(rate, **betas, weight_decay=options.get("weight_decay", 0.0))
    param, path = jnp.array(start), []
    state = lion.init(param)
    for step in range(STEPS):
        updates, state = lion.update(jnp.array(gradients[step] * options.get("scale", 1.0)), state, param)
        param = optax.apply_updates(param, updates)
        if step + 1 in SHOWN:
            path.append(np.array(param))
    return path


def optimizers(rng, draw):
    start, gradients = draw(8), draw(STEPS, 8) * np.array([1, 1, 16, 64, 0.25, 0.0625, 1, 1])
    cases = {"all": {"start": start, "gradients": gradients, "shown": SHOWN, "change": CHANGE}}
    for kind in [*RULES, "Lion"]:
        for index in range(CASES):
            options = Options(rng)
            options.sometimes("weight_decay", 1e-3, 0.3)
            options.sometimes("scale", 0.1, 1.0)
            if kind == "Lion":
                options.always("lr", 0.001, 0.1)
                options.sometimes("beta1", 0.3, 0.95)
                options.sometimes("beta2", 0.5, 0.999)
            else:
                make = RULES[kind](options)
            # Where the rate stands inside of the velocity, a new one makes another way.
            if kind not in ["Momentum", "Nesterov"]:
                options.sometimes("lr_later", options.given["lr"] / 4, options.given["lr"] * 2)
            size = rng.randint(1, 8)
            case = (start[:size], gradients[:, :size], options.given)
            path = walk_lion(*case) if kind == "Lion" else walk(make, *case)
            cases[f"{kind} {index}"] = {"size": size, **options.given, "path": path}

    # Three parameters with options of their own, and a schedule that moves all rates.
    shapes = {"W": (2, 3), "b": (3,), "gain": (1,)}
    starts = {name: draw(*shape) for name, shape in shapes.items()}
    steps = {name: draw(STEPS, *shape) for name, shape in shapes.items()}
    cases["grouped"] = {f"{name} start": start for name, start in starts.items()}
    cases["grouped"] |= {f"{name} gradients": gradient for name, gradient in steps.items()}
    for index, (kind, rule) in enumerate([("Sgd", torch.optim.SGD), ("AdamW", torch.optim.AdamW), ("RAdam", torch.optim.RAdam)] * 2):
        options = Options(rng)
        lr, decay = options.always("lr", 0.01, 0.1), options.always("weight_decay", 0.01, 0.3)
        gain_lr, factor = options.always("gain_lr", 0.001, 1.0), options.always("factor", 0.5, 0.99)
        params = {name: torch.tensor(start, requires_grad=True) for name, start in starts.items()}
        groups = [
            {"params": [params["W"]]},
            {"params": [params["b"]], "weight_decay": 0.0},
            {"params": [params["gain"]], "weight_decay": 0.0, "lr": gain_lr},
        ]
        optimizer = rule(groups, lr=lr, weight_decay=decay)
        schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, factor)
        for step in range(STEPS):
            for name, param in params.items():
                param.grad = torch.tensor(steps[name][step])
            optimizer.step()
            schedule.step()
        ends = {name: param.detach().numpy() for name, param in params.items()}
        cases[f"grouped {kind} {index}"] = {**options.given, **ends}
    return cases


def rates(base, make, count):
    """The rate of each step, from the first on."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=base)
    schedule, found = make(optimizer), []
    for _ in range(count):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


def schedules(rng):
    lr, cases = torch.optim.lr_scheduler, {}

    def case(kind, index, options, make, count=40):
        base = options.always("base", 0.001, 1.0)
        cases[f"{kind} {index}"] = {**options.given, "rates": rates(base, make, count)}

    for index in range(6):
        options = Options(rng)
        every, factor = rng.randint(1, 12), options.always("factor", 0.1, 0.9)
        options.given["every"] = every
        case("StepDecay", index, options, lambda o: lr.StepLR(o, every, gamma=factor))

        options = Options(rng)
        milestones = sorted(rng.choices(range(1, 40), k=rng.randint(1, 6)))
        factor = options.always("factor", 0.1, 0.9)
        options.given["milestones"] = milestones
        case("MultiStepDecay", index, options, lambda o: lr.MultiStepLR(o, milestones, gamma=factor))

        options = Options(rng)
        factor = options.always("factor", 0.5, 0.99)
        case("ExponentialDecay", index, options, lambda o: lr.ExponentialLR(o, factor))

        options = Options(rng)
        start, end, steps = options.always("start", 0.1, 1.0), options.always("end", 0.01, 1.0), rng.randint(1, 50)
        options.given["steps"] = steps
        case("LinearDecay", index, options, lambda o: lr.LinearLR(o, start, end, total_iters=steps))

        options = Options(rng)
        power, steps = options.always("power", 0.3, 4.0), rng.randint(1, 50)
        options.given["steps"] = steps
        case("PolynomialDecay", index, options, lambda o: lr.PolynomialLR(o, total_iters=steps, power=power))

        # PyTorch's floor is a rate, ours a multiple of the base.
        options = Options(rng)
        steps = options.given["steps"] = rng.randint(1, 50)
        options.sometimes("floor", 0.001, 0.5)
        floor = lambda o: options.given.get("floor", 0.0) * o.param_groups[0]["lr"]
        case("Cosine", index, options, lambda o: lr.CosineAnnealingLR(o, steps, eta_min=floor(o)), steps + 1)

        options = Options(rng)
        steps, factor = rng.randint(1, 9), rng.randint(1, 3)
        options.given |= {"steps": steps, "restarts": factor}
        options.sometimes("floor", 0.001, 0.5)
        floor = lambda o: options.given.get("floor", 0.0) * o.param_groups[0]["lr"]
        make = lambda o: lr.CosineAnnealingWarmRestarts(o, steps, T_mult=factor, eta_min=floor(o))
        case("Cosine restarting", index, options, make, 60)

        # Its first multiple is 1/div_factor, and its last that by final_div_factor.
        options = Options(rng)
        steps = options.given["steps"] = rng.randint(5, 50)
        options.sometimes("start", 0.01, 0.5)
        options.sometimes("end", 1e-6, 1e-2)
        options.sometimes("peak_at", 0.2, 0.45)
        linear, three_phases = bool(index & 1), bool(index & 2)
        options.given |= {"linear": int(linear), "three_phases": int(three_phases)}
        start = options.given.get("start", 1 / 25)
        make = lambda o: lr.OneCycleLR(
            o,
            max_lr=options.given["base"],
            total_steps=steps,
            pct_start=options.given.get("peak_at", 0.3),
            anneal_strategy="linear" if linear else "cos",
            cycle_momentum=False,
            div_factor=1 / start,
            final_div_factor=start / options.given["end"] if "end" in options.given else start / 4e-6,
            three_phase=three_phases,
        )
        base = options.always("base", 0.001, 1.0)
        cases[f"OneCycle {index}"] = {**options.given, "rates": rates(base, make, steps)}

        # A line up, and then another schedule.
        options = Options(rng)
        steps, cosine = rng.randint(1, 12), rng.randint(5, 30)
        options.given |= {"steps": steps, "cosine": cosine}
        options.sometimes("start", 0.01, 0.9)
        start = options.given.get("start", 1 / (steps + 1))
        make = lambda o: lr.SequentialLR(
            o,
            [lr.LinearLR(o, start, 1.0, total_iters=steps), lr.CosineAnnealingLR(o, cosine)],
            milestones=[steps],
        )
        case("WarmUp", index, options, make, steps + cosine + 1)

    for index in range(12):
        options = Options(rng)
        larger, absolute = bool(index & 1), bool(index & 2)
        options.given |= {"larger": int(larger), "absolute": int(absolute)}
        base = options.always("base", 0.001, 1.0)
        options.sometimes("factor", 0.1, 0.9)
        options.sometimes("threshold", 1e-3, 0.3)
        options.sometimes("floor", 0.001, 0.3)
        options.given |= {"patience": rng.randint(0, 3)} if rng.random() < 0.9 else {}
        options.given |= {"cooldown": rng.randint(0, 3)} if rng.random() < 0.5 else {}
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=base)
        schedule = lr.ReduceLROnPlateau(
            optimizer,
            mode="max" if larger else "min",
            threshold_mode="abs" if absolute else "rel",
            min_lr=options.given.get("floor", 0.0) * base,
            eps=0.0,
            **options.of(factor="factor", threshold="threshold", patience="patience", cooldown="cooldown"),
        )
        values, found = [], []
        for step in range(40):
            trend = step / 20 if larger else 2 - step / 40
            values.append(rounded(0.5 + trend + rng.uniform(-0.4, 0.4), 4))
            schedule.step(values[-1])
            found.append(optimizer.param_groups[0]["lr"])
        cases[f"Plateau {index}"] = {**options.given, "values": values, "rates": found}
    return cases


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "fixtures")
    arguments = parser.parse_args()
    rng, numbers = random.Random(arguments.seed), np.random.default_rng(arguments.seed)

    def draw(*shape):
        whole = np.round(numbers.standard_normal(shape) * 1024)
        return np.where(whole == 0, 1, whole) / 1024

    write(arguments.out / "optimizers_torch.json", optimizers(rng, draw))
    write(arguments.out / "schedules_torch.json", schedules(rng))


if __name__ == "__main__":
    main()
