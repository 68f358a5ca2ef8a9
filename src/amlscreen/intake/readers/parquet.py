"""A Parquet file as a relation: DuckDB reads it where it lies, with its own types."""

from __future__ import annotations

import duckdb

from amlscreen.errors import DataError
from amlscreen.intake.readers.names import column_names
from amlscreen.intake.readers.raw import LineCount, RawFile
from amlscreen.intake.readers.task import Task
from amlscreen.intake.sql import identifier, literal

__all__ = ["read_parquet_file"]

_SMALLEST = 12


def read_parquet_file(task: Task) -> RawFile:
    """A Parquet file; its records are its rows, and the line of a record is its row number."""
    path = literal(str(task.content.path))
    with task.content.path.open("rb") as handle:
        handle.seek(-4, 2)
        if handle.read() != b"PAR1" or handle.tell() < _SMALLEST:
            said = "is cut short: the end of the Parquet file is missing."
            raise DataError(said, place=task.place, fix="Copy it again.")
    try:
        described = task.connection.execute(f"DESCRIBE SELECT * FROM read_parquet({path})").fetchall()
        (rows,) = task.connection.execute(f"SELECT count(*) FROM read_parquet({path})").fetchall()[0]
    except duckdb.Error as problem:
        said = f"is not a Parquet file that can be read: {str(problem).splitlines()[0]}"
        raise DataError(said, place=task.place, fix="Export it again.") from problem
    given = [str(row[0]) for row in described]
    columns, warnings = column_names(given)
    names = ", ".join(f"{identifier(old)} AS {identifier(new)}" for old, new in zip(given, columns, strict=True))
    relation = f'SELECT file_row_number + 1 AS "__record", {names} FROM read_parquet({path}, file_row_number = true)'
    return RawFile(
        source=task.source,
        columns=columns,
        typed=True,
        relation=relation,
        records=int(rows),
        rejected=(),
        lines=LineCount(int(rows), 0, 0, 0, int(rows), 0),
        sha256=task.content.sha256,
        bytes=task.content.bytes,
        encoding=None,
        separator=None,
        format="parquet",
        warnings=warnings if rows else (*warnings, "holds no record."),
        find_lines=lambda records: {record: record for record in records if 0 < record <= rows},
    )
