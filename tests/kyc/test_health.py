"""KYC health: each part of a customer's file, and what a bank does not give is not held against anybody."""

from __future__ import annotations

from typing import Any

import pytest

from amlscreen.kyc.words import health_in_words
from kyc.looking import AS_OF, booking, by_customer, country, day, report_of

FULL = {
    "name": "Synth Person",
    "birth_date": "1980-01-01",
    "nationality": "LA",
    "id_type": "id_card",
    "id_number": "SYN1",
    "address": "Synth Village 1",
    "phone": "+8562001000001",
    "occupation": "teacher",
    "id_expiry": "2030-01-01",
    "review_due": "2027-01-01",
    "risk_rating": "low",
    "is_pep": "false",
}
"""A person's file in order."""


def health(*customers: dict[str, Any], **tables: Any) -> dict[str, dict[str, Any]]:
    """Health by customer; C1 owns account A1. ``FULL`` and C0, whose file is in order, make every column known."""
    people = [{"customer_id": "C0", **FULL}, *({"customer_id": "C1", **FULL, **one} for one in customers)]
    tables.setdefault("holdings", [{"account_id": "A1", "customer_id": "C1", "role": "owner"}])
    return by_customer(report_of(customers=people, **tables).health.to_pylist())


def test_a_file_in_order_leaves_nothing_to_do() -> None:
    """All that is required is filled, nothing is late, nothing contradicts."""
    one = health({})["C1"]
    assert (one["to_do"], one["complete"], one["missing"], one["paper"], one["review"]) == (
        [],
        100,
        [],
        "valid",
        "current",
    )


def test_a_required_field_that_is_empty_is_named() -> None:
    """The share is floored: seven of eight are 87 per cent."""
    one = health({"phone": None})["C1"]
    assert (one["missing"], one["complete"], one["to_do"]) == (["phone"], 87, ["fields_missing"])


def test_a_column_the_bank_does_not_give_is_not_judged() -> None:
    """It is said once for the run and missing in nobody's file."""
    people = [{"customer_id": "C1", "name": "Synth Person", "id_number": "SYN1"}]
    report = report_of(customers=people, accounts=[{"account_id": "A1", "customer_id": "C1"}])
    (one,) = report.health.to_pylist()
    assert (one["missing"], one["complete"], one["to_do"]) == ([], 100, [])
    states = ("paper", "review", "pep", "guardian", "due_diligence", "permit")
    assert {one[name] for name in states} == {"not_judged"}
    assert "identity papers: no data in customers.id_expiry" in report.not_judged
    assert "required field phone: no data in customers.phone" in report.not_judged


def test_without_a_customer_table_nothing_is_judged() -> None:
    """Accounts alone show nobody's file."""
    (one,) = report_of().health.to_pylist()
    assert (one["has_record"], one["complete"], one["to_do"]) == (False, None, [])


@pytest.mark.parametrize(
    ("expiry", "state", "days"),
    [
        ("2026-03-30", "expired", 1),
        ("2026-03-31", "expires_soon", 0),
        ("2026-06-29", "expires_soon", -90),
        ("2026-06-30", "valid", -91),
        (None, "unknown", None),
    ],
)
def test_a_paper_is_valid_through_its_last_day(expiry: str | None, state: str, days: int | None) -> None:
    """As of 31 March 2026; from 90 days before it is to be renewed."""
    one = health({"id_expiry": expiry})["C1"]
    assert (one["paper"], one["paper_expired_days"]) == (state, days)


def test_reviews_are_counted_by_the_banks_rating() -> None:
    """One of the two rated high is five days late."""
    people = [
        {"customer_id": "C1", "risk_rating": "high", "review_due": "2026-03-26"},
        {"customer_id": "C2", "risk_rating": "high", "review_due": "2026-04-26"},
        {"customer_id": "C3", "review_due": "2026-01-26"},
    ]
    lines = {line.rating: line for line in report_of(customers=people).overdue}
    assert (lines["high"].customers, lines["high"].overdue, lines["high"].longest_days) == (2, 1, 5)
    assert (lines["not known"].overdue, lines["not known"].longest_days) == (1, 64)


@pytest.mark.parametrize(
    ("flag", "holds", "state"),
    [("true", False, "known"), ("false", True, "missing"), (None, True, "known"), (None, False, "missing")],
)
def test_a_firms_owners_are_known_by_the_flag_or_by_a_holding(flag: str | None, holds: bool, state: str) -> None:
    """The bank's own no outweighs a holding; persons have none to be known."""
    held = [{"account_id": "A1", "customer_id": "C1", "role": "owner"}]
    held += [{"account_id": "A1", "customer_id": "C9", "role": "beneficial_owner"}] if holds else []
    people = [
        {"customer_id": "C0", "customer_kind": "entity", "beneficial_owner_known": "true"},
        {"customer_id": "C1", "customer_kind": "entity", "beneficial_owner_known": flag},
        {"customer_id": "C2"},
    ]
    found = by_customer(report_of(customers=people, holdings=held).health.to_pylist())
    assert (found["C1"]["beneficial_owner"], found["C2"]["beneficial_owner"]) == (state, "not_a_firm")


