"""A hit is not an alert: each clause of the policy, and what never leads to one."""

from __future__ import annotations

import pytest

from alerting.judging_bank import AS_OF, Bank, Judge, make_card, make_hit, make_settings
from amlscreen.alerting import Verdict

MEDIUM = {"severity": "medium"}


def clauses(verdict: Verdict) -> list[str]:
    """The clause of each alert."""
    return [alert.clause for alert in verdict.alerts]


def test_one_ordinary_hit_is_not_an_alert(judged: Judge) -> None:
    """It is ranked and counted as unreviewed, and that is all."""
    verdict = judged([make_hit("HT-A01", rows=[2])])
    assert verdict.alerts == ()
    assert verdict.ranked.column("score").to_pylist() == [45]
    assert verdict.counts["unreviewed"] == 1


def test_an_anchor_needs_another_family(judged: Judge) -> None:
    """A complaint alone, or beside a rule of its own family, is not enough; beside another family it is."""
    cards = {
        "HT-S03": make_card("HT-S03", anchor=True, **MEDIUM),
        "HT-S02": make_card("HT-S02", severity="low"),
        "HT-A01": make_card("HT-A01", severity="low"),
    }
    anchor, same, other = (make_hit(rule, rows=[n]) for n, rule in ((2, "HT-S03"), (4, "HT-S02"), (6, "HT-A01")))
    assert clauses(judged([anchor], cards=cards)) == []
    assert clauses(judged([anchor, same], cards=cards)) == []
    assert clauses(judged([anchor, other], cards=cards)) == ["anchor_with_families"]


def test_an_anchor_beside_a_kyc_gap_is_not_enough(judged: Judge) -> None:
    """KYC gaps only reorder."""
    cards = {"HT-S03": make_card("HT-S03", anchor=True), "HT-K05": make_card("HT-K05")}
    hits = [make_hit("HT-S03", rows=[2]), make_hit("HT-K05", "C1", kind="customer")]
    assert clauses(judged(hits, cards=cards)) == []


def test_an_anchor_may_be_set_to_alert_alone(judged: Judge) -> None:
    """The policy is a setting."""
    settings = make_settings(policy={"anchor_with_families": 0})
    cards = {"HT-S03": make_card("HT-S03", anchor=True)}
    verdict = judged([make_hit("HT-S03", rows=[2])], cards=cards, settings=settings)
    assert clauses(verdict) == ["anchor_with_families"]
    assert verdict.alerts[0].would_differ[0] == "It alerts because of a fact from outside the flows."


@pytest.mark.parametrize(("gap", "alerts"), [(29, ["families_together"]), (30, [])])
def test_three_families_within_thirty_days(judged: Judge, gap: int, alerts: list[str]) -> None:
    """Day 1 and day 30 lie within thirty days; day 1 and day 31 do not."""
    settings = make_settings(alert_days=90)
    cards = {rule: make_card(rule, severity="low") for rule in ("HT-A01", "HT-L01", "HT-N01")}
    hits = [
        make_hit("HT-A01", rows=[2]),
        make_hit("HT-L01", rows=[4], ends=AS_OF - 10),
        make_hit("HT-N01", rows=[6], ends=AS_OF - gap),
    ]
    assert clauses(judged(hits, cards=cards, settings=settings)) == alerts


def test_a_long_episode_meets_what_falls_into_it(judged: Judge) -> None:
    """An episode stands from its first to its last day."""
    settings = make_settings(alert_days=90)
    cards = {rule: make_card(rule, severity="low") for rule in ("HT-A01", "HT-L01", "HT-N01")}
    hits = [
        make_hit("HT-A01", rows=[2], starts=AS_OF - 60),
        make_hit("HT-L01", rows=[4], ends=AS_OF - 50),
        make_hit("HT-N01", rows=[6], ends=AS_OF - 40),
    ]
    assert clauses(judged(hits, cards=cards, settings=settings)) == ["families_together"]


def test_three_rules_of_one_family_are_not_three_families(judged: Judge) -> None:
    """Ten versions of one look at the account do not count as ten."""
    cards = {f"HT-A0{n}": make_card(f"HT-A0{n}", severity="low") for n in (1, 2, 3)}
    assert clauses(judged([make_hit(f"HT-A0{n}", rows=[n]) for n in (1, 2, 3)], cards=cards)) == []


