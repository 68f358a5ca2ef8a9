"""Kernels that look at who pays whom: payments put in order, money both ways, rounds.

Payments stand payer after payer, those of each by time: ``offsets[p]:offsets[p + 1]`` are the payments of party ``p``.
``early`` and ``late`` are the first and last instant at which a payment may have been, and ``onward[n]`` is the place
of the receiver's first payment that is certainly later. Only parties that ``walked`` marks are passed through, and only
the ``most`` next payments of each are looked at, so that no party makes the others dear.
"""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

import numpy as np

from amlscreen.ledger.kernel_cache import Codes, Ints, Whole, kernel, part

__all__ = ["grouped", "mutual", "onward_from", "returns", "until"]


@kernel("void(i4[::1], i4[::1], i8[::1], i4[::1])")
def grouped(key: Codes, before: Codes, cursor: Ints, out: Codes) -> None:
    """The places ``before[n]`` put together by their ``key``, those of one key in the order they came in.

    ``cursor[k]`` is where the places of key ``k`` begin; it is moved on to where they end. Writes ``out[n]``.
    """
    for at in range(before.size):
        place = before[at]
        out[cursor[key[place]]] = place
        cursor[key[place]] += 1


@kernel("void(i8[::1], i8[::1], i8[::1], i8[::1], i4[::1])")
def onward_from(offsets_in: Ints, late: Ints, offsets: Ints, early: Ints, onward: Codes) -> None:
    """The payer's first payment with ``early`` above each ``late`` of what the same party was paid, else one past its
    last.

    ``late[offsets_in[p]:offsets_in[p + 1]]`` are the last instants of the payments to party ``p``. Writes
    ``onward[n]``.
    """
    for party in range(offsets.size - 1):
        for at in range(offsets_in[party], offsets_in[party + 1]):
            low = offsets[party]
            high = offsets[party + 1]
            while low < high:
                middle = (low + high) // 2
                if early[middle] <= late[at]:
                    low = middle + 1
                else:
                    high = middle
            onward[at] = low


@kernel("void(i8[::1], i8[::1], i4[::1], i8[::1], i8[::1], i8, i8[::1], i8[::1])")
def until(
    offsets_in: Ints, paid: Ints, onward: Codes, offsets: Ints, early: Ints, span: Whole, first: Ints, last: Ints
) -> None:
    """What each party paid after each payment to it, as a slice of its payments: from ``onward`` to ``paid + span``.

    ``paid[offsets_in[p]:offsets_in[p + 1]]`` are the instants of the payments to party ``p``, which do not fall.
    Writes ``first[n]:last[n]``.
    """
    for party in range(offsets.size - 1):
        end = offsets[party]
        for at in range(offsets_in[party], offsets_in[party + 1]):
            while end < offsets[party + 1] and early[end] <= paid[at] + span:
                end += 1
            first[at] = onward[at]
            last[at] = max(end, np.int64(onward[at]))


@kernel("void(i8[::1], i4[::1], i8[::1], i4[::1], i4[::1], i8[::1])")
def mutual(offsets: Ints, target: Codes, offsets_in: Ints, payer: Codes, stamp: Codes, out: Ints) -> None:
    """How many different parties each party both pays and is paid by.

    ``payer[offsets_in[p]:offsets_in[p + 1]]`` are those who pay party ``p``; ``stamp`` is scratch, -1 for each party.
    Writes ``out[p]`` for the first ``out.size`` parties.
    """
    for party in range(out.size):
        for at in range(offsets_in[party], offsets_in[party + 1]):
            stamp[payer[at]] = party
        for at in range(offsets[party], offsets[party + 1]):
            if stamp[target[at]] == party:
                stamp[target[at]] = -1
                out[party] += 1


@part
def _third(
    first: Whole,
    until: Whole,
    home: Whole,
    end: Ints,
    target: Codes,
    early: Ints,
    late: Ints,
    onward: Codes,
    most: Whole,
    stamp: Codes,
    last: Ints,
) -> Whole:
    """The second payment of a round of three that payment ``first`` begins, else -1."""
    for second in range(onward[first], min(end[target[first]], onward[first] + most)):
        if early[second] > until:
            break
        third = target[second]
        if third >= 0 and stamp[third] == home and last[third] > late[second] and third != home:
            return second
    return -1


@part
def _fourth(
    first: Whole,
    until: Whole,
    home: Whole,
    end: Ints,
    target: Codes,
    early: Ints,
    late: Ints,
    onward: Codes,
    most: Whole,
    stamp: Codes,
    last: Ints,
) -> tuple[Whole, Whole]:
    """The second and third payment of a round of four that payment ``first`` begins, else -1 and -1."""
    for second in range(onward[first], min(end[target[first]], onward[first] + most)):
        if early[second] > until:
            break
        if target[second] == home or target[second] < 0:
            continue
        for third in range(onward[second], min(end[target[second]], onward[second] + most)):
            if early[third] > until:
                break
            other = target[third]
            if other < 0 or stamp[other] != home or last[other] <= late[third]:
                continue
            if other != home and other != target[first]:
                return second, third
    return -1, -1


@kernel(
    "void(i8[::1], i8[::1], i4[::1], i8[::1], i8[::1], i4[::1], i8[::1], i8[::1], i4[::1], i8[::1], i8, i8, i4[::1],"
    " i8[::1], i4[::1], i4[::1], i4[::1], i4[::1])"
)
def returns(
    begin: Ints,
    end: Ints,
    target: Codes,
    early: Ints,
    late: Ints,
    onward: Codes,
    begin_in: Ints,
    end_in: Ints,
    payer: Codes,
    paid: Ints,
    span: Whole,
    most: Whole,
    stamp: Codes,
    last: Ints,
    done: Codes,
    two: Codes,
    three: Codes,
    four: Codes,
) -> None:
    """Counts payers and payees with a payment that comes back in at most ``span``, for each party on the shortest way.

    Parties are numbered from 0 on, and those that are not passed through are -1: ``begin[p]:end[p]`` are the payments
    of party ``p``, ``begin_in[p]:end_in[p]`` those to it. Every payment of the way is later than the one before it, and
    no party stands on it twice. Of the payments of one payer to one payee the first that comes back counts, and of ways
    of equal length the one with the earliest payments.
    ``payer`` and ``paid`` are who pays each party and when, in order of time; ``stamp`` and ``done`` (-1) and ``last``
    are scratch, one for each party. Adds to ``two[p]``, ``three[p]``, ``four[p]``.
    """
    for home in range(begin.size):
        came = begin_in[home]
        for first in range(begin[home], end[home]):
            if target[first] < 0:
                continue
            until = early[first] + span
            while came < end_in[home] and paid[came] <= until:
                if payer[came] >= 0:
                    stamp[payer[came]] = home
                    last[payer[came]] = paid[came]
                came += 1
            other = target[first]
            if done[other] == home or came == begin_in[home] or paid[came - 1] <= late[first]:
                continue
            if stamp[other] == home and last[other] > late[first]:
                done[other] = home
                two[home] += 1
                two[other] += 1
                continue
            second = _third(first, until, home, end, target, early, late, onward, most, stamp, last)
            if second >= 0:
                done[other] = home
                three[home] += 1
                three[other] += 1
                three[target[second]] += 1
                continue
            second, third = _fourth(first, until, home, end, target, early, late, onward, most, stamp, last)
            if second >= 0:
                done[other] = home
                four[home] += 1
                four[other] += 1
                four[target[second]] += 1
                four[target[third]] += 1
