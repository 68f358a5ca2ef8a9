"""Points add up, and each row of a score says why it is there."""

from __future__ import annotations

import pytest

from alerting.judging_bank import AS_OF, Bank, Judge, make_card, make_hit, make_settings
from amlscreen.alerts import Alert
from amlscreen.hits import Outcome

LOW_BAR = make_settings(policy={"band": "low"})


def rows(alert: Alert) -> list[tuple[str, str, int]]:
    """Kind, rule and points of each contribution."""
    return [(row.kind, row.rule_id, row.points) for row in alert.contributions]


@pytest.mark.parametrize(("severity", "points"), [("low", 10), ("medium", 25), ("high", 45), ("critical", 70)])
def test_severity_gives_the_points(judged: Judge, severity: str, points: int) -> None:
    """Without a strength table the severity alone decides."""
    verdict = judged(
        [make_hit("HT-A01", rows=[2])], cards={"HT-A01": make_card("HT-A01", severity=severity)}, settings=LOW_BAR
    )
    assert rows(verdict.alerts[0]) == [("rule", "HT-A01", points)]


def test_strength_multiplies_and_rounds_half_to_even(judged: Judge) -> None:
    """25 times 1.5 is 37.5 and becomes 38; 25 times 1.7 is 42.5 and becomes 42."""
    table = [{"measure": "payers", "from": 5, "times": 1.5}, {"measure": "payers", "from": 9, "times": 1.7}]
    card = make_card("HT-A01", severity="medium", strength=table)
    scores = [
        judged(
            [make_hit("HT-A01", rows=[2], measures={"payers": n, "paid": 1})], cards={"HT-A01": card}, settings=LOW_BAR
        )
        .alerts[0]
        .score
        for n in (4, 5, 8, 9)
    ]
    assert scores == [25, 38, 38, 42]


def test_a_strength_table_over_money_is_written_in_whole_units(judged: Judge) -> None:
    """1,000 kip in a card are 100,000 inside."""
    card = make_card("HT-A01", strength=[{"measure": "paid", "from": 1_000, "times": 2}])
    for paid, score in ((99_999, 45), (100_000, 90)):
        hit = make_hit("HT-A01", rows=[2], measures={"payers": 5, "paid": paid})
        assert judged([hit], cards={"HT-A01": card}, settings=LOW_BAR).alerts[0].score == score


def test_an_unknown_measure_does_not_strengthen(judged: Judge) -> None:
    """Missing is neither zero nor much."""
    card = make_card("HT-A01", strength=[{"measure": "payers", "from": 0, "times": 2}])
    hit = make_hit("HT-A01", rows=[2], measures={"payers": None, "paid": None})
    assert judged([hit], cards={"HT-A01": card}, settings=LOW_BAR).alerts[0].score == 45


def test_the_strongest_episode_scores_and_repeats_are_a_row_of_their_own(judged: Judge) -> None:
    """Five points for each further episode, for three at most."""
    card = make_card("HT-A01", strength=[{"measure": "payers", "from": 9, "times": 2}])
    hits = [
        make_hit("HT-A01", rows=[10 * n, 10 * n + 2], ends=AS_OF - n, episode=n, measures={"payers": 3 + n, "paid": 1})
        for n in range(1, 7)
    ]
    alert = judged(hits, cards={"HT-A01": card}).alerts[0]
    assert rows(alert) == [("rule", "HT-A01", 90), ("repeat", "HT-A01", 15)]
    assert alert.contributions[1].text == "Seen again in 3 further episodes, the first from 2024-09-29."


def test_one_rule_on_account_and_customer_is_not_a_repeat(judged: Judge) -> None:
    """The same rows seen from two kinds of subject are one episode."""
    hits = [make_hit("HT-A01", rows=[2, 4]), make_hit("HT-A01", "C1", [2, 4], kind="customer")]
    assert rows(judged(hits, settings=LOW_BAR).alerts[0]) == [("rule", "HT-A01", 45)]


@pytest.mark.parametrize(
    ("others", "overlaps"), [((2, 4, 20, 22), True), ((2, 20, 22, 24), False), ((2, 20), True), ((), False)]
)
def test_hits_that_share_half_of_the_smaller_are_one_fact(
    judged: Judge, others: tuple[int, ...], overlaps: bool
) -> None:
    """The weaker keeps its row, and an overlap row takes its points back."""
    cards = {"HT-A01": make_card("HT-A01"), "HT-A02": make_card("HT-A02", severity="medium")}
    alert = judged(
        [make_hit("HT-A01", rows=[2, 4, 6, 8]), make_hit("HT-A02", rows=others)], cards=cards, settings=LOW_BAR
    ).alerts[0]
    expected = [("rule", "HT-A01", 45), ("rule", "HT-A02", 25)]
    assert rows(alert) == expected + ([("overlap", "HT-A02", -25)] if overlaps else [])


def test_what_overlaps_only_a_cancelled_hit_counts(judged: Judge) -> None:
    """A covers B and B covers C, but C and A share nothing: C is a second fact."""
    cards = {
        "HT-A01": make_card("HT-A01", severity="critical"),
        "HT-A02": make_card("HT-A02"),
        "HT-A03": make_card("HT-A03", severity="low"),
    }
    hits = [
        make_hit("HT-A01", rows=[2, 4, 6]),
        make_hit("HT-A02", rows=[4, 6, 8, 10]),
        make_hit("HT-A03", rows=[8, 10]),
    ]
    assert judged(hits, cards=cards).alerts[0].score == 70 + 10


