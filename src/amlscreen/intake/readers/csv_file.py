"""A CSV file as a relation, and the sums that show that no line of it is lost."""

from __future__ import annotations

import csv
from collections.abc import Collection

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.careful import cut_carefully
from amlscreen.intake.readers.csv_text import CsvText, open_csv
from amlscreen.intake.readers.dialect import csv_options
from amlscreen.intake.readers.lines import Found, find_records
from amlscreen.intake.readers.raw import RawFile, RejectedRow, is_blank, shown
from amlscreen.intake.readers.settled import Settled, as_raw_file, settle
from amlscreen.intake.readers.staged import Rejected, Staged, first_cell, staged_places
from amlscreen.intake.readers.task import Task
from amlscreen.intake.readers.tokenised import Tokenised, can_be_tokenised, tokenise

__all__ = ["read_csv_file"]

_FEW_REJECTED = 3


def read_csv_file(task: Task) -> RawFile:
    """A CSV file, cut by DuckDB where that is safe and in Python where it is not."""
    file = open_csv(task)
    fills = task.layout.short_rows == "fill"
    cut = tokenise(file) if can_be_tokenised(file) and not fills else None
    return _from_duckdb(file, cut) if cut is not None else _from_python(file)


def _from_duckdb(file: CsvText, cut: Tokenised) -> RawFile:
    task, dialect, seen = file.task, file.dialect, file.seen

    def places(wanted: Collection[int]) -> dict[int, tuple[int, int]]:
        if seen.straight:
            return {place: (dialect.before + place, 1) for place in wanted if 0 < place <= seen.logical}
        found = find_records(file.text.path, file.start, task.layout.quote, ordinals=wanted)
        return {place: (dialect.before + line.line, line.lines) for place, line in found.items()}

    cells = [(line, _cells(line, file)) for line in cut.rejected]
    blank = tuple(line.ordinal for line, row in cells if is_blank(row))
    rejected = tuple(_ragged(line, dialect.before, first_cell(row)) for line, row in cells if not is_blank(row))
    settled = settle(task, Staged(task.target, dialect.columns, cut.rows, rejected, blank, places))
    return _raw(file, settled, blank=dialect.blank_lines + seen.empty, total=dialect.before + seen.physical)


def _cells(line: Found, file: CsvText) -> list[str]:
    text = line.text.decode("utf-8", errors="ignore")
    return next(csv.reader([text], **csv_options(file.task.layout, file.dialect.separator, spaced=False)), [])


def _ragged(line: Found, before: int, cell: str) -> Rejected:
    value = shown(line.text.decode("utf-8", errors="ignore"))
    return Rejected(RejectedRow(line.ordinal, before + line.line, "ragged", None, value), line.lines, cell)


def _from_python(file: CsvText) -> RawFile:
    cut = cut_carefully(file)
    target, columns = file.task.target, file.dialect.columns
    staged = Staged(target, columns, cut.rows, tuple(cut.rejected), (), staged_places(target))
    return _raw(file, settle(file.task, staged), blank=file.dialect.blank_lines + cut.blank, total=cut.total)


def _raw(file: CsvText, settled: Settled, *, blank: int, total: int) -> RawFile:
    _refuse_what_hardly_fits(file, settled)
    return as_raw_file(
        file.task,
        settled,
        file.dialect.columns,
        total=total,
        header=file.dialect.header_lines,
        blank=blank,
        kind="csv",
        encoding=file.text.encoding,
        separator=file.dialect.separator,
        warnings=(*file.text.warnings, *file.dialect.warnings),
    )


def _refuse_what_hardly_fits(file: CsvText, settled: Settled) -> None:
    """DataError if more than half of the records are rejected: then the layout is wrong and not they."""
    rejected = len(settled.rejected)
    if rejected <= max(_FEW_REJECTED, settled.records // 2):
        return
    first, dialect = settled.rejected[0], file.dialect
    place = Place(file.task.source.name, first.line)
    if first.reason == "bad_encoding":
        raise DataError(
            f"is not {file.text.encoding}: {rejected} of {settled.records} records hold bytes it does not know.",
            place=place,
            fix="State the right encoding, for example `layout: {encoding: cp874}`, in the mapping.",
        )
    raise DataError(
        f"{rejected} of {settled.records} records cannot be cut at {dialect.separator!r} into the "
        f"{len(dialect.columns)} cells of the header on line {dialect.before}; here is the first ({first.reason}).",
        place=place,
        fix="State `separator`, `quote` or `skip_rows` under `layout` in the mapping.",
    )
