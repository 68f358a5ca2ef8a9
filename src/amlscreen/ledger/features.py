"""A few named numbers about each customer, up to the last day: for counter-evidence, KYC findings and ranking."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.ledger.columns import is_countable, ratio_values
from amlscreen.ledger.partition import Partition
from amlscreen.ledger.reference import UNKNOWN_DAY, Reference, whole

__all__ = ["ACTIVE_DAYS", "FEATURE_COLUMNS", "NEEDED", "customer_features", "features_table"]

ACTIVE_DAYS = 90
"""``active_days`` looks at this many days up to the last one."""

NEEDED = ("purpose", "channel", "hour")
FEATURE_COLUMNS = (
    "transactions",
    "first_day",
    "last_day",
    "salary_in_months",
    "salary_out_months",
    "living_debits",
    "living_share",
    "day_share",
    "credits",
    "debits",
    "active_days",
    "debits_after_expiry",
)
_HALF = 1 << 31
"""Makes days before 1970 positive."""
_LIVING = ("goods", "rent", "tuition", "tax")
_LIVING_CHANNELS = ("card", "qr")


def customer_features(part: Partition) -> dict[str, NDArray[np.int64]]:
    """Features of the partition's customers, with their ``customer_no``; -1 stands for unknown."""
    customer = part.column("customer").array
    numbers, start, count = np.unique(customer, return_index=True, return_counts=True)
    spread = np.repeat(np.arange(numbers.size), count)
    days = part.column("local_day").array.astype(np.int64)
    counts = is_countable(part)
    amount = np.where(counts, part.column("amount").array, 0)
    credit = _is(part, "direction", ("credit",))
    living = counts & ~credit & (_is(part, "purpose", _LIVING) | _is(part, "channel", _LIVING_CHANNELS))

    def total(values: NDArray[np.int64] | NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.add.reduceat(values.astype(np.int64), start)

    def distinct(rows: NDArray[np.bool_], what: NDArray[np.int64]) -> NDArray[np.int64]:
        pairs = np.sort((spread[rows] << 32) + what[rows] + _HALF)
        first = np.flatnonzero(np.diff(pairs, prepend=-1))
        return np.bincount(pairs[first] >> 32, minlength=numbers.size).astype(np.int64)

    debits = total(np.where(credit, 0, amount))
    salary = counts & _is(part, "purpose", ("salary",))
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    expiry = part.reference.id_expiry[customer].astype(np.int64)
    late = counts & ~credit & (expiry != UNKNOWN_DAY) & (days > expiry)
    hour = part.column("hour")
    timed = hour.is_known() & credit & counts
    by_day = timed & (hour.array >= 6) & (hour.array < 22)
    return {
        "customer_no": numbers.astype(np.int64),
        "transactions": total(counts),
        "first_day": np.minimum.reduceat(days, start),
        "last_day": np.maximum.reduceat(days, start),
        "salary_in_months": distinct(salary & credit, month),
        "salary_out_months": distinct(salary & ~credit, month),
        "living_debits": total(living),
        "living_share": _or_unknown(total(np.where(living, amount, 0)), debits),
        "day_share": _or_unknown(total(by_day), total(timed)),
        "credits": total(np.where(credit, amount, 0)),
        "debits": debits,
        "active_days": distinct(counts & (days > part.reference.last_day - ACTIVE_DAYS), days),
        "debits_after_expiry": total(late),
    }


def _is(part: Partition, name: str, words: Sequence[str]) -> NDArray[np.bool_]:
    values = part.column(name)
    return np.zeros(part.size, np.bool_) if values.words is None else values.among(words)


def _or_unknown(over: NDArray[np.int64], under: NDArray[np.int64]) -> NDArray[np.int64]:
    ratio = ratio_values(over, under)
    return np.where(ratio.is_known(), ratio.array, -1)


def features_table(parts: Sequence[dict[str, NDArray[np.int64]]], reference: Reference) -> pa.Table:
    """One row for every customer, also those without a transaction.

    ``first_day`` is the first day seen or, earlier, the opening of an account; ``tenure_days`` runs from there;
    ``is_merchant`` says that one of the accounts has a merchant contract. Shares are in millionths.
    """
    size = reference.customer_ids.num_rows
    columns = {name: np.full(size, -1, np.int64) for name in FEATURE_COLUMNS}
    seen = np.zeros(size, np.bool_)
    for part in parts:
        seen[part["customer_no"]] = True
        for name in FEATURE_COLUMNS:
            columns[name][part["customer_no"]] = part[name]
    optional = {"living_share", "day_share", "first_day", "last_day"}
    for name in FEATURE_COLUMNS:
        if name not in optional:
            columns[name][~seen] = 0
    opened, merchant = _of_accounts(reference, size)
    return pa.table(
        {
            "institution": whole(reference.customer_ids["institution"]),
            "customer_id": whole(reference.customer_ids["customer_id"]),
            **{name: pa.array(values, mask=values < 0) for name, values in columns.items()},
            "tenure_days": pa.array(np.maximum(reference.last_day - opened, 0), pa.int32(), mask=opened == UNKNOWN_DAY),
            "is_merchant": pa.array(merchant),
        }
    )


def _of_accounts(reference: Reference, size: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    account = np.repeat(np.arange(reference.owner_offsets.size - 1), np.diff(reference.owner_offsets))
    days = reference.opened[account].astype(np.int64)
    opened = np.full(size, np.iinfo(np.int64).max)
    known = days != UNKNOWN_DAY
    np.minimum.at(opened, reference.owner[known], days[known])
    opened[opened == np.iinfo(np.int64).max] = UNKNOWN_DAY
    merchant = np.zeros(size, np.bool_)
    merchant[reference.owner[reference.merchant[account] == 1]] = True
    return opened, merchant
