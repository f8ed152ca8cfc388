"""Runs the programs in alternation, on whichever cores are idle."""

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from comparing.commands import STORE, capture, last_line
from comparing.programs import STEPS

# A run that begins on a busier core, after waiting so many seconds for an idle one, is counted.
IDLE, PATIENCE = 0.85, 10
RUN_TIMEOUT = 600


@dataclass
class Measured:
    # lines[setting's title][job][program]: what was printed, one dictionary for each round.
    lines: dict = field(default_factory=dict)
    # GFLOP/s of one core, the best of all rounds, by instruction set.
    peaks: dict = field(default_factory=dict)
    failures: list = field(default_factory=list)
    runs: int = 0
    runs_on_busy_cores: int = 0


def measure(programs, settings, rounds):
    """A round goes through all programs job by job, so that a machine that becomes slower becomes slower for all."""
    measured = Measured()
    for number in range(1, rounds + 1):
        for name, gflops in peaks().items():
            measured.peaks[name] = max(gflops, measured.peaks.get(name, 0))
        for job in STEPS:
            for setting in settings:
                for program in (p for p in programs if setting.does(p, job)):
                    at = f"{program.name}, {setting.title}, round {number} of {rounds}"
                    measure_once(measured, program, setting, job, at)
    return measured


def peaks():
    """None where it cannot be measured."""
    printed = capture(*pinned(idle_cores(1)[0]), STORE / "cargo" / "release" / "peak")
    return {name: float(gflops) for name, gflops in re.findall(r"PEAK (\S+) gflops=(\S+)", printed)}


def measure_once(measured, program, setting, job, at):
    cores, are_idle = idle_cores(setting.threads)
    measured.runs += 1
    measured.runs_on_busy_cores += not are_idle
    command = [*pinned(cores), *program.command(job, setting.threads)]
    printed, failure = output(command, setting.environment)
    lines = [parse(line) for line in printed.splitlines() if line.startswith("JOB ")]
    if failure:
        measured.failures.append(f"Job {job} failed: {at}: {failure}")
    for line in lines:
        of_job = measured.lines.setdefault(setting.title, {}).setdefault(line["job"], {})
        of_job.setdefault(program.name, []).append(line)
    shown = ", ".join(f"{line['job']} {line['us_per_step']:,.2f} µs" for line in lines)
    print(f"{at}: {shown or failure}", flush=True)


def output(command, environment):
    """What was printed, and what went wrong."""
    command, environment = list(map(str, command)), os.environ | environment
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=RUN_TIMEOUT)
    except subprocess.TimeoutExpired:
        return "", f"it took more than {RUN_TIMEOUT} s"
    if done.returncode:
        return "", last_line(done.stderr)
    return done.stdout, None


def parse(line):
    """`JOB a us_per_step=… final_loss=…`"""
    _, job, *words = line.split()
    pairs = [word.split("=", 1) for word in words]
    return {"job": job} | {name: float(value) for name, value in pairs if name != "peer"}


def pinned(cores):
    return ["taskset", "-c", ",".join(map(str, cores))] if cores and shutil.which("taskset") else []


def idle_cores(count):
    """So many cores that do least, and whether they are idle; waits a while for ones that are."""
    deadline = time.monotonic() + PATIENCE
    while True:
        before = ticks()
        time.sleep(0.3)
        after = ticks()
        if not after:
            return [], True
        idle = {core: share(before[core], after[core]) for core in after}
        cores = sorted(idle, key=idle.get, reverse=True)[:count]
        are_idle = min(idle[core] for core in cores) > IDLE
        if are_idle or time.monotonic() > deadline:
            return cores, are_idle


def share(before, after):
    return (after[0] - before[0]) / max(after[1] - before[1], 1)


def ticks():
    """(idle, all) ticks of each core that we may use; none where there is no /proc/stat."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return {}
    counts = {}
    for core, numbers in re.findall(r"^cpu(\d+) (.*)", stat.read_text(), re.MULTILINE):
        user, nice, system, idle, wait, *others = map(int, numbers.split())
        counts[int(core)] = (idle + wait, user + nice + system + idle + wait + sum(others))
    return {core: counts[core] for core in os.sched_getaffinity(0) if core in counts}
