"""``alerts.xlsx``: a sheet per purpose, for people who work in a spreadsheet.

Text is always written as text, so nothing in it can run as a formula; equal runs give equal bytes. What a sheet cannot
hold, or what would make it too slow to open, is left out with a line that says so and where the rest stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from xlsxwriter import Workbook

from amlscreen.sinks.screened import Screened
from amlscreen.sinks.sheet import Sheet
from amlscreen.sinks.sheet_rows import Cells, write_rows
from amlscreen.sinks.sheets import sheets_of
from amlscreen.sinks.wording import Money

__all__ = ["MOST_ROWS", "write_workbook"]

MOST_ROWS = 200_000
"""Rows one sheet lists; Excel itself ends at 1,048,576."""

_HEADER = 2  # rows above the table: the note and a line of air
_LONGEST_TEXT = 32_700  # Excel ends a cell at 32,767 characters
_ROWS_MEASURED = 300
_WIDEST = 60
_EXACT_DIGITS = 15  # a spreadsheet's numbers are exact to 15 digits
_A3 = 8
_LINE_HEIGHT = 15
_MOST_LINES = 6
_WHEN_MADE = dt.datetime(2000, 1, 1)
_KINDS = (
    (pa.types.is_date, "day"),
    (pa.types.is_timestamp, "time"),
    (pa.types.is_floating, "money"),
    (pa.types.is_integer, "whole"),
)
_BAND_COLOURS = {
    "critical": "#9C1C1C",
    "error": "#9C1C1C",
    "high": "#B4530F",
    "warning": "#B4530F",
    "medium": "#8A6A00",
    "low": "#55605E",
    "info": "#55605E",
}
_SHARES = {"confidence": "share", "empty_share": "fine share"}
_TABS = {"Alerts": "#17515A", "Evidence": "#17515A", "Protected": "#9C1C1C"}


def write_workbook(result: Screened, path: Path, rows: pa.Table | None = None) -> None:
    """The workbook into a file; ``rows`` as :func:`~amlscreen.sinks.sheets.sheets_of` takes them."""
    book = Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})
    book.set_properties({"title": "Alerts for review", "created": _WHEN_MADE})
    formats = _formats(book, Money.of(result.jurisdiction))
    for sheet in sheets_of(result, rows):
        _write_sheet(book, sheet, formats)
    book.close()


def _formats(book: Workbook, money: Money) -> dict[str, Any]:
    decimals = "." + "0" * money.shown_digits if money.shown_digits else ""
    top = {"valign": "top"}
    head = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#17515A", "valign": "vcenter"}
    wanted = {
        "text": {**top, "align": "left", "indent": 1},
        "long": {**top, "align": "left", "indent": 1, "text_wrap": True},
        "whole": {**top, "num_format": "#,##0"},
        "money": {**top, "num_format": f"#,##0{decimals}"},
        "share": {**top, "num_format": "0%"},
        "fine share": {**top, "num_format": "0.0%"},
        "day": {**top, "num_format": "yyyy-mm-dd"},
        "time": {**top, "num_format": "yyyy-mm-dd hh:mm:ss"},
        "note": {"bold": True, "font_size": 12, "font_color": "#17515A"},
        "original": {**top, "num_format": "#,##0.00"},
        "head": {**head, "align": "right"},
        "head text": {**head, "align": "left", "indent": 1},
        **{
            band: {**top, "align": "left", "indent": 1, "bold": True, "font_color": colour}
            for band, colour in _BAND_COLOURS.items()
        },
    }
    return {name: book.add_format(properties) for name, properties in wanted.items()}


def _write_sheet(book: Workbook, sheet: Sheet, formats: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet.name)
    table = sheet.table.slice(0, MOST_ROWS)
    page.set_landscape()
    page.set_paper(_A3)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEADER)
    page.freeze_panes(_HEADER + 1, sheet.frozen)
    if sheet.name in _TABS:
        page.set_tab_color(_TABS[sheet.name])
    columns = [_Column(name, table.column(name), formats) for name in table.column_names]
    for number, column in enumerate(columns):
        page.set_column(number, number, column.width)
    page.write_string(0, 0, _note(sheet), formats["note"])
    page.set_row(_HEADER, 20)
    for number, column in enumerate(columns):
        page.write_string(_HEADER, number, column.name, column.head)
    heights = _heights(columns, table.num_rows)
    write_rows(page, _HEADER + 1, [column.cells() for column in columns], heights)
    if sheet.filtered:
        page.autofilter(_HEADER, 0, _HEADER + max(table.num_rows, 1), len(columns) - 1)


def _note(sheet: Sheet) -> str:
    every = sheet.table.num_rows
    if every <= MOST_ROWS:
        return sheet.note
    return f"{sheet.note} {MOST_ROWS:,} of {every:,} rows are listed; {sheet.rest_in} holds all."


def _heights(columns: Sequence[_Column], rows: int) -> NDArray[np.int64]:
    """The height of each row in points, for the longest of its wrapped cells; 0 for the usual one."""
    lines = np.ones(rows, np.int64)
    for column in columns:
        if column.is_long:
            lines = np.maximum(lines, column.lines())
    return np.where(lines > 1, _LINE_HEIGHT * np.minimum(lines, _MOST_LINES), 0)


class _Column:
    """One column on its way into a sheet: its values as a spreadsheet takes them, their format and their width."""

    def __init__(self, name: str, column: pa.ChunkedArray[Any], formats: dict[str, Any]) -> None:
        self.name = name
        self.kind, self.values = _as_written(name, column)
        self.format = formats[self.kind]
        self.head = formats["head text" if self.kind == "text" else "head"]
        self.bands = {band: formats[band] for band in _BAND_COLOURS} if name in {"band", "severity"} else {}
        first = self.values.slice(0, _ROWS_MEASURED).to_pylist()
        longest = max((len(str(value)) for value in first if value is not None), default=0)
        self.width = {"day": 12, "time": 20}.get(self.kind, min(max(longest + 2, len(name) + 5), _WIDEST))
        self.is_long = self.kind == "text" and longest > _WIDEST
        if self.is_long:
            self.format = formats["long"]

    def lines(self) -> NDArray[np.int64]:
        """How many lines each wrapped cell takes, roughly; spreadsheets do not agree on finding out for themselves."""
        letters = np.asarray(pc.fill_null(pc.utf8_length(self.values), 0), np.int64)
        return -(-letters // (self.width - 4))

    def cells(self) -> Cells:
        """Its cells; text only ever as text."""
        return Cells(self.kind, _cut(self.values) if self.kind == "text" else self.values, self.format, self.bands)


def _as_written(name: str, column: pa.ChunkedArray[Any]) -> tuple[str, Any]:
    """The kind of format, and the column in the type a cell takes."""
    kind = column.type
    if pa.types.is_decimal(kind) and _is_exact(column):
        return "original" if name == "amount_original" else "money", column.cast(pa.float64())
    for is_it, said in _KINDS:
        if is_it(kind):
            return _SHARES.get(name, said), column
    return "text", column.cast(pa.string())


def _is_exact(column: pa.ChunkedArray[Any]) -> bool:
    """Whether a spreadsheet keeps every digit of the column."""
    largest = pc.max(pc.abs(column)).as_py()
    return largest is None or len(largest.as_tuple().digits) <= _EXACT_DIGITS


def _cut(texts: Any) -> Any:
    """Texts no longer than a cell holds."""
    arrow: Any = pc  # the stubs do not know a fixed text or number
    long = arrow.greater(arrow.utf8_length(texts), _LONGEST_TEXT)
    if not arrow.any(long).as_py():
        return texts
    start = arrow.utf8_slice_codeunits(texts, 0, _LONGEST_TEXT)
    cut = arrow.binary_join_element_wise(start, " [cut here: a cell holds no more]", "")
    return arrow.if_else(long, cut, texts)
