"""Kernels about money that goes on: from payment to payment, and in chains of them.

Payments, parties and bounds are as in :mod:`amlscreen.ledger.kernels_relations`.
"""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

from amlscreen.ledger.kernel_cache import Codes, Flags, Ints, Whole, kernel, part

__all__ = ["chain_lengths", "payments_on"]


@part
def _goes_on(one: Whole, other: Whole, least: Whole, more: Whole) -> bool:
    """Whether an amount goes on in another: at least its ``least``-th part, at most a ``more``-th part above it."""
    return bool(other * least >= one and other - one <= one // more)


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
    """The payments in which others go on, and not back to the payer; returns how many pairs.

    A payment goes on in one that is later by at most ``span`` and not less than its ``least``-th part, nor a
    ``more``-th part above it.
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
