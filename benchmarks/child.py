"""One command in a process of its own, and what it cost.

The caller should be a small process: until a child has loaded its own program it counts as large as its parent.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from amlscreen.profiling import bytes_below, memory

__all__ = ["ROOT", "Cost", "python", "run"]

ROOT = Path(__file__).resolve().parent.parent
_EVERY_SECONDS, _DISK_EVERY = 0.05, 5
"""Memory is looked at twenty times a second, temporary files four times."""


@dataclass(frozen=True)
class Cost:
    """Seconds on the wall and of the processors, the most memory it held at once, and what it said and when.

    Processor seconds are those of the process and of every process it started and waited for, as the system's
    ``getrusage`` counts them. ``peak`` is what all of them held at once, sampled, or what one of them held at its
    highest if that is more. ``disk`` are the most bytes of temporary files. ``log`` holds each line of standard error
    with the second it came.
    """

    wall: float
    cpu: float
    peak: int
    output: str
    log: tuple[tuple[float, str], ...]
    disk: int = 0


def python(*arguments: str | Path) -> list[str]:
    """A command for this interpreter."""
    return [sys.executable, *(str(one) for one in arguments)]


def run(command: Sequence[str]) -> Cost:
    """Run a command to its end; ``RuntimeError`` with what it said if it fails."""
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    log: list[tuple[float, str]] = []
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output, tempfile.TemporaryDirectory() as temporary:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "TMPDIR": temporary},
        )
        assert process.stderr is not None
        with _sampled(process.pid, Path(temporary)) as highest, process.stderr as lines:
            log += [(time.perf_counter() - begun, line.rstrip("\n")) for line in lines]
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read()
    if process.returncode:
        told = "\n".join(line for _, line in log[-20:])
        raise RuntimeError(f"{' '.join(command)}\nleft with {process.returncode}:\n{told}")
    peak = max(highest.memory, usage.ru_maxrss * 1024)
    return Cost(wall, usage.ru_utime + usage.ru_stime, peak, said, tuple(log), highest.disk)


@dataclass
class _Highest:
    memory: int = 0
    disk: int = 0


@contextmanager
def _sampled(process: int, temporary: Path) -> Iterator[_Highest]:
    """The most memory of a process and its children, and the most below its temporary folder, while the block runs."""
    highest, over = _Highest(), threading.Event()

    def sample() -> None:
        turn = 0
        while not over.wait(_EVERY_SECONDS):
            highest.memory = max(highest.memory, memory(process))
            if turn % _DISK_EVERY == 0:
                highest.disk = max(highest.disk, bytes_below(temporary))
            turn += 1

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    try:
        yield highest
    finally:
        over.set()
        sampler.join()
