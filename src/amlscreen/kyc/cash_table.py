"""Cash-report candidates as a table.

Columns: ``institution``, ``customer_id``, ``basis`` (single, aggregate), ``direction`` (credit: paid in, debit: taken
out, both), ``first_day``, ``last_day``, ``bookings``, ``amount`` (of all its bookings), ``peak_amount`` and
``peak_day`` (the fullest 30 days and the day they end on), ``threshold`` (of that day), ``currency``,
``single_bookings`` (how many reach the threshold of their day alone), ``is_current`` (ended within the alerting span),
``accounts`` and, in the Parquet file only, ``transaction_ids``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from amlscreen.kyc.cash_reports import BASES, DIRECTIONS, Candidates
from amlscreen.kyc.files import decimals, worded
from amlscreen.ledger.reference import Reference, whole

__all__ = ["cash_table"]

pc: Any = pyarrow.compute  # the stubs' overloads know too few of the functions used here

Ints = NDArray[np.int64]
Named = Callable[[Ints], pa.Table]
_ORDER: tuple[tuple[str, Literal["ascending", "descending"]], ...] = (
    ("is_current", "descending"),
    ("amount", "descending"),
    ("institution", "ascending"),
    ("customer_id", "ascending"),
    ("basis", "ascending"),
    ("direction", "ascending"),
    ("first_day", "ascending"),
    ("first_id", "ascending"),
)


def cash_table(found: Candidates, reference: Reference, named: Named, *, current_from: int) -> pa.Table:
    """The candidates, current ones first, then the largest; ``named`` gives the transaction ids by ``row_id``."""
    home = reference.jurisdiction
    ids = reference.customer_ids
    numbers = found.customer_no
    transactions = _transactions(found, named)
    table = pa.table(
        {
            "institution": whole(ids["institution"]).take(numbers),
            "customer_id": whole(ids["customer_id"]).take(numbers),
            "basis": worded(found.basis, BASES),
            "direction": worded(found.direction, DIRECTIONS),
            "first_day": _dates(found.first_day),
            "last_day": _dates(found.last_day),
            "bookings": pa.array(np.diff(found.offsets)),
            "amount": decimals(found.amount, home.minor_digits),
            "peak_amount": decimals(found.peak_amount, home.minor_digits),
            "peak_day": _dates(found.peak_day),
            "threshold": decimals(found.threshold, home.minor_digits),
            "currency": pa.repeat(home.currency, found.size),
            "single_bookings": pa.array(found.single_bookings),
            "is_current": pa.array((found.last_day >= current_from).astype(np.int8)),
            "accounts": _accounts(found, reference),
            "transaction_ids": transactions,
            "first_id": pc.list_element(transactions, 0) if found.size else pa.array([], pa.string()),
        }
    )
    table = table.sort_by(list(_ORDER)).drop_columns(["first_id"])
    place = table.column_names.index("is_current")
    return table.set_column(place, "is_current", table["is_current"].cast(pa.bool_()))


def _dates(days: Ints) -> pa.Array[Any]:
    return pa.array(days.astype(np.int32)).cast(pa.date32())


def _accounts(found: Candidates, reference: Reference) -> pa.Array[Any]:
    """The different accounts of each candidate, in the order of their ids."""
    which = np.repeat(np.arange(found.size), np.diff(found.offsets))
    pairs = np.sort(which << 32 | found.accounts)
    pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
    ids = whole(reference.account_ids["account_id"]).take(pairs & 0xFFFFFFFF)
    return _lists(np.bincount(pairs >> 32, minlength=found.size), ids)


def _transactions(found: Candidates, named: Named) -> pa.Array[Any]:
    """The transaction ids of each candidate, by time and id, so that the order of files does not show."""
    wanted = np.sort(found.row_ids)
    wanted = wanted[np.flatnonzero(np.diff(wanted, prepend=-1))]
    facts = named(wanted)
    rank = np.empty(wanted.size, np.int64)
    order = [("at", "ascending"), ("transaction_id", "ascending"), ("row_id", "ascending")]
    rank[np.asarray(pc.sort_indices(facts, order))] = np.arange(wanted.size)
    place = np.searchsorted(wanted, found.row_ids)
    which = np.repeat(np.arange(found.size), np.diff(found.offsets))
    sorted_ = np.lexsort((rank[place], which))
    return _lists(np.diff(found.offsets), whole(facts["transaction_id"].cast(pa.string())).take(place[sorted_]))


def _lists(counts: Ints, values: pa.Array[Any]) -> pa.Array[Any]:
    offsets = np.concatenate([np.zeros(1, np.int32), np.cumsum(counts, dtype=np.int32)])
    lists: Any = pa.ListArray.from_arrays(pa.array(offsets), values)
    return lists  # type: ignore[no-any-return]  # the stubs do not know lists
