"""``amlscreen rules coverage SOURCE``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amlscreen.cli.options import load_settings, reading
from amlscreen.cli.printing import print_paragraph, print_table
from amlscreen.cli.progress import telling

if TYPE_CHECKING:
    from amlscreen.covering import Coverage

__all__ = ["command"]

_COUNTS = ("runs", "partly", "blind")


@click.command("coverage")
@reading
@click.option("--rules", "path", type=click.Path(path_type=Path), help="Rule file or folder. Default: shipped.")
@click.option(
    "--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True, help="How."
)
@click.option("--out", "-o", type=click.Path(path_type=Path), help="File to write. Default: print.")
def command(source: tuple[Path, ...], path: Path | None, form: str, out: Path | None, **given: Any) -> int:
    """Say what the rules can see on SOURCE: what runs, what runs on little, what is blind and what would open it.

    Nothing is screened. A rule runs partly if something it needs is known for few of the rows it looks at, if it looks
    back further than the data reach, or if none of the transactions is of the kind it is about.
    """
    from amlscreen.covering import coverage
    from amlscreen.intake.dataset import Dataset
    from amlscreen.rules.ruleset import RuleSet

    rules = RuleSet.load(path).select(status=("stable", "test")) if path else None
    with telling(quiet=given["quiet"], log_format=given["log_format"]) as tell:
        settings = load_settings(given)
        with Dataset.read(source, given["mapping"], given["jurisdiction"], settings, progress=tell) as data:
            tell.warn(data.warnings)
            found = coverage(data, rules, settings=settings)
    if form == "text" and out is None:
        _print(found)
        return 0
    text = {"text": _as_text, "csv": _as_csv, "json": _as_json}[form](found)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8", newline="\n")
    return 0


def _print(found: Coverage) -> None:
    print_paragraph(found.summary)
    for what in ("family", "typology"):
        click.echo()
        print_table((what, *_COUNTS), found.by(what), title=f"By {what}", right=_COUNTS)
    for title, lines in _paragraphs(found):
        click.echo(f"\n{title}:")
        for line in lines:
            print_paragraph(line, indent="  ", hanging=2)


def _paragraphs(found: Coverage) -> Iterator[tuple[str, list[str]]]:
    blind = [f"{one.rule_id} {one.title}: {'; '.join(one.reasons)}" for one in found.of("blind")]
    partly = [f"{one.rule_id} {one.title}: {'; '.join(one.reasons)}" for one in found.of("partly")]
    if found.openers:
        yield "What would open blind rules", [str(one) for one in found.openers]
    if blind:
        yield "Blind", blind
    if partly:
        yield "Partly (a column may be empty by nature, as a merchant category is on a transfer)", partly


def _as_text(found: Coverage) -> str:
    parts = [found.summary]
    for title, lines in _paragraphs(found):
        parts += ["", f"{title}:", *(f"  {line}" for line in lines)]
    return "\n".join(parts) + "\n"


def _as_csv(found: Coverage) -> str:
    out = io.StringIO()
    rows = [one.row() for one in found.rules]
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["rule_id"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _as_json(found: Coverage) -> str:
    return json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n"
