"""Rows for features raise the order, let nothing alert, and speak of nobody who must not be named."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pytest

from alerting.judging_bank import make_hit
from amlscreen.feature_catalogue import catalogue
from amlscreen.scorecard.binning import candidates_of, may_score
from amlscreen.scorecard.model import Scorecard
from amlscreen.scorecard.refit import fit_scorecard
from scorecard.made import answers, hits_on, people, verdict_on

COUNT = 900


def card_with(features: Mapping[str, object]) -> Scorecard:
    """A card that gives points for features only."""
    return Scorecard.model_validate({"odds": {"at_zero": -3, "doubled_by": 10}, "features": features})


TENURE = {"tenure_days": {"side": "or_more", "cuts": [{"at": 1000, "points": 900}, {"at": 9000, "points": 2000}]}}


def test_who_has_no_hit_gets_points_and_no_alert() -> None:
    """However many: no clause of the policy looks at them."""
    verdict = verdict_on([make_hit("HT-L01", "A0001", [2], customer="C0001")], people(4), card_with(TENURE))
    ranked = {row["subject_id"]: row for row in verdict.ranked.to_pylist()}
    assert {one: row["score"] for one, row in ranked.items()} == {"C0000": 0, "C0001": 920, "C0002": 0, "C0003": 900}
    assert ranked["C0003"]["band"] == "critical" and ranked["C0003"]["rank"] == 2
    assert not verdict.alerts
    rows = [(row["customer_id"], row["kind"], row["points"], row["other"]) for row in verdict.points.to_pylist()]
    assert ("C0003", "feature", 900, "tenure_days") in rows and ("C0001", "feature", 900, "tenure_days") in rows


def test_an_alert_says_what_a_feature_is_and_where_points_begin() -> None:
    """In its unit; the rows still add up, and the band clause is as without it."""
    hit = make_hit("HT-A02", "A0001", [2], customer="C0001")
    (alert,) = verdict_on([hit], people(3), card_with(TENURE)).alerts
    assert alert.contributions[-1].text == "Days with the bank: 2,000 days, where points begin at 1,000 days or more."
    assert alert.score == sum(row.points for row in alert.contributions)
    assert "points (65)" in " ".join(alert.would_differ)


def test_a_possible_victim_has_no_feature_row() -> None:
    """Their line says nothing."""
    hits = [make_hit("HT-L01", "A0001", [2], customer="C0001", victims=("C0003",))]
    verdict = verdict_on(hits, people(4), card_with(TENURE))
    assert "C0003" not in {row["customer_id"] for row in verdict.points.to_pylist()}
    assert {row["score"] for row in verdict.ranked.to_pylist() if row["subject_id"] == "C0003"} == {0}


def test_less_counts_where_the_card_says_so_and_unknown_never() -> None:
    """A step for few days; a feature that nobody has is counted in ``run.json``."""
    low = {"side": "or_less", "cuts": [{"at": 500, "points": 4}, {"at": 0, "points": 7}]}
    verdict = verdict_on([], people(2), card_with({"tenure_days": low, "payers_30d": low}))
    assert {row["customer_id"]: row["score"] for row in verdict.ranked.to_pylist()} == {"C0000": 7, "C0001": 0}
    assert verdict.counts["scorecard_features_unknown"] == 1


def test_traits_never_score() -> None:
    """Nothing that rests on a column that is a trait, no dates and no flags."""
    for feature in catalogue().values():
        if may_score(feature):
            assert feature.unit not in {"flag", "date"}
            assert not [need for need in feature.needs if "birth" in need or "sex" in need or "national" in need]
    assert not may_score(catalogue()["away_share_90d"])  # it rests on the customer's province


@pytest.fixture(scope="module")
def features() -> pa.Table:
    """One feature that tells who is a yes, one that does not, for each customer."""
    said = answers(hits_on(COUNT, 3), COUNT, 4).positive
    rng = np.random.default_rng(8)
    told = [int(rng.integers(0, 5)) + 5 * said["", f"C{n:04}"] for n in range(COUNT)]
    return pa.table(
        {
            "institution": ["BANKA"] * COUNT,
            "customer_id": [f"C{n:04}" for n in range(COUNT)],
            "payers_30d": pa.array([None if n == 0 else value for n, value in enumerate(told)], pa.int32()),
            "payees_30d": pa.array(rng.integers(0, 9, COUNT), pa.int32()),
        }
    )


def test_the_feature_that_tells_is_chosen_and_gives_the_model_s_scores(features: pa.Table) -> None:
    """Those held out are ranked better, and a screen with the card gives the points it was fitted to give."""
    hits, bank = hits_on(COUNT, 3), people(COUNT)
    verdict = verdict_on(hits, bank)

    class Run:
        points_table, ranked_table, run = verdict.points, verdict.ranked, {"as_of": ""}
        feature_tables = features, features
        protected_list = ()

    labels = answers(hits, COUNT, 4)
    plain, fitted = (fit_scorecard(Run(), labels, features=one) for one in (False, True))
    assert set(fitted.scorecard.features) == {"payers_30d"}
    assert fitted.scorecard.fitted and plain.scorecard.fitted
    assert fitted.scorecard.fitted.average_precision_after > plain.scorecard.fitted.average_precision_after + 0.1
    told = [one for one in fitted.change_list if one.kind == "feature"]
    assert told and all(one.before == 0 and one.now > 0 and one.positive <= one.customers for one in told)


def test_steps_go_out_and_are_rounded(features: pa.Table) -> None:
    """To two digits; none that everybody reaches."""
    money = pa.array(np.arange(COUNT) * 12_345, pa.int64())
    candidates = candidates_of(
        features.append_column("credits_30d", money), [("BANKA", f"C{n:04}") for n in range(COUNT)], 0
    )
    high = [one.level for one in candidates.columns if one.name == "credits_30d" and one.side == "or_more"]
    low = [one.level for one in candidates.columns if one.name == "credits_30d" and one.side == "or_less"]
    assert high == sorted(high) and low == sorted(low, reverse=True)
    assert all(str(level).rstrip("0") == str(level)[:2].rstrip("0") for level in (*high, *low) if level)
