"""Progress and warnings: bars on a terminal, plain or JSON lines in a job; always on stderr, so stdout holds results.

A JSON line is one object with ``event`` (``progress``, ``warning`` or ``error``); progress has ``stage``, ``detail``,
``done`` and ``total``, the others ``message``, and an error its ``kind`` and ``exit_code`` too. With ``--profile`` a
last line of event ``profile`` has ``stages``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import click

from amlscreen.cli.profile_table import profile_table
from amlscreen.errors import AmlScreenError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from amlscreen.profiling import Profile

__all__ = ["Teller", "telling"]

_STAGES = {"sweep": "sweeping rules", "judge": "judging hits", "write": "writing results", "keep": "keeping the state"}
_EVERY_SECONDS = 5.0


class Teller(Protocol):
    """What is told while a command runs. Called, it takes a stage, what is done of it, and its total if known."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...

    def warn(self, messages: Iterable[str]) -> None:
        """Tell what the reader of the results should know."""

    def profile(self, profile: Profile) -> None:
        """Tell where time and memory went; also if all else is quiet, for it was asked for."""


@contextmanager
def telling(*, quiet: bool, log_format: str) -> Iterator[Teller]:
    """A teller that suits where stderr goes. In JSON an error is a line too: a program can read the whole log."""
    try:
        if log_format == "text" and sys.stderr.isatty() and not quiet:
            with _bars() as bars:
                yield bars
        else:
            yield _Lines(quiet=quiet, as_json=log_format == "json")
    except AmlScreenError as problem:
        if log_format != "json":
            raise
        _json_line(event="error", kind=type(problem).__name__, message=str(problem), exit_code=problem.exit_code)
        raise click.exceptions.Exit(problem.exit_code) from problem


class _Lines:
    """One line when a stage begins, and one every few seconds while it lasts."""

    def __init__(self, *, quiet: bool, as_json: bool) -> None:
        self._quiet = quiet
        self._json = as_json
        self._stage = ""
        self._told = 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        name, detail = _parted(stage)
        now = time.monotonic()
        if self._quiet or (name == self._stage and now - self._told < _EVERY_SECONDS):
            return
        self._stage, self._told = name, now
        done = min(done, total or done)
        if self._json:
            _json_line(event="progress", stage=name, detail=detail, done=done, total=total)
        else:
            of = f" of {total:,}" if total else ""
            click.echo(f"amlscreen: {name} {detail}".rstrip() + (f" ({done:,}{of})" if done else ""), err=True)

    def warn(self, messages: Iterable[str]) -> None:
        """A line for each."""
        for message in messages:
            if self._json:
                _json_line(event="warning", message=message)
            else:
                click.echo(f"amlscreen: warning: {message}", err=True)

    def profile(self, profile: Profile) -> None:
        """A table, or one line with every stage."""
        if self._json:
            _json_line(event="profile", stages=[one.told() for one in profile.stages.values()])
        else:
            click.echo(profile_table(profile), err=True)


class _Bars:
    """A bar for each stage; what it is at stands behind it."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        name, detail = _parted(stage)
        if name not in self._tasks:
            for task in self._tasks.values():
                self._progress.stop_task(task)
            self._tasks[name] = self._progress.add_task(name, total=total, detail="")
        self._progress.update(self._tasks[name], completed=min(done, total or done), total=total, detail=detail)

    def warn(self, messages: Iterable[str]) -> None:
        """Above the bars."""
        for message in messages:
            self._progress.console.print(f"warning: {message}", style="yellow", highlight=False, markup=False)

    def profile(self, profile: Profile) -> None:
        """The table above the bars."""
        self._progress.console.print(profile_table(profile), highlight=False, markup=False)


@contextmanager
def _bars() -> Iterator[_Bars]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[detail]}", style="dim", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bars(progress)


def _parted(stage: str) -> tuple[str, str]:
    """The stage and what it is at, such as a file: ``reading march.csv`` is ``reading`` at ``march.csv``."""
    if stage in _STAGES:
        return _STAGES[stage], ""
    name, _, detail = stage.partition(" ")
    return name, detail


def _json_line(**facts: Any) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False), err=True)
