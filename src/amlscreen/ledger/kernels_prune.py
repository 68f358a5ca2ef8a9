"""Kernels that tell which payments may be part of a picture, party by party: no payment that is, is left out.

Ends stand as :mod:`kernels_ends` puts them: ``ends[offsets[3 * p + kind]:offsets[3 * p + kind + 1]]`` are those of
party ``p`` of one kind. Both rows of a payment may be there; then it counts twice, which leaves nothing out.
"""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.kernel_cache import Flags, Ints, Whole, kernel, part

__all__ = ["counted_others", "handing_pairs", "links_between", "spreads_soon"]

_MILLION = 1_000_000
_DAY = 86_400_000_000 - 1
Ends = NDArray[np.int64]


@part
def _late(ends: Ends, at: Whole) -> Whole:
    """The last instant at which the payment may have been."""
    return ends[at, 2] + (_DAY if ends[at, 4] & 4 else 0)


@kernel("void(i8[::1], i8[:, ::1], i8, i8[::1])")
def counted_others(offsets: Ints, ends: Ends, most: Whole, out: Ints) -> None:
    """With how many others each party has payments, where it has more than ``most`` payments; else 0.

    Writes ``out[p]``.
    """
    for party in range(out.size):
        low, high = offsets[3 * party], offsets[3 * party + 2]
        out[party] = 0
        if high - low > most:
            others = np.sort(ends[low:high, 1].copy())
            count = 1
            for at in range(1, others.size):
                count += others[at] != others[at - 1]
            out[party] = count


@part
def _first_after(ends: Ends, low: Whole, high: Whole, instant: Whole) -> Whole:
    """The first place in ``low .. high`` that is later than an instant, by halving."""
    while low < high:
        middle = (low + high) // 2
        if ends[middle, 2] <= instant:
            low = middle + 1
        else:
            high = middle
    return low


@kernel("i8(i8[::1], i8[:, ::1], b1[::1], i8, i8, i8, i8, i8[:, ::1])")
def links_between(
    offsets: Ints,
    ends: Ends,
    walked: Flags,
    hop: Whole,
    keeps: Whole,
    at_most: Whole,
    third: Whole,
    out: NDArray[np.int64],
) -> Whole:
    """Pairs of payments of which the second goes on from the first through a ``walked`` party (:mod:`kernels_flow`).

    With ``third`` 1 only those that go on to a third party. Returns how many there are; ``out`` gets as many as it
    holds: the places of both rows, a number made of payer and last receiver, and the party's own number.
    """
    found = 0
    for party in range(walked.size):
        begin, end = offsets[3 * party + 1], offsets[3 * party + 2]
        if not walked[party] or begin == end:
            continue
        for at in range(offsets[3 * party], begin):
            whole, rest = ends[at, 3] // _MILLION, ends[at, 3] % _MILLION
            low = whole * keeps - (-rest * keeps // _MILLION)
            high = whole * at_most + rest * at_most // _MILLION
            for later in range(_first_after(ends, begin, end, _late(ends, at)), end):
                if ends[later, 2] > ends[at, 2] + hop:
                    break
                if low <= ends[later, 3] <= high and (third == 0 or ends[later, 1] != ends[at, 1]):
                    if found < out.shape[0]:
                        out[found, 0] = ends[at, 4] >> 3
                        out[found, 1] = ends[later, 4] >> 3
                        out[found, 2] = ends[at, 1] * 0x9E3779B1 + (ends[later, 1] ^ (ends[later, 1] >> 29)) * 0x85EBCA77
                        out[found, 3] = party
                    found += 1
    return found


@part
def _differ(ends: Ends, low: Whole, high: Whole, least: Whole) -> bool:
    """Whether so many different others stand in ``low .. high``."""
    if high - low < least:
        return False
    others = np.sort(ends[low:high, 1].copy())
    count = 1
    for at in range(1, others.size):
        count += others[at] != others[at - 1]
    return bool(count >= least)


@kernel("void(i8[::1], i8[:, ::1], b1[::1], i8, i8, i8, b1[::1])")
def spreads_soon(
    offsets: Ints, ends: Ends, walked: Flags, senders: Whole, receivers: Whole, within: Whole, out: Flags
) -> None:
    """Walked parties that in some span of ``within`` were paid by so many and paid so many. Writes ``out[p]``."""
    for party in range(walked.size):
        out[party] = False
        first, begin, end = offsets[3 * party], offsets[3 * party + 1], offsets[3 * party + 2]
        if not walked[party] or begin - first < senders or end - begin < receivers:
            continue
        low, high, left = first, first, begin
        for at in range(begin, end):
            until = ends[at, 2]
            if at + 1 < end and ends[at + 1, 2] == until:
                continue
            while high < begin and ends[high, 2] < until:
                high += 1
            while low < high and _late(ends, low) <= until - within:
                low += 1
            while ends[left, 2] <= until - within:
                left += 1
            if high - low < senders or at + 1 - left < receivers:
                continue
            if _differ(ends, low, high, senders) and _differ(ends, left, at + 1, receivers):
                out[party] = True
                break


@part
def _share(passed: Whole, came: Whole) -> Whole:
    """``passed / came`` in millionths, floored, digit by digit."""
    share = passed // came
    rest = passed % came
    for _ in range(6):
        rest *= 10
        share = share * 10 + rest // came
        rest %= came
    return share


@part
def _hands_on(ends: Ends, low: Whole, high: Whole, paid: Ints, hop: Whole, least: Whole) -> bool:
    """Whether of something that came, in ``low .. high``, at least a share went on in the payments ``paid`` to one."""
    source = low
    but = ends[paid[0], 1]
    rest: Whole = ends[low, 3] if low < high else 0
    for at in range(paid.size):
        early, wanted = ends[paid[at], 2], ends[paid[at], 3]
        while wanted > 0 and source < high and _late(ends, source) < early:
            if rest <= 0 or ends[source, 1] == but or ends[source, 2] < early - hop:
                source += 1
                rest = ends[source, 3] if source < high else 0
                continue
            moved = min(wanted, rest)
            wanted -= moved
            rest -= moved
            if _share(ends[source, 3] - rest, ends[source, 3]) >= least:
                return True
    return False


@kernel("i8(i8[::1], i8[:, ::1], i8[::1], b1[::1], i8, i8, i8[:, ::1])")
def handing_pairs(
    offsets: Ints, ends: Ends, keys: Ints, walked: Flags, hop: Whole, share: Whole, out: NDArray[np.int64]
) -> Whole:
    """Walked accounts and whom they pay, where of something that came at least ``share`` (millionths) went on to them.

    First in, first out, each pair by itself, but for what came from whom is paid (:mod:`kernels_relay`). Writes the two
    keys of each pair to ``out``, which holds one for every payment; returns how many there are.
    """
    found = 0
    for party in range(walked.size):
        begin, end, until = offsets[3 * party + 1], offsets[3 * party + 2], offsets[3 * party + 3]
        if keys[party] < 0 or not walked[party] or begin == end or end == until:
            continue
        order = np.argsort(ends[begin:end, 1].copy(), kind="mergesort") + begin
        at = 0
        while at < order.size:
            last = at + 1
            while last < order.size and ends[order[last], 1] == ends[order[at], 1]:
                last += 1
            if _hands_on(ends, end, until, order[at:last], hop, share):
                out[found, 0] = keys[party]
                out[found, 1] = ends[order[at], 1]
                found += 1
            at = last
    return found