@pytest.mark.parametrize(
    ("flag", "approved", "state"),
    [
        ("true", None, "without_approval"),
        ("true", "2026-03-31", "approved"),
        ("true", "2026-04-01", "without_approval"),
        ("false", None, "not_pep"),
        (None, None, "unknown"),
    ],
)
def test_an_approval_counts_from_its_day(flag: str | None, approved: str | None, state: str) -> None:
    """One that is dated after the run does not approve yet."""
    assert health({"is_pep": flag, "pep_approved": approved})["C1"]["pep"] == state


def test_a_minors_guardian_is_recorded_and_proved() -> None:
    """Age alone is nothing to do; a missing guardian is."""
    born = "2015-06-01"
    people = [
        {"customer_id": "C1", "birth_date": born},
        {"customer_id": "C2", "birth_date": born, "guardian_id": "C9", "guardian_verified": "false"},
        {"customer_id": "C3", "birth_date": born, "guardian_id": "C9", "guardian_verified": "true"},
        {"customer_id": "C9", "birth_date": "1980-01-01"},
    ]
    found = by_customer(report_of(customers=people).health.to_pylist())
    assert [found[c]["guardian"] for c in ("C1", "C2", "C3", "C9")] == [
        "missing",
        "unverified",
        "verified",
        "not_a_minor",
    ]


def test_an_owner_without_a_record_is_told() -> None:
    """Whoever owns an account and stands in no customer table."""
    held = [{"account_id": "A1", "customer_id": "C7", "role": "owner"}]
    assert health({}, holdings=held)["C7"]["to_do"][0] == "no_record"


def test_permit_wealth_and_enhanced_diligence_are_asked_for_where_the_bank_keeps_them() -> None:
    """Nobody is taken to need a permit; the exposed and those rated high need the rest."""
    known = {"source_of_wealth": "land", "edd_done": "true", "permit_expiry": "2030-01-01"}
    people = [
        {"customer_id": "C0", **known},
        {"customer_id": "C1", "is_pep": "true", "pep_approved": "2026-01-01", "permit_expiry": "2026-03-01"},
        {"customer_id": "C2", "risk_rating": "high"},
        {"customer_id": "C3"},
    ]
    found = by_customer(report_of(customers=people).health.to_pylist())
    assert {"due_diligence_missing", "pep_without_wealth", "permit_expired"} <= set(found["C1"]["to_do"])
    assert (found["C2"]["due_diligence"], found["C3"]["due_diligence"]) == ("missing", "not_needed")
    assert (found["C1"]["permit_expired_days"], found["C3"]["permit"]) == (30, "none")


def wages(times: int, **others: Any) -> list[dict[str, Any]]:
    """Credits of ten million kip on the first 90 days' last ones, and a first booking 90 days before the end."""
    rows = [booking(n, 90 - n % 80, 10_000_000, channel="transfer", **others) for n in range(times)]
    return [booking(900, 1, 1), *rows]


def test_income_is_held_against_what_comes_in() -> None:
    """Thirty million over 90 days are ten a month: six times an income of one and two thirds, not of four."""
    assert "income_below_flow" in health({"income": 1_666_000}, transactions=wages(3))["C1"]["contradictions"]
    four = health({"income": 4_000_000}, transactions=wages(3))["C1"]
    assert (four["contradictions"], str(four["flow_over_income"])) == ([], "2.50")


def test_small_flows_and_short_histories_contradict_nothing() -> None:
    """Less than four minimum wages a month is nobody's fortune; a week of data is nobody's habit."""
    small = [booking(1, 1, 1), booking(2, 80, 4_000_000)]
    assert health({"income": 100_000}, transactions=small)["C1"]["contradictions"] == []
    week = [booking(n, 84 + n, 90_000_000) for n in range(7)]
    report = report_of(
        customers=[{"customer_id": "C1", "income": 100_000}],
        accounts=[{"account_id": "A1", "customer_id": "C1"}],
        transactions=week,
    )
    assert report.health["contradictions"].to_pylist() == [[]]
    assert "use against what was declared: the data has 7 days, 30 are needed" in report.not_judged


