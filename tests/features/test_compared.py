"""Features that hold a subject against its own past, against people alike and against what was declared."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction
from random import Random
from statistics import median
from typing import Any

from amlscreen.feature_catalogue import catalogue
from features.asking import ask, of

PAST = [name for name, one in catalogue().items() if one.group == "past"]
LAST = dt.date(2026, 6, 30)
CASH = {"cash", "atm"}


def row(customer: str, day: int, amount: int, **others: Any) -> dict[str, Any]:
    """A credit on an account of that customer, so many days before the last day."""
    at = str(LAST - dt.timedelta(days=day))
    return {"account_id": customer, "at": at, "direction": "credit", "amount": amount, "channel": "transfer", **others}


def numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With transaction ids."""
    return [{"transaction_id": f"T{number:04d}", **one} for number, one in enumerate(rows)]


EARLY = [row("Z", 179, 1), row("Z", 0, 1)]
"""Somebody whose rows make the data reach back six spans."""


def measured(rows: list[dict[str, Any]], name: str) -> int:
    """The measure behind a feature, over some rows of one customer."""
    side = "debit" if name.startswith(("debits", "payees", "cash_out", "largest_debit")) else "credit"
    mine = [one for one in rows if one["direction"] == side]
    cash = [one["amount"] for one in mine if one["channel"] in CASH]
    if name.startswith("cash"):
        return sum(cash)
    if name.startswith("largest"):
        return max((one["amount"] for one in mine), default=0)
    if name.startswith(("payers", "payees")):
        return len({one["counterparty_account"] for one in mine} - {None})
    if name.startswith("transactions"):
        return len(rows)
    if name.startswith("active_days"):
        return len({one["at"] for one in rows})
    return sum(one["amount"] for one in mine)


def change(rows: list[dict[str, Any]], opened: dt.date, name: str) -> int | None:
    """The change of one customer, told slowly."""
    spans, begins = [], []
    for back in range(6):
        last = LAST - dt.timedelta(days=30 * back)
        begins.append(last - dt.timedelta(days=29))
        inside = [one for one in rows if begins[-1] <= dt.date.fromisoformat(one["at"]) <= last]
        spans.append(measured(inside, name))
    first = min([opened, *(dt.date.fromisoformat(one["at"]) for one in rows)])
    before = [value for value, begin in zip(spans[1:], begins[1:], strict=True) if first <= begin]
    if len(before) < 2:
        return None
    then = Fraction(max(before)) if name.endswith("above_all") else Fraction(median(map(Fraction, before)))
    return math.floor((spans[0] - then) * 1_000_000 / (spans[0] + then)) if spans[0] + then else None


def test_changes_are_those_of_a_slow_reading() -> None:
    """Every feature of the own past, for customers who came early or late."""
    rng = Random(7)
    rows, opened = [*EARLY], {}
    for number in range(25):
        customer = f"C{number:02d}"
        reach = rng.choice([20, 50, 100, 178])
        opened[customer] = LAST - dt.timedelta(days=reach + rng.choice([0, 0, 40]))
        rows += [
            row(
                customer, rng.randrange(reach), rng.choice([1, 5, 1000]), direction=rng.choice(["credit", "debit"]),
                channel=rng.choice(["cash", "transfer"]), counterparty_account=rng.choice(["P", "Q", "R", None]),
            )
            for _ in range(rng.randrange(1, 25))
        ]  # fmt: skip
    accounts = [{"account_id": one, "customer_id": one, "opened": str(day)} for one, day in opened.items()]
    found = ask(PAST, subject="customer", transactions=numbered(rows), accounts=accounts)
    for name in PAST:
        told = of(found, name)
        for customer, day in opened.items():
            mine = [one for one in rows if one["account_id"] == customer]
            assert told[customer] == change(mine, day, name), (name, customer)


def test_who_stopped_and_who_never_was_are_at_the_ends() -> None:
    """Bounded by -1 and 1; who is as ever stands at 0."""
    steady = [row("A", day, 10) for day in (5, 35, 65, 95)]
    rows = numbered([*EARLY, *steady, *(row("B", day, 10) for day in (35, 65, 95)), row("C", 3, 10)])
    accounts = [{"account_id": one, "customer_id": one, "opened": "2020-01-01"} for one in "ABC"]
    told = of(ask(PAST, subject="customer", transactions=rows, accounts=accounts), "credits_change")
    assert [told[one] for one in "ABC"] == [0, -1_000_000, 1_000_000]


