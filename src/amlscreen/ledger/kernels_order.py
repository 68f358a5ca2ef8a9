"""Kernels that put rows in order."""

from __future__ import annotations

import numpy as np

from amlscreen.ledger.kernel_cache import Ints, Whole, kernel, part

__all__ = ["fix_order", "into_groups", "sort_short_groups"]


@part
def _is_later(time: Ints, tie: Ints, one: Whole, other: Whole) -> bool:
    return bool(time[one] > time[other] or (time[one] == time[other] and tie[one] > tie[other]))


@part
def _merge(time: Ints, tie: Ints, source: Ints, target: Ints, start: Whole, middle: Whole, end: Whole) -> None:
    """Merges two sorted neighbouring runs of row numbers; of equal rows the left run's come first."""
    left = start
    right = middle
    for at in range(start, end):
        if left < middle and (right >= end or not _is_later(time, tie, source[left], source[right])):
            target[at] = source[left]
            left += 1
        else:
            target[at] = source[right]
            right += 1


@part
def _merge_runs(time: Ints, tie: Ints, order: Ints, runs: Whole) -> None:
    """Sorts row numbers that consist of that many sorted runs, by merging neighbours until one run is left."""
    ends = np.empty(runs + 1, np.int64)
    ends[0] = 0
    found = 0
    for at in range(1, order.size):
        if _is_later(time, tie, order[at - 1], order[at]):
            found += 1
            ends[found] = at
    ends[runs] = order.size
    source = order
    target = np.empty(order.size, np.int64)
    while runs > 1:
        merged = 0
        for run in range(0, runs, 2):
            start = ends[run]
            middle = ends[run + 1]
            end = ends[min(run + 2, runs)]
            _merge(time, tie, source, target, start, middle, end)
            ends[merged] = start
            merged += 1
        ends[merged] = order.size
        runs = merged
        source, target = target, source
    for at in range(order.size):  # assigning the whole array at once takes seconds to compile
        order[at] = source[at]


@kernel("void(i8[::1], i8[::1], i8[::1], i8[::1])")
def fix_order(offsets: Ints, time: Ints, tie: Ints, order: Ints) -> None:
    """Row numbers in the order (time, tie) within each group.

    ``offsets[g + 1]``, ``time[n]``, ``tie[n]``; writes ``order[n]``. Groups keep their places. A group that is in
    order already costs one pass; one made of a few ordered runs, as a customer is of accounts, costs one merge for
    each doubling of runs. Rows equal in both keep their order.
    """
    for group in range(offsets.size - 1):
        first = offsets[group]
        last = offsets[group + 1]
        runs = 1
        for row in range(first, last):
            order[row] = row
            if row > first and _is_later(time, tie, row - 1, row):
                runs += 1
        if runs > 1:
            _merge_runs(time, tie, order[first:last], runs)


@kernel("void(i8[::1], i8[::1], i8[::1], i8[::1])")
def into_groups(values: Ints, group: Ints, place: Ints, out: Ints) -> None:
    """The values group after group, those of each in the order given.

    ``group[n]`` says whose each of ``values[n]`` is; ``place[g]`` where the first of each group goes, and is changed.
    Writes ``out[n]``.
    """
    for row in range(values.size):
        out[place[group[row]]] = values[row]
        place[group[row]] += 1


@kernel("void(i8[::1], i8[::1], i8)")
def sort_short_groups(offsets: Ints, values: Ints, longest: Whole) -> None:
    """Lets the values of each group rise that has no more than so many, by insertion. Changes ``values``."""
    for group in range(offsets.size - 1):
        first = offsets[group]
        last = offsets[group + 1]
        if last - first > longest:
            continue
        for at in range(first + 1, last):
            value = values[at]
            free = at
            while free > first and values[free - 1] > value:
                values[free] = values[free - 1]
                free -= 1
            values[free] = value
