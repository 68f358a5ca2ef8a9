"""Cutting a CSV file into records with DuckDB: fast, and trusted only where the sums agree with the bytes.

DuckDB reads the file in parallel into a Parquet file that keeps its order, so the row number there is the ordinal of
the record. What it rejects is found again in the bytes of the file. If rows and rejects do not add up to the lines
counted in the bytes, or DuckDB met anything but a wrong number of cells, the answer is None and the careful reader
takes the file.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from amlscreen.intake.readers.csv_text import CsvText
from amlscreen.intake.readers.lines import Found, find_records
from amlscreen.intake.sql import identifier, literal

__all__ = ["Tokenised", "can_be_tokenised", "tokenise"]

_MOST_REJECTED = 10_000
_LONGEST_LINE = 1_900_000  # DuckDB takes lines of 2 MB
_WRONG_WIDTH = frozenset({"MISSING COLUMNS", "TOO MANY COLUMNS"})


@dataclass(frozen=True, slots=True)
class Tokenised:
    """The number of rows staged, and the logical lines of the body that are no rows."""

    rows: int
    rejected: tuple[Found, ...]


def can_be_tokenised(file: CsvText) -> bool:
    """Whether DuckDB and the careful reader would cut this file alike."""
    layout, dialect, seen = file.task.layout, file.dialect, file.seen
    return (
        not file.text.undecodable
        and not seen.mixed
        and not seen.stray
        and seen.longest_logical <= min(_LONGEST_LINE, file.task.settings.largest_field)
        and dialect.separator.isascii()
        and layout.escape in (None, layout.quote)
        and layout.quote is not None
        and layout.quote.isascii()
        and _quotes_close(dialect.prefix, layout.quote)
        and (len(dialect.columns) > 1 or seen.empty == 0)
    )


def _quotes_close(prefix: str, quote: str) -> bool:
    """Whether every quote before the body closes on its own line, so that skipping lines skips whole records."""
    return all(line.count(quote) % 2 == 0 for line in prefix.splitlines())


def tokenise(file: CsvText) -> Tokenised | None:
    """Stage the body of a file; None if the sums do not agree."""
    task, layout, dialect = file.task, file.task.layout, file.dialect
    rejects, scans = f"rejects_{task.workspace.name}", f"scans_{task.workspace.name}"
    limit = (_MOST_REJECTED + 1) * len(dialect.columns)  # a line is noted once for each cell it lacks
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in dialect.columns)
    relation = (
        f"SELECT * FROM read_csv({literal(str(file.text.path))}, auto_detect = false, compression = 'none', "
        f"header = false, skip = {dialect.before}, columns = {{{columns}}}, "
        f"delim = {literal(dialect.separator)}, quote = {literal(layout.quote)}, escape = {literal(layout.quote)}, "
        f"store_rejects = true, rejects_table = {literal(rejects)}, rejects_scan = {literal(scans)}, "
        f"rejects_limit = {limit})"
    )
    try:
        copied = task.connection.execute(
            f"COPY ({relation}) TO {literal(str(task.target))} (FORMAT parquet)"
        ).fetchall()
        found = task.connection.execute(
            f"SELECT DISTINCT line_byte_position - 1, error_type FROM {identifier(rejects)}"
        ).fetchall()
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return None
    finally:
        task.connection.execute(f"DROP TABLE IF EXISTS {identifier(rejects)}")
        task.connection.execute(f"DROP TABLE IF EXISTS {identifier(scans)}")
    if len(found) > _MOST_REJECTED or any(kind not in _WRONG_WIDTH for _, kind in found):
        return None
    rows = int(copied[0][0])
    offsets = {int(offset) for offset, _ in found}
    if rows + len(offsets) != file.seen.logical:
        return None
    lines = find_records(file.text.path, file.start, layout.quote, offsets=offsets) if offsets else {}
    if len(lines) != len(offsets):
        return None
    return Tokenised(rows, tuple(lines[number] for number in sorted(lines)))
