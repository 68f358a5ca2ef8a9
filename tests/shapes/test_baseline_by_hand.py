"""Shape ``baseline`` on cases that can be worked out on paper."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amlscreen.hits import Hit
from amlscreen.intake.dataset import Dataset
from amlscreen.peers.usual import median_usual
from amlscreen.rules.ruleset import RuleSet
from amlscreen.screening import screen
from amlscreen.settings import Settings
from shapes.looking import look, rule

FIRST = dt.date(2026, 1, 1)
OLD = [{"account_id": "A1", "opened": "2020-01-01"}]


def paid(day: int, amount: int, account: str = "A1", **others: Any) -> dict[str, Any]:
    """A credit so many days after the first of January."""
    told = {"account_id": account, "direction": "credit", "amount": amount, "at": str(FIRST + dt.timedelta(days=day))}
    return {"transaction_id": f"T{account}-{day}-{amount}", **told, **others}


def detect(**others: Any) -> dict[str, Any]:
    """What came in in ten days, against something."""
    return {
        "shape": "baseline",
        "subject": "account",
        "within": "10d",
        "rows": {"a": {"direction": "credit"}},
        "measures": {"n": {"count": "transactions", "of": "a"}, "received": {"sum": "amount", "of": "a"}},
        "compare": "received",
        "when": {"times": {"gte": 2}},
        **others,
    }


def only(found: Any) -> Hit:
    """The one hit."""
    (hit,) = found.hits
    assert isinstance(hit, Hit)
    return hit


HISTORY = detect(history={"spans": 3, "at_least": 2})
FLOWS = [paid(0, 100), paid(12, 110), paid(25, 90), paid(35, 250), paid(39, 50)]


def test_the_last_span_is_held_against_the_median_of_those_before() -> None:
    """100, 110 and 90 before, 300 now: three times 100, and (300 - 100) / (1.4826 x 10) deviations away."""
    hit = only(look(rule(detect=HISTORY), transactions=FLOWS, accounts=OLD))
    assert hit.measures == {
        "n": 2,
        "received": 30_000,
        "usual": 10_000,
        "times": 3_000_000,
        "deviations": 200_000_000_000 // 14_826,
        "spans_known": 3,
    }
    assert hit.row_ids.size == 2
    assert hit.decides.all()


def test_spans_before_the_account_was_opened_are_not_zero_but_unknown() -> None:
    """Opened on the ninth day, it has two whole spans before the last; opened later, one, which is too few."""
    flows = [paid(12, 110), paid(25, 90), paid(39, 250)]
    told = {}
    for opened in ("2020-01-01", "2026-01-09", "2026-01-12"):
        flows_of_all = [*flows, paid(0, 1, "A2")]
        accounts = [{"account_id": "A1", "opened": opened}]
        found = look(rule(detect=HISTORY), transactions=flows_of_all, accounts=accounts)
        told[opened] = [hit.measures["spans_known"] for hit in found.hits], found.outcomes[0].subjects_not_evaluable
    assert told == {"2020-01-01": ([3], 0), "2026-01-09": ([2], 0), "2026-01-12": ([], 1)}


def test_too_few_days_of_data_make_the_rule_not_evaluable_with_the_reason() -> None:
    """Two spans of history and the last one need thirty days."""
    outcome = look(rule(detect=HISTORY), transactions=[paid(0, 5), paid(28, 500)], accounts=OLD).outcomes[0]
    assert (outcome.status, outcome.reason) == (
        "not_evaluable",
        "needs 30 days of data to tell what is usual, the data has 29",
    )


def test_where_nothing_came_in_before_the_subject_is_counted_as_not_evaluable() -> None:
    """There is no multiple of nothing, and that is said."""
    found = look(rule(detect=HISTORY), transactions=[paid(0, 1, "A2"), paid(39, 500)], accounts=OLD)
    assert not found.hits
    assert found.outcomes[0].subjects_not_evaluable == 1


def test_a_fall_to_nothing_is_a_hit_over_the_days_of_its_span() -> None:
    """It has no rows, because there were none."""
    card = rule(detect={**HISTORY, "when": {"times": {"lte": 0.2}}})
    hit = only(look(card, transactions=[*FLOWS[:3], paid(39, 1, "A2", kind="fee")], accounts=OLD))
    assert (hit.subject.id, hit.measures["times"], hit.row_ids.size) == ("A1", 0, 0)
    days = [(FIRST - dt.date(1970, 1, 1)).days + one for one in (30, 39)]
    assert [hit.first_day, hit.last_day] == days


def test_a_declared_income_is_scaled_to_the_span() -> None:
    """Three hundred a month are a hundred in ten days; zero and nothing declared cannot be told."""
    card = rule(detect=detect(subject="customer", declared="income"))
    people = [{"customer_id": "A1", "income": 300}, {"customer_id": "A2", "income": 0}, {"customer_id": "A3"}]
    flows = [paid(0, 1), *(paid(39, 250, name) for name in ("A1", "A2", "A3"))]
    found = look(card, transactions=flows, customers=people)
    hit = only(found)
    assert (hit.subject.id, hit.measures["usual"], hit.measures["times"]) == ("A1", 10_000, 2_500_000)
    assert found.outcomes[0].subjects_not_evaluable == 2


def test_without_the_declared_column_the_rule_says_which_one_opens_it() -> None:
    """An export without incomes."""
    outcome = look(rule(detect=detect(subject="customer", declared="income")), transactions=FLOWS).outcomes[0]
    assert (outcome.status, outcome.reason) == ("not_evaluable", "no data: customers.income")


def test_the_comparison_may_have_to_hold_in_several_spans_and_shows_the_farthest() -> None:
    """Two of the last three months: rows of both decide, those of the month between are context."""
    flows = [paid(0, 1, "A2"), paid(15, 300), paid(25, 120), paid(35, 450)]
    card = rule(detect=detect(declared="declared_turnover", spans={"at_least": 2, "of": 3}))
    hit = only(look(card, transactions=flows, accounts=[{"account_id": "A1", "declared_turnover": 300}]))
    assert (hit.measures["received"], hit.measures["spans_met"]) == (45_000, 2)
    assert hit.decides.tolist() == [True, False, True]


def crowd(size: int, **traits: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows and customers of so many like people, who got 100, 101, 102 and so on in cash."""
    names = [f"P{number:02d}" for number in range(size)]
    flows = [paid(35, 100 + number, name, channel="cash") for number, name in enumerate(names)]
    return flows, [{"customer_id": name, **traits} for name in names]


