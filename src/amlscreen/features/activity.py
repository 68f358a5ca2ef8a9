"""What was done, in sums and counts: money in and out, wages, the spending of daily life, hours of the day."""

from __future__ import annotations

import numpy as np

from amlscreen.feature_catalogue import feature
from amlscreen.features.rows import Rows, Side
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import UNKNOWN_DAY

__all__ = [
    "active_days",
    "credits",
    "day_share",
    "debits",
    "debits_after_expiry",
    "first_day",
    "last_day",
    "living_debits",
    "living_share",
    "salary_in_months",
    "salary_out_months",
    "transactions",
]

_LIVING = ("goods", "rent", "tuition", "tax")
_LIVING_CHANNELS = ("card", "qr")


@feature(unit="count", group="activity", window=None, meaning="Transactions of kind customer that were not taken back.")
def transactions(rows: Rows) -> Values:
    """Every other feature of rows is about these, unless it says so."""
    return Values(rows.total(rows.mask()))


@feature(
    unit="date", group="facts", window=None, scored=False, meaning="The first day with any booking, also a fee's.",
    columns=("local_day",),
)  # fmt: skip
def first_day(rows: Rows) -> Values:
    """Unknown without a booking."""
    return _extreme_day(rows, largest=False)


@feature(
    unit="date", group="facts", window=None, scored=False, meaning="The last day with any booking, also a fee's.",
    columns=("local_day",),
)  # fmt: skip
def last_day(rows: Rows) -> Values:
    """Unknown without a booking."""
    return _extreme_day(rows, largest=True)


def _extreme_day(rows: Rows, *, largest: bool) -> Values:
    days = rows.part.column("local_day").array.astype(np.int64)[rows.mine]
    if not days.size:
        return Values(np.zeros(rows.numbers.size, np.int64), np.zeros(rows.numbers.size, np.bool_))
    return Values((np.maximum if largest else np.minimum).reduceat(days, rows.every[:-1]))


@feature(unit="count", group="activity", window=None, meaning="Months in which wages came in.", columns=("purpose",))
def salary_in_months(rows: Rows) -> Values:
    """Calendar months with a credit whose purpose is salary."""
    return _salary_months(rows, "credit")


@feature(unit="count", group="activity", window=None, meaning="Months in which wages were paid.", columns=("purpose",))
def salary_out_months(rows: Rows) -> Values:
    """Calendar months with a debit whose purpose is salary."""
    return _salary_months(rows, "debit")


def _salary_months(rows: Rows, side: Side) -> Values:
    month = rows.column("month").array
    wages = rows.among("purpose", ("salary",)) & rows.mask(side)
    return Values(rows.tally_of(month - int(month.min(initial=0)), wages).distinct())


@feature(
    unit="count", group="activity", window=None, columns=("purpose", "channel"),
    meaning="Debits of daily life: by card or QR, or for goods, rent, tuition or tax.",
)  # fmt: skip
def living_debits(rows: Rows) -> Values:
    """How many."""
    return Values(rows.total(_living(rows)))


@feature(
    unit="ratio", group="activity", window=None, columns=("purpose", "channel"),
    meaning="Share of the money debited that went into daily life.",
)  # fmt: skip
def living_share(rows: Rows) -> Values:
    """By amount; unknown without debits."""
    return rows.share(_living(rows), rows.mask("debit"), rows.amount)


def _living(rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return rows.mask("debit") & (rows.among("purpose", _LIVING) | rows.among("channel", _LIVING_CHANNELS))


@feature(
    unit="ratio", group="activity", window=None, columns=("hour",),
    meaning="Share of the credits with a time of day that came between 6 and 22 o'clock.",
)  # fmt: skip
def day_share(rows: Rows) -> Values:
    """By number; unknown where no credit has a time of day."""
    hour = rows.column("hour")
    by_day = (hour.array >= 6) & (hour.array < 22)
    return rows.share(by_day, hour.is_known() & rows.mask("credit"))


@feature(unit="money", group="activity", window=None, meaning="Money credited.")
def credits(rows: Rows) -> Values:
    """The sum of all credits."""
    return Values(rows.total(rows.mask("credit"), rows.amount))


@feature(unit="money", group="activity", window=None, meaning="Money debited.")
def debits(rows: Rows) -> Values:
    """The sum of all debits."""
    return Values(rows.total(rows.mask("debit"), rows.amount))


@feature(unit="count", group="activity", window=90, meaning="Days with a transaction.")
def active_days(rows: Rows) -> Values:
    """Within the last 90 days."""
    return Values(rows.tally("day", "any", 90).distinct())


@feature(
    unit="count", group="facts", window=None, scored=False,
    meaning="Debits after the day on which the holder's identity paper expired; 0 where no expiry is recorded.",
)  # fmt: skip
def debits_after_expiry(rows: Rows) -> Values:
    """On its last day the paper still holds."""
    expiry = rows.part.reference.id_expiry[rows.column("customer").array].astype(np.int64)
    return Values(rows.total(rows.mask("debit") & (expiry != UNKNOWN_DAY) & (rows.day > expiry)))
