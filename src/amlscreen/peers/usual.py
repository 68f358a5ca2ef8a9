"""What is usual, and how far a value is from it: exact arithmetic on whole numbers, floored once at the end.

A median of an even number of values is halfway between the two in the middle, so it is kept as twice itself. Distances
are measured in robust standard deviations, 1.4826 times the median absolute deviation; where that is zero, because more
than half of the values are equal, 1.2533 times the mean absolute deviation from the median stands in (Iglewicz and
Hoaglin, *How to Detect and Handle Outliers*, 1993); where that is zero too, nothing can be said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.kernels import floor_ratio, into_groups, sort_short_groups
from amlscreen.ledger.partition import Values

__all__ = ["Usual", "declared_usual", "first_at_least", "median_and_order", "median_usual", "medians"]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_TEN_THOUSAND = 10_000
_OF_MEDIAN_DEVIATION = 14_826
_OF_MEAN_DEVIATION = 12_533
_SHORT = 32
"""Up to so many values are sorted by insertion, for most have a handful; NumPy sorts longer runs one by one."""


@dataclass(frozen=True, slots=True)
class Usual:
    """One usual for each of several subjects: ``over / under``, where ``known``.

    Of medians, ``count`` says of how many values; ``median_deviation`` is four times the median absolute deviation, and
    ``deviations`` the sum of the absolute deviations, twice.
    """

    over: Ints
    under: int
    known: Flags
    count: Ints
    median_deviation: Ints
    deviations: Ints

    def at(self, rows: Ints) -> Usual:
        """The usual of some subjects, in that order."""
        over, count, median, mean = (
            each[rows] for each in (self.over, self.count, self.median_deviation, self.deviations)
        )
        return Usual(over, self.under, self.known[rows], count, median, mean)

    def shown(self) -> Values:
        """The usual in its own unit."""
        return Values(np.where(self.known, self.over // self.under, 0), self.known)

    def distance(self, value: Ints) -> Ints:
        """How far each value is from its usual, in parts of one unit that are the same for all spans of a subject."""
        apart: Ints = np.abs(value * self.under - self.over)
        return apart

    def times(self, value: Ints, known: Flags) -> Values:
        """value / usual in millionths; unknown where the usual is not above zero."""
        known = known & self.known & (self.over > 0)
        return Values(np.where(known, _floored(value * self.under, self.over, MILLION), 0), known)

    def robust(self, value: Ints, known: Flags) -> Values:
        """(value - usual) / robust standard deviation in millionths; unknown where the values do not scatter."""
        apart = value * self.under - self.over
        scaled = _floored(2 * apart, self.median_deviation, MILLION * _TEN_THOUSAND) // _OF_MEDIAN_DEVIATION
        equal = self.median_deviation == 0
        for count in np.unique(self.count[equal]).tolist():
            rows = np.flatnonzero(equal & (self.count == count))
            instead = _floored(apart[rows], self.deviations[rows], max(count, 1) * MILLION * _TEN_THOUSAND)
            scaled[rows] = instead // _OF_MEAN_DEVIATION
        known = known & self.known & (self.deviations > 0)
        return Values(np.where(known, scaled, 0), known)


def _floored(over: Ints, under: Ints, scale: int) -> Ints:
    out = np.empty(over.size, np.int64)
    floor_ratio(np.ascontiguousarray(over, np.int64), np.ascontiguousarray(under, np.int64), scale, out)
    return out


def declared_usual(monthly: Ints, days: int) -> Usual:
    """What was declared for a month of 30 days, for a span of so many; unknown where nothing or zero was declared."""
    none = np.zeros(monthly.size, np.int64)
    known = monthly > 0
    return Usual(np.where(known, monthly, 0) * days, 30, known, none, none, none)


def median_usual(value: Ints, subject: Ints, subjects: int, at_least: int) -> Usual:
    """The median of each subject's values, in any order, where it has at least so many."""
    return median_and_order(value, subject, subjects, at_least)[0]


def medians(value: Ints, subject: Ints, subjects: int) -> tuple[Ints, Ints]:
    """Twice the median of each subject's values and how many there are; 0 of none. Half the work of the usual."""
    count = np.bincount(subject, minlength=subjects).astype(np.int64)
    return _middles(_in_order(value, subject, subjects), np.cumsum(count) - count, count), count


def median_and_order(value: Ints, subject: Ints, subjects: int, at_least: int) -> tuple[Usual, Ints]:
    """The same, with the values subject after subject, those of each rising."""
    count = np.bincount(subject, minlength=subjects).astype(np.int64)
    ends = np.cumsum(count)
    ordered = _in_order(value, subject, subjects)
    twice = _middles(ordered, ends - count, count)
    owner = np.repeat(np.arange(subjects), count)
    apart = _in_order(np.abs(2 * ordered - twice[owner]), owner, subjects)
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(apart, dtype=np.int64)])
    deviations = running[ends] - running[ends - count]
    usual = Usual(twice, 2, count >= max(at_least, 1), count, _middles(apart, ends - count, count), deviations)
    return usual, ordered


def _in_order(value: Ints, subject: Ints, subjects: int) -> Ints:
    """The values subject after subject, those of each rising."""
    offsets = np.zeros(subjects + 1, np.int64)
    np.cumsum(np.bincount(subject, minlength=subjects), out=offsets[1:])
    ordered = np.empty(value.size, np.int64)
    whose = np.ascontiguousarray(subject, np.int64)
    into_groups(np.ascontiguousarray(value, np.int64), whose, offsets[:-1].copy(), ordered)
    sort_short_groups(offsets, ordered, _SHORT)
    for long in np.flatnonzero(np.diff(offsets) > _SHORT).tolist():
        ordered[offsets[long] : offsets[long + 1]].sort()
    return ordered


def first_at_least(ordered: Ints, start: Ints, end: Ints, value: Ints) -> Ints:
    """For each value the first place in its run ``start:end`` of rising numbers that is not below it; else ``end``."""
    low, high = start.copy(), end.copy()
    while (low < high).any():
        middle = (low + high) // 2
        below = (low < high) & (ordered[np.minimum(middle, ordered.size - 1)] < value)
        low, high = np.where(below, middle + 1, low), np.where(below, high, np.minimum(middle, high))
    return low


def _middles(ordered: Ints, starts: Ints, count: Ints) -> Ints:
    """Twice the median of each run of ordered values; 0 for an empty one."""
    padded = np.append(ordered, 0)
    low, high = (np.where(count > 0, starts + half, -1) for half in ((count - 1) // 2, count // 2))
    both: Ints = padded[low] + padded[high]
    return both
