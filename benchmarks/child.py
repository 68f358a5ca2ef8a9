"""One command in a process of its own, and what it cost.

The caller should be a small process: until a child has loaded its own program it counts as large as its parent.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Cost", "python", "run"]

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Cost:
    """Seconds on the wall and of the processors, the most memory it held at once, and what it said and when.

    Processor seconds and memory are those of the process and of every process it started and waited for, as the
    system's ``getrusage`` counts them. ``log`` holds each line of standard error with the second it came.
    """

    wall: float
    cpu: float
    peak: int
    output: str
    log: tuple[tuple[float, str], ...]


def python(*arguments: str | Path) -> list[str]:
    """A command for this interpreter."""
    return [sys.executable, *(str(one) for one in arguments)]


def run(command: Sequence[str]) -> Cost:
    """Run a command to its end; ``RuntimeError`` with what it said if it fails."""
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    log: list[tuple[float, str]] = []
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
        )
        assert process.stderr is not None
        with process.stderr as lines:
            log += [(time.perf_counter() - begun, line.rstrip("\n")) for line in lines]
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read()
    if process.returncode:
        told = "\n".join(line for _, line in log[-20:])
        raise RuntimeError(f"{' '.join(command)}\nleft with {process.returncode}:\n{told}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, said, tuple(log))
