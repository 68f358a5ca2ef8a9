"""Where the time, the memory and the temporary disk of a run go, stage by stage.

Whoever does a stage of the work says so with ``with stage("sort"):``; stages may lie inside each other, and one of the
same name in the same place adds up. That costs nothing until somebody wraps the run in :func:`profiling`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Profile", "Stage", "bytes_below", "memory", "profiling", "running", "stage", "watch"]

_EVERY_SECONDS = 0.05
_DISK_EVERY = 10
"""Samples of memory between two of disk, for which folders are walked."""


@dataclass
class Stage:
    """What one stage took. ``path`` are the names of the stages around it and its own.

    ``cpu`` are seconds of all processors, children that have ended included; of a stage on another thread than the one
    that began the profile, those of that thread. ``peak`` are the most bytes of memory that the process and its
    children held, ``disk`` the most bytes below the watched folders, both sampled; ``before`` the bytes of memory as it
    began.
    """

    path: tuple[str, ...]
    seconds: float = 0.0
    cpu: float = 0.0
    peak: int = 0
    before: int = 0
    disk: int = 0
    times: int = 0
    open: int = 0
    began: tuple[float, float] = (0.0, 0.0)

    def told(self) -> dict[str, str | float | int]:
        """As plain values; of a stage that goes on, what it took so far."""
        so_far = (time.perf_counter() - self.began[0], _cpu(mine=True) - self.began[1]) if self.open else (0.0, 0.0)
        return {
            "stage": " / ".join(self.path),
            "seconds": round(self.seconds + so_far[0], 3),
            "cpu_seconds": round(self.cpu + so_far[1], 3),
            "peak_bytes": self.peak,
            "bytes_before": self.before,
            "temporary_bytes": self.disk,
            "times": self.times,
        }


@dataclass
class Profile:
    """Every stage of a run in the order in which they first began; the run as a whole is the first."""

    stages: dict[tuple[str, ...], Stage] = field(default_factory=dict)
    folders: set[Path] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stack: threading.local = field(default_factory=threading.local)
    _main: int = field(default_factory=threading.get_ident)
    _around: tuple[str, ...] = ()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure the block, inside the stage that is open on this thread, else inside that of the main thread."""
        mine = threading.get_ident() == self._main
        outer: tuple[str, ...] = getattr(self._stack, "path", self._around)
        path = (*outer, name)
        with self._lock:
            one = self.stages.setdefault(path, Stage(path))
            one.before = one.before or memory()
            one.open += 1
        self._enter(path, mine=mine)
        began, used = one.began = time.perf_counter(), _cpu(mine=mine)
        try:
            yield
        finally:
            took, used = time.perf_counter() - began, _cpu(mine=mine) - used
            self._enter(outer, mine=mine)
            self.sample(disk=False)
            with self._lock:
                one.seconds += took
                one.cpu += used
                one.times += 1
                one.open -= 1

    def _enter(self, path: tuple[str, ...], *, mine: bool) -> None:
        self._stack.path = path
        if mine:
            self._around = path

    def sample(self, *, disk: bool) -> None:
        """Note what is held now for every stage that is open."""
        held, below = memory(), sum(bytes_below(folder) for folder in tuple(self.folders)) if disk else 0
        with self._lock:
            for one in self.stages.values():
                if one.open:
                    one.peak, one.disk = max(one.peak, held), max(one.disk, below)


_running: Profile | None = None


def running() -> Profile | None:
    """The profile of the run that goes on, if one was asked for."""
    return _running


@contextmanager
def profiling(name: str = "whole run") -> Iterator[Profile]:
    """While the block runs its stages are measured; the profile may be read afterwards, or before with what is over."""
    global _running  # noqa: PLW0603  # one run, one profile: stages would otherwise need a handle in every signature
    profile, over = Profile(), threading.Event()

    def sampled() -> None:
        turn = 0
        while not over.wait(_EVERY_SECONDS):
            profile.sample(disk=turn % _DISK_EVERY == 0)
            turn += 1

    sampler = threading.Thread(target=sampled, name="profile", daemon=True)
    _running = profile
    try:
        sampler.start()
        with profile.stage(name):
            yield profile
    finally:
        _running = None
        over.set()
        sampler.join()


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Measure the block as a stage of the run; without a profile nothing is done."""
    profile = _running
    if profile is None:
        yield
        return
    with profile.stage(name):
        yield


def watch(folder: Path) -> None:
    """Count what lies below this folder as temporary disk."""
    if (profile := _running) is not None:
        profile.folders.add(folder)


def _cpu(*, mine: bool) -> float:
    """Seconds of the processors so far: of the process and its ended children, or of this thread alone."""
    if not mine:
        return time.thread_time()
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def memory(process_id: int | None = None) -> int:
    """Bytes of memory that a process and those it started hold; 0 where the system does not tell (not Linux).

    It is this process unless another is named. What two of them share counts in each.
    """
    held, waiting = 0, [process_id or os.getpid()]
    while waiting:
        process = Path("/proc", str(waiting.pop()))
        try:
            held += int((process / "statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for children in process.glob("task/*/children"):
                waiting += map(int, children.read_text(encoding="ascii").split())
        except OSError:  # ended meanwhile, or no such system
            continue
    return held


def bytes_below(folder: Path) -> int:
    """Bytes on disk of all files below a folder, whatever goes away meanwhile."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                found = os.stat(os.path.join(root, name))
            except OSError:
                continue
            total += getattr(found, "st_blocks", 0) * 512 or found.st_size
    return total
