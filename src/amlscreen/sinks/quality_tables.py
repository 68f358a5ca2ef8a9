"""The data-quality report as files, sheets and a section of the page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from amlscreen._version import __version__
from amlscreen.errors import Place, SinkError
from amlscreen.quality import QualityReport
from amlscreen.quality.report import rules_told
from amlscreen.quality.words import percent
from amlscreen.sinks.atomic import PROGRAM, replacing
from amlscreen.sinks.standalone import asset, standalone
from amlscreen.sinks.tabular import write_csv

__all__ = [
    "QUALITY_OUTPUTS",
    "PageQuality",
    "columns_for_people",
    "findings_for_people",
    "findings_for_sheet",
    "page_quality",
    "quality_page",
    "write_quality",
    "write_quality_folder",
]

QUALITY_OUTPUTS = ("quality.csv", "quality.html", "quality.json", "quality_columns.csv")
"""What `amlscreen check -o` leaves in its folder."""

_COLUMNS = (
    "table",
    "column",
    "file",
    "rows",
    "of",
    "empty_share",
    "distinct",
    "is_exact",
    "least",
    "greatest",
    "example",
)


def findings_for_people(report: QualityReport) -> pa.Table:
    """One row for each finding, gravest first."""
    return report.table


def findings_for_sheet(report: QualityReport) -> pa.Table:
    """The same for a sheet: what to do beside what was seen, and the first rules only; ``quality.csv`` has all."""
    names = ("severity", "title", "where", "what", "action")
    rows = [
        {**{name: getattr(one, name) for name in names}, "rules": rules_told(one), "meaning": one.meaning,
         "rows": one.rows, "check": one.check}
        for one in report.findings
    ]  # fmt: skip
    kinds: dict[str, pa.DataType] = dict.fromkeys((*names, "rules", "meaning"), pa.string())
    schema = pa.schema(kinds | {"rows": pa.int64(), "check": pa.string()})
    return pa.Table.from_pylist(rows, schema)


def columns_for_people(report: QualityReport) -> pa.Table:
    """One row for each column with a value; ``file`` is empty for all files together."""
    return report.facts.columns_table().select(list(_COLUMNS))


def write_quality(report: QualityReport, folder: Path) -> None:
    """``quality.csv`` and ``quality_columns.csv``."""
    write_csv(findings_for_people(report), folder / "quality.csv")
    write_csv(columns_for_people(report), folder / "quality_columns.csv")


def write_quality_folder(report: QualityReport, out: Path, *, institutions: str) -> tuple[Path, ...]:
    """The report alone, in a folder of its own; SinkError for the folder of a screen, whose files tie together."""
    if (out / "run.json").exists():
        raise SinkError(
            "holds what a screen wrote, quality.csv among it.",
            place=Place(str(out)),
            fix="Give a folder of its own; nothing was written.",
        )
    with replacing(out, QUALITY_OUTPUTS) as folder:
        write_quality(report, folder)
        content = {"program": PROGRAM, "version": __version__, **report.to_dict()}
        text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
        (folder / "quality.json").write_text(text + "\n", encoding="utf-8", newline="\n")
        (folder / "quality.html").write_text(quality_page(report, institutions), encoding="utf-8", newline="\n")
    return tuple(out / name for name in QUALITY_OUTPUTS)


@dataclass(frozen=True, slots=True)
class PageQuality:
    """What the page shows: the findings with the rules they concern, and the columns of all files together."""

    summary: str
    findings: list[dict[str, Any]]
    columns: list[dict[str, Any]]
    note: str


def page_quality(report: QualityReport) -> PageQuality:
    """The findings in words, and every column with a value."""
    findings = [
        {**one.row(), "rules": rules_told(one), "rows": "" if one.rows is None else f"{one.rows:,}"}
        for one in report.findings
    ]
    columns = [
        {
            "table": one.table,
            "column": one.column,
            "empty": percent(one.rows - one.filled, one.rows),
            "distinct": f"{one.distinct:,}" if one.is_exact else f"about {one.distinct:,}",
            "least": one.least or "",
            "greatest": one.greatest or "",
            "example": one.example or "",
        }
        for one in report.facts.columns
        if not one.file
    ]
    return PageQuality(report.summary, findings, columns, _note(report))


def _note(report: QualityReport) -> str:
    facts, parts = report.facts, []
    if report.left_out:
        parts.append(
            f"Not checked on this run, as it takes one more pass: {', '.join(report.left_out)}. `amlscreen check` does."
        )
    if report.left_out and facts.sampled < facts.rows:
        parts.append(f"Columns of transactions are told from {facts.sampled:,} of {facts.rows:,} rows.")
    return " ".join(parts)


def quality_page(report: QualityReport, institutions: str) -> str:
    """The report as a page of its own; equal reports give equal text."""
    return standalone(
        "quality.html.j2",
        style=asset("report.css"),
        script="",
        page={"quality": page_quality(report), "institutions": institutions, "version": __version__},
    )
