"""Average precision, budgets and intervals: equal to scikit-learn's, and to counting by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from amlscreen.evaluation.figures import (
    Standings,
    average_precision,
    figures_of,
    precision_of_points,
    unit_weights,
    wilson,
)

STATES = st.lists(st.sampled_from([1, 0, 0, -1]), min_size=2, max_size=60).filter(lambda one: 1 in one and 0 in one)


def standings(states: list[int], units: list[int] | None = None) -> Standings:
    """Customers in the order given."""
    count = np.arange(len(states))
    return Standings.of(np.array(states, np.int8), np.array(units) if units else count, count)


@settings(max_examples=60, deadline=None)
@given(STATES)
def test_average_precision_is_that_of_the_libraries(states: list[int]) -> None:
    """Whoever is left out is not there."""
    known = [one for one in states if one >= 0]
    expected = average_precision_score(known, -np.arange(len(known)))
    assert average_precision(standings(states).known) == pytest.approx(expected)


@settings(max_examples=60, deadline=None)
@given(STATES, st.integers(0, 2**31))
def test_points_that_tie_are_reached_together(states: list[int], seed: int) -> None:
    """As scikit-learn steps through thresholds."""
    known = np.array([one for one in states if one >= 0])
    score = np.random.default_rng(seed).integers(0, 4, len(known))
    assert precision_of_points(score, known == 1) == pytest.approx(average_precision_score(known, score))


def test_a_budget_is_a_share_of_all_customers() -> None:
    """Ten customers, a fifth of them is two: a target and one of whom nothing is known."""
    found = standings([1, -1, 0, 1, 0, 0, 0, 0, 0, 0])
    _, [(precision, recall)] = figures_of(found, (0.2,), resamples=0, seed=0)
    assert (precision.value, recall.value) == (1.0, 0.5)
    assert found.slots(0.0001) == 1 and found.slots(0.25) == 3


def test_intervals_hold_the_figure_and_are_the_same_again() -> None:
    """Equal seed, equal interval; a wider one for whoever is found or missed together."""
    states = [1, 0, 1, 1, 0, 0, 1, 0, 1, 0] * 8
    alone, [(precision, recall)] = figures_of(standings(states), (0.1,), resamples=400, seed=3)
    again, _ = figures_of(standings(states), (0.1,), resamples=400, seed=3)
    rings = [number // 20 for number in range(80)]
    together, _ = figures_of(standings(states, rings), (0.1,), resamples=400, seed=3)
    assert alone == again
    for one in (alone, precision, recall, together):
        assert one.low is not None and one.value is not None and one.high is not None
        assert 0 <= one.low <= one.value <= one.high <= 1
    assert width(together) > width(alone)


def width(figure: object) -> float:
    """Of an interval."""
    return figure.high - figure.low  # type: ignore[attr-defined,no-any-return]


def test_resampled_average_precision_is_the_libraries_with_weights() -> None:
    """Targets drawn several times weigh as often; innocents as they are drawn come out near those drawn one by one."""
    states = np.array([1, 0, 0, 1, 0, 1, 0, 0, 0, 1] * 6)
    found = standings(states.tolist())
    drawn, _ = figures_of(found, (0.1,), resamples=1500, seed=1)
    chance = np.random.default_rng(5)
    slow = []
    targets, innocents = np.flatnonzero(states == 1), np.flatnonzero(states == 0)
    for _ in range(1500):
        weight = np.bincount(
            [*chance.choice(targets, len(targets)), *chance.choice(innocents, len(innocents))], minlength=len(states)
        )
        slow.append(average_precision_score(states, -np.arange(len(states)), sample_weight=weight))
    assert [drawn.low, drawn.high] == pytest.approx(np.percentile(slow, [2.5, 97.5]).tolist(), abs=0.03)


def test_an_instance_is_drawn_as_a_whole() -> None:
    """Members of one unit weigh alike in each draw, and each draw has as many units as there are."""
    weight = unit_weights(np.array([7, 7, 2, 9]), 50, 0)
    assert (weight[:, 0] == weight[:, 1]).all()
    assert (weight[:, [0, 2, 3]].sum(axis=1) == 3).all()


def test_no_target_no_figure() -> None:
    """Nothing is made up."""
    value, [(precision, recall)] = figures_of(standings([0, 0, -1]), (0.5,), resamples=10, seed=0)
    assert value.value is precision.value is recall.value is None
    assert wilson(0, 0).value is None and wilson(0, 10).low == 0.0 and wilson(10, 10).high == 1.0
