"""Kernels that find which two legs are of one payment: the row on the payer's account and that on the receiver's."""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

import numpy as np

from amlscreen.ledger.kernel_cache import Flags, Ints, Whole, kernel, part

__all__ = ["pair_equal_legs", "pair_legs"]


@part
def _place_of(pair: Whole, amount: Whole, mask: Whole) -> Whole:
    """Where legs of a pair and an amount are looked for: bits mixed so that they spread."""
    mixed = np.uint64(pair) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(amount)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.int64((mixed ^ (mixed >> np.uint64(32))) & np.uint64(mask))


@part
def _debit_for(
    leg: Whole, place: Whole, pair: Ints, time: Ints, amount: Ints, span: Whole, heads: Ints, following: Ints
) -> Whole:
    """The earliest debit that fits a credit, else -1. It leaves the list, as do those too old for later credits."""
    before: Whole = -1
    other: Whole = heads[place]
    while other >= 0:
        after: Whole = following[other]
        if pair[other] != pair[leg] or amount[other] != amount[leg]:
            before = other
        elif time[other] > time[leg] + span:
            break
        else:
            if before < 0:
                heads[place] = after
            else:
                following[before] = after
            if time[other] >= time[leg] - span:
                return other
        other = after
    return -1


@kernel("void(i8[::1], i8[::1], i8[::1], b1[::1], b1[::1], i8, i8[::1], i8[::1], i8[::1], b1[::1])")
def pair_equal_legs(
    pair: Ints,
    time: Ints,
    amount: Ints,
    credit: Flags,
    both: Flags,
    span: Whole,
    heads: Ints,
    tails: Ints,
    following: Ints,
    taken: Flags,
) -> None:
    """Pairs the two legs of payments: each credit takes the earliest free debit of the same ``pair`` and ``amount`` at
    most ``span`` away.

    ``pair[n]`` numbers payer and receiver together; only legs with ``both`` are looked at. The debits of one pair
    stand in order of ``time``, and so do its credits. ``heads`` and ``tails``, a power of two of -1, and
    ``following[n]`` are scratch. Sets ``taken[n]`` of legs that are paired.
    """
    mask = heads.size - 1
    for leg in range(pair.size):
        following[leg] = -1
        if both[leg] and not credit[leg]:
            place = _place_of(pair[leg], amount[leg], mask)
            if heads[place] < 0:
                heads[place] = leg
            else:
                following[tails[place]] = leg
            tails[place] = leg
    for leg in range(pair.size):
        if both[leg] and credit[leg]:
            place = _place_of(pair[leg], amount[leg], mask)
            other = _debit_for(leg, place, pair, time, amount, span, heads, following)
            if other >= 0:
                taken[leg] = True
                taken[other] = True


@kernel("void(i8[::1], i8[::1], i8[::1], i8[::1], b1[::1], i8, i8, b1[::1])")
def pair_legs(
    offsets: Ints, order: Ints, time: Ints, amount: Ints, credit: Flags, span: Whole, near: Whole, taken: Flags
) -> None:
    """The same for amounts that differ a little: each credit takes the earliest debit that fits it.

    ``order[offsets[g]:offsets[g + 1]]`` are the legs between one payer and one receiver: in one run all debits and in
    one all credits, each run by ``time``. A debit fits if it is at most ``span`` away and its ``amount`` differs by no
    more than a ``near``-th of the credit's. Legs already ``taken[n]`` are left out, and those that are paired become
    taken.
    """
    for group in range(offsets.size - 1):
        low = offsets[group]
        end = offsets[group + 1]
        for at in range(offsets[group], end):
            leg = order[at]
            if not credit[leg] or taken[leg]:
                continue
            while low < end and (credit[order[low]] or taken[order[low]] or time[order[low]] < time[leg] - span):
                low += 1
            for place in range(low, end):
                other = order[place]
                if credit[other] or time[other] > time[leg] + span:
                    break
                apart = abs(amount[other] - amount[leg])
                if not taken[other] and apart <= amount[leg] // near:
                    taken[leg] = True
                    taken[other] = True
                    break
