"""What is settled about staged records before they are used: blank and footer rows step aside, the rest is numbered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import duckdb

from amlscreen.errors import DataError, EngineError
from amlscreen.intake.readers.ordinals import number_rows
from amlscreen.intake.readers.raw import BLANK, LineCount, RawFile, RejectedRow
from amlscreen.intake.readers.staged import Staged
from amlscreen.intake.readers.task import Task
from amlscreen.intake.sql import identifier, literal

__all__ = ["Settled", "as_raw_file", "settle"]


@dataclass(frozen=True, slots=True)
class Settled:
    """A relation of records, the rejected ones, and how many lines blank, footer and rejected rows take."""

    relation: str
    rows: int
    rejected: tuple[RejectedRow, ...]
    blank_lines: int
    footer_lines: int
    rejected_lines: int
    find_lines: Callable[[Collection[int]], dict[int, int]]

    @property
    def records(self) -> int:
        """All records, rejected ones too."""
        return self.rows + len(self.rejected)


def settle(task: Task, staged: Staged) -> Settled:
    """Set blank rows and footers aside; what is left has ordinals from 1 without a gap, rejected records included."""
    source = f"read_parquet({literal(str(staged.path))}, file_row_number = true)"
    names = ", ".join(identifier(name) for name in staged.columns)
    lines = [item.row.record for item in staged.rejected]
    by_place = number_rows([*lines, *staged.blank], ()).relation(source, names, task.workspace / "places.parquet")
    blank = _blank(task, staged, by_place) | set(staged.blank)
    footers = _footers(task, staged, by_place, blank)
    numbering = number_rows([*lines, *staged.blank], blank | footers)
    kept = [item for item in staged.rejected if item.row.record not in footers]

    def lines_of(places: set[int]) -> int:
        return sum(count for _, count in staged.places(places).values()) if places else 0

    def find_lines(records: Collection[int]) -> dict[int, int]:
        places = {numbering.place(record): record for record in records}
        return {places[place]: line for place, (line, _) in staged.places(places).items()}

    return Settled(
        numbering.relation(source, names, task.workspace / "ordinals.parquet"),
        staged.rows - len(numbering.dropped),
        tuple(replace(item.row, record=numbering.ordinal(item.row.record)) for item in kept),
        lines_of(blank),
        lines_of(footers - set(lines)) + sum(item.lines for item in staged.rejected if item.row.record in footers),
        sum(item.lines for item in kept),
        find_lines,
    )


def as_raw_file(
    task: Task,
    settled: Settled,
    columns: tuple[str, ...],
    *,
    total: int,
    header: int,
    blank: int,
    kind: str,
    encoding: str | None = None,
    separator: str | None = None,
    warnings: Sequence[str] = (),
) -> RawFile:
    """The file as it is handed on; ``blank`` counts the blank lines that were never staged."""
    blank += settled.blank_lines
    records = total - header - blank - settled.footer_lines - settled.rejected_lines
    if records < settled.rows:
        raise EngineError(f"{settled.rows} records cannot stand on {records} lines.", place=task.place)
    nothing = () if settled.records else ("holds a header and no record." if header else "holds no entry.",)
    return RawFile(
        source=task.source,
        columns=columns,
        typed=False,
        relation=settled.relation,
        records=settled.records,
        rejected=settled.rejected,
        lines=LineCount(total, header, blank, settled.footer_lines, records, settled.rejected_lines),
        sha256=task.content.sha256,
        bytes=task.content.bytes,
        encoding=encoding,
        separator=separator,
        format=kind,
        warnings=(*warnings, *nothing),
        find_lines=settled.find_lines,
    )


def _trimmed(name: str) -> str:
    return f"nullif(trim({identifier(name)}, {literal(BLANK)}), '')"


def _blank(task: Task, staged: Staged, by_place: str) -> set[int]:
    condition = " AND ".join(f"{_trimmed(name)} IS NULL" for name in staged.columns)
    found = task.connection.execute(f'SELECT "__record" FROM ({by_place}) WHERE {condition}').fetchall()
    return {int(place) for (place,) in found}


def _footers(task: Task, staged: Staged, by_place: str, blank: set[int]) -> set[int]:
    """The places of rows, rejected ones among them, that the layout says are footers."""
    footers = _that_match(task, staged, by_place) if task.layout.footer else set()
    if task.layout.footer_rows:
        most = task.layout.footer_rows + len(blank)
        last = task.connection.execute(
            f'SELECT "__record" FROM ({by_place}) ORDER BY "__record" DESC LIMIT {most}'
        ).fetchall()
        places = {int(place) for (place,) in last} - blank | {item.row.record for item in staged.rejected}
        footers.update(sorted(places)[-task.layout.footer_rows :])
    return footers


def _that_match(task: Task, staged: Staged, by_place: str) -> set[int]:
    """The places of rows whose first cell that is not blank matches a footer pattern."""
    cell = f"coalesce({', '.join(_trimmed(name) for name in staged.columns)}, '')"
    condition = " OR ".join(f"regexp_matches(cell, {literal(pattern)})" for pattern in task.layout.footer)
    try:
        found = task.connection.execute(
            f'SELECT place FROM (SELECT "__record" AS place, {cell} AS cell FROM ({by_place}) '
            f"UNION ALL SELECT unnest($1::BIGINT[]), unnest($2::VARCHAR[])) WHERE cell <> '' AND ({condition})",
            [[item.row.record for item in staged.rejected], [item.first_cell for item in staged.rejected]],
        ).fetchall()
    except duckdb.InvalidInputException as problem:
        raise DataError(
            f"its footer patterns are not understood: {str(problem).splitlines()[0]}",
            place=task.place,
            fix="Use regular expressions without look-around and back references.",
        ) from problem
    return {int(place) for (place,) in found}
