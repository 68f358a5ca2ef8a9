"""The days a synthetic bank lives through, and draws that come out the same on every machine.

Only whole numbers and products of uniform draws are used: no logarithm or exponential, whose last bit may differ
between processors.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["DAY", "Calendar", "Ints", "clock", "events", "money", "repeated"]

DAY = 86_400
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Calendar:
    """``days`` local days from ``start``. Days inside are counted from 0."""

    start: dt.date
    days: int

    @property
    def first(self) -> int:
        """The first day, in days since 1970-01-01."""
        return (self.start - dt.date(1970, 1, 1)).days

    @property
    def last(self) -> int:
        """The last day, counted from 0."""
        return self.days - 1

    def at(self, day: Ints | int, second: Ints | int) -> Ints:
        """Local seconds since 1970-01-01 of a second of a day."""
        return np.asarray((np.asarray(day, np.int64) + self.first) * DAY + second, np.int64)

    def each_month(self, day_of_month: int) -> Ints:
        """The days that carry that number in their month (28 at most, so that every month has it)."""
        dates = (self.start + dt.timedelta(days=index) for index in range(self.days))
        return np.array([index for index, day in enumerate(dates) if day.day == day_of_month], np.int64)


def clock(rng: np.random.Generator, size: int, opens: int = 7, closes: int = 21) -> Ints:
    """Seconds of the day between two hours; ``closes`` may pass 24."""
    return rng.integers(opens * 3600, closes * 3600, size=size)


def money(rng: np.random.Generator, low: int, high: int, size: int, step: int = 1_000) -> Ints:
    """Amounts between two whole sums, small ones commoner, in multiples of ``step``; in hundredths."""
    draw = rng.random(size)
    whole = low + (draw * draw * (high - low)).astype(np.int64)
    return np.asarray(np.maximum(whole // step, 1) * step * 100, np.int64)


def events(rng: np.random.Generator, who: Ints, days: int, per_mille: Ints | int) -> tuple[Ints, Ints]:
    """Who does something on which day, when each does it on so many of a thousand days."""
    chance = np.broadcast_to(np.asarray(per_mille, np.int64), who.shape)
    hit = rng.integers(0, 1000, size=(len(who), days), dtype=np.int16) < chance[:, None]
    person, day = np.nonzero(hit)
    return who[person], day.astype(np.int64)


def repeated(who: Ints, times: Ints) -> tuple[Ints, Ints]:
    """Each of ``who`` so many times, and the running number within each.

    >>> [list(map(int, part)) for part in repeated(np.array([7, 9]), np.array([2, 1]))]
    [[7, 7, 9], [0, 1, 0]]
    """
    rows = np.repeat(who, times)
    starts = np.repeat(np.cumsum(times) - times, times)
    return rows, np.arange(len(rows)) - starts
