"""What reading one file gives: a relation of its records, the rows it could not hold, and where each stood."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from amlscreen.intake.source import SourceFile

__all__ = ["BLANK", "LineCount", "RawFile", "RejectedRow", "Scan", "Statement", "is_blank", "shown"]

BLANK = " \t\u00a0\u3000\x0b\x0c\x1a"  # what a blank cell may hold: white space and the end mark of old DOS files
_LONGEST_VALUE = 200


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
class Statement:
    """One account statement inside a file, and whether its balances bear out its entries.

    Amounts are whole units of ``currency``, positive for money the holder has. ``booked`` is the signed sum of its
    booked entries; ``opening`` and ``closing`` are None where the statement does not give them. ``line`` is where it
    begins.
    """

    line: int
    account: str | None
    number: str | None
    currency: str | None
    entries: int
    booked: Decimal
    opening: Decimal | None
    closing: Decimal | None

    @property
    def agrees(self) -> bool | None:
        """Whether opening and booked entries come to the closing balance; None where a balance is missing."""
        if self.opening is None or self.closing is None:
            return None
        return self.opening + self.booked == self.closing


@dataclass(frozen=True, slots=True)
class Scan:
    """A Parquet file that is read where it lies: SQL that names its columns as the relation does, and their types."""

    path: Path
    names: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file as DuckDB can read it.

    ``relation`` is SQL for ``FROM (<relation>)``: ``"__record"`` (BIGINT) and every column of ``columns``. It yields
    ``records - len(rejected)`` rows in any order. ``__record`` is the ordinal of the record in the file: from 1 to
    ``records`` without a gap, rejected records counted, blank rows and footers not. Empty cells are null. The relation
    and :meth:`line_of` need the input file and the workspace to stay where they are.
    ``statements`` are those that a bank's statement file holds, in its order; ``scan`` is what the relation reads if
    that is one Parquet file and nothing else.
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
    statements: tuple[Statement, ...] = ()
    scan: Scan | None = None

    def line_of(self, records: Collection[int]) -> dict[int, int]:
        """The physical line (the row, for Excel) on which each of these records starts."""
        known = {item.record: item.line for item in self.rejected}
        found = {record: known[record] for record in records if record in known}
        return found | self.find_lines([record for record in records if record not in known])


def is_blank(cells: Iterable[str | None]) -> bool:
    """Whether no cell of a row holds anything."""
    return all(not cell or not cell.strip(BLANK) for cell in cells)


def shown(value: str) -> str:
    """A rejected line as quarantine keeps it: without its line break, and cut where it gets long."""
    return value.rstrip("\r\n")[:_LONGEST_VALUE]
