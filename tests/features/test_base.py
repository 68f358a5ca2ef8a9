"""The numbers about each customer, on rows that can be worked out by hand."""

from __future__ import annotations

from typing import Any

from shapes.looking import lines, look, rule

ANY = rule(
    detect={
        "shape": "window",
        "subject": "account",
        "within": "1d",
        "rows": {"a": {"direction": "credit"}},
        "measures": {"n": {"count": "transactions", "of": "a"}},
        "when": {"n": {"gte": 1}},
    }
)


def features(table: str, **tables: Any) -> dict[str, dict[str, Any]]:
    """Features by customer."""
    found = look(ANY, transactions=lines(table), **tables).features.table.to_pylist()
    return {one["customer_id"]: one for one in found}


def test_sums_and_shares_are_those_of_customers_own_rows() -> None:
    """Fees and what was taken back count for nothing; shares are millionths, floored."""
    one = features(
        """
        day   direction amount purpose channel kind
        1@10  credit    700    salary  -       customer
        2@23  credit    100    -       -       customer
        2     credit    50     -       -       customer
        3     debit     100    rent    -       customer
        3     debit     100    -       qr      customer
        4     debit     400    -       -       customer
        5     debit     9      -       -       fee
        """
    )["A1"]
    assert (one["transactions"], one["credits"], one["debits"]) == (6, 85_000, 60_000)
    assert (one["living_debits"], one["living_share"]) == (2, 333_333)
    assert (one["day_share"], one["salary_in_months"], one["salary_out_months"]) == (500_000, 1, 0)
    assert one["active_days"] == 4


def test_a_share_of_nothing_is_unknown() -> None:
    """No debit has no living share; credits without a clock have no share by day."""
    one = features("day direction\n1 credit")["A1"]
    assert one["living_share"] is None
    assert one["day_share"] is None


def test_each_owner_of_a_joint_account_has_its_rows() -> None:
    """A customer's numbers are about all of the customer's accounts."""
    held = [
        {"account_id": "A1", "customer_id": "C1", "role": "owner"},
        {"account_id": "A2", "customer_id": "C1", "role": "joint"},
        {"account_id": "A2", "customer_id": "C2", "role": "joint"},
    ]
    found = features("day account amount\n1 A1 100\n2 A2 10", holdings=held)
    assert {name: one["credits"] for name, one in found.items()} == {"C1": 11_000, "C2": 1_000}


def test_tenure_runs_from_the_oldest_account() -> None:
    """A customer without a transaction has a row too; one whose opening nobody recorded has no tenure."""
    accounts = [
        {"account_id": "A1", "customer_id": "C1", "opened": "2026-03-01", "is_merchant": "true"},
        {"account_id": "A2", "customer_id": "C1", "opened": "2026-02-28"},
        {"account_id": "A3", "customer_id": "C3"},
    ]
    found = features("day account\n9 A1\n9 A3", accounts=accounts, customers=[{"customer_id": "C9"}])
    assert {name: one["tenure_days"] for name, one in found.items()} == {"C1": 9, "C3": None, "C9": None}
    assert {name: one["is_merchant"] for name, one in found.items()} == {"C1": True, "C3": False, "C9": False}
    assert (found["C9"]["transactions"], found["C9"]["first_day"]) == (0, None)


def test_debits_after_the_paper_expired_are_counted() -> None:
    """On the last day of the paper it still holds."""
    tables = {
        "accounts": [{"account_id": "A1", "customer_id": "C1"}],
        "customers": [{"customer_id": "C1", "id_expiry": "2026-03-03"}],
    }
    found = features("day direction\n3 debit\n4 debit\n5 credit\n6 debit", **tables)
    assert found["C1"]["debits_after_expiry"] == 2


def test_days_before_1970_are_days_too() -> None:
    """They are negative inside and are counted like any other."""
    table = lines("day purpose\n1 salary\n1 salary\n1 salary")
    for row, day in zip(table, ("1969-11-30", "1969-12-31", "1970-01-01"), strict=True):
        row["at"] = day
    (one,) = look(ANY, transactions=table).features.table.to_pylist()
    assert (one["active_days"], one["salary_in_months"]) == (3, 3)
