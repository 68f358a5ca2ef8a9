"""What an executor does with a bucket: cut it into whole customers, work on them, and hand over what they gave."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from amlscreen.engines.local import cut_into_partitions
from amlscreen.engines.program import Program, Worked
from amlscreen.intake.apart.rows import schema_of, with_words

if TYPE_CHECKING:
    from pyspark import Broadcast

__all__ = ["GIVEN", "restored", "sweeping", "taken_together"]

GIVEN = {"bucket": "INTEGER", "place": "INTEGER", "piece": "INTEGER", "size": "BIGINT", "payload": "BLOB"}
"""What comes back of a partition, in pieces: where it stands among the others, its rows, its bytes."""
_PIECE = 16 * 2**20
"""An Arrow column of bytes holds less than 2 GB, and an executor's Java machine may be small."""
_AT_A_TIME = 256 * 2**20
"""Bytes of answers that are fetched at a time, unless one bucket's are more."""
Batches = Iterable[pa.RecordBatch]


def sweeping(
    program: Broadcast[Program], columns: Mapping[str, str], partition_rows: int
) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """The function for ``mapInArrow`` over one bucket's rows, sorted by customer, account, time and transaction."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        bucket = -1

        def seen(incoming: Batches) -> Iterator[pa.RecordBatch]:
            nonlocal bucket
            for batch in incoming:
                if batch.num_rows:
                    bucket = batch.column("bucket")[0].as_py()
                yield with_words(batch, columns)

        for place, rows in enumerate(cut_into_partitions(seen(batches), partition_rows)):
            worked = program.value.work(rows)
            yield from _given(bucket, place, worked)

    return work


def _given(bucket: int, place: int, worked: Worked) -> Iterator[pa.RecordBatch]:
    payload = pickle.dumps(worked, protocol=5)
    for piece, start in enumerate(range(0, len(payload), _PIECE)):
        row = dict(zip(GIVEN, (bucket, place, piece, worked.rows, payload[start : start + _PIECE]), strict=True))
        yield pa.RecordBatch.from_pylist([row], schema_of(GIVEN, words=False))


def taken_together(sizes: pa.Table) -> list[tuple[int, int]]:
    """First and last bucket of each group whose answers are fetched together; ``sizes`` are bucket and bytes."""
    buckets, place = np.unique(sizes["bucket"].to_numpy(), return_inverse=True)
    held = np.bincount(place, weights=sizes["bytes"].to_numpy(), minlength=buckets.size)
    groups: list[tuple[int, int]] = []
    start = 0
    for end in range(1, buckets.size + 1):
        if end == buckets.size or held[start : end + 1].sum() > _AT_A_TIME:
            groups.append((int(buckets[start]), int(buckets[end - 1])))
            start = end
    return groups


def restored(given: pa.Table) -> Iterator[Worked]:
    """What partitions gave, in the order of their customers."""
    places = np.lexsort([given[name].to_numpy() for name in ("piece", "place", "bucket")])
    ordered: list[dict[str, Any]] = given.select(["bucket", "place"]).take(places).to_pylist()
    payloads = given["payload"]
    parts: list[bytes] = []
    for at, (place, row) in enumerate(zip(places.tolist(), ordered, strict=True)):
        parts.append(payloads[place].as_py())
        if at + 1 == len(ordered) or ordered[at + 1] != row:
            yield pickle.loads(b"".join(parts))  # the executors of this very run wrote it
            parts = []
