"""Which episodes can alert, and on whom an alert stands."""

from __future__ import annotations

import pytest

from alerting.judging_bank import AS_OF, Bank, Judge, make_card, make_hit, make_settings
from amlscreen.errors import EngineError
from amlscreen.hits import SubjectRef

LOW_BAR = make_settings(policy={"band": "low"})


@pytest.mark.parametrize(("days_ago", "alerts"), [(0, 1), (29, 1), (30, 0)])
def test_only_episodes_that_end_in_the_span_alert(judged: Judge, days_ago: int, alerts: int) -> None:
    """The span is (as_of - 30, as_of]."""
    verdict = judged([make_hit("HT-A01", rows=[2], ends=AS_OF - days_ago)], settings=LOW_BAR)
    assert len(verdict.alerts) == alerts
    assert verdict.ranked.column("older_hits").to_pylist() == [1 - alerts]


def test_older_episodes_are_context_in_the_text(judged: Judge) -> None:
    """They give no points and no evidence."""
    hits = [make_hit("HT-A01", rows=[2]), make_hit("HT-L01", ends=AS_OF - 90), make_hit("HT-A01", ends=AS_OF - 60)]
    alert = judged(hits, settings=LOW_BAR).alerts[0]
    assert alert.score == 45
    assert alert.summary.endswith("Before the alerting span: HT-A01, HT-L01, since 2024-07-06.")
    assert {row.rule_id for row in alert.evidence} == {"HT-A01"}


def test_what_lies_after_as_of_is_left_out_and_counted(judged: Judge) -> None:
    """A verdict as of a day knows nothing of the next."""
    verdict = judged([make_hit("HT-A01", rows=[2], ends=AS_OF + 1)], settings=LOW_BAR)
    assert verdict.alerts == ()
    assert verdict.counts["hits_after_as_of"] == 1


def test_accounts_and_customer_roll_up_to_the_owner(judged: Judge) -> None:
    """Two accounts and their owner are one activity."""
    bank = Bank(owners={"A1": ("C1",), "A2": ("C1",)})
    hits = [
        make_hit("HT-A01", "A1", [2]),
        make_hit("HT-L01", "A2", [4]),
        make_hit("HT-N01", "C1", [6], kind="customer", account="A2"),
    ]
    (alert,) = judged(hits, bank=bank).alerts
    assert alert.subject == SubjectRef("BANKA", "customer", "C1")
    assert alert.account_ids == ("A1", "A2")


def test_without_customers_a_single_account_is_the_subject(judged: Judge) -> None:
    """Where the bank gave no customers, the account is what is known; several accounts are their owner's activity."""
    bank = Bank(owners={"A1": ("C1",), "A2": ("C1",)}, has_customers=False)
    one = judged([make_hit("HT-A01", "A1", [2])], bank=bank, settings=LOW_BAR)
    two = judged([make_hit("HT-A01", f"A{n}", [n]) for n in (1, 2)], bank=bank, settings=LOW_BAR)
    assert one.alerts[0].subject == SubjectRef("BANKA", "account", "A1")
    assert two.alerts[0].subject == SubjectRef("BANKA", "customer", "C1")


def test_without_customers_a_joint_account_alerts_once(judged: Judge) -> None:
    """Both holders' activity stands on the account, also where one of them has a hit of his own."""
    bank = Bank(owners={"A1": ("C1", "C2")}, has_customers=False)
    hits = [make_hit("HT-A01", "A1", [2]), make_hit("HT-L01", "C2", [4], kind="customer", account="A1")]
    (alert,) = judged(hits, bank=bank, settings=LOW_BAR).alerts
    assert (alert.subject, alert.score) == (SubjectRef("BANKA", "account", "A1"), 90)


def test_an_account_nobody_is_known_to_own_is_a_subject(judged: Judge) -> None:
    """It alerts without a customer."""
    alert = judged([make_hit("HT-A01", "A7", [2])], bank=Bank(owners={}), settings=LOW_BAR).alerts[0]
    assert (alert.subject.kind, alert.customer_ids) == ("account", ())


def test_co_holders_of_a_joint_account_are_one_alert(judged: Judge) -> None:
    """The hits are the same, so the alert is; both holders are named and both are ranked with it."""
    verdict = judged([make_hit("HT-A01", rows=[2])], bank=Bank(owners={"A1": ("C1", "C2")}), settings=LOW_BAR)
    (alert,) = verdict.alerts
    assert alert.customer_ids == ("C1", "C2")
    assert verdict.ranked.column("alert_id").to_pylist() == [alert.alert_id] * 2


def test_a_co_holder_with_more_to_answer_leads(judged: Judge) -> None:
    """C2 has the joint account's hit and one more; C1's alert would say nothing new."""
    bank = Bank(owners={"A1": ("C1", "C2"), "A2": ("C2",)})
    hits = [make_hit("HT-A01", "A1", [2]), make_hit("HT-L01", "A2", [4])]
    (alert,) = judged(hits, bank=bank, settings=LOW_BAR).alerts
    assert (alert.subject.id, alert.customer_ids) == ("C2", ("C1", "C2"))


