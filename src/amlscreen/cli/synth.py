"""``amlscreen synth FOLDER``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

__all__ = ["command"]

_FORMS = ("canonical", "parquet", "messy")


@click.command("synth")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--customers", default=2000, show_default=True, type=click.IntRange(min=100), help="How many.")
@click.option("--days", default=212, show_default=True, type=click.IntRange(min=90), help="Days from 1 January 2026.")
@click.option("--seed", default=7, show_default=True, type=click.IntRange(min=0), help="Same seed, same bank.")
@click.option(
    "--tier",
    default="rich",
    show_default=True,
    type=click.Choice(["rich", "ordinary", "poor"]),
    help="How much the export tells: all columns; what most banks have; date, account, amount and text only.",
)
@click.option(
    "--form",
    "forms",
    multiple=True,
    default=["canonical"],
    show_default=True,
    type=click.Choice(_FORMS),
    help="Form of the export, a folder for each; may be given several times.",
)
def command(folder: Path, forms: tuple[str, ...], **given: Any) -> int:
    """Write a made-up bank into FOLDER, with planted patterns, innocent look-alikes and labels."""
    from amlscreen.errors import Place, SinkError
    from amlscreen.synth import make_bank

    for form in forms:
        if (folder / form).exists() and any((folder / form).iterdir()):
            raise SinkError("is not empty.", place=Place(str(folder / form)), fix="Name a new or an empty folder.")
    bank = make_bank(**given)
    written = [path for form in forms for path in bank.write(folder, form=form)]  # type: ignore[arg-type]  # click checked it
    for path in dict.fromkeys(written):
        click.echo(str(path))
    return 0
