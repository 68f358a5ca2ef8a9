"""That nothing was lost: rows and money read equal rows and money accepted, quarantined and duplicated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from amlscreen.errors import EngineError
from amlscreen.intake.duplicates import DUPLICATE
from amlscreen.intake.figures import Figures
from amlscreen.intake.part import Part
from amlscreen.intake.store import count_rows

__all__ = ["ControlTotal", "FileCount", "Reconciliation", "reconcile"]


@dataclass(frozen=True, slots=True)
class FileCount:
    """What became of one file's rows for one table; lines are physical lines (rows of a sheet)."""

    file: str
    table: str
    sha256: str
    bytes: int
    format: str
    encoding: str | None
    separator: str | None
    lines: int
    header: int
    blank: int
    footer: int
    records: int
    excluded: int
    accepted: int
    quarantined: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """Transactions of one currency in one state: how many, and their debits and credits in its minor units."""

    currency: str
    state: str
    rows: int
    debit: int
    credit: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Counts by file and control totals by currency; ``ties`` raises EngineError if they do not add up."""

    files: tuple[FileCount, ...]
    totals: tuple[ControlTotal, ...]
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    rows_duplicate: int
    rows_excluded: int

    def ties(self) -> None:
        """Every row read is accepted, quarantined, a duplicate or excluded by the mapping; and so is every amount."""
        for each in self.files:
            ended = each.accepted + each.quarantined + each.duplicates + each.excluded
            if each.records != ended:
                raise EngineError(
                    f"{each.file}: {each.records} rows were read for {each.table} but {ended} are accounted for."
                )
        by: dict[str, dict[str, ControlTotal]] = {}
        for total in self.totals:
            by.setdefault(total.currency, {})[total.state] = total
        for currency, states in by.items():
            for figure in ("rows", "debit", "credit"):
                read = getattr(states["read"], figure) if "read" in states else 0
                ended = sum(getattr(total, figure) for state, total in states.items() if state != "read")
                if read != ended:
                    raise EngineError(
                        f"{currency}: control total of {figure} does not tie: {read} read, {ended} accounted for."
                    )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for ``run.json``."""
        return asdict(self)


def reconcile(
    connection: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    counts: Mapping[int, Counter[tuple[str, str]]],
    figures: Figures,
) -> Reconciliation:
    """What became of every row; ``figures`` count the transactions."""
    accepted = Counter(figures.accepted)
    for table in {part.table for part in parts} - {"transactions"}:
        found = connection.execute(f"SELECT file_no, count(*) FROM {table} GROUP BY file_no").fetchall()
        accepted.update({int(no): int(rows) for no, rows in found})
    files = tuple(_file(connection, part, accepted[part.file_no], sum(counts[part.file_no].values())) for part in parts)
    return Reconciliation(
        files=files,
        totals=tuple(ControlTotal(*key, *each) for key, each in sorted(figures.totals.items())),
        rows_read=sum(each.records for each in files),
        rows_accepted=sum(each.accepted for each in files),
        rows_quarantined=sum(each.quarantined for each in files),
        rows_duplicate=sum(each.duplicates for each in files),
        rows_excluded=sum(each.excluded for each in files),
    )


def _file(connection: duckdb.DuckDBPyConnection, part: Part, accepted: int, quarantined: int) -> FileCount:
    duplicates = count_rows(connection, f"aside_{part.table} WHERE file_no = {part.file_no} AND problem = {DUPLICATE}")
    raw = part.raw
    return FileCount(
        file=part.name,
        table=part.table,
        sha256=raw.sha256,
        bytes=raw.bytes,
        format=raw.format,
        encoding=raw.encoding,
        separator=raw.separator,
        lines=raw.lines.total,
        header=raw.lines.header,
        blank=raw.lines.blank,
        footer=raw.lines.footer,
        records=raw.records,
        excluded=part.excluded,
        accepted=accepted,
        quarantined=quarantined,
        duplicates=duplicates,
    )
