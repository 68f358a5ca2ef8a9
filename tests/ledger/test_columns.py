"""Derived columns, each on rows that can be worked out by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from amlscreen.engines.local import partitions, prepare
from amlscreen.intake.dataset import Dataset
from amlscreen.jurisdiction import Figure, Jurisdiction, Limit
from amlscreen.ledger.columns import STORED_FOR, full_years, unix_day
from amlscreen.ledger.limits import limit_multiple
from amlscreen.rules.columns import RULE_COLUMNS
from amlscreen.settings import Settings
from amlscreen.shapes.plan import plans_of
from shapes.looking import lines, rule

ONE_OF_EACH = {
    "shape": "window",
    "subject": "account",
    "within": "1d",
    "measures": {"n": {"count": "transactions", "of": "a"}},
}


def column(name: str, *, jurisdiction: str | Jurisdiction = "laos", **tables: Any) -> list[Any]:
    """The column by transaction and holder; None where it is not known."""
    card = rule(detect={**ONE_OF_EACH, "rows": {"a": {name: {"null": False}}}})
    settings = Settings(threads=1)
    with Dataset.from_tables(jurisdiction, settings, **tables) as data:
        plans = list(plans_of(card, data.jurisdiction))
        reference = prepare(data, plans, data.last_complete_day)
        found = []
        for part in partitions(data, plans, reference, settings):
            values = part.column(name)
            ids = data.rows(part.column("row_id").array)["transaction_id"].to_pylist()
            pairs = zip(values.array.tolist(), values.is_known(), strict=True)
            whole = [one if known else None for one, known in pairs]
            if values.words is not None:
                whole = [None if one is None else values.words[one].as_py() for one in whole]
            found += zip(ids, part.column("holder_no").array.tolist(), whole, strict=True)
    return [value for _, _, value in sorted(found, key=lambda one: one[:2])]


def test_every_derived_column_says_what_it_reads() -> None:
    """A rule column is stored under its own name or listed with the stored ones that it is made of."""
    stored = {name for names in STORED_FOR.values() for name in names}
    assert set(STORED_FOR) <= set(RULE_COLUMNS)
    assert stored <= set(RULE_COLUMNS) | {"amount_original", "counterparty_kind", "netted"}


def test_quiet_days_count_from_the_customers_last_move() -> None:
    """Interest neither wakes nor is quiet; the first row counts from the opening or from the first day of the data."""
    table = lines(
        """
        day account kind
        1   OLD     customer
        3   A1      customer
        5   A1      interest
        9   A1      customer
        9   A1      customer
        8   NEW     customer
        """
    )
    opened = [{"account_id": "A1", "opened": "2020-01-01"}, {"account_id": "NEW", "opened": "2026-03-06"}]
    assert column("quiet_days", transactions=table, accounts=opened) == [0, 2, None, 6, 0, 2]


def test_a_reversed_row_is_not_quiet_and_wakes_nobody() -> None:
    """What was taken back did not happen."""
    table = lines("day kind reverses\n1 customer -\n3 customer -\n4 reversal T001\n8 customer -")
    table[2]["direction"] = "debit"
    assert column("quiet_days", transactions=table) == [0, None, None, 7]


def test_account_age_is_unknown_before_the_opening() -> None:
    """A row before its account was opened says that one of the two dates is wrong."""
    table = lines("day account\n4 A1\n2 A1\n2 A2")
    opened = [{"account_id": "A1", "opened": "2026-03-03"}, {"account_id": "A2"}]
    assert column("account_age", transactions=table, accounts=opened) == [1, None, None]


def test_the_age_of_a_holder_born_on_a_leap_day() -> None:
    """In other years a year is full on 1 March."""
    born = np.array([unix_day(dt.date(2008, 2, 29))] * 4)
    days = [dt.date(2026, 2, 28), dt.date(2026, 3, 1), dt.date(2028, 2, 28), dt.date(2028, 2, 29)]
    assert full_years(born, np.array([unix_day(day) for day in days])).tolist() == [17, 18, 19, 20]


def test_holder_columns_are_those_of_each_owner() -> None:
    """A joint account's rows stand once for each owner, with that owner's age, province, kind and licence."""
    tables = {
        "transactions": lines("day\n1"),
        "holdings": [{"account_id": "A1", "customer_id": one, "role": "joint"} for one in ("C1", "C2")],
        "customers": [
            {"customer_id": "C1", "birth_date": "2000-03-02", "province": "LA-VT", "is_licensed": "true"},
            {"customer_id": "C2", "customer_kind": "entity"},
        ],
    }
    assert column("holder_age", **tables) == [25, None]
    assert column("holder_province", **tables) == ["LA-VT", None]
    assert column("holder_kind", **tables) == ["person", "entity"]
    assert column("holder_is_licensed", **tables) == [1, None]


def test_away_is_another_province_than_the_holders() -> None:
    """Unknown if either is."""
    tables = {
        "transactions": lines("day account province\n1 A1 LA-VT\n1 A1 LA-BK\n1 A1 -\n1 A2 LA-VT"),
        "accounts": [{"account_id": "A1", "customer_id": "C1"}, {"account_id": "A2", "customer_id": "C2"}],
        "customers": [{"customer_id": "C1", "province": "LA-VT"}, {"customer_id": "C2"}],
    }
    assert column("is_away", **tables) == [0, 1, None, None]


def test_a_place_is_the_terminal_else_the_branch() -> None:
    """Unknown if neither is given."""
    table = lines("day terminal_id branch_id\n1 ATM1 B1\n1 - B1\n1 - -\n1 ATM2 -")
    assert column("place", transactions=table) == ["ATM1", "B1", None, "ATM2"]


def test_months_are_counted_by_the_local_calendar() -> None:
    """March 2026 is month 674."""
    table = [
        {**one, "at": at}
        for one, at in zip(lines("day\n1\n1"), ("2026-03-31T23:59:59", "2026-04-01T00:00:00"), strict=True)
    ]
    assert column("month", transactions=table) == [674, 675]


def test_merchant_and_declared_turnover_are_the_accounts() -> None:
    """An amount over nothing declared is unknown."""
    tables = {
        "transactions": lines("day account amount\n1 A1 50\n1 A2 50\n1 A3 50"),
        "accounts": [
            {"account_id": "A1", "is_merchant": "true", "declared_turnover": 40},
            {"account_id": "A2", "is_merchant": "false", "declared_turnover": 0},
        ],
    }
    assert column("is_merchant", **tables) == [1, 0, None]
    assert column("declared_multiple", **tables) == [1_250_000, None, None]


def test_what_a_holder_does_and_earns_is_that_of_each_owner() -> None:
    """An amount over no income, or over one of zero, is unknown; multiples are floored."""
    tables = {
        "transactions": lines("day account amount\n1 A1 100\n1 A2 100\n1 A3 100"),
        "accounts": [{"account_id": each, "customer_id": f"C{each[1]}"} for each in ("A1", "A2", "A3")],
        "customers": [
            {"customer_id": "C1", "occupation": "trader", "income": 300},
            {"customer_id": "C2", "sector": "retail", "income": 0},
            {"customer_id": "C3"},
        ],
    }
    assert column("holder_occupation", **tables) == ["trader", None, None]
    assert column("holder_sector", **tables) == [None, "retail", None]
    assert column("income_multiple", **tables) == [333_333, None, None]


def test_a_product_is_that_of_the_account_booked() -> None:
    """Two owners see the same one; an account nobody describes has none."""
    tables = {
        "transactions": lines("day account\n1 A1\n1 A2"),
        "accounts": [{"account_id": "A1", "product": "CARD"}],
        "holdings": [{"account_id": "A1", "customer_id": one, "role": "joint"} for one in ("C1", "C2")],
    }
    assert column("product", **tables) == ["CARD", "CARD", None]


RELATED = {
    "customers": [
        {"customer_id": "C1", "name": "Mr. Test Alpha", "phone": "+8562055550001", "employer": "Test Works"},
        {"customer_id": "C2", "name": "Test Beta", "phone": "+8562055550002"},
        {"customer_id": "C3", "name": "Test Gamma", "guardian_id": "C1"},
        {"customer_id": "C4", "name": "Test Works", "customer_kind": "entity"},
        {"customer_id": "C9", "name": "Test Stranger"},
    ],
    "holdings": [
        {"account_id": "A1", "customer_id": "C1", "role": "owner"},
        {"account_id": "A1B", "customer_id": "C1", "role": "joint"},
        {"account_id": "A1B", "customer_id": "C2", "role": "joint"},
        {"account_id": "A2", "customer_id": "C2", "role": "owner"},
        {"account_id": "A3", "customer_id": "C3", "role": "owner"},
        {"account_id": "A4", "customer_id": "C4", "role": "owner"},
        {"account_id": "A9", "customer_id": "C9", "role": "owner"},
        {"account_id": "A9", "customer_id": "C1", "role": "signatory"},
    ],
}


def ties(keys: str, account: str = "A1") -> list[Any]:
    """Whether each of these counterparties is related to the holder of an account."""
    table = [
        {
            **one,
            "account_id": account,
            "counterparty": None if key == "-" else key,
            "counterparty_kind": key.split(":")[0],
        }
        for key, one in zip(keys.split(), lines("day\n" + "1\n" * len(keys.split())), strict=True)
    ]
    for row in table:
        if row["counterparty"] is None:
            row["counterparty_kind"] = None
    return column("counterparty_is_related", transactions=table, **RELATED)


def test_related_are_own_accounts_co_holders_wards_and_employer() -> None:
    """A signatory is no owner; a stranger, a missing and a pooled counterparty are told apart."""
    assert ties("account:BANK/A1B account:BANK/A2 account:BANK/A3 account:BANK/A4") == [1, 1, 1, 1]
    assert ties("account:BANK/A9 account:OTHER/A2 - pooled:float") == [0, 0, None, None]
    assert ties("phone:+8562055550001 phone:+8562055550002 phone:+8562055559999") == [1, 1, 0]


def test_ties_run_both_ways() -> None:
    """A ward is tied to the guardian; a co-holder's co-holder is not."""
    assert ties("account:BANK/A1 account:BANK/A2", account="A3") == [1, 0]


