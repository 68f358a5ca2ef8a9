"""Records on their way to DuckDB: a Parquet file in the workspace, and what is settled about it before it is used."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from amlscreen.errors import DataError
from amlscreen.intake.readers.raw import BLANK, RejectedRow
from amlscreen.intake.readers.task import Task
from amlscreen.intake.sql import identifier, literal

__all__ = ["Places", "Rejected", "Settled", "StageWriter", "Staged", "first_cell", "settle", "staged_places"]

Places = Callable[[Collection[int]], dict[int, tuple[int, int]]]
"""From ordinals to the first physical line of each record and the number of lines it takes."""

_BATCH = 20_000


class StageWriter:
    """Writes records as text to one Parquet file, some thousand at a time.

    Columns are ``__record``, ``__line``, ``__lines`` (how many physical lines the record takes) and the file's own.
    An empty cell is null. Used as a context manager; the file is complete when it closes.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self._written = 0
        fields: list[pa.Field[pa.DataType]] = [pa.field(name, pa.int64()) for name in ("__record", "__line", "__lines")]
        fields += [pa.field(name, pa.string()) for name in columns]
        self._schema = pa.schema(fields)
        self._writer = pq.ParquetWriter(path, self._schema)
        self._pending: list[tuple[int, int, int]] = []
        self._cells: list[Sequence[str | None]] = []

    def __enter__(self) -> StageWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._writer.close()

    @property
    def total(self) -> int:
        """How many records were added so far."""
        return self._written + len(self._pending)

    def add(self, record: int, line: int, lines: int, cells: Sequence[str | None]) -> None:
        """Add one record; ``cells`` has one text per column."""
        self._pending.append((record, line, lines))
        self._cells.append(cells)
        if len(self._pending) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if not self._pending:
            return
        places = [pa.array(list(values), pa.int64()) for values in zip(*self._pending, strict=True)]
        texts = [pa.array(_nulls(values), pa.string()) for values in zip(*self._cells, strict=True)]
        self._writer.write_table(pa.table([*places, *texts], schema=self._schema))
        self._written += len(self._pending)
        self._pending.clear()
        self._cells.clear()


