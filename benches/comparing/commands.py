"""Where everything is, and running other programs."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "benches" / "peers"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
STORE = TARGET / "peers"


class Unavailable(Exception):
    """What cannot be installed or measured, and why."""


def run(*command, **options):
    """Shows nothing unless it fails; returns what was printed."""
    command = list(map(str, command))
    done = subprocess.run(command, **{"cwd": ROOT, "capture_output": True, "text": True} | options)
    if done.returncode:
        raise Unavailable(f"`{Path(command[0]).name} {' '.join(command[1:4])}` failed: {last_line(done.stderr)}")
    return done.stdout


def capture(*command):
    try:
        return subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else "it said nothing"
