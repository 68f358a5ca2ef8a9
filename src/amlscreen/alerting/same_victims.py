"""Subjects that point to the same possible victims belong together, though no money moves between them.

An employer who pays too little, a foreman who may draw on the accounts and the machine at which the cards are used one
after the other are three subjects; the people they are about are the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations

from amlscreen.alerting.activity import Activity
from amlscreen.alerting.book import CustomerKey

__all__ = ["LEAST_SHARED", "MOST_POINTING", "about_the_same_people"]

LEAST_SHARED = 3
"""Fewest possible victims that two subjects have in common."""

MOST_POINTING = 10
"""A person to whom more subjects point says nothing about any two of them."""


def about_the_same_people(activities: Sequence[Activity]) -> list[list[int]]:
    """The places of activities that belong together, each list two or more long, in the order of their first."""
    pointing: dict[CustomerKey, list[int]] = defaultdict(list)
    for place, activity in enumerate(activities):
        for victim in sorted({(hit.subject.institution, one) for hit in activity.open for one in hit.victims}):
            pointing[victim].append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for places in pointing.values():
        if len(places) <= MOST_POINTING:
            shared.update(combinations(places, 2))
    root = list(range(len(activities)))

    def top(place: int) -> int:
        while root[place] != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    for (one, other), count in sorted(shared.items()):
        if count >= LEAST_SHARED:
            low, high = sorted((top(one), top(other)))
            root[high] = low
    groups: dict[int, list[int]] = defaultdict(list)
    for place in range(len(activities)):
        groups[top(place)].append(place)
    return [places for places in groups.values() if len(places) > 1]
