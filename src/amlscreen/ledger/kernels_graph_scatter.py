"""The kernel behind scatter-gather: one account pays several, and they pay one other.

Of a payer and a collector there is one pattern at a time: that of the span which ends with the last edge that ties them
over any account between. Where an account has very many payments, the search goes over the other side of each question.
"""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

import numpy as np

from amlscreen.ledger.kernel_cache import Codes, Whole, kernel, part

__all__ = ["scatter_gathers"]

Graph = tuple[Codes, ...]
"""Offsets and edges by payer, offsets and edges by payee, payer, payee, before, after, pairs, first and end of the
instant, first and end of the batch, first of the window, first edge that is still known."""

_FEW = 16


@part
def _first_from(edges: Codes, low: Whole, high: Whole, edge: Whole) -> Whole:
    """The first place in ``low .. high`` whose edge is not before one, by halving."""
    while low < high:
        middle = (low + high) // 2
        if edges[middle] < edge:
            low = middle + 1
        else:
            high = middle
    return low


@part
def _place(graph: Graph, payer: Whole, payee: Whole, edge: Whole) -> Whole:
    """The first place in the pairs that is not before an edge of a payer and a payee."""
    to, pairs = graph[5], graph[8]
    low: Whole = graph[0][payer]
    high: Whole = graph[0][payer + 1]
    while low < high:
        middle = (low + high) // 2
        at = pairs[middle]
        if to[at] < payee or (to[at] == payee and at < edge):
            low = middle + 1
        else:
            high = middle
    return low


@part
def _latest(graph: Graph, payer: Whole, payee: Whole, low: Whole, high: Whole) -> Whole:
    """The last edge of a payer and a payee in ``low .. high``; -1 if there is none."""
    at = _place(graph, payer, payee, high) - 1
    if at < graph[0][payer]:
        return -1
    edge = graph[8][at]
    return edge if graph[5][edge] == payee and edge >= low else -1


@part
def _leg(graph: Graph, side: Whole, near: Whole, far: Whole, low: Whole, high: Whole) -> Whole:
    """The last edge from near to far (side 0) or from far to near (side 1); -1 if there is none."""
    if side == 0:
        return _latest(graph, near, far, low, high)
    return _latest(graph, far, near, low, high)


@part
def _reach(graph: Graph, side: Whole, account: Whole, low: Whole, high: Whole) -> tuple[Whole, Whole]:
    """Where an account's edges of a side in ``low .. high`` begin and end."""
    offsets, order = graph[2 * side], graph[2 * side + 1]
    begin = _first_from(order, offsets[account], offsets[account + 1], low)
    return begin, _first_from(order, begin, offsets[account + 1], high)


@part
def _smaller(graph: Graph, payer: Whole, collector: Whole, low: Whole, high: Whole) -> tuple[Whole, Whole, Whole]:
    """The side with fewer edges in ``low .. high``, and where they begin and end."""
    begin, end = _reach(graph, 0, payer, low, high)
    first, last = _reach(graph, 1, collector, low, high)
    if last - first < end - begin:
        return 1, first, last
    return 0, begin, end


@part
def _between(graph: Graph, payer: Whole, collector: Whole, low: Whole, high: Whole, middles: Codes) -> Whole:
    """Writes the accounts that a payer paid and that paid a collector in ``low .. high``; returns how many."""
    side, begin, end = _smaller(graph, payer, collector, low, high)
    order, far = graph[2 * side + 1], graph[5 - side]
    other = collector if side == 0 else payer
    found = 0
    for at in range(begin, end):
        edge = order[at]
        middle = far[edge]
        if graph[6][edge] < low and middle != other and _leg(graph, 1 - side, other, middle, low, high) >= 0:
            middles[found] = middle
            found += 1
    return found


@part
def _is_last(graph: Graph, root: Whole, side: Whole, near: Whole, other: Whole) -> bool:
    """Whether no edge of the batch that ties the two ends over any account is later than the root.

    ``near`` is the end the root touches, the payer on side 0. An account between counts if its last edge with that end
    is in the root's span or later, and any known edge ties it to the other end.
    """
    low, later, known, end = graph[13][root], graph[10][root], graph[14][root], graph[12][root]
    if later >= end:
        return True
    begin, last = _reach(graph, side, near, low, end)
    first, final = _reach(graph, 1 - side, other, known, end)
    turned = final - first < last - begin
    if turned:
        begin, last = first, final
    way = 1 - side if turned else side
    order, far = graph[2 * way + 1], graph[5 - way]
    for at in range(begin, last):
        edge = order[at]
        if graph[7][edge] < end:
            continue
        if turned:
            leg = _leg(graph, side, near, far[edge], low, end)
        else:
            leg = _leg(graph, 1 - side, other, far[edge], known, end)
        if leg >= 0 and (leg >= later or edge >= later):
            return False
    return True


