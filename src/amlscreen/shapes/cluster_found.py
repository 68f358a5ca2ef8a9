"""What one card of shape ``cluster`` sees: ties, groups, measures, and which groups meet it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from amlscreen.rules.card import FAMILIES, Card
from amlscreen.rules.grammar import Cluster, Condition, duration_microseconds
from amlscreen.rules.units import measure_units
from amlscreen.shapes.cluster_groups import Groups, groups_of
from amlscreen.shapes.cluster_measures import Flags, Measures
from amlscreen.shapes.cluster_ties import Ties, ties_of
from amlscreen.shapes.conditions import Truth, evaluate, inside_number, test_values
from amlscreen.shapes.plan import DAY
from amlscreen.shapes.population import Population

__all__ = ["MOST_MEMBERS", "Found", "flag_rules"]

MOST_MEMBERS = 200
"""A group larger than this, and larger than every link's ``most``, is cut by letting its commonest values go."""


class Found:
    """Everything one card sees: ties, groups of its members, their measures, and which groups meet it."""

    def __init__(self, card: Card, people: Population) -> None:
        detect = card.detect
        assert isinstance(detect, Cluster)
        self.card, self.detect, self.people = card, detect, people
        self.limit = max(MOST_MEMBERS, *(int(link.most) for link in detect.links))
        self.who = people.who(detect.members)
        self.ties: Ties = ties_of(detect.links, people)
        self.groups: Groups = groups_of(*self.ties.between(self.who), self.ties.held, self.limit)
        self.flag_days = duration_microseconds(detect.flagged_within) // DAY
        self.flagging = flag_rules(detect.flagged_by, sorted({hit.rule_id for hit in people.hits}))
        self.flags = _flags(self.flagging, people, self.flag_days)
        self.measures = Measures(detect, self.groups, self.ties, people, self.flags)

    @property
    def names(self) -> tuple[str, ...]:
        """The measures, the card's own first."""
        return (*self.detect.measures, *self.detect.made)

    def meets(self) -> NDArray[np.int64]:
        """The groups for which every condition of ``when`` holds."""
        units = measure_units(self.card)
        digits = self.people.reference.jurisdiction.minor_digits

        def atom(name: str, condition: Condition) -> Truth:
            return test_values(self.measures[name], condition, partial(inside_number, units[name], minor_digits=digits))

        return np.flatnonzero(evaluate(self.detect.when, atom, self.groups.size).true)


def flag_rules(flagged_by: Sequence[str], rules: Sequence[str]) -> list[str]:
    """Those of some rules that ``flagged_by`` means, by id or by family."""
    return [rule for rule in rules if rule in flagged_by or FAMILIES[rule.split("-")[1][0]] in flagged_by]


def _flags(rules: Sequence[str], people: Population, days: int) -> Flags:
    numbers = {rule: number for number, rule in enumerate(rules)}
    hit, customer = people.hits_by_customer(numbers, days)
    rule = np.array([numbers[people.hits[one].rule_id] for one in hit.tolist()], np.int64)
    return Flags(customer, rule, people.size)
