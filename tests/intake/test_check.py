"""The data-quality report shows how full and varied columns are, and nobody's data."""

from __future__ import annotations

from amlscreen.intake.check import check
from amlscreen.intake.dataset import Dataset

ROWS = [
    {
        "transaction_id": f"T{n}",
        "account_id": f"A{n % 2}",
        "at": f"2026-03-1{n} 08:00:00",
        "direction": "credit",
        "amount": n + 1,
        "counterparty_name": "Test Payer" if n else None,
        "channel": "atm",
    }
    for n in range(4)
]


def report():
    """What is said about four rows and one customer."""
    customers = [{"customer_id": "C1", "name": "Test Holder", "birth_date": "1990-01-31"}]
    return check(Dataset.from_tables(transactions=ROWS, customers=customers))


def test_each_column_with_a_value_is_described():
    """Share of empty cells, distinct values, the range of days and codes."""
    found = {(each.table, each.column): each for each in report().columns}
    name = found["transactions", "counterparty_name"]
    assert (name.rows, name.empty_share, name.distinct) == (4, 0.25, 1)
    day = found["transactions", "local_day"]
    assert (day.least, day.greatest) == ("2026-03-10", "2026-03-13")
    assert found["transactions", "at"].least == "2026-03-10 01:00:00 UTC"
    assert found["transactions", "channel"].least == "atm"
    assert ("transactions", "province") not in found


def test_nobody_is_shown():
    """Names, dates of birth, account numbers and amounts appear only by their shape."""
    text = str(report().sections())
    for secret in ("Test Payer", "Test Holder", "1990", "A0", "T1"):
        assert secret not in text
    assert "aaaa aaaaaa" in text


def test_sections_are_rows_to_print():
    """Files first, then totals, then a section for each table."""
    sections = report().sections()
    assert [title for title, _ in sections] == ["Files", "Control totals, in minor units", "transactions", "customers"]
    assert all(isinstance(row, dict) for _, rows in sections for row in rows)
