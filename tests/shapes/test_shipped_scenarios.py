"""The scenarios that are shipped pass the list that everybody's must, on the data of their own examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amlscreen.rules.card import Card
from amlscreen.rules.example_rows import tables_of
from amlscreen.rules.grammar import Scenario
from amlscreen.rules.ruleset import RuleSet
from amlscreen.rules.scenario_catalogue import SHIPPED
from amlscreen.scenario_checks import check_scenario
from amlscreen.shapes.scenarios.sums import fullest_span, summed

CARDS = [card for card in RuleSet.load() if isinstance(card.detect, Scenario)]


def test_every_shipped_scenario_has_a_card() -> None:
    """A function nobody calls is none."""
    assert {one.name for one in SHIPPED} == {
        card.detect.function for card in CARDS if isinstance(card.detect, Scenario)
    }


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_shipped_scenario_passes_the_checks(card: Card) -> None:
    """The same in any order and any cut; known names only; measured as declared."""
    example = next(one for one in card.examples if isinstance(one.expect, dict))
    assert check_scenario(card, **tables_of(example)) == []


EVENTS = st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 40)), max_size=40)


@given(EVENTS, st.integers(1, 12))
def test_the_fullest_span_is_that_of_a_slow_search(events: list[tuple[int, int]], days: int) -> None:
    """Of each group the first of the spans with most events; all and only its events are kept."""
    events.sort()
    group, day = (np.array([one[at] for one in events], np.int64) for at in (0, 1))
    kept = fullest_span(group, day, days).tolist()
    for which in set(group.tolist()):
        mine = [when for one, when in events if one == which]
        spans = [(sum(last - days < when <= last for when in mine), -last) for last in mine]
        most, last = max(spans)
        wanted = [-last - days < when <= -last for when in mine]
        assert [keep for keep, (one, _) in zip(kept, events, strict=True) if one == which] == wanted
        assert sum(wanted) >= most


def test_sums_are_exact_where_floats_are_not() -> None:
    """Money beyond what a float holds."""
    assert summed(np.array([0, 0, 1]), np.array([2**53, 1, 5]), 3).tolist() == [2**53 + 1, 5, 0]
