"""Slow, obvious twins of the kernels about who pays whom: plain loops over all payments for every question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

__all__ = ["Payment", "after", "chain_lengths", "meetings", "mutual", "number_of", "payments_on", "returns"]

Payment = tuple[int, int, int, int, int]
"""Payer, receiver, first and last instant, amount; in lists by payer and first instant."""
Walked = set[int]


def after(paid: Sequence[Payment], at: int, span: int, most: int) -> list[int]:
    """The next ``most`` payments of the receiver that are certainly later, of those the ones within the span."""
    one = paid[at]
    later = [n for n, other in enumerate(paid) if other[0] == one[1] and other[2] > one[3]]
    return [n for n in later[:most] if paid[n][2] <= one[2] + span]


def mutual(paid: Sequence[Payment], parties: int) -> list[int]:
    """With how many different parties money goes both ways."""
    pairs = {one[:2] for one in paid}
    return [
        sum((party, other) in pairs and (other, party) in pairs for other in range(parties)) for party in range(parties)
    ]


def goes_on(one: Payment, other: Payment, least: int, more: int) -> bool:
    """Whether an amount goes on in another."""
    return other[4] * least >= one[4] and other[4] - one[4] <= one[4] // more


def _ways(paid: Sequence[Payment], first: int, hops: int, walked: Walked, span: int, most: int) -> Iterator[list[int]]:
    """Ways of so many payments back to the payer, in the order in which they are looked at; any later one closes it."""
    start = paid[first]
    until = start[2] + span

    def on(way: list[int], parties: list[int]) -> Iterator[list[int]]:
        at = way[-1]
        if len(way) == hops - 1:
            if any(one[0] == paid[at][1] and one[1] == start[0] and paid[at][3] < one[2] <= until for one in paid):
                yield way
            return
        for n in after(paid, at, until - paid[at][2], most):
            if paid[n][1] not in parties and paid[n][1] in walked:
                yield from on([*way, n], [*parties, paid[n][1]])

    if start[0] in walked and start[1] in walked:
        yield from on([first], [start[0], start[1]])


def returns(
    paid: Sequence[Payment], parties: int, walked: Walked, span: int, most: int
) -> tuple[list[int], list[int], list[int]]:
    """The rounds of two, three and four payments on which each party stands."""
    counts = [[0] * parties for _ in range(3)]
    done: set[tuple[int, int]] = set()
    for first, one in enumerate(paid):
        if one[:2] in done:
            continue
        for hops in (2, 3, 4):
            way = next(_ways(paid, first, hops, walked, span, most), None)
            if way is not None:
                done.add((one[0], one[1]))
                for party in (one[0], *(paid[n][1] for n in way)):
                    counts[hops - 2][party] += 1
                break
    return counts[0], counts[1], counts[2]


def meetings(
    paid: Sequence[Payment], parties: int, walked: Walked, span: int, most: int, least: int, more: int
) -> tuple[list[int], ...]:
    """Third parties reached and reached by; the widest scatter-gather as payer, as receiver, in the middle."""
    between: dict[tuple[int, int], set[int]] = defaultdict(set)
    for at, one in enumerate(paid):
        for n in after(paid, at, span, most):
            if one[1] in walked and paid[n][1] != one[0] and goes_on(one, paid[n], least, more):
                between[one[0], paid[n][1]].add(one[1])
    wide = {pair: middle for pair, middle in between.items() if len(middle) > 1}
    return (
        [sum(home == party for home, _ in between) for party in range(parties)],
        [sum(end == party for _, end in between) for party in range(parties)],
        [
            max((len(middle) for (home, _), middle in wide.items() if home == party), default=0)
            for party in range(parties)
        ],
        [
            max((len(middle) for (_, end), middle in wide.items() if end == party), default=0)
            for party in range(parties)
        ],
        [max((len(middle) for middle in wide.values() if party in middle), default=0) for party in range(parties)],
    )


def payments_on(
    paid: Sequence[Payment], walked: Walked, span: int, most: int, least: int, more: int
) -> set[tuple[int, int]]:
    """The payments that go on, and those they go on in, not back to the payer."""
    return {
        (at, n)
        for at, one in enumerate(paid)
        for n in after(paid, at, span, most)
        if one[1] in walked and paid[n][1] != one[0] and goes_on(one, paid[n], least, more)
    }


def chain_lengths(
    paid: Sequence[Payment], walked: Walked, span: int, most: int, least: int, more: int
) -> tuple[list[int], list[int]]:
    """The longest chain that ends in each payment, and the longest that begins with it."""
    steps = payments_on(paid, walked, span, most, least, more)

    def longest(at: int, *, forward: bool) -> int:
        on = [n if forward else m for m, n in steps if (m if forward else n) == at]
        return 1 + max((longest(other, forward=forward) for other in on), default=0)

    every = range(len(paid))
    return [longest(at, forward=False) for at in every], [longest(at, forward=True) for at in every]


def number_of(text: str) -> int:
    """FNV-1a over the bytes, and the end of MurmurHash3."""
    every = 2**64
    mixed = 0xCBF29CE484222325
    for byte in text.encode():
        mixed = (mixed ^ byte) * 0x100000001B3 % every
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        mixed = (mixed ^ (mixed >> 33)) * factor % every
    return mixed ^ (mixed >> 33)