def test_names_are_compared_without_titles_and_spaces() -> None:
    """The employer is known by its name alone where it has no account here."""
    table = lines("day\n1\n1\n1", counterparty_kind="name")
    for row, name in zip(table, ("test alpha", "test works", "test stranger"), strict=True):
        row["counterparty"] = f"name:{name}"
    assert column("counterparty_is_related", transactions=table, **RELATED) == [1, 1, 0]


def test_own_customers_are_accounts_in_this_data() -> None:
    """Pooled and missing counterparties are unknown."""
    table = lines(
        """
        day counterparty    counterparty_kind
        1   account:BANK/A2 account
        1   account:X/A2    account
        1   -               -
        1   pooled:p        pooled
        """
    )
    accounts = [{"account_id": "A2"}]
    assert column("counterparty_is_own_customer", transactions=table, accounts=accounts) == [1, 0, None, None]


def test_a_counterparty_is_new_for_thirty_days_of_one_account() -> None:
    """In the first thirty days of the data nobody can be told to be new."""
    table = lines("day account counterparty\n1 A1 name:a\n2 A1 name:b\n1 A2 name:b", counterparty_kind="name")
    later = lines(
        "day account counterparty\n1 A1 name:a\n1 A1 name:b\n1 A2 name:c\n1 A1 name:c", counterparty_kind="name"
    )
    for number, row in enumerate(later):
        row |= {"transaction_id": f"U{number}", "at": "2026-04-01"}
    assert column("counterparty_is_new", transactions=[*table, *later]) == [None, None, None, 0, 1, 1, 1]


