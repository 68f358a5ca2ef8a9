"""Rows of reference tables for which conditions hold, as of the run's day."""

from __future__ import annotations

import datetime as dt
from typing import Any

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