def people(count: int, **others: Any) -> list[dict[str, Any]]:
    """Customers of one kind."""
    return [{"customer_id": f"C{number:02d}", "customer_kind": "person", **others} for number in range(count)]


def test_people_are_held_against_those_of_their_occupation_or_against_all() -> None:
    """The same sum is far out among thirty-one clerks and in the middle of everybody, where few are bakers."""
    customers = people(31, occupation="clerk") + [
        {**one, "customer_id": f"D{number}"} for number, one in enumerate(people(40, occupation="driver"))
    ]
    customers.append({"customer_id": "E", "customer_kind": "person", "occupation": "baker"})
    sums = [*range(100, 130), 1_000, *range(2_000, 2_040), 1_000]
    rows = [row(one["customer_id"], 1, amount) for one, amount in zip(customers, sums, strict=True)]
    found = ask(["credits_to_peers"], subject="customer", transactions=numbered(rows), customers=customers)
    told = of(found, "credits_to_peers")
    for customer, members in (("C30", sums[:31]), ("E", sums)):
        middle = Fraction(median(members))
        spread = Fraction(median([abs(one - middle) for one in members])) * Fraction(14_826, 10_000)
        assert abs(told[customer] - (1_000 - middle) / spread * 1_000_000) < 2


def test_who_was_not_active_is_nobodys_peer() -> None:
    """The dormant would pull every median to zero; they are told how far they are from the active all the same."""
    customers = people(60)
    rows = [row(one["customer_id"], 1, 100 + number) for number, one in enumerate(customers[:31])]
    rows += [row(one["customer_id"], 120, 100) for one in customers[31:]]
    found = ask(["credits_to_peers"], subject="customer", transactions=numbered(rows), customers=customers)
    told = of(found, "credits_to_peers")
    assert told["C15"] == 0
    assert told["C59"] < -9_000_000


def test_income_is_by_the_month_and_what_was_not_declared_is_unknown() -> None:
    """Three months of income against 90 days; of an account its first owner's."""
    customers = [
        {"customer_id": "A", "income": 100},
        {"customer_id": "B", "income": 0},
        {"customer_id": "C"},
    ]
    rows = numbered([row(one, 40, 600) for one in "ABC"] + [row("A", 1, 300, channel="cash"), row("Z", 0, 1)])
    names = ["credits_to_income", "credits_30d_to_income", "largest_credit_to_income", "cash_in_to_income"]
    for subject in ("customer", "account"):
        found = ask(names, subject=subject, transactions=rows, customers=customers)  # type: ignore[arg-type]
        assert [of(found, name)["A"] for name in names] == [3_000_000, 3_000_000, 6_000_000, 1_000_000]
        assert {of(found, name)[one] for name in names for one in "BC"} == {None}


def test_turnover_of_a_customer_is_that_of_all_accounts_that_have_one() -> None:
    """An account without a declaration adds money and no turnover."""
    accounts = [
        {"account_id": "A1", "customer_id": "A", "declared_turnover": 100},
        {"account_id": "A2", "customer_id": "A", "declared_turnover": 50},
        {"account_id": "A3", "customer_id": "A"},
    ]
    rows = numbered([row("A1", 1, 150), row("A2", 1, 150), row("A3", 1, 600)])
    names = ["credits_to_turnover", "debits_to_turnover"]
    found = ask(names, subject="customer", transactions=rows, accounts=accounts)
    assert [of(found, name)["A"] for name in names] == [2_000_000, 0]
    found = ask(names, transactions=rows, accounts=accounts)
    assert of(found, "credits_to_turnover") == {"A1": 500_000, "A2": 1_000_000, "A3": None}


def test_people_alike_give_a_yardstick_to_those_who_declared_nothing() -> None:
    """The median income of thirty people; the own income is held against it too."""
    customers = [{**one, "income": 90 + number} for number, one in enumerate(people(31))]
    customers[30] = {"customer_id": "C30", "customer_kind": "person"}
    customers[29]["income"] = 900
    rows = numbered([row("C30", 1, 3 * 1045)])
    names = ["credits_to_income_alike", "income_to_peers"]
    found = ask(names, subject="customer", transactions=rows, customers=customers)
    assert of(found, "credits_to_income_alike")["C30"] == 10_000_000
    assert of(found, "income_to_peers")["C30"] is None
    assert of(found, "income_to_peers")["C29"] > 50_000_000
