"""Why a rule did not hit a subject: the nearest miss, and how far off it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from amlscreen.errors import SettingsError
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.card import Card
from amlscreen.rules.ruleset import RuleSet
from amlscreen.screening import screen
from amlscreen.settings import Settings
from shapes.looking import lines, rule

PAYERS: dict[str, Any] = {
    "shape": "window",
    "subject": "account",
    "within": "3d",
    "rows": {"a": {"direction": "credit"}, "b": {"direction": "debit"}},
    "measures": {
        "n": {"count": "transactions", "of": "a"},
        "received": {"sum": "amount", "of": "a"},
        "left": {"sum": "amount", "of": "b"},
        "share": {"ratio": ["left", "received"]},
    },
    "when": {"n": {"gte": 4}, "received": {"gte": 500}, "share": {"gte": 0.5}},
}
FLOWS = lines(
    """
    day account direction amount
    1   A-1001  credit    400
    2   A-1001  credit    100
    2   A-1001  credit    100
    3   A-1001  debit     150
    20  A-1001  credit    500
    2   A-2002  debit     100
    """
)


def why(card: Card, subject: str, *, settings: Settings | None = None, **tables: Any) -> list[dict[str, Any]]:
    """The rows of ``why_not``."""
    settings = settings or Settings(threads=1)
    with Dataset.from_tables("laos", settings, **{"transactions": FLOWS, **tables}) as data:
        result = screen(data, RuleSet.of(card), settings=settings)
        table = result.why_not(card.id, subject)
        assert list(table.columns) == ["condition", "measured", "wanted", "holds", "distance"]
        return table.astype(object).where(table.notna(), None).to_dict("records")


def test_the_best_window_is_the_one_that_misses_fewest_conditions() -> None:
    """On the third of March one payment was missing and half of the share; the money was there."""
    assert why(rule(detect=PAYERS), "A-1001") == [
        {"condition": "n", "measured": 3, "wanted": "gte 4", "holds": False, "distance": 0.25},
        {"condition": "received", "measured": 600.0, "wanted": "gte 500", "holds": True, "distance": 0.0},
        {"condition": "share", "measured": 0.25, "wanted": "gte 0.5", "holds": False, "distance": 0.5},
    ]


def test_a_subject_that_hits_misses_nothing() -> None:
    """Every condition holds at distance 0."""
    rows = why(rule(detect={**PAYERS, "when": {"n": {"gte": 3}}}), "A-1001")
    assert [(row["holds"], row["distance"]) for row in rows] == [(True, 0.0)]


def test_an_unknown_measure_is_shown_as_unknown() -> None:
    """Of an account without a credit no share is known."""
    rows = why(rule(detect=PAYERS), "A-2002")
    assert [row["measured"] for row in rows] == [0, 0.0, None]


def test_a_subject_with_no_row_in_any_set_says_so() -> None:
    """A distance would mean nothing."""
    card = rule(detect={**PAYERS, "rows": {"a": {"amount": {"gte": 9999}}, "b": {"amount": {"gte": 9999}}}})
    assert why(card, "A-1001") == [
        {
            "condition": "rows",
            "measured": None,
            "wanted": "a row in a or b; the subject has none",
            "holds": False,
            "distance": None,
        }
    ]


def test_an_unknown_subject_is_an_error_that_names_the_nearest() -> None:
    """A slip of the pen is found."""
    with pytest.raises(SettingsError, match=r"There is no account 'A-100l'.*Did you mean 'A-1001'\?"):
        why(rule(detect=PAYERS), "A-100l")


def test_a_rule_that_cannot_be_looked_at_says_why() -> None:
    """The reason is that of its outcome."""
    for changes, reason in (
        ({"rows": {"a": {"province": "LA-VT"}, "b": {}}}, "no data: transactions.province"),
        ({"within": "5h"}, "no clock times: every transaction is known by its date only"),
    ):
        (row,) = why(rule(detect={**PAYERS, **changes}), "A-1001")
        assert (row["condition"], row["wanted"], row["holds"]) == ("evaluable", reason, False)


def test_money_that_cannot_be_followed_is_told() -> None:
    """Another account has clock times, this one has none."""
    passed = {
        **PAYERS,
        "measures": {"passed": {"matched_within": "1d", "of": ["a", "b"]}},
        "when": {"passed": {"gte": 1}},
    }
    timed = lines("day account direction\n1@10:00 A9 credit")
    for row in timed:
        row["transaction_id"] = "U1"
    (row,) = why(rule(detect=passed), "A-1001", transactions=[*FLOWS, *timed])
    assert (row["condition"], row["holds"]) == ("evaluable", False)
    assert "order within a day is not known" in row["wanted"]


STEPS: dict[str, Any] = {
    "shape": "sequence",
    "subject": "account",
    "rows": {"a": {"direction": "debit"}, "b": {"direction": "credit", "amount": {"lt": 200}}},
    "first": "a",
    "then": [{"rows": "b", "within": "2d"}],
}


def test_a_sequence_whose_steps_do_not_follow_counts_the_rows_of_each() -> None:
    """There is a debit and there are credits, but none within two days after it."""
    rows = why(rule(detect=STEPS), "A-1001")
    assert [(row["condition"], row["measured"], row["wanted"], row["holds"]) for row in rows] == [
        ("rows of a", 1, "at least one", True),
        ("rows of b", 2, "present within 2d after a", False),
    ]


def test_how_often_is_a_condition_too() -> None:
    """One episode of the two that the rule asks for."""
    often = {**PAYERS, "when": {"n": {"gte": 3}}, "repeat": {"at_least": 2, "within": "30d"}}
    assert why(rule(detect=often), "A-1001") == [
        {"condition": "n", "measured": 3, "wanted": "gte 3", "holds": True, "distance": 0.0},
        {"condition": "times", "measured": 1, "wanted": "gte 2", "holds": False, "distance": 0.5},
    ]


def test_what_comes_after_the_last_day_is_not_looked_at() -> None:
    """On the first of March only the first payment is there."""
    rows = why(rule(detect=PAYERS), "A-1001", settings=Settings(threads=1, as_of=dt.date(2026, 3, 1)))
    assert [row["measured"] for row in rows] == [1, 400.0, 0.0]


def test_a_rule_on_two_kinds_of_subject_finds_either() -> None:
    """A customer is looked for among customers, a depositor among conductors."""
    card = rule(detect={**PAYERS, "subject": ["customer", "conductor"], "when": {"n": {"gte": 2}}})
    table = [{**row, "conductor_id": "D7"} for row in FLOWS]
    held = [{"account_id": "A-1001", "customer_id": "C1", "role": "owner"}]
    assert why(card, "C1", transactions=table, holdings=held)[0]["measured"] == 3
    assert why(card, "D7", transactions=table, holdings=held)[0]["measured"] == 3


def test_a_counterparty_may_be_named_by_its_account_here() -> None:
    """Its key and its account number say the same."""
    card = rule(detect={**PAYERS, "subject": "counterparty", "when": {"n": {"gte": 9}}})
    table = [
        {**row, "counterparty": "account:BANK/A-2002", "counterparty_kind": "account"}
        for row in FLOWS
        if row["account_id"] == "A-1001"
    ]
    rows = [why(card, name, transactions=[*table, FLOWS[-1]]) for name in ("A-2002", "account:BANK/A-2002")]
    assert rows[0] == rows[1]
    assert rows[0][0]["measured"] == 3


def test_a_match_is_read_row_by_row() -> None:
    """The subject's nearest row, condition by condition."""
    card = rule(
        "HT-K01",
        detect={
            "shape": "match",
            "subject": "customer_id",
            "table": "customers",
            "where": {"customer_kind": "person", "id_expired_days": {"gte": 40}},
        },
    )
    people = [{"customer_id": "C1", "id_expiry": "2026-02-28"}]
    assert why(card, "C1", customers=people) == [
        {"condition": "customer_kind", "measured": "person", "wanted": "eq person", "holds": True, "distance": 0.0},
        {"condition": "id_expired_days", "measured": 20, "wanted": "gte 40", "holds": False, "distance": 0.5},
    ]
    assert why(card, "C2", customers=people)[0]["condition"] == "rows"


