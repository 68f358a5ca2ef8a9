"""When: hours, weekdays, bursts, silence, and how regular the days are."""

from __future__ import annotations

import numpy as np

from amlscreen.feature_catalogue import feature
from amlscreen.features.rows import Flags, Ints, Rows
from amlscreen.ledger.columns import MILLION, ratio_values
from amlscreen.ledger.kernels import slice_std, window_left
from amlscreen.ledger.partition import Values

__all__ = [
    "active_days_30d",
    "busiest_day_share_90d",
    "days_since_last",
    "gap_spread_90d",
    "hour_entropy_90d",
    "longest_silence",
    "most_credits_in_an_hour_90d",
    "most_in_a_day_90d",
    "night_credits_90d",
    "night_share_90d",
    "silence_ended_30d",
    "weekend_share_90d",
]

_HOUR = 3_600_000_000
_FEWEST = 5
"""Rows below which one day's share says nothing."""


def _night(rows: Rows) -> Flags:
    hour = rows.column("hour")
    return hour.is_known() & ((hour.array >= 22) | (hour.array < 5))


@feature(
    unit="ratio", group="activity", window=90, columns=("hour",),
    meaning="Share of the transactions with a time of day that fall between 22 and 5 o'clock.",
)  # fmt: skip
def night_share_90d(rows: Rows) -> Values:
    """By number; unknown where none has a time of day."""
    return rows.share(_night(rows), rows.mask("any", 90) & rows.column("hour").is_known())


@feature(
    unit="ratio", group="activity", window=90, columns=("hour",), label="share of money credited at night",
    meaning="Share of the money credited with a time of day that came between 22 and 5 o'clock.",
)  # fmt: skip
def night_credits_90d(rows: Rows) -> Values:
    """By amount; unknown where no credit has a time of day."""
    return rows.share(_night(rows), rows.mask("credit", 90) & rows.column("hour").is_known(), rows.amount)


@feature(
    unit="bits", group="activity", window=90, columns=("hour",),
    meaning="How evenly transactions spread over the hours of the day (Shannon entropy).",
)  # fmt: skip
def hour_entropy_90d(rows: Rows) -> Values:
    """Unknown where none has a time of day."""
    return rows.tally("hour", "any", 90).entropy()


@feature(unit="ratio", group="activity", window=90, meaning="Share of the transactions on Saturdays and Sundays.")
def weekend_share_90d(rows: Rows) -> Values:
    """By number; the first of January 1970 was a Thursday."""
    return rows.share((rows.day + 3) % 7 >= 5, rows.mask("any", 90))


@feature(unit="count", group="activity", window=90, meaning="The most transactions on one day.")
def most_in_a_day_90d(rows: Rows) -> Values:
    """Of all days."""
    return Values(rows.tally("day", "any", 90).commonest())


@feature(
    unit="ratio", group="activity", window=90,
    meaning="The busiest day's share of the transactions; unknown of fewer than 5.",
)  # fmt: skip
def busiest_day_share_90d(rows: Rows) -> Values:
    """By number."""
    days = rows.tally("day", "any", 90)
    return ratio_values(days.commonest(), days.rows(), days.rows() >= _FEWEST)


@feature(unit="count", group="activity", window=30, meaning="Days with a transaction.")
def active_days_30d(rows: Rows) -> Values:
    """Each day once."""
    return Values(rows.tally("day", "any", 30).distinct())


@feature(
    unit="count", group="activity", window=90, columns=("hour",), label="most credits within an hour",
    meaning="The most credits within any hour, of those with a time of day.",
)  # fmt: skip
def most_credits_in_an_hour_90d(rows: Rows) -> Values:
    """Windows end at a credit and hold those at most an hour before, the hour's first instant left out."""
    timed = rows.mask("credit", 90) & rows.column("hour").is_known()
    at, bounds = rows.picked(timed)
    left, closes = np.empty(at.size, np.int64), np.empty(at.size, np.bool_)
    window_left(bounds, rows.column("at").array[at].astype(np.int64), _HOUR, left, closes)
    held = np.zeros(rows.size, np.int64)
    held[at] = np.where(closes, np.arange(at.size) - left + 1, 0)
    return Values(rows.largest(timed, held).array)


def _gaps(rows: Rows) -> tuple[Ints, Flags]:
    """Days since the subject's transaction before; and which rows have one."""
    later = rows.group == np.concatenate([np.full(min(rows.size, 1), -1), rows.group[:-1]])
    return np.diff(rows.day, prepend=rows.day[:1]), later


@feature(
    unit="days", group="activity", window=None,
    meaning="The most days between a transaction and the next; unknown of fewer than two.",
)  # fmt: skip
def longest_silence(rows: Rows) -> Values:
    """Of all the data up to the last transaction."""
    gap, later = _gaps(rows)
    return rows.largest(later, gap)


@feature(
    unit="days", group="activity", window=30, label="silence before the last 30 days' activity",
    meaning="The most days without a transaction that ended in the last 30 days; unknown if nothing happened then.",
)  # fmt: skip
def silence_ended_30d(rows: Rows) -> Values:
    """How dormant the subject was before it woke; the first transaction of all ends no silence."""
    gap, later = _gaps(rows)
    return rows.largest(later & rows.mask("any", 30), gap)


@feature(unit="days", group="activity", window=None, meaning="Days from the last transaction to the run's day.")
def days_since_last(rows: Rows) -> Values:
    """Unknown without a transaction."""
    last = rows.largest(rows.mask(), rows.day)
    return Values(np.where(last.is_known(), rows.last_day - last.array, 0), last.known)


@feature(
    unit="multiple", group="activity", window=90, label="irregularity of the days between transactions",
    meaning="How much the days from one active day to the next differ: standard deviation over mean; unknown of fewer "
    "than 3 such gaps.",
)  # fmt: skip
def gap_spread_90d(rows: Rows) -> Values:
    """0 for a clock, 1 for chance, more for bursts; the deviation is floored to a millionth of a day first."""
    days = rows.tally("day", "any", 90)
    gap = np.diff(days.code, prepend=0)
    inner = np.ones(gap.size, np.bool_)
    first = days.bounds[:-1][days.distinct() > 0]
    inner[first] = False
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(days.by_group(inner))])
    deviation = np.empty(bounds.size - 1, np.int64)
    slice_std(bounds[:-1].copy(), bounds[1:].copy(), gap[inner] * MILLION, deviation)
    count, total = np.diff(bounds), days.by_group(np.where(inner, gap, 0))
    return ratio_values(np.maximum(deviation, 0) * count, total * MILLION, count >= 3)
