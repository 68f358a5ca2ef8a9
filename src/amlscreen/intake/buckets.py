"""Rows of the bank in buckets of whole customers, each bucket sorted by itself when it is asked for.

A bucket holds a contiguous range of customer numbers. Rows lie in a file of the run's folder (Arrow IPC, written in one
pass over the accepted rows), a piece of each bucket behind the other; a small book lies in memory. Reading a bucket
reads its pieces only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["AT", "DIRECTION", "IDS", "PLACE", "Bucket", "Buckets", "Holders", "Pieces", "cut_into_buckets"]

PLACE, AT, IDS, DIRECTION = "place", "at", "transaction_id", "direction"
_KEY_BITS = 62

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Bucket:
    """Customers ``first_customer`` to ``last_customer``, both in it, and how many rows they have together.

    Equal data give equal numbers and borders.
    """

    number: int
    first_customer: int
    last_customer: int
    rows: int


@dataclass(frozen=True, slots=True)
class Holders:
    """Who owns which account, in the order of customer and account: an owner's place is its index here."""

    customer_no: Ints
    account_no: Ints
    holder_no: NDArray[np.int8]


class Pieces(Protocol):
    """Where the rows of buckets lie, in no order, with the owner's place and what they are sorted by."""

    def of(self, bucket: int) -> pa.Table:
        """All rows of a bucket."""

    def close(self) -> None:
        """Give back what they take up."""


@dataclass(frozen=True)
class Buckets:
    """The rows of a bank up to a day; ``buckets`` in the order of customers. Close them when the run is over."""

    buckets: tuple[Bucket, ...]
    columns: tuple[str, ...]
    holders: Holders
    pieces: Pieces

    def batches(self, bucket: Bucket) -> Iterator[pa.RecordBatch]:
        """The rows of a bucket by customer, account, time and transaction_id, once for each owner; none, no batch.

        Columns: customer_no, account_no, holder_no and those that were asked for.
        """
        rows = self.pieces.of(bucket.number)
        if rows.num_rows:
            yield self._sorted(rows)

    def _sorted(self, rows: pa.Table) -> pa.RecordBatch:
        place = rows.column(PLACE).to_numpy()
        order = _order(place, rows)
        place = place[order]
        owners: Mapping[str, NDArray[Any]] = {
            "customer_no": self.holders.customer_no[place],
            "account_no": self.holders.account_no[place],
            "holder_no": self.holders.holder_no[place],
        }
        taken = rows.select(list(self.columns)).take(order)
        columns: list[Any] = [pa.array(each) for each in owners.values()]
        columns += [_whole(taken.column(name)) for name in self.columns]
        return pa.RecordBatch.from_arrays(columns, names=[*owners, *self.columns])

    def close(self) -> None:
        """Give back the file or the memory the rows take up."""
        self.pieces.close()


def cut_into_buckets(customer_no: Ints, rows: NDArray[np.int64], most: int) -> tuple[Ints, tuple[Bucket, ...]]:
    """The bucket of each place, and the buckets: about ``most`` rows each, a customer with more is alone in its own.

    ``customer_no`` and ``rows`` are by place; customers come in order.
    """
    if not customer_no.size:
        return np.empty(0, np.int32), ()
    starts = np.flatnonzero(np.diff(customer_no, prepend=-1))
    of_customer = np.add.reduceat(rows, starts)
    before = np.cumsum(of_customer) - of_customer
    large = of_customer >= most
    border = np.diff(before // most, prepend=0) > 0
    border |= large
    border[1:] |= large[:-1]
    border[0] = True
    first = np.flatnonzero(border)
    held = np.add.reduceat(of_customer, first)
    numbers = customer_no[starts]
    last = np.append(numbers[first[1:] - 1], numbers[-1])
    buckets = tuple(
        Bucket(number, *each)
        for number, each in enumerate(zip(numbers[first].tolist(), last.tolist(), held.tolist(), strict=True))
    )
    bucket_of_customer = (np.cumsum(border) - 1).astype(np.int32)
    return np.repeat(bucket_of_customer, np.diff(np.append(starts, customer_no.size))), buckets


def _order(place: Ints, rows: pa.Table) -> NDArray[np.int64]:
    """The order of rows by place, time, transaction_id and direction."""
    at = rows.column(AT).to_numpy()
    key = _one_key(place, at)
    order = np.lexsort((at, place)) if key is None else np.argsort(key)
    same = np.diff(place[order]) == 0
    same &= np.diff(at[order]) == 0
    if not same.any():
        return order
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    run = np.cumsum(~np.append(False, same))[tied]
    some = rows.select([IDS, DIRECTION]).take(order[tied])
    side = pc.cast(_whole(some.column(DIRECTION)).indices, pa.int8())
    by = pa.Table.from_arrays([pa.array(run), some.column(IDS), side], names=["run", "id", "side"])
    again = pc.sort_indices(by, sort_keys=[("run", "ascending"), ("id", "ascending"), ("side", "ascending")])
    order[tied] = order[tied][again.to_numpy()]
    return order


def _one_key(place: Ints, at: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Place and time as one number, which sorts several times as fast as two; None where they do not fit into one."""
    first, begun = int(place.min()), int(at.min())
    bits = int(at.max() - begun).bit_length()
    if int(place.max() - first).bit_length() + bits > _KEY_BITS:
        return None
    return (place.astype(np.int64) - first << bits) | (at - begun)


def _whole(column: pa.ChunkedArray[Any]) -> Any:
    chunks: Sequence[Any] = column.chunks
    return chunks[0] if len(chunks) == 1 else column.combine_chunks()