def with_figures(**figures: Any) -> Jurisdiction:
    """Laos with other figures."""
    return Jurisdiction.load("laos").model_copy(update=figures)


def figure(value: int, day: str) -> Figure:
    """A figure that holds from that day."""
    date = dt.date.fromisoformat(day)
    return Figure(value=value, holds_from=date, source="none", as_of=date, verified=False)


def test_multiples_are_of_the_figure_of_that_day_and_floored() -> None:
    """Before the first figure nothing is known; a new wage counts from its day."""
    country = with_figures(
        monthly_minimum_wage=(figure(300, "2026-03-05"), figure(200, "2026-03-02")),
        cash_report_threshold=(figure(7, "2020-01-01"),),
    )
    table = lines("day amount\n1 100\n2 100\n4 100\n5 100")
    assert column("wage_multiple", jurisdiction=country, transactions=table) == [None, 500_000, 500_000, 333_333]
    assert column("report_multiple", jurisdiction=country, transactions=table) == [14_285_714] * 4


def line(currency: str = "LAK", amount: int = 100, **others: Any) -> Limit:
    """A line of the limits from the second of March."""
    day = dt.date(2026, 3, 2)
    fixed = {"id": "x", "title": "x", "holds_from": day, "source": "none", "as_of": day, "verified": False}
    return Limit(**{**fixed, "currency": currency, "amount": amount, **others})


