"""Which references may be transaction ids: those that one account and direction has once in the file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from amlscreen.intake.readers.entries import EntryWriter

__all__ = ["Ids", "only_unique"]


class Ids:
    """The references of a file as hashes, eight bytes each; two that collide only lose their use as an id."""

    def __init__(self) -> None:
        self._parts: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []

    def add(self, keys: Sequence[int]) -> None:
        """Add the hash of account, direction and reference of each entry; 0 where it has no reference."""
        self._parts.append(np.array(keys, np.int64))

    @property
    def repeated(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """For each entry in order, whether its key is another's too."""
        if not self._parts:
            return np.zeros(0, bool)
        keys = np.concatenate(self._parts)
        _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (counts[inverse] > 1) & (keys != 0)
        return found


def only_unique(entries: EntryWriter, ids: Ids) -> None:
    """Empty ``transaction_id`` where the same account and direction has it twice; the file is written anew then."""
    repeated = ids.repeated
    if not repeated.any():
        return
    written = pq.ParquetFile(entries.path)
    schema = written.schema_arrow
    column = schema.get_field_index("transaction_id")
    again = entries.path.with_name("staged_anew.parquet")
    at, left = 0, 0
    with pq.ParquetWriter(again, schema, compression="lz4") as writer:
        for batch in written.iter_batches(batch_size=100_000):
            drop = repeated[at : at + batch.num_rows]
            at += batch.num_rows
            texts = [None if out else value for out, value in zip(drop, batch.column(column).to_pylist(), strict=True)]
            left += sum(value is not None for value in texts)
            writer.write_batch(batch.set_column(column, schema.field(column), pa.array(texts, pa.string())))
    again.replace(entries.path)
    if not left:
        entries.filled.discard("transaction_id")
