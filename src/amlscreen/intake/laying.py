"""Laying out: every accepted row is written once, into the bucket of its owner.

The store is read in one pass, unsorted and some hundred thousand rows at a time; each such run is put in the order of
buckets and written, a piece for each. What a bucket needs later is read back without touching the others.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.budget import budget_of
from amlscreen.intake.buckets import AT, DIRECTION, IDS, PLACE, Buckets, Holders, Ints, Pieces, cut_into_buckets
from amlscreen.intake.stream import rows_until

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["BUCKET_ROWS", "lay_out"]

BUCKET_ROWS = 500_000
"""Of a bucket: it is sorted in memory, where a row takes about 400 bytes meanwhile."""
_RUN_ROWS = 500_000
_IN_MEMORY = 3
"""A book lies in memory if it is no more than this part of the rows a run may have there at once."""


def lay_out(
    data: Dataset,
    columns: Sequence[str],
    *,
    last_day: int,
    bucket_rows: int = BUCKET_ROWS,
    in_memory: bool | None = None,
) -> Buckets:
    """The rows up to ``last_day`` in buckets of whole customers. Call :func:`~amlscreen.intake.stream.number` first.

    ``columns`` are those of ``transactions`` to keep. ``in_memory`` is decided by the settings' memory unless given.
    """
    holders, rows = _holders(data)
    bucket_of, buckets = cut_into_buckets(holders.customer_no, rows, bucket_rows)
    stored = sorted({*columns, AT, IDS, DIRECTION})
    runs = rows_until(data, stored, last_day=last_day, batch_rows=_RUN_ROWS)
    if in_memory is None:
        in_memory = data.rows_accepted <= budget_of(data.settings.memory).rows_at_once // _IN_MEMORY
    pieces: Pieces
    if in_memory or data.folder is None:
        pieces = _in_memory(runs, bucket_of, len(buckets))
    else:
        pieces = _in_file(runs, bucket_of, len(buckets), data.folder)
    return Buckets(buckets, tuple(columns), holders, pieces)


def _holders(data: Dataset) -> tuple[Holders, NDArray[np.int64]]:
    """Owners by place, and the rows of each."""
    found = data.connection.sql(
        """
        SELECT h.customer_no, h.account_no, h.holder_no, coalesce(s.bookings, 0)::BIGINT AS bookings
        FROM ledger_holders h LEFT JOIN (
            SELECT institution, account_id, sum(bookings) AS bookings FROM seen_accounts GROUP BY ALL
        ) s USING (institution, account_id) ORDER BY h.place
        """
    ).fetchnumpy()
    return Holders(found["customer_no"], found["account_no"], found["holder_no"]), found["bookings"]


def _pieces_of(run: pa.RecordBatch, bucket_of: Ints, buckets: int) -> tuple[pa.RecordBatch, NDArray[np.int64]]:
    """A run in the order of buckets, and where each begins, with the end."""
    number = bucket_of[run.column(PLACE).to_numpy()]
    if buckets <= 1:
        return run, np.array([0, run.num_rows])
    narrow = number.astype(np.uint16) if buckets < 2**16 else number  # of so many bits, a radix sort
    order = np.argsort(narrow, kind="stable")
    borders = np.append(0, np.cumsum(np.bincount(number, minlength=buckets)))
    return run.take(order), borders


@dataclass(frozen=True, slots=True)
class _Held:
    schema: pa.Schema
    held: list[list[pa.RecordBatch]]

    def of(self, bucket: int) -> pa.Table:
        return pa.Table.from_batches(self.held[bucket], schema=self.schema)

    def close(self) -> None:
        self.held.clear()


def _in_memory(runs: pa.RecordBatchReader, bucket_of: Ints, buckets: int) -> Pieces:
    held: list[list[pa.RecordBatch]] = [[] for _ in range(buckets)]
    for run in runs:
        whole, borders = _pieces_of(run, bucket_of, buckets)
        for number in np.flatnonzero(np.diff(borders)).tolist():
            held[number].append(whole.slice(borders[number], borders[number + 1] - borders[number]))
    return _Held(runs.schema, held)


@dataclass(slots=True)
class _Filed:
    file: pa.ipc.RecordBatchFileReader
    path: Path
    batches_of: list[NDArray[np.int64]]

    def of(self, bucket: int) -> pa.Table:
        found = [self.file.get_batch(number) for number in self.batches_of[bucket].tolist()]
        return pa.Table.from_batches(found, schema=self.file.schema)

    def close(self) -> None:
        self.path.unlink(missing_ok=True)


def _in_file(runs: pa.RecordBatchReader, bucket_of: Ints, buckets: int, folder: Path) -> Pieces:
    path = Path(tempfile.mkdtemp(dir=folder, prefix="buckets-")) / "rows.arrow"
    written: list[NDArray[np.int64]] = []
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, runs.schema, options=options) as writer:
        for run in _large(runs):
            whole, borders = _pieces_of(run, bucket_of, buckets)
            filled = np.flatnonzero(np.diff(borders))
            for number in filled.tolist():
                writer.write_batch(whole.slice(borders[number], borders[number + 1] - borders[number]))
            written.append(filled)
    of_batch = np.concatenate([*written, np.empty(0, np.int64)])
    order, ends = np.argsort(of_batch, kind="stable"), np.cumsum(np.bincount(of_batch, minlength=buckets))
    return _Filed(pa.ipc.open_file(pa.OSFile(str(path), "rb")), path, np.split(order, ends[:-1]))


def _large(runs: pa.RecordBatchReader) -> Iterable[pa.RecordBatch]:
    return (run for run in runs if run.num_rows)
