"""Points that are fitted: what they tend to, what they never are, and when there are none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from amlscreen.errors import SettingsError
from amlscreen.scorecard.labels import Labels
from amlscreen.scorecard.model import Scorecard
from amlscreen.scorecard.refit import Covered, Refit, Run, fit_scorecard
from amlscreen.scorecard.regression import Line, nonnegative
from scorecard.made import answers, hits_on, people, verdict_on

COUNT = 900


@pytest.fixture(scope="module")
def run() -> Run:
    """A run without a scorecard."""
    verdict = verdict_on(hits_on(COUNT, 3), people(COUNT))
    return Run(verdict.points, verdict.ranked, {"as_of": "2024-10-04", "rule_set_fingerprint": "f"})


@pytest.fixture(scope="module")
def fitted(run: Run) -> Refit:
    """Fitted on labels that only HT-L01 tells of."""
    return fit_scorecard(run, answers(hits_on(COUNT, 3), COUNT, 4))


def test_without_bounds_it_is_scikit_learn_s() -> None:
    """Where no weight wants to be negative the weights are those of ``LogisticRegression``."""
    rng = np.random.default_rng(1)
    table = (rng.random((600, 4)) < 0.4).astype(np.float64)
    yes = (rng.random(600) < 1 / (1 + np.exp(2 - table @ [0.5, 1.0, 1.5, 2.0]))).astype(np.float64)
    ours = nonnegative(
        sparse.csr_array(table), np.zeros(600), yes, 1 - yes,
        prior=np.zeros(4), spread=np.ones(4), penalty=2.0, start=Line(0.0, np.zeros(4)),
    )  # fmt: skip
    theirs = LogisticRegression(C=0.5, tol=1e-8, max_iter=1_000).fit(table, yes)
    assert ours.weights == pytest.approx(theirs.coef_[0], abs=1e-4)
    assert ours.intercept == pytest.approx(theirs.intercept_[0], abs=1e-4)


def test_what_speaks_against_gets_nothing_rather_than_less() -> None:
    """A column that goes with a no is worth zero; scikit-learn would make it negative."""
    rng = np.random.default_rng(2)
    table = (rng.random((600, 2)) < 0.5).astype(np.float64)
    yes = (rng.random(600) < 1 / (1 + np.exp(-(table @ [1.5, -1.5])))).astype(np.float64)
    line = nonnegative(
        sparse.csr_array(table), np.zeros(600), yes, 1 - yes,
        prior=np.zeros(2), spread=np.ones(2), penalty=0.1, start=Line(0.0, np.ones(2)),
    )  # fmt: skip
    assert line.weights[0] > 1 and line.weights[1] == 0


def test_points_go_to_what_tells(fitted: Refit) -> None:
    """The rule that goes with a yes gains, the one that does not loses; customers held out are ranked better."""
    rules = fitted.scorecard.rules
    assert max(rules["HT-L01"].points.values()) > 25
    assert max(rules["HT-A02"].points.values()) < 35
    told = fitted.scorecard.fitted
    assert told is not None
    assert told.average_precision_after > told.average_precision_before + 0.1
    assert told.log_loss_after < told.log_loss_before


def test_it_is_calibrated(fitted: Refit) -> None:
    """Bands hold every labelled customer, and what was predicted of many is about what was so."""
    bands = fitted.scorecard.bands
    assert sum(band.customers for band in bands) == COUNT
    for band in bands:
        if band.customers >= 60:
            assert band.positive / band.customers == pytest.approx(band.predicted, abs=0.15)
    chances = [fitted.scorecard.probability(score) for score in (0, 20, 60, 200)]
    assert chances == sorted(chances)


def test_the_same_labels_give_the_same_card(run: Run, fitted: Refit) -> None:
    """To the last point."""
    again = fit_scorecard(run, answers(hits_on(COUNT, 3), COUNT, 4))
    assert again.scorecard.fingerprint == fitted.scorecard.fingerprint and again == fitted


def test_every_number_is_listed_beside_the_one_there_was(fitted: Refit) -> None:
    """Rules by strength, what overlaps take back, repeats, typologies, counter-evidence."""
    changes = {(one.kind, one.name, one.strength): one for one in fitted.change_list}
    assert changes["rule", "HT-A01", 1.0].before == 45 and changes["rule", "HT-A01", 2.0].before == 90
    assert {kind for kind, _, _ in changes} == {"rule", "again", "repeat", "typology", "counter"}
    card = fitted.scorecard
    for one in fitted.change_list:
        if one.kind == "again":
            assert one.now == card.rules[one.name].again and one.before == 0
    assert list(fitted.changes.columns) == "kind name strength before now customers positive kept".split()


@pytest.mark.parametrize(("yes", "no"), [(20, 500), (300, 10)])
def test_too_few_labels_are_refused_with_the_number_needed(run: Run, yes: int, no: int) -> None:
    """Nothing is fitted on a handful."""
    said = {("", f"C{n:04}"): n < yes for n in range(yes + no)}
    with pytest.raises(SettingsError, match=rf"{yes} customers are a yes.*at least 50 yes in 10 such groups and 50 no"):
        fit_scorecard(run, Labels(said, {}, only_listed=True))


def test_many_positives_of_one_ring_are_one_group(run: Run) -> None:
    """What is learned from a member must not be tested on another, so one ring cannot be cut into folds."""
    said = {("", f"C{n:04}"): n < 200 for n in range(COUNT)}
    ring = {("", f"C{n:04}"): "RING" for n in range(200)}
    with pytest.raises(SettingsError, match=r"200 customers are a yes, in 1 groups"):
        fit_scorecard(run, Labels(said, ring, only_listed=True))


def test_what_few_have_keeps_its_points(run: Run) -> None:
    """A rule that too few labelled customers met stays as it was, but for the size of all points."""
    seen = {f"C{n:04}" for n in range(COUNT)}
    points = run.points_table.to_pandas()
    rare = set(points[points.rule_id == "HT-S03"].customer_id.iloc[2:])
    told = answers(hits_on(COUNT, 3), COUNT, 4).positive
    fitted = fit_scorecard(run, Labels({key: told[key] for key in told if key[1] in seen - rare}, {}, only_listed=True))
    assert fitted.scorecard.rules["HT-S03"].points == {1: fitted.scorecard.of_others(45)}
    assert {one.kept for one in fitted.change_list if one.name == "HT-S03"} == {True}


def test_possible_victims_are_not_learned_from(run: Run) -> None:
    """Whatever a label says of them: no score is theirs."""
    labels = answers(hits_on(COUNT, 3), COUNT, 4)
    hidden = tuple(Covered(f"C{n:04}") for n in range(40))
    fitted = fit_scorecard(replace(run, protected_list=hidden), labels).scorecard.fitted
    assert fitted is not None and fitted.customers == COUNT - 40


def test_a_card_is_read_as_it_was_written(fitted: Refit, tmp_path: Path) -> None:
    """Whole numbers, strengths as numbers, what it was fitted on."""
    path = fitted.write(tmp_path / "card.yml")
    assert Scorecard.read(path) == fitted.scorecard
    assert Scorecard.read(path).fingerprint == fitted.scorecard.fingerprint
