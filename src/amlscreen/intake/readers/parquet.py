"""A Parquet file as a relation: DuckDB reads it where it lies, with its own types."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.names import column_names
from amlscreen.intake.readers.raw import LineCount, RawFile, Scan
from amlscreen.intake.readers.task import Task
from amlscreen.intake.sql import identifier, literal

__all__ = ["parquet_relation", "read_parquet_file", "reading_parquet"]

_SMALLEST = 12
_READ_WHOLE = 50 * 2**20  # to decode a file of this size takes a tenth of a second


@contextmanager
def reading_parquet(name: str) -> Iterator[None]:
    """What DuckDB says about a damaged file, as a DataError that names the file.

    Only the pages that are needed are ever decoded, so damage in a large file shows when its relation is used.
    """
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.InterruptException):
        raise
    except duckdb.Error as problem:
        said = f"is not a Parquet file that can be read: {str(problem).splitlines()[0].rstrip('.')}."
        raise DataError(said, place=Place(name), fix="Export it again.") from problem


def parquet_relation(paths: Sequence[Path], names: str, further: str = "") -> str:
    """The records of Parquet files with the same columns; in ``further`` stands ``file_index`` for the file's place."""
    files = f"[{', '.join(literal(str(path)) for path in paths)}]"
    more = f", {further}" if further else ""
    return f'SELECT file_row_number + 1 AS "__record", {names}{more} FROM read_parquet({files}, file_row_number = true)'


def read_parquet_file(task: Task) -> RawFile:
    """A Parquet file; its records are its rows, and the line of a record is its row number."""
    with task.content.path.open("rb") as handle:
        handle.seek(-4, 2)
        if handle.read() != b"PAR1" or handle.tell() < _SMALLEST:
            said = "is cut short: the end of the Parquet file is missing."
            raise DataError(said, place=task.place, fix="Copy it again.")
    path = task.content.path
    source = f"read_parquet({literal(str(path))}, file_row_number = true)"
    with reading_parquet(task.source.name):
        described = task.connection.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {source}").fetchall()
        given = [str(row[0]) for row in described]
        rows = int(task.connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0])
        if task.content.path.stat().st_size <= _READ_WHOLE:
            decoded = ", ".join(f"max(hash({identifier(name)}))" for name in given)
            task.connection.execute(f"SELECT {decoded} FROM {source}").fetchall()
    columns, warnings = column_names(given)
    names = ", ".join(f"{identifier(old)} AS {identifier(new)}" for old, new in zip(given, columns, strict=True))
    return RawFile(
        source=task.source,
        columns=columns,
        typed=True,
        relation=parquet_relation([path], names),
        records=rows,
        rejected=(),
        lines=LineCount(rows, 0, 0, 0, rows, 0),
        sha256=task.content.sha256,
        bytes=task.content.bytes,
        encoding=None,
        separator=None,
        format="parquet",
        warnings=warnings if rows else (*warnings, "holds no record."),
        scan=Scan(path, names, tuple(str(row[1]) for row in described)),
        find_lines=lambda records: {record: record for record in records if 0 < record <= rows},
    )
