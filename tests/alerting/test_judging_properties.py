"""What holds for any hits: points add up, order is nothing, nobody protected is named."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.judging_bank import AS_OF, Bank, make_card, make_hit, make_settings
from amlscreen.alerting import Verdict, judge
from amlscreen.alerting.policy import most_families
from amlscreen.hits import Hit

CARDS = {
    "HT-A01": make_card("HT-A01", strength=[{"measure": "payers", "from": 7, "times": 1.5}]),
    "HT-A02": make_card("HT-A02", severity="critical", role="suspect"),
    "HT-L01": make_card("HT-L01", severity="medium"),
    "HT-N01": make_card("HT-N01", severity="low", safety=True),
    "HT-S03": make_card("HT-S03", anchor=True),
    "HT-K05": make_card("HT-K05"),
    "HT-X01": make_card("HT-X01", severity="critical"),
    "HT-T10": make_card("HT-T10", role="possible_victim"),
}
PEOPLE = [f"Cust{n}" for n in range(6)]
BANK = Bank(
    owners={f"A{n}": (PEOPLE[n], PEOPLE[5]) if n == 4 else (PEOPLE[n],) for n in range(5)},
    people=[{"customer_id": one, "phone": "+8562000" if n < 3 else None} for n, one in enumerate(PEOPLE)],
    features=[{"customer_id": one, "tenure_days": 2000, "salary_in_months": n} for n, one in enumerate(PEOPLE)],
)


@st.composite
def one_hit(draw: st.DrawFn) -> Hit:
    """A hit on an account, a customer or an outside party, of any age, on a handful of shared rows."""
    number = draw(st.integers(0, 4))
    kind = draw(st.sampled_from(["account", "account", "customer", "counterparty", "conductor"]))
    subject = {"account": f"A{number}", "customer": PEOPLE[number]}.get(kind, f"Out{number}")
    ends = AS_OF - draw(st.integers(-1, 45))
    return make_hit(
        draw(st.sampled_from(sorted(CARDS))),
        subject,
        sorted(draw(st.sets(st.integers(0, 30), max_size=8))),
        kind=kind,
        account=f"A{number}",
        ends=ends,
        starts=ends - draw(st.integers(0, 20)),
        episode=draw(st.integers(1, 3)),
        measures={"payers": draw(st.integers(0, 9)), "paid": 5},
        known=draw(st.integers(0, 10)),
        victims=tuple(draw(st.sets(st.sampled_from(PEOPLE), max_size=1))),
    )


HITS = st.lists(one_hit(), max_size=25)


def verdict_on(hits: list[Hit], **changes: object) -> Verdict:
    """The verdict of the property tests' bank."""
    given_settings = make_settings(family_cap=90, **changes)
    return judge(hits, CARDS, BANK.book(), given_settings, as_of=AS_OF, previous=None)


@settings(max_examples=40, deadline=None)
@given(HITS)
def test_the_score_is_the_sum_of_its_rows(hits: list[Hit]) -> None:
    """Always, and never below zero; the ranking shows the same number."""
    verdict = verdict_on(hits)
    ranked = {
        (row["subject_kind"], row["subject_id"]): (row["score"], row["rank"]) for row in verdict.ranked.to_pylist()
    }
    for alert in verdict.alerts:
        assert alert.score == sum(row.points for row in alert.contributions) >= 0
        assert ranked[alert.subject.kind, alert.subject.id] == (alert.score, alert.rank)


@settings(max_examples=40, deadline=None)
@given(HITS)
def test_every_score_is_there_row_by_row(hits: list[Hit]) -> None:
    """Of every subject with a score, alerted or not, the rows add up to it."""
    verdict = verdict_on(hits)
    sums: Counter[tuple[str, str]] = Counter()
    for row in verdict.points.to_pylist():
        sums[row["subject_kind"], row["subject_id"]] += row["points"]
    scores: Counter[tuple[str, str]] = Counter()
    for row in verdict.ranked.to_pylist():
        scores[row["subject_kind"], row["subject_id"]] += row["score"]
    assert +sums == +scores
    assert {row["times"] for row in verdict.points.to_pylist() if row["kind"] == "rule"} <= {1000, 1500, 2000}