@pytest.mark.parametrize("rule", ["HT-K05", "HT-X01"])
def test_kyc_gaps_and_anomalies_are_no_third_family(judged: Judge, rule: str) -> None:
    """They add points and lead to no alert."""
    cards = {r: make_card(r, severity="low") for r in ("HT-A01", "HT-L01", rule)}
    hits = [make_hit("HT-A01", rows=[2]), make_hit("HT-L01", rows=[4]), make_hit(rule, "C1", kind="customer")]
    verdict = judged(hits, cards=cards)
    assert verdict.alerts == ()
    assert verdict.ranked.column("score").to_pylist() == [30]


@pytest.mark.parametrize("rule", ["HT-K05", "HT-X01"])
def test_a_high_score_of_kyc_gaps_and_anomalies_does_not_alert(judged: Judge, rule: str) -> None:
    """The band is reached by what an alert may rest on, not by these."""
    cards = {rule: make_card(rule, severity="critical"), "HT-A01": make_card("HT-A01", **MEDIUM)}
    hits = [make_hit(rule, "C1", kind="customer"), make_hit("HT-A01", rows=[2])]
    verdict = judged(hits, cards=cards)
    assert verdict.alerts == ()
    assert verdict.ranked.column("band").to_pylist() == ["high"]


def test_a_rule_that_only_place_and_age_decide_does_not_alert(judged: Judge) -> None:
    """Traits reorder."""
    detect = {
        "shape": "window",
        "subject": "account",
        "within": "9d",
        "rows": {"away": {"direction": "credit", "holder_age": {"lt": 20}, "is_away": True}},
        "measures": {"payers": {"count": "transactions", "of": "away"}, "paid": {"sum": "amount", "of": "away"}},
        "when": {"payers": {"gte": 5}},
    }
    cards = {"HT-A01": make_card("HT-A01", severity="critical", detect=detect)}
    assert judged([make_hit("HT-A01", rows=[2])], cards=cards).alerts == ()


def test_a_score_in_the_band_alerts(judged: Judge) -> None:
    """Sixty points make the band high; one grave rule is enough."""
    cards = {"HT-A01": make_card("HT-A01", severity="critical")}
    verdict = judged([make_hit("HT-A01", rows=[2])], cards=cards)
    assert clauses(verdict) == ["band"]
    assert "70" in verdict.alerts[0].would_differ[0]


def test_counter_evidence_can_keep_a_score_below_the_band(judged: Judge) -> None:
    """It is the score after counter-evidence that must reach the band."""
    cards = {"HT-A01": make_card("HT-A01", severity="critical")}
    bank = Bank(features=[{"customer_id": "C1", "salary_in_months": 6, "living_share": 900_000, "living_debits": 99}])
    assert judged([make_hit("HT-A01", rows=[2])], cards=cards, bank=bank).alerts == ()


def test_an_anomaly_gives_counter_evidence_no_hold_on_an_anchor(judged: Judge) -> None:
    """With or without the anomaly's points, the anchor's reach the band."""
    cards = {"HT-S03": make_card("HT-S03", anchor=True, severity="critical"), "HT-X01": make_card("HT-X01")}
    bank = Bank(features=[{"customer_id": "C1", "tenure_days": 5000, "salary_in_months": 9}])
    hits = [make_hit("HT-S03", rows=[2]), make_hit("HT-X01", "C1", kind="customer")]
    assert clauses(judged(hits, cards=cards, bank=bank)) == ["band"]


def three_customers(**changes: object) -> Bank:
    """C1, C2 and C3 with an account each."""
    return Bank(owners={f"A{n}": (f"C{n}",) for n in (1, 2, 3)}, **changes)  # type: ignore[arg-type]


THREE_HITS = [
    make_hit("HT-A01", "A1", [2, 4]),
    make_hit("HT-A01", "A2", [12, 14]),
    make_hit("HT-L01", "A3", [22, 24]),
]


def linked_by_phone() -> Bank:
    """The three give one phone."""
    return three_customers(people=[{"customer_id": f"C{n}", "phone": "+8562000"} for n in (1, 2, 3)])


def linked_by_holding() -> Bank:
    """A fourth account is held by all three."""
    return three_customers(holdings=[{"account_id": "A9", "customer_id": f"C{n}", "role": "joint"} for n in (1, 2, 3)])


