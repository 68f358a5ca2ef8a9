"""Questions to accepted transactions that lie elsewhere: each machine answers about the rows it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.intake.apart.rows import ACCEPTED, schema_of, with_words
from amlscreen.intake.sql import identifier
from amlscreen.intake.store import ENUMS, Store, open_store
from amlscreen.settings import Settings

__all__ = ["answered", "as_stored", "read_pieces", "those_of", "written"]


def answered(
    batches: Iterable[pa.RecordBatch], columns: Collection[str], select: str, settings: Settings
) -> pa.Table | None:
    """What a select over ``transactions`` with these columns gives of some rows; None if there is no row."""
    types = {name: ACCEPTED[name] for name in columns}
    worded = (with_words(batch, types) for batch in batches if batch.num_rows)
    first = next(worded, None)
    if first is None:
        return None
    with closing(open_store(settings, in_memory=True)) as store:
        reader = pa.RecordBatchReader.from_batches(schema_of(types, words=True), chain([first], worded))
        store.connection.register("arrived", reader)
        # A reader is read once, and a select may look at its rows several times.
        store.connection.execute(f"CREATE TEMP TABLE transactions AS SELECT {_cast(types)} FROM arrived")
        found: pa.Table = store.connection.sql(select).to_arrow_table()
        return found


def those_of(batches: Iterable[pa.RecordBatch], row_ids: NDArray[np.int64]) -> Iterable[pa.RecordBatch]:
    """The rows with one of these numbers, which rise."""
    for batch in batches:
        own = np.array(batch.column("row_id"))
        place = np.minimum(np.searchsorted(row_ids, own), max(row_ids.size - 1, 0))
        kept = batch.filter(pa.array(row_ids[place] == own)) if row_ids.size else batch.slice(0, 0)
        if kept.num_rows:
            yield kept


def written(table: pa.Table) -> bytes:
    """A table as bytes that any machine can read."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def read_pieces(pieces: Iterable[bytes]) -> pa.Table | None:
    """The tables that were written, one below the other; None if there is none."""
    tables = [pa.ipc.open_stream(piece).read_all() for piece in pieces]
    return pa.concat_tables(tables).unify_dictionaries() if tables else None


def as_stored(store: Store, name: str, rows: pa.Table) -> None:
    """A temporary table of transactions, its columns in the types of the store, by row number."""
    types = {column: ACCEPTED[column] for column in rows.column_names}
    store.connection.register("arrived", rows)
    store.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {_cast(types)} FROM arrived ORDER BY row_id"
    )
    store.connection.unregister("arrived")


def _cast(types: Mapping[str, str]) -> str:
    names: Any = ((identifier(name), kind) for name, kind in types.items())
    return ", ".join(f"{name}::{kind} AS {name}" if kind in ENUMS else name for name, kind in names)
