"""Scores without some rules: caps, overlaps and floors are worked out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import amlscreen as aml
from amlscreen.alerting.judge import judge
from amlscreen.evaluation.ablation import Scores, ablation
from amlscreen.evaluation.given import Run, given_run
from amlscreen.evaluation.known import join
from amlscreen.evaluation.places import Lines, places_of
from amlscreen.labels import labels_from_rows
from amlscreen.rules.typology import load_typologies
from amlscreen.screening import _book
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
    third = [row("rule", 10, "HT-N06", "network"), row("overlap", -10, "HT-N06", "network", other="HT-A01")]
    run = make_run([45, 0], points=[*rows, *third])
    assert without(run, "HT-A01") == 25, "the third saw the same rows still"
    assert without(run, "HT-A01", "HT-A02") == 10


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


def test_scores_from_rows_are_those_of_judging_anew(tiny_bank: Path) -> None:
    """For nine of ten customers, on a bank so densely planted that rules give way to one another in turn."""
    with aml.Dataset.read(tiny_bank, jurisdiction="laos") as data:
        result = aml.screen(data)
        run = given_run(result)
        scores, names = Scores(run, Lines.of(run)), _customers(run.ranked.sort_by("rank"))
        for family in ("account", "transaction", "network", "scam"):
            gone = {rule for rule, facts in run.rules.items() if facts.family == family}
            hits = [hit for hit in result.findings.hits if hit.rule_id not in gone]
            anew = judge(
                hits,
                result.cards,
                _book(data, result.findings),
                result.settings,
                as_of=result.findings.as_of,
                previous=None,
                outcomes=result.outcomes,
                typologies=load_typologies(),
            )
            expected = _customers(anew.ranked)
            told = scores.without(gone)
            found = {one: int(told[line]) for one, (line, _) in names.items()}
            assert sum(score != found[one] for one, (_, score) in expected.items()) <= len(found) / 10, family


def _customers(ranked: pa.Table) -> dict[str, tuple[int, int]]:
    """Line and score of each customer."""
    columns = (ranked[name].to_pylist() for name in ("customer_id", "score"))
    return {one: (line, score) for line, (one, score) in enumerate(zip(*columns, strict=True)) if one}