def multiples(limit: Limit, **tables: Any) -> list[Any]:
    """``limit_multiple`` by transaction."""
    card = rule(detect={**ONE_OF_EACH, "for_each": "limits", "rows": {"a": {"limit_multiple": {"gte": 0}}}})
    with Dataset.from_tables("laos", Settings(threads=1), **tables) as data:
        plans = list(plans_of(card, data.jurisdiction))[:1]
        reference = prepare(data, plans, data.last_complete_day)
        (part,) = partitions(data, plans, reference, Settings(threads=1))
        values = limit_multiple(part, limit)
        ids = data.rows(part.column("row_id").array)["transaction_id"].to_pylist()
        pairs = zip(ids, values.array.tolist(), values.is_known(), strict=True)
        return [value if known else None for _, value, known in sorted(pairs)]


def test_a_line_concerns_its_channels_directions_and_days() -> None:
    """Rows that it does not concern are unknown, not below it."""
    table = lines("day channel direction amount\n1 cash credit 90\n2 cash credit 90\n2 atm credit 90\n2 cash debit 90")
    assert multiples(line(), transactions=table) == [None, 900_000, 900_000, 900_000]
    assert multiples(line(channels=("cash",), directions=("credit",)), transactions=table) == [
        None,
        900_000,
        None,
        None,
    ]


def test_a_foreign_line_is_held_against_the_original_or_the_days_rate() -> None:
    """Rows in that currency need no rate; others do, and one that is too old is none."""
    table = lines("day currency amount\n2 USD 90\n2 LAK 1800000\n2 THB 100\n2 LAK 90")
    rates = [
        {"currency": "USD", "date": "2026-03-01", "rate": 20_000},
        {"currency": "THB", "date": "2026-03-01", "rate": 600},
    ]
    assert multiples(line("USD"), transactions=table, fx_rates=rates) == [900_000, 900_000, 30_000, 45]
    late = lines("day currency amount\n31 LAK 1800000")
    assert multiples(line("USD"), transactions=late, fx_rates=rates) == [900_000]
    late[0]["at"] = "2026-04-02"
    assert multiples(line("USD"), transactions=late, fx_rates=rates) == [None]
    assert multiples(line("USD"), transactions=late) == [None]


def test_an_account_known_by_its_holding_alone_is_known() -> None:
    """It needs neither a transaction nor a row in ``accounts``."""
    table = lines("day counterparty counterparty_kind\n1 account:BANK/A7 account")
    held = [{"account_id": "A7", "customer_id": "C7", "role": "owner"}]
    assert column("counterparty_is_own_customer", transactions=table, holdings=held) == [1]
