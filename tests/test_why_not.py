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
