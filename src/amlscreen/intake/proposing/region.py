"""Where in a file's rows the table stands: its header, its records, and the rows that are neither."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from amlscreen.intake.proposing.atoms import folded, is_value
from amlscreen.intake.proposing.grid import Row
from amlscreen.intake.proposing.words import footer_pattern, row_kind

__all__ = ["Region", "find_region"]

_LOOKED = 80
_DAY = re.compile(
    r"\D?\d{1,4}[-/.年]\s?(\d{1,2}|[A-Za-z]{3,9})[-/.月]\s?\d{1,4}.*|\d{1,2}[- ]?[A-Za-z]{3,9}\.?[- ,]*\d{2,4}.*"
    r"|(19|20|25)\d{6}(\d{4,6})?.*"
)
_MOST_PATTERNS = 8

Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Region:
    """``header`` is the index of its row, None if there is none; ``records`` the rows that are records.

    ``footer`` are patterns on the first filled cell of rows that are none, ``footer_rows`` how many at the end must be
    left out by number, ``apart`` those rows themselves.
    """

    header: int | None
    width: int
    records: tuple[Row, ...]
    apart: tuple[Row, ...]
    footer: tuple[str, ...]
    footer_rows: int
    first: int


def find_region(rows: Sequence[Row], known: Known) -> Region:
    """The table among the rows; ``known`` tells whether a text is a known name of a column."""
    usual = _usual_width(rows)
    header = _header(rows, usual, known)
    first = _first_record(rows, usual) if header is None else header + 1
    below = rows[first:]
    width = len(rows[header].cells) if header is not None else usual
    apart = _apart(below, width)
    lines = {row.line for row in apart}
    records = [row for row in below if row.line not in lines]
    footer, footer_rows = _footer(apart, records, below)
    last = {row.line for row in below[len(below) - footer_rows :]} if footer_rows else set()
    said = {row.line for row in apart if row.line in last or any(re.search(each, row.first) for each in footer)}
    kept = tuple(row for row in below if row.line not in said)
    return Region(header, width, kept, tuple(row for row in apart if row.line in said), footer, footer_rows, first)


def _usual_width(rows: Sequence[Row]) -> int:
    typed = Counter(len(row.cells) for row in rows if row.values and row.filled > 1)
    widths = typed or Counter(len(row.cells) for row in rows)
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 0


def _first_record(rows: Sequence[Row], usual: int) -> int:
    """The first row that looks like a record, where no header tells."""
    for at, row in enumerate(rows[:_LOOKED]):
        if row.values and row.filled > 1 and len(row.cells) * 2 > usual:
            return at
    return 0


def _header(rows: Sequence[Row], usual: int, known: Known) -> int | None:
    """The row that names the columns: texts alone, as many as records have cells, best of known names."""
    first = _first_record(rows, usual)
    best, at_best = 0.0, None
    for at, row in enumerate(rows[:_LOOKED]):
        score = 0.0 if row.values else _header_score(row, rows[at + 1 : at + 30], usual, known)
        if score == 0.0:
            continue
        if at > first and _names(row, known) < max(2, row.filled * 0.4):
            continue
        if score > best:
            best, at_best = score, at
    return at_best


def _names(row: Row, known: Known) -> int:
    return sum(known(cell) for cell in row.cells if cell)


def _header_score(row: Row, below: Sequence[Row], usual: int, known: Known) -> float:
    texts = [cell for cell in row.cells if cell]
    if any(is_value(text) or len(text) > 80 for text in texts) or len(texts) < min(2, usual):
        return 0.0
    if len(row.cells) * 2 < usual or len(set(texts)) * 10 < len(texts) * 6:
        return 0.0
    names = _names(row, known)
    if below and not any(each.values for each in below) and names < 2 and usual > 1:
        return 0.0
    full = min(len(texts), usual) / max(usual, 1)
    return full + 2 * names / max(usual, len(texts))


def _apart(below: Sequence[Row], width: int) -> list[Row]:
    """Rows that are no records: without a value where most rows have a day, and far less filled than they are."""
    anchor = _anchor(below, width)
    if anchor is None or len(below) < 2:
        return []
    usual = sorted(row.filled for row in below)[len(below) * 3 // 4]
    apart = []
    for row in below:
        cell = row.cells[anchor] if anchor < len(row.cells) else ""
        whole = len(row.cells) >= width * 0.9 and row.filled * 10 >= usual * 6 and row.values
        if not _DAY.fullmatch(folded(cell)) and (not whole or row_kind(row.first)):
            apart.append(row)
    unknown = sum(row_kind(row.first) is None for row in apart)
    few = unknown * 2 < len(below) - len(apart) + unknown and len(apart) < len(below)
    thin = len(below) - len(apart) >= 3 and all(row.filled <= 2 for row in apart)
    return apart if few or thin else []


def _anchor(below: Sequence[Row], width: int) -> int | None:
    """The column in which most rows have a day."""
    counts = Counter(
        at for row in below for at, cell in enumerate(row.cells[: max(width, 1)]) if _DAY.fullmatch(folded(cell))
    )
    if not counts:
        return None
    at, count = max(counts.items(), key=lambda item: (item[1], -item[0]))
    return at if count * 3 >= len(below) or count >= len(below) - 3 else None


def _footer(apart: Sequence[Row], records: Sequence[Row], below: Sequence[Row]) -> tuple[tuple[str, ...], int]:
    """Patterns that find the rows apart and no record; where there is none, a count of rows at the end."""
    firsts = [row.first for row in records]
    patterns: dict[str, None] = {}
    left: list[Row] = []
    for row in apart:
        pattern = footer_pattern(row.first) or _pattern(row.first)
        if pattern is None or any(re.search(pattern, text) for text in firsts):
            left.append(row)
        else:
            patterns[pattern] = None
    if len(patterns) > _MOST_PATTERNS or left:
        last = 0
        apart_lines = {row.line for row in apart}
        while last < len(below) and below[-1 - last].line in apart_lines:
            last += 1
        trailing = {row.line for row in below[len(below) - last :]}
        if len(patterns) > _MOST_PATTERNS:
            patterns = {
                p: None
                for row in apart
                if row.line not in trailing and (p := footer_pattern(row.first) or _pattern(row.first)) in patterns
            }
            return tuple(patterns), last
        if left and {row.line for row in left} <= trailing:
            return tuple(
                p for p in patterns if any(re.search(p, row.first) for row in apart if row.line not in trailing)
            ), last
    return tuple(patterns), 0


def _pattern(text: str) -> str | None:
    """An expression for the words a row begins with; None if it does not begin with words."""
    words = re.match(r"[^\d:：=]{2,40}", text)
    if words is None or not re.search(r"[^\W\d_]", words[0]):
        return None
    said = words[0].strip()
    if len(said) < 2:
        return None
    return "^" + re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", said)
