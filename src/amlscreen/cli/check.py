"""``amlscreen check SOURCE``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from amlscreen.cli.options import load_settings, reading
from amlscreen.cli.printing import print_table
from amlscreen.cli.progress import telling

__all__ = ["command"]

_NUMBERS = frozenset({"rows", "share", "records", "accepted", "quarantined", "duplicates", "distinct", "empty_share"})


@click.command("check")
@reading
def command(source: tuple[Path, ...], **given: Any) -> int:
    """Read SOURCE as `screen` would and report on its quality; nothing is screened or written."""
    from amlscreen.intake.check import check
    from amlscreen.intake.dataset import Dataset

    with telling(quiet=given["quiet"], log_format=given["log_format"]) as tell:
        settings = load_settings(given)
        with Dataset.read(source, given["mapping"], given["jurisdiction"], settings, progress=tell) as data:
            tell.warn(data.warnings)
            report = check(data)
            quarantine = data.quarantine.summary()
    for title, rows in report.sections():
        if rows:
            print_table(list(rows[0]), rows, title=title, right=_NUMBERS)
    if len(quarantine):
        quarantine["share"] = quarantine["share"].map("{:.2%}".format)
        rows = [dict(zip(quarantine.columns, row, strict=True)) for row in quarantine.itertuples(index=False)]
        print_table(list(quarantine.columns), rows, title="Quarantined rows, by reason", right=_NUMBERS)
    return 0