def test_outside_collectors_are_subjects_and_their_payers_are_not_under_review(judged: Judge) -> None:
    """The customers who paid an outside party stand in evidence, not in customer_ids."""
    hits = [
        make_hit("HT-N01", "account:BANKB/9", [2], kind="counterparty", customer="C1"),
        make_hit("HT-T01", "P-77", [4], kind="conductor", customer="C1"),
    ]
    alerts = judged(hits, settings=LOW_BAR).alerts
    assert {alert.subject.kind for alert in alerts} == {"counterparty", "conductor"}
    assert all(alert.customer_ids == () for alert in alerts)


def test_the_role_is_unclear_unless_a_card_says_otherwise(judged: Judge) -> None:
    """The strongest card with a role decides; a person decides in the end."""
    cards = {
        "HT-A01": make_card("HT-A01", severity="critical"),
        "HT-L01": make_card("HT-L01", role="facilitator"),
        "HT-N01": make_card("HT-N01", role="suspect", severity="low"),
    }
    hits = [make_hit(rule, rows=[n]) for n, rule in ((2, "HT-A01"), (4, "HT-L01"), (6, "HT-N01"))]
    assert judged(hits[:1], cards=cards).alerts[0].role == "unclear"
    assert judged(hits, cards=cards).alerts[0].role == "facilitator"


def test_every_customer_is_ranked(judged: Judge) -> None:
    """With and without hits; the order is total and ranks run from 1."""
    bank = Bank(
        owners={f"A{n}": (f"C{n}",) for n in range(5)},
        features=[{"customer_id": "C4", "transactions": 99}, {"customer_id": "C0", "transactions": 1}],
    )
    hits = [make_hit("HT-A01", "A3", [2]), make_hit("HT-L01", "A2", [4], known=5)]
    ranked = judged(hits, bank=bank).ranked
    assert ranked.column("rank").to_pylist() == [1, 2, 3, 4, 5]
    assert ranked.column("subject_id").to_pylist() == ["C3", "C2", "C4", "C1", "C0"]


def test_ranks_of_alerts_are_those_of_the_ranking(judged: Judge) -> None:
    """One word, one number."""
    bank = Bank(owners={f"A{n}": (f"C{n}",) for n in range(4)})
    cards = {"HT-A01": make_card("HT-A01", severity="critical")}
    hits = [make_hit("HT-A01", "A2", [2]), make_hit("HT-L01", "A1", [4])]
    verdict = judged(hits, cards=cards, bank=bank)
    ranks = dict(zip(*(verdict.ranked.column(c).to_pylist() for c in ("alert_id", "rank")), strict=True))
    assert [alert.rank for alert in verdict.alerts] == [ranks[alert.alert_id] for alert in verdict.alerts] == [1]


def test_kyc_findings_go_to_their_own_list_gravest_first(judged: Judge) -> None:
    """They never alert, however many."""
    cards = {"HT-K05": make_card("HT-K05", severity="low"), "HT-K08": make_card("HT-K08", severity="critical")}
    hits = [make_hit("HT-K05", "C1", kind="customer", starts=AS_OF - 9), make_hit("HT-K08", "A1")]
    verdict = judged(hits, cards=cards)
    assert verdict.alerts == ()
    assert [(f.rule_id, f.customer_id, f.severity, f.since) for f in verdict.kyc] == [
        ("HT-K08", "C1", "critical", AS_OF),
        ("HT-K05", "C1", "low", AS_OF - 9),
    ]
    assert verdict.kyc[0].finding.startswith("Account A1: ")


def test_money_that_passes_through_counts_once(judged: Judge) -> None:
    """Two credits and one debit of 1,000 each: 2,000 moved, over three transactions."""
    alert = judged([make_hit("HT-A01", rows=[2, 3, 4]), make_hit("HT-L01", rows=[2])], settings=LOW_BAR).alerts[0]
    assert (alert.transactions, alert.amount, alert.currency) == (3, 200_000, "LAK")


def test_episodes_are_numbered_through_within_an_alert(judged: Judge) -> None:
    """Two accounts both have an episode 1; in the customer's alert they are 1 and 2, oldest first."""
    bank = Bank(owners={"A1": ("C1",), "A2": ("C1",)})
    hits = [make_hit("HT-A01", "A1", [2]), make_hit("HT-A01", "A2", [4], ends=AS_OF - 3)]
    alert = judged(hits, bank=bank, settings=LOW_BAR).alerts[0]
    assert [(row.episode, row.row_id) for row in alert.evidence] == [(1, 4), (2, 2)]


def test_a_hit_without_a_card_stops_the_run(judged: Judge) -> None:
    """It is a fault of the program, not of the data."""
    from amlscreen.alerting import judge

    with pytest.raises(EngineError, match="HT-A01"):
        judge([make_hit("HT-A01")], {}, Bank().book(), make_settings(), as_of=AS_OF, previous=None)


def test_nothing_found_is_a_verdict_too(judged: Judge) -> None:
    """Everyone is ranked with nothing."""
    verdict = judged([])
    assert (verdict.alerts, verdict.kyc, verdict.protected) == ((), (), ())
    assert verdict.ranked.column("score").to_pylist() == [0]
