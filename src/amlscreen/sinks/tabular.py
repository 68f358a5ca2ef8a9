"""CSV, Parquet and JSON lines.

CSV is RFC 4180 (CRLF, doubled quotes) in UTF-8 with a byte-order mark, as people open it in Excel; lists are joined
by ``;`` and text cells are formula-safe. Parquet and JSON lines keep values as they are, for programs.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from amlscreen.alerts import Alert
from amlscreen.sinks.cells import safe_table
from amlscreen.sinks.tables import ALERT_COLUMNS, alert_record
from amlscreen.sinks.wording import Money

__all__ = ["alerts_for_csv", "flat", "write_csv", "write_json_lines", "write_parquet"]

Column = Any  # an Arrow column: the stubs' overloads know too few of the functions used here

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CSV: dict[str, Any] = {"eol": "\r\n", "quoting_header": "none"}
_ROWS_AT_ONCE = 200_000
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)  # Windows would add line ends
_OWNER_ONLY = 0o600
_EVERYONE_BY_UMASK = 0o666


def write_csv(table: pa.Table, path: Path, *, owner_only: bool = False) -> None:
    """The table as CSV; ``owner_only`` files are never readable by others, not even while being written."""
    mode = _OWNER_ONLY if owner_only else _EVERYONE_BY_UMASK
    handle = os.open(path, _NEW_FILE, mode)
    options = pyarrow.csv.WriteOptions(**_CSV)
    whole_seconds = _without_idle_fractions(table)
    with os.fdopen(handle, "wb") as file:
        file.write(_BYTE_ORDER_MARK)
        schema = safe_table(flat(whole_seconds.slice(0, 0))).schema
        with pyarrow.csv.CSVWriter(file, schema, write_options=options) as writer:
            for start in range(0, table.num_rows, _ROWS_AT_ONCE):
                writer.write_table(safe_table(flat(whole_seconds.slice(start, _ROWS_AT_ONCE))))


def write_parquet(table: pa.Table, path: Path) -> None:
    """The table as Parquet, without metadata that could differ between equal runs."""
    pyarrow.parquet.write_table(table.replace_schema_metadata(None), path, compression="zstd")


def write_json_lines(alerts: Sequence[Alert], money: Money, path: Path) -> None:
    """One alert a line; ``amount`` is a decimal string, so that no reader rounds it."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for alert in alerts:
            file.write(json.dumps(alert_record(alert, money), ensure_ascii=False, default=str))
            file.write("\n")


def flat(table: pa.Table) -> pa.Table:
    """The table with lists joined by ``;`` and contributions written out, so that a CSV can hold it."""
    columns = [_flat_column(column) for column in table.columns]
    return pa.table(columns, names=table.column_names)


def alerts_for_csv(table: pa.Table) -> pa.Table:
    """The fixed columns of ``alerts.csv``, in their fixed order."""
    return table.select(list(ALERT_COLUMNS))


def _flat_column(column: Column) -> Column:
    if not pa.types.is_list(column.type):
        return column
    if pa.types.is_struct(column.type.value_type):
        lines = [None if row is None else ";".join(map(_contribution, row)) for row in column.to_pylist()]
        return pa.chunked_array([pa.array(lines, pa.string())])
    return pc.binary_join(column, ";")


def _contribution(row: dict[str, Any]) -> str:
    """``rule HT-A01 +45``: short enough for a cell; the words stand in the other files."""
    named = " ".join(part for part in (row["kind"], row["rule_id"]) if part)
    return f"{named} {row['points']:+d}"


def _without_idle_fractions(table: pa.Table) -> pa.Table:
    """Times to the second where no row of the column has a fraction; else the column stays exact."""
    for number, field in enumerate(table.schema):
        if not pa.types.is_timestamp(field.type):
            continue
        try:
            whole = table.column(number).cast(pa.timestamp("s"))
        except pa.ArrowInvalid:
            continue
        table = table.set_column(number, field.name, whole)
    return table
