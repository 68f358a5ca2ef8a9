"""Tables that a caller holds in memory, made ready for the same statements that conform files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from amlscreen.errors import DataError, Place, did_you_mean
from amlscreen.intake.readers.raw import LineCount, RawFile
from amlscreen.intake.source import SourceFile
from amlscreen.schema import TABLES

__all__ = ["given_file"]


def given_file(connection: duckdb.DuckDBPyConnection, table: str, rows: Any) -> RawFile:
    """A table in memory as if it were a file; its records count from 1."""
    if table not in TABLES:
        raise DataError(f"There is no table '{table}'.", fix=did_you_mean(table, TABLES))
    arrow = _arrow(table, rows)
    for name in arrow.column_names:
        if name not in TABLES[table].names:
            raise DataError(f"'{name}' is no column of {table}.", fix=did_you_mean(name, TABLES[table].names))
    numbered = arrow.append_column("__record", pa.array(range(1, arrow.num_rows + 1), pa.int64()))
    connection.register(f"given_{table}", numbered)
    place = f"{table} (in memory)"
    return RawFile(
        source=SourceFile(Path(place), None, place),
        columns=tuple(arrow.column_names),
        typed=True,
        relation=f"SELECT * FROM given_{table}",
        records=arrow.num_rows,
        rejected=(),
        lines=LineCount(arrow.num_rows, 0, 0, 0, arrow.num_rows, 0),
        sha256="",
        bytes=arrow.nbytes,
        encoding=None,
        separator=None,
        format="memory",
        warnings=(),
        find_lines=lambda records: {record: record for record in records},
    )


def _arrow(table: str, rows: Any) -> pa.Table:
    if isinstance(rows, pa.Table):
        return rows
    if hasattr(rows, "to_dict") and hasattr(rows, "columns"):
        return pa.Table.from_pandas(rows, preserve_index=False).replace_schema_metadata(None)
    if isinstance(rows, Sequence) and all(isinstance(row, Mapping) for row in rows):
        names = list(dict.fromkeys(name for row in rows for name in row)) or TABLES[table].names
        return pa.table(
            {name: pa.array([_text(row.get(name), table, name) for row in rows], pa.string()) for name in names}
        )
    raise DataError(f"{table} must be a list of mappings, a pyarrow Table or a pandas DataFrame.", place=Place(table))


def _text(value: object, table: str, column: str) -> str | None:
    """A Python value as a file would spell it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f") if isfinite(value) else str(value)
    if isinstance(value, int | Decimal):
        return format(value, "d" if isinstance(value, int) else "f")
    if isinstance(value, dt.date):
        return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
    kind = type(value).__name__
    raise DataError(f"{column} holds a {kind}; give text, a number, a date or None.", place=Place(table))