def _nulls(values: Iterable[str | None]) -> list[str | None]:
    return [value or None for value in values]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A rejected row, the physical lines it takes, and its first cell that is not blank."""

    row: RejectedRow
    lines: int
    first_cell: str


@dataclass(frozen=True, slots=True)
class Staged:
    """A staged Parquet file; ``places`` tells where records stand.

    ``ordinal`` is SQL for a row's ordinal if :class:`StageWriter` did not write it; such a file may hold blank rows.
    """

    path: Path
    columns: tuple[str, ...]
    ordinal: str | None
    rows: int
    rejected: tuple[Rejected, ...]
    places: Places


@dataclass(frozen=True, slots=True)
class Settled:
    """A relation without blank and footer rows, and what became of the others.

    ``lines`` are the physical lines its rows take, where the staged file knows.
    """

    relation: str
    rows: int
    rejected: tuple[Rejected, ...]
    blank_lines: int
    footer_lines: int
    lines: int | None


def staged_places(path: Path) -> Places:
    """Where records stand, from a file that :class:`StageWriter` wrote."""

    def places(records: Collection[int]) -> dict[int, tuple[int, int]]:
        table = pq.read_table(
            path, columns=["__record", "__line", "__lines"], filters=[("__record", "in", set(records))]
        )
        found = table.to_pydict()
        return dict(zip(found["__record"], zip(found["__line"], found["__lines"], strict=True), strict=True))

    return places


def first_cell(cells: Iterable[str | None]) -> str:
    """The first cell that holds anything, trimmed; empty if there is none."""
    return next((cell.strip(BLANK) for cell in cells if cell and cell.strip(BLANK)), "")


def settle(task: Task, staged: Staged) -> Settled:
    """Set blank rows and footers aside; the rest is the relation."""
    source = f"read_parquet({literal(str(staged.path))}, file_row_number = true)"
    ordinal = staged.ordinal or '"__record"'
    blank = _blank(task, staged, f"SELECT {ordinal} FROM {source}") if staged.ordinal else []
    footers = _footers(task, staged, f"SELECT {ordinal} AS record, * FROM {source}", frozenset(blank))
    set_aside = sorted({*blank, *footers} - {item.row.record for item in staged.rejected})
    names = ", ".join(identifier(name) for name in staged.columns)
    relation = f'SELECT {ordinal} AS "__record", {names} FROM {source}'
    if set_aside:
        aside = staged.path.with_name("set_aside.parquet")
        pq.write_table(pa.table({"record": pa.array(set_aside, pa.int64())}), aside)
        relation = (
            f"SELECT * FROM ({relation}) AS kept ANTI JOIN read_parquet({literal(str(aside))}) AS aside "
            f'ON kept."__record" = aside.record'
        )
    footer_lines = sum(item.lines for item in staged.rejected if item.row.record in footers)
    return Settled(
        relation,
        staged.rows - len(set_aside),
        tuple(item for item in staged.rejected if item.row.record not in footers),
        _lines(staged, blank),
        footer_lines + _lines(staged, [record for record in set_aside if record in footers]),
        None if staged.ordinal else _lines_of_rows(task, source, set_aside),
    )


def _lines(staged: Staged, records: Sequence[int]) -> int:
    return sum(lines for _, lines in staged.places(records).values()) if records else 0


def _lines_of_rows(task: Task, source: str, set_aside: Sequence[int]) -> int:
    found = task.connection.execute(
        f'SELECT coalesce(sum("__lines"), 0) FROM {source} WHERE NOT list_contains($1::BIGINT[], "__record")',
        [list(set_aside)],
    ).fetchall()
    return int(found[0][0])


def _trimmed(name: str) -> str:
    return f"nullif(trim({identifier(name)}, {literal(BLANK)}), '')"


def _blank(task: Task, staged: Staged, rows: str) -> list[int]:
    condition = " AND ".join(f"{_trimmed(name)} IS NULL" for name in staged.columns)
    found = task.connection.execute(f"{rows} WHERE {condition}").fetchall()
    return [int(record) for (record,) in found]


def _footers(task: Task, staged: Staged, rows: str, blank: frozenset[int]) -> frozenset[int]:
    """The ordinals of rows, rejected ones among them, that the layout says are footers."""
    footers = _that_match(task, staged, rows) if task.layout.footer else set()
    if task.layout.footer_rows:
        most = task.layout.footer_rows + len(blank)
        last = task.connection.execute(f"SELECT record FROM ({rows}) ORDER BY record DESC LIMIT {most}").fetchall()
        records = {int(record) for (record,) in last} - blank | {item.row.record for item in staged.rejected}
        footers.update(sorted(records)[-task.layout.footer_rows :])
    return frozenset(footers)


def _that_match(task: Task, staged: Staged, rows: str) -> set[int]:
    """The ordinals of rows whose first cell that is not blank matches a footer pattern."""
    cell = f"coalesce({', '.join(_trimmed(name) for name in staged.columns)}, '')"
    condition = " OR ".join(f"regexp_matches(cell, {literal(pattern)})" for pattern in task.layout.footer)
    try:
        found = task.connection.execute(
            f"SELECT record FROM (SELECT record, {cell} AS cell FROM ({rows}) "
            f"UNION ALL SELECT unnest($1::BIGINT[]), unnest($2::VARCHAR[])) WHERE cell <> '' AND ({condition})",
            [[item.row.record for item in staged.rejected], [item.first_cell for item in staged.rejected]],
        ).fetchall()
    except duckdb.InvalidInputException as problem:
        raise DataError(
            f"its footer patterns are not understood: {str(problem).splitlines()[0]}",
            place=task.place,
            fix="Use regular expressions without look-around and back references.",
        ) from problem
    return {int(record) for (record,) in found}
