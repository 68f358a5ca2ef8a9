"""The tables of a card's example, with what every row would repeat filled in.

Rows may say ``account``, ``customer`` and ``conductor`` for the ids. A transaction that names a ``customer`` makes that
customer the owner of its account; one that names only a customer is booked on an account of the same name. A ``crowd``
stands for so many customers, accounts and transactions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from amlscreen.rules.card import Crowd, Example
from amlscreen.rules.example_words import EXAMPLE_TABLES, SHORT_NAMES
from amlscreen.schema import TABLES

__all__ = ["INSTITUTION", "tables_of"]

INSTITUTION = "BANK"
Row = dict[str, Any]


def tables_of(example: Example) -> dict[str, list[Row]]:
    """Canonical tables of an example, by name; tables without rows are left out."""
    tables: dict[str, list[Row]] = {
        name: [_row(name, row) for row in getattr(example, name)] for name in EXAMPLE_TABLES
    }
    rows = [_row("transactions", {**example.defaults, **row}) for row in example.transactions]
    for number, crowd in enumerate(example.crowd, start=1):
        for position in range(crowd.customers):
            name = f"PEER-{number}-{position + 1:03d}"
            for table, row in _member(crowd, name, position, example.defaults):
                (rows if table == "transactions" else tables[table]).append(_row(table, row))
    owners: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        customer = row.pop("customer_id", None)
        if customer is not None:
            row.setdefault("account_id", customer)
            owners.setdefault(str(row["account_id"]), str(customer))
        row.setdefault("transaction_id", f"E{number:03d}")
    tables["transactions"] = rows
    known = {str(row["account_id"]) for row in tables["holdings"] if row.get("role", "owner") == "owner"}
    tables["holdings"] += [
        {"institution": INSTITUTION, "account_id": account, "customer_id": customer, "role": "owner"}
        for account, customer in owners.items()
        if account not in known
    ]
    _number(tables)
    return {name: rows for name, rows in tables.items() if rows}


def _member(crowd: Crowd, name: str, position: int, defaults: Mapping[str, Any]) -> Iterator[tuple[str, Row]]:
    """The rows of one of a crowd, with their tables."""
    yield "customers", {**crowd.like, "customer": name}
    yield "accounts", {**crowd.account, "account": name, "customer": name}
    for row in crowd.transactions:
        booked = {**defaults, **row, "account": name, "customer": name}
        if isinstance(booked.get("amount"), list):
            low, high = booked["amount"]
            booked["amount"] = low + (high - low) * position // (crowd.customers - 1)
        yield "transactions", booked


def _row(table: str, row: Mapping[str, Any]) -> Row:
    of_bank = {"institution": INSTITUTION} if "institution" in TABLES[table].names else {}
    return of_bank | {SHORT_NAMES.get(name, name): value for name, value in row.items()}


def _number(tables: Mapping[str, list[Row]]) -> None:
    """Give rows of the small tables their number where the example leaves it out."""
    for name in ("recalls", "observations", "reports", "cases", "listed", "logins"):
        key = next(column for column in TABLES[name].key if column != "institution")
        for number, row in enumerate(tables[name], start=1):
            row.setdefault(key, f"{key[0].upper()}{number}")
