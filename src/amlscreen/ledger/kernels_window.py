"""Kernels that place windows in time and merge those that meet a rule."""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

from amlscreen.ledger.kernel_cache import Flags, Ints, Whole, kernel, part

__all__ = ["between", "episodes", "pair_slices", "slices_of", "window_left", "windows"]


@part
def _first_above(rising: Ints, start: Whole, end: Whole, value: Whole, near: Whole) -> Whole:
    """The first place in ``start .. end`` whose value is greater, else ``end``; cheap if it lies near ``near``.

    Steps that double bracket it, halving finds it, so answers that move on with the caller cost a constant.
    """
    low = near
    high = near
    step = 1
    if near < end and rising[near] <= value:
        low = near + 1
        high = low
        while high < end and rising[high] <= value:
            low = high + 1
            high += step
            step += step
        high = min(high, end)
    else:
        while low > start and rising[low - 1] > value:
            high = low - 1
            low -= step
            step += step
        low = max(low, start)
    while low < high:
        middle = (low + high) // 2
        if rising[middle] <= value:
            low = middle + 1
        else:
            high = middle
    return low


@kernel("void(i8[::1], i8[::1], i8, i8[::1], b1[::1])")
def window_left(offsets: Ints, time: Ints, span: Whole, left: Ints, closes: Flags) -> None:
    """Where the window ``(time - span, time]`` of each row starts, and whether it is looked at.

    ``offsets[g + 1]``, ``time[n]`` not falling within a group, ``span`` in microseconds. Writes ``left[n]``, the
    first row of the group later than ``time[i] - span``, and ``closes[n]``, true for the last row of its instant:
    only there is the window complete, and only there is it looked at.
    """
    for group in range(offsets.size - 1):
        last = offsets[group + 1]
        start = offsets[group]
        for row in range(offsets[group], last):
            while start < last and time[start] <= time[row] - span:
                start += 1
            left[row] = start
            closes[row] = row + 1 == last or time[row + 1] != time[row]


@kernel("i8(i8[::1], i8[::1], b1[::1], i8, i8[::1], i8[::1], i8[::1], i8[::1], i8[::1])")
def windows(
    offsets: Ints,
    time: Ints,
    stands: Flags,
    span: Whole,
    group: Ints,
    first: Ints,
    last: Ints,
    begin: Ints,
    until: Ints,
) -> Whole:
    """The windows ``(time - span, time]`` of the instants that have a row that stands; returns how many there are.

    ``offsets[g + 1]``, ``time[n]`` not falling within a group, ``stands[n]``, ``span`` in microseconds, above zero.
    Writes, for each window and into arrays sized ``n``, its ``group``, its ``first`` and ``last`` row that stands, and
    its rows ``begin`` to ``until``, both counted.
    """
    found = 0
    for one in range(offsets.size - 1):
        end = offsets[one + 1]
        left = offsets[one]
        earliest = left
        latest = left
        is_new = False
        for row in range(offsets[one], end):
            if stands[row]:
                latest = row
                is_new = True
            if not is_new or (row + 1 < end and time[row + 1] == time[row]):
                continue
            is_new = False
            while time[left] <= time[row] - span:
                left += 1
            earliest = max(earliest, left)
            while not stands[earliest]:
                earliest += 1
            group[found] = one
            first[found] = earliest
            last[found] = latest
            begin[found] = left
            until[found] = row
            found += 1
    return found


@kernel("void(b1[::1], i8[::1], i8[::1], i8[::1], i8[::1])")
def slices_of(stands: Flags, begin: Ints, until: Ints, lo: Ints, hi: Ints) -> None:
    """Windows as slices of the rows that stand, of which there are ``lo`` before the first row of the window.

    ``stands[n]``; ``begin[p] .. until[p]`` are rows, both counted, and fall neither of them. Writes ``lo[p]:hi[p]``.
    """
    low: Whole = 0
    high: Whole = 0
    before: Whole = 0
    within: Whole = 0
    for point in range(begin.size):
        while low < begin[point]:
            before += stands[low]
            low += 1
        while high <= until[point]:
            within += stands[high]
            high += 1
        lo[point] = before
        hi[point] = within


@kernel("void(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1])")
def between(group: Ints, offsets_b: Ints, time_b: Ints, after: Ints, until: Ints, lo: Ints, hi: Ints) -> None:
    """The rows of b, in the anchor's group, with ``after < time_b <= until``.

    ``group[a]`` numbers groups of ``offsets_b[g + 1]``, negative where b has no such group; ``time_b`` does not fall
    within a group; ``after[a]`` and ``until[a]`` are instants in microseconds, in any order. Writes slices
    ``lo[a]:hi[a]`` of b, empty (``lo == hi``) where no row lies between.
    """
    previous: Whole = -1
    low: Whole = 0
    high: Whole = 0
    for anchor in range(group.size):
        one = group[anchor]
        if one < 0:
            lo[anchor] = 0
            hi[anchor] = 0
            continue
        start = offsets_b[one]
        end = offsets_b[one + 1]
        if one != previous:
            low = start
            high = start
            previous = one
        low = _first_above(time_b, start, end, after[anchor], low)
        high = _first_above(time_b, start, end, until[anchor], high)
        lo[anchor] = low
        hi[anchor] = max(low, high)


@kernel("void(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1])")
def pair_slices(lo: Ints, hi: Ints, credit: Ints, debit: Ints, first: Ints, last: Ints) -> None:
    """The pairs of :func:`fifo_pairs` that lie wholly inside each slice of rows.

    ``lo[p]:hi[p]`` are slices of the rows that ``credit[m]`` and ``debit[m]`` number, both not falling. Writes slices
    ``first[p]:last[p]`` of pairs with ``credit >= lo`` and ``debit < hi``, empty where there is none.
    """
    low: Whole = 0
    high: Whole = 0
    for point in range(lo.size):
        low = _first_above(credit, 0, credit.size, lo[point] - 1, low)
        high = _first_above(debit, 0, debit.size, hi[point] - 1, high)
        first[point] = low
        last[point] = max(low, high)


@kernel("i8(i8[::1], i8[::1], i8[::1], b1[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1])")
def episodes(
    offsets: Ints, left: Ints, right: Ints, hit: Flags, lead: Ints, start: Ints, end: Ints, peak: Ints, group: Ints
) -> Whole:
    """Merges the windows that meet a rule, as long as each overlaps what was merged before it.

    ``offsets[g + 1]`` group the points; ``left[p] .. right[p]`` are the first and last row of each point's window,
    both counted; ``hit[p]`` says the window meets the rule and ``lead[p]`` is the measure that picks the peak. A hit
    window joins the episode before it in its group if ``left <= end`` of that episode. Writes ``start``, ``end``
    (rows, both counted), ``peak`` (the number of the point with the largest lead, the first of equals) and ``group``,
    each sized ``p``; returns how many episodes there are.
    """
    found = 0
    for one in range(offsets.size - 1):
        is_open = False
        for point in range(offsets[one], offsets[one + 1]):
            if not hit[point]:
                continue
            if is_open and left[point] <= end[found - 1]:
                start[found - 1] = min(start[found - 1], left[point])
                end[found - 1] = max(end[found - 1], right[point])
                if lead[point] > lead[peak[found - 1]]:
                    peak[found - 1] = point
                continue
            start[found] = left[point]
            end[found] = right[point]
            peak[found] = point
            group[found] = one
            found += 1
            is_open = True
    return found
