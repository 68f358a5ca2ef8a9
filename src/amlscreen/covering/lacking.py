"""What a rule lacks to be looked at, and the smallest sets of columns that would open it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product

from amlscreen.evaluable import Want, wants_of_features, wants_of_plan
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.rules.card import Card
from amlscreen.rules.needs import needs
from amlscreen.shapes.plan import plans_of

__all__ = ["Lacking", "lacking", "smallest_openings"]


@dataclass(frozen=True, slots=True)
class Lacking:
    """What one rule lacks. ``clauses`` are needs of the card, each ``a|b`` for one of several; ``sweeps`` are what each
    of its sweeps lacks besides, an empty one being a sweep that can be looked at as soon as the card's needs are met.
    """

    clauses: tuple[str, ...]
    sweeps: tuple[tuple[Want, ...], ...]

    @property
    def is_blind(self) -> bool:
        """Whether nothing of the rule can be looked at."""
        return bool(self.clauses) or all(self.sweeps)

    def reasons(self) -> Iterator[str]:
        """Why the rule, or a part of it, cannot be looked at."""
        if self.clauses:
            yield f"no data: {', '.join(one.replace('|', ' or ') for one in self.clauses)}"
        yield from dict.fromkeys(want.said for wants in self.sweeps for want in wants)


def lacking(card: Card, country: Jurisdiction, provided: Collection[str], *, has_clock: bool, days: int) -> Lacking:
    """What a bound card lacks on data that provides these columns."""
    absent = sorted(need for need in needs(card) if not any(one in provided for one in need.split("|")))
    sweeps = plans_of(card, country)
    wants = [tuple(wants_of_plan(plan, provided, has_clock=has_clock, days=days)) for plan in sweeps]
    return Lacking(tuple(absent), tuple(wants) or (tuple(wants_of_features(card, provided, days=days)),))


def smallest_openings(found: Lacking) -> list[frozenset[str]]:
    """The sets of columns that would open the rule, none holding another; ``clock times`` and history stand as such."""
    least = [{want.opens for want in wants} for wants in found.sweeps]
    sets = {
        frozenset((*choice, *extra))
        for extra in least
        for choice in product(*(one.split("|") for one in found.clauses))
    }
    return sorted(
        (one for one in sets if not any(other < one for other in sets)), key=lambda one: (len(one), sorted(one))
    )
