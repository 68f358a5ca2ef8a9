"""Transactions as they cross between Spark and Arrow: words of a closed list as their numbers, all else as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from amlscreen.intake.conform_transactions import STORED
from amlscreen.intake.store import ENUMS

__all__ = ["ROW", "as_words", "ddl", "ledger_schema", "narrow", "with_words"]

ROW: Mapping[str, str] = {"row_id": "BIGINT", "file_no": "INTEGER", "record": "BIGINT", **STORED}
"""The columns of an accepted transaction and their DuckDB types."""
_SPARK = {
    "BIGINT": "bigint",
    "INTEGER": "int",
    "TINYINT": "tinyint",
    "UTINYINT": "smallint",
    "BOOLEAN": "boolean",
    "VARCHAR": "string",
    "BLOB": "binary",
}
_ARROW: Mapping[str, pa.DataType] = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "TINYINT": pa.int8(),
    "UTINYINT": pa.int16(),
    "BOOLEAN": pa.bool_(),
    "VARCHAR": pa.string(),
    "BLOB": pa.binary(),
}


def ddl(columns: Mapping[str, str]) -> str:
    """The Spark schema of columns of these DuckDB types."""
    return ", ".join(f"`{name}` {_SPARK.get(kind, 'tinyint')}" for name, kind in columns.items())


def ledger_schema(columns: Mapping[str, str]) -> pa.Schema:
    """What the ledger reads: words as dictionaries, as DuckDB gives its enumerations."""
    return pa.schema([pa.field(name, _ARROW.get(kind, _WORD)) for name, kind in columns.items()])


_WORD = pa.dictionary(pa.uint8(), pa.string())


def narrow(batch: pa.RecordBatch, columns: Mapping[str, str]) -> pa.RecordBatch:
    """The columns in this order as Spark takes them: words as their numbers."""
    return pa.RecordBatch.from_arrays(
        [_narrow(batch.column(name), kind) for name, kind in columns.items()], names=list(columns)
    )


def _narrow(column: pa.Array[Any], kind: str) -> pa.Array[Any]:
    if kind in ENUMS and isinstance(column, pa.DictionaryArray):
        return column.indices.cast(pa.int8())
    return column.cast(_ARROW.get(kind, pa.int8()))


def with_words(batch: pa.RecordBatch, columns: Mapping[str, str]) -> pa.RecordBatch:
    """The columns in this order as the ledger reads them: numbers back to words."""
    arrays = [as_words(batch.column(name), kind) for name, kind in columns.items()]
    return pa.RecordBatch.from_arrays(arrays, schema=ledger_schema(columns))


def as_words(column: pa.Array[Any], kind: str) -> pa.Array[Any]:
    """Numbers of a closed list as its words; columns of other kinds as they are."""
    if kind not in ENUMS:
        return column.cast(_ARROW[kind])
    words: Any = pa.array(ENUMS[kind], pa.string())
    indices: Any = pc.cast(column, pa.uint8())
    found: pa.Array[Any] = pa.DictionaryArray.from_arrays(indices, words)
    return found