@part
def _count(
    graph: Graph, root: Whole, side: Whole, near: Whole, other: Whole, bin_of: Codes, middles: Codes, out: Codes,
    touched: Codes,
) -> None:  # fmt: skip
    """Counts the pattern of two ends that the root closes, if it does, at each of its edges."""
    payer, collector = (near, other) if side == 0 else (other, near)
    low = graph[13][root]
    high = min(graph[10][root], graph[12][root])
    found = _between(graph, payer, collector, low, high, middles)
    one = bin_of[min(found, bin_of.size - 1)]
    if found < 2 or one < 0 or not _is_last(graph, root, side, near, other):
        return
    touched[one] = 1
    low = max(low, graph[11][root])
    for at in range(found):
        for leg in range(2):
            begin = _place(graph, payer if leg == 0 else middles[at], middles[at] if leg == 0 else collector, low)
            end = _place(graph, payer if leg == 0 else middles[at], middles[at] if leg == 0 else collector, high)
            for place in range(begin, end):
                out[one, graph[8][place]] += 1


@part
def _around(graph: Graph, side: Whole, near: Whole, through: Whole, low: Whole, high: Whole, most: Whole) -> Whole:
    """How many edges there are beyond the other accounts next to ``near``; stops counting above ``most``."""
    order, far = graph[2 * side + 1], graph[5 - side]
    begin, end = _reach(graph, side, near, low, high)
    total = end - begin
    for at in range(begin, end):
        if total > most:
            return total
        if far[order[at]] != through:
            first, last = _reach(graph, side, far[order[at]], low, high)
            total += last - first
    return total


@part
def _over(
    graph: Graph,
    root: Whole,
    side: Whole,
    over: Whole,
    bin_of: Codes,
    seen: Codes,
    middles: Codes,
    out: Codes,
    touched: Codes,
) -> None:
    """Counts what the root closes with the accounts beyond ``over``, each once."""
    near, through = graph[4 + side][root], graph[5 - side][root]
    order, far = graph[2 * side + 1], graph[5 - side]
    low, high, stamp = graph[13][root], min(graph[10][root], graph[12][root]), 2 * root + side + 1
    begin, end = _reach(graph, side, over, low, high)
    for at in range(begin, end):
        other = far[order[at]]
        if seen[other] == stamp or other in (near, through):
            continue
        if over != through and _leg(graph, side, through, other, low, high) < 0:
            continue
        seen[other] = stamp
        _count(graph, root, side, near, other, bin_of, middles, out, touched)


@part
def _closed(
    graph: Graph, root: Whole, side: Whole, bin_of: Codes, seen: Codes, middles: Codes, out: Codes, touched: Codes
) -> None:
    """The patterns that a root closes as a leg from the payer (side 0) or to the collector (side 1)."""
    near, through = graph[4 + side][root], graph[5 - side][root]
    order, far = graph[2 * side + 1], graph[5 - side]
    low, high = graph[13][root], min(graph[10][root], graph[12][root])
    begin, end = _reach(graph, side, through, low, high)
    first, last = _reach(graph, side, near, low, high)
    if last - first < 2 or end == begin:
        return
    if end - begin <= _FEW or _around(graph, side, near, through, low, high, end - begin) >= end - begin:
        _over(graph, root, side, through, bin_of, seen, middles, out, touched)
        return
    for at in range(first, last):
        if far[order[at]] != through and graph[6][order[at]] < low:
            _over(graph, root, side, far[order[at]], bin_of, seen, middles, out, touched)


@kernel("void(UniTuple(i4[::1], 15), i4[::1], i8, i8, i4[:, ::1], i4[::1])")
def scatter_gathers(graph: Graph, bin_of: Codes, low: Whole, high: Whole, out: Codes, touched: Codes) -> None:
    """For the roots ``low .. high``: the scatter-gathers that each closes, at each edge in them.

    ``out[bin, edge]`` counts them and comes zeroed; ``touched[bin]`` says where there are any. Edges of one instant
    that close the same pattern count it each.
    """
    accounts = graph[0].size - 1
    seen = np.zeros(accounts, np.int32)
    middles = np.empty(accounts, np.int32)
    for root in range(low, high):
        _closed(graph, root, 0, bin_of, seen, middles, out, touched)
        _closed(graph, root, 1, bin_of, seen, middles, out, touched)