def test_of_a_match_that_looks_back_only_recent_rows_are_near() -> None:
    """One recent note of the two different ones it wants; without a recent one there is nothing to be near."""
    notes = [
        {"observation_id": f"O{n}", "customer_id": who, "at": f"{day}T10:00:00", "code": code}
        for n, (who, day, code) in enumerate(
            (("C1", "2026-03-19", "X"), ("C1", "2026-03-19", "X"), ("C1", "2026-01-01", "Y"), ("C2", "2026-01-01", "X"))
        )
    ]
    card = rule(
        detect={
            "shape": "match",
            "table": "observations",
            "subject": "customer_id",
            "where": {"code": ["X", "Y"]},
            "within": "30d",
            "distinct": "code",
            "at_least": 2,
        }
    )
    assert why(card, "C1", observations=notes)[-1] == {
        "condition": "code",
        "measured": 1,
        "wanted": "gte 2",
        "holds": False,
        "distance": None,
    }
    (row,) = why(card, "C2", observations=notes)
    assert row["wanted"] == "a row of observations of the last 30d with customer_id 'C2'; there is none"


SHARED = [
    {"customer_id": "C1", "phone": "+8562055500001", "email": "hub@test.la"},
    {"customer_id": "C2", "phone": "+8562055500001", "email": "hub@test.la"},
    {"customer_id": "C3", "phone": "+8562055500009", "email": "hub@test.la"},
    {"customer_id": "C4", "phone": "+8562055500008"},
]
TIED: dict[str, Any] = {
    "shape": "cluster",
    "links": [{"same": ["phone"], "most": 5}, {"same": ["email"], "most": 2}],
    "when": {"members": {"gte": 4}, "largest_hub": {"lte": 2}},
}


