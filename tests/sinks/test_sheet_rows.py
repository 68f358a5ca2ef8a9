"""Rows written in bulk are the library's own, byte for byte."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from amlscreen.sinks.sheet_rows import Cells, write_rows

_ODD = [
    "",
    " a",
    "a\n",
    "<b>",
    'a & "b"',
    "_x0041_",
    "tab\there",
    "bell\x07",
    "é\u00a0",
    "\ufffe",
    "x" * 40,
    "ກີບ",
    None,
]
_TEXTS = st.lists(st.sampled_from(_ODD) | st.text(max_size=6).filter(str.isprintable), max_size=9)


def _book(path: Path, table: pa.Table, heights: np.ndarray, *, in_bulk: bool) -> dict[str, bytes]:
    book = Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})
    book.set_properties({"created": dt.datetime(2000, 1, 1)})
    kinds = {"text": "text", "band": "text", "amount": "money", "count": "whole", "day": "day", "at": "time"}
    styles = {name: book.add_format({"num_format": f'0"{name}"'}) for name in (*kinds, "high", "head")}
    for _ in range(2):
        page = book.add_worksheet()
        for number, name in enumerate(table.column_names):
            page.write_string(0, number, name, styles["head"])
        columns = [
            Cells(kinds[name], table.column(name), styles[name], {"high": styles["high"]} if name == "band" else {})
            for name in table.column_names
        ]
        (write_rows if in_bulk else _cell_by_cell)(page, 1, columns, heights)
    book.close()
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def _cell_by_cell(page: Any, top: int, columns: list[Cells], heights: np.ndarray) -> None:
    for row in range(heights.size):
        if heights[row]:
            page.set_row(top + row, int(heights[row]))
        for number, column in enumerate(columns):
            value = column.values[row].as_py()
            if value is not None:
                write = {"text": page.write_string, "day": page.write_datetime, "time": page.write_datetime}
                write.get(column.kind, page.write_number)(
                    top + row, number, value, column.bands.get(value, column.style)
                )


@settings(deadline=None, max_examples=25)
@given(_TEXTS, st.randoms(use_true_random=False))
def test_rows_in_bulk_are_the_same_bytes(tmp_path_factory: Any, texts: list[str | None], chance: Any) -> None:
    """Texts of every kind, empty cells, formats of single words, heights, days, times and numbers."""
    size = len(texts)
    table = pa.table(
        {
            "text": pa.array(texts, pa.string()),
            "band": pa.array([chance.choice(["high", "low", None]) for _ in texts], pa.string()),
            "amount": pa.array([chance.choice([0.1, 1e15, -2.5, 1 / 3, None]) for _ in texts], pa.float64()),
            "count": pa.array([chance.choice([0, 7, -(2**62), None]) for _ in texts], pa.int64()),
            "day": pa.array([chance.choice([20_000, 40_000, None]) for _ in texts], pa.int32()).cast(pa.date32()),
            "at": pa.array([chance.choice([1_700_000_000_123_456, 0, None]) for _ in texts], pa.timestamp("us")),
        }
    )
    heights = np.array([chance.choice([0, 30, 90]) for _ in range(size)], np.int64)
    folder = tmp_path_factory.mktemp("books")
    bulk = _book(folder / "bulk.xlsx", table, heights, in_bulk=True)
    assert bulk == _book(folder / "cells.xlsx", table, heights, in_bulk=False)


def test_markup_stays_a_text(tmp_path: Path) -> None:
    """What looks like a spreadsheet's own rich text is shown as it was written."""
    texts = pa.chunked_array([["<r><t>a</t></r>", "b"]])
    sheet = _book(tmp_path / "a.xlsx", pa.table({"text": texts}), np.zeros(2, np.int64), in_bulk=True)
    assert b"&lt;r&gt;&lt;t&gt;a&lt;/t&gt;&lt;/r&gt;" in sheet["xl/worksheets/sheet1.xml"]
