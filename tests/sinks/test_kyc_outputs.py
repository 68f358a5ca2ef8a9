"""KYC health, ratings and cash candidates as files, sheets and in the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from amlscreen.settings import Settings
from amlscreen.sinks.page import render
from amlscreen.sinks.protect import MASK
from amlscreen.sinks.workbook import write_workbook
from amlscreen.sinks.write import write


@pytest.fixture
def folder(run: Any, tmp_path: Path) -> Path:
    """The outputs of a run."""
    write(run, tmp_path / "out")
    return tmp_path / "out"


def test_the_parquet_files_hold_all_and_the_csv_files_are_for_people(folder: Path) -> None:
    """Ids of transactions stand in Parquet only; words stand in CSV only."""
    cash = pq.read_table(folder / "cash_reports.parquet")
    assert cash["transaction_ids"].to_pylist() == [["T1"], ["T2", "T3"]]
    lines = {
        name: (folder / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()
        for name in ("cash_reports", "kyc_health", "risk_ratings")
    }
    assert "transaction_ids" not in lines["cash_reports"][0]
    assert lines["kyc_health"][0].endswith("in_words")
    assert "The identity paper expired 12 days ago." in lines["kyc_health"][1]


def test_cells_of_a_standard_s_words_are_no_formulas(folder: Path) -> None:
    """A bank's own standard may say anything; a line begins with the factor's id."""
    text = (folder / "risk_ratings.csv").read_text(encoding="utf-8-sig")
    assert '"C-01 +50 =A line of business (-1)"' in text


def test_possible_victims_are_masked_in_page_and_workbook(run: Any, tmp_path: Path) -> None:
    """In every list and with the accounts only they hold, unless the settings ask for them."""
    write_workbook(run, tmp_path / "alerts.xlsx")
    book = load_workbook(tmp_path / "alerts.xlsx")
    for name in ("KYC health", "Risk ratings", "Cash reports"):
        cells = [str(cell.value) for row in book[name].iter_rows() for cell in row]
        assert MASK in cells
        assert not {"CV77", "V100200"} & set(cells)
    assert "CV77" not in render(run)
    assert "CV77" in render(run.but(settings=Settings(show_protected=True)))


def test_the_page_says_how_many_there_are_and_what_was_not_judged(run: Any) -> None:
    """Counts, reviews by the bank's rating, and the columns that were missing."""
    page = render(run)
    assert "2 of 2 customers have something to do in their file" in page
    assert "2 current candidates, 2 in all" in page
    assert "permits: no data in customers.permit_expiry" in page


def test_a_sheet_that_lists_a_part_says_so(run: Any, tmp_path: Path) -> None:
    """As many as alerts, and where the rest stands."""
    write_workbook(run.but(settings=Settings(report_alerts=1)), tmp_path / "alerts.xlsx")
    note = load_workbook(tmp_path / "alerts.xlsx")["KYC health"]["A1"].value
    assert note == "Customers with something to do in their file. 1 of 2 are listed; kyc_health.csv holds all."
