"""What judging needs to know of the bank besides the hits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.hits import Hit

__all__ = ["Book", "CustomerKey", "RowFacts", "TransactionKey", "fetch_rows", "row_ids_of"]

CustomerKey = tuple[str, str]
TransactionKey = tuple[str, str, str]
_BATCH = 200_000
_COLUMNS = ("institution", "transaction_id", "account_id", "counterparty", "direction", "amount")


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
    counterparty: tuple[str | None, ...]
    is_credit: NDArray[np.bool_]
    amount: NDArray[np.int64]

    def places(self, row_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where the rows stand in the columns."""
        return np.searchsorted(self.row_ids, row_ids).astype(np.int64)

    def key(self, place: int) -> TransactionKey:
        """What identifies the transaction at a place across runs."""
        return self.institution[place], self.transaction_id[place], self.account_id[place]


def row_ids_of(hits: Iterable[Hit], *, deciding_only: bool = False) -> NDArray[np.int64]:
    """The different rows of the hits, sorted."""
    parts = [h.row_ids[h.decides] if deciding_only and len(h.decides) else h.row_ids for h in hits if len(h.row_ids)]
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)


def fetch_rows(book: Book, row_ids: NDArray[np.int64]) -> RowFacts:
    """The facts of the rows, fetched in batches so that only a few columns are ever held."""
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for start in range(0, len(row_ids), _BATCH):
        batch = book.rows(row_ids[start : start + _BATCH])
        for name in _COLUMNS:
            columns[name].extend(batch.column(name).to_pylist())
    return RowFacts(
        row_ids,
        _texts(columns["institution"]),
        _texts(columns["transaction_id"]),
        _texts(columns["account_id"]),
        tuple(columns["counterparty"]),
        np.array([value == "credit" for value in columns["direction"]], np.bool_),
        np.array(columns["amount"], np.int64),
    )


def _texts(values: list[Any]) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in values)
