"""The kernels behind cycles: every round of different accounts that an edge closes as the last of it.

Two kinds share one search. In a *temporal* cycle each payment is later than the one before. In a *bounded* one the
order is free and the number of accounts limited. Payments between the same two accounts that fit are one hop.

The busiest account is never walked through: a search forward ends there, one backward from the payer ends there too,
and what they found is joined. So an account with half of all payments costs no more than what is found.
"""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

import numpy as np

from amlscreen.ledger.kernel_cache import Codes, Whole, kernel, part

__all__ = ["cycles", "spread_steps"]

Graph = tuple[Codes, ...]
"""Offsets and edges by payer, offsets and edges by payee, payer, payee, before, after, pairs, first and end of the
instant, first and end of the batch, first of the window, last before to the payer and last before by the payee."""


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
def _place(graph: Graph, hop: Whole, edge: Whole) -> Whole:
    """The first place among the edges of a hop's pair (by payer, payee, number) that is not before an edge."""
    offsets, payer, payee, pairs = graph[0], graph[4], graph[5], graph[8]
    low: Whole = offsets[payer[hop]]
    high: Whole = offsets[payer[hop] + 1]
    wanted = payee[hop]
    while low < high:
        middle = (low + high) // 2
        at = pairs[middle]
        if payee[at] < wanted or (payee[at] == wanted and at < edge):
            low = middle + 1
        else:
            high = middle
    return low


@part
def _limit(graph: Graph, root: Whole, account: Whole, temporal: Whole) -> Whole:
    """The first edge that is too late for a hop to this account.

    Of one instant with the root, an edge counts as earlier if its payee has the smaller number (bounded cycles only).
    """
    limit: Whole = graph[9][root]
    if temporal == 0 and account < graph[5][root]:
        limit = min(graph[10][root], graph[12][root])
    return limit


@part
def _count(
    graph: Graph, root: Whole, hops: Codes, length: Whole, temporal: Whole, one: Whole, low: Codes, high: Codes,
    out: Codes, steps: Codes, touched: Codes,
) -> None:  # fmt: skip
    """Counts one cycle in bin ``one`` for its root and for each edge of its hops that is of the root's batch."""
    payee, pairs, instant, later = graph[5], graph[8], graph[9], graph[10]
    first = graph[11][root]
    touched[one] = max(touched[one], 1)
    out[one, root] += 1
    if first == root and graph[12][root] == root + 1:
        return
    start: Whole = graph[13][root]
    for hop in range(length):
        low[hop] = _place(graph, hops[hop], start)
        high[hop] = _place(graph, hops[hop], _limit(graph, root, payee[hops[hop]], temporal))
        if temporal:
            start = later[pairs[low[hop]]]
    if temporal:
        for hop in range(length - 2, -1, -1):
            high[hop] = _place(graph, hops[hop], instant[pairs[high[hop + 1] - 1]])
    for hop in range(length):
        begin = low[hop]
        if pairs[begin] < first:
            begin = _first_from(pairs, begin, high[hop], first)
        if high[hop] - begin <= 16:
            for place in range(begin, high[hop]):
                out[one, pairs[place]] += 1
        else:
            steps[one, begin] += 1
            steps[one, high[hop]] -= 1
            touched[one] = 2


