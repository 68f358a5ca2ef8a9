"""Money in and out over the last 30 and 90 days: sums, counts, the largest, the middle, how much they differ."""

from __future__ import annotations

import numpy as np

from amlscreen.feature_catalogue import feature
from amlscreen.features.rows import Flags, Rows, Side
from amlscreen.ledger.columns import ratio_values
from amlscreen.ledger.kernels import slice_std
from amlscreen.ledger.partition import Values

__all__ = [
    "credit_count_30d",
    "credit_count_90d",
    "credit_spread_90d",
    "credits_30d",
    "credits_90d",
    "credits_per_debit_90d",
    "debit_count_30d",
    "debit_count_90d",
    "debit_spread_90d",
    "debits_30d",
    "debits_90d",
    "largest_credit_90d",
    "largest_credit_share_90d",
    "largest_debit_90d",
    "net_90d",
    "spread",
    "through_share_90d",
    "typical_credit_90d",
    "typical_debit_90d",
]

FEWEST_TO_DIFFER = 3
"""How much amounts differ is unknown of fewer."""


@feature(unit="money", group="activity", window=30, meaning="Money credited.")
def credits_30d(rows: Rows) -> Values:
    """The sum of credits."""
    return _sum(rows, "credit", 30)


@feature(unit="money", group="activity", window=30, meaning="Money debited.")
def debits_30d(rows: Rows) -> Values:
    """The sum of debits."""
    return _sum(rows, "debit", 30)


@feature(unit="money", group="activity", window=90, meaning="Money credited.")
def credits_90d(rows: Rows) -> Values:
    """The sum of credits."""
    return _sum(rows, "credit", 90)


@feature(unit="money", group="activity", window=90, meaning="Money debited.")
def debits_90d(rows: Rows) -> Values:
    """The sum of debits."""
    return _sum(rows, "debit", 90)


def _sum(rows: Rows, side: Side, days: int) -> Values:
    return Values(rows.once(("sum", side, days), lambda: rows.total(rows.mask(side, days), rows.amount)))


@feature(unit="count", group="activity", window=30, meaning="Credits.")
def credit_count_30d(rows: Rows) -> Values:
    """How many."""
    return Values(rows.total(rows.mask("credit", 30)))


@feature(unit="count", group="activity", window=30, meaning="Debits.")
def debit_count_30d(rows: Rows) -> Values:
    """How many."""
    return Values(rows.total(rows.mask("debit", 30)))


@feature(unit="count", group="activity", window=90, meaning="Credits.")
def credit_count_90d(rows: Rows) -> Values:
    """How many."""
    return Values(rows.total(rows.mask("credit", 90)))


@feature(unit="count", group="activity", window=90, meaning="Debits.")
def debit_count_90d(rows: Rows) -> Values:
    """How many."""
    return Values(rows.total(rows.mask("debit", 90)))


@feature(unit="money", group="activity", window=90, scored=False, meaning="Money credited less money debited.")
def net_90d(rows: Rows) -> Values:
    """Below zero where more went than came."""
    return Values(_sum(rows, "credit", 90).array - _sum(rows, "debit", 90).array)


@feature(
    unit="ratio", group="activity", window=90, label="share of money that passes through",
    meaning="The smaller of money credited and money debited over the larger: near 1 where all that comes goes.",
)  # fmt: skip
def through_share_90d(rows: Rows) -> Values:
    """Unknown without money."""
    came, went = _sum(rows, "credit", 90).array, _sum(rows, "debit", 90).array
    return ratio_values(np.minimum(came, went), np.maximum(came, went))


@feature(unit="multiple", group="activity", window=90, meaning="Credits for each debit, by number.")
def credits_per_debit_90d(rows: Rows) -> Values:
    """High where many small sums are collected and sent on at once; unknown without debits."""
    return ratio_values(rows.total(rows.mask("credit", 90)), rows.total(rows.mask("debit", 90)))


@feature(unit="money", group="activity", window=90, meaning="The largest credit; 0 without credits.")
def largest_credit_90d(rows: Rows) -> Values:
    """By amount."""
    return Values(rows.largest(rows.mask("credit", 90), rows.amount).array)


@feature(unit="money", group="activity", window=90, meaning="The largest debit; 0 without debits.")
def largest_debit_90d(rows: Rows) -> Values:
    """By amount."""
    return Values(rows.largest(rows.mask("debit", 90), rows.amount).array)


@feature(unit="ratio", group="activity", window=90, meaning="The largest credit's share of the money credited.")
def largest_credit_share_90d(rows: Rows) -> Values:
    """Unknown without credits."""
    return ratio_values(largest_credit_90d(rows).array, _sum(rows, "credit", 90).array)


@feature(
    unit="money", group="activity", window=90, meaning="The middle credit by amount, of two the lower.",
    label="typical credit",
)  # fmt: skip
def typical_credit_90d(rows: Rows) -> Values:
    """The median; unknown without credits."""
    return _typical(rows, "credit")


@feature(
    unit="money", group="activity", window=90, meaning="The middle debit by amount, of two the lower.",
    label="typical debit",
)  # fmt: skip
def typical_debit_90d(rows: Rows) -> Values:
    """The median; unknown without debits."""
    return _typical(rows, "debit")


def _typical(rows: Rows, side: Side) -> Values:
    middle = rows.tally("amount", side, 90).median()
    return Values(np.append(rows.amounts, 0)[middle.array] * middle.is_known(), middle.known)


@feature(
    unit="multiple", group="activity", window=90, label="spread of credits",
    meaning="How much credits differ: standard deviation over mean; unknown of fewer than 3.",
)  # fmt: skip
def credit_spread_90d(rows: Rows) -> Values:
    """Of the amounts."""
    return spread(rows, rows.mask("credit", 90))


@feature(
    unit="multiple", group="activity", window=90, label="spread of debits",
    meaning="How much debits differ: standard deviation over mean; unknown of fewer than 3.",
)  # fmt: skip
def debit_spread_90d(rows: Rows) -> Values:
    """Of the amounts."""
    return spread(rows, rows.mask("debit", 90))


def spread(rows: Rows, picked: Flags) -> Values:
    """Standard deviation of the amounts, floored to minor units, over their mean, floored to millionths."""
    at, bounds = rows.picked(picked)
    deviation = np.empty(bounds.size - 1, np.int64)
    slice_std(np.ascontiguousarray(bounds[:-1]), np.ascontiguousarray(bounds[1:]), rows.amount[at], deviation)
    count = np.diff(bounds)
    return ratio_values(np.maximum(deviation, 0) * count, rows.total(picked, rows.amount), count >= FEWEST_TO_DIFFER)
