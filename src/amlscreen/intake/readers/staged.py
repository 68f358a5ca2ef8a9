"""Records on their way to DuckDB: a Parquet file in the workspace, and where each record stood."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from amlscreen.intake.readers.raw import BLANK, RejectedRow

__all__ = ["Places", "Rejected", "StageWriter", "Staged", "first_cell", "staged_places"]

Places = Callable[[Collection[int]], dict[int, tuple[int, int]]]
"""From places (the numbers of rows and rejected lines in the file) to the first physical line and how many it takes."""

_BATCH = 20_000


class StageWriter:
    """Writes records as text to one Parquet file, some thousand at a time.

    Columns are ``__place``, ``__line``, ``__lines`` (how many physical lines the record takes) and the file's own.
    An empty cell is null. Used as a context manager; the file is complete when it closes.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self._written = 0
        fields: list[pa.Field[pa.DataType]] = [pa.field(name, pa.int64()) for name in ("__place", "__line", "__lines")]
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

    def add(self, place: int, line: int, lines: int, cells: Sequence[str | None]) -> None:
        """Add one record; ``cells`` has one text per column."""
        self._pending.append((place, line, lines))
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
    """A staged Parquet file and the lines that are not in it; ``places`` tells where either stands.

    ``blank`` are the places of blank lines that were counted as places; each ``row.record`` of ``rejected`` is a place.
    """

    path: Path
    columns: tuple[str, ...]
    rows: int
    rejected: tuple[Rejected, ...]
    blank: tuple[int, ...]
    places: Places


def staged_places(path: Path) -> Places:
    """Where records stand, from a file that :class:`StageWriter` wrote."""

    def places(records: Collection[int]) -> dict[int, tuple[int, int]]:
        columns = ["__place", "__line", "__lines"]
        found = pq.read_table(path, columns=columns, filters=[("__place", "in", set(records))]).to_pydict()
        return dict(zip(found["__place"], zip(found["__line"], found["__lines"], strict=True), strict=True))

    return places


def first_cell(cells: Iterable[str | None]) -> str:
    """The first cell that holds anything, trimmed; empty if there is none."""
    return next((cell.strip(BLANK) for cell in cells if cell and cell.strip(BLANK)), "")
