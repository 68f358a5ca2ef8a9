"""How money passes through: how long it stays, how much goes at once, days on which all that came went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from amlscreen.feature_catalogue import feature
from amlscreen.features.rows import Flags, Ints, Rows
from amlscreen.ledger.columns import ratio_values
from amlscreen.ledger.kernels import fifo_pairs, slice_weighted
from amlscreen.ledger.partition import Values

__all__ = [
    "drained_days_90d",
    "drained_share_90d",
    "dwell_90d",
    "emptied_share_90d",
    "passed_in_a_day_90d",
    "passed_in_an_hour_90d",
    "turning_days_share_90d",
]

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Money of the last 90 days' debits matched to the credits it came by, first in first out; by group."""

    credit: Ints
    debit: Ints
    amount: Ints
    bounds: Ints


def _pairs(rows: Rows) -> _Pairs:
    def make() -> _Pairs:
        signed = np.where(rows.mask("credit"), rows.amount, -rows.amount)
        credit, debit, amount = (np.empty(rows.size, np.int64) for _ in range(3))
        found = fifo_pairs(rows.offsets, signed, credit, debit, amount)
        recent = np.flatnonzero(rows.mask("any", 90)[debit[:found]])
        debit = debit[recent]
        bounds = np.searchsorted(rows.group[debit], np.arange(rows.numbers.size + 1))
        return _Pairs(credit[recent], debit, amount[recent], bounds)

    return rows.once("pairs", make)


def _waits(rows: Rows) -> Ints:
    pairs, at = _pairs(rows), rows.column("at").array.astype(np.int64)
    return at[pairs.debit] - at[pairs.credit]


def _by_group(bounds: Ints, values: Ints) -> Ints:
    return np.diff(np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])[bounds])


@feature(
    unit="time", group="activity", window=90, label="time that money stays",
    meaning="How long the money debited had been there, first in first out, the mean by amount, floored; unknown where "
    "none of it came in the data. Of a day known by its date only, credits come before debits.",
)  # fmt: skip
def dwell_90d(rows: Rows) -> Values:
    """Money from before the data is left out."""
    pairs = _pairs(rows)
    mean = np.empty(rows.numbers.size, np.int64)
    lo, hi = pairs.bounds[:-1].copy(), pairs.bounds[1:].copy()
    slice_weighted(lo, hi, pairs.amount, np.maximum(_waits(rows), 0), mean)
    return Values(np.maximum(mean, 0), mean >= 0)


@feature(
    unit="ratio", group="activity", window=90, label="share of money that goes within a day",
    meaning="Share of the money debited that had come in at most a day before, first in first out.",
)  # fmt: skip
def passed_in_a_day_90d(rows: Rows) -> Values:
    """By amount; unknown without debits."""
    pairs = _pairs(rows)
    passed = _by_group(pairs.bounds, np.where(_waits(rows) <= _DAY, pairs.amount, 0))
    return ratio_values(passed, rows.total(rows.mask("debit", 90), rows.amount))


@feature(
    unit="ratio", group="activity", window=90, columns=("hour",), label="share of money that goes within an hour",
    meaning="Share of the money debited at a known time that had come in at most an hour before, first in first out.",
)  # fmt: skip
def passed_in_an_hour_90d(rows: Rows) -> Values:
    """By amount; credits known by their date only do not count as passed."""
    pairs, timed = _pairs(rows), rows.column("hour").is_known()
    soon = (_waits(rows) <= _HOUR) & timed[pairs.credit] & timed[pairs.debit]
    debited = rows.total(rows.mask("debit", 90) & timed, rows.amount)
    return ratio_values(_by_group(pairs.bounds, np.where(soon, pairs.amount, 0)), debited)


@dataclass(frozen=True, slots=True)
class _Days:
    """Days of the last 90 with a transaction, by group: money in and out."""

    bounds: Ints
    came: Ints
    went: Ints

    def count(self, days: Flags) -> Ints:
        """By group, how many of them."""
        return _by_group(self.bounds, days.astype(np.int64))


def _days(rows: Rows) -> _Days:
    def make() -> _Days:
        at, bounds = rows.picked(rows.mask("any", 90))
        group, day = rows.group[at], rows.day[at]
        first = np.flatnonzero((np.diff(group, prepend=-1) != 0) | (np.diff(day, prepend=day[:1]) != 0))
        sums = [
            _by_group(np.append(first, at.size), np.where(rows.mask(side)[at], rows.amount[at], 0))
            for side in ("credit", "debit")
        ]
        return _Days(np.searchsorted(first, bounds), sums[0], sums[1])

    return rows.once("days", make)


@feature(
    unit="count", group="activity", window=90,
    meaning="Days on which money came and nine tenths of as much, or more, went.",
)  # fmt: skip
def drained_days_90d(rows: Rows) -> Values:
    """In either order."""
    return Values(_drained(rows))


def _drained(rows: Rows) -> Ints:
    days = _days(rows)
    return days.count((days.came > 0) & (days.went >= days.came - days.came // 10))


@feature(
    unit="ratio", group="activity", window=90,
    meaning="Share of the days on which money came that saw nine tenths of as much, or more, go.",
)  # fmt: skip
def drained_share_90d(rows: Rows) -> Values:
    """Unknown where no money came."""
    days = _days(rows)
    return ratio_values(_drained(rows), days.count(days.came > 0))


@feature(
    unit="ratio", group="activity", window=90, label="share of days with money both in and out",
    meaning="Share of the days with a transaction on which money both came and went.",
)  # fmt: skip
def turning_days_share_90d(rows: Rows) -> Values:
    """Unknown without a transaction."""
    days = _days(rows)
    return ratio_values(days.count((days.came > 0) & (days.went > 0)), np.diff(days.bounds))


@feature(
    unit="ratio", group="activity", window=90, needs=("transactions.balance_after",),
    columns=("balance_after", "amount_original"), label="share of debits that empty the account",
    meaning="Share of the debits with a known balance that left a tenth of their amount, or less, on the account.",
)  # fmt: skip
def emptied_share_90d(rows: Rows) -> Values:
    """Both in the transaction's currency."""
    left, amount = rows.column("balance_after"), rows.column("amount_original").array.astype(np.int64)
    return rows.share(left.array <= amount // 10, rows.mask("debit", 90) & left.is_known())
