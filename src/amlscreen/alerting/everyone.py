"""Every customer of the bank as columns: at two million of them a mapping would take as much as all the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.alerting.book import Book, CustomerKey
from amlscreen.ledger.reference import joined, positions, whole

__all__ = ["Everyone", "every_customer", "keys_of"]

_NONE = pa.array([], pa.string())


@dataclass(frozen=True)
class Everyone:
    """Customers, each once: institution, customer_id, and the number of transactions."""

    institution: pa.Array[Any]
    customer_id: pa.Array[Any]
    transactions: NDArray[np.int64]

    @property
    def keys(self) -> pa.Array[Any]:
        """Institution and customer_id in one text."""
        return joined(self.institution, "\x1f", self.customer_id)

    def counts(self, customers: Collection[CustomerKey]) -> dict[CustomerKey, int]:
        """How many transactions some of them have; 0 for who is not known."""
        asked = list(customers)
        place = positions(keys_of(asked), self.keys)
        counts = np.append(self.transactions, 0)[place]
        return dict(zip(asked, counts.tolist(), strict=True))

    def without(self, customers: Collection[CustomerKey]) -> Everyone:
        """Those who are none of these."""
        if not customers:
            return self
        rest = np.flatnonzero(positions(self.keys, keys_of(customers)) < 0)
        return Everyone(self.institution.take(rest), self.customer_id.take(rest), self.transactions[rest])


def keys_of(customers: Iterable[CustomerKey]) -> pa.Array[Any]:
    """The same text for each of some customers."""
    return pa.array([f"{institution}\x1f{customer}" for institution, customer in customers], pa.string())


def every_customer(book: Book) -> Everyone:
    """Every customer the book knows, from any of its tables; of those who have features, with their transactions."""
    found = _known(book.features)
    owners = sorted({(institution, one) for (institution, _), owners in book.owners.items() for one in owners})
    of_accounts = [pa.array([key[place] for key in owners], pa.string()) for place in (0, 1)]
    for more in (_known(book.customers), Everyone(of_accounts[0], of_accounts[1], np.zeros(len(owners), np.int64))):
        new = np.flatnonzero(positions(more.keys, found.keys) < 0)
        if new.size:
            found = Everyone(
                pa.concat_arrays([found.institution, more.institution.take(new)]),
                pa.concat_arrays([found.customer_id, more.customer_id.take(new)]),
                np.append(found.transactions, np.zeros(new.size, np.int64)),
            )
    return found


def _known(table: pa.Table) -> Everyone:
    if not table.num_rows:
        return Everyone(_NONE, _NONE, np.empty(0, np.int64))
    ids = [whole(table.column(name).cast(pa.string())) for name in ("institution", "customer_id")]
    counts = np.zeros(table.num_rows, np.int64)
    if "transactions" in table.column_names:
        column: Any = table.column("transactions")
        counts = np.asarray(pc.fill_null(column, pa.scalar(0, column.type)), np.int64)
    return Everyone(ids[0], ids[1], counts)
