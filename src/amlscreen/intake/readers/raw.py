"""What reading one file gives: a relation of its records, the rows it could not hold, and where each stood."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from amlscreen.intake.source import SourceFile

__all__ = ["LineCount", "RawFile", "RejectedRow"]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A record that could not be cut into the file's columns; it has an ordinal and a line like any other."""

    record: int
    line: int
    reason: str
    column: str | None
    value: str


@dataclass(frozen=True, slots=True)
class LineCount:
    """Physical lines of a file (rows of a sheet). ``total == header + blank + footer + records + rejected`` always.

    ``header`` counts the skipped lines and the header; ``records`` and ``rejected`` count the lines that accepted and
    rejected records stand on, so a record with a line break inside quotes counts each of its lines.
    """

    total: int
    header: int
    blank: int
    footer: int
    records: int
    rejected: int


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file as DuckDB can read it.

    ``relation`` is SQL for ``FROM (<relation>)``: ``"__record"`` (BIGINT, the ordinal of the record in the file from 1,
    rejected records counted too) and every column of ``columns``. It yields ``records - len(rejected)`` rows.
    """

    source: SourceFile
    columns: tuple[str, ...]
    typed: bool
    relation: str
    records: int
    rejected: tuple[RejectedRow, ...]
    lines: LineCount
    sha256: str
    bytes: int
    encoding: str | None
    separator: str | None
    format: str
    warnings: tuple[str, ...]
    find_lines: Callable[[Collection[int]], dict[int, int]] = field(repr=False)

    def line_of(self, records: Collection[int]) -> dict[int, int]:
        """The physical line (the row, for Excel) on which each of these records starts."""
        return self.find_lines(records)
