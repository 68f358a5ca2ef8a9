"""Kernels that measure slices of rows: how many values, how concentrated, the largest.

A slice is reached from the one before it by moving both ends, so slices in order cost one step a row. Slices in any
other order give the same numbers; each costs the distance its ends move, or its own length where it does not touch
the one before.
"""

from __future__ import annotations

import numpy as np

from amlscreen.ledger.kernel_cache import Codes, Ints, Whole, kernel, part

__all__ = ["slice_distinct", "slice_extreme", "slice_top"]


@part
def _widest(lo: Ints, hi: Ints) -> Whole:
    """The length of the longest slice."""
    widest: Whole = 0
    for point in range(lo.size):
        widest = max(widest, hi[point] - lo[point])
    return widest


@part
def _take(counts: Codes, code: Whole) -> Whole:
    """Counts one row in; 1 if its code is the first of its kind."""
    if code < 0:
        return 0
    counts[code] += 1
    return 1 if counts[code] == 1 else 0


@part
def _drop(counts: Codes, code: Whole) -> Whole:
    """Counts one row out; 1 if its code was the last of its kind."""
    if code < 0:
        return 0
    counts[code] -= 1
    return 1 if counts[code] == 0 else 0


@kernel("void(i8[::1], i8[::1], i4[::1], i4[::1], i8[::1])")
def slice_distinct(lo: Ints, hi: Ints, code: Codes, counts: Codes, out: Ints) -> None:
    """How many different codes each slice holds; 0 for an empty slice.

    ``lo[p]:hi[p]`` are slices of ``code[n]``; a negative code is null and never counted. ``counts[n_codes]`` is
    scratch, zero before and after. Writes ``out[p]``.
    """
    start: Whole = 0
    end: Whole = 0
    held: Whole = 0
    for point in range(lo.size):
        low = lo[point]
        high = hi[point]
        if high <= low:
            out[point] = 0
            continue
        if low >= end or high <= start:
            for row in range(start, end):
                held -= _drop(counts, code[row])
            start = low
            end = low
        for row in range(start, low):
            held -= _drop(counts, code[row])
        for row in range(high, end):
            held -= _drop(counts, code[row])
        for row in range(low, start):
            held += _take(counts, code[row])
        for row in range(end, high):
            held += _take(counts, code[row])
        start = low
        end = high
        out[point] = held
    for row in range(start, end):
        _drop(counts, code[row])


@part
def _level_up(counts: Codes, code: Whole, tally: Codes, below: Codes, above: Codes) -> None:
    """Counts one row in. Counts that some code has are a linked list from 0 upwards; ``tally`` says how many codes
    have each.
    """
    if code < 0:
        return
    old = counts[code]
    new = old + 1
    counts[code] = new
    tally[new] += 1
    if tally[new] == 1:
        higher = above[old]
        above[old] = new
        below[new] = old
        above[new] = higher
        below[higher] = new
    if old > 0:
        tally[old] -= 1
        if tally[old] == 0:
            above[below[old]] = above[old]
            below[above[old]] = below[old]


@part
def _level_down(counts: Codes, code: Whole, tally: Codes, below: Codes, above: Codes) -> None:
    """Counts one row out; the other way round than :func:`_level_up`."""
    if code < 0:
        return
    old = counts[code]
    new = old - 1
    counts[code] = new
    if new > 0:
        tally[new] += 1
        if tally[new] == 1:
            lower = below[old]
            below[old] = new
            above[new] = old
            below[new] = lower
            above[lower] = new
    tally[old] -= 1
    if tally[old] == 0:
        above[below[old]] = above[old]
        below[above[old]] = below[old]


@part
def _rows_of_top(k: Whole, tally: Codes, below: Codes) -> Whole:
    """Rows of the k codes with the highest counts, walking the list from the top."""
    rows: Whole = 0
    wanted = k
    level = np.int64(below[0])
    while wanted > 0 and level > 0:
        codes = min(wanted, np.int64(tally[level]))
        rows += codes * level
        wanted -= codes
        level = np.int64(below[level])
    return rows


@kernel("void(i8[::1], i8[::1], i4[::1], i8, i4[::1], i8[::1])")
def slice_top(lo: Ints, hi: Ints, code: Codes, k: Whole, counts: Codes, out: Ints) -> None:
    """How many rows of each slice carry one of its ``k`` commonest codes; 0 for an empty slice.

    ``lo[p]:hi[p]`` are slices of ``code[n]``; a negative code is null: neither common nor counted.
    ``counts[n_codes]`` is scratch, zero before and after. Writes ``out[p]``. A row costs a constant and a slice at
    most ``k`` steps, also where one code has millions of rows.
    """
    levels = _widest(lo, hi) + 2
    tally = np.zeros(levels, np.int32)
    below = np.zeros(levels, np.int32)
    above = np.zeros(levels, np.int32)
    start: Whole = 0
    end: Whole = 0
    for point in range(lo.size):
        low = lo[point]
        high = hi[point]
        if high <= low:
            out[point] = 0
            continue
        if low >= end or high <= start:
            for row in range(start, end):
                _level_down(counts, code[row], tally, below, above)
            start = low
            end = low
        for row in range(start, low):
            _level_down(counts, code[row], tally, below, above)
        for row in range(high, end):
            _level_down(counts, code[row], tally, below, above)
        for row in range(low, start):
            _level_up(counts, code[row], tally, below, above)
        for row in range(end, high):
            _level_up(counts, code[row], tally, below, above)
        start = low
        end = high
        out[point] = _rows_of_top(k, tally, below)
    for row in range(start, end):
        _level_down(counts, code[row], tally, below, above)


@kernel("void(i8[::1], i8[::1], i8[::1], i8, i8[::1])")
def slice_extreme(lo: Ints, hi: Ints, value: Ints, sign: Whole, out: Ints) -> None:
    """The largest (``sign`` 1) or smallest (``sign`` -1) value of each slice.

    ``lo[p]:hi[p]`` are slices of ``value[n]``. Writes ``out[p]``; an empty slice gives -1, which a value may be too,
    so callers look at ``lo < hi``. A queue of rows whose values fall serves slices whose ends only move on; a slice
    that goes back is read whole.
    """
    widest = _widest(lo, hi)
    size = 1
    while size < widest:
        size *= 2
    queue = np.empty(size, np.int64)
    mask = size - 1
    head = 0
    tail = 0
    start: Whole = 0
    end: Whole = 0
    for point in range(lo.size):
        low = lo[point]
        high = hi[point]
        if high <= low:
            out[point] = -1
            continue
        if low < start or low >= end or high < end:
            head = 0
            tail = 0
            end = low
        start = low
        while head < tail and queue[head & mask] < low:
            head += 1
        for row in range(end, high):
            while head < tail and sign * value[queue[(tail - 1) & mask]] <= sign * value[row]:
                tail -= 1
            queue[tail & mask] = row
            tail += 1
        end = high
        out[point] = value[queue[head & mask]]
