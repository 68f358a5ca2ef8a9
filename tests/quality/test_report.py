"""The report on real tables: what is counted, which rules it concerns, and that nobody stands in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import amlscreen as aml
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.facts import Facts, facts_of
from amlscreen.quality import QualityReport, Reach, check
from amlscreen.rules.ruleset import RuleSet
from quality.given import Row, tables, transactions

Changed = Callable[[int, Row], dict[str, Any] | None]


def facts(change: Changed = lambda number, row: {}, **more: list[Row]) -> Facts:
    """What is counted of the bank with rows changed or, where the change is None, left out."""
    changed = [(row, change(number, row)) for number, row in enumerate(transactions())]
    rows = [row | new for row, new in changed if new is not None]
    with Dataset.from_tables(transactions=rows, **{**tables(), **more}) as data:
        return facts_of(data)


@pytest.fixture(scope="module")
def dirty(rules: RuleSet) -> QualityReport:
    """The report on a bank with many things wrong at once."""
    rows = [
        row
        | {"transaction_id": f"T{number % 900}"}
        | ({"at": row["at"][:10]} if number % 3 else {"at": row["at"][:10] + " 00:00:00"})
        | ({"counterparty_name": "Test Payer\N{REPLACEMENT CHARACTER}"} if number % 9 == 0 else {})
        for number, row in enumerate(transactions())
        if row["direction"] == "credit"
    ]
    rows[5] |= {"at": "2061-01-01 10:00:00", "account_id": "A99"}
    held = tables()
    held["customers"] += [{"customer_id": "C77", "name": "Given Nobody", "birth_date": "1990-01-01"}]
    with Dataset.from_tables(transactions=rows, **held) as data:
        return check(data, rules)


def test_what_is_wrong_is_found(dirty: QualityReport) -> None:
    """Many problems at once do not hide one another."""
    found = {one.check for one in dirty.findings}
    wanted = {"one_direction", "lone_days", "no_clock_times", "midnights", "damaged_texts", "test_rows"}
    wanted |= {"unknown_accounts", "customers_without_account", "balances", "reused_ids"}
    assert wanted <= found


def test_the_gravest_come_first(dirty: QualityReport) -> None:
    """Errors, warnings, then what is only to know."""
    order = ["error", "warning", "info"]
    places = [order.index(one.severity) for one in dirty.findings]
    assert places == sorted(places) and dirty.counts["error"] == places.count(0) >= 2


def test_without_debits_rules_about_money_going_out_are_blind(dirty: QualityReport) -> None:
    """They are named by id, and no rule is both blind and only weaker."""
    (one,) = (one for one in dirty.findings if one.check == "one_direction")
    assert "HT-A02" in one.blinds and not set(one.blinds) & set(one.weakens)


def test_without_clock_times_night_rules_are_blind(rules: RuleSet) -> None:
    """Exactly those that coverage calls blind for want of clock times."""
    rows = [row | {"at": row["at"][:10]} for row in transactions()]
    with Dataset.from_tables(transactions=rows, **tables()) as data:
        (one,) = (one for one in check(data, rules).findings if one.check == "no_clock_times")
        blind = {rule.rule_id for rule in aml.coverage(data, rules).of("blind") if rule.opens_with == ("clock times",)}
    assert blind and blind <= set(one.blinds)


def test_missing_counterparties_blind_the_rules_that_count_people(reach: Reach) -> None:
    """Read off the cards, not off a list."""
    blind = reach.blinded(("transactions.counterparty",))
    assert {"HT-A01", "HT-A08"} <= set(blind) or {"HT-A08"} <= set(reach.touched(("transactions.counterparty",)))


def test_nobody_stands_in_the_report(dirty: QualityReport) -> None:
    """Neither names nor account numbers nor days of birth; shapes at most."""
    told = str(dirty) + dirty._repr_html_() + json.dumps(dirty.to_dict())
    for secret in ("Given", "Payer", "1990-01-01", "A99", "X13", "70500", "7050000"):
        assert secret not in told, secret


def test_the_report_is_a_table_and_plain_json(dirty: QualityReport) -> None:
    """For a notebook and for a program."""
    assert list(dirty.to_frame()["check"]) == [one.check for one in dirty.findings]
    assert {"table", "column", "empty_share", "distinct"} <= set(dirty.columns.columns)
    assert json.loads(json.dumps(dirty.to_dict()))["counts"] == dirty.counts


def test_columns_are_exact_in_a_small_dataset(clean: Facts) -> None:
    """Share of empty cells, different values, the range of days; other texts by their shape."""
    found = {(one.table, one.column): one for one in clean.columns}
    name = found["transactions", "counterparty_name"]
    assert (name.rows, name.empty_share, name.distinct, name.is_exact) == (1_800, 0.0, 40, True)
    assert (name.least, name.greatest, name.example) == ("aaaaa aaaaa 9", "aaaaa aaaaa 9", name.example)
    day = found["transactions", "local_day"]
    assert (day.least, day.greatest) == ("2026-01-01", "2026-05-30")
    assert found["transactions", "branch_id"].least == "B0"
    assert found["customers", "birth_date"].least == "9999-99-99"
    assert ("transactions", "province") not in found


def test_distinct_values_are_never_more_than_the_rows(clean: Facts) -> None:
    """An estimate is held to the filled cells."""
    assert all(one.distinct <= one.filled <= one.rows for one in clean.columns)


def test_balances_add_up_in_either_order(clean: Facts) -> None:
    """A file that runs backwards has the same balances."""
    backwards = list(reversed(transactions()))
    with Dataset.from_tables(transactions=backwards) as data:
        found = facts_of(data).balances
    assert clean.balances and found
    assert (clean.balances[0].broken, found[0].broken) == (0, 0) and found[0].pairs == 1_792


def test_a_booking_that_is_missing_breaks_the_balance() -> None:
    """Two neighbours no longer lead to one another."""
    (found,) = facts(lambda number, row: None if number == 700 else {}).balances or ()
    assert (found.broken, found.broken_accounts) == (1, 1)


def test_clock_times_are_counted() -> None:
    """Midnights, full hours, and the commonest second of the day."""
    (found,) = facts(
        lambda number, row: (
            {"at": row["at"][:10] + (" 00:00:00" if number % 10 == 0 else " 17:00:00")} if number % 5 == 0 else {}
        )
    ).clocks
    assert (found.midnight, found.common, found.common_time) == (180, 180, "17:00:00")
    assert found.full_hour >= 360 and sum(found.by_hour) == found.timed == 1_800


def test_accounts_are_held_against_the_tables() -> None:
    """Unknown ones, currencies that contradict, bookings before the opening."""
    accounts = [
        {"account_id": f"A{n}", "opened": "2026-02-01" if n == 1 else "2020-01-01", "currency": "USD" if n else "LAK"}
        for n in range(7)
    ]
    found = facts(accounts=accounts, customers=tables()["customers"][:6]).accounts
    assert (found.booked, found.unknown, found.unknown_rows) == (8, 1, 225)
    assert (found.other_currency, found.before_opening, found.unknown_owners) == (6, 1, 2)


def test_placeholders_and_cut_texts_are_seen() -> None:
    """Words for want of a value, days of birth on new year, and one length far too common."""
    customers = [
        {"customer_id": f"C{n}", "birth_date": "1990-01-01", "phone": "+85620000000", "name": "n/a"} for n in range(8)
    ]
    found = facts(
        lambda number, row: {"narrative": f"{number:05} paid for the goods of this month"[:32]}, customers=customers
    )
    birth, name, told = (
        found.text(*at) for at in (("customers", "birth_date"), ("customers", "name"), ("transactions", "narrative"))
    )
    assert birth and name and told
    assert (birth.placeholder, birth.common, birth.common_shape) == (8, 8, "9999-99-99")
    assert birth.placeholders == "1 January"
    assert (name.placeholder, name.placeholders) == (8, "n/a")
    assert (told.longest, told.at_longest, told.near_longest) == (32, 1_800, 0)


def test_one_row_is_enough_to_be_checked(rules: RuleSet) -> None:
    """The least dataset there is; the tables it lacks are told."""
    with Dataset.from_tables(transactions=transactions()[:1]) as data:
        assert {one.check for one in check(data, rules).findings} == {"missing_tables"}


def test_a_quick_look_says_what_it_left_out(rules: RuleSet) -> None:
    """As in a screen: checks that need a further pass are named."""
    with Dataset.from_tables(transactions=transactions(), **tables()) as data:
        report = aml.check(data, rules, thorough=False)
    assert report.left_out == ("balances", "reused_ids") and report.facts.balances is None
    assert "No finding" in str(report) and "balances" in report._repr_html_()