PEERS = detect(
    subject="customer",
    rows={"a": {"direction": "credit", "channel": "cash"}},
    peers={"by": ["occupation", "province", "age_band"], "at_least": 5},
    when={"n": {"gte": 1}, "deviations": {"gte": 3}},
)
TRADER = {"occupation": "trader", "province": "LA-VT", "birth_date": "1995-05-05"}


def test_the_smallest_group_with_members_enough_is_compared_with() -> None:
    """Three more traders of another age make no group of their age, but one of the place."""
    flows, people = crowd(9, **TRADER)
    odd = {"customer_id": "C1", **TRADER, "birth_date": "1960-05-05"}
    found = look(
        rule(detect=PEERS),
        transactions=[*flows, paid(0, 1, "C1"), paid(36, 900, "C1", channel="cash")],
        customers=[*people, odd],
    )
    hit = only(found)
    assert hit.subject.id == "C1"
    assert (hit.measures["peer_group"], hit.measures["peers"]) == ("occupation trader, province LA-VT", 10)
    assert (hit.measures["percentile"], hit.measures["usual"]) == (900_000, 10_450)


def test_who_is_active_without_any_cash_counts_as_zero_and_who_sleeps_does_not() -> None:
    """Six active people without cash pull the median down; six who did nothing in the span do not."""
    flows, people = crowd(5, **TRADER)
    flows += [paid(0, 1), paid(36, 900, "C1", channel="cash")]
    people.append({"customer_id": "C1", **TRADER})
    for day, usual in ((36, 5_000), (5, 10_250)):
        others = [paid(day, 7, f"Q{number}", channel="qr") for number in range(6)]
        quiet = [{"customer_id": f"Q{number}", **TRADER} for number in range(6)]
        hits = look(rule(detect=PEERS), transactions=[*flows, *others], customers=[*people, *quiet]).hits
        assert {hit.measures["usual"] for hit in hits if hit.subject.id == "C1"} == {usual}


