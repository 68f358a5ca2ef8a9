"""``amlscreen synth DIR``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


@click.command("synth")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--customers", default=2000, show_default=True, type=click.IntRange(min=100))
@click.option("--days", default=180, show_default=True, type=click.IntRange(min=60))
@click.option("--seed", default=7, show_default=True, type=int)
@click.option("--tier", default="rich", show_default=True, type=click.Choice(["rich", "ordinary", "poor"]))
@click.option("--form", default="canonical", show_default=True, type=click.Choice(["canonical", "parquet", "messy"]))
def command(folder: Path, customers: int, days: int, seed: int, tier: str, form: str) -> int:
    """Write a made-up bank into FOLDER, with planted patterns, innocent look-alikes and labels."""
    from amlscreen.errors import SinkError
    from amlscreen.synth import make_bank

    if folder.exists() and any(folder.iterdir()):
        raise SinkError(f"{folder} is not empty.", fix="Name a new or an empty folder.")
    bank = make_bank(customers=customers, days=days, seed=seed, tier=tier)  # type: ignore[arg-type]  # click checked it
    for path in bank.write(folder, form=form):  # type: ignore[arg-type]  # click checked it
        click.echo(str(path))
    return 0
