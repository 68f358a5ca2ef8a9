"""Wages and what payments say they are for."""

from __future__ import annotations

import numpy as np

from amlscreen.feature_catalogue import feature
from amlscreen.features.rows import Flags, Rows
from amlscreen.features.sums import FEWEST_TO_DIFFER, spread
from amlscreen.ledger.partition import Values

__all__ = [
    "family_share_90d",
    "wage_gap_range",
    "wage_receivers_90d",
    "wage_share_90d",
    "wage_spread",
]

_NEEDS = ("transactions.purpose",)


def _wages(rows: Rows) -> Flags:
    return rows.among("purpose", ("salary",)) & rows.mask("credit")


@feature(
    unit="ratio", group="activity", window=90, needs=_NEEDS, columns=("purpose",),
    meaning="Wages as a share of the money credited.",
)  # fmt: skip
def wage_share_90d(rows: Rows) -> Values:
    """By amount; unknown without credits."""
    return rows.share(_wages(rows), rows.mask("credit", 90), rows.amount)


@feature(
    unit="days", group="activity", window=None, needs=_NEEDS, columns=("purpose",), label="irregularity of wage days",
    meaning="The most less the fewest days from one wage to the next; unknown of fewer than 3 wages.",
)  # fmt: skip
def wage_gap_range(rows: Rows) -> Values:
    """0 where wages come like a clock; several wages of a day are one."""
    days = rows.tally_of(rows.codes("day"), _wages(rows))
    place = np.arange(days.code.size) - days.bounds[:-1].repeat(days.distinct())
    gap = np.diff(days.code, prepend=0)
    later = place > 0
    enough = days.distinct() >= FEWEST_TO_DIFFER
    found = np.zeros(enough.size, np.int64)
    whose, gaps = days.group[later], gap[later]
    first = np.flatnonzero(np.diff(whose, prepend=-1))
    if first.size:
        most, least = np.maximum.reduceat(gaps, first), np.minimum.reduceat(gaps, first)
        found[whose[first]] = most - least
    return Values(np.where(enough, found, 0), enough)


@feature(
    unit="multiple", group="activity", window=None, needs=_NEEDS, columns=("purpose",),
    label="irregularity of wage amounts",
    meaning="How much wages differ: standard deviation over mean; unknown of fewer than 3.",
)  # fmt: skip
def wage_spread(rows: Rows) -> Values:
    """Of all wages in the data."""
    return spread(rows, _wages(rows))


@feature(
    unit="count", group="activity", window=90, needs=(*_NEEDS, "transactions.counterparty"),
    columns=("purpose", "counterparty", "counterparty_kind"), meaning="Different receivers of wages paid.",
)  # fmt: skip
def wage_receivers_90d(rows: Rows) -> Values:
    """Pooled and unknown ones are nobody."""
    paid = rows.among("purpose", ("salary",)) & rows.mask("debit", 90)
    return Values(rows.tally_of(rows.codes("other side"), paid).distinct())


@feature(
    unit="ratio", group="activity", window=90, needs=_NEEDS, columns=("purpose",),
    meaning="Share of the money, in and out, that is family support or a gift.",
)  # fmt: skip
def family_share_90d(rows: Rows) -> Values:
    """By amount; unknown without transactions."""
    return rows.share(rows.among("purpose", ("family", "gift")), rows.mask("any", 90), rows.amount)
