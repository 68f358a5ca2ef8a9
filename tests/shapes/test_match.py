"""Rows of reference tables for which conditions hold, as of the run's day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from amlscreen.hits import Hit
from amlscreen.rules.card import Card
from amlscreen.settings import Settings
from shapes.looking import lines, look, rule

DAY_9 = {"transactions": lines("day account direction\n9 A1 debit\n8 A1 debit\n8 A1 credit")}


def match(where: dict[str, Any], table: str = "customers", **others: Any) -> Card:
    """A card of shape ``match``."""
    card = {name: others.pop(name) for name in ("possible_victims",) if name in others}
    detect = {"shape": "match", "table": table, "where": where, "subject": "customer_id", **others}
    return rule("HT-K01", detect=detect, **card)


def hits(card: Card, **tables: Any) -> list[Hit]:
    """What the card finds besides three transactions of A1, the last on 9 March 2026."""
    found = look(card, **{**DAY_9, **tables})
    assert found.outcomes[0].status == "ran", found.outcomes[0].reason
    return list(found.hits)


def ids(card: Card, **tables: Any) -> list[str]:
    """The subjects found."""
    return [hit.subject.id for hit in hits(card, **tables)]


def test_ages_are_those_on_the_last_day() -> None:
    """Eighteen on the day itself is no minor any more; an unknown birth date is neither."""
    people = [
        {"customer_id": "C1", "birth_date": "2008-03-10"},
        {"customer_id": "C2", "birth_date": "2008-03-09"},
        {"customer_id": "C3"},
    ]
    assert ids(match({"is_minor": True}), customers=people) == ["C1"]
    assert ids(match({"is_minor": False}), customers=people) == ["C2"]
    assert ids(match({"age": {"gte": 18}}), customers=people) == ["C2"]


def test_days_since_a_date_are_negative_before_it() -> None:
    """A paper that expires today has expired for no day yet."""
    people = [
        {"customer_id": f"C{n}", "id_expiry": f"2026-03-{8 + n:02d}", "review_due": "2026-03-01"} for n in range(3)
    ]
    assert ids(match({"id_expired_days": {"gte": 1}}), customers=people) == ["C0"]
    assert ids(match({"id_expired_days": {"lt": 0}}), customers=people) == ["C2"]
    assert ids(match({"review_overdue_days": 8}), customers=people) == ["C0", "C1", "C2"]


def test_an_account_has_an_age_too() -> None:
    """The subject may be an account."""
    accounts = [{"account_id": "A1", "opened": "2026-03-01"}, {"account_id": "A2", "opened": "2025-03-01"}]
    young = match({"account_age": {"lt": 30}}, "accounts", subject="account_id", subject_kind="account")
    (hit,) = hits(young, accounts=accounts)
    assert (hit.subject.kind, hit.subject.id, hit.account_ids, hit.customer_ids) == ("account", "A1", ("A1",), ())


def test_a_column_the_data_lacks_altogether_is_not_missing_from_each_customer() -> None:
    """Of the required fields only those count that somebody has."""
    people = [
        {"customer_id": "C1", "name": "Test One", "id_number": "N1", "address": None},
        {"customer_id": "C2", "name": "Test Two", "id_number": None, "address": None},
    ]
    assert ids(match({"missing_fields": {"gte": 1}}), customers=people) == ["C2"]
    people[0]["address"] = "Test Road"
    (hit,) = hits(match({"missing_fields": {"gte": 1}}, measures={"n": "missing_fields"}), customers=people)
    assert hit.measures == {"n": 2}


def test_numbers_from_the_ledger_are_those_of_the_same_bank() -> None:
    """Two banks may use one customer number."""
    people = [{"institution": bank, "customer_id": "C1", "id_expiry": "2026-03-08"} for bank in ("BANK", "OTHER")]
    accounts = [{"account_id": "A1", "customer_id": "C1"}]
    late = match({"debits_after_expiry": {"gte": 1}}, measures={"days": "active_days"})
    (hit,) = hits(late, customers=people, accounts=accounts)
    assert (hit.subject.institution, hit.measures) == ("BANK", {"days": 2})


def test_a_guardian_is_the_subject_and_the_minors_are_victims() -> None:
    """Wards are counted within one bank; an adult ward is none."""
    people = [
        {"customer_id": "C1", "birth_date": "2015-01-01", "guardian_id": "G1"},
        {"customer_id": "C2", "birth_date": "2016-01-01", "guardian_id": "G1"},
        {"customer_id": "C3", "birth_date": "1990-01-01", "guardian_id": "G1"},
        {"customer_id": "C4", "birth_date": "2016-01-01", "guardian_id": "G2"},
        {"institution": "OTHER", "customer_id": "C5", "birth_date": "2016-01-01", "guardian_id": "G2"},
    ]
    card = match(
        {"is_minor": True, "wards": {"gte": 2}},
        subject="guardian_id",
        measures={"minors": "wards"},
        possible_victims="customer_id",
    )
    (hit,) = hits(card, customers=[{"institution": "BANK", **one} for one in people])
    assert (hit.subject.id, hit.measures, hit.victims) == ("G1", {"minors": 2}, ("C1", "C2"))


def test_at_least_counts_the_rows_of_one_subject() -> None:
    """Two notes of one code are one hit; one note is none."""
    notes = [
        {"observation_id": f"O{n}", "customer_id": who, "at": f"2026-03-0{n + 1}T10:00:00", "code": "TEST"}
        for n, who in enumerate(("C1", "C1", "C2"))
    ]
    assert ids(match({"code": "TEST"}, "observations", at_least=2), observations=notes) == ["C1"]


def test_notes_after_the_last_day_are_not_looked_at() -> None:
    """``as_of`` ends the tables as it ends the transactions; the day itself still counts."""
    notes = [
        {"observation_id": f"O{n}", "customer_id": f"C{n}", "at": at, "code": "TEST"}
        for n, at in enumerate(("2026-03-08T23:59:59", "2026-03-09T00:00:00"))
    ]
    reports = [
        {"report_id": f"R{n}", "subject_kind": "customer", "subject_id": f"C{n}", "at": f"2026-03-0{8 + n}"}
        for n in range(2)
    ]
    settings = Settings(threads=1, as_of=dt.date(2026, 3, 8))
    seen = look(match({"code": "TEST"}, "observations"), settings=settings, observations=notes, **DAY_9)
    about = match({"subject_kind": "customer"}, "reports", subject="subject_id")
    told = look(about, settings=settings, reports=reports, **DAY_9)
    assert [hit.subject.id for hit in seen.hits] == [hit.subject.id for hit in told.hits] == ["C0"]


def test_a_table_or_column_the_data_lacks_is_told() -> None:
    """Never silently no hit."""
    found = look(match({"code": "TEST"}, "observations"), **DAY_9)
    assert (found.outcomes[0].status, found.hits) == ("not_evaluable", ())
    assert "observations.code" in found.outcomes[0].reason
    found = look(match({"is_pep": True}), customers=[{"customer_id": "C1"}], **DAY_9)
    assert found.outcomes[0].reason == "no data: customers.is_pep"


def notes_on(*days: str) -> list[dict[str, Any]]:
    """Notes on C1, C2 and so on, one on each of these days."""
    return [
        {"observation_id": f"O{n}", "customer_id": f"C{n}", "at": f"{day}T10:00:00", "code": "TEST"}
        for n, day in enumerate(days, start=1)
    ]


def test_looking_back_counts_whole_days_up_to_the_last() -> None:
    """Of nine days, the last is the day itself and the first the eighth before it."""
    notes = notes_on("2026-03-09", "2026-03-01", "2026-02-28")
    assert ids(match({"code": "TEST"}, "observations", within="9d"), observations=notes) == ["C1", "C2"]
    assert ids(match({"code": "TEST"}, "observations", within="8d"), observations=notes) == ["C1"]
    reports = [
        {"report_id": f"R{n}", "subject_kind": "customer", "subject_id": f"C{n}", "at": day}
        for n, day in enumerate(("2026-03-01", "2026-02-28"))
    ]
    recent = match({"subject_kind": "customer"}, "reports", subject="subject_id", within="9d")
    assert ids(recent, reports=reports) == ["C0"]


def test_what_the_bank_was_told_after_the_last_transaction_is_recent() -> None:
    """As of the end of the data it counts; as of an earlier day it was not known."""
    notes = notes_on("2026-03-20", "2026-03-08")
    card = match({"code": "TEST"}, "observations", within="3d")
    assert ids(card, observations=notes) == ["C1", "C2"]
    settings = Settings(threads=1, as_of=dt.date(2026, 3, 8))
    assert [hit.subject.id for hit in look(card, settings=settings, observations=notes, **DAY_9).hits] == ["C2"]


def test_a_holding_without_a_day_is_not_recent() -> None:
    """Null satisfies nothing; and one who came in after the day looked at was not there yet."""
    held = [
        {"account_id": "A1", "customer_id": who, "role": "proxy", "since": day}
        for who, day in (("C1", "2026-03-05"), ("C2", None), ("C3", "2026-03-09"), ("C4", "2026-01-05"))
    ]
    card = match({"role": "proxy"}, "holdings", within="30d")
    assert ids(card, holdings=held) == ["C1", "C3"]
    settings = Settings(threads=1, as_of=dt.date(2026, 3, 8))
    assert [hit.subject.id for hit in look(card, settings=settings, holdings=held, **DAY_9).hits] == ["C1"]


def test_looking_back_needs_the_day() -> None:
    """Holdings that never say since when cannot be told to be recent."""
    held = [{"account_id": "A1", "customer_id": "C1", "role": "proxy"}]
    found = look(match({"role": "proxy"}, "holdings", within="30d"), holdings=held, **DAY_9)
    assert found.outcomes[0].reason == "no data: holdings.since"


@pytest.mark.parametrize(("table", "within"), [("customers", "30d"), ("observations", "36h")])
def test_looking_back_is_by_days_and_by_a_day(table: str, within: str) -> None:
    """Customers have no day of their own, and a run is as of a day."""
    with pytest.raises(ValidationError, match="`within`"):
        match({"customer_id": "C1"}, table, within=within)


SIGNED = [
    {"account_id": account, "customer_id": who, "role": role}
    for account, who, role in (
        ("A1", "C1", "owner"),
        ("A1", "S", "signatory"),
        ("A2", "C2", "joint"),
        ("A2", "C1", "joint"),
        ("A2", "S", "proxy"),
        ("A3", "C1", "owner"),
        ("A3", "S", "signatory"),
        ("A4", "S", "proxy"),
        ("A5", "S", "owner"),
        ("A5", "S", "signatory"),
        ("A6", "S", "proxy"),
    )
]
OWNED = [{"account_id": "A4", "customer_id": "C4"}, {"account_id": "A5", "customer_id": "S"}]


def test_different_values_are_counted_instead_of_rows() -> None:
    """S signs for C1 three times and for C4 once: of joint owners the first by id stands; A6 has no known owner."""
    card = match({"role": ["signatory", "proxy"]}, "holdings", distinct="owner_id", at_least=2)
    (hit,) = hits(card, holdings=SIGNED, accounts=OWNED)
    assert (hit.subject.id, hit.measures) == ("S", {"times": 2})
    assert ids(match({"role": "proxy"}, "holdings", distinct="owner_id", at_least=3), holdings=SIGNED) == []


def test_nobody_is_somebody_else_on_an_account_of_their_own() -> None:
    """Rows of S on A5 name no other owner."""
    own = match({"owner_id": {"null": True}}, "holdings", subject="account_id", subject_kind="account")
    assert ids(own, holdings=SIGNED, accounts=OWNED) == ["A1", "A2", "A3", "A5", "A6"]


def test_a_code_written_twice_is_one_code() -> None:
    """``distinct`` of a column as given; rows without a value count for nothing."""
    notes = [
        {"observation_id": f"O{n}", "customer_id": "C1", "at": "2026-03-08T10:00:00", "code": code, "branch_id": place}
        for n, (code, place) in enumerate((("X", "B1"), ("X", None), ("Y", None)))
    ]
    where = {"code": {"null": False}}
    (hit,) = hits(match(where, "observations", distinct="code", at_least=2), observations=notes)
    assert hit.measures == {"times": 2}
    assert ids(match(where, "observations", distinct="branch_id", at_least=2), observations=notes) == []