@part
def _backward(
    graph: Graph, root: Whole, goal: Whole, most: Whole, temporal: Whole, stack: Codes, cursor: Codes, hops: Codes,
    on: Codes, ways: Codes, ends: Codes,
) -> tuple[Codes, Codes, Whole]:  # fmt: skip
    """All ways from ``goal`` to the root's payer, hops from the goal on; each hop by the latest edge of its pair.

    Writes them one after another into ``ways``, where each ends into ``ends`` (both grow). Returns how many there are.
    """
    offsets, order, payer, after = graph[2], graph[3], graph[4], graph[7]
    earliest = graph[13][root]
    found, filled = 0, 0
    high = _limit(graph, root, payer[root], temporal)
    stack[0] = payer[root]
    hops[0] = high
    cursor[0] = _first_from(order, offsets[stack[0]], offsets[stack[0] + 1], high)
    on[payer[root]] = on[graph[5][root]] = 1
    depth = 0
    while depth >= 0:
        account = stack[depth]
        cursor[depth] -= 1
        edge = order[cursor[depth]] if cursor[depth] >= offsets[account] else -1
        if edge < earliest:
            on[account] = 0
            depth -= 1
            continue
        if after[edge] < hops[depth]:
            continue
        came = payer[edge]
        if came == goal:
            if filled + depth + 1 > ways.size:
                ways = _larger(ways, filled + depth + 1)
            if found + 1 >= ends.size:
                ends = _larger(ends, found + 2)
            ways[filled] = edge
            for hop in range(depth):
                ways[filled + hop + 1] = order[cursor[depth - hop - 1]]
            filled += depth + 1
            found += 1
            ends[found] = filled
        elif on[came] == 0 and depth + 3 <= most:
            depth += 1
            stack[depth] = came
            high = graph[9][edge] if temporal else _limit(graph, root, came, temporal)
            hops[depth] = high
            cursor[depth] = _first_from(order, offsets[came], offsets[came + 1], high)
            on[came] = 1
    on[graph[5][root]] = 0
    return ways, ends, found


@part
def _larger(values: Codes, size: Whole) -> Codes:
    grown = np.empty(2 * size, np.int32)
    for at in range(values.size):
        grown[at] = values[at]
    return grown


@part
def _joined(
    graph: Graph, root: Whole, hops: Codes, depth: Whole, start: Whole, ways: Codes, ends: Codes, found: Whole,
    temporal: Whole, most: Whole, on: Codes, bin_of: Codes, low: Codes, high: Codes, out: Codes, steps: Codes,
    touched: Codes,
) -> None:  # fmt: skip
    """Counts every cycle made of ``depth`` hops forward and one of the ways on, which leaves no earlier than ``start``.

    Two halves that share an account are none.
    """
    payee = graph[5]
    for way in range(found):
        begin = ends[way]
        length = ends[way + 1] - begin
        size = depth + length + 1
        one = bin_of[min(size, bin_of.size - 1)]
        if one < 0 or size > most or (temporal and ways[begin] < start):
            continue
        apart = True
        for hop in range(length - 1):
            apart = apart and on[payee[ways[begin + hop]]] == 0
        if apart:
            for hop in range(length):
                hops[depth + hop] = ways[begin + hop]
            _count(graph, root, hops, depth + length, temporal, one, low, high, out, steps, touched)


@part
def _forward(
    graph: Graph, root: Whole, end: Whole, hub: Whole, most: Whole, temporal: Whole, bin_of: Codes,
    rooms: tuple[Codes, ...], ways: Codes, ends: Codes, out: Codes, steps: Codes, touched: Codes,
) -> tuple[Codes, Codes]:  # fmt: skip
    """Counts every cycle that the root closes over edges before ``end``, searching from its payee on."""
    stack, cursor, hops, starts, on, low, high, away, upon, upto, back = rooms
    offsets, order, payee, before, later = graph[0], graph[1], graph[5], graph[6], graph[10]
    goal = graph[4][root]
    stack[0], starts[0] = payee[root], graph[13][root]
    cursor[0] = _first_from(order, offsets[stack[0]], offsets[stack[0] + 1], starts[0])
    on[stack[0]] = 1
    found: Whole = -1
    depth = 0
    while depth >= 0:
        account = stack[depth]
        edge = order[cursor[depth]] if cursor[depth] < offsets[account + 1] else end
        if edge >= end:
            on[account] = 0
            depth -= 1
            continue
        cursor[depth] += 1
        other = payee[edge]
        if before[edge] >= starts[depth] or edge >= _limit(graph, root, other, temporal):
            continue
        start = later[edge] if temporal else starts[depth]
        hops[depth] = edge
        if other == goal:
            one = bin_of[min(depth + 2, bin_of.size - 1)]
            if one >= 0 and depth + 2 <= most:
                _count(graph, root, hops, depth + 1, temporal, one, low, high, out, steps, touched)
        elif other == hub:
            if found < 0:
                ways, ends, found = _backward(graph, root, hub, most - 1, temporal, away, upon, upto, back, ways, ends)
            _joined(
                graph, root, hops, depth + 1, start, ways, ends, found, temporal, most, on, bin_of, low, high, out,
                steps, touched,
            )  # fmt: skip
        elif on[other] == 0 and depth + 3 <= most:
            depth += 1
            stack[depth] = other
            starts[depth] = start
            cursor[depth] = _first_from(order, offsets[other], offsets[other + 1], start)
            on[other] = 1
    return ways, ends


