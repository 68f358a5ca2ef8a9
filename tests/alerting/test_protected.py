"""Possible victims are never named by an alert, and their signal hides and lowers nothing."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from alerting.judging_bank import AS_OF, Bank, Judge, make_card, make_hit, make_settings
from amlscreen.alerts import Alert

LOW_BAR = make_settings(policy={"band": "low"})
VICTIM_CARD = {"HT-T10": make_card("HT-T10", role="possible_victim")}
SIGNAL = make_hit("HT-T10", "A1", [50])


def everything_said(alert: Alert) -> str:
    """Every value that leaves with an alert, as text."""
    return repr(dataclasses.astuple(alert))


def test_a_victim_card_leads_to_the_protected_list_only(judged: Judge) -> None:
    """No alert, no points, no KYC finding."""
    cards = {"HT-T10": make_card("HT-T10", role="possible_victim", severity="critical")}
    verdict = judged([SIGNAL], cards=cards)
    assert verdict.alerts == ()
    assert verdict.ranked.column("score").to_pylist() == [0]
    assert [(row.alert_id, row.customer_id, row.role) for row in verdict.protected] == [("", "C1", "possible_victim")]
    assert verdict.counts["hits_on_possible_victims"] == 1


def test_a_kyc_card_about_a_possible_victim_is_not_in_the_kyc_list(judged: Judge) -> None:
    """A minor without a parent is protected, not a gap to be mended."""
    cards = {"HT-K08": make_card("HT-K08", role="possible_victim")}
    verdict = judged([make_hit("HT-K08", "C1", kind="customer")], cards=cards)
    assert verdict.kyc == ()
    assert [row.customer_id for row in verdict.protected] == ["C1"]


def test_an_alert_on_a_protected_persons_account_stands_on_the_account(judged: Judge) -> None:
    """Nothing is hidden: the same points, clause and rows. Nobody is named."""
    hits = [make_hit("HT-A01", rows=[2, 4], customer="C1"), make_hit("HT-L01", "C1", [6], kind="customer")]
    bank = Bank(people=[{"customer_id": "C1", "name": "Synthetic Person"}])
    before = judged(hits, bank=bank).alerts[0]
    verdict = judged([*hits, SIGNAL], cards=VICTIM_CARD, bank=bank)
    (after,) = verdict.alerts
    assert (after.subject.kind, after.subject.id, after.customer_ids) == ("account", "A1", ())
    assert (after.score, after.clause, after.transactions) == (before.score, before.clause, before.transactions)
    assert "C1" not in everything_said(after)
    assert [row.alert_id for row in verdict.protected] == [after.alert_id]
    assert verdict.masked == {("BANKA", "C1")}


def test_named_victims_of_a_rule_leave_no_trace_in_its_alert(judged: Judge) -> None:
    """The worker whose wages were collected stands in the protected list, with the alert."""
    detect = {
        "shape": "window",
        "subject": "account",
        "within": "9d",
        "rows": {"inflow": {"direction": "credit"}},
        "measures": {
            "payers": {"count": "transactions", "of": "inflow"},
            "who": {"max": "ultimate_party", "of": "inflow"},
        },
        "when": {"payers": {"gte": 1}},
    }
    card = make_card("HT-L01", detect=detect, explain="{payers} wages of {who} came to {subject}.", severity="critical")
    bank = Bank(owners={"A1": ("C1",), "A2": ("V1",)}, people=[{"customer_id": "V1", "name": "Synthetic Worker"}])
    hit = make_hit("HT-L01", rows=[2], victims=("V1",), measures={"payers": 1, "who": "Synthetic Worker"})
    verdict = judged([hit], cards={"HT-L01": card}, bank=bank)
    (alert,) = verdict.alerts
    assert alert.customer_ids == ("C1",)
    assert "V1" not in everything_said(alert) and "Worker" not in everything_said(alert)
    assert alert.summary.startswith("1 wages of (withheld) came to A1.")
    assert [(row.customer_id, row.alert_id) for row in verdict.protected] == [("V1", alert.alert_id)]
    assert verdict.protected[0].reason == "Title of HT-L01."


def test_a_ranking_line_of_a_protected_person_says_nothing(judged: Judge) -> None:
    """The score stands on the account's line."""
    verdict = judged([make_hit("HT-A01", rows=[2]), SIGNAL], cards=VICTIM_CARD, settings=LOW_BAR)
    lines = {row["subject_kind"]: row for row in verdict.ranked.to_pylist()}
    assert (lines["account"]["score"], lines["account"]["customer_id"]) == (45, None)
    assert (lines["customer"]["score"], lines["customer"]["alert_id"]) == (0, None)


def test_the_other_holder_of_a_joint_account_may_be_named(judged: Judge) -> None:
    """Only the protected person is not."""
    bank = Bank(owners={"A1": ("C1", "C2"), "A3": ("C1",)})
    signal = make_hit("HT-T10", "A3", [50])
    alerts = judged([make_hit("HT-A01", rows=[2]), signal], cards=VICTIM_CARD, bank=bank, settings=LOW_BAR).alerts
    assert [(alert.subject.id, alert.customer_ids) for alert in alerts] == [("C2", ("C2",))]


