"""Kernels that tell which payments may be part of a picture, party by party: no payment that is, is left out.

Ends stand as :mod:`kernels_ends` puts them: ``ends[offsets[3 * p + kind]:offsets[3 * p + kind + 1]]`` are those of
party ``p`` of one kind. Both rows of a payment may be there; then it counts twice, which leaves nothing out.
"""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.kernel_cache import Flags, Ints, Whole, kernel, part

__all__ = ["MOST_STEPS", "counted_others", "handing_pairs", "links_between", "spreads_soon"]

_MILLION = 1_000_000
_DAY = 86_400_000_000 - 1
_NEVER = 2**62
MOST_STEPS = 256
"""So many steps are made for each payment of a party; beyond, all its payments may be part of a picture."""
_MOST_LINKS = 8
_ODD, _OTHER = 0x9E3779B1, 0x85EBCA77
Ends = NDArray[np.int64]


@part
def _late(ends: Ends, at: Whole) -> Whole:
    """The last instant at which the payment may have been."""
    last: Whole = ends[at, 2] + (_DAY if ends[at, 4] & 4 else 0)
    return last


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


@part
def _of_ends(payer: Whole, receiver: Whole) -> Whole:
    """A number made of who pays first and who gets it last."""
    return payer * _ODD + (receiver ^ (receiver >> 29)) * _OTHER


@part
def _all_ends(offsets: Ints, ends: Ends, party: Whole, found: Whole, out: Ends) -> Whole:
    """Writes a line for each payer and receiver of one party."""
    payers = np.unique(ends[offsets[3 * party] : offsets[3 * party + 1], 1].copy())
    receivers = np.unique(ends[offsets[3 * party + 1] : offsets[3 * party + 2], 1].copy())
    for payer in payers:
        for receiver in receivers:
            if payer != receiver:
                if found < out.shape[0]:
                    out[found, 0], out[found, 1] = -1, -1
                    out[found, 2], out[found, 3] = _of_ends(payer, receiver), party
                found += 1
    return found


