"""The numbers about groups of customers, for all groups at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.rules.grammar import Cluster
from amlscreen.rules.grammar_cluster import ClusterMeasure, Link
from amlscreen.shapes.cluster_groups import Groups
from amlscreen.shapes.cluster_ties import Ties
from amlscreen.shapes.population import Population

__all__ = ["Flags", "Measures", "shared_in_words"]

Ints = NDArray[np.int64]
STEP = 3
"""Numbers follow each other if the next is at most this much larger."""
_DIGITS = 18


class Flags:
    """Which customers have a recent hit of the rules that flag: pairs of customer_no and the number of the rule."""

    def __init__(self, customer: Ints, rule: Ints, size: int) -> None:
        pairs = np.unique(np.stack([customer, rule]), axis=1) if customer.size else np.empty((2, 0), np.int64)
        self.customer, self.rule = pairs
        self.is_flagged = np.zeros(size, np.bool_)
        self.is_flagged[self.customer] = True


class Measures:
    """Every measure of a cluster by name, each made when it is first asked for."""

    def __init__(self, detect: Cluster, groups: Groups, ties: Ties, people: Population, flags: Flags) -> None:
        self.detect, self.groups, self.ties, self.people, self.flags = detect, groups, ties, people, flags
        self._made: dict[str, Values] = {}

    def __getitem__(self, name: str) -> Values:
        if name not in self._made:
            own = self.detect.measures.get(name)
            self._made[name] = _VERBS[own.verb](self, own) if own is not None else _MADE[name](self)
        return self._made[name]

    def members(self) -> Values:
        """How many customers each group has."""
        return Values(self.groups.members)

    def shared_values(self) -> Values:
        """Different values that tie them."""
        _, group = self._values()
        return Values(np.bincount(group, minlength=self.groups.size).astype(np.int64))

    def shared(self) -> Values:
        """The columns these values stand in."""
        values, group = self._values()
        links = self.detect.links
        tied = np.zeros((self.groups.size, len(links)), np.bool_)
        tied[group, self.ties.link[values]] = True
        kinds, code = np.unique(tied, axis=0, return_inverse=True)
        words = [shared_in_words([link for link, is_on in zip(links, kind, strict=True) if is_on]) for kind in kinds]
        return Values(code.reshape(-1).astype(np.int32), None, pa.array(words, pa.string()))

    def flagged(self) -> Values:
        """Members with a hit."""
        return Values(self._counted(self.flags.is_flagged[self.groups.customer]))

    def flagged_share(self) -> Values:
        """The same as a share of the members."""
        return Values(self.flagged().array * MILLION // np.maximum(self.members().array, 1))

    def alike(self) -> Values:
        """The most members with a hit of one and the same rule."""
        group_of = np.full(self.people.size, -1, np.int64)
        group_of[self.groups.customer] = self.groups.group
        group = group_of[self.flags.customer]
        pairs, count = np.unique(np.stack([group, self.flags.rule])[:, group >= 0], axis=1, return_counts=True)
        most = np.zeros(self.groups.size, np.int64)
        np.maximum.at(most, pairs[0], count)
        return Values(most)

    def largest_hub(self) -> Values:
        """Customers on the commonest of the values that tie them."""
        most = np.zeros(self.groups.size, np.int64)
        np.maximum.at(most, self.groups.pair_group, self.ties.held[self.groups.pair_value])
        return Values(most)

    def distinct(self, measure: ClusterMeasure) -> Values:
        """Different known values of a column."""
        group, value = self._known(str(measure.distinct))
        pairs = np.unique(np.stack([group, value]), axis=1)
        return Values(np.bincount(pairs[0], minlength=self.groups.size).astype(np.int64))

    def count(self, measure: ClusterMeasure) -> Values:
        """Members for whom conditions hold."""
        assert measure.count is not None
        return Values(self._counted(self.people.who(measure.count)[self.groups.customer]))

    def share(self, measure: ClusterMeasure) -> Values:
        """The same, in millionths of all members, floored."""
        assert measure.share is not None
        holds = self._counted(self.people.who(measure.share)[self.groups.customer])
        return Values(holds * MILLION // np.maximum(self.groups.members, 1))

    def median(self, measure: ClusterMeasure) -> Values:
        """The middle one of the known values, of two the smaller; unknown where none is known."""
        group, value = self._known(str(measure.median))
        order = np.lexsort((value, group))
        size = np.bincount(group, minlength=self.groups.size)
        start = np.cumsum(size) - size
        at = np.minimum(start + np.maximum(size - 1, 0) // 2, max(order.size - 1, 0))
        middle = value[order][at] if order.size else np.zeros(self.groups.size, np.int64)
        return Values(np.where(size > 0, middle, 0), size > 0)

    def consecutive(self, measure: ClusterMeasure) -> Values:
        """The longest run of different numbers each of which is 1 to 3 above the one before."""
        name = str(measure.consecutive)
        values = self.people.of_customers(name).take(self.groups.customer)
        group, number = _numbers(values, self.groups.group)
        longest = np.zeros(self.groups.size, np.int64)
        if group.size:
            pairs = np.unique(np.stack([group, number]), axis=1)
            goes_on = (np.diff(pairs[0]) == 0) & (np.diff(pairs[1]) <= STEP)
            run = np.concatenate([[0], np.cumsum(~goes_on)])
            first = np.flatnonzero(np.diff(run, prepend=-1))
            np.maximum.at(longest, pairs[0][first], np.bincount(run))
        return Values(longest)

    def coverage(self, names: Sequence[str]) -> tuple[Ints, Ints]:
        """Of the values that measures read: how many are known, of how many, for each group."""
        known, total = np.zeros(self.groups.size, np.int64), np.zeros(self.groups.size, np.int64)
        for name in names:
            own = self.detect.measures.get(name)
            for column in _columns_of(own) if own is not None else ():
                is_known = self.people.of_customers(column).is_known()[self.groups.customer]
                known, total = known + self._counted(is_known), total + self.groups.members
        return known, total

    def _values(self) -> tuple[Ints, Ints]:
        """The different values that tie, and their groups."""
        values, first = np.unique(self.groups.pair_value, return_index=True)
        return values, self.groups.pair_group[first]

    def _counted(self, holds: NDArray[np.bool_]) -> Ints:
        return np.bincount(self.groups.group[holds], minlength=self.groups.size).astype(np.int64)

    def _known(self, name: str) -> tuple[Ints, Ints]:
        values = self.people.of_customers(name, alike=True).take(self.groups.customer)
        known = values.is_known()
        return self.groups.group[known], values.array[known].astype(np.int64)


_MADE: Mapping[str, Callable[[Measures], Values]] = {
    "members": Measures.members,
    "shared_values": Measures.shared_values,
    "shared": Measures.shared,
    "flagged": Measures.flagged,
    "flagged_share": Measures.flagged_share,
    "alike": Measures.alike,
    "largest_hub": Measures.largest_hub,
}
_VERBS: Mapping[str, Callable[[Measures, ClusterMeasure], Values]] = {
    "distinct": Measures.distinct,
    "count": Measures.count,
    "share": Measures.share,
    "median": Measures.median,
    "consecutive": Measures.consecutive,
}


def _columns_of(measure: ClusterMeasure) -> set[str]:
    column = measure.distinct or measure.median or measure.consecutive
    conditions = measure.count or measure.share
    return {column} if column else set(conditions.names()) if conditions else set()


def shared_in_words(links: Sequence[Link]) -> str:
    """The columns of some links, for a sentence: ``phone, onboarded with introducer``."""
    said = [" with ".join(name.removesuffix("_id").replace("_", " ") for name in link.same) for link in links]
    return ", ".join(dict.fromkeys(said))


def _numbers(values: Values, group: Ints) -> tuple[Ints, Ints]:
    """The digits of known values as numbers, the last 18 of them; values without a digit are left out."""
    known = np.flatnonzero(values.is_known())
    if values.words is None:
        return group[known], values.array[known].astype(np.int64)
    words: Any = values.vocabulary.take(pa.array(values.array[known]))
    digits = pc.utf8_slice_codeunits(pc.replace_substring_regex(words, pattern=r"\D", replacement=""), -_DIGITS)
    some = np.asarray(pc.utf8_length(digits)) > 0
    number: Any = digits.filter(pa.array(some)).cast(pa.int64())
    return group[known[some]], np.asarray(number, np.int64)
