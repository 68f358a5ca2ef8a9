"""Options that several commands share, and the settings they give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from amlscreen.errors import SettingsError
from amlscreen.settings import Settings

__all__ = ["day_of", "load_settings", "reading"]

Command = TypeVar("Command", bound=Callable[..., Any])

_FLAGS = (
    "as_of",
    "institution",
    "threads",
    "memory",
    "most_quarantined",
    "report_alerts",
    "keep_features",
    "scorecard",
)


def reading(command: Command) -> Command:
    """Options of every command that reads a source."""
    for option in reversed(
        (
            click.argument("source", nargs=-1, required=True, type=click.Path(path_type=Path)),
            click.option("--mapping", "-m", help="Mapping: a shipped name or a YAML file. Default: canonical columns."),
            click.option("--jurisdiction", "-j", default="laos", show_default=True, help="Shipped name or YAML file."),
            click.option("--settings", "settings_file", type=click.Path(path_type=Path), help="Settings file (YAML)."),
            click.option("--as-of", help="Last day that counts, YYYY-MM-DD. Default: the last day in the data."),
            click.option("--institution", help="The bank, for files that do not name it, such as most statements."),
            click.option("--threads", type=click.IntRange(min=1), help="Threads to use."),
            click.option("--memory", help="Memory for the whole run, for example 4GB."),
            click.option("--most-quarantined", type=float, help="Share of refused rows above which the run stops."),
            click.option(
                "--log-format",
                type=click.Choice(["text", "json"]),
                default="text",
                show_default=True,
                help="Progress and warnings, if not on a terminal, as lines or as JSON objects.",
            ),
            click.option("--quiet", "-q", is_flag=True, help="No progress."),
        )
    ):
        command = option(command)
    return command


def load_settings(given: Mapping[str, Any]) -> Settings:
    """The settings file if one is given, with the flags that were given on top."""
    from amlscreen.yaml_file import said_plainly

    path = given["settings_file"]
    base = Settings.read(path) if path else Settings()
    changed = {name: given[name] for name in _FLAGS if given.get(name) is not None}
    if "as_of" in changed:
        changed["as_of"] = day_of(changed["as_of"], "--as-of")
    try:
        return Settings.model_validate({**base.model_dump(), **changed})
    except ValidationError as problem:
        where, message, fix = said_plainly(problem, Settings)
        flag = f"--{where[0]}".replace("_", "-") if where else "the flags"
        raise SettingsError(f"{flag} cannot be used. {message}", fix=fix) from problem


def day_of(text: str, flag: str) -> dt.date:
    """A day as people write it; :class:`~amlscreen.errors.SettingsError` if it is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as problem:
        raise SettingsError(f"{flag} '{text}' is not a day.", fix="Write it as 2026-03-31.") from problem
