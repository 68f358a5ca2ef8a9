"""How a text file is cut into cells: separator, header, names, and where its records begin."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from amlscreen.errors import DataError, Place
from amlscreen.intake.layout import Layout
from amlscreen.intake.readers.header import filled, refuse_a_header_elsewhere, warn_of_a_record
from amlscreen.intake.readers.names import column_names
from amlscreen.intake.readers.raw import BLANK, is_blank

__all__ = ["Dialect", "csv_options", "find_dialect"]

_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 500
_EXCEL_HINT = re.compile(r"\s*\"?sep=(.)\"?\s*$", re.I)


@dataclass(frozen=True, slots=True)
class Dialect:
    """A file's separator and columns; ``prefix`` is the text before its first record, blank lines included."""

    separator: str
    columns: tuple[str, ...]
    prefix: str
    header_lines: int
    blank_lines: int
    spaced: bool  # blanks stand between a separator and a quote
    warnings: tuple[str, ...]

    @property
    def before(self) -> int:
        """The physical lines before the first record."""
        return self.header_lines + self.blank_lines


def csv_options(layout: Layout, separator: str, *, spaced: bool) -> dict[str, Any]:
    """The options of Python's csv module that say the same as a layout."""
    options = _quoting(layout)
    return {**options, "delimiter": separator, "skipinitialspace": spaced}


def _quoting(layout: Layout) -> dict[str, Any]:
    if layout.quote is None:
        return {"quoting": csv.QUOTE_NONE, "escapechar": layout.escape}
    escape = None if layout.escape == layout.quote else layout.escape
    return {"quotechar": layout.quote, "doublequote": escape is None, "escapechar": escape}


def find_dialect(head: str, layout: Layout, place: Place) -> Dialect:
    """The dialect of a file whose first lines are ``head``; DataError if the header stands elsewhere."""
    lines = _physical(head)
    at = header_lines = min(layout.skip_rows, len(lines))
    at = _past_blank(lines, at, layout.skip_rows, place)
    hint = _EXCEL_HINT.match(lines[at]) if layout.separator is None else None
    if hint:
        at, header_lines = at + 1, header_lines + 1
    warnings: list[str] = []
    separator = layout.separator or (hint.group(1) if hint else _separator(lines[at:], layout, warnings))
    spaced = _is_spaced(lines[at:], layout, separator)
    while (passed := _blank_rows(lines[at:], layout, separator)) and at < len(lines):
        at += passed
    at = _past_blank(lines, at, layout.skip_rows, place)
    blank = at - header_lines
    rows = list(_rows(lines[at:], layout, separator, _SAMPLE_ROWS))
    if layout.header:
        cells, taken = _header(rows, at, place)
        at, header_lines = at + taken, header_lines + taken
        warnings += warn_of_a_record(cells, at)
    else:
        widths = Counter(len(row.cells) for row in rows if not is_blank(row.cells))
        cells = list(layout.columns or [""] * (widths.most_common(1)[0][0] if widths else 1))
    columns, renamed = column_names(cells)
    if layout.header or layout.columns:
        warnings += renamed
    return Dialect(separator, columns, "".join(lines[:at]), header_lines, blank, spaced, tuple(warnings))


def _past_blank(lines: Sequence[str], at: int, skipped: int, place: Place) -> int:
    """The next line that is not blank; DataError if there is none."""
    while at < len(lines) and not lines[at].strip(BLANK + "\r\n"):
        at += 1
    if at < len(lines):
        return at
    if skipped and any(line.strip(BLANK + "\r\n") for line in lines):
        raise DataError(f"has nothing after the {skipped} lines that skip_rows passes over.", place=place)
    raise DataError("holds nothing but blank lines.", place=place, fix="Export it again.")


def _physical(text: str) -> list[str]:
    """Lines as :mod:`lines` counts them, and those that end in a lone CR."""
    return re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+", text)


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    before: int  # physical lines of the sample that stand before it
    lines: int


def _rows(lines: Sequence[str], layout: Layout, separator: str, most: int) -> Iterator[_Row]:
    """The first records of a sample; what cannot be cut into cells ends it."""
    reader = csv.reader(lines, **csv_options(layout, separator, spaced=_is_spaced(lines, layout, separator)))
    seen = 0
    try:
        for cells in reader:
            if cells:
                yield _Row(cells, seen, reader.line_num - seen)
            seen = reader.line_num
            most -= 1
            if not most:
                return
    except csv.Error:
        return


def _blank_rows(lines: Sequence[str], layout: Layout, separator: str) -> int:
    """How many lines at the start hold separators and nothing else."""
    passed = 0
    for row in _rows(lines, layout, separator, _SAMPLE_ROWS):
        if not is_blank(row.cells):
            break
        passed = row.before + row.lines
    return passed


def _is_spaced(lines: Sequence[str], layout: Layout, separator: str) -> bool:
    mark = f"{separator} {layout.quote}"
    return layout.quote is not None and separator != " " and any(mark in line for line in lines[:_SAMPLE_ROWS])


def _separator(lines: list[str], layout: Layout, warnings: list[str]) -> str:
    """The separator under which most lines have equally many cells, more than one, and the header as many."""
    scores: dict[str, float] = {}
    for separator in _SEPARATORS:
        widths = [len(row.cells) for row in _rows(lines, layout, separator, 200)]
        wide = Counter(width for width in widths if width > 1)
        if wide:
            width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
            scores[separator] = count / len(widths) * (1 - 1 / width) * (1.5 if widths[0] == width else 1.0)
    ranked = sorted(scores, key=lambda item: -scores[item])
    if len(ranked) > 1 and scores[ranked[1]] > 0.9 * scores[ranked[0]]:
        first, second = (repr(item) for item in ranked[:2])
        warnings.append(f"read as separated by {first}, but it could also be {second}: state `separator`.")
    return ranked[0] if ranked else ","


def _header(rows: list[_Row], before: int, place: Place) -> tuple[list[str], int]:
    """The header's cells and how many lines it takes, fitted to the records where nothing is lost by it."""
    if not rows:
        raise DataError("its first line cannot be cut into cells.", place=Place(place.file, before + 1))
    shown = [row for row in rows[:200] if not is_blank(row.cells)]
    refuse_a_header_elsewhere([filled(row.cells) for row in shown], [before + row.before + 1 for row in shown], place)
    cells = rows[0].cells
    body = [row.cells for row in rows[1:] if not is_blank(row.cells)]
    usual = Counter(len(item) for item in body).most_common(1)[0][0] if body else len(cells)
    if usual < len(cells) and not any(cell.strip() for cell in cells[usual:]):
        cells = cells[:usual]  # the header alone ends in separators
    return cells, rows[0].before + rows[0].lines
