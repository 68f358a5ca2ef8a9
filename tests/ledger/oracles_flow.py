"""Slow, obvious twins of the kernels that follow money: plain loops over all rows for every question."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

__all__ = ["Payment", "handed_on", "legs_paired", "once_each", "relays", "run_lengths"]

Payment = tuple[int, int, int, int, int]
"""Payer, receiver, first and last instant, amount."""


def legs_paired(legs: Sequence[tuple[int, bool, int, int]], span: int, near: int) -> set[int]:
    """Places of paired legs (pair, credit, time, amount); ``near`` 0: of equal amounts only."""
    taken: set[int] = set()
    for at, (pair, credit, time, amount) in enumerate(legs):
        fits = [
            place
            for place, (other, is_credit, when, much) in enumerate(legs)
            if credit and not is_credit and other == pair and place not in taken and abs(when - time) <= span
            if abs(much - amount) <= (amount // near if near else 0)
        ]
        if fits:
            taken |= {at, min(fits, key=lambda place: (legs[place][2], place))}
    return taken


def goes_on(one: Payment, later: Payment, low: int, high: int, hop: int) -> bool:
    """Whether a payment goes on in another."""
    return later[0] == one[1] and one[3] < later[2] <= one[2] + hop and low <= later[4] <= high


def run_lengths(
    paid: Sequence[Payment], bounds: Sequence[tuple[int, int]], walked: set[int], hop: int, most: int
) -> list[int]:
    """How long a run from each payment can be."""

    def longest(at: int, left: int) -> int:
        one, (low, high) = paid[at], bounds[at]
        if left == 1 or one[1] not in walked:
            return 1
        after = (longest(n, left - 1) for n, later in enumerate(paid) if goes_on(one, later, low, high, hop))
        return 1 + max(after, default=0)

    return [longest(at, most) for at in range(len(paid))]


def relays(
    paid: Sequence[Payment], bounds: Sequence[tuple[int, int]], walked: set[int], hop: int
) -> list[tuple[int, int]]:
    """Pairs of payments of which the second goes on from the first to a third party."""
    return [
        (at, n)
        for at, one in enumerate(paid)
        for n, later in enumerate(paid)
        if one[1] in walked and goes_on(one, later, *bounds[at], hop) and later[1] != one[0]
    ]


def once_each(offsets: Sequence[int], first: Sequence[int], second: Sequence[int]) -> list[bool]:
    """Pairs neither of whose two stood in one kept before, group by group."""
    kept = []
    for low, high in pairwise(offsets):
        used: set[int] = set()
        for at in range(low, high):
            kept.append(not {first[at], second[at]} & used)
            used |= {first[at], second[at]} if kept[-1] else set()
    return kept


def handed_on(
    came: Sequence[tuple[int, int, int, int]], went: Sequence[tuple[int, int]], but: int, hop: int
) -> list[tuple[int, int, int]]:
    """What came (from whom, first and last instant, amount) matched with what went (instant, amount)."""
    left, found, start = [amount for *_, amount in came], [], 0
    for out, (instant, amount) in enumerate(went):
        wanted = amount
        while wanted and start < len(came) and came[start][2] < instant:
            other, early, _, _ = came[start]
            if not left[start] or other == but or early < instant - hop:
                start += 1
                continue
            moved = min(wanted, left[start])
            found.append((start, out, moved))
            left[start] -= moved
            wanted -= moved
    return found
