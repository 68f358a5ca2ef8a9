"""Accepted transactions to their customers: each row once for every owner, with the bucket it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.engines.spark.wire import ROW
from amlscreen.ledger.reference import Reference, joined

if TYPE_CHECKING:
    from pyspark import Broadcast

__all__ = ["NUMBERED", "SORTED_BY", "Placing", "borders_of", "placing_of"]

NUMBERED: Mapping[str, str] = {"customer_no": "INTEGER", "account_no": "INTEGER", "holder_no": "TINYINT"}
SORTED_BY = ("customer_no", "account_no", "at", "transaction_id", "direction")
_NEEDED = ("institution", "account_id", "transaction_id", "local_day", "at", "direction")
_BETWEEN = "\x1f"


@dataclass(frozen=True)
class Placing:
    """What tells a row's customers: ``borders`` are the last customer_no of each bucket.

    ``told`` are the payments that a recall named in time, as far as that must be looked at again; None if all count.
    """

    reference: Reference
    stored: tuple[str, ...]
    borders: NDArray[np.int64]
    told: pa.Array[Any] | None

    @property
    def read(self) -> list[str]:
        """The columns of transactions that are read."""
        return sorted({*self.stored, *_NEEDED})

    @property
    def made(self) -> dict[str, str]:
        """The columns that come out, with their types."""
        carried = sorted({*self.stored, *(name for name in SORTED_BY if name in ROW)})
        return {"bucket": "INTEGER", **NUMBERED, **{name: ROW[name] for name in carried}}

    def place(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The rows up to the run's last day, once for each owner."""
        for batch in batches:
            days: Any = batch.column("local_day")
            kept = batch.filter(pc.less_equal(days, pa.scalar(self.reference.last_day)))
            if kept.num_rows:
                yield self._placed(kept)

    def _placed(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        accounts = self._accounts(rows)
        at, customers = self.reference.owners_of(accounts)
        first = np.concatenate([np.ones(1, bool), at[1:] != at[:-1]])
        holder = np.arange(at.size) - np.maximum.accumulate(np.where(first, np.arange(at.size), 0))
        made: dict[str, Any] = {
            "bucket": np.searchsorted(self.borders, customers).astype(np.int32),
            "customer_no": customers.astype(np.int32),
            "account_no": accounts[at].astype(np.int32),
            "holder_no": holder.astype(np.int8),
        }
        taken = rows if at.size == rows.num_rows else rows.take(at)
        arrays = [pa.array(made[name]) if name in made else self._column(taken, name) for name in self.made]
        return pa.RecordBatch.from_arrays(arrays, names=list(self.made))

    def _accounts(self, rows: pa.RecordBatch) -> NDArray[np.int64]:
        """The account_no of every row; each different account is looked up once."""
        keys: Any = joined(rows.column("institution"), _BETWEEN, rows.column("account_id")).dictionary_encode()
        pairs = (key.split(_BETWEEN, 1) for key in keys.dictionary.to_pylist())
        numbers = np.array([self.reference.account_number(*pair) for pair in pairs], np.int64)
        found: NDArray[np.int64] = numbers[keys.indices.to_numpy()]
        return found

    def _column(self, rows: pa.RecordBatch, name: str) -> pa.Array[Any]:
        column = rows.column(name)
        if name != "is_recalled" or self.told is None:
            return column
        keys = joined(*(rows.column(each) for each in ("institution", "account_id", "transaction_id")))
        known: Any = pc.is_in(keys, value_set=self.told)
        both: pa.Array[Any] = pc.and_(column, known)
        return both


def placing_of(shared: Broadcast[Placing]) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """The function for ``mapInArrow`` over accepted transactions."""

    def place(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        yield from shared.value.place(batches)

    return place


def borders_of(rows: NDArray[np.int64], buckets: int) -> NDArray[np.int64]:
    """The last customer_no of each bucket: whole customers in their order, about equally many rows in each.

    ``rows`` are those of every customer. A customer with more rows than a bucket should have has one nearly alone.
    """
    if not rows.size:
        return np.zeros(1, np.int64)
    total = np.cumsum(rows + 1)
    wanted = total[-1] * np.arange(1, buckets + 1) / buckets
    ends = np.minimum(np.searchsorted(total, wanted), rows.size - 1)
    return np.unique(np.append(ends, rows.size - 1)).astype(np.int64)
