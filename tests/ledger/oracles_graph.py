"""Slow, obvious twins of the graph features: every definition as it is written down, with loops over all payments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from statistics import median

__all__ = ["Edge", "bounded_cycles", "fans", "figures", "scatter_gathers", "temporal_cycles"]

Edge = tuple[int, int, int]
"""Payer, payee, time; never the same account twice. Edges are sorted by time, batches are numbers that never fall."""

Counts = list[dict[int, int]]
"""At each edge, how many patterns of each size."""


def _nothing(edges: Sequence[Edge]) -> Counts:
    return [{} for _ in edges]


def _add(found: Counts, batch: Sequence[int], root: int, pattern: Sequence[int], size: int) -> None:
    for edge in pattern:
        if size >= 2 and batch[edge] == batch[root]:
            found[edge][size] = found[edge].get(size, 0) + 1


def fans(edges: Sequence[Edge], batch: Sequence[int], span: int, side: int, *, distinct: bool) -> Counts:
    """Fans (or degrees) into the payee (side 1) or out of the payer (side 0)."""
    found = _nothing(edges)
    for root, one in enumerate(edges):
        window = [
            edge
            for edge, other in enumerate(edges)
            if batch[edge] <= batch[root] and other[side] == one[side] and one[2] - span < other[2] <= one[2]
        ]
        size = len({edges[edge][1 - side] for edge in window}) if distinct else len(window)
        _add(found, batch, root, window, size)
    return found


def scatter_gathers(edges: Sequence[Edge], batch: Sequence[int], span: int, keep: int) -> Counts:
    """Patterns closed by each edge as a leg that leaves the payer, and as one that reaches the collector."""
    found = _nothing(edges)
    accounts = {account for one in edges for account in one[:2]}
    for root, (payer, payee, time) in enumerate(edges):
        older = [one[2] for edge, one in enumerate(edges) if batch[edge] < batch[root]]
        seen = [
            edge
            for edge, one in enumerate(edges)
            if batch[edge] <= batch[root] and (not older or one[2] >= max(older) - keep)
        ]
        for other in accounts - {payer, payee}:
            for ends, near in (((payer, other), 0), ((other, payee), 1)):
                legs = {
                    middle: tuple([edge for edge in seen if edges[edge][:2] == leg] for leg in _legs(ends, middle))
                    for middle in accounts - set(ends)
                }
                legs = {middle: both for middle, both in legs.items() if all(both)}
                reached = [both for both in legs.values() if edges[both[near][-1]][2] >= time - span]
                if any(edges[leg[-1]][2] > time for both in reached for leg in both):
                    continue
                inside = {
                    middle: [[edge for edge in leg if edges[edge][2] >= time - span] for leg in both]
                    for middle, both in legs.items()
                }
                inside = {middle: both for middle, both in inside.items() if all(both)}
                if (payee if near == 0 else payer) in inside:
                    pattern = [edge for both in inside.values() for leg in both for edge in leg]
                    _add(found, batch, root, pattern, len(inside))
    return found


def _legs(ends: tuple[int, int], middle: int) -> tuple[tuple[int, int], tuple[int, int]]:
    return (ends[0], middle), (middle, ends[1])


def temporal_cycles(edges: Sequence[Edge], batch: Sequence[int], span: int) -> Counts:
    """Rounds in which each payment is later than the one before."""
    found = _nothing(edges)
    for root, (payer, payee, time) in enumerate(edges):
        usable = [edge for edge, one in enumerate(edges) if batch[edge] <= batch[root] and time - span <= one[2] < time]
        for way in _ways(edges, usable, payee, payer, len(edges)):
            fits = [
                {edge for edge in hop if _runs(edges, [*way[:at], [edge], *way[at + 1 :]])}
                for at, hop in enumerate(way)
            ]
            if all(fits):
                _add(found, batch, root, [root, *(edge for hop in fits for edge in hop)], len(way) + 1)
    return found


def _runs(edges: Sequence[Edge], way: Sequence[Sequence[int]]) -> bool:
    """Whether one edge of each hop can be chosen so that times rise, taking the earliest each time."""
    last = -1
    for hop in way:
        later = [edges[edge][2] for edge in hop if edges[edge][2] > last]
        if not later:
            return False
        last = min(later)
    return True


def bounded_cycles(edges: Sequence[Edge], batch: Sequence[int], span: int, longest: int) -> Counts:
    """Rounds of at most so many accounts, in any order of time, the closing edge the last of them."""
    found = _nothing(edges)
    number: dict[int, int] = {}
    for one in edges:
        for account in one[:2]:
            number.setdefault(account, len(number))
    for root, (payer, payee, time) in enumerate(edges):
        usable = [
            edge
            for edge, one in enumerate(edges)
            if batch[edge] <= batch[root] and one[2] >= time - span and (one[2], number[one[1]]) < (time, number[payee])
        ]
        for way in _ways(edges, usable, payee, payer, longest - 1):
            _add(found, batch, root, [root, *(edge for hop in way for edge in hop)], len(way) + 1)
    return found


def _ways(
    edges: Sequence[Edge], usable: Sequence[int], start: int, goal: int, most: int, been: tuple[int, ...] = ()
) -> Iterator[list[list[int]]]:
    """Ways of at most so many hops over different accounts; a hop is every usable edge between its two accounts."""
    if start == goal:
        yield []
    elif len(been) < most:
        for account in {edges[edge][1] for edge in usable if edges[edge][0] == start} - {*been, start}:
            hop = [edge for edge in usable if edges[edge][:2] == (start, account)]
            for way in _ways(edges, usable, account, goal, most, (*been, start)):
                yield [hop, *way]


def figures(
    edges: Sequence[Edge], amount: Sequence[int], batch: Sequence[int], keep: int, root: int, role: int, side: int
) -> tuple[float, ...]:
    """Figures of the payer (role 0) or payee (role 1) of an edge, of what it paid (side 0) or got (side 1)."""
    older = [one[2] for edge, one in enumerate(edges) if batch[edge] < batch[root]]
    held = [
        edge
        for edge, one in enumerate(edges)
        if batch[edge] <= batch[root] and one[side] == edges[root][role] and (not older or one[2] >= max(older) - keep)
    ]
    if not held:
        return (0.0,) * 11
    others = len({edges[edge][1 - side] for edge in held})
    values = [amount[edge] for edge in held]
    mean = Fraction(sum(values), len(values))
    second, third, fourth = (sum((value - mean) ** power for value in values) / len(values) for power in (2, 3, 4))
    skew, kurtosis = (float(third) / float(second) ** 1.5, float(fourth / second**2)) if second else (0.0, 0.0)
    return (
        float(others), float(len(held)), len(held) / others, float(mean), float(sum(values)), float(min(values)),
        float(max(values)), float(median(values)), float(second), skew, kurtosis,
    )  # fmt: skip
