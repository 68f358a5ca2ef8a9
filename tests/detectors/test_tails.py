"""ECOD and COPOD row by row against PyOD's."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from amlscreen.detectors.contract import Table
from amlscreen.detectors.tails import STEPS, Rule, TailDetector


@pytest.mark.parametrize("name", ["ecod", "copod"])
@pytest.mark.parametrize("seed", range(3))
def test_of_what_was_learned_the_numbers_are_those_of_pyod(name: Rule, seed: int) -> None:
    """With long tails to the right and left, ties and a column of few values, all of them steps."""
    dice = np.random.default_rng(seed)
    rows = np.column_stack(
        [dice.lognormal(size=200), -dice.lognormal(size=200), dice.poisson(1, 200), dice.normal(size=200).round(1)]
    )
    steps = np.round(np.log1p(np.abs(rows)) * STEPS)
    rows = np.sign(rows) * np.expm1(steps / STEPS)
    table = Table(rows, ("a", "b", "c", "d"))
    model = getattr(import_module(f"pyod.models.{name}"), name.upper())()
    assert np.allclose(TailDetector(name).fit(table, seed=0).oddness(table), model.fit(rows).decision_scores_)


def test_what_lies_outside_counts_as_the_outermost() -> None:
    """And what lies between two values as what is learned below and above it says."""
    learned = TailDetector("copod").fit(Table(np.array([[0.0], [1.0], [2.0], [10.0]]), ("a",)), seed=0)
    asked = learned.oddness(Table(np.array([[10.0], [99.0], [5.0], [-3.0]]), ("a",)))
    assert asked[0] == asked[1] == pytest.approx(np.log(4))
    assert asked[2] == pytest.approx(np.log(4))
    assert asked[3] == pytest.approx(np.log(4) / 2)
