"""Exact sums by place, and the span of days in which most happened."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["fullest_span", "summed"]

Ints = NDArray[np.int64]


def summed(place: Ints, values: Ints, size: int) -> Ints:
    """The sum of the values of each place, in whole numbers."""
    total = np.zeros(size, np.int64)
    np.add.at(total, place, values)
    return total


def fullest_span(group: Ints, day: Ints, days: int) -> NDArray[np.bool_]:
    """Which events lie in their group's fullest span of so many days; of equally full ones the first.

    Events come by group and day, both rising.
    """
    if not group.size:
        return np.zeros(0, np.bool_)
    width = np.int64(1 << 33)
    key = group * width + day + (1 << 32)
    left = np.searchsorted(key, group * width + np.maximum(day - days + 1 + (1 << 32), 0))
    count = np.arange(group.size) - left + 1
    order = np.lexsort((np.arange(group.size)[::-1], count, group))
    last = order[np.append(np.flatnonzero(np.diff(group[order])), group.size - 1)]
    kept = np.zeros(group.size + 1, np.int64)
    np.add.at(kept, left[last], 1)
    np.add.at(kept, last + 1, -1)
    return np.cumsum(kept)[:-1] > 0