@kernel("i8(i8[::1], i8[:, ::1], b1[::1], i8, i8, i8, i8, i8, b1[::1], i8[:, ::1])")
def links_between(
    offsets: Ints,
    ends: Ends,
    walked: Flags,
    hop: Whole,
    keeps: Whole,
    at_most: Whole,
    third: Whole,
    most: Whole,
    whole: Flags,
    out: NDArray[np.int64],
) -> Whole:
    """Pairs of payments of which the second goes on from the first through a ``walked`` party (:mod:`kernels_flow`).

    With ``third`` 1 only those that go on to a third party. Returns how many there are; ``out`` gets as many as it
    holds: the places of both rows, a number made of payer and last receiver, and the party's own number. A party that
    takes more than ``most`` steps for each of its payments, or has too many pairs, is ``whole[p]``: it has none, but
    with ``third`` 1 one for each payer and each receiver, with -1 for the places.
    """
    found: Whole = 0
    for party in range(walked.size):
        begin, end = offsets[3 * party + 1], offsets[3 * party + 2]
        steps, before = (end - offsets[3 * party]) * most, found
        whole[party] = False
        if not walked[party] or begin == end:
            continue
        for at in range(offsets[3 * party], begin):
            floor, rest = ends[at, 3] // _MILLION, ends[at, 3] % _MILLION
            low = floor * keeps - (-rest * keeps // _MILLION)
            high = floor * at_most + rest * at_most // _MILLION
            for later in range(_first_after(ends, begin, end, _late(ends, at)), end):
                if ends[later, 2] > ends[at, 2] + hop:
                    break
                steps -= 1
                if low <= ends[later, 3] <= high and (third == 0 or ends[later, 1] != ends[at, 1]):
                    if found < out.shape[0]:
                        out[found, 0] = ends[at, 4] >> 3
                        out[found, 1] = ends[later, 4] >> 3
                        out[found, 2] = _of_ends(ends[at, 1], ends[later, 1])
                        out[found, 3] = party
                    found += 1
            if steps < 0 or found - before > _MOST_LINKS * (end - offsets[3 * party]):
                whole[party] = True
                found = _all_ends(offsets, ends, party, before, out) if third == 1 else before
                break
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


@kernel("void(i8[::1], i8[:, ::1], b1[::1], i8, i8, i8, i8, b1[::1])")
def spreads_soon(
    offsets: Ints, ends: Ends, walked: Flags, senders: Whole, receivers: Whole, within: Whole, most: Whole, out: Flags
) -> None:
    """Walked parties that in some span of ``within`` were paid by so many and paid so many, or that take more than
    ``most`` steps for each payment. Writes ``out[p]``.
    """
    for party in range(walked.size):
        out[party] = False
        first, begin, end = offsets[3 * party], offsets[3 * party + 1], offsets[3 * party + 2]
        if not walked[party] or begin - first < senders or end - begin < receivers:
            continue
        low, high, left, steps = first, first, begin, (end - first) * most
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
            steps -= high - low + at + 1 - left
            out[party] = steps < 0 or (_differ(ends, low, high, senders) and _differ(ends, left, at + 1, receivers))
            if out[party]:
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
def _handed(
    ends: Ends, low: Whole, high: Whole, paid: Ints, hop: Whole, least: Whole, came: Ints, went: Ints, sums: Ints
) -> Whole:
    """Matches payments to one with what came, in ``low .. high``; returns how many pairs there are.

    0 if nothing that came, by itself, was handed on by at least that share. ``sums`` are running, with a 0 in front.
    """
    source, found, enough = low, 0, False
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
            came[found], went[found], sums[found + 1] = source, paid[at], sums[found] + moved
            found += 1
            enough = bool(enough or _share(ends[source, 3] - rest, ends[source, 3]) >= least)
    return found if enough else 0


@part
def _hands_most(
    ends: Ends, high: Whole, came: Ints, went: Ints, sums: Ints, within: Whole, least: Whole
) -> tuple[Whole, Whole]:
    """From when until when at least a share of what came in the span before went on to one; never if it ends first.

    That share only rises with a payment, or when something that came leaves the span.
    """
    but, total = ends[went[0], 1], 0
    start: Whole = _NEVER
    end: Whole = -_NEVER
    held = False
    entered: Whole = came[0]
    left: Whole = came[0]
    leaving: Whole = came[0]
    first, last = 0, 0
    while last < went.size or first < last:
        until = _late(ends, leaving) + within if leaving < high else _NEVER
        if last < went.size and ends[went[last], 2] <= until:
            until = ends[went[last], 2]
        else:
            leaving += 1
        while last < went.size and ends[went[last], 2] <= until:
            last += 1
        while first < last and _late(ends, came[first]) <= until - within:
            first += 1
        while entered < high and _late(ends, entered) <= until:
            total += ends[entered, 3] if ends[entered, 1] != but else 0
            entered += 1
        while left < entered and _late(ends, left) <= until - within:
            total -= ends[left, 3] if ends[left, 1] != but else 0
            left += 1
        end = until if held else end
        held = bool(first < last and total > 0 and _share(sums[last] - sums[first], total) >= least)
        if held:
            start = min(start, until)
            end = max(end, until)
    return start, end


@kernel("i8(i8[::1], i8[:, ::1], i8[::1], b1[::1], i8, i8, i8, i8[:, ::1])")
def handing_pairs(
    offsets: Ints, ends: Ends, keys: Ints, walked: Flags, hop: Whole, within: Whole, share: Whole, out: Ends
) -> Whole:
    """Walked accounts and whom they pay, where of something that came at least ``share`` (millionths) went on to them.

    First in, first out, each pair by itself, but for what came from whom is paid (:mod:`kernels_relay`). Writes to
    ``out``, which holds a line for every payment, the two keys of each pair and from when until when that share of all
    that came in the ``within`` before went on: at no time if it ends before it begins. Returns how many pairs.
    """
    found = 0
    for party in range(walked.size):
        begin, end, until = offsets[3 * party + 1], offsets[3 * party + 2], offsets[3 * party + 3]
        if keys[party] < 0 or not walked[party] or end in (begin, until):
            continue
        came, went = np.empty(until - begin, np.int64), np.empty(until - begin, np.int64)
        sums = np.zeros(until - begin + 1, np.int64)
        order = np.argsort(ends[begin:end, 1].copy(), kind="mergesort") + begin
        at = 0
        while at < order.size:
            last = at + 1
            while last < order.size and ends[order[last], 1] == ends[order[at], 1]:
                last += 1
            size = _handed(ends, end, until, order[at:last], hop, share, came, went, sums)
            if size > 0:
                out[found, 0] = keys[party]
                out[found, 1] = ends[order[at], 1]
                out[found, 2], out[found, 3] = _hands_most(ends, until, came[:size], went[:size], sums, within, share)
                found += 1
            at = last
    return found
