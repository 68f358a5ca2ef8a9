"""Features of rows against slow, plain Python, on random books with joint accounts, dates, fees and gaps."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from amlscreen.engines.featuring import features_of
from amlscreen.feature_catalogue import catalogue
from amlscreen.features.asked import ALWAYS_MADE, Asked
from amlscreen.features.made import Features
from amlscreen.finding import no_progress
from amlscreen.intake.dataset import Dataset
from amlscreen.settings import Settings
from features.oracle import EXPECTED, Row

FIRST = dt.datetime(2026, 1, 1)
HELD = {"A1": ("C1",), "A2": ("C1",), "A3": ("C2",), "A4": ("C2", "C3"), "A5": ("C4",), "A6": ("C1", "C5")}
Book = tuple[list[dict[str, Any]], dict[str, list[Row]]]


def one(random: np.random.Generator, among: list[Any]) -> Any:
    return among[int(random.integers(len(among)))]


def book(seed: int, size: int, days: int = 150) -> Book:
    """Rows as tables give them and, by account, those that count."""
    random = np.random.default_rng(seed)
    table, counted = [], defaultdict(list)
    for number in range(size):
        timed = bool(random.random() < 0.7)
        day = int(one(random, [one(random, list(range(days))), one(random, [days - 40, days - 3, days - 2])]))
        minutes = int(one(random, [one(random, list(range(1440))), one(random, [1320, 1350, 1380])]))
        at = FIRST + dt.timedelta(days=day, minutes=minutes if timed else 0)
        other = one(random, [None, *(f"P{n}" for n in range(6 if day < days - 30 else 9))])
        row = Row(
            at,
            timed,
            bool(random.random() < 0.5),
            int(
                one(
                    random, [15_000_000, 15_000_000, 20_000_000, 123_456, 9_000_000_000, int(random.integers(1, 10**9))]
                )
            ),
            one(random, [None, "cash", "atm", "card", "qr", "wire", "mobile"]),
            one(random, [None, "salary", "salary", "family", "goods"]),
            None if other is None else f"account:BANK/{other}",
            other == "P5",
            one(random, [None, "LA-VT", "LA-BK"]),
            one(random, [None, "LA", "TH"]),
            one(random, [None, "T1", "T2", "T3", "T4"]),
            one(random, [None, None, "X1", "X2", "X3"]),
            one(random, [None, 0, 1_000_000, 10**9]),
            number,
        )
        account, kind = one(random, list(HELD)), one(random, ["customer"] * 9 + ["fee"])
        if kind == "customer":
            counted[account].append(row)
        table.append(line(row, account, kind))
    return table, counted


def line(row: Row, account: str, kind: str) -> dict[str, Any]:
    """A row as a file gives it."""
    return {
        "transaction_id": f"T{row.number:05d}",
        "account_id": account,
        "at": row.at.isoformat() if row.timed else row.at.date().isoformat(),
        "time_precision": "second" if row.timed else "day",
        "direction": "credit" if row.credit else "debit",
        "amount": f"{row.amount / 100:.2f}",
        "channel": row.channel,
        "kind": kind,
        "purpose": row.purpose,
        "counterparty": row.other,
        "counterparty_kind": None if row.other is None else "pooled" if row.pooled else "account",
        "province": row.province,
        "country": row.country,
        "terminal_id": row.terminal,
        "conductor_id": row.conductor,
        "balance_after": None if row.balance is None else f"{row.balance / 100:.2f}",
    }


def made(table: list[dict[str, Any]], *, last_day: int | None = None, rows: int = 100_000) -> tuple[Features, Features]:
    """Every feature of customers and accounts."""
    holdings = [{"account_id": a, "customer_id": c, "role": "joint"} for a, each in HELD.items() for c in each]
    settings = Settings(threads=1, partition_rows=rows)
    with Dataset.from_tables("laos", settings, transactions=table, holdings=holdings) as data:
        day = data.last_complete_day if last_day is None else last_day
        return features_of(data, Asked.everything(), last_day=day, settings=settings, progress=no_progress)


@cache
def random_book(seed: int) -> tuple[dict[str, list[Row]], int, tuple[Features, Features]]:
    table, counted = book(seed, 20 + 120 * seed)
    return counted, max(dt.date.fromisoformat(row["at"][:10]).toordinal() for row in table) - 719_163, made(table)


@pytest.mark.parametrize("name", list(EXPECTED))
def test_a_feature_is_what_plain_python_says(name: str) -> None:
    """Of customers with several accounts, joint ones too, and of accounts; in books with few rows and with many."""
    for seed in (0, 1, 3):
        counted, day, (customers, accounts) = random_book(seed)
        of_customers: dict[str, list[Row]] = defaultdict(list)
        for account, rows in counted.items():
            for customer in HELD[account]:
                place = list(HELD).index(account) * 1_000_000  # of one instant, account by account
                of_customers[customer] += [replace(row, number=place + row.number) for row in rows]
        for features, rows_of in ((customers, of_customers), (accounts, counted)):
            ids = features.table.column(1).to_pylist()
            found = dict(zip(ids, features.table[name].to_pylist(), strict=True))
            assert found == {who: EXPECTED[name](rows_of.get(who, []), day) for who in ids}, (seed, features.subject)


def test_every_feature_of_rows_has_a_slow_twin() -> None:
    """Those that every run makes are worked out by hand elsewhere; two look facts up."""
    of_rows = {name for name, one in catalogue().items() if one.stage == "rows" and one.group == "activity"}
    assert of_rows - EXPECTED.keys() - ALWAYS_MADE == {"own_customer_share_90d", "away_share_90d"}


def test_nothing_after_the_day_is_looked_at() -> None:
    """The features of a book cut at a day are those of the whole book as of that day."""
    table, _ = book(5, 300)
    day = (FIRST.date() + dt.timedelta(days=100)).toordinal() - 719_163
    before = [row for row in table if dt.date.fromisoformat(row["at"][:10]).toordinal() - 719_163 <= day]
    assert len(before) < len(table)
    for cut, whole in zip(made(before, last_day=day), made(table, last_day=day), strict=True):
        assert cut.table.equals(whole.table)


def test_how_rows_are_cut_and_ordered_changes_nothing() -> None:
    """Partitions hold whole customers; files may come in any order."""
    table, _ = book(6, 200)
    shuffled = [table[at] for at in np.random.default_rng(1).permutation(len(table))]
    for one_piece, pieces in zip(made(table), made(shuffled, rows=20), strict=True):
        assert one_piece.table.equals(pieces.table)


def test_a_book_without_rows_has_features_too() -> None:
    """Counts and sums are zero, shares unknown; so are they for a customer without a row among others."""
    table, _ = book(7, 30)
    alone = [row for row in table if row["account_id"] == "A5"]
    features = made(alone)[0]
    line_of = {row["customer_id"]: row for row in features.table.to_pylist()}
    assert line_of["C1"]["credit_count_90d"] == line_of["C1"]["credits_90d"] == 0
    assert line_of["C1"]["cash_in_share_90d"] is line_of["C1"]["days_since_last"] is None


def test_a_column_nobody_gives_makes_its_features_unknown_with_the_reason() -> None:
    """They are there, empty, and say what would open them."""
    table = [
        {key: row[key] for key in ("transaction_id", "account_id", "at", "direction", "amount")}
        for row in book(8, 9)[0]
    ]
    features = made(table)[0]
    assert features.unknown["cash_in_90d"] == "no data: transactions.channel"
    assert features.table["cash_in_90d"].null_count == features.table.num_rows


def test_a_feature_that_the_columns_allow_but_nobody_has_says_so() -> None:
    """No transaction with a time of day: nothing is said of hours."""
    table = [row | {"at": row["at"][:10], "time_precision": "day"} for row in book(8, 9)[0]]
    features = made(table)[0]
    assert features.unknown["night_share_90d"] == "nobody has what it is worked out from"


def test_money_with_own_customers_and_away_from_home() -> None:
    """Both need facts besides the rows: who has an account here, and where the holder lives."""
    table = [
        {"transaction_id": f"T{n}", "account_id": "A1", "at": "2026-03-01", "direction": "debit", "amount": amount,
         "counterparty": other, "counterparty_kind": "account", "province": province}
        for n, (amount, other, province) in enumerate(
            [(300, "account:home/A2", "LA-VT"), (100, "account:OTHER/9", "LA-BK"), (50, None, None)]
        )
    ]  # fmt: skip
    tables = {
        "accounts": [{"institution": "home", "account_id": name, "customer_id": name} for name in ("A1", "A2")],
        "customers": [{"institution": "home", "customer_id": "A1", "province": "LA-VT"}],
    }
    table = [row | {"institution": "home"} for row in table]
    settings = Settings(threads=1)
    with Dataset.from_tables("laos", settings, transactions=table, **tables) as data:
        day = data.last_complete_day
        features, _ = features_of(data, Asked.everything(), last_day=day, settings=settings, progress=no_progress)
    assert features.table["own_customer_share_90d"].to_pylist() == [750_000, None]
    assert features.table["away_share_90d"].to_pylist() == [500_000, None]
