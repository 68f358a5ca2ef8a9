"""A small clean bank in memory, which tests make dirty in one way at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
_FIRST = dt.datetime(2026, 1, 1)
_DAYS = 150


def transactions() -> list[Row]:
    """Three bookings on every second day of each of eight accounts, two in and one out, with balances that add up."""
    return list(_rows())


def _rows() -> Iterator[Row]:
    number = 0
    balance = dict.fromkeys(range(8), 0)
    for day in range(_DAYS):
        for account in range(8):
            if (day + account) % 2:
                continue
            for at, (direction, amount) in enumerate((("credit", 70_500), ("debit", 31_000), ("credit", 12_500))):
                number += 1
                whole = amount + 500 * (number % 7)
                balance[account] += whole if direction == "credit" else -whole
                seconds = (number * 137) % 3_600
                when = _FIRST + dt.timedelta(days=day, hours=8 + 3 * at + account % 3, seconds=seconds)
                yield {
                    "transaction_id": f"T{number:05}",
                    "account_id": f"A{account}",
                    "at": when.isoformat(sep=" "),
                    "value_date": when.date().isoformat(),
                    "direction": direction,
                    "amount": whole,
                    "channel": ("mobile", "qr", "cash", "transfer")[number % 4],
                    "counterparty_account": f"X{number % 40}",
                    "counterparty_institution": "OTHERBANK",
                    "counterparty_name": f"Given Payer {number % 40}",
                    "branch_id": f"B{account % 4}",
                    "narrative": f"rent of flat {number % 90}",
                    "balance_after": balance[account],
                }


def tables() -> dict[str, list[Row]]:
    """Accounts, customers and who owns what, all of which fit."""
    return {
        "accounts": [
            {"account_id": f"A{n}", "customer_id": f"C{n}", "opened": "2020-02-03", "currency": "LAK"} for n in range(8)
        ],
        "customers": [
            {"customer_id": f"C{n}", "name": f"Given Holder {n}", "birth_date": f"19{60 + n}-0{1 + n}-1{n}"}
            for n in range(8)
        ],
        "holdings": [{"account_id": f"A{n}", "customer_id": f"C{n}"} for n in range(8)],
    }
