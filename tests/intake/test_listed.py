"""Entries of the bank's lists, written the way the keys are that they are compared with."""

from __future__ import annotations

from pathlib import Path

import pytest

from amlscreen.intake.dataset import Dataset
from intake.conforming import LENIENT

ROW = {"transaction_id": "T1", "account_id": "A1", "at": "2026-03-10", "direction": "credit", "amount": 100}


def values(*entries: tuple[str, str]) -> list[str]:
    """What is kept of entries of these kinds and values."""
    rows = [
        {"list_id": f"L{n}", "kind": kind, "value": text, "category": "other"} for n, (kind, text) in enumerate(entries)
    ]
    with Dataset.from_tables(settings=LENIENT, transactions=[ROW], listed=rows) as data:
        return data.tables["listed"]["value"].to_pylist()


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("account", "0101", "BANK/0101"),
        ("account", "OTHER/0101", "OTHER/0101"),
        ("account", "account:OTHER/0101", "OTHER/0101"),
        ("phone", "020 5555 5555", "+8562055555555"),
        ("phone", "phone:+856 20 5555 5555", "+8562055555555"),
        ("wallet", " 77-A ", "77-A"),
        ("email", "Test@Example.ORG", "test@example.org"),
        ("name", " Mr. TEST   Trader ", "test trader"),
        ("name", "name:test trader", "test trader"),
        ("id_number", "P 12\u00a034-a", "p1234-a"),
        ("customer", "C-1", "C-1"),
    ],
)
def test_each_kind_is_written_like_the_key_it_is_compared_with(kind: str, given: str, kept: str) -> None:
    """A key copied from an output is the same as the value alone."""
    assert values((kind, given)) == [kept]


def test_an_entry_of_which_nothing_is_left_stands_aside() -> None:
    """It could be compared with nothing, and is told instead of being empty."""
    rows = [
        {"list_id": f"L{n}", "kind": kind, "value": value, "category": category}
        for n, (kind, value, category) in enumerate(
            (("phone", "none", "other"), ("name", "...", "other"), ("fax", "1", "other"), ("name", "Test", "other"))
        )
    ]
    with Dataset.from_tables(settings=LENIENT, transactions=[ROW], listed=rows) as data:
        assert data.tables["listed"]["list_id"].to_pylist() == ["L3"]
        told = data.quarantine.table.select(["reason", "column"]).to_pylist()
    assert [tuple(one.values()) for one in told] == [
        ("missing_required", "value"),
        ("missing_required", "value"),
        ("unknown_code", "kind"),
    ]


def test_a_file_of_that_name_is_the_list(tmp_path: Path) -> None:
    """Days are calendar days; an empty one stays open."""
    (tmp_path / "transactions.csv").write_text(
        "institution,transaction_id,account_id,at,direction,amount\nBANK,T1,A1,2026-03-10,credit,100\n"
    )
    (tmp_path / "listed.csv").write_text(
        "institution,list_id,kind,value,category,since,until\nBANK,L1,account,0101,gaming,2026-03-01,\n"
    )
    with Dataset.read(tmp_path) as data:
        (row,) = data.tables["listed"].to_pylist()
    assert (row["value"], row["since"], row["until"]) == ("BANK/0101", 20513, None)
