"""One list for all checks: each speaks where its problem is, is silent where it is not, and never fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from amlscreen.intake.facts import (
    AccountFacts,
    BalanceFacts,
    ClockFacts,
    DayFacts,
    Facts,
    FileFacts,
    MoneyFacts,
    SideFacts,
    StatementFacts,
    TextFacts,
)
from amlscreen.intake.noticed import Noticed
from amlscreen.quality import CHECKS, EFFECTS, SEVERITIES, Reach, findings_of
from amlscreen.schema import TABLES

Dirty = Callable[[Facts], Facts]
JANUARY = 20_454  # 2026-01-01
HOURS = tuple(10 for _ in range(24))


def file(**more: object) -> Dirty:
    """One file of transactions with something odd."""
    plain = {"records": 1_000, "accepted": 900, "quarantined": 0, "duplicates": 0, "excluded": 0, **more}
    return lambda facts: replace(facts, files=(FileFacts("t.csv", "transactions", **plain),))  # type: ignore[arg-type]


def account(**more: int) -> Dirty:
    """Counts of accounts with something odd."""
    return lambda facts: replace(facts, accounts=replace(facts.accounts, **more))


def clock(**more: object) -> Dirty:
    """Clock times of one file with something odd."""
    plain = ClockFacts("t.csv", 1_000, 1_000, 0, 0, HOURS, 1_000, 5, "10:00:01")
    return lambda facts: replace(facts, clocks=(replace(plain, **more),))  # type: ignore[arg-type]


def text(table: str, column: str, **more: object) -> Dirty:
    """Values of one column with something odd."""
    plain = TextFacts(table, column, 2_000, 2_000, 500, common=10, longest=30)
    return lambda facts: replace(facts, texts=(replace(plain, **more),))  # type: ignore[arg-type]


def money(**more: object) -> Dirty:
    """Amounts of one currency with something odd."""
    plain = MoneyFacts("USD", 2, 2, 1_000, 300, 20, 0, 12.0, 0.8)
    return lambda facts: replace(facts, money=(replace(plain, **more),))  # type: ignore[arg-type]


def days(*counts: tuple[int, int]) -> Dirty:
    """So many transactions on these days, counted from the first of January."""
    found = tuple(DayFacts(JANUARY + day, rows) for day, rows in counts)
    return lambda facts: replace(facts, days=found, rows=sum(one.rows for one in found))


STEADY = [(day, 40) for day in range(181)]
CASES: dict[str, Dirty] = {
    "lone_days": days(*STEADY, (2_000, 1)),
    "after_as_of": lambda facts: replace(facts, as_of=JANUARY + 20),
    "thin_month": days(*((day, 8 if 59 <= day < 90 else 40) for day in range(181))),
    "missing_days": days(*((day, 40) for day in range(181) if day not in {71, 72, 73})),
    "thin_days": days(*((day, 2 if day in {70, 71, 72} else 40) for day in range(181))),
    "crowded_days": days(*((day, 900 if day == 72 else 40) for day in range(181))),
    "no_weekends": lambda facts: replace(facts, days_of_channel={"atm": (3_000, 0), "cash": (3_000, 0)}),
    "far_value_dates": lambda facts: replace(facts, value_dates=(1_000, 40, 40)),
    "one_direction": lambda facts: replace(facts, sides=(SideFacts("t.csv", "cash", 500, 0),)),
    "one_sided_channel": lambda facts: replace(
        facts, sides=(SideFacts("t.csv", "cash", 500, 500), SideFacts("t.csv", "transfer", 0, 500))
    ),
    "one_sided_accounts": account(busy=100, only_credits=60),
    "no_counterparty": lambda facts: replace(facts, payments=(1_000, 400, 0)),
    "own_counterparty": lambda facts: replace(facts, payments=(1_000, 0, 30)),
    "statement_balances": lambda facts: replace(facts, statements=(StatementFacts("s.sta", 4, (17,)),)),
    "balances": lambda facts: replace(facts, balances=(BalanceFacts("t.csv", 8, 900, 200, 8),)),
    "reused_ids": lambda facts: replace(facts, reused_ids=(900, 90)),
    "missing_tables": lambda facts: replace(
        facts,
        table_rows={"transactions": facts.rows},
        provided=frozenset(one for one in facts.provided if one.startswith("transactions")),
        accounts=AccountFacts(),
    ),
    "unknown_accounts": account(unknown=3, unknown_rows=200),
    "accounts_without_owner": account(booked_without_owner=1),
    "unknown_owners": account(unknown_owners=2),
    "customers_without_account": account(customers_without_account=5),
    "idle_accounts": account(recorded=100, idle=90),
    "currency_mixes": account(several_currencies=2),
    "outside_its_life": account(before_opening=2),
    "no_clock_times": clock(timed=0),
    "midnights": clock(midnight=100),
    "round_hours": clock(full_hour=300),
    "one_time_of_day": clock(common=400, common_time="17:30:00"),
    "night_and_day": clock(by_hour=tuple(100 if hour < 6 else 5 for hour in range(24))),
    "scaled_amounts": money(whole=1_000, hundreds=1_000),
    "whole_amounts": money(whole=1_000),
    "amount_outliers": money(largest_to_high=1e6),
    "zero_amounts": money(zero=100),
    "common_value": text("customers", "phone", common=300, common_shape="+99999999"),
    "placeholders": text("customers", "id_number", placeholder=200, placeholders="-"),
    "constant_column": text("transactions", "branch_id", distinct=1, common=2_000),
    "damaged_texts": text("customers", "name", damaged=100),
    "cut_texts": text("transactions", "narrative", longest=35, at_longest=300, distinct_at_longest=200),
    "test_rows": text("transactions", "narrative", dummy=3),
    "buddhist_years": file(quarantined=3, reasons={("date_out_of_range", "at"): 3}, buddhist_years=3),
    "conflicting_ids": file(quarantined=3, reasons={("conflict", "transaction_id"): 3}),
    "rows_set_aside": file(quarantined=3, reasons={("bad_date", "at"): 3}),
    "repeated_rows": file(duplicates=90),
    "rows_left_out": file(excluded=90),
    "noticed_while_reading": lambda facts: replace(
        facts, noticed=(Noticed("t.csv", "transactions", "province", "province_unlisted", 900),)
    ),
}


def test_every_check_stands_in_the_list() -> None:
    """A new check brings its case."""
    assert sorted(CASES) == sorted(one.id for one in CHECKS)


@pytest.mark.parametrize("name", CASES)
def test_a_check_speaks_where_its_problem_is(name: str, clean: Facts, reach: Reach) -> None:
    """It says what, with its own severity or a milder or graver one, and what to do."""
    found = [one for one in findings_of(CASES[name](clean), reach) if one.check == name]
    assert found
    for one in found:
        assert one.severity in SEVERITIES and one.what.endswith((".", "'.")) and one.action and one.meaning
        assert not one.what[0].islower() or one.where


def test_a_clean_bank_has_nothing_to_tell(clean: Facts, reach: Reach) -> None:
    """So each of the others is silent there, too."""
    assert findings_of(clean, reach) == ()


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: one.id)
def test_nothing_at_all_is_no_problem(one, clean: Facts) -> None:  # type: ignore[no-untyped-def]
    """Empty tables never make a check fail, and no check that counts speaks of them."""
    empty = Facts(clean.jurisdiction, None, 0, 0, frozenset(), {})
    found = list(one.find(empty))
    assert found == [] or one.id == "missing_tables"


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: one.id)
def test_a_check_is_documented_in_itself(one) -> None:  # type: ignore[no-untyped-def]
    """Meaning, action and limits are sentences; what it takes from rules has a name."""
    for text_ in (one.meaning, one.action, one.limits):
        assert (text_[0].isupper() or text_[0].isdigit()) and text_.rstrip()[-1] in ".?"
    for effect in one.effects:
        table, _, column = effect.partition(".")
        assert effect in EFFECTS or effect in TABLES or column in TABLES[table].names
