"""The kernel of medians and other quantiles of slices.

Slices that touch one another, directly or through others, form a chain. The rows of a chain get ranks of their own
and are counted in a Fenwick tree (partial sums over ranks, so that a row enters, leaves and the k-th smallest is
found in a number of steps that grows with the logarithm of the ranks). A busy account is one long chain; sorting each
of its windows would take hours.
"""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

import numpy as np

from amlscreen.ledger.kernel_cache import Codes, Ints, Whole, kernel, part

__all__ = ["slice_quantile"]


@part
def _first_not_below(rising: Codes, size: Whole, value: Whole) -> Whole:
    """The first place among the first ``size`` whose value is not below ``value``."""
    low: Whole = 0
    high = size
    while low < high:
        middle = (low + high) // 2
        if rising[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@part
def _count(tree: Codes, ranks: Whole, rank: Whole, by: Whole) -> Whole:
    """Counts one row of that rank in or out; how many known rows came or went."""
    if rank < 0:
        return 0
    place = np.int64(rank) + 1
    while place <= ranks:
        tree[place] += by
        place += place & -place
    return by


@part
def _kth(tree: Codes, ranks: Whole, k: Whole) -> Whole:
    """The rank of the k-th smallest row counted, k from 1."""
    step = 1
    while step * 2 <= ranks:
        step *= 2
    rank: Whole = 0
    left = k
    while step > 0:
        if rank + step <= ranks and tree[rank + step] < left:
            rank += step
            left -= tree[rank]
        step //= 2
    return rank


@part
def _sink(values: Codes, top: Whole, size: Whole) -> None:
    """Lets a value sink in a heap of so many to where none below it is greater."""
    place = top
    value = values[place]
    while 2 * place + 1 < size:
        below = 2 * place + 1
        if below + 1 < size and values[below + 1] > values[below]:
            below += 1
        if values[below] <= value:
            break
        values[place] = values[below]
        place = below
    values[place] = value


@part
def _sort(values: Codes) -> None:
    """Lets values rise, by a heap: the sort that numba brings takes two seconds to compile."""
    for top in range(values.size // 2 - 1, -1, -1):
        _sink(values, top, values.size)
    for last in range(values.size - 1, 0, -1):
        greatest = values[0]
        values[0] = values[last]
        values[last] = greatest
        _sink(values, 0, last)


@part
def _ranks_by_table(rank: Codes, top: Whole, ordered: Codes, own: Codes) -> Whole:
    """:func:`_ranks_of_chain` where ranks reach ``top``, little more than there are rows: a table of those met."""
    met = np.zeros(top + 1, np.int32)
    for at in range(rank.size):
        if rank[at] >= 0:
            met[rank[at]] = 1
    kept = 0
    for one in range(top + 1):
        if met[one]:
            met[one] = kept
            ordered[kept] = one
            kept += 1
    for at in range(rank.size):
        own[at] = -1 if rank[at] < 0 else met[rank[at]]
    return kept


@part
def _ranks_of_chain(rank: Codes, ordered: Codes, own: Codes) -> Whole:
    """Dense ranks of a chain's rows by their own values; -1 for null. Returns how many ranks, their values stand in
    ``ordered``.
    """
    top = rank[0]
    for at in range(rank.size):
        top = max(top, rank[at])
    if top < 4 * rank.size:
        return _ranks_by_table(rank, top, ordered, own)
    for at in range(rank.size):  # assigning the whole array at once takes seconds to compile
        ordered[at] = rank[at]
    _sort(ordered)
    kept = 0
    for at in range(ordered.size):
        if ordered[at] >= 0 and (kept == 0 or ordered[at] != ordered[kept - 1]):
            ordered[kept] = ordered[at]
            kept += 1
    for at in range(rank.size):
        own[at] = -1 if rank[at] < 0 else _first_not_below(ordered, kept, rank[at])
    return kept


@part
def _sweep_chain(
    lo: Ints, hi: Ints, base: Whole, own: Codes, ordered: Codes, ranks: Whole, tree: Codes, permille: Whole, out: Ints
) -> None:
    """Quantiles of the slices of one chain, whose rows start at ``base``; leaves the tree as empty as it was."""
    start = base
    end = base
    known: Whole = 0
    for point in range(lo.size):
        low = lo[point]
        high = hi[point]
        if high <= low:
            out[point] = -1
            continue
        if low >= end or high <= start:
            for row in range(start, end):
                known += _count(tree, ranks, own[row - base], -1)
            start = low
            end = low
        for row in range(start, low):
            known += _count(tree, ranks, own[row - base], -1)
        for row in range(high, end):
            known += _count(tree, ranks, own[row - base], -1)
        for row in range(low, start):
            known += _count(tree, ranks, own[row - base], 1)
        for row in range(end, high):
            known += _count(tree, ranks, own[row - base], 1)
        start = low
        end = high
        out[point] = -1 if known == 0 else ordered[_kth(tree, ranks, (known - 1) * permille // 1000 + 1)]
    for row in range(start, end):
        _count(tree, ranks, own[row - base], -1)


@part
def _chain(lo: Ints, hi: Ints, point: Whole) -> tuple[Whole, Whole, Whole]:
    """The chain that starts at a point: the point after it, its first row and the row after its last."""
    first = lo[point]
    last = hi[point]
    after = point + 1
    while after < lo.size and (hi[after] <= lo[after] or (lo[after] < last and hi[after] > first)):
        if hi[after] > lo[after]:
            first = min(first, lo[after])
            last = max(last, hi[after])
        after += 1
    return after, first, last


@kernel("void(i8[::1], i8[::1], i4[::1], i8, i8[::1])")
def slice_quantile(lo: Ints, hi: Ints, rank: Codes, permille: Whole, out: Ints) -> None:
    """The lower quantile of each slice: the value at place ``(m - 1) * permille // 1000`` of its ``m`` known values
    in order.

    ``lo[p]:hi[p]`` are slices of ``rank[n]``, ranks that rise with the values (dense or not; negative is null);
    ``permille`` is 500 for the median. Writes ``out[p]``, the rank of the quantile, or -1 if the slice holds no known
    value.
    """
    ordered = np.empty(64, np.int32)
    own = np.empty(64, np.int32)
    tree = np.zeros(65, np.int32)
    point: Whole = 0
    while point < lo.size:
        if hi[point] <= lo[point]:
            out[point] = -1
            point += 1
            continue
        after, first, last = _chain(lo, hi, point)
        if last - first > own.size:
            ordered = np.empty(2 * (last - first), np.int32)
            own = np.empty(2 * (last - first), np.int32)
            tree = np.zeros(2 * (last - first) + 1, np.int32)
        rows = last - first
        ranks = _ranks_of_chain(rank[first:last], ordered[:rows], own[:rows])
        _sweep_chain(lo[point:after], hi[point:after], first, own, ordered, ranks, tree, permille, out[point:after])
        point = after
