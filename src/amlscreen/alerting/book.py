"""What judging needs to know of the bank besides the hits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.distinct import distinct
from amlscreen.hits import Hit

__all__ = ["Book", "CustomerKey", "RowFacts", "TransactionKey", "batches_of", "fetch_rows", "row_ids_of"]

CustomerKey = tuple[str, str]
TransactionKey = tuple[str, str, str]
_BATCH = 200_000
_IDENTIFIERS = ("institution", "transaction_id", "account_id")
_NOTHING = pa.table({name: pa.array([], pa.string()) for name in _IDENTIFIERS})


@dataclass(frozen=True, slots=True)
class Book:
    """The bank's people, accounts and features, and a way to fetch transactions by ``row_id``.

    ``owners`` maps (institution, account_id) to the customers whose account it is; ``customers`` and ``holdings`` are
    the conformed tables, empty where the bank gave none; ``features`` has a row for every customer. ``rows`` returns
    the transactions of the given ids in that order. ``oddness`` is by row of ``features``, in millionths, -1 where
    unknown; empty where nobody was looked at.
    """

    institutions: tuple[str, ...]
    customers: pa.Table
    owners: Mapping[tuple[str, str], tuple[str, ...]]
    holdings: pa.Table
    features: pa.Table
    currency: str
    shown_digits: int
    minor_digits: int
    first_day: int
    rows: Callable[[NDArray[np.int64]], pa.Table]
    oddness: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class RowFacts:
    """A few columns of some transactions, looked up by ``row_id``; ``row_ids`` are sorted.

    ``identifiers`` holds what makes up a transaction's key: institution, transaction_id, account_id.
    """

    row_ids: NDArray[np.int64]
    identifiers: pa.Table
    is_credit: NDArray[np.bool_]
    amount: NDArray[np.int64]

    def places(self, row_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where the rows stand in the columns."""
        return np.searchsorted(self.row_ids, row_ids).astype(np.int64)

    def keys(self, places: NDArray[np.int64]) -> list[TransactionKey]:
        """What identifies the transactions at some places across runs."""
        taken = self.identifiers.take(places)
        return list(zip(*(taken.column(name).to_pylist() for name in _IDENTIFIERS), strict=True))

    def transaction_ids(self, places: NDArray[np.int64]) -> list[str]:
        """The transaction_id at some places."""
        return [str(one) for one in self.identifiers.column("transaction_id").take(places).to_pylist()]


def row_ids_of(hits: Iterable[Hit], *, deciding_only: bool = False) -> NDArray[np.int64]:
    """The different rows of the hits, sorted."""
    parts = [h.row_ids[h.decides] if deciding_only and len(h.decides) else h.row_ids for h in hits if len(h.row_ids)]
    if not parts:
        return np.empty(0, np.int64)
    return distinct(np.concatenate(parts))


def fetch_rows(book: Book, row_ids: NDArray[np.int64]) -> RowFacts:
    """The facts of the rows, fetched in batches so that only a few columns are ever held."""
    identifiers, credits, amounts = [_NOTHING], [np.empty(0, np.bool_)], [np.empty(0, np.int64)]
    for batch in batches_of(book, row_ids):
        identifiers.append(pa.table([_texts(batch.column(name)) for name in _IDENTIFIERS], names=[*_IDENTIFIERS]))
        credits.append(np.asarray(pc.equal(_texts(batch.column("direction")), pa.scalar("credit"))))
        amounts.append(np.asarray(batch.column("amount"), np.int64))
    together = pa.concat_tables(identifiers).combine_chunks()
    return RowFacts(row_ids, together, np.concatenate(credits), np.concatenate(amounts))


def batches_of(book: Book, row_ids: NDArray[np.int64]) -> Iterator[pa.Table]:
    """The transactions of the ids, some at a time, in their order."""
    for start in range(0, len(row_ids), _BATCH):
        yield book.rows(row_ids[start : start + _BATCH])


def _texts(column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    fill: Any = pc.fill_null  # the stubs do not know a scalar for texts
    filled: pa.ChunkedArray[Any] = fill(column.cast(pa.string()), "")
    return filled
