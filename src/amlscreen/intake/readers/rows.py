"""Rows of text cells, from a sheet or an HTML table, as a relation; the line of a record is its row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from amlscreen.errors import DataError
from amlscreen.intake.readers.header import filled, refuse_a_header_elsewhere, warn_of_a_record
from amlscreen.intake.readers.names import column_names
from amlscreen.intake.readers.raw import RawFile, RejectedRow, is_blank, shown
from amlscreen.intake.readers.settled import as_raw_file, settle
from amlscreen.intake.readers.staged import Rejected, Staged, StageWriter, first_cell, staged_places
from amlscreen.intake.readers.task import Task

__all__ = ["read_rows"]

_SAMPLE = 200


@dataclass(slots=True)
class _Count:
    rows: int
    blank: int
    place: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def read_rows(
    task: Task, rows: Iterable[Sequence[str]], *, kind: str, encoding: str | None, warnings: Sequence[str]
) -> RawFile:
    """A relation of the rows below the header; a row with more cells than the header is rejected as ragged."""
    numbered = iter(rows)
    before = sum(1 for _ in islice(numbered, task.layout.skip_rows))
    sample = list(islice(numbered, _SAMPLE))
    blank = next((at for at, cells in enumerate(sample) if not is_blank(cells)), None)
    if blank is None:
        raise DataError("holds no row that is not blank.", place=task.place, fix="Name the sheet, or check skip_rows.")
    cells = _header(task, sample[blank:], before + blank)
    names, renamed = column_names(cells)
    header = before + (1 if task.layout.header else 0)
    count = _Count(header + blank, blank)
    rest = sample[blank + 1 :] if task.layout.header else sample[blank:]
    with StageWriter(task.target, names) as stage:
        _stage(stage, chain(rest, numbered), count, len(names))
        staged_rows = stage.total
    staged = Staged(task.target, names, staged_rows, tuple(count.rejected), (), staged_places(task.target))
    said = [*warnings, *(renamed if task.layout.header or task.layout.columns else ())]
    said += warn_of_a_record(cells, before + blank + 1) if task.layout.header else []
    return as_raw_file(
        task,
        settle(task, staged),
        names,
        total=count.rows,
        header=header,
        blank=count.blank,
        kind=kind,
        encoding=encoding,
        warnings=said,
    )


def _stage(stage: StageWriter, rows: Iterator[Sequence[str]], count: _Count, width: int) -> None:
    for cells in rows:
        count.rows += 1
        if is_blank(cells):
            count.blank += 1
            continue
        count.place += 1
        if any(cells[width:]):
            row = RejectedRow(count.place, count.rows, "ragged", None, shown(" | ".join(cells)))
            count.rejected.append(Rejected(row, 1, first_cell(cells)))
            continue
        stage.add(count.place, count.rows, 1, [*cells[:width], *("",) * (width - len(cells))])


def _header(task: Task, rows: Sequence[Sequence[str]], before: int) -> list[str]:
    """The header's cells, or as many empty ones as there are columns; DataError if it stands further down."""
    used = max(max((at + 1 for at, cell in enumerate(cells) if cell), default=0) for cells in rows)
    if not task.layout.header:
        return list(task.layout.columns or [""] * used)
    shown = [(filled(cells), before + at) for at, cells in enumerate(rows, start=1) if filled(cells)]
    refuse_a_header_elsewhere([count for count, _ in shown], [line for _, line in shown], task.place)
    return [*rows[0][:used], *("",) * (used - len(rows[0]))]
