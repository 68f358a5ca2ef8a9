"""Examples are tiny: what every row would repeat is filled in."""

from __future__ import annotations

from typing import Any

from amlscreen.rules.card import Example
from amlscreen.rules.example_rows import tables_of


def _example(**parts: Any) -> Example:
    return Example.model_validate({"name": "x", "expect": "clear", **parts})


def test_defaults_fill_transactions_and_rows_win() -> None:
    """A row says only what is its own."""
    tables = tables_of(
        _example(
            defaults={"account": "F1", "direction": "credit", "amount": 5},
            transactions=[{"at": "2026-03-10"}, {"at": "2026-03-11", "direction": "debit", "account": "F2"}],
        )
    )
    first, second = tables["transactions"]
    assert (first["account_id"], first["direction"], first["amount"]) == ("F1", "credit", 5)
    assert (second["account_id"], second["direction"], second["amount"]) == ("F2", "debit", 5)
    assert first["transaction_id"] != second["transaction_id"]
    assert {row["institution"] for row in tables["transactions"]} == {"BANK"}


def test_defaults_do_not_reach_other_tables() -> None:
    """The province of a payment is not the province of its owner."""
    tables = tables_of(
        _example(
            defaults={"account": "F1", "province": "LA-VT"},
            transactions=[{"at": "2026-03-10"}],
            customers=[{"customer": "C1"}],
        )
    )
    assert "province" not in tables["customers"][0]


def test_a_customer_named_on_a_row_owns_its_account() -> None:
    """An own holding is made once for each account; one that is given is not doubled."""
    tables = tables_of(
        _example(
            transactions=[
                {"at": "2026-03-10", "account": "F1", "customer": "C1"},
                {"at": "2026-03-11", "account": "F1", "customer": "C1"},
                {"at": "2026-03-11", "customer": "C2"},
                {"at": "2026-03-11", "account": "F3", "customer": "C3"},
            ],
            holdings=[{"account": "F3", "customer": "C3"}],
        )
    )
    held = sorted((row["account_id"], row["customer_id"]) for row in tables["holdings"])
    assert held == [("C2", "C2"), ("F1", "C1"), ("F3", "C3")]
    assert all("customer_id" not in row for row in tables["transactions"])


def test_small_tables_are_numbered_and_empty_ones_left_out() -> None:
    """A recall needs a number, but not in an example."""
    tables = tables_of(_example(recalls=[{"account": "F1", "at": "2026-03-10"}, {"account": "F1", "at": "2026-03-11"}]))
    assert set(tables) == {"recalls"}
    assert len({row["recall_id"] for row in tables["recalls"]}) == 2


def test_a_crowd_is_so_many_customers_with_amounts_spread_evenly() -> None:
    """Thirty peers of a card fit in three lines."""
    tables = tables_of(
        _example(
            defaults={"account": "A1", "direction": "credit", "channel": "cash"},
            transactions=[{"at": "2026-03-10", "amount": 9}],
            crowd=[
                {
                    "customers": 3,
                    "like": {"occupation": "trader"},
                    "account": {"product": "SAV"},
                    "transactions": [{"at": "2026-03-11", "amount": [10, 20]}, {"at": "2026-03-12", "amount": 7}],
                }
            ],
        )
    )
    assert [row["customer_id"] for row in tables["customers"]] == ["PEER-1-001", "PEER-1-002", "PEER-1-003"]
    assert {row["occupation"] for row in tables["customers"]} == {"trader"}
    assert [(row["account_id"], row["product"]) for row in tables["accounts"]][:1] == [("PEER-1-001", "SAV")]
    booked = [(row["account_id"], row["amount"]) for row in tables["transactions"]]
    assert booked[0] == ("A1", 9)
    assert [amount for _, amount in booked[1:]] == [10, 7, 15, 7, 20, 7]
    assert {row["channel"] for row in tables["transactions"]} == {"cash"}
    assert len({row["transaction_id"] for row in tables["transactions"]}) == 7