def test_persons_and_firms_are_never_one_group_and_too_few_are_told() -> None:
    """Nine persons are no peers of a firm; four firms are too few."""
    flows, people = crowd(9, **TRADER)
    firm = {"customer_id": "C1", "customer_kind": "entity", "sector": "restaurant"}
    cash = [paid(0, 1, "C1"), paid(36, 90_000, "C1", channel="cash")]
    found = look(rule(detect=PEERS), transactions=[*flows, *cash], customers=[*people, firm])
    assert not [hit for hit in found.hits if hit.subject.id == "C1"]
    assert found.outcomes[0].subjects_not_evaluable == 1


def test_why_not_tells_the_usual_the_peers_and_what_was_missing() -> None:
    """The group is part of the answer."""
    flows, people = crowd(9, **TRADER)
    with Dataset.from_tables("laos", Settings(), transactions=[paid(0, 1), *flows], customers=people) as data:
        rows = screen(data, RuleSet.of(rule(detect=PEERS))).why_not("HT-T01", "P08").to_dict("records")
    told = {row["condition"]: (row["measured"], row["holds"]) for row in rows}
    assert told["n"] == (1, True)
    assert told["deviations"] == (pytest.approx(4 / (1.4826 * 2), abs=1e-5), False)
    assert told["usual"] == (104.0, True)
    assert told["peers"] == (9, True)
    assert told["peer_group"] == ("occupation trader, province LA-VT, age 26-35", True)


def test_why_not_counts_the_spans_and_says_when_nothing_was_declared() -> None:
    """One month of two; then no income on file."""
    card = rule(detect=detect(subject="customer", declared="income", spans={"at_least": 2, "of": 3}))
    people = [{"customer_id": "A1", "income": 300}, {"customer_id": "A3"}]
    flows = [paid(0, 1), paid(39, 250), paid(39, 250, "A3")]
    with Dataset.from_tables("laos", Settings(), transactions=flows, customers=people) as data:
        result = screen(data, RuleSet.of(card))
        first, second = (result.why_not("HT-T01", one).to_dict("records") for one in ("A1", "A3"))
    told = {row["condition"]: row for row in first}
    assert (told["times"]["measured"], told["times"]["holds"]) == (2.5, True)
    assert (told["spans_met"]["measured"], told["spans_met"]["distance"]) == (1, 0.5)
    unknown = {row["condition"]: row for row in second}["usual"]
    assert (unknown["wanted"], unknown["holds"]) == ("a declared income, above zero", False)


AMOUNTS = st.lists(st.integers(-(10**17), 10**17) | st.integers(0, 3), min_size=1, max_size=9)


@given(groups=st.lists(AMOUNTS, min_size=1, max_size=25), value=st.integers(-(10**17), 10**17) | st.integers(0, 4))
def test_times_and_deviations_are_exact(groups: list[list[int]], value: int) -> None:
    """Floored millionths of fractions, also where amounts are of the largest."""
    values = np.array([one for group in groups for one in group], np.int64)
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    usual = median_usual(values, owner, len(groups), 1)
    asked, known = np.full(len(groups), value, np.int64), np.ones(len(groups), np.bool_)
    for number, group in enumerate(groups):
        ordered = sorted(map(Fraction, group))
        middle = (ordered[(len(group) - 1) // 2] + ordered[len(group) // 2]) / 2
        apart = sorted(abs(one - middle) for one in ordered)
        spread = Fraction("1.4826") * (apart[(len(group) - 1) // 2] + apart[len(group) // 2]) / 2
        spread = spread or Fraction("1.2533") * sum(apart) / len(group)
        robust = usual.robust(asked, known)
        assert bool(robust.is_known()[number]) == (spread > 0)
        if spread and abs((value - middle) / spread) < 10**8:
            assert robust.array[number] == (value - middle) / spread * 1_000_000 // 1
        times = usual.times(asked, known)
        assert bool(times.is_known()[number]) == (middle > 0)
        if middle > 0 and abs(value / middle) < 10**12:
            assert times.array[number] == value / middle * 1_000_000 // 1
