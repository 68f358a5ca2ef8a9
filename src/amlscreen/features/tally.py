"""How often each value occurs within each group, and how evenly: distinct values, the commonest, entropy."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.partition import Values

__all__ = ["Tally", "tally"]

Ints = NDArray[np.int64]
_NANO = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Tally:
    """Each pair of a group and a value that occurs in it, by group; ``count`` is how many rows have it."""

    groups: int
    group: Ints
    code: Ints
    count: Ints

    def rows(self) -> Ints:
        """By group, how many rows have a known value."""
        total = np.zeros(self.groups, np.int64)
        np.add.at(total, self.group, self.count)
        return total

    def distinct(self) -> Ints:
        """By group, how many different values."""
        return np.bincount(self.group, minlength=self.groups).astype(np.int64)

    def commonest(self, most: int = 1) -> Ints:
        """By group, how many rows have one of its ``most`` commonest values."""
        order = np.lexsort((-self.count, self.group))
        start = np.cumsum(self.distinct()) - self.distinct()
        place = np.arange(order.size) - start[self.group[order]]
        top = order[place < most]
        found = np.zeros(self.groups, np.int64)
        np.add.at(found, self.group[top], self.count[top])
        return found

    def entropy(self) -> Values:
        """By group, the Shannon entropy of its values in millionths of a bit, floored; unknown without any.

        Logarithms are rounded to a thousand-millionth of a bit first, so that every machine gets the same.
        """
        size = self.rows()
        spent = np.zeros(self.groups, np.int64)
        np.add.at(spent, self.group, self.count * _log2(self.count))
        known = size > 0
        over = np.maximum(size, 1)
        bits = (over * _log2(over) - spent) // (over * (_NANO // 1_000_000))
        return Values(np.where(known, np.maximum(bits, 0), 0), known)


def tally(group: Ints, code: Ints, rows: NDArray[np.bool_], groups: int) -> Tally:
    """Count the values of some rows; a negative code is unknown and never counted."""
    kept = np.flatnonzero(rows & (code >= 0))
    pairs = np.sort((group[kept] << 32) | code[kept])
    first = np.flatnonzero(np.diff(pairs, prepend=-1))
    count = np.diff(first, append=pairs.size)
    return Tally(groups, pairs[first] >> 32, pairs[first] & 0xFFFF_FFFF, count)


def _log2(numbers: Ints) -> Ints:
    """Binary logarithms in thousand-millionths; each different number is worked out once."""
    distinct, back = np.unique(numbers, return_inverse=True)
    return np.array([round(math.log2(one) * _NANO) for one in distinct.tolist()], np.int64)[back]
