"""Cutting a CSV file into records line by line in Python, for what DuckDB cannot be trusted with.

Quoting is held to strictly. A record whose quotes do not add up gives its first line up as rejected and reading goes on
with the next line, so that one stray quote never swallows the rows after it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from amlscreen.errors import DataError, EngineError, Place
from amlscreen.intake.layout import Layout
from amlscreen.intake.readers.csv_text import CsvText
from amlscreen.intake.readers.dialect import Dialect, csv_options
from amlscreen.intake.readers.raw import BLANK, RejectedRow, is_blank, shown
from amlscreen.intake.readers.staged import Rejected, StageWriter, first_cell
from amlscreen.intake.readers.task import Task

__all__ = ["CutRecords", "cut_carefully"]

_MOST_REJECTED = 200_000


@dataclass(slots=True)
class CutRecords:
    """What cutting gave: how many rows are staged, the rejected ones, and the blank lines."""

    rows: int = 0
    place: int = 0  # of the last record, rejected ones counted
    rejected: list[Rejected] = field(default_factory=list)
    lines: int = 0  # physical lines of what is staged
    blank: int = 0
    total: int = 0  # physical lines of the whole file

    def reject(self, reason: str, line: int, lines: int, value: str, first_cell: str) -> None:
        """Note the last record as one that cannot be used."""
        row = RejectedRow(self.place, line, reason, None, shown(value))
        self.rejected.append(Rejected(row, lines, first_cell))


class _Overlong(Exception):
    """A record that goes on past the largest field: a quote that is never closed."""


class _Lines(Iterator[str]):
    """The lines of a file, which can be given back; it remembers those of the record being read."""

    def __init__(self, handle: TextIO, before: int, longest: int) -> None:
        self._handle = handle
        self._longest = longest
        self._again: list[str] = []
        self._size = 0
        self.number = before
        self.taken: list[str] = []

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._handle.readline()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        self._size += len(line)
        if self._size > self._longest and len(self.taken) > 1:
            raise _Overlong
        return line

    @property
    def span(self) -> range:
        """The numbers of the lines of the record."""
        return range(self.number - len(self.taken) + 1, self.number + 1)

    def begin(self) -> None:
        """The next line begins a record."""
        self.taken.clear()
        self._size = 0

    def give_back(self) -> str:
        """Give back all lines of the record but the first, which is returned."""
        first, *rest = self.taken
        self._again.extend(reversed(rest))
        self.number -= len(rest)
        return first


def cut_carefully(file: CsvText) -> CutRecords:
    """Stage every record of a file's body; DataError if a field is too large."""
    task, dialect, undecodable = file.task, file.dialect, file.text.undecodable
    cut = CutRecords()
    largest = task.settings.largest_field
    with file.text.path.open("rb") as raw, StageWriter(task.target, dialect.columns) as stage, _largest_field(largest):
        raw.seek(file.start)
        lines = _Lines(io.TextIOWrapper(raw, encoding="utf-8", newline=""), dialect.before, largest)
        reader = csv.reader(lines, strict=True, **csv_options(task.layout, dialect.separator, spaced=dialect.spaced))
        while True:
            lines.begin()
            try:
                cells = next(reader)
            except StopIteration:
                break
            except (csv.Error, _Overlong) as problem:
                mended = _with_blanks_after_quotes(problem, lines.taken, dialect.separator, task.layout)
                if mended is None:
                    _give_up_line(cut, lines, problem, task)
                    continue
                cells = mended
            width = len(dialect.columns)
            damaged = bool(undecodable) and not undecodable.isdisjoint(lines.span)
            if len(cells) < width and task.layout.short_rows == "fill":
                cells += [""] * (width - len(cells))
            placed = _place(cut, cells, lines, width, damaged=damaged)
            if placed:
                stage.add(cut.place, lines.span.start, len(lines.span), cells[:width])
            if len(cut.rejected) > _MOST_REJECTED:
                raise _too_many_rejected(cut, task.place, dialect)
        cut.rows, cut.total = stage.total, lines.number
    counted = dialect.before + cut.lines + cut.blank + sum(item.lines for item in cut.rejected)
    if counted != cut.total:
        raise EngineError(f"{cut.total} lines were read, but {counted} are accounted for.", place=task.place)
    return cut


def _place(cut: CutRecords, cells: list[str], lines: _Lines, width: int, *, damaged: bool) -> bool:
    """Count one record as blank, rejected, or (true) as one to stage."""
    taken = len(lines.taken)
    if not damaged and (not cells or (not cells[0].strip(BLANK) and is_blank(cells))):
        cut.blank += taken
        return False
    cut.place += 1
    if damaged:
        cut.reject("bad_encoding", lines.span.start, taken, lines.taken[0], first_cell(cells))
    elif len(cells) != width and (len(cells) < width or any(cells[width:])):
        cut.reject("ragged", lines.span.start, taken, "".join(lines.taken), first_cell(cells))
    else:
        cut.lines += taken
        return True
    return False


def _with_blanks_after_quotes(problem: Exception, taken: list[str], separator: str, layout: Layout) -> list[str] | None:
    """The cells of a line with blanks between a closing quote and a separator; None if more than that is odd."""
    if "expected after" not in str(problem) or len(taken) != 1 or layout.quote is None or layout.escape is not None:
        return None
    quote, between = re.escape(layout.quote), re.escape(separator)
    blanks = "[ \t]*" if separator != "\t" else " *"
    cell = re.compile(
        f"{blanks}{quote}((?:[^{quote}]|{quote}{quote})*+){quote}{blanks}({between}|$)|([^{between}{quote}]*)({between}|$)"
    )
    line, cells, at = taken[0].rstrip("\r\n"), [], 0
    while True:
        found = cell.match(line, at)
        if found is None:
            return None
        quoted = found[1]
        cells.append(found[3] if quoted is None else quoted.replace(layout.quote * 2, layout.quote))
        at = found.end()
        if not (found[2] or found[4]):
            return cells


def _give_up_line(cut: CutRecords, lines: _Lines, problem: csv.Error | _Overlong, task: Task) -> None:
    """Reject the line on which a record that cannot be cut begins, and read on behind it."""
    if len(lines.taken) == 1 and "field limit" in str(problem):
        raise DataError(
            f"holds a cell of more than {task.settings.largest_field} characters.",
            place=Place(task.source.name, lines.number),
            fix="See whether a quote is missing there; or raise the setting largest_field.",
        ) from problem
    unclosed = isinstance(problem, _Overlong) or "unexpected end" in str(problem) or "field limit" in str(problem)
    first = lines.give_back()
    cut.place += 1
    cut.reject("unclosed_quote" if unclosed else "bad_quote", lines.number, 1, first, "")


def _too_many_rejected(cut: CutRecords, place: Place, dialect: Dialect) -> DataError:
    first = cut.rejected[0].row
    return DataError(
        f"more than {_MOST_REJECTED} lines cannot be cut into {len(dialect.columns)} cells at {dialect.separator!r}.",
        place=Place(place.file, first.line),
        fix="State `separator`, `quote` and `skip_rows` under `layout` in the mapping.",
    )


@contextmanager
def _largest_field(size: int) -> Iterator[None]:
    """Let the csv module take fields of ``size`` characters; its limit is one for the whole process."""
    before = csv.field_size_limit(size)
    try:
        yield
    finally:
        csv.field_size_limit(before)
