"""Job E: how long one waits for the compiler, and what a debug build is good for."""

import os
import re
import statistics
import tempfile
import time
from pathlib import Path

from comparing.commands import ROOT, run

COLD = "release build of nn-core from nothing, with its dependencies; s"
CHECK = "`cargo check` of the MNIST example after a size in its declaration changed; s"
RELEASE = "release build of the example after the same; s"
DEBUG = "debug build of the example after the same; s"
TRAIN_RELEASE = "10,000 steps of the example, release build; s"
TRAIN_DEBUG = "10,000 steps of the example, debug build with the README's profile; s"
ROWS = [COLD, CHECK, RELEASE, DEBUG, TRAIN_RELEASE, TRAIN_DEBUG]

SIZE = 50


def measure(rounds):
    """The seconds of each row, one for each round. Works on a copy of the example, in a project of its own."""
    seconds = {row: [] for row in ROWS}
    run("cargo", "fetch", "--locked")
    with tempfile.TemporaryDirectory() as folder:
        project, target = Path(folder) / "mnist", Path(folder) / "target"
        write_project(project)
        for number in range(1, rounds + 1):
            cold = Path(folder) / f"cold{number}"
            seconds[COLD].append(timed(ROOT, cold, "build", "--release", "--package", "nn-core"))
            # Everything but the example itself is there before the clock runs.
            for command in (["check"], ["build"], ["build", "--release"]):
                cargo(project, target, *command)
            for row, command in ((CHECK, ["check"]), (RELEASE, ["build", "--release"]), (DEBUG, ["build"])):
                # Another size each time.
                write_example(project, SIZE + 10 * number + ROWS.index(row))
                seconds[row].append(timed(project, target, *command))
            write_example(project, SIZE)
            for row, command, profile in ((TRAIN_RELEASE, ["build", "--release"], "release"), (TRAIN_DEBUG, ["build"], "debug")):
                cargo(project, target, *command)
                seconds[row].append(training(project, target / profile / "mnist"))
            shown = ", ".join(f"{times[-1]:.2f}" for times in seconds.values())
            print(f"compile times, round {number} of {rounds}: {shown} s", flush=True)
    return seconds


def write_project(project):
    """A project as a user has it: the example, nn-core by its path, and the README's profile."""
    workspace = (ROOT / "Cargo.toml").read_text()
    clap = re.search(r"^clap = .*$", workspace, re.MULTILINE)[0]
    profile = re.search(r'^\[profile\.dev\.package\."\*"\]\nopt-level = \d$', (ROOT / "README.md").read_text(), re.MULTILINE)[0]
    manifest = f"""\
[package]
name = "mnist"
version = "0.1.0"
edition = "2024"

[dependencies]
nn-core = {{ path = "{ROOT / "nn-core"}" }}
{clap}

{profile}
"""
    (project / "src").mkdir(parents=True)
    (project / "Cargo.toml").write_text(manifest)
    (project / "Cargo.lock").write_text((ROOT / "Cargo.lock").read_text())
    (project / "src" / "drawing.rs").write_text((ROOT / "examples" / "drawing.rs").read_text())
    write_example(project, SIZE)


def write_example(project, size):
    (project / "src" / "main.rs").write_text(resized((ROOT / "examples" / "mnist.rs").read_text(), size))


def resized(example, size):
    """The example with a hidden layer of another size."""
    changed, count = re.subn(
        rf"Affine\(784, {SIZE}, (.*) Affine\({SIZE}, 10, ", rf"Affine(784, {size}, \1 Affine({size}, 10, ", example
    )
    if count != 1:
        raise ValueError("the MNIST example is declared in another way than job E expects")
    return changed


def cargo(folder, target, *arguments):
    # Flags of one's own and another target folder would measure something else.
    environment = {name: value for name, value in os.environ.items() if not name.endswith("RUSTFLAGS")}
    run("cargo", *arguments, "--offline", "--target-dir", target, cwd=folder, env=environment)


def timed(*arguments):
    start = time.monotonic()
    cargo(*arguments)
    return time.monotonic() - start


def training(project, program):
    """The seconds that the example reports, without evaluation."""
    data = ROOT / "examples" / "data" / "mnist"
    printed = run(program, "--data", data, "--plot", project / "mnist.svg", cwd=project)
    return float(re.search(r"steps in ([\d.]+) s", printed)[1])


def table(seconds):
    rows = ["| what | median | least |", "|---|--:|--:|"]
    for row, times in seconds.items():
        rows.append(f"| {row} | {statistics.median(times):.2f} | {min(times):.2f} |")
    return rows
