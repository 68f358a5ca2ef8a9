"""What an executor does with a bucket: cut it into whole customers, work on them, and hand over what they gave."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from amlscreen.engines.local import cut_into_partitions
from amlscreen.engines.program import Program, Worked
from amlscreen.engines.spark.wire import ledger_schema, with_words

if TYPE_CHECKING:
    from pyspark import Broadcast

__all__ = ["GIVEN", "restored", "sweeping"]

GIVEN = {"bucket": "INTEGER", "place": "INTEGER", "piece": "INTEGER", "size": "BIGINT", "payload": "BLOB"}
"""What comes back of a partition, in pieces: where it stands among the others, its rows, its bytes."""
_PIECE = 64 * 2**20
"""An Arrow column of bytes holds less than 2 GB, and a task's answer should not come in one lump."""
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
        yield pa.RecordBatch.from_pylist([row], ledger_schema(GIVEN))


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
