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
_LOW = (1 << 32) - 1
_DENSE = 4
"""Where groups times values are at most this many times the rows, counting in a table is faster than sorting."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Each pair of a group and a value that occurs in it, by group and value.

    ``count`` is how many rows have it, ``bounds`` where each group's pairs begin, with the end.
    """

    group: Ints
    code: Ints
    count: Ints
    bounds: Ints

    def by_group(self, values: Ints | NDArray[np.bool_]) -> Ints:
        """The sum of what is told of each pair."""
        running = np.zeros(values.size + 1, np.int64)
        np.cumsum(values.astype(np.int64, copy=False), out=running[1:])
        return np.diff(running[self.bounds])

    def rows(self) -> Ints:
        """By group, how many rows have a known value."""
        return self.by_group(self.count)

    def distinct(self) -> Ints:
        """By group, how many different values."""
        return np.diff(self.bounds)

    def commonest(self, most: int = 1) -> Ints:
        """By group, how many rows have one of its ``most`` commonest values."""
        if most == 1:
            found = np.zeros(self.bounds.size - 1, np.int64)
            filled = np.flatnonzero(self.distinct())
            if filled.size:
                found[filled] = np.maximum.reduceat(self.count, self.bounds[filled])
            return found
        largest = np.sort((self.group << 32) | (_LOW - self.count), kind="stable")
        place = np.arange(largest.size) - self.bounds[:-1].repeat(self.distinct())
        return self.by_group(np.where(place < most, _LOW - (largest & _LOW), 0))

    def median(self) -> Values:
        """By group, the code of the middle row, of two the lower; unknown without any."""
        running = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.count)])
        before, rows = running[self.bounds[:-1]], self.rows()
        at = np.searchsorted(running[1:], before + (rows + 1) // 2)
        known = rows > 0
        return Values(np.where(known, np.append(self.code, 0)[np.minimum(at, self.code.size)], 0), known)

    def entropy(self) -> Values:
        """By group, the Shannon entropy of its values in millionths of a bit, floored; unknown without any.

        Logarithms are rounded to a thousand-millionth of a bit first, so that every machine gets the same. Exact up to
        a hundred million rows of a group.
        """
        size, spent = self.rows(), self.by_group(self.count * _log2(self.count))
        known, over = size > 0, np.maximum(size, 1)
        bits = (over * _log2(over) - spent) // (over * (_NANO // 1_000_000))
        return Values(np.where(known, np.maximum(bits, 0), 0), known)


def tally(group: Ints, code: Ints, rows: NDArray[np.bool_], groups: int) -> Tally:
    """Count the values of some rows; a negative code is unknown and never counted."""
    kept = np.flatnonzero(rows & (code >= 0))
    group, code = group[kept], code[kept]
    size = int(code.max(initial=0)) + 1
    if groups * size <= _DENSE * kept.size:
        dense = np.bincount(group * size + code, minlength=groups * size).reshape(groups, size)
        group, code = np.nonzero(dense)
        return Tally(
            group, code, dense[group, code], np.concatenate([np.zeros(1, np.int64), np.cumsum((dense > 0).sum(1))])
        )
    pairs = np.sort((group << 32) | code, kind="stable")  # groups are in order: twice as fast
    first = np.flatnonzero(np.diff(pairs, prepend=-1))
    pairs, count = pairs[first], np.diff(first, append=pairs.size)
    whose = pairs >> 32
    return Tally(whose, pairs & _LOW, count, np.searchsorted(whose, np.arange(groups + 1)))


def _log2(numbers: Ints) -> Ints:
    """Binary logarithms in thousand-millionths; each different number is worked out once."""
    if numbers.size and int(numbers.max()) < 1 << 12:
        return _FEW[: int(numbers.max()) + 1][numbers]
    distinct, back = np.unique(numbers, return_inverse=True)
    return np.array([_nanobits(one) for one in distinct.tolist()], np.int64)[back]


def _nanobits(number: int) -> int:
    return round(math.log2(number) * _NANO)


_FEW = np.array([0, *map(_nanobits, range(1, 1 << 12))], np.int64)
