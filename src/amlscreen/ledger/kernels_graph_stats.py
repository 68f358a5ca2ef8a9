"""The kernel behind the figures of an account: how many others, how many payments, and what their amounts look like."""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.kernel_cache import Codes, Ints, Whole, kernel, part

__all__ = ["FIGURES", "account_figures"]

FIGURES = ("fan", "degree", "ratio", "average", "sum", "minimum", "maximum", "median", "variance", "skew", "kurtosis")
"""What is written of each account and side, in this order."""

Reals = NDArray[np.float64]
_COUNT, _MEAN, _M2, _M3, _M4, _LEAST, _MOST = range(7)


@part
def _one(value: Whole, into: Reals) -> None:
    into[_COUNT] = 1.0
    into[_MEAN] = into[_LEAST] = into[_MOST] = float(value)
    into[_M2] = into[_M3] = into[_M4] = 0.0


@part
def _joined(one: Reals, other: Reals, into: Reals) -> None:
    """Moments of two samples together, from the moments of each (Pebay, SAND2008-6212); ``into`` may be either."""
    if one[_COUNT] == 0.0 or other[_COUNT] == 0.0:
        from_ = other if one[_COUNT] == 0.0 else one
        for at in range(7):
            into[at] = from_[at]
        return
    a, b = one[_COUNT], other[_COUNT]
    n = a + b
    d = other[_MEAN] - one[_MEAN]
    m2 = one[_M2] + other[_M2] + d * d * a * b / n
    m3 = one[_M3] + other[_M3] + d**3 * a * b * (a - b) / (n * n) + 3.0 * d * (a * other[_M2] - b * one[_M2]) / n
    m4 = (
        one[_M4]
        + other[_M4]
        + d**4 * a * b * (a * a - a * b + b * b) / n**3
        + 6.0 * d * d * (a * a * other[_M2] + b * b * one[_M2]) / (n * n)
        + 4.0 * d * (a * other[_M3] - b * one[_M3]) / n
    )
    into[_MEAN] = one[_MEAN] + d * b / n
    into[_COUNT], into[_M2], into[_M3], into[_M4] = n, m2, m3, m4
    into[_LEAST] = min(one[_LEAST], other[_LEAST])
    into[_MOST] = max(one[_MOST], other[_MOST])


