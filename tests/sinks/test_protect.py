"""Possible victims stay hidden in what is shown, and in nothing else."""

from __future__ import annotations

import pyarrow as pa
import pytest
from openpyxl import load_workbook

from amlscreen.display import AlertView
from amlscreen.sinks.page import render
from amlscreen.sinks.protect import MASK, Masker
from amlscreen.sinks.workbook import write_workbook

SECRETS = ("CV77", "V100200", "Testname Onlyhere")


@pytest.fixture
def run_with_victim_rows(run):
    """A run whose evidence has rows of, and payments to, the protected person."""
    rows = run.evidence_table.to_pylist()
    rows[0].update(customer_id="CV77", account_id="V100200", narrative="wage")
    rows[1].update(counterparty="account:BANKA/V100200", narrative="to Testname Onlyhere")
    rows[2].update(narrative="for TESTNAME ONLYHERE, room 4")
    return run.but(evidence_table=pa.Table.from_pylist(rows, schema=run.evidence_table.schema))


def workbook_text(run, tmp_path):
    """Every cell of the workbook, as one text."""
    write_workbook(run, tmp_path / "alerts.xlsx")
    book = load_workbook(tmp_path / "alerts.xlsx", read_only=True)
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)


def test_page_workbook_and_notebook_do_not_name_them(run_with_victim_rows, tmp_path):
    """Not by id, not by account, not by name, wherever it stands."""
    run = run_with_victim_rows
    view = AlertView.of(run, run.alert_list[0])
    for text in (render(run), workbook_text(run, tmp_path), view._repr_html_(), repr(view)):
        for secret in SECRETS:
            assert secret.lower() not in text.lower()
    assert MASK in render(run)


def test_they_are_shown_where_the_settings_ask_for_it(run_with_victim_rows, tmp_path):
    """The setting is there for the few who must know; the page then says so."""
    run = run_with_victim_rows
    run = run.but(settings=run.settings.model_copy(update={"show_protected": True}))
    assert "CV77" in render(run)
    assert "because the settings ask for it" in render(run)
    assert "CV77" in workbook_text(run, tmp_path)


def test_an_account_that_an_alert_is_about_stays_readable(run):
    """A victim may hold the very account that is used; the alert must still say which it is."""
    tables = {"holdings": pa.table({"account_id": ["F1", "F9"], "customer_id": ["CV77", "CV77"]})}
    data = type(run.data)(run.data.quarantine, run.data.reconciliation, tables)
    masker = Masker.of(run.but(data=data))
    assert masker.text("F1 and F9") == f"F1 and {MASK}"


def test_parts_of_other_words_are_not_masked(run):
    """CV77 is not CV770."""
    masker = Masker.of(run)
    assert masker.text("CV770, cv77; XCV77") == f"CV770, {MASK}; XCV77"
