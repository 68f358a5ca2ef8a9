"""How many earlier reports and cases name a customer, or an account the customer owns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.ledger.partition import as_values
from amlscreen.ledger.reference import joined, positions, whole

__all__ = ["earlier_reports"]

_OWNERS = pa.array(["owner", "joint"])


def earlier_reports(customers: pa.Table, beside: Mapping[str, pa.Table], told_until: int) -> NDArray[np.int64]:
    """One number for each row of the customers table, without what was filed or opened after ``told_until``."""
    count = np.zeros(customers.num_rows, np.int64)
    people, owned = _keys(customers, "customer_id"), _owned(beside)
    owner = positions(whole(owned["customer"]), people)
    for name in ("reports", "cases"):
        table = beside[name]
        table = table.filter(pa.array(as_values(whole(table["at"])).array <= told_until))
        kind, named = as_values(whole(table["subject_kind"].cast(pa.string()))), _keys(table, "subject_id")
        for what, keys, row in (
            ("customer", people, np.arange(count.size)),
            ("account", whole(owned["account"]), owner),
        ):
            counted: Any = pc.value_counts(named.filter(pa.array(kind.among([what]))))
            times = np.append(np.asarray(counted.field("counts"), np.int64), 0)
            np.add.at(count, row[row >= 0], times[positions(keys, counted.field("values"))][row >= 0])
    return count


def _owned(beside: Mapping[str, pa.Table]) -> pa.Table:
    """Pairs of account and owner."""
    held, accounts = beside["holdings"], beside["accounts"]
    held = held.filter(pc.is_in(held["role"].cast(pa.string()), value_set=_OWNERS))
    recorded = accounts.filter(pc.is_valid(accounts["customer_id"]))
    names: dict[str, pa.Array[Any]] = {
        word: pa.concat_arrays([_keys(held, f"{word}_id"), _keys(recorded, f"{word}_id")])
        for word in ("account", "customer")
    }
    return pa.table(names).group_by(["account", "customer"]).aggregate([])


def _keys(table: pa.Table, column: str) -> pa.Array[Any]:
    return joined(whole(table["institution"]), "\x1f", whole(table[column]))
