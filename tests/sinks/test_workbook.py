"""The workbook, opened again by another program."""

from __future__ import annotations

import datetime as dt
import zipfile
from decimal import Decimal

import pyarrow as pa
import pytest
from openpyxl import load_workbook

from amlscreen.sinks import workbook
from amlscreen.sinks.workbook import write_workbook

SHEETS = [
    "Read me",
    "Alerts",
    "Members",
    "Stories",
    "Evidence",
    "Protected",
    "KYC",
    "KYC health",
    "Risk ratings",
    "Cash reports",
    "Data quality",
    "Columns",
    "Quarantine",
    "Rules",
    "Run",
]


@pytest.fixture
def written(tmp_path):
    """Writes a run's workbook and opens it."""

    def write_and_open(run):
        write_workbook(run, tmp_path / "alerts.xlsx")
        return load_workbook(tmp_path / "alerts.xlsx")

    return write_and_open


def table(sheet):
    """The rows of a sheet below its header, as dictionaries."""
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_there_is_a_sheet_for_each_purpose(written, run):
    """Header frozen, filters on, a note above."""
    book = written(run)
    assert book.sheetnames == SHEETS
    assert book["Alerts"].freeze_panes == "E4"
    assert book["Alerts"].auto_filter.ref.startswith("A3:")
    assert book["Alerts"]["A1"].value == "3 of 3 alerts, most urgent first."


def test_values_keep_their_kind(written, run):
    """Dates are dates and amounts are numbers, so that they sort and sum."""
    book = written(run)
    alert = table(book["Alerts"])[0]
    assert alert["first_day"] == dt.datetime(2026, 2, 17)
    assert alert["amount"] == 26_999_000
    assert alert["score"] == 119
    row = table(book["Evidence"])[0]
    assert row["at"] == dt.datetime(2026, 2, 17, 9, 30)


def test_evidence_lists_a_transaction_once(written, run):
    """In the order of the alerts, then of time, with all it stands for."""
    rows = table(written(run)["Evidence"])
    assert len(rows) == 18
    assert rows[1]["stands_for"] == "HT-A01 inflow;HT-A02 through"
    assert [row["alert_id"] for row in rows] == sorted(row["alert_id"] for row in rows)


def test_no_cell_is_a_formula(written, run, tmp_path):
    """Text that looks like a formula stays text, as it was given."""
    book = written(run)
    assert table(book["Quarantine"])[0]["value"] == "=1+1"
    with zipfile.ZipFile(tmp_path / "alerts.xlsx") as archive:
        assert all(b"<f>" not in archive.read(name) for name in archive.namelist())


def test_values_that_could_name_a_person_are_not_copied_from_quarantine(written, run):
    """Quarantined values stand in quarantine.csv; the workbook shows those of harmless columns only."""
    rows = run.data.quarantine.table.to_pylist()
    rows[0].update(column="counterparty_phone", value="+000")
    rows[1].update(column="SOME_COLUMN", value="whatever")
    held = type(run.data.quarantine)(pa.Table.from_pylist(rows))
    changed = type(run.data)(held, run.data.reconciliation, run.data.tables)
    values = [row["value"] for row in table(written(run.but(data=changed))["Quarantine"])]
    assert values == ["(in quarantine.csv)", "(in quarantine.csv)", "12,O00"]


def test_rows_beyond_the_limit_are_said(written, run, monkeypatch):
    """A sheet that cannot hold all says how many there are and where they stand."""
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    sheet = written(run)["Evidence"]
    assert "4 of 18 rows are listed; evidence.csv holds all." in sheet["A1"].value
    assert len(table(sheet)) == 4


def test_amounts_too_long_for_a_spreadsheet_stay_exact(written, run):
    """Beyond 15 digits a spreadsheet's number would be another number."""
    rows = run.evidence_table.to_pylist()
    rows[0]["amount"] = Decimal("12345678901234567.89")
    longer = pa.Table.from_pylist(rows, schema=run.evidence_table.schema)
    assert table(written(run.but(evidence_table=longer))["Evidence"])[0]["amount"] == "12345678901234567.89"


def test_a_text_longer_than_a_cell_says_that_it_was_cut(written, run):
    """Excel ends a cell at 32,767 characters; the cut is marked."""
    rows = run.evidence_table.to_pylist()
    rows[0]["narrative"] = "x" * 40_000
    longer = pa.Table.from_pylist(rows, schema=run.evidence_table.schema)
    narrative = table(written(run.but(evidence_table=longer))["Evidence"])[0]["narrative"]
    assert narrative.endswith("[cut here: a cell holds no more]")


def test_an_empty_night_still_has_every_sheet(written, make_run):
    """No alerts, no evidence, no findings: the sheets and headers are there."""
    empty = make_run(0).but(protected_list=(), kyc_list=())
    book = written(empty)
    assert book.sheetnames == SHEETS
    assert table(book["Alerts"]) == []
