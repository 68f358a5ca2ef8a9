"""A CSV file as a relation: text, dialect, records, and the sums that show that no line is lost."""

from __future__ import annotations

import csv
from collections.abc import Collection

from amlscreen.errors import DataError, EngineError, Place
from amlscreen.intake.layout import Layout
from amlscreen.intake.readers.careful import cut_carefully
from amlscreen.intake.readers.dialect import Dialect, csv_options, find_dialect
from amlscreen.intake.readers.lines import Found, Survey, find_records, survey
from amlscreen.intake.readers.raw import LineCount, RawFile, RejectedRow, is_blank, shown
from amlscreen.intake.readers.staged import Places, Rejected, Settled, Staged, first_cell, settle, staged_places
from amlscreen.intake.readers.task import Task
from amlscreen.intake.readers.text import Text, as_utf8
from amlscreen.intake.readers.tokenised import Tokenised, can_be_tokenised, ordinal_of, tokenise

__all__ = ["read_csv_file"]

_HEAD = 512 * 2**10
_LONGEST_LINE = 64 * 2**20


def read_csv_file(task: Task) -> RawFile:
    """A CSV file, cut by DuckDB where that is safe and in Python where it is not."""
    text = as_utf8(task.content, task.layout, workspace=task.workspace)
    dialect = find_dialect(_head(text), task.layout, task.place)
    start = text.start + len(dialect.prefix.encode())
    seen = survey(text.path, start, task.layout.quote, dialect.separator)
    if seen.longest > max(_LONGEST_LINE, 4 * task.settings.largest_field):
        raise DataError(
            f"holds a line of {seen.longest} bytes.",
            place=Place(task.source.name, dialect.before + seen.longest_line),
            fix="See whether it is a text file with lines; or raise the setting largest_field.",
        )
    if can_be_tokenised(text, dialect, task.layout, seen, task.settings):
        cut = tokenise(task.connection, text, start, dialect, task.layout, seen, task.target)
        if cut is not None:
            return _from_duckdb(task, text, dialect, start, seen, cut)
    return _from_python(task, text, dialect, start)


def _head(text: Text) -> str:
    """The first lines of a file, whole unless one is longer than anything that could be told from it."""
    with text.path.open("rb") as handle:
        handle.seek(text.start)
        head = handle.read(_HEAD)
        more = bool(handle.read(1))
    cut = head.rfind(b"\n") + 1 if more else len(head)
    return head[: cut or len(head)].decode("utf-8", errors="ignore")


def _from_duckdb(task: Task, text: Text, dialect: Dialect, start: int, seen: Survey, cut: Tokenised) -> RawFile:
    def places(records: Collection[int]) -> dict[int, tuple[int, int]]:
        if seen.straight:
            return {record: (dialect.before + record, 1) for record in records if 0 < record <= seen.logical}
        found = find_records(text.path, start, task.layout.quote, ordinals=records)
        return {record: (dialect.before + place.line, place.lines) for record, place in found.items()}

    cells = [_cells(place, dialect, task.layout) for place in cut.rejected]
    blank = [place.lines for place, row in zip(cut.rejected, cells, strict=True) if is_blank(row)]
    rejected = tuple(
        _ragged(place, dialect, first_cell(row))
        for place, row in zip(cut.rejected, cells, strict=True)
        if not is_blank(row)
    )
    staged = Staged(task.target, dialect.columns, ordinal_of(cut.rejected), cut.rows, rejected, True, places)
    settled = settle(task.connection, staged, task.layout, task.place)
    blank_lines = dialect.blank_lines + seen.empty + sum(blank) + settled.blank_lines
    return _raw(task, text, dialect, settled, places, blank_lines, dialect.before + seen.physical)


def _cells(place: Found, dialect: Dialect, layout: Layout) -> list[str]:
    line = place.text.decode("utf-8", errors="ignore")
    return next(csv.reader([line], **csv_options(layout, dialect.separator)), [])


def _ragged(place: Found, dialect: Dialect, cell: str) -> Rejected:
    value = shown(place.text.decode("utf-8", errors="ignore"))
    return Rejected(RejectedRow(place.ordinal, dialect.before + place.line, "ragged", None, value), place.lines, cell)


def _from_python(task: Task, text: Text, dialect: Dialect, start: int) -> RawFile:
    cut = cut_carefully(text, start, dialect, task)
    places = staged_places(task.target)
    staged = Staged(
        task.target, dialect.columns, '"__record"', cut.rows, tuple(cut.rejected), False, places
    )
    settled = settle(task.connection, staged, task.layout, task.place)
    return _raw(task, text, dialect, settled, places, dialect.blank_lines + cut.blank, cut.total)


def _raw(
    task: Task, text: Text, dialect: Dialect, settled: Settled, places: Places, blank: int, total: int
) -> RawFile:
    rejected = sum(item.lines for item in settled.rejected)
    records = total - dialect.header_lines - blank - settled.footer_lines - rejected
    if settled.lines is not None and settled.lines != records:
        raise EngineError(
            f"the lines do not add up: {records} are left for records, which stand on {settled.lines}.", place=task.place
        )
    count = settled.rows + len(settled.rejected)
    warnings = [*text.warnings, *dialect.warnings]
    if not count:
        warnings.append("holds a header and no record.")
    return RawFile(
        source=task.source,
        columns=dialect.columns,
        typed=False,
        relation=settled.relation,
        records=count,
        rejected=tuple(item.row for item in settled.rejected),
        lines=LineCount(total, dialect.header_lines, blank, settled.footer_lines, records, rejected),
        sha256=task.content.sha256,
        bytes=task.content.bytes,
        encoding=text.encoding,
        separator=dialect.separator,
        format="csv",
        warnings=tuple(warnings),
        find_lines=lambda wanted: {record: line for record, (line, _) in places(wanted).items()},
    )
