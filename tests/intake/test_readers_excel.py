"""Workbooks: each cell is the text of its value, each record knows its row."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import xlsxwriter

from amlscreen.errors import DataError
from intake.reading import Read, read_bytes


def workbook(*sheets: list[list[object]], hidden: int | None = None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, rows in enumerate(sheets):
            sheet = book.add_worksheet(f"S{number + 1}")
            if number == hidden:
                sheet.very_hidden()
            elif number == 1:
                sheet.activate()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, dt.datetime):
                        sheet.write_datetime(row, column, cell, instant)
                    elif isinstance(cell, dt.date):
                        sheet.write_datetime(row, column, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return out.getvalue()


def read(*sheets: list[list[object]], hidden: int | None = None, **layout: object) -> Read:
    return read_bytes(workbook(*sheets, hidden=hidden), "a.xlsx", **layout)


def test_cells_become_the_text_of_their_value():
    """No exponent, no trailing .0, ISO dates, leading zeros of text kept."""
    found = read([["a", "b", "c", "d"], ["007", 1234.0, 0.1, True], ["8", 1e-7, 1e14, dt.date(2026, 3, 1)]])
    assert found.cells == [("007", "1234", "0.1", "true"), ("8", "0.0000001", "100000000000000", "2026-03-01")]


def test_midnight_is_said_in_a_column_of_clock_times():
    """One column has one form."""
    found = read([["at"], [dt.datetime(2026, 3, 1, 13, 5, 7)], [dt.datetime(2026, 3, 2)]])
    assert found.cells == [("2026-03-01 13:05:07",), ("2026-03-02 00:00:00",)]


def test_rows_are_counted_from_the_top_of_the_sheet():
    """Skipped, blank and footer rows count, and a record knows the row that Excel shows."""
    found = read(
        [["Report"], [], ["id", "x"], ["1", "2"], [], ["3", "4"], ["Total", "6"]], skip_rows=1, footer=["^Total"]
    )
    assert found.raw.line_of([1, 2]) == {1: 4, 2: 6}
    lines = found.raw.lines
    assert (lines.total, lines.header, lines.blank, lines.footer, lines.records) == (7, 2, 2, 1, 2)


def test_a_number_that_excel_has_rounded_is_warned_of():
    """An account number of 17 digits is no longer what it was."""
    assert "rounded" in read([["id"], [12345678901234567]]).raw.warnings[0]


def test_the_first_visible_sheet_with_data_is_read():
    """The others are named in a warning."""
    found = read([["h"], ["x"]], [], [["a"], ["1"]], [["b"], ["2"]], hidden=0)
    assert found.raw.columns == ("a",)
    assert "'S4'" in found.raw.warnings[0]


def test_a_sheet_is_named_or_numbered():
    """From 1; what is not there is refused with what is."""
    sheets = ([["a"], ["1"]], [["b"], ["2"]])
    assert read(*sheets, sheet="S2").raw.columns == read(*sheets, sheet=2).raw.columns == ("b",)
    with pytest.raises(DataError, match="Did you mean 'S2'"):
        read(*sheets, sheet="S22")
    with pytest.raises(DataError, match="2 sheets"):
        read(*sheets, sheet=3)


def test_rows_above_the_header_are_refused_with_the_way_out():
    """As in CSV files."""
    table = [["Statement"], ["Branch", "7"], ["id", "a", "b", "c"], *[["1", "2", "3", "4"]] * 4]
    with pytest.raises(DataError, match="skip_rows: 2"):
        read(table)


@pytest.mark.parametrize("size", [100, 2000, -30])
def test_a_workbook_that_is_cut_short_is_refused(size):
    """Wherever it ends."""
    with pytest.raises(DataError, match=r"cut short|damaged"):
        read_bytes(workbook([["a"], ["1"]])[:size], "a.xlsx")


def test_a_cell_far_from_the_table_does_not_end_the_run():
    """What would take half a terabyte to open is refused."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "id")
        sheet.write_string(1_048_575, 16_383, "x")
    with pytest.raises(DataError, match="too many rows and columns"):
        read_bytes(out.getvalue(), "a.xlsx")


def test_an_empty_workbook_is_refused():
    """There is nothing to read, which is said."""
    with pytest.raises(DataError, match="holds no sheet"):
        read([])
