"""Payments between the members of a group, made few enough to draw: nodes in columns from payers to receivers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

__all__ = ["Drawing", "Node", "Payment", "drawing"]

_MOST_MEMBERS, _MOST_AT_A_SIDE = 7, 3
_MOST_COLUMNS = 4
_REST = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class Payment:
    """All that one party paid another in the evidence; ``first`` puts payments in order of time.

    Parties are counterparty keys (``account:BANK/NUMBER``), or ``channel:cash`` where nobody else is known.
    """

    source: str
    target: str
    amount: Decimal
    transactions: int
    first: str


@dataclass(frozen=True, slots=True)
class Node:
    """A party, or ``stands_for`` several: ``column`` 0 pays in from outside, the last one is paid outside."""

    key: str
    column: int
    stands_for: int
    paid: Decimal
    received: Decimal


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn. ``inside`` moved among the members drawn as one and is no arrow."""

    nodes: tuple[Node, ...]
    payments: tuple[Payment, ...]
    columns: int
    inside: Decimal


def drawing(payments: Sequence[Payment], members: Collection[str], weighty: Collection[str] = ()) -> Drawing:
    """The largest parties and what they paid each other; the rest of payers, members and receivers as one each.

    ``members`` stand in the middle, ``weighty`` ones before all others; who is no member stands at the side where more
    of its money is.
    """
    paid, received = _totals(payments)
    moved = {key: paid[key] + received[key] for key in {*paid, *received}}
    middle = sorted((key for key in moved if key in members), key=lambda key: (key not in weighty, -moved[key], key))
    outside = sorted((key for key in moved if key not in members), key=lambda key: (-moved[key], key))
    before = [key for key in outside if paid[key] >= received[key]]
    after = [key for key in outside if paid[key] < received[key]]
    becomes, sizes = _few({"before": before, "members": middle, "after": after})
    merged, inside = _merged(payments, becomes)
    levels = _levels(merged, {becomes[key] for key in middle})
    last = max(levels.values(), default=0) + 1
    columns = {
        **dict.fromkeys(map(becomes.__getitem__, before), 0),
        **dict.fromkeys(map(becomes.__getitem__, after), last),
        **levels,
    }
    paid, received = _totals(merged)
    nodes = tuple(
        Node(key, columns[key], sizes[key], paid[key], received[key]) for key in sorted(sizes) if key in columns
    )
    return Drawing(nodes, tuple(merged), last + 1, inside)


def _few(places: Mapping[str, Sequence[str]]) -> tuple[dict[str, str], dict[str, int]]:
    """The node that each party is drawn as, and how many each node stands for."""
    becomes: dict[str, str] = {}
    sizes: dict[str, int] = {}
    for place, keys in places.items():
        most = _MOST_MEMBERS if place == "members" else _MOST_AT_A_SIDE
        kept, rest = (keys, ()) if len(keys) <= most else (keys[: most - 1], keys[most - 1 :])
        becomes |= {key: key for key in kept} | dict.fromkeys(rest, _REST + place)
        sizes |= dict.fromkeys(kept, 1)
        if rest:
            sizes[_REST + place] = len(rest)
    return becomes, sizes


def _totals(payments: Iterable[Payment]) -> tuple[Mapping[str, Decimal], Mapping[str, Decimal]]:
    paid: dict[str, Decimal] = defaultdict(Decimal)
    received: dict[str, Decimal] = defaultdict(Decimal)
    for one in payments:
        paid[one.source] += one.amount
        received[one.target] += one.amount
    return paid, received


def _merged(payments: Iterable[Payment], becomes: Mapping[str, str]) -> tuple[list[Payment], Decimal]:
    """Payments between those drawn, in order of time, and what moved within one of them."""
    found: dict[tuple[str, str], Payment] = {}
    inside = Decimal(0)
    for one in payments:
        source, target = becomes[one.source], becomes[one.target]
        if source == target:
            inside += one.amount
            continue
        known = found.get((source, target), Payment(source, target, Decimal(0), 0, one.first))
        found[source, target] = replace(
            known,
            amount=known.amount + one.amount,
            transactions=known.transactions + one.transactions,
            first=min(known.first, one.first),
        )
    return sorted(found.values(), key=lambda one: (one.first, one.source, one.target)), inside


def _levels(payments: Sequence[Payment], middle: Collection[str]) -> dict[str, int]:
    """Columns of the members, from 1: after whoever paid them, as far as no payment runs back in time's order.

    A payment that would close a circle is drawn backwards. Beyond the fourth column members stand in the fourth.
    """
    after: dict[str, set[str]] = {key: set() for key in middle}
    for one in payments:
        if one.source in after and one.target in after and not _reaches(after, one.target, one.source):
            after[one.source].add(one.target)
    levels = dict.fromkeys(middle, 1)
    for _ in levels:
        for source, targets in after.items():
            for target in targets:
                levels[target] = max(levels[target], levels[source] + 1)
    return {key: min(level, _MOST_COLUMNS) for key, level in levels.items()}


def _reaches(after: Mapping[str, Collection[str]], start: str, goal: str) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        key = waiting.pop()
        if key == goal:
            return True
        fresh = set(after[key]) - seen
        seen |= fresh
        waiting += fresh
    return False
