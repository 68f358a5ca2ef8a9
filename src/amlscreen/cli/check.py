"""``amlscreen check SOURCE``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amlscreen.cli.options import load_settings, reading
from amlscreen.cli.printing import print_paragraph, print_table
from amlscreen.cli.progress import telling

if TYPE_CHECKING:
    import pandas as pd

    from amlscreen.quality import Finding, QualityReport

__all__ = ["command"]

FOUND = 4
_SEVERITIES = ("error", "warning", "info")
_COLOURS = {"error": "red", "warning": "yellow", "info": "white"}
_NUMBERS = frozenset({"rows", "share", "records", "accepted", "quarantined", "duplicates", "distinct", "empty_share"})
_FILES = ("file", "table", "records", "accepted", "quarantined", "duplicates", "excluded")
_COLUMNS = ("file", "column", "rows", "empty_share", "distinct", "least", "greatest", "example")


@click.command("check")
@reading
@click.option("--rules", "path", type=click.Path(path_type=Path), help="Rule file or folder. Default: shipped.")
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Folder for the report: page, CSV and JSON.")
@click.option(
    "--fail-on",
    type=click.Choice(_SEVERITIES),
    help="Leave with exit code 4 if a finding is as grave as this or graver.",
)
def command(source: tuple[Path, ...], path: Path | None, out: Path | None, **given: Any) -> int:
    """Read SOURCE as `screen` would and report on its quality; nothing is screened.

    Findings come first, gravest first: what was seen, what to do, and which rules it blinds or weakens. Then files,
    control totals and columns. What `screen` would refuse is reported all the same, and then refused.
    """
    from amlscreen.intake.dataset import Dataset
    from amlscreen.quality import check
    from amlscreen.rules.ruleset import RuleSet
    from amlscreen.sinks.quality_tables import write_quality_folder

    rules = RuleSet.load(path).select(status=("stable", "test")) if path else None
    with telling(quiet=given["quiet"], log_format=given["log_format"]) as tell:
        settings = load_settings(given)
        with Dataset.read(
            source, given["mapping"], given["jurisdiction"], settings, progress=tell, refuse=False
        ) as data:
            tell.warn(data.warnings)
            tell("checking", 0, None)
            report = check(data, rules, settings=settings)
            quarantine = data.quarantine.summary()
            institutions, refusal = ", ".join(data.institutions), data.refusal
    if out is not None:
        write_quality_folder(report, out, institutions=institutions)
    _print(report, quarantine)
    if out is not None:
        click.echo(f"\nOpen {out / 'quality.html'}; everything is in {out}.")
    if refusal:
        raise refusal
    return _exit_code(report, given["fail_on"])


def _exit_code(report: QualityReport, fail_on: str | None) -> int:
    grave = _SEVERITIES[: _SEVERITIES.index(fail_on) + 1] if fail_on else ()
    return FOUND if any(one.severity in grave for one in report.findings) else 0


def _print(report: QualityReport, quarantine: pd.DataFrame) -> None:
    print_paragraph(report.summary)
    for one in report.findings:
        _print_finding(one)
    click.echo()
    for title, rows in _tables(report):
        if rows:
            print_table(list(rows[0]), rows, title=title, right=_NUMBERS)
    if len(quarantine):
        quarantine["share"] = quarantine["share"].map("{:.2%}".format)
        rows = [dict(zip(quarantine.columns, row, strict=True)) for row in quarantine.itertuples(index=False)]
        print_table(list(quarantine.columns), rows, title="Quarantined rows, by reason", right=_NUMBERS)


def _print_finding(one: Finding) -> None:
    from amlscreen.quality.report import rules_told

    severity = click.style(f"{one.severity:<8}", fg=_COLOURS[one.severity], bold=one.severity == "error")
    click.echo(f"\n{severity} {one.title} [{one.check}]{f': {one.where}' if one.where else ''}")
    for text in (one.what, one.meaning, one.action, rules_told(one)):
        if text:
            print_paragraph(text, indent="         ")


def _tables(report: QualityReport) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    yield "Files", [{name: getattr(file, name) for name in _FILES} for file in report.facts.files]
    yield "Control totals, in minor units", [dict(one) for one in report.facts.totals]
    for table in dict.fromkeys(one.table for one in report.facts.columns):
        columns = [one for one in report.facts.columns if one.table == table]
        by_file = any(one.file for one in columns)
        yield (
            table,
            [
                {name: _cell(one, name) for name in _COLUMNS if by_file or name != "file"}
                for one in sorted(columns, key=lambda one: one.file)
            ],
        )


def _cell(one: Any, name: str) -> Any:
    from amlscreen.quality.words import percent

    if name == "empty_share":
        return percent(one.rows - one.filled, one.rows)
    if name == "distinct":
        return f"{one.distinct}" if one.is_exact else f"~{one.distinct}"
    return getattr(one, name)
