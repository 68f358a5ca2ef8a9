"""Typologies: what an alert looks most like, what of it is missing, and the one row they add to a score."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerting.judging_bank import Judge, make_card, make_hit
from amlscreen.alerting.stories import best_fits
from amlscreen.errors import RuleError
from amlscreen.hits import Outcome
from amlscreen.rules.ruleset import RuleSet
from amlscreen.rules.typology import Typology, check_typologies, load_typologies

FUNNEL = Typology.model_validate(
    {
        "id": "funnel",
        "title": "Gathered here, drawn there",
        "exploitation": ["labour"],
        "story": "s",
        "references": [{"source": "s", "year": 2020}],
        "parts": [
            {"id": "gathered", "title": "Gathered", "rules": ["HT-A01", "HT-N01"], "core": True},
            {"id": "drawn", "title": "Drawn", "rules": ["HT-A02"]},
            {"id": "split", "title": "Split", "rules": ["HT-A05"]},
            {"id": "young", "title": "Young", "rules": ["HT-K07"]},
        ],
    }
)
RAN = ("HT-A01", "HT-N01", "HT-A02", "HT-A05")


def test_parts_are_seen_missing_or_blind() -> None:
    """What could not be looked for is not held against the fit, and is told apart."""
    (fit,) = best_fits({"HT-N01", "HT-A02"}, RAN, [FUNNEL])
    assert [part.id for part in fit.seen] == ["gathered", "drawn"]
    assert [part.id for part in fit.missing] == ["split"]
    assert [part.id for part in fit.blind] == ["young"]
    assert fit.share == 666_666


def test_without_its_core_nothing_fits() -> None:
    """Two parts of four are enough, unless the core is not among them."""
    assert best_fits({"HT-A02", "HT-A05"}, RAN, [FUNNEL]) == ()
    assert best_fits({"HT-A01"}, RAN, [FUNNEL]) == ()


def test_the_fit_is_a_row_of_the_score_and_lets_nothing_alert(judged: Judge) -> None:
    """The score is still the sum of its rows; a subject below the policy stays below it."""
    outcomes = [Outcome(rule, 1, "ran") for rule in RAN]
    low = {rule: make_card(rule, severity="low") for rule in ("HT-A01", "HT-A02")}
    hits = [make_hit("HT-A01", rows=[2, 4]), make_hit("HT-A02", rows=[6, 8])]
    assert judged(hits, cards=low, outcomes=outcomes, typologies=[FUNNEL]).alerts == ()
    high = judged(hits, outcomes=outcomes, typologies=[FUNNEL]).alerts[0]
    plain = judged(hits, outcomes=outcomes).alerts[0]
    assert high.score == plain.score + FUNNEL.points == sum(row.points for row in high.contributions)
    row = high.contributions[-1]
    assert (row.kind, row.text) == (
        "typology",
        "Looks most like 'Gathered here, drawn there': 2 of its 4 parts were seen.",
    )
    assert high.typologies[0] == "funnel"
    assert (high.stories[0].seen, high.stories[0].missing) == (("Gathered", "Drawn"), ("Split",))
    assert high.clause == plain.clause


def test_every_shipped_typology_names_rules_that_exist() -> None:
    """A story over cards that are not there would always look unfinished."""
    assert check_typologies(load_typologies(), list(RuleSet.load().cards)) == []


def test_a_wrong_typology_is_told_with_its_place(tmp_path: Path) -> None:
    """Unknown words and a name unlike its file are refused."""
    path = tmp_path / "funnel.yml"
    path.write_text("id: funnel\ntitle: t\nstorey: s\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"funnel\.yml"):
        load_typologies(path)