def test_a_fact_from_outside_is_never_an_overlap(judged: Judge) -> None:
    """A complaint about a payment is another fact than the payment's place in a pattern."""
    cards = {"HT-S03": make_card("HT-S03", anchor=True)}
    alert = judged([make_hit("HT-A01", rows=[2, 4, 6]), make_hit("HT-S03", rows=[2])], cards=cards).alerts[0]
    assert alert.score == 90


def test_an_anomaly_never_cancels_the_rule_beside_it(judged: Judge) -> None:
    """What only reorders gives way, however many points it has."""
    cards = {"HT-X01": make_card("HT-X01", severity="critical")}
    alert = judged(
        [make_hit("HT-X01", rows=[2, 4]), make_hit("HT-A01", rows=[2, 4])], cards=cards, settings=LOW_BAR
    ).alerts[0]
    assert rows(alert) == [("rule", "HT-A01", 45), ("rule", "HT-X01", 70), ("overlap", "HT-X01", -70)]


def test_a_family_is_capped_by_a_row(judged: Judge) -> None:
    """Four rules of one family give 180 points, of which 120 count."""
    hits = [make_hit(f"HT-A0{n}", rows=[10 * n]) for n in range(1, 5)] + [make_hit("HT-L01", rows=[90])]
    alert = judged(hits).alerts[0]
    assert rows(alert)[-1] == ("cap", "", -60)
    assert alert.score == 120 + 45
    assert "'account'" in alert.contributions[-1].text


def quiet_customer(**features: object) -> Bank:
    """The owner of A1 with these features."""
    return Bank(features=[{"customer_id": "C1", **features}])


@pytest.mark.parametrize(
    ("features", "points"),
    [
        ({"tenure_days": 1094}, 0),
        ({"tenure_days": 1095}, -5),
        ({"tenure_days": None}, 0),
        ({"living_share": 300_000, "living_debits": 10}, -10),
        ({"living_share": 300_000, "living_debits": 9}, 0),
        ({"salary_in_months": 3}, -10),
        ({"salary_in_months": 3, "salary_out_months": 3}, -20),
        ({"is_merchant": True, "day_share": 900_000}, -10),
        ({"is_merchant": True, "day_share": None}, 0),
        ({"is_merchant": False, "day_share": 900_000}, 0),
    ],
)
def test_counter_evidence_takes_points_away(judged: Judge, features: dict[str, object], points: int) -> None:
    """Each everyday explanation is a negative row; what is not known is none."""
    alert = judged([make_hit("HT-A01", rows=[2])], bank=quiet_customer(**features), settings=LOW_BAR).alerts[0]
    assert alert.score == 45 + points
    assert sum(row.points for row in alert.contributions if row.kind == "counter") == points


def test_wages_excuse_nothing_where_wages_are_the_question(judged: Judge) -> None:
    """A labour rule on somebody who collects wages is not lowered by the wages."""
    bank = quiet_customer(salary_in_months=12, salary_out_months=12)
    assert judged([make_hit("HT-L01", rows=[2])], bank=bank, settings=LOW_BAR).alerts[0].score == 45


@pytest.mark.parametrize("protecting", [{"anchor": True}, {"safety": True}])
def test_counter_evidence_never_lowers_an_anchor_or_a_safety_signal(judged: Judge, protecting: dict[str, bool]) -> None:
    """45 points of 55 are out of its reach; the rest goes to zero and a row says so."""
    cards = {"HT-S03": make_card("HT-S03", **protecting), "HT-A01": make_card("HT-A01", severity="low")}
    bank = quiet_customer(tenure_days=5000, salary_in_months=9)
    hits = [make_hit("HT-S03", rows=[2]), make_hit("HT-A01", rows=[10])]
    alert = judged(hits, cards=cards, bank=bank, settings=LOW_BAR).alerts[0]
    assert alert.score == 45
    assert rows(alert)[-1] == ("cap", "", 5)


def test_counter_evidence_stops_at_zero(judged: Judge) -> None:
    """A stated row gives back what would have gone below."""
    bank = quiet_customer(tenure_days=5000, salary_in_months=9)
    verdict = judged(
        [make_hit("HT-A01", rows=[2])],
        cards={"HT-A01": make_card("HT-A01", severity="low")},
        bank=bank,
        settings=LOW_BAR,
    )
    assert [row.points for row in verdict.alerts[0].contributions] == [10, -5, -10, 5]


def test_missing_data_lowers_confidence_and_not_the_score(judged: Judge) -> None:
    """A partial hit gives all its points; that little was known stands beside them."""
    alert = judged(
        [make_hit("HT-A01", rows=[2], known=6, total=10), make_hit("HT-L01", rows=[4])], settings=LOW_BAR
    ).alerts[0]
    assert (alert.score, alert.confidence) == (90, 0.8)
    assert "Only 60% of the values it needs are known." in alert.contributions[0].text


def test_rules_that_could_not_run_lower_confidence(judged: Judge) -> None:
    """Half of the rules blind: half as sure."""
    outcomes = (Outcome("HT-A01", 1, "ran"), Outcome("HT-L01", 1, "not_evaluable", "no purpose"))
    assert judged([make_hit("HT-A01", rows=[2])], settings=LOW_BAR, outcomes=outcomes).alerts[0].confidence == 0.5
