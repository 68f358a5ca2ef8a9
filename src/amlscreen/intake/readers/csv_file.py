"""A CSV file as a relation, and the sums that show that no line of it is lost."""

from __future__ import annotations

import csv
from collections.abc import Collection

from amlscreen.errors import DataError, EngineError, Place
from amlscreen.intake.readers.careful import cut_carefully
from amlscreen.intake.readers.csv_text import CsvText, open_csv
from amlscreen.intake.readers.dialect import csv_options
from amlscreen.intake.readers.lines import Found, find_records
from amlscreen.intake.readers.raw import LineCount, RawFile, RejectedRow, is_blank, shown
from amlscreen.intake.readers.staged import Places, Rejected, Settled, Staged, first_cell, settle, staged_places
from amlscreen.intake.readers.task import Task
from amlscreen.intake.readers.tokenised import Tokenised, can_be_tokenised, ordinal_of, tokenise

__all__ = ["read_csv_file"]

_FEW_REJECTED = 3


def read_csv_file(task: Task) -> RawFile:
    """A CSV file, cut by DuckDB where that is safe and in Python where it is not."""
    file = open_csv(task)
    cut = tokenise(file) if can_be_tokenised(file) else None
    return _from_duckdb(file, cut) if cut is not None else _from_python(file)


def _from_duckdb(file: CsvText, cut: Tokenised) -> RawFile:
    task, dialect, seen = file.task, file.dialect, file.seen

    def places(records: Collection[int]) -> dict[int, tuple[int, int]]:
        if seen.straight:
            return {record: (dialect.before + record, 1) for record in records if 0 < record <= seen.logical}
        found = find_records(file.text.path, file.start, task.layout.quote, ordinals=records)
        return {record: (dialect.before + place.line, place.lines) for record, place in found.items()}

    cells = [_cells(place, file) for place in cut.rejected]
    blank = [place.lines for place, row in zip(cut.rejected, cells, strict=True) if is_blank(row)]
    rejected = tuple(
        _ragged(place, dialect.before, first_cell(row))
        for place, row in zip(cut.rejected, cells, strict=True)
        if not is_blank(row)
    )
    staged = Staged(task.target, dialect.columns, ordinal_of(cut.rejected), cut.rows, rejected, places)
    settled = settle(task, staged)
    blank_lines = dialect.blank_lines + seen.empty + sum(blank) + settled.blank_lines
    return _raw(file, settled, places, blank=blank_lines, total=dialect.before + seen.physical)


def _cells(place: Found, file: CsvText) -> list[str]:
    line = place.text.decode("utf-8", errors="ignore")
    return next(csv.reader([line], **csv_options(file.task.layout, file.dialect.separator, spaced=False)), [])


def _ragged(place: Found, before: int, cell: str) -> Rejected:
    value = shown(place.text.decode("utf-8", errors="ignore"))
    return Rejected(RejectedRow(place.ordinal, before + place.line, "ragged", None, value), place.lines, cell)


def _from_python(file: CsvText) -> RawFile:
    task, dialect = file.task, file.dialect
    cut = cut_carefully(file)
    places = staged_places(task.target)
    settled = settle(task, Staged(task.target, dialect.columns, None, cut.rows, tuple(cut.rejected), places))
    return _raw(file, settled, places, blank=dialect.blank_lines + cut.blank, total=cut.total)


def _raw(file: CsvText, settled: Settled, places: Places, *, blank: int, total: int) -> RawFile:
    task, dialect = file.task, file.dialect
    rejected = sum(item.lines for item in settled.rejected)
    records = total - dialect.header_lines - blank - settled.footer_lines - rejected
    if settled.lines is not None and settled.lines != records:
        raise EngineError(
            f"the lines do not add up: {records} are left for records, which stand on {settled.lines}.",
            place=task.place,
        )
    count = settled.rows + len(settled.rejected)
    if len(settled.rejected) > max(_FEW_REJECTED, count // 2):
        first = settled.rejected[0].row
        if first.reason == "bad_encoding":
            raise DataError(
                f"is not {file.text.encoding}: {len(settled.rejected)} of {count} records hold bytes it does not know.",
                place=Place(task.source.name, first.line),
                fix="State the right encoding, for example `layout: {encoding: cp874}`, in the mapping.",
            )
        raise DataError(
            f"{len(settled.rejected)} of {count} records cannot be cut at {dialect.separator!r} into the "
            f"{len(dialect.columns)} cells of the header on line {dialect.before}; here is the first ({first.reason}).",
            place=Place(task.source.name, first.line),
            fix="State `separator`, `quote` or `skip_rows` under `layout` in the mapping.",
        )
    warnings = [*file.text.warnings, *dialect.warnings]
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
        encoding=file.text.encoding,
        separator=dialect.separator,
        format="csv",
        warnings=tuple(warnings),
        find_lines=lambda wanted: {record: line for record, (line, _) in places(wanted).items()},
    )
