"""The figures as Markdown."""

import os
import re
import statistics
from pathlib import Path

from comparing import compiling
from comparing.commands import capture
from comparing.programs import OURS, PROGRAMS

TITLES = {
    "a": "A: 784-50-10, batches of 100, SGD; µs a step",
    "b": "B: 784-512-512-10, batches of 128, Adam; µs a step",
    "c1": "C: scores of one sample by A's network; µs a call",
    "c1000": "C: scores of 1,000 samples by A's network; µs a call",
    "d": "D: 4-32-16-4, all 10,000 samples, Adam; µs an epoch",
    "f": "F: convolutions of 16 and 32 maps, batches of 64, SGD; µs a step",
}


def report(programs, settings, remarks, measured, compile_times, rounds):
    parts = ["# Figures", "", "Written by `benches/compare`; `benches/src/lib.rs` says what the jobs are.", ""]
    parts += machine(programs, measured.peaks, rounds)
    if measured.runs_on_busy_cores:
        parts.append(
            f"- {measured.runs_on_busy_cores} of {measured.runs} runs began while other programs kept every core busy: "
            "trust best blocks more than medians."
        )
    parts += [f"- {remark}." for remark in remarks + measured.failures]
    alone = measured.lines.get("One thread", {})
    for setting in settings:
        lines = measured.lines.get(setting.title, {})
        if lines:
            parts += ["", f"## {setting.title}"]
        for job in (job for job in setting.lines if job in lines):
            faster_than = alone.get(job) if setting.threads > 1 else None
            parts += ["", f"### {TITLES[job]}", "", *table(job, setting, lines[job], limits(setting, measured.peaks), faster_than)]
    if compile_times:
        parts += ["", "## E: compile times", "", "On all cores, of a project that depends on nn-core by its path.", ""]
        parts += compiling.table(compile_times)
    return "\n".join(parts) + "\n"


def machine(programs, peaks, rounds):
    cpuinfo = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.*)", cpuinfo.read_text()) if cpuinfo.exists() else None
    peak_text = " and ".join(f"{gflops:.1f} GFLOP/s by {name}" for name, gflops in peaks.items()) or "not measured"
    versions = ", ".join(f"{p.name} {p.version()}" for p in programs or PROGRAMS[:1])
    return [
        f"- Processor: {model[1] if model else 'unknown'}, {os.cpu_count()} cores; measured peak of one core, f32: {peak_text}.",
        f"- Programs: {versions}; {capture('rustc', '--version')}.",
        f"- Alternating rounds: {rounds}. Median: over rounds, of medians over blocks of steps. Best: the best block of "
        "all. ÷ ours: how many times as long as nn-core. ÷ limit: how many times as long as the arithmetic takes at the peak of as "
        "many cores as there are threads. Faster: how many times as fast, by best blocks, as the same program on one thread.",
    ]


def limits(setting, peaks):
    """GFLOP/s of all cores of a setting."""
    peak = peaks.get(setting.peak) if setting.peak else max(peaks.values(), default=None)
    return peak and peak * setting.threads


def table(job, setting, lines_of, peak, alone=None):
    """`alone`: the lines on one thread, if these are on more."""
    ours = summary(lines_of[OURS]) if OURS in lines_of else None
    any_line = next(iter(lines_of.values()))[0]
    flops = any_line["gflops"] * 1e3 * any_line["us_per_step"]
    limit = flops / peak / 1e3 if peak else None
    rows = [
        "| program | median | best block | median ÷ ours | best ÷ ours | best ÷ limit |" + (" faster |" if alone else "") + " final loss |",
        "|---|--:|--:|--:|--:|--:|" + ("--:|" if alone else "") + "--:|",
    ]
    summaries = {name: summary(lines) for name, lines in lines_of.items()}
    for name, its in sorted(summaries.items(), key=lambda item: item[1]["best"]):
        cells = [
            name,
            f"{its['median']:,.2f}",
            f"{its['best']:,.2f}",
            ratio(its["median"], ours and ours["median"]),
            ratio(its["best"], ours and ours["best"]),
            ratio(its["best"], limit),
        ]
        if alone:
            cells.append(ratio(summary(alone[name])["best"], its["best"]) if name in alone else "")
        rows.append(f"| {' | '.join([*cells, its['loss']])} |")
    if limit:
        cores = "" if setting.threads == 1 else f" of {setting.threads} cores"
        rows += ["", f"The limit is {limit:,.2f} µs: {flops / 1e6:,.2f} million floating-point operations at the peak{cores}."]
    if job == "d" and ours:
        median, best = (ours[name] * setting.threads / 100 for name in ("median", "best"))
        rows += [
            "",
            f"10,000 epochs take nn-core {median:.2f} core-seconds by the median and {best:.2f} by the "
            "best block; SimpleChains.jl published 0.41 s on 18 cores, 7.4 core-seconds.",
        ]
    return rows


def summary(lines):
    losses = sorted({f"{line['final_loss']:.5f}" for line in lines})
    return {
        "median": statistics.median(line["us_per_step"] for line in lines),
        "best": min(line["best_us"] for line in lines),
        # One, unless a program's threads or addresses change the order of its sums.
        "loss": losses[0] if len(losses) == 1 else f"{losses[0]} to {losses[-1]}",
    }


def ratio(time, reference):
    return f"{time / reference:.2f}" if reference else ""