def test_a_protected_person_counts_in_a_group_and_does_not_lead_it(judged: Judge) -> None:
    """Three linked people stay three; the two who may be named are."""
    bank = Bank(
        owners={f"A{n}": (f"C{n}",) for n in (1, 2, 3)},
        people=[{"customer_id": f"C{n}", "phone": "+8562000"} for n in (1, 2, 3)],
    )
    cards = VICTIM_CARD | {"HT-N01": make_card("HT-N01", severity="critical")}
    hits = [
        make_hit("HT-N01", "A1", [2]),
        make_hit("HT-A01", "A2", [4]),
        make_hit("HT-L01", "A3", [6]),
        SIGNAL,
    ]
    (alert,) = judged(hits, cards=cards, bank=bank).alerts
    assert (alert.subject.kind, alert.subject.id, alert.customer_ids) == ("group", "C2", ("C2", "C3"))
    assert "linked_customers" in alert.clause


def test_in_a_group_a_protected_persons_hit_is_not_told_of_the_lead(judged: Judge) -> None:
    """Its text names the account, neither the person nor the lead."""
    bank = Bank(
        owners={f"A{n}": (f"C{n}",) for n in (1, 2, 3)},
        people=[{"customer_id": f"C{n}", "phone": "+8562000"} for n in (1, 2, 3)],
    )
    cards = VICTIM_CARD | {"HT-N01": make_card("HT-N01", explain="Of {subject}.", severity="critical")}
    hits = [
        make_hit("HT-N01", "C1", [2], kind="customer", account="A1"),
        make_hit("HT-A01", "A2", [4]),
        make_hit("HT-L01", "A3", [6]),
        SIGNAL,
    ]
    (alert,) = judged(hits, cards=cards, bank=bank).alerts
    assert alert.contributions[0].text == "Of A1."


@pytest.mark.parametrize("kind", ["conductor", "counterparty"])
def test_a_protected_person_is_not_named_by_another_key(judged: Judge, kind: Any) -> None:
    """An id paper's number or a phone names a person as well as the customer number does."""
    subject = {"conductor": "ID-9", "counterparty": "phone:+8562000"}[kind]
    bank = Bank(people=[{"customer_id": "C1", "phone": "+8562000", "id_number": "ID-9"}])
    hit = make_hit("HT-A01", subject, [2], kind=kind, account="A1")
    (alert,) = judged([hit, SIGNAL], cards=VICTIM_CARD, bank=bank, settings=LOW_BAR).alerts
    assert (alert.subject.kind, alert.subject.id) == ("account", "A1")
    assert subject not in everything_said(alert)


def test_a_person_without_account_gets_a_made_up_one(judged: Judge) -> None:
    """The alert must stand on something that names nobody and is the same tomorrow."""
    hit = dataclasses.replace(make_hit("HT-A01", "C9", [2], kind="customer"), account_ids=())
    signal = make_hit("HT-T10", "C9", [50], kind="customer")
    runs = [
        judged([hit, signal], cards=VICTIM_CARD, bank=Bank(owners={}), settings=LOW_BAR).alerts[0] for _ in range(2)
    ]
    assert runs[0].subject == runs[1].subject
    assert runs[0].subject.id.startswith("P-") and "C9" not in everything_said(runs[0])


def test_an_old_signal_still_protects(judged: Judge) -> None:
    """Whoever was a possible victim half a year ago is not named today."""
    signal = make_hit("HT-T10", "A1", ends=AS_OF - 180)
    verdict = judged([make_hit("HT-A01", rows=[2]), signal], cards=VICTIM_CARD, settings=LOW_BAR)
    assert verdict.alerts[0].customer_ids == ()
    assert verdict.protected[0].alert_id == verdict.alerts[0].alert_id


def test_the_most_urgent_person_comes_first(judged: Judge) -> None:
    """Points of the signals, each rule once; a safety signal before all others."""
    cards = {
        "HT-T10": make_card("HT-T10", role="possible_victim", severity="medium"),
        "HT-T11": make_card("HT-T11", role="possible_victim", severity="medium"),
        "HT-T24": make_card("HT-T24", role="possible_victim", severity="low", safety=True),
    }
    bank = Bank(owners={f"A{n}": (f"C{n}",) for n in (1, 2, 3)})
    hits = [
        make_hit("HT-T10", "A1", [2]),
        make_hit("HT-T10", "A1", [8], ends=AS_OF - 2),
        make_hit("HT-T10", "A2", [4]),
        make_hit("HT-T11", "A2", [4]),
        make_hit("HT-T24", "A3", [6]),
    ]
    rows = judged(hits, cards=cards, bank=bank).protected
    assert [(row.customer_id, row.urgency) for row in rows] == [("C3", 110), ("C2", 50), ("C1", 25)]


def test_a_signal_on_an_account_without_owner_is_not_lost(judged: Judge) -> None:
    """The account's number stands for the person."""
    verdict = judged([make_hit("HT-T10", "A7", [2])], cards=VICTIM_CARD, bank=Bank(owners={}))
    assert [row.customer_id for row in verdict.protected] == ["A7"]