@kernel("void(UniTuple(i4[::1], 16), i8, i8, i8, i4[::1], i8, i8, i4[:, ::1], i4[:, ::1], i4[::1])")
def cycles(
    graph: Graph, hub: Whole, most: Whole, temporal: Whole, bin_of: Codes, low: Whole, high: Whole, out: Codes,
    steps: Codes, touched: Codes,
) -> None:  # fmt: skip
    """For the roots ``low .. high``: the cycles of at most ``most`` accounts that each closes, at each edge in them.

    ``out[bin, edge]`` counts them and comes zeroed; where ``touched[bin]`` is left at 2, ``steps[bin, place]`` holds
    further counts as differences along the pairs. ``hub`` is the account not to be walked through, -1 none.
    """
    accounts = graph[0].size - 1
    depth = min(most, accounts) + 2
    rooms = (
        np.empty(depth, np.int32), np.empty(depth, np.int32), np.empty(depth, np.int32), np.empty(depth, np.int32),
        np.zeros(accounts, np.int32), np.empty(depth, np.int32), np.empty(depth, np.int32),
        np.empty(depth, np.int32), np.empty(depth, np.int32), np.empty(depth, np.int32), np.zeros(accounts, np.int32),
    )  # fmt: skip
    hops, on, firsts, lasts = rooms[2], rooms[4], rooms[5], rooms[6]
    away, upon, upto, back = rooms[7], rooms[8], rooms[9], rooms[10]
    ways = np.empty(64, np.int32)
    ends = np.zeros(16, np.int32)
    for root in range(low, high):
        earliest = graph[13][root]
        payer = graph[4][root]
        if (temporal or graph[10][root] == root + 1) and min(graph[14][root], graph[15][root]) < earliest:
            continue
        end = graph[9][root] if temporal else min(graph[10][root], graph[12][root])
        last_in = _first_from(graph[3], graph[2][payer], graph[2][payer + 1], end)
        if last_in == graph[2][payer] or graph[3][last_in - 1] < earliest:
            continue
        if temporal:  # nothing that comes after the last payment to the payer can lead there
            end = graph[3][last_in - 1] + 1
        if graph[5][root] == hub:
            ways, ends, found = _backward(graph, root, hub, most, temporal, away, upon, upto, back, ways, ends)
            _joined(
                graph, root, hops, 0, earliest, ways, ends, found, temporal, most, on, bin_of, firsts, lasts, out,
                steps, touched,
            )  # fmt: skip
        else:
            ways, ends = _forward(
                graph, root, end, hub, most, temporal, bin_of, rooms, ways, ends, out, steps, touched
            )  # fmt: skip


@kernel("void(i4[::1], i4[:, ::1], i8, i4[:, ::1])")
def spread_steps(pairs: Codes, steps: Codes, one: Whole, out: Codes) -> None:
    """Adds the counts of a bin that were kept as differences along the pairs."""
    held = 0
    for place in range(pairs.size):
        held += steps[one, place]
        out[one, pairs[place]] += held