@settings(max_examples=30, deadline=None)
@given(HITS, st.randoms(use_true_random=False))
def test_the_order_of_the_hits_is_nothing(hits: list[Hit], shuffler: random.Random) -> None:
    """Shuffled hits give the same verdict, to the last word."""
    shuffled = list(hits)
    shuffler.shuffle(shuffled)
    assert plain(verdict_on(hits)) == plain(verdict_on(shuffled))


def plain(verdict: Verdict) -> str:
    """A verdict as text that can be compared."""
    alerts = [dataclasses.replace(alert, hits=()) for alert in verdict.alerts]
    return repr((alerts, verdict.ranked.to_pylist(), verdict.kyc, verdict.protected, dict(verdict.counts)))


@settings(max_examples=40, deadline=None)
@given(HITS)
def test_nobody_protected_is_named_by_an_alert(hits: list[Hit]) -> None:
    """In no field of an alert, and each of them is in the protected list."""
    verdict = verdict_on(hits)
    hidden = {customer_id for _, customer_id in verdict.masked}
    assert hidden == {row.customer_id for row in verdict.protected}
    said = repr([dataclasses.astuple(alert) for alert in verdict.alerts])
    assert not [customer_id for customer_id in hidden if customer_id in said]


@settings(max_examples=40, deadline=None)
@given(HITS)
def test_a_victim_signal_hides_no_evidence(hits: list[Hit]) -> None:
    """Without the signals, every row that alerted still does."""
    without = [dataclasses.replace(hit, victims=()) for hit in hits if hit.rule_id != "HT-T10"]
    rows = {row.row_id for alert in verdict_on(without).alerts for row in alert.evidence}
    assert rows <= {row.row_id for alert in verdict_on(hits).alerts for row in alert.evidence}


@settings(max_examples=40, deadline=None)
@given(HITS)
def test_everyone_is_ranked_once(hits: list[Hit]) -> None:
    """Every customer has a line, ranks run through, scores fall."""
    ranked = verdict_on(hits).ranked
    assert ranked.column("rank").to_pylist() == list(range(1, ranked.num_rows + 1))
    scores = ranked.column("score").to_pylist()
    assert scores == sorted(scores, reverse=True)
    lines = ranked.to_pylist()
    listed = [row["customer_id"] or row["subject_id"] for row in lines if row["subject_kind"] == "customer"]
    assert sorted(listed) == PEOPLE


@settings(max_examples=30, deadline=None)
@given(HITS)
def test_no_two_alerts_have_one_subject_or_one_id(hits: list[Hit]) -> None:
    """A subject alerts once."""
    alerts = verdict_on(hits).alerts
    assert len({alert.subject for alert in alerts}) == len({alert.alert_id for alert in alerts}) == len(alerts)


@settings(max_examples=30, deadline=None)
@given(HITS)
def test_kyc_gaps_and_anomalies_make_no_alert(hits: list[Hit]) -> None:
    """Taking them away leaves the same alerts standing on the same rows."""
    fewer = [hit for hit in hits if hit.rule_id not in {"HT-K05", "HT-X01"}]
    assert len(verdict_on(fewer).alerts) == len(verdict_on(hits).alerts)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(0, 60), st.integers(0, 20)), max_size=8),
    st.integers(1, 30),
)
def test_families_together_as_a_slow_count_finds_them(spans: list[tuple[str, int, int]], days: int) -> None:
    """The sweep finds what trying every span finds."""
    episodes = [(family, first, first + length) for family, first, length in spans]
    slow = max(
        (
            len({family for family, first, last in episodes if first < start + days and last >= start})
            for start in range(-40, 90)
        ),
        default=0,
    )
    assert len(most_families(episodes, days)) == slow