def test_an_income_of_nothing_contradicts_any_flow_worth_asking_about() -> None:
    """No multiple can be told of it."""
    one = health({"income": 0}, transactions=wages(3))["C1"]
    assert (one["contradictions"], one["flow_over_income"]) == (["income_below_flow"], None)


def account(**facts: Any) -> list[dict[str, Any]]:
    """Account A1 of C1."""
    return [{"account_id": "A1", "customer_id": "C1", **facts}]


@pytest.mark.parametrize(
    ("facts", "rows", "contradiction"),
    [
        ({"declared_turnover": 2_000_000}, wages(3), "turnover_below_flow"),
        ({"declared_purpose": "salary"}, wages(8, purpose="goods"), "salary_account_without_salary"),
        ({"declared_purpose": "remittance"}, wages(8, purpose="goods"), "remittance_account_without_remittances"),
        ({"declared_purpose": "savings"}, wages(70, direction="debit"), "savings_in_daily_use"),
        ({"declared_purpose": "salary"}, wages(70, purpose="salary"), "private_account_like_a_shop"),
    ],
)
def test_what_an_account_was_opened_for_is_held_against_its_use(
    facts: dict[str, Any], rows: list[dict[str, Any]], contradiction: str
) -> None:
    """Each declared figure or purpose has its own contradiction, and no other."""
    assert health({}, accounts=account(**facts), transactions=rows)["C1"]["contradictions"] == [contradiction]


@pytest.mark.parametrize(
    ("facts", "rows"),
    [
        ({"declared_purpose": "salary"}, wages(8, purpose="salary")),
        ({"declared_purpose": "salary"}, wages(8)),
        ({"declared_purpose": "remittance"}, wages(8, purpose="family")),
        ({"declared_purpose": "business"}, wages(70)),
        ({"declared_purpose": "salary", "is_merchant": "true"}, wages(70, purpose="salary")),
    ],
)
def test_use_that_fits_contradicts_nothing(facts: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Also where the bank codes no purposes at all, or the shop has its contract."""
    assert health({}, accounts=account(**facts), transactions=rows)["C1"]["contradictions"] == []


def test_a_shops_takings_with_an_occupation_that_earns_nothing() -> None:
    """A merchant contract explains them."""
    seen = health({"occupation": " Student"}, transactions=wages(70))["C1"]
    assert seen["contradictions"] == ["shop_like_without_earnings"]
    explained = health({"occupation": "student"}, accounts=account(is_merchant="true"), transactions=wages(70))["C1"]
    assert explained["contradictions"] == []


def test_a_joint_accounts_use_is_every_owners_and_counts_once_for_the_account() -> None:
    """Both declared nothing of it; the account's turnover is not doubled by its two owners."""
    held = [{"account_id": "A1", "customer_id": c, "role": "joint"} for c in ("C1", "C0")]
    found = health({}, holdings=held, accounts=account(declared_turnover=10_000_000), transactions=wages(3))
    assert [str(found[c]["flow_over_turnover"]) for c in ("C0", "C1")] == ["1.00", "1.00"]


def test_what_there_is_to_do_is_said_in_words_without_amounts() -> None:
    """A sentence for each, gravest first; incomes and flows stand nowhere."""
    people = [{"customer_id": "C1", **FULL, "id_expiry": "2026-03-01", "phone": None, "income": 1_000_000}]
    people.append({"customer_id": "C0", **FULL})
    held = [{"account_id": "A1", "customer_id": "C1", "role": "owner"}]
    report = report_of(customers=people, holdings=held, transactions=wages(3))
    (text,) = health_in_words(report.health_to_do).to_pylist()
    assert text.split(". ") == [
        "The identity paper expired 30 days ago",
        "What comes in a month is 10.00 times the declared income",
        "Empty: phone.",
    ]


def test_a_customer_who_never_moves_money_and_whose_file_is_not_in_order() -> None:
    """A dead account with bad papers is the first to be taken over."""
    people = [{"customer_id": "C0", **FULL}, {"customer_id": "C1", **FULL, "phone": None}]
    found = by_customer(report_of(customers=people).health.to_pylist())
    assert "quiet_and_incomplete" in found["C1"]["to_do"]
    assert found["C0"]["to_do"] == []


def test_the_age_of_majority_is_the_jurisdictions() -> None:
    """Nineteen is a minor where majority begins at twenty."""
    people = [{"customer_id": "C1", "birth_date": f"{AS_OF.year - 19}-01-01"}]
    people.append({"customer_id": "C9", "guardian_id": "C0", "birth_date": day(1)})
    found = by_customer(report_of(country(age_of_majority=20), customers=people).health.to_pylist())
    assert found["C1"]["guardian"] == "missing"
