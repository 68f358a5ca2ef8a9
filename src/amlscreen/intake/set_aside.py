"""Tables of the bank's customers and accounts in files of the run's folder, read where they lie.

The system may let go of the pages of a mapped file whenever it needs memory, so tables of millions of rows do not count
against what else a run holds.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

__all__ = ["FEWEST_BYTES", "on_disk"]

FEWEST_BYTES = 16 * 2**20
"""Smaller tables are kept in memory."""


def on_disk(batches: pa.RecordBatchReader, schema: pa.Schema, folder: Path | None) -> pa.Table:
    """The rows in the types of ``schema``; a large table lies in a file that goes with the last one who reads it."""
    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        held.append(_typed(batch, schema))
        size += held[-1].nbytes
        if folder is not None and size >= FEWEST_BYTES:
            return _mapped(held, batches, schema, folder)
    return pa.Table.from_batches(held, schema=schema)


def _typed(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [batch.column(place).cast(field.type) for place, field in enumerate(schema)], schema=schema
    )


def _mapped(held: list[pa.RecordBatch], batches: pa.RecordBatchReader, schema: pa.Schema, folder: Path) -> pa.Table:
    number, name = tempfile.mkstemp(dir=folder, prefix="table-")
    with os.fdopen(number, "wb") as file, pa.ipc.new_file(file, schema) as writer:
        for batch in held:
            writer.write_batch(batch)
        held.clear()
        for batch in batches:
            writer.write_batch(_typed(batch, schema))
    with pa.memory_map(name) as source:
        table: pa.Table = pa.ipc.open_file(source).read_all()
    with suppress(OSError):  # where a file that is mapped cannot go (Windows), it goes with the folder
        os.unlink(name)
    return table
