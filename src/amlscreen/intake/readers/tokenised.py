"""Cutting a CSV file into records with DuckDB: fast, and trusted only where the sums agree with the bytes.

DuckDB reads the file in parallel into a Parquet file that keeps its order, so the row number there is the ordinal of
the record. What it rejects is found again in the bytes of the file. If rows and rejects do not add up to the lines
counted in the bytes, or DuckDB met anything but a wrong number of cells, the answer is None and the careful reader
takes the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from amlscreen.intake.layout import Layout
from amlscreen.intake.readers.dialect import Dialect
from amlscreen.intake.readers.lines import Found, Survey, find_records
from amlscreen.intake.readers.text import Text
from amlscreen.intake.sql import identifier, literal
from amlscreen.settings import Settings

__all__ = ["Tokenised", "can_be_tokenised", "ordinal_of", "tokenise"]

_MOST_REJECTED = 1000
_LONGEST_LINE = 1_900_000  # DuckDB takes lines of 2 MB
_WRONG_WIDTH = frozenset({"MISSING COLUMNS", "TOO MANY COLUMNS"})


@dataclass(frozen=True, slots=True)
class Tokenised:
    """The number of rows staged, and the logical lines of the body that are no rows."""

    rows: int
    rejected: tuple[Found, ...]


def can_be_tokenised(text: Text, dialect: Dialect, layout: Layout, seen: Survey, settings: Settings) -> bool:
    """Whether DuckDB and the careful reader would cut this file alike."""
    return (
        not text.undecodable
        and not seen.mixed
        and not seen.stray
        and seen.longest_logical <= min(_LONGEST_LINE, settings.largest_field)
        and dialect.separator.isascii()
        and layout.escape in (None, layout.quote)
        and layout.quote is not None
        and layout.quote.isascii()
        and layout.quote not in dialect.prefix.rsplit("\n", 2)[0]
        and (len(dialect.columns) > 1 or seen.empty == 0)
    )


def tokenise(
    connection: duckdb.DuckDBPyConnection,
    text: Text,
    start: int,
    dialect: Dialect,
    layout: Layout,
    seen: Survey,
    target: Path,
) -> Tokenised | None:
    """Stage the body of a file, which begins at byte ``start``; None if the sums do not agree."""
    rejects, scans = f"rejects_{target.parent.name}", f"scans_{target.parent.name}"
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in dialect.columns)
    relation = (
        f"SELECT * FROM read_csv({literal(str(text.path))}, auto_detect = false, header = false, "
        f"skip = {dialect.header_lines + dialect.blank_lines}, columns = {{{columns}}}, "
        f"delim = {literal(dialect.separator)}, quote = {literal(layout.quote)}, escape = {literal(layout.quote)}, "
        f"store_rejects = true, rejects_table = {literal(rejects)}, rejects_scan = {literal(scans)}, "
        f"rejects_limit = {_MOST_REJECTED + 1})"
    )
    try:
        (rows,) = connection.execute(f"COPY ({relation}) TO {literal(str(target))} (FORMAT parquet)").fetchall()[0]
        found = connection.execute(f"SELECT line_byte_position - 1, error_type FROM {identifier(rejects)}").fetchall()
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return None
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {identifier(rejects)}")
        connection.execute(f"DROP TABLE IF EXISTS {identifier(scans)}")
    if len(found) > _MOST_REJECTED or any(kind not in _WRONG_WIDTH for _, kind in found):
        return None
    offsets = {int(offset) for offset, _ in found}
    if rows + len(offsets) != seen.logical:
        return None
    lines = find_records(text.path, start, layout.quote, offsets=offsets) if offsets else {}
    if len(lines) != len(offsets):
        return None
    return Tokenised(int(rows), tuple(lines[number] for number in sorted(lines)))


def ordinal_of(rejected: tuple[Found, ...]) -> str:
    """SQL for the ordinal of a staged row: its number, moved on by the rejected lines before it.

    Written as a balanced tree of CASE, so that a thousand rejected lines cost ten comparisons a row.
    """
    # The k-th rejected line (from 0) comes before every row whose number is at least its ordinal - 1 - k.
    borders = [found.ordinal - 1 - before for before, found in enumerate(rejected)]

    def branch(low: int, high: int) -> str:
        if low == high:
            return str(low + 1)
        middle = (low + high) // 2
        return f"CASE WHEN file_row_number < {borders[middle]} THEN {branch(low, middle)} ELSE {branch(middle + 1, high)} END"

    return f"file_row_number + ({branch(0, len(borders))})"
