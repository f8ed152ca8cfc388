"""The programs that do the jobs: how each is installed and called."""

import re
import shutil
import sys
from dataclasses import dataclass

from comparing.commands import PEERS, STORE, TARGET, Unavailable, capture, run

# How many steps of each job a round takes: the same for everyone, so that final losses can be compared.
STEPS = {"a": 10_000, "b": 300, "c": 20_000, "d": 300, "f": 400}
# What PyTorch's packages take, unpacked and while they are being unpacked.
TORCH_BYTES = 12e9

OURS = "nn-core"


@dataclass
class Program:
    name: str
    # The letters of the jobs that it can do.
    jobs: str
    # Its folder in `peers`, and the package whose version counts.
    folder: str = ""
    package: str = ""
    arguments: tuple = ()
    # Whether the environment can restrict it to AVX2.
    restrictable: bool = False

    def install(self):
        if self.name == OURS:
            run("cargo", "build", "--release", "-p", "benches", "--bin", "job")
        elif self.is_python():
            if self.package == "torch" and not version_in_venv("torch") and shutil.disk_usage(STORE).free < TORCH_BYTES:
                raise Unavailable(f"less than {TORCH_BYTES / 1e9:.0f} GB are free")
            if not python().exists():
                run(sys.executable, "-m", "venv", STORE / "venv")
            requirements = PEERS / self.folder / "requirements.txt"
            run(python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements)
        else:
            build_peer(f"peer-{self.folder}")

    def is_python(self):
        return (PEERS / self.folder / "requirements.txt").exists()

    def version(self):
        if self.name == OURS:
            # What is not committed counts too.
            return capture("git", "describe", "--always", "--dirty") or "unknown"
        if self.is_python():
            return version_in_venv(self.package)
        lock = (PEERS / "Cargo.lock").read_text()
        return re.search(rf'name = "{self.package}"\nversion = "(.+)"', lock)[1]

    def command(self, job, threads):
        if self.name == OURS:
            return [TARGET / "release" / "job", job, "--threads", threads, "--steps", STEPS[job]]
        if self.is_python():
            program = [python(), PEERS / self.folder / "main.py"]
        else:
            program = [STORE / "cargo" / "release" / f"peer-{self.folder}"]
        return [*program, job, STEPS[job], STORE / "data", *self.arguments]


PROGRAMS = [
    Program(OURS, "abcdf", restrictable=True),
    Program("numpy", "abcd", "numpy", "numpy", restrictable=True),
    Program("torch", "abcdf", "torch", "torch", restrictable=True),
    Program("torch-compile", "abcdf", "torch", "torch", ("--compile",), restrictable=True),
    Program("jax", "abcdf", "jax", "jax", restrictable=True),
    Program("onnxruntime", "c", "onnxruntime", "onnxruntime"),
    Program("burn", "abcf", "burn", "burn"),
    Program("candle", "abc", "candle", "candle-core"),
    Program("dfdx", "abc", "dfdx", "dfdx"),
]


def install(programs, remarks):
    """Those that could be installed; remarks on the others."""
    installed = []
    for program in programs:
        print(f"installing {program.name}", flush=True)
        try:
            program.install()
            installed.append(program)
        except Unavailable as reason:
            # Without our own program there is nothing to compare with.
            if program.name == OURS:
                raise
            print(f"  left out: {reason}", flush=True)
            remarks.append(f"{program.name} is left out: {reason}")
    return installed


def build_peer(package):
    manifest = PEERS / "Cargo.toml"
    run("cargo", "build", "--release", "--locked", "--manifest-path", manifest, "-p", package, "--target-dir", STORE / "cargo")


def python():
    return STORE / "venv" / "bin" / "python"


def version_in_venv(package):
    return capture(python(), "-c", f"import importlib.metadata as m; print(m.version('{package}'))")
