"""A scorecard changes numbers and nothing else, and its scores are the model's to the point."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from alerting.judging_bank import make_hit
from amlscreen.alerting import Verdict
from amlscreen.scorecard.design import design_of
from amlscreen.scorecard.model import Scorecard
from amlscreen.scorecard.refit import Run, fit_scorecard
from amlscreen.scorecard.writing import worth_of
from scorecard.made import answers, hits_on, people, some_card, verdict_on

COUNT = 400


def scores(verdict: Verdict) -> dict[str, int]:
    """Every customer's score."""
    return {row["customer_id"]: row["score"] for row in verdict.ranked.to_pylist() if row["customer_id"]}


def worth(card: Scorecard, verdict: Verdict) -> dict[str, float]:
    """What the model behind a card says of each customer, from the rows of a run made without it."""
    design = design_of(verdict.points)
    return dict(zip((one for _, one in design.customers), design.score(worth_of(card, design.columns)), strict=True))


@pytest.mark.parametrize("seed", range(4))
def test_a_screen_gives_the_scores_of_the_model(seed: int) -> None:
    """Overlaps, repeats, floors and typologies included; whoever has no row has no points."""
    hits, bank = hits_on(COUNT, seed), people(COUNT)
    without, card = verdict_on(hits, bank, family_cap=10_000), some_card()
    found = scores(verdict_on(hits, bank, card))
    model = worth(card, without)
    assert {one: found[one] for one in model} == model
    assert not any(score for one, score in found.items() if one not in model)


def test_the_cards_own_points_are_the_model_s_starting_point() -> None:
    """With what each column is worth by itself the table gives the scores of the run it was made from."""
    hits, bank = hits_on(COUNT, 9), people(COUNT)
    verdict = verdict_on(hits, bank, family_cap=10_000)
    design = design_of(verdict.points)
    own = design.score(np.array([column.own for column in design.columns]))
    assert dict(zip((one for _, one in design.customers), own, strict=True)) == {
        one: score for one, score in scores(verdict).items() if ("BANKA", one) in design.customers
    }


def test_a_run_with_a_card_has_the_same_rows() -> None:
    """So a scorecard can be fitted anew on a run made with one."""
    hits, bank = hits_on(COUNT, 5), people(COUNT)
    without, with_card = (verdict_on(hits, bank, card, family_cap=10_000) for card in (None, some_card()))

    def rows(verdict: Verdict) -> set[tuple[object, ...]]:
        kinds = ("customer_id", "kind", "rule_id", "times", "count", "other", "shielded", "own_points")
        return {tuple(row[name] for name in kinds) for row in verdict.points.to_pylist() if row["kind"] != "cap"}

    assert rows(without) == rows(with_card)
    tables = (Run(one.points, one.ranked, {}) for one in (without, with_card))
    first, second = (fit_scorecard(one, answers(hits, COUNT, 1)).scorecard for one in tables)
    assert first == second


def test_rows_of_an_alert_add_up_with_a_card() -> None:
    """No family is capped, and counter-evidence stops where the points it may be weighed against end."""
    verdict = verdict_on(hits_on(COUNT, 6), people(COUNT), some_card(), family_cap=10)
    assert verdict.alerts
    for alert in verdict.alerts:
        assert alert.score == sum(row.points for row in alert.contributions)
        assert not [row for row in alert.contributions if row.kind == "cap" and "family" in row.text]
    totals: dict[str, int] = defaultdict(int)
    for row in verdict.points.to_pylist():
        if row["customer_id"]:
            totals[row["customer_id"]] += row["points"]
    assert {one: score for one, score in scores(verdict).items() if score} == {one: s for one, s in totals.items() if s}


def test_rules_with_most_points_come_first() -> None:
    """An alert begins with what weighs most by the scorecard."""
    hits = [make_hit("HT-A02", rows=[2]), make_hit("HT-L01", rows=[4])]
    alert = verdict_on(hits, people(3), some_card(), policy={"band": "low"}).alerts[0]
    assert [(row.kind, row.rule_id, row.points) for row in alert.contributions] == [
        ("rule", "HT-L01", 61),
        ("rule", "HT-A02", 0),
        ("typology", "", 22),
    ]


def test_an_overlap_takes_back_what_the_card_says() -> None:
    """Less than all of it, and said so in words."""
    card = some_card()
    both = [make_hit("HT-A02", rows=[2, 4]), make_hit("HT-A01", rows=[2, 4])]
    alert = verdict_on(both, people(3), card, policy={"band": "low"}).alerts[0]
    points = [(row.kind, row.rule_id, row.points) for row in alert.contributions]
    assert points == [("rule", "HT-A01", 7), ("overlap", "HT-A01", -3), ("rule", "HT-A02", 0)]
    assert alert.contributions[1].text == (
        "Rests on the same transactions as HT-A02, so a part of its points is taken back."
    )