@part
def _middle(tree: Codes, values: Ints, count: Whole) -> float:
    """The median of what a tree of counts (Fenwick) holds, by place among sorted values."""
    low = _at_rank(tree, (count + 1) // 2)
    high = low if count % 2 else _at_rank(tree, count // 2 + 1)
    return (float(values[low]) + float(values[high])) / 2.0


@part
def _at_rank(tree: Codes, rank: Whole) -> Whole:
    at = 0
    step = 1
    while 2 * step < tree.size:
        step *= 2
    while step:
        if at + step < tree.size and tree[at + step] < rank:
            at += step
            rank -= tree[at]
        step //= 2
    return at


@part
def _add(tree: Codes, place: Whole, by: Whole) -> None:
    at = place + 1
    while at < tree.size:
        tree[at] += by
        at += at & -at


@part
def _written(
    figures: Reals, wanted: Codes, edges: Codes, place: Whole, end: Whole, role: Whole, out: NDArray[np.float64]
) -> Whole:
    """Writes the figures to an account's edges up to the end of a batch; returns the place after the last."""
    while place < edges.size and edges[place] < end:
        for at in range(wanted.size):
            out[role, at, edges[place]] = figures[wanted[at]]
        place += 1
    return place


@part
def _told(state: Reals, others: Whole, count: Whole, total: Whole, figures: Reals) -> None:
    """The figures in the order of ``FIGURES``, but for the median; all zero of nothing."""
    figures[:] = 0.0
    if count == 0:
        return
    figures[0], figures[1], figures[2] = float(others), float(count), float(count) / float(others)
    figures[4] = float(total)
    figures[3] = figures[4] / float(count)
    figures[5], figures[6] = state[_LEAST], state[_MOST]
    spread = state[_M2] / state[_COUNT]
    figures[8] = spread
    if spread > 0.0:
        figures[9] = state[_M3] / state[_COUNT] / spread**1.5
        figures[10] = state[_M4] / state[_COUNT] / (spread * spread)


@part
def _refill(edges: Codes, value: Ints, left: Whole, right: Whole, fronts: NDArray[np.float64], one: Reals) -> None:
    """What ``left .. right`` hold from each place on, so that the oldest can be dropped without subtracting."""
    _one(value[edges[right - 1]], fronts[right - 1])
    for at in range(right - 2, left - 1, -1):
        _one(value[edges[at]], one)
        _joined(one, fronts[at + 1], fronts[at])


@part
def _moved(
    edges: Codes, value: Ints, before: Codes, after: Codes, end: Whole, known: Whole, ranks: Ints, tree: Codes,
    fronts: NDArray[np.float64], recent: Reals, one: Reals, window: Ints,
) -> None:  # fmt: skip
    """Takes in the edges before ``end`` and drops those before ``known``.

    ``window`` is left, right, the place up to which ``fronts`` hold, different others, and the sum; ``recent`` are the
    moments from that place on.
    """
    left, right, turned, others, total = window
    while right < edges.size and edges[right] < end:
        others += before[edges[right]] < edges[left]
        total += value[edges[right]]
        _one(value[edges[right]], one)
        _joined(recent, one, recent)
        if tree.size:
            _add(tree, ranks[right], 1)
        right += 1
    while left < right and edges[left] < known:
        others -= after[edges[left]] > edges[right - 1]
        total -= value[edges[left]]
        if left >= turned:
            _refill(edges, value, left, right, fronts, one)
            turned = right
            recent[:] = 0.0
        if tree.size:
            _add(tree, ranks[left], -1)
        left += 1
    window[0], window[1], window[2], window[3], window[4] = left, right, turned, others, total


@part
def _account(
    edges: Codes, paid: Codes, got: Codes, value: Ints, before: Codes, after: Codes, batch_end: Codes, known: Codes,
    wanted: Codes, ranks: Ints, ordered: Ints, tree: Codes, fronts: NDArray[np.float64], rooms: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:  # fmt: skip
    """The figures of one account on one side, at each of its edges on both."""
    one, recent, state, figures = rooms[0], rooms[1], rooms[2], rooms[3]
    recent[:] = 0.0
    window = np.zeros(5, np.int64)
    at_paid: Whole = 0
    at_got: Whole = 0
    while at_paid < paid.size or at_got < got.size:
        first: Whole = batch_end.size
        if at_paid < paid.size:
            first = paid[at_paid]
        if at_got < got.size:
            first = min(first, got[at_got])
        end = batch_end[first]
        _moved(edges, value, before, after, end, known[first], ranks, tree, fronts, recent, one, window)
        if window[0] < window[2]:
            _joined(fronts[window[0]], recent, state)
        else:
            state[:] = recent
        held = window[1] - window[0]
        _told(state, window[3], held, window[4], figures)
        if tree.size and held > 0:
            figures[7] = _middle(tree, ordered, held)
        at_paid = _written(figures, wanted, paid, at_paid, end, 0, out)
        at_got = _written(figures, wanted, got, at_got, end, 1, out)


@kernel(
    "void(UniTuple(i4[::1], 4), i8, i8[::1], i4[::1], i4[::1], i4[::1], i4[::1], i4[::1], i8, i8, i8, f8[:, :, ::1])"
)
def account_figures(
    sides: tuple[Codes, ...], side: Whole, value: Ints, before: Codes, after: Codes, batch_end: Codes, known: Codes,
    wanted: Codes, medians: Whole, low: Whole, high: Whole, out: NDArray[np.float64],
) -> None:  # fmt: skip
    """For the accounts ``low .. high``: figures of what each paid (side 0) or got (side 1), as each batch ends.

    ``sides`` are offsets and edges by payer and by payee. ``known[e]`` is the first edge that still counts. Writes
    ``out[role, figure, edge]``: role 0 is the edge's payer, 1 its payee; ``wanted`` are places in ``FIGURES``.
    """
    pay_offsets, pay_order, got_offsets, got_order = sides
    offsets, order = (pay_offsets, pay_order) if side == 0 else (got_offsets, got_order)
    longest = 0
    for account in range(low, high):
        longest = max(longest, offsets[account + 1] - offsets[account])
    fronts = np.empty((longest + 1, 7))
    rooms = np.zeros((4, 11))
    none = np.zeros(0, np.int64)
    for account in range(low, high):
        edges = order[offsets[account] : offsets[account + 1]]
        ranks, ordered, tree = none, none, np.zeros(0, np.int32)
        if medians and edges.size:
            values = value[edges]
            places = np.argsort(values, kind="mergesort")
            ordered = values[places]
            ranks = np.empty(edges.size, np.int64)
            ranks[places] = np.arange(edges.size)
            tree = np.zeros(edges.size + 1, np.int32)
        _account(
            edges, pay_order[pay_offsets[account] : pay_offsets[account + 1]],
            got_order[got_offsets[account] : got_offsets[account + 1]], value, before, after, batch_end, known, wanted,
            ranks, ordered, tree, fronts, rooms, out,
        )  # fmt: skip
