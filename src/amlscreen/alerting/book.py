"""What judging needs to know of the bank besides the hits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.hits import Hit

__all__ = ["Book", "CustomerKey", "RowFacts", "TransactionKey", "batches_of", "fetch_rows", "row_ids_of"]

CustomerKey = tuple[str, str]
TransactionKey = tuple[str, str, str]
_BATCH = 200_000
_COLUMNS = ("institution", "transaction_id", "account_id", "direction", "amount")


@dataclass(frozen=True, slots=True)
class Book:
    """The bank's people, accounts and features, and a way to fetch transactions by ``row_id``.

    ``owners`` maps (institution, account_id) to the customers whose account it is; ``customers`` and ``holdings`` are
    the conformed tables, empty where the bank gave none; ``features`` has a row for every customer. ``rows`` returns
    the transactions of the given ids in that order.
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


@dataclass(frozen=True, slots=True)
class RowFacts:
    """A few columns of some transactions, looked up by ``row_id``; ``row_ids`` are sorted."""

    row_ids: NDArray[np.int64]
    institution: tuple[str, ...]
    transaction_id: tuple[str, ...]
    account_id: tuple[str, ...]
    is_credit: NDArray[np.bool_]
    amount: NDArray[np.int64]

    def places(self, row_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where the rows stand in the columns."""
        return np.searchsorted(self.row_ids, row_ids).astype(np.int64)

    def keys(self, places: NDArray[np.int64]) -> list[TransactionKey]:
        """What identifies the transactions at some places across runs."""
        institution, transaction_id, account_id = self.institution, self.transaction_id, self.account_id
        return [(institution[place], transaction_id[place], account_id[place]) for place in places.tolist()]


def row_ids_of(hits: Iterable[Hit], *, deciding_only: bool = False) -> NDArray[np.int64]:
    """The different rows of the hits, sorted."""
    parts = [h.row_ids[h.decides] if deciding_only and len(h.decides) else h.row_ids for h in hits if len(h.row_ids)]
    if not parts:
        return np.empty(0, np.int64)
    rows = np.sort(np.concatenate(parts))
    return rows[np.concatenate(([True], rows[1:] != rows[:-1]))]


def fetch_rows(book: Book, row_ids: NDArray[np.int64]) -> RowFacts:
    """The facts of the rows, fetched in batches so that only a few columns are ever held."""
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for batch in batches_of(book, row_ids):
        for name in _COLUMNS:
            columns[name].extend(batch.column(name).to_pylist())
    return RowFacts(
        row_ids,
        _texts(columns["institution"]),
        _texts(columns["transaction_id"]),
        _texts(columns["account_id"]),
        np.array([value == "credit" for value in columns["direction"]], np.bool_),
        np.array(columns["amount"], np.int64),
    )


def batches_of(book: Book, row_ids: NDArray[np.int64]) -> Iterator[pa.Table]:
    """The transactions of the ids, some at a time, in their order."""
    for start in range(0, len(row_ids), _BATCH):
        yield book.rows(row_ids[start : start + _BATCH])


def _texts(values: list[Any]) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in values)
