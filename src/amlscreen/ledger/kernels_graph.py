"""Kernels that lay a stream of payments out as a graph: numbered accounts, edges by payer, by payee and by pair.

An edge is a place in the stream, which is sorted by time; so an earlier edge always has the smaller number, and a span
of time is a range of numbers.
"""

from __future__ import annotations

import numpy as np

from amlscreen.ledger.kernel_cache import Codes, Ints, Whole, kernel

__all__ = ["follow_pairs", "grouped", "instants", "last_before", "numbered", "window_firsts"]


@kernel("i8(i8[::1], i8[::1], i8, i4[::1], i4[::1], i4[::1])")
def numbered(source: Ints, target: Ints, least: Whole, number: Codes, payer: Codes, payee: Codes) -> Whole:
    """Numbers accounts from 0 in the order they first appear, the payer of an edge before its payee.

    ``number`` holds -1 for each id from ``least`` on; writes ``payer[n]`` and ``payee[n]``. Returns how many there are.
    """
    known: Whole = 0
    for edge in range(source.size):
        one = source[edge] - least
        if number[one] < 0:
            number[one] = known
            known += 1
        payer[edge] = number[one]
        other = target[edge] - least
        if number[other] < 0:
            number[other] = known
            known += 1
        payee[edge] = number[other]
    return known


@kernel("void(i4[::1], i4[::1], i4[::1], i4[::1])")
def grouped(key: Codes, rows: Codes, offsets: Codes, order: Codes) -> None:
    """Rows grouped by key, inside a group as they came (a counting sort).

    ``key[e]`` of each edge, ``rows`` the edges to sort; writes ``offsets[k]:offsets[k + 1]`` into ``order[n]``.
    """
    offsets[:] = 0
    for row in rows:
        offsets[key[row] + 1] += 1
    for group in range(offsets.size - 1):
        offsets[group + 1] += offsets[group]
    place = offsets.copy()
    for row in rows:
        order[place[key[row]]] = row
        place[key[row]] += 1


@kernel("void(i4[::1], i4[::1], i4[::1], i4[::1], i4[::1])")
def follow_pairs(pairs: Codes, payer: Codes, payee: Codes, before: Codes, after: Codes) -> None:
    """The edge before and the one after of the same payer and payee; -1 and the number of edges where there is none.

    ``pairs`` are the edges by payer, payee and number.
    """
    count = pairs.size
    for place in range(count):
        edge = pairs[place]
        before[edge] = -1
        after[edge] = count
        if place:
            last = pairs[place - 1]
            if payer[last] == payer[edge] and payee[last] == payee[edge]:
                before[edge] = last
                after[last] = edge


@kernel("void(i4[::1], i4[::1], i8, i4[::1], i4[::1])")
def last_before(payer: Codes, payee: Codes, accounts: Whole, to_payer: Codes, from_payee: Codes) -> None:
    """The last edge before each that pays its payer, and the last that its payee pays; -1 where there is none."""
    got = np.full(accounts, -1, np.int32)
    paid = np.full(accounts, -1, np.int32)
    for edge in range(payer.size):
        to_payer[edge] = got[payer[edge]]
        from_payee[edge] = paid[payee[edge]]
        got[payee[edge]] = edge
        paid[payer[edge]] = edge


@kernel("void(i8[::1], i4[::1], i4[::1])")
def instants(time: Ints, first: Codes, end: Codes) -> None:
    """The first edge of the same instant as each edge, and the first that is later."""
    begun = 0
    for edge in range(time.size):
        if time[edge] != time[begun]:
            for before in range(begun, edge):
                end[before] = edge
            begun = edge
        first[edge] = begun
    for before in range(begun, time.size):
        end[before] = time.size


@kernel("void(i8[::1], i8, i4[::1])")
def window_firsts(time: Ints, span: Whole, first: Codes) -> None:
    """The first edge that is at most ``span`` earlier than each edge."""
    start = 0
    for edge in range(time.size):
        while time[start] < time[edge] - span:
            start += 1
        first[edge] = np.int32(start)
