"""Three tiers of one bank: what an export holds gets less, what happened stays the same."""

from __future__ import annotations

import datetime as dt

import pytest

from amlscreen.synth import Bank


def test_an_ordinary_export_knows_neither_shop_nor_depositor(banks: dict[str, Bank]) -> None:
    """No merchant category and no conductor anywhere, no name at the counter."""
    rows = banks["ordinary"].tables["transactions"].to_pylist()
    assert not any(row["mcc"] or row["conductor_id"] for row in rows)
    assert not any(row["counterparty_name"] for row in rows if row["channel"] == "cash")
    assert not any("Synth" in row["narrative"] for row in rows if row["channel"] == "cash")


def test_an_ordinary_export_places_only_what_happens_at_a_place(banks: dict[str, Bank]) -> None:
    """A transfer's sender sits somewhere unknown; a cash machine stands where it stands."""
    rows = banks["ordinary"].tables["transactions"].to_pylist()
    assert {row["channel"] for row in rows if row["province"]} <= {"cash", "atm", "qr", "card"}
    assert all(row["province"] for row in rows if row["channel"] == "atm")


def test_an_ordinary_export_tells_the_time_only_of_machines_qr_and_mobile(banks: dict[str, Bank]) -> None:
    """All else has a date, and says so."""
    for row in banks["ordinary"].tables["transactions"].to_pylist():
        timed = row["channel"] in {"atm", "qr", "mobile"}
        assert row["time_precision"] == ("second" if timed else "day")
        assert timed or row["at"].time() == dt.time()


@pytest.mark.parametrize("column", ["occupation", "income"])
def test_a_third_of_an_ordinary_banks_files_are_blank(banks: dict[str, Bank], column: str) -> None:
    """About a third of occupations and incomes are missing that a rich bank has."""
    missing = [bank.tables["customers"][column].null_count for bank in (banks["rich"], banks["ordinary"])]
    assert 0.15 < (missing[1] - missing[0]) / banks["ordinary"].customers < 0.45


def test_a_poor_export_is_one_table_of_five_columns(banks: dict[str, Bank]) -> None:
    """Date, account, amount, sign and text, with the bank's name in front."""
    tables = banks["poor"].tables
    assert list(tables) == ["transactions"]
    columns = ["institution", "account_id", "at", "direction", "amount", "narrative"]
    assert tables["transactions"].column_names == columns


def test_tiers_tell_of_the_same_money(banks: dict[str, Bank]) -> None:
    """Amounts of kip accounts are the same at each tier, and so are the labels."""
    rich = banks["rich"].tables["transactions"]
    kip = sorted(row["amount"] for row in rich.to_pylist() if row["currency"] == "LAK")
    assert sorted(banks["poor"].tables["transactions"]["amount"].to_pylist()) == kip
    assert banks["ordinary"].tables["transactions"]["amount"].equals(rich["amount"])
    assert banks["poor"].labels.equals(banks["rich"].labels)
