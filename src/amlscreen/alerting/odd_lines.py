"""How odd the customers of the ranking are among their peers: it orders those whom points leave equal."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow as pa

from amlscreen.alerting.book import Book, CustomerKey
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.reference import joined, positions, whole

__all__ = ["oddness_of"]


def oddness_of(lines: pa.Table, book: Book, hidden: Collection[CustomerKey]) -> pa.Array[Any]:
    """The mean share of those scored who are less odd, 0 to 1, of each line's customer.

    Null where no anomaly card scored the customer, on lines of others than customers, and for those who must not be
    named.
    """
    if not book.oddness.size:
        return pa.nulls(lines.num_rows, pa.float64())
    place = positions(_keys(lines), _keys(book.features))
    mean = book.oddness[np.maximum(place, 0)]
    known = (place >= 0) & (mean >= 0)
    if hidden:
        keys = pa.array([f"{institution}\x1f{customer}" for institution, customer in sorted(hidden)], pa.string())
        known &= positions(_keys(lines), keys) < 0
    return pa.array(mean / MILLION, pa.float64(), mask=~known)


def _keys(table: pa.Table) -> pa.Array[Any]:
    return joined(whole(table["institution"]), "\x1f", whole(table["customer_id"]))
