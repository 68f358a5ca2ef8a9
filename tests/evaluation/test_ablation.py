"""Scores without some rules: caps, overlaps and floors are worked out again."""

from __future__ import annotations

from typing import Any

import pytest

from amlscreen.evaluation.ablation import Scores, ablation
from amlscreen.evaluation.given import Run
from amlscreen.evaluation.known import join
from amlscreen.evaluation.places import Lines, places_of
from amlscreen.labels import labels_from_rows
from evaluation.conftest import MakeRun


def row(kind: str, points: int, rule: str = "", family: str = "account", **more: Any) -> dict[str, Any]:
    """One row of the score of C1."""
    return {"subject_id": "C1", "kind": kind, "points": points, "rule_id": rule, "family": family, **more}


def without(run: Run, *rules: str) -> int:
    """C1's score without these rules."""
    scores = Scores(run, Lines.of(run))
    assert scores.exact
    return int(scores.without(rules)[0])


def test_a_rule_that_gave_way_has_its_points_again(make_run: MakeRun) -> None:
    """A02 saw the rows of A01; without A01 it is the fact."""
    rows = [row("rule", 45, "HT-A01"), row("rule", 25, "HT-A02"), row("overlap", -25, "HT-A02", other="HT-A01")]
    run = make_run([45, 0], points=rows)
    assert (without(run), without(run, "HT-A01"), without(run, "HT-A02")) == (45, 25, 45)


def test_a_family_is_capped_anew(make_run: MakeRun) -> None:
    """Two rules of 70 points are 100; one of them is 70."""
    rows = [row("rule", 70, "HT-A01"), row("rule", 70, "HT-A02"), row("cap", -40, reason="cap")]
    run = make_run([100, 0], points=rows)
    assert (without(run), without(run, "HT-A01")) == (100, 70)


def test_counter_evidence_takes_no_more_than_there_is(make_run: MakeRun) -> None:
    """Nor anything from a rule that is shielded from it; with nothing left to weigh it against it is gone."""
    counter = [row("counter", -10, family="", reason="living"), row("counter", -5, family="", reason="tenure")]
    plain = make_run([10, 0], points=[row("rule", 25, "HT-A01"), *counter])
    assert without(plain, "HT-A01") == 0
    rows = [row("rule", 10, "HT-A01"), row("rule", 70, "HT-N06", "network", shielded=True), *counter]
    shielded = make_run([70, 0], points=[*rows, row("cap", 5, family="", reason="floor")])
    assert (without(shielded), without(shielded, "HT-A01"), without(shielded, "HT-N06")) == (70, 70, 0)


def test_what_a_ranking_rests_on_is_told(make_run: MakeRun) -> None:
    """The target's points are a network rule's: without it the target falls behind; the other changes nothing."""
    rows = [
        {**row("rule", 45, "HT-N06", "network"), "subject_id": "C1"},
        {**row("rule", 25, "HT-A01"), "subject_id": "C2"},
    ]
    run = make_run([45, 25, 0, 0], points=rows)
    lines = Lines.of(run)
    known = join(run, places_of(run), labels_from_rows([{"customer_id": "C1"}]))
    told = {one.without: one for one in ablation(Scores(run, lines), lines, known, 0.25, 0)}
    assert told["ties between customers"].average_precision == pytest.approx(0.5)
    assert told["family network"].change.value == pytest.approx(-0.5) and told["HT-A01"].change.value == 0
    assert told["family anomaly"].rules == 0 and told["anything but anomaly"].recall == 1.0
