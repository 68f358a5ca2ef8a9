"""What is written: canonical files that read as they are, and a messy export that maps to the same rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from amlscreen.intake.dataset import Dataset
from amlscreen.synth import Bank

_ORDER = "ORDER BY transaction_id, account_id, direction"


def _rows(data: Dataset) -> list[tuple[object, ...]]:
    return data.connection.execute(f"SELECT * EXCLUDE (row_id, file_no, record) FROM transactions {_ORDER}").fetchall()


@pytest.mark.parametrize("tier", ["rich", "ordinary", "poor"])
def test_the_messy_export_maps_to_exactly_the_canonical_rows(banks: dict[str, Bank], tier: str, tmp_path: Path) -> None:
    """Six layouts, six spellings of money and days, one bank: the shipped mapping loses and changes nothing."""
    banks[tier].write(tmp_path)
    banks[tier].write(tmp_path, "messy")
    with (
        Dataset.read(tmp_path / "canonical") as plain,
        Dataset.read(tmp_path / "messy", "lao_core_v1") as messy,
    ):
        assert messy.quarantine.table.num_rows == 0
        assert _rows(messy) == _rows(plain)
        for name in banks[tier].tables:
            if name != "transactions":
                assert messy.tables[name].equals(plain.tables[name])


def test_rows_repeated_across_a_month_end_are_known_again(bank: Bank, tmp_path: Path) -> None:
    """The messy export holds more records than the bank has rows."""
    bank.write(tmp_path, "messy")
    with Dataset.read(tmp_path / "messy", "lao_core_v1") as data:
        assert data.rows_accepted == bank.tables["transactions"].num_rows
        files = data.reconciliation.to_dict()["files"]
        assert sum(file["duplicates"] for file in files if file["table"] == "transactions") > 0


@pytest.mark.parametrize("form", ["canonical", "parquet"])
def test_a_canonical_export_needs_no_mapping(bank: Bank, form: str, tmp_path: Path) -> None:
    """CSV and Parquet alike read back to the bank's own row counts."""
    bank.write(tmp_path, form)  # type: ignore[arg-type]  # both are forms
    with Dataset.read(tmp_path / form) as data:
        assert data.rows_accepted == bank.tables["transactions"].num_rows
        assert data.tables["customers"].num_rows == bank.customers


def test_writing_twice_gives_the_same_bytes(bank: Bank, tmp_path: Path) -> None:
    """Archives and workbooks carry no clock."""
    first, second = (bank.write(tmp_path / name, "messy") for name in ("one", "two"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_each_month_is_dressed_differently(bank: Bank, tmp_path: Path) -> None:
    """Six layouts take turns; the cp874 month has a second file for Lao text."""
    names = [path.name for path in bank.write(tmp_path, "messy")]
    assert {name.split("_")[1] for name in names if name.startswith("TXN")} == {"A", "B", "APP", "C", "D", "E", "F"}
