"""``amlscreen map FILE...``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from amlscreen.intake.proposing.proposal import Proposal

__all__ = ["command"]


@click.command("map")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("mapping.yml"),
    show_default=True,
    help="Mapping to write.",
)
@click.option("--jurisdiction", "-j", default="laos", show_default=True, help="Shipped name or YAML file.")
@click.option("--institution", help="The bank, for files that do not name it.")
@click.option("--settings", "settings_file", type=click.Path(path_type=Path), help="Settings file (YAML).")
@click.option("--rows", type=click.IntRange(0, 20), help="Rows of each file to show. Default: what fits, up to 3.")
@click.option("--no-values", is_flag=True, help="Mask what rows hold: letters as a, digits as 9.")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing; take the likeliest answers.")
@click.option("--force", is_flag=True, help="Replace the mapping file if there is one.")
def command(files: tuple[Path, ...], out: Path, **given: Any) -> int:
    """Look at unknown exports, show what would be read of them, and write a mapping to check and keep.

    On a terminal it asks about what it is unsure of. Otherwise it takes the likeliest answers, marks them UNSURE in the
    mapping, and lists them on stderr; the exit code is then 0 all the same.
    """
    from amlscreen.cli.map_asking import ask
    from amlscreen.cli.map_showing import Shown, show, tell_unsure
    from amlscreen.cli.options import load_settings
    from amlscreen.errors import SinkError
    from amlscreen.intake.proposing.propose import propose
    from amlscreen.intake.proposing.writer import write_mapping
    from amlscreen.jurisdiction import Jurisdiction

    if out.exists() and not given["force"]:
        raise SinkError(f"{out} is there already.", fix="Name another file with -o, or add --force to replace it.")
    settings, country = load_settings(given), Jurisdiction.load(given["jurisdiction"])
    proposal = propose(files, settings, country)
    shown = Shown.of(files, country, settings, rows=given["rows"], values=not given["no_values"])
    show(proposal, shown)
    if not any(each.sight.needs_mapping for each in proposal.files):
        _no_mapping_needed(files)
        return 0
    answered = False
    if sys.stdin.isatty() and sys.stdout.isatty() and not given["yes"]:
        proposal, answered = ask(proposal, shown), True
    write_mapping(proposal, out)
    if not answered:
        tell_unsure(proposal, out)
    _what_next(proposal, files, out)
    return 0


def _no_mapping_needed(files: tuple[Path, ...]) -> None:
    click.echo("These files say themselves what they hold; they need no mapping, and none was written.", err=True)
    click.echo(f"Next: {shlex.join(['amlscreen', 'check', *map(str, files)])}", err=True)


def _what_next(proposal: Proposal, files: tuple[Path, ...], out: Path) -> None:
    click.echo(f"Wrote {out}.", err=True)
    click.echo(f"Next: {shlex.join(['amlscreen', 'check', *map(str, files), '--mapping', str(out)])}", err=True)