def linked_by_payments() -> Bank:
    """A payment from A1 to A2 is in the evidence of both, one from A2 to A3 too."""
    sides = {2: ("A1", "A2"), 12: ("A2", "A1"), 14: ("A2", "A3"), 22: ("A3", "A2")}
    return three_customers(
        accounts={row: one for row, (one, _) in sides.items()},
        counterparties={row: f"account:BANKA/{other}" for row, (_, other) in sides.items()},
    )


@pytest.mark.parametrize("bank", [linked_by_phone(), linked_by_holding(), linked_by_payments()])
def test_three_linked_customers_with_two_families_are_one_alert(judged: Judge, bank: Bank) -> None:
    """The group has a lead, names all members, and nobody in it alerts alone."""
    verdict = judged(THREE_HITS, bank=bank)
    (alert,) = verdict.alerts
    assert (alert.subject.kind, alert.subject.id) == ("group", "C1")
    assert alert.customer_ids == ("C1", "C2", "C3")
    assert "linked_customers" in alert.clause
    assert alert.summary.startswith("3 linked customers, seen together.")
    assert set(verdict.ranked.column("alert_id").to_pylist()) == {alert.alert_id}


def test_members_who_would_alert_alone_stand_in_the_group_only(judged: Judge) -> None:
    """One alert for a network, not one for each member; the gravest member leads."""
    cards = {"HT-N01": make_card("HT-N01", severity="critical")}
    verdict = judged([*THREE_HITS, make_hit("HT-N01", "A3", [31])], cards=cards, bank=linked_by_phone())
    assert [alert.subject.id for alert in verdict.alerts] == ["C3"]


def test_a_payment_that_counts_for_one_side_ties_nobody(judged: Judge) -> None:
    """Three who pay the same shop are not in one group with it because of that."""
    sides = {2: ("A1", "A3"), 12: ("A2", "A3")}
    bank = three_customers(
        accounts={row: one for row, (one, _) in sides.items()},
        counterparties={row: f"account:BANKA/{other}" for row, (_, other) in sides.items()},
    )
    assert judged(THREE_HITS, bank=bank).alerts == ()


def test_two_linked_customers_or_one_family_are_not_enough(judged: Judge) -> None:
    """Both parts of the clause count."""
    assert judged(THREE_HITS[1:], bank=linked_by_phone()).alerts == ()
    one_family = [make_hit("HT-A01", f"A{n}", [n]) for n in (1, 2, 3)]
    assert judged(one_family, bank=linked_by_phone()).alerts == ()


def test_a_kyc_gap_is_no_second_family_of_a_group(judged: Judge) -> None:
    """Nor does it make a customer a member."""
    hits = [*THREE_HITS[:2], make_hit("HT-K05", "C3", kind="customer")]
    assert judged(hits, bank=linked_by_phone()).alerts == ()


def test_a_dormitory_phone_links_nobody(judged: Judge) -> None:
    """A phone that eleven customers give says nothing; that it was left out is counted."""
    people = [{"customer_id": f"C{n}", "phone": "+8562000"} for n in range(1, 12)]
    verdict = judged(THREE_HITS, bank=three_customers(people=people))
    assert verdict.alerts == ()
    assert verdict.counts["links_too_common"] == 1


def test_a_group_does_not_grow_without_end(judged: Judge) -> None:
    """A long chain of payments becomes several groups, and the cut links are counted."""
    bank = Bank(
        owners={f"A{n}": (f"C{n}",) for n in range(60)},
        accounts={n: f"A{n % 100}" for n in [*range(60), *range(100, 160)]},
        counterparties={n: f"account:BANKA/A{n + 1}" for n in range(59)}
        | {100 + n: f"account:BANKA/A{n - 1}" for n in range(1, 60)},
    )
    hits = [make_hit("HT-A01" if n % 2 else "HT-L01", f"A{n}", [n, 100 + n]) for n in range(60)]
    verdict = judged(hits, bank=bank)
    assert max(len(alert.customer_ids) for alert in verdict.alerts) <= 25
    assert verdict.counts["links_too_large"] > 0


def test_links_do_not_cross_institutions(judged: Judge) -> None:
    """The same account number at another bank is another account."""
    bank = linked_by_payments()
    bank.counterparties = {2: "account:BANKB/A2", 12: "account:BANKB/A3"}
    assert judged(THREE_HITS, bank=bank).alerts == ()
