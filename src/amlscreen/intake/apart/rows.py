"""How transactions cross from machine to machine: words of a closed list as their numbers, all else as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from amlscreen.intake.conform_transactions import STORED
from amlscreen.intake.store import ENUMS

__all__ = ["ACCEPTED", "CONFORMED", "narrow", "schema_of", "with_words"]

ACCEPTED: Mapping[str, str] = {"row_id": "BIGINT", "file_no": "INTEGER", "record": "BIGINT", **STORED}
"""The columns of an accepted transaction and their DuckDB types."""
CONFORMED: Mapping[str, str] = {
    "task": "INTEGER",
    "part": "INTEGER",
    "record": "BIGINT",
    **STORED,
    "problem": "UTINYINT",
    "problem_value": "VARCHAR",
    "made": "BOOLEAN",
}
"""A row before it is known which others say the same: by task, part within it, and record."""
_ARROW: Mapping[str, pa.DataType] = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "TINYINT": pa.int8(),
    "UTINYINT": pa.int16(),
    "BOOLEAN": pa.bool_(),
    "VARCHAR": pa.string(),
    "BLOB": pa.binary(),
}
_WORD = pa.dictionary(pa.uint8(), pa.string())


def schema_of(columns: Mapping[str, str], *, words: bool) -> pa.Schema:
    """The Arrow schema of columns of these DuckDB types: enumerations as dictionaries, or as numbers."""
    kind = _WORD if words else pa.int8()
    return pa.schema([pa.field(name, _ARROW.get(each, kind)) for name, each in columns.items()])


def narrow(batch: pa.RecordBatch, columns: Mapping[str, str]) -> pa.RecordBatch:
    """The columns in this order, words as their numbers; columns that are not there are empty."""
    schema = schema_of(columns, words=False)
    arrays = [
        _numbers(batch.column(field.name), field.type)
        if field.name in batch.schema.names
        else pa.nulls(batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _numbers(column: pa.Array[Any], kind: pa.DataType) -> pa.Array[Any]:
    if isinstance(column, pa.DictionaryArray):
        return column.indices.cast(kind)
    return column.cast(kind)


def with_words(batch: pa.RecordBatch, columns: Mapping[str, str]) -> pa.RecordBatch:
    """The columns in this order as DuckDB gives them: numbers back to words."""
    arrays = [_words(batch.column(name), kind) for name, kind in columns.items()]
    return pa.RecordBatch.from_arrays(arrays, schema=schema_of(columns, words=True))


def _words(column: pa.Array[Any], kind: str) -> pa.Array[Any]:
    if kind not in ENUMS:
        return column.cast(_ARROW[kind])
    words: Any = pa.array(ENUMS[kind], pa.string())
    indices: Any = pc.cast(column, pa.uint8())
    found: pa.Array[Any] = pa.DictionaryArray.from_arrays(indices, words)
    return found
