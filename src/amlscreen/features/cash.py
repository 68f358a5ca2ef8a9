"""Cash: over the counter and at machines."""

from __future__ import annotations

import numpy as np

from amlscreen.feature_catalogue import feature
from amlscreen.features.rows import Flags, Rows, Side
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values

__all__ = [
    "cash_in_90d",
    "cash_in_share_90d",
    "cash_out_90d",
    "cash_out_days_90d",
    "cash_out_share_90d",
    "conductors_90d",
    "just_under_report_90d",
    "machine_share_90d",
]

_NEEDS = ("transactions.channel",)
_JUST_UNDER = MILLION * 8 // 10


def _cash(rows: Rows, side: Side) -> Flags:
    """In cash, by the jurisdiction's word for it."""
    return rows.among("channel", rows.part.reference.jurisdiction.cash_report_channels) & rows.mask(side, 90)


@feature(unit="money", group="activity", window=90, needs=_NEEDS, columns=("channel",), meaning="Cash paid in.")
def cash_in_90d(rows: Rows) -> Values:
    """The sum."""
    return Values(rows.total(_cash(rows, "credit"), rows.amount))


@feature(unit="money", group="activity", window=90, needs=_NEEDS, columns=("channel",), meaning="Cash taken out.")
def cash_out_90d(rows: Rows) -> Values:
    """The sum."""
    return Values(rows.total(_cash(rows, "debit"), rows.amount))


@feature(
    unit="ratio", group="activity", window=90, needs=_NEEDS, columns=("channel",),
    meaning="Cash as a share of the money credited whose channel is known.",
)  # fmt: skip
def cash_in_share_90d(rows: Rows) -> Values:
    """By amount."""
    return _share(rows, "credit")


@feature(
    unit="ratio", group="activity", window=90, needs=_NEEDS, columns=("channel",),
    meaning="Cash as a share of the money debited whose channel is known.",
)  # fmt: skip
def cash_out_share_90d(rows: Rows) -> Values:
    """By amount."""
    return _share(rows, "debit")


def _share(rows: Rows, side: Side) -> Values:
    return rows.share(_cash(rows, side), rows.mask(side, 90) & rows.column("channel").is_known(), rows.amount)


@feature(
    unit="ratio", group="activity", window=90, needs=_NEEDS, columns=("channel",),
    meaning="Money drawn at machines as a share of the cash taken out.",
)  # fmt: skip
def machine_share_90d(rows: Rows) -> Values:
    """By amount; unknown where no cash was taken out."""
    return rows.share(rows.among("channel", ("atm",)), _cash(rows, "debit"), rows.amount)


@feature(
    unit="count", group="activity", window=90, needs=_NEEDS, columns=("channel",),
    meaning="Days on which cash was taken out.",
)  # fmt: skip
def cash_out_days_90d(rows: Rows) -> Values:
    """Each day once."""
    return Values(rows.tally_of(rows.codes("day"), _cash(rows, "debit")).distinct())


@feature(
    unit="count", group="activity", window=90, needs=_NEEDS, columns=("channel", "report_multiple"),
    meaning="Cash bookings from 0.8 of the cash-report threshold of their day up to just below it.",
    label="cash just under the report threshold",
)  # fmt: skip
def just_under_report_90d(rows: Rows) -> Values:
    """Each booking by itself."""
    multiple = rows.column("report_multiple")
    near = multiple.is_known() & (multiple.array >= _JUST_UNDER) & (multiple.array < MILLION)
    return Values(rows.total(near & _cash(rows, "any")))


@feature(
    unit="count", group="activity", window=90, needs=("transactions.conductor_id",), columns=("conductor_id",),
    meaning="Different people who paid in or took out in person, where the bank wrote down who.",
)  # fmt: skip
def conductors_90d(rows: Rows) -> Values:
    """The holder counts as one, where named as conductor."""
    return Values(rows.tally("conductor_id", "any", 90).distinct().astype(np.int64))
