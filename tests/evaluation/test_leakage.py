"""Signs that labels can be guessed: each is planted, and an honest bank shows none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from amlscreen.evaluation.known import join
from amlscreen.evaluation.leakage import Check, checks, separation, separation_by_value
from amlscreen.evaluation.places import places_of
from amlscreen.labels import Labels, labels_from_rows, read_labels
from amlscreen.scorecard.labels import read_labels as read_fitted_labels
from amlscreen.scorecard.model import Fitted, Odds, Scorecard
from evaluation.conftest import MakeRun

CUSTOMERS = 400
NAME = "points fitted on labels"
FITTED: dict[str, Any] = {
    "program": "x",
    "rule_set": "x",
    "positive": 8,
    "groups": 8,
    "folds": 5,
    "penalty": 1.0,
    "seed": 0,
    **dict.fromkeys(("average_precision_before", "average_precision_after", "log_loss_before", "log_loss_after"), 0.5),
}


def looked(make_run: MakeRun, targets: list[int], **more: Any) -> dict[str, Check]:
    """The checks on a run of 400 customers."""
    run = make_run([0] * CUSTOMERS, **more)
    labels = labels_from_rows([{"customer_id": f"C{n}", "instance": f"RING-{n:03}"} for n in targets])
    places = places_of(run)
    return {one.check: one for one in checks(run, places, join(run, places, labels), labels)}


def customers(**columns: list[Any]) -> pa.Table:
    """A customers' table."""
    ids = [f"C{n}" for n in range(1, CUSTOMERS + 1)]
    return pa.table({"institution": ["B"] * CUSTOMERS, "customer_id": ids, **columns})


SPREAD = list(range(7, CUSTOMERS, 11))


def test_an_honest_bank_shows_nothing(make_run: MakeRun) -> None:
    """Random columns, ids spread, ordinary texts; what the run did not keep is said."""
    chance = np.random.default_rng(0)
    table = customers(income=chance.random(CUSTOMERS).tolist(), occupation=["farmer", "driver"] * (CUSTOMERS // 2))
    found = looked(make_run, SPREAD, customers=table)
    assert {one.outcome for one in found.values()} == {"clear"}
    assert "features (not at hand)" in found["single columns"].finding


def test_a_column_that_separates_is_a_leak(make_run: MakeRun) -> None:
    """A note that stands on targets only; a column of unique values is none."""
    marked = ["reviewed" if n in SPREAD else None for n in range(1, CUSTOMERS + 1)]
    table = customers(note=marked, name=[f"N{n}" for n in range(CUSTOMERS)])
    found = looked(make_run, SPREAD, customers=table)["single columns"]
    assert found.outcome == "leak" and "customers.note" in found.finding and "customers.name 0.50" in found.finding


def test_ids_given_out_by_planting_are_seen(make_run: MakeRun) -> None:
    """The last forty ids are the targets'; they also come last in the table."""
    found = looked(make_run, list(range(361, 401)), customers=customers(x=[0] * CUSTOMERS))
    assert found["ids"].outcome == "leak" and found["order in the data"].outcome == "leak"


def test_names_of_the_labels_in_texts_are_seen(make_run: MakeRun) -> None:
    """A narrative that spells out the instance."""
    evidence = pa.table({"narrative": ["rent", "paid for ring-007", None]})
    found = looked(make_run, SPREAD, evidence=evidence)["labels in texts"]
    assert found.outcome == "look" and "ring-007" in found.finding


def test_points_fitted_on_these_labels_are_a_leak(make_run: MakeRun, tmp_path: Path) -> None:
    """On other labels they want a look; with a later split they are clear; a scorecard that is gone is not."""
    file, points = tmp_path / "labels.csv", tmp_path / "points.yml"
    file.write_text("customer_id,label\n" + "".join(f"C{n},{int(n < 9)}\n" for n in range(1, 20)), encoding="utf-8")
    fitted = Fitted(labels=read_fitted_labels(file).fingerprint, as_of="2026-04-30", customers=19, **FITTED)
    Scorecard(odds=Odds(at_zero=-3.0, doubled_by=10.0), fitted=fitted).write(points)

    def outcome(labels: Labels, scorecard: Path = points, split: dt.date | None = None) -> str:
        run = make_run([0] * 30, scorecard=scorecard)
        places = places_of(run)
        return {one.check: one for one in checks(run, places, join(run, places, labels), labels, split)}[NAME].outcome

    same, other = read_labels(file), labels_from_rows([{"customer_id": "C1"}])
    assert (outcome(same), outcome(other), outcome(same, tmp_path / "gone.yml")) == ("leak", "look", "look")
    assert outcome(same, split=dt.date(2026, 5, 1)) == "clear"


def test_too_few_to_say_is_not_clear(make_run: MakeRun) -> None:
    """Nothing can be said of three targets."""
    found = looked(make_run, [1, 2, 3])
    assert found["single columns"].outcome == found["ids"].outcome == "not_checked"


def test_separation_is_the_area_under_the_curve() -> None:
    """As scikit-learn counts it, turned to be at least a half."""
    chance = np.random.default_rng(2)
    state, values = chance.integers(0, 2, 200).astype(np.int8), chance.integers(0, 9, 200)
    area = roc_auc_score(state, values)
    assert separation(values, state) == pytest.approx(max(area, 1 - area))
    assert separation_by_value(np.zeros(200, np.int64), state) == 0.5
    assert separation_by_value(np.arange(200), state) == 0.5
