"""``amlscreen check SOURCE``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from amlscreen.cli.options import load_settings, reading
from amlscreen.cli.progress import telling

__all__ = ["command"]


@click.command("check")
@reading
def command(source: tuple[Path, ...], **given: Any) -> int:
    """Read SOURCE as `screen` would and report on its quality; nothing is screened or written."""
    from rich.console import Console
    from rich.table import Table

    from amlscreen.intake.check import check
    from amlscreen.intake.dataset import Dataset

    names = ("as_of", "threads", "memory", "most_quarantined")
    settings = load_settings(given["settings_file"], **{name: given[name] for name in names})
    with (
        telling(quiet=given["quiet"], log_format=given["log_format"]) as tell,
        Dataset.read(source, given["mapping"], given["jurisdiction"], settings, progress=tell) as data,
    ):
        report = check(data)
        quarantine = data.quarantine.summary()
        warnings = data.warnings
    console = Console()
    for title, rows in report.sections():
        table = Table(title=title, title_justify="left")
        for name in rows[0] if rows else ():
            table.add_column(name)
        for row in rows:
            table.add_row(*("" if value is None else str(value) for value in row.values()))
        console.print(table)
    if len(quarantine):
        console.print("Quarantined rows, by reason:", highlight=False)
        console.print(quarantine.to_string(index=False), highlight=False)
    for warning in warnings:
        console.print(f"warning: {warning}", highlight=False)
    return 0
