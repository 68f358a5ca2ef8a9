"""How a text file is cut into cells: separator, header, names, and where its records begin."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from amlscreen.errors import DataError, Place
from amlscreen.intake.layout import Layout
from amlscreen.intake.readers.names import column_names

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
    warnings: tuple[str, ...]

    @property
    def before(self) -> int:
        """The physical lines before the first record."""
        return self.header_lines + self.blank_lines


def csv_options(layout: Layout, separator: str) -> dict[str, Any]:
    """The options of Python's csv module that say the same as a layout."""
    if layout.quote is None:
        return {"delimiter": separator, "quoting": csv.QUOTE_NONE, "escapechar": layout.escape}
    escape = None if layout.escape == layout.quote else layout.escape
    return {"delimiter": separator, "quotechar": layout.quote, "doublequote": escape is None, "escapechar": escape}


def find_dialect(head: str, layout: Layout, place: Place) -> Dialect:
    """The dialect of a file whose first lines are ``head``; DataError if the header stands elsewhere."""
    lines = _physical(head)
    at = min(layout.skip_rows, len(lines))
    header_lines, blank = at, 0
    while at < len(lines) and not lines[at].strip():
        at, blank = at + 1, blank + 1
    if at >= len(lines):
        if layout.skip_rows and any(line.strip() for line in lines):
            raise DataError(f"has no more than the {layout.skip_rows} lines that skip_rows passes over.", place=place)
        raise DataError("holds nothing but blank lines.", place=place, fix="Export it again.")
    hint = _EXCEL_HINT.match(lines[at]) if layout.separator is None else None
    if hint:
        at, header_lines = at + 1, header_lines + 1
    warnings: list[str] = []
    separator = layout.separator or (hint.group(1) if hint else _separator(lines[at:], layout, warnings))
    rows = list(_rows(lines[at:], layout, separator, _SAMPLE_ROWS))
    widths = [len(row.cells) for row in rows if not row.blank]
    if layout.header:
        cells, taken = _header(rows, layout, header_lines + blank, place)
        at, header_lines = at + taken, header_lines + taken
    else:
        cells = list(layout.columns or [""] * (Counter(widths).most_common(1)[0][0] if widths else 1))
    columns, renamed = column_names(cells)
    if layout.header or layout.columns:
        warnings += renamed
    return Dialect(separator, columns, "".join(lines[:at]), header_lines, blank, tuple(warnings))


def _physical(text: str) -> list[str]:
    """Lines as :mod:`lines` counts them, and those that end in a lone CR."""
    return re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+", text)


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    before: int  # physical lines of the sample that stand before it
    lines: int

    @property
    def blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


def _rows(lines: Iterable[str], layout: Layout, separator: str, most: int) -> Iterator[_Row]:
    """The first records of a sample; what cannot be cut into cells ends it."""
    reader = csv.reader(lines, **csv_options(layout, separator))
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


def _header(rows: list[_Row], layout: Layout, before: int, place: Place) -> tuple[list[str], int]:
    """The header's cells and how many lines it takes, fitted to the records where nothing is lost by it."""
    if not rows:
        raise DataError("its first line cannot be cut into cells.", place=Place(place.file, before + 1))
    cells = rows[0].cells
    body = [row.cells for row in rows[1:] if not row.blank]
    usual = Counter(len(item) for item in body).most_common(1)[0][0] if body else len(cells)
    if usual < len(cells) and not any(cell.strip() for cell in cells[usual:]):
        cells = cells[:usual]  # the header alone ends in separators
    elif usual > len(cells) and all(not any(item[len(cells) :]) for item in body if len(item) == usual):
        pass  # each record ends in separators, which both readers pass over
    elif usual != len(cells):
        _refuse_if_header_is_elsewhere(rows, usual, before, place)
    return cells, rows[0].before + rows[0].lines


def _refuse_if_header_is_elsewhere(rows: list[_Row], usual: int, before: int, place: Place) -> None:
    """DataError if a later line looks like the header: it and most lines from there on have equally many cells."""
    fits = [len(row.cells) == usual for row in rows]
    first = fits.index(True)
    rest = fits[first:]
    if usual < 2 or len(rest) < 3 or sum(rest) < 0.6 * len(rest) or first == 0 or first > 60:
        return
    line = before + rows[first].before + 1
    raise DataError(
        f"the header on line {before + rows[0].before + 1} has {len(rows[0].cells)} cells, but most lines from line "
        f"{line} on have {usual}.",
        place=Place(place.file, line),
        fix=f"If the header stands there, state `layout: {{skip_rows: {line - 1}}}` in the mapping.",
    )
