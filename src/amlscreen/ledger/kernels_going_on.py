"""Kernels about money that goes on: what parts and meets again, and chains of payments.

Payments, parties and bounds are as in :mod:`amlscreen.ledger.kernels_relations`.
"""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

from amlscreen.ledger.kernel_cache import Codes, Flags, Ints, Whole, kernel, part

__all__ = ["chain_lengths", "meetings", "payments_on"]


@part
def _goes_on(one: Whole, other: Whole, least: Whole, more: Whole) -> bool:
    """Whether an amount goes on in another: at least its ``least``-th part, at most a ``more``-th part above it."""
    return bool(other * least >= one and other - one <= one // more)


@kernel(
    "void(i8[::1], i4[::1], i8[::1], i8[::1], i4[::1], i4[::1], b1[::1], i8, i8, i8, i8, i4[::1], i4[::1], i4[::1],"
    " i8[::1], i8[::1], i8[::1], i8[::1], i8[::1])"
)
def meetings(
    offsets: Ints,
    target: Codes,
    early: Ints,
    amount: Ints,
    onward: Codes,
    by_pair: Codes,
    walked: Flags,
    span: Whole,
    most: Whole,
    least: Whole,
    more: Whole,
    stamp: Codes,
    count: Codes,
    through: Codes,
    reaches: Ints,
    reached: Ints,
    parts: Ints,
    meets: Ints,
    between: Ints,
) -> None:
    """Money that goes over one party to a third, and through how many at most it goes between the same two.

    ``by_pair`` are the payments of each payer, put together by receiver. A payment goes on in one that is later by at
    most ``span`` and not less than its ``least``-th part, nor a ``more``-th part above it. Writes for each party:
    how many third parties its money ``reaches``; from how many it is ``reached``; the largest number of parties, two or
    more, over which its money ``parts`` and meets again at one; over which what one other paid ``meets`` at it; and
    ``between``, that of the pairs between which it stands. ``stamp`` (-1), ``count`` and ``through`` are scratch.
    """
    for home in range(offsets.size - 1):
        largest = 0
        for look in range(2):
            if look and largest < 2:
                break
            for at in range(offsets[home], offsets[home + 1]):
                first = by_pair[at]
                middle = target[first]
                if not walked[middle]:
                    continue
                for second in range(onward[first], min(offsets[middle + 1], onward[first] + most)):
                    if early[second] > early[first] + span:
                        break
                    end = target[second]
                    if end == home or not _goes_on(amount[first], amount[second], least, more):
                        continue
                    if look:
                        if count[end] > 1:
                            meets[end] = max(meets[end], count[end])
                            between[middle] = max(between[middle], count[end])
                        continue
                    if stamp[end] != home:
                        stamp[end] = home
                        count[end] = 0
                        through[end] = -1
                        reaches[home] += 1
                        reached[end] += 1
                    if through[end] != middle:
                        through[end] = middle
                        count[end] += 1
                        largest = max(largest, count[end])
        parts[home] = largest if largest > 1 else 0


@kernel(
    "i8(i8[::1], i4[::1], i4[::1], i8[::1], i8[::1], i4[::1], i8[::1], i4[::1], i8[::1], i8[::1], b1[::1], i8, i8, i8,"
    " i8, i4[::1], i4[::1])"
)
def payments_on(
    offsets_in: Ints,
    place: Codes,
    payer: Codes,
    paid: Ints,
    paid_amount: Ints,
    onward: Codes,
    offsets: Ints,
    target: Codes,
    early: Ints,
    amount: Ints,
    walked: Flags,
    span: Whole,
    most: Whole,
    least: Whole,
    more: Whole,
    first: Codes,
    second: Codes,
) -> Whole:
    """The payments in which others go on, as in :func:`meetings`, and not back to the payer; returns how many pairs.

    ``place``, ``payer``, ``paid``, ``paid_amount`` and ``onward`` tell of the payments to each party, by time. Writes
    the places of both into ``first`` and ``second``, as far as these reach: with empty ones pairs are only counted.
    """
    found = 0
    for party in range(offsets.size - 1):
        if not walked[party]:
            continue
        for at in range(offsets_in[party], offsets_in[party + 1]):
            for on in range(onward[at], min(offsets[party + 1], onward[at] + most)):
                if early[on] > paid[at] + span:
                    break
                if target[on] != payer[at] and _goes_on(paid_amount[at], amount[on], least, more):
                    if found < first.size:
                        first[found] = place[at]
                        second[found] = on
                    found += 1
    return found


@kernel("void(i4[::1], i4[::1], i4[::1], i4[::1])")
def chain_lengths(first: Codes, second: Codes, before: Codes, rest: Codes) -> None:
    """The length of the longest chain of payments that ends in each, and of the longest that begins with each.

    ``first[p]`` goes on in ``second[p]``, by the time of the first. Writes ``before[n]`` and ``rest[n]``, which
    are 1 before.
    """
    for at in range(first.size):
        before[second[at]] = max(before[second[at]], before[first[at]] + 1)
    for at in range(first.size - 1, -1, -1):
        rest[first[at]] = max(rest[first[at]], rest[second[at]] + 1)