def test_a_customer_s_group_is_told_and_the_value_that_ties_nobody() -> None:
    """C1 is tied to C2 by a phone; the e-mail is on one customer too many."""
    assert why(rule("HT-N99", detect=TIED), "C1", customers=SHARED) == [
        {"condition": "members", "measured": 2, "wanted": "gte 4", "holds": False, "distance": 0.5},
        {"condition": "largest_hub", "measured": 2, "wanted": "lte 2", "holds": True, "distance": 0.0},
        {
            "condition": "customers.email",
            "measured": 3,
            "wanted": "a value on at most 2 customers",
            "holds": False,
            "distance": 0.5,
        },
    ]


def test_a_customer_in_no_group_is_told_what_would_tie() -> None:
    """C3 shares with too many only, C4 with nobody."""
    first, second = why(rule("HT-N99", detect=TIED), "C3", customers=SHARED)
    assert (first["condition"], second["condition"], second["measured"]) == ("members", "customers.email", 3)
    (row,) = why(rule("HT-N99", detect=TIED), "C4", customers=SHARED)
    assert row["wanted"] == "another customer with the same customers.phone or customers.email; there is none"
    few = rule("HT-N99", detect=TIED | {"members": {"email": {"null": False}}})
    assert "C4" in why(few, "C4", customers=SHARED)[0]["wanted"]
    with pytest.raises(SettingsError, match="no customer 'C9'"):
        why(few, "C9", customers=SHARED)


def test_whom_a_column_names_has_a_group_too() -> None:
    """A batch of two, where four are wanted."""
    people = [{"customer_id": f"C{n}", "onboarded": "2026-03-02", "introducer": "I1"} for n in range(2)]
    detect = {"shape": "cluster", "links": [{"same": ["onboarded", "introducer"], "most": 9}], "lead": "introducer"}
    (row,) = why(rule("HT-N99", detect=detect | {"when": {"members": {"gte": 4}}}), "I1", customers=people)
    assert (row["measured"], row["distance"]) == (2, 0.5)


SALARY: dict[str, Any] = {
    "shape": "scenario",
    "function": "unseen_activity",
    "options": {"days": 90},
    "when": {"seen": {"lte": 0}, "payments": {"gte": 8}, "turnover": {"gte": 1000}},
}


def test_what_a_scenario_measured_is_told() -> None:
    """What is asked for first, then the rest."""
    accounts = [{"account_id": "A-1001", "declared_purpose": "salary"}]
    rows = why(
        rule("HT-K99", detect=SALARY),
        "A-1001",
        accounts=accounts,
        transactions=[{**row, "purpose": "gift"} for row in FLOWS],
    )
    assert [(row["condition"], row["measured"], row["holds"]) for row in rows[:3]] == [
        ("seen", 0, True), ("payments", 5, False), ("turnover", 1250.0, True),
    ]  # fmt: skip
    assert {row["condition"]: row["measured"] for row in rows[3:]}["declared"] == "salary"


def test_a_scenario_over_one_customer_reads_that_customer_only() -> None:
    """And an unknown subject is an error."""
    detect = {
        "shape": "scenario",
        "function": "separate_lives",
        "options": {"days": 90},
        "when": {"payers": {"gte": 3}},
    }
    flows = [{**row, "purpose": "goods", "counterparty_account": f"P{n}"} for n, row in enumerate(FLOWS)]
    held = [{"account_id": name, "customer_id": "C1"} for name in ("A-1001", "A-2002")]
    rows = why(rule("HT-A99", detect=detect), "C1", holdings=held, transactions=flows)
    assert (rows[0]["condition"], rows[0]["measured"], rows[0]["distance"]) == ("payers", 0, 1.0)
    with pytest.raises(SettingsError, match="no customer 'C9'"):
        why(rule("HT-A99", detect=detect), "C9", holdings=held, transactions=flows)
