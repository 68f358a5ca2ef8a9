"""Everybody as columns says what a mapping would."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from amlscreen.alerting.book import Book
from amlscreen.alerting.everyone import every_customer


def _book(customers: list[str], features: dict[str, int | None], owners: dict[str, tuple[str, ...]]) -> Book:
    banks = {name: pa.array(["B"] * size, pa.string()) for name, size in (("c", len(customers)), ("f", len(features)))}
    return Book(
        institutions=("B",),
        customers=pa.table({"institution": banks["c"], "customer_id": pa.array(customers, pa.string())}),
        owners={("B", account): who for account, who in owners.items()},
        holdings=pa.table({}),
        features=pa.table(
            {
                "institution": banks["f"],
                "customer_id": pa.array([*features], pa.string()),
                "transactions": pa.array([*features.values()], pa.int64()),
            }
        ),
        currency="LAK",
        shown_digits=0,
        minor_digits=2,
        first_day=0,
        rows=lambda _: pa.table({}),
    )


def test_everybody_stands_once_with_their_transactions() -> None:
    """From whichever table they are known; who has no features has no transactions."""
    found = every_customer(_book(["C1", "C2"], {"C2": 7, "C3": None}, {"A1": ("C3", "C4"), "A2": ("C4",)}))
    told = dict(zip(found.customer_id.to_pylist(), found.transactions.tolist(), strict=True))
    assert told == {"C1": 0, "C2": 7, "C3": 0, "C4": 0}
    assert len(found.customer_id) == 4
    assert found.counts([("B", "C2"), ("B", "C9"), ("X", "C2")]) == {("B", "C2"): 7, ("B", "C9"): 0, ("X", "C2"): 0}


def test_some_can_be_left_out() -> None:
    """By institution and id, and nobody else."""
    found = every_customer(_book(["C1", "C2"], {"C2": 7}, {})).without({("B", "C2"), ("X", "C1")})
    assert found.customer_id.to_pylist() == ["C1"]
    assert np.array_equal(found.transactions, [0])


def test_a_bank_without_anybody() -> None:
    """Has nobody to rank."""
    assert len(every_customer(_book([], {}, {})).keys) == 0
