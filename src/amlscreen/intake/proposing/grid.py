"""Rows of cells with the lines they stand on, before anything is known of header and records."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from amlscreen.intake.proposing.atoms import is_value
from amlscreen.intake.readers.raw import BLANK

__all__ = ["Cut", "Row", "best_cut", "numbered"]

_SEPARATORS = (",", ";", "\t", "|", "^", "~")
_MOST_LINES = 3000
_SCORED = 400
_LAST_LINES = 200
_HINT = re.compile(r"\s*\"?sep=(.)\"?\s*$", re.I)


@dataclass(frozen=True, slots=True)
class Row:
    """One row that holds anything: its cells trimmed, the physical line it begins on, and how many lines it takes."""

    line: int
    lines: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> int:
        """How many cells hold anything."""
        return sum(map(bool, self.cells))

    @property
    def values(self) -> int:
        """How many cells hold a number, an amount or a day."""
        return sum(map(is_value, self.cells))

    @property
    def first(self) -> str:
        """The first cell that holds anything."""
        return next(filter(None, self.cells), "")


@dataclass(frozen=True, slots=True)
class Cut:
    """A text cut into rows at a separator; ``quote`` is None where the quotes in it are plain characters."""

    separator: str
    quote: str | None
    rows: tuple[Row, ...]
    rival: str | None = None
    whole: bool = True


def numbered(rows: Iterable[Sequence[str]], first: int = 1) -> list[Row]:
    """The rows of a sheet that are not blank."""
    made = [Row(at, 1, tuple(cell.strip(BLANK + "\r\n") for cell in row)) for at, row in enumerate(rows, start=first)]
    return [row for row in made if row.filled]


def best_cut(text: str) -> Cut:
    """A text cut at the separator under which its rows look most like the records of one table."""
    whole = re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+", text)
    lines, rest = whole[:_MOST_LINES], whole[_MOST_LINES:]
    hint = next((found for line in lines[:1] if (found := _HINT.match(line))), None)
    separators = (hint.group(1),) if hint else _SEPARATORS
    cuts = [Cut(mark, quote, tuple(_rows(lines, mark, quote))) for mark in separators for quote in _quotes(lines, mark)]
    ranked = sorted(cuts, key=lambda cut: -_score(cut))
    best = ranked[0]
    second = next((cut for cut in ranked if cut.separator != best.separator), None)
    if second is not None and _score(second) > 0.9 * _score(best) > 0:
        best = replace(best, rival=second.separator)
    rows = [row for row in best.rows if not (hint and row.line == 1)]
    if rest:  # the end of a long file tells its footer; the first row cut there may begin within a record
        last = _rows(rest[-_LAST_LINES:], best.separator, best.quote)[1:]
        rows += [replace(row, line=row.line + len(whole) - min(_LAST_LINES, len(rest))) for row in last]
    return replace(best, rows=tuple(rows), whole=not rest)


def _quotes(lines: Sequence[str], separator: str) -> tuple[str | None, ...]:
    """The quotes to try: the usual one, the single one where cells begin and end with it, none where one runs on."""
    single = sum(line.startswith("'") and (f"'{separator}'" in line) for line in lines[:50])
    if single * 2 > min(len(lines), 50):
        return ("'",)
    runs_on = any(row.lines > 40 for row in _rows(lines[:2000], separator, '"'))
    return (None,) if runs_on else ('"',)


def _rows(lines: Sequence[str], separator: str, quote: str | None) -> list[Row]:
    options = {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE}
    spaced = quote is not None and separator != " " and any(f"{separator} {quote}" in line for line in lines[:500])
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=spaced, **options)
    made: list[Row] = []
    before = 0
    try:
        for cells in reader:
            row = Row(before + 1, reader.line_num - before, tuple(cell.strip(BLANK + "\r\n") for cell in cells))
            before = reader.line_num
            if row.filled:
                made.append(row)
    except csv.Error:
        return made
    return made


def _score(cut: Cut) -> float:
    """The share of rows as wide as most, weighed with how many cells they have and how many of them hold one value."""
    rows = cut.rows[:_SCORED]
    widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
    if not widths:
        return 0.0
    width, _ = max(widths.items(), key=lambda item: (item[1], item[0]))
    alike = [row for row in rows if abs(len(row.cells) - width) <= (1 if width > 3 else 0)]
    same = widths[width] / len(rows)
    near = len(alike) / len(rows)
    values = sum(row.values for row in alike) / sum(max(row.filled, 1) for row in alike)
    return (same + near) / 2 * (1 - 1 / width) * (0.6 + values)
