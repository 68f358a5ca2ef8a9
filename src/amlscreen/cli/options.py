"""Options that several commands share, and what they load."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from amlscreen.errors import SettingsError
from amlscreen.settings import Settings

__all__ = ["load_settings", "reading"]

Command = TypeVar("Command", bound=Callable[..., Any])


def reading(command: Command) -> Command:
    """Options of every command that reads a source."""
    for option in reversed(
        (
            click.argument("source", nargs=-1, required=True, type=click.Path(path_type=Path)),
            click.option("--mapping", "-m", help="Mapping: a shipped name or a YAML file. Default: canonical columns."),
            click.option("--jurisdiction", "-j", default="laos", show_default=True, help="Shipped name or YAML file."),
            click.option("--settings", "settings_file", type=click.Path(path_type=Path), help="Settings file (YAML)."),
            click.option("--as-of", help="Last day that counts, YYYY-MM-DD. Default: the last day in the data."),
            click.option("--threads", type=click.IntRange(min=1), help="Threads to use."),
            click.option("--memory", help="Memory for reading and sorting, for example 2GB."),
            click.option("--most-quarantined", type=float, help="Share of refused rows above which the run stops."),
            click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True),
            click.option("--quiet", "-q", is_flag=True, help="No progress."),
        )
    ):
        command = option(command)
    return command


def load_settings(path: Path | None, **given: Any) -> Settings:
    """The settings file, with the flags that were given on top."""
    base = Settings.read(path) if path else Settings()
    changed = {name: value for name, value in given.items() if value is not None}
    if "as_of" in changed:
        changed["as_of"] = _day(changed["as_of"])
    try:
        return Settings.model_validate({**base.model_dump(), **changed})
    except ValueError as problem:
        raise SettingsError(f"A flag is out of range: {problem}") from problem


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as problem:
        raise SettingsError(f"--as-of '{text}' is not a day.", fix="Write it as 2026-03-31.") from problem
