"""Progress: bars on a terminal, plain or JSON lines in a job; always on stderr, so stdout holds results only."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

__all__ = ["Teller", "telling"]

_STAGES = {
    "read": "reading files",
    "conform": "conforming rows",
    "sweep": "sweeping rules",
    "judge": "judging hits",
    "write": "writing results",
}
_EVERY_SECONDS = 5.0


class Teller(Protocol):
    """What the library calls with its progress: stage, done, total."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...


@contextmanager
def telling(*, quiet: bool, log_format: str) -> Iterator[Teller]:
    """A teller that suits where stderr goes."""
    if quiet:
        yield lambda stage, done, total: None
    elif log_format == "text" and sys.stderr.isatty():
        with _bars() as teller:
            yield teller
    else:
        yield _Lines(log_format)


class _Lines:
    """One line when a stage begins, and one every few seconds while it lasts."""

    def __init__(self, log_format: str) -> None:
        self._format = log_format
        self._stage = ""
        self._told = 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if stage == self._stage and now - self._told < _EVERY_SECONDS:
            return
        self._stage, self._told = stage, now
        if self._format == "json":
            line = json.dumps({"stage": stage, "done": done, "total": total})
        else:
            of = f" of {total:,}" if total else ""
            line = f"amlscreen: {_STAGES.get(stage, stage)}" + (f" ({done:,}{of})" if done else "")
        print(line, file=sys.stderr, flush=True)


@contextmanager
def _bars() -> Iterator[Teller]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                for task in tasks.values():
                    progress.stop_task(task)
                tasks[stage] = progress.add_task(_STAGES.get(stage, stage), total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield tell
