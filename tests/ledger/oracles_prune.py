"""Slow, obvious twins of the kernels that put payments together by party and tell which may be part of a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

__all__ = ["End", "busy_spans", "handing", "key_of", "linked", "others", "sorted_ends"]

End = tuple[int, int, int, int, int]
"""Party, other, first instant, amount, note."""
_DAY = 86_400_000_000 - 1


def key_of(word: str) -> int:
    """The key of a word: 64 bits of FNV-1a, mixed, below zero."""
    bits = 2**64 - 1
    mixed = 0xCBF29CE484222325
    for letter in word.encode():
        mixed = (mixed ^ letter) * 0x100000001B3 & bits
    mixed = mixed * 0x9E3779B97F4A7C15 & bits
    mixed = (mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9 & bits
    return -1 - ((mixed ^ mixed >> 32) >> 1)


def late(end: End) -> int:
    """The last instant at which it may have been."""
    return end[2] + (_DAY if end[4] & 4 else 0)


def sorted_ends(ends: Sequence[End]) -> dict[int, list[list[End]]]:
    """By party what it got, what it paid and what came, each in order of time, equals as they were."""
    found: dict[int, list[list[End]]] = {}
    for end in ends:
        found.setdefault(end[0], [[], [], []])[end[4] & 3].append(end)
    for got, paid, came in found.values():
        got.sort(key=lambda one: one[2])
        paid.sort(key=lambda one: one[2])
        came.sort(key=late)
    return found


def others(kinds: Sequence[Sequence[End]]) -> int:
    """With how many others a party has payments."""
    return len({end[1] for each in kinds[:2] for end in each})


def linked(
    kinds: Sequence[Sequence[End]], hop: int, keeps: Fraction, at_most: Fraction, *, third: bool
) -> set[tuple[int, int]]:
    """Rows of payments that go on in one another."""
    return {
        (one[4] >> 3, then[4] >> 3)
        for one in kinds[0]
        for then in kinds[1]
        if late(one) < then[2] <= one[2] + hop
        and one[3] * keeps <= then[3] <= one[3] * at_most
        and not (third and then[1] == one[1])
    }


def busy_spans(kinds: Sequence[Sequence[End]], senders: int, receivers: int, within: int) -> bool:
    """Whether at some payment so many had paid the party, and had been paid by it, in the span before."""

    def names(ends: Iterable[End]) -> int:
        return len({end[1] for end in ends})

    return any(
        names(one for one in kinds[0] if one[2] < then[2] and late(one) > then[2] - within) >= senders
        and names(one for one in kinds[1] if then[2] - within < one[2] <= then[2]) >= receivers
        for then in kinds[1]
    )


def handing(
    kinds: Sequence[Sequence[End]], other: int, hop: int, within: int, share: Fraction
) -> tuple[bool, list[int]]:
    """Whether of something that came that share went on to the other, and at which payments to it of all that came."""
    left = [end[3] for end in kinds[2]]
    links: list[tuple[int, int, int]] = []
    for then in kinds[1]:
        wanted = then[3]
        for at, one in enumerate(kinds[2]):
            if then[1] == other and one[1] != other and late(one) < then[2] <= one[2] + hop and wanted and left[at]:
                moved = min(wanted, left[at])
                wanted, left[at] = wanted - moved, left[at] - moved
                links.append((at, then[2], moved))
    whole = any(Fraction(one[3] - rest, one[3]) >= share for one, rest in zip(kinds[2], left, strict=True))
    times = []
    for until in sorted({then[2] for then in kinds[1] if then[1] == other}):
        counted = [n for n, one in enumerate(kinds[2]) if until - within < late(one) <= until and one[1] != other]
        passed = sum(moved for at, went, moved in links if at in counted and went <= until)
        came = sum(kinds[2][n][3] for n in counted)
        if passed and Fraction(passed, came) >= share:
            times.append(until)
    return whole, times
