"""One file, or one piece of a table, conformed on the machine that was given it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amlscreen.intake.apart.rows import CONFORMED, narrow
from amlscreen.intake.build import prepare
from amlscreen.intake.conform import Country
from amlscreen.intake.fx import build_daily_rates
from amlscreen.intake.given_tables import given_file
from amlscreen.intake.identity import identity_entry
from amlscreen.intake.load import load_parts, make_staging, stage
from amlscreen.intake.mapping import Mapping as IntakeMapping
from amlscreen.intake.open_files import Opened, open_file
from amlscreen.intake.part import Part, parts_of
from amlscreen.intake.source import SourceFile
from amlscreen.intake.store import Store, open_store
from amlscreen.settings import Settings

__all__ = ["COUNTED", "Conforming", "Piece", "Told", "known_lines"]

COUNTED = frozenset({"memory", "parquet"})
"""Formats in which a record's line is its number."""
_BATCH = 50_000
_NO_DAY = -(2**31)
_HOUR = 3_600_000_000


@dataclass(frozen=True)
class Conforming:
    """What conforming needs besides the rows: mapping, country, rates, and how many files the run reads."""

    mapping: IntakeMapping | None
    country: Country
    settings: Settings
    fx_rates: pa.Table
    files: int
    institution: str | None

    def of_file(self, source: SourceFile, task: int) -> Iterator[pa.RecordBatch | Told]:
        """The rows of a file as ``CONFORMED`` says, then what was seen of it."""

        def opened(store: Store) -> Opened:
            folder = self.mapping.folder if self.mapping else None
            found = Opened(institution=self.institution, folder=folder)
            open_file(store, source, self.mapping, self.settings, found, of=self.files)
            found.parts = [part for part in found.parts if part.table == "transactions"]
            return found

        return self._conformed(opened, task)

    def of_table(self, table: pa.Table, task: int) -> Iterator[pa.RecordBatch | Told]:
        """The rows of a piece of a table that a caller has, then what was seen of it."""

        def opened(store: Store) -> Opened:
            raw = given_file(store.connection, "transactions", table)
            entry = identity_entry("transactions", raw.columns)
            return Opened(parts_of(raw, entry, ()), institution=self.institution)

        return self._conformed(opened, task)

    def _conformed(self, opening: Callable[[Store], Opened], task: int) -> Iterator[pa.RecordBatch | Told]:
        with closing(open_store(self.settings, in_memory=False)) as store:
            connection = store.connection
            prepare(store, self.country)
            connection.register("fx_rates", self.fx_rates)
            build_daily_rates(connection)
            opened = opening(store)
            make_staging(connection, "transactions")
            load_parts(connection, opened.parts, self.country, opened)
            told = Told(task, tuple(opened.warnings), [Piece(part) for part in opened.parts])
            if opened.parts:
                stage(connection, "transactions", opened.parts)
                for batch in connection.sql("SELECT * FROM staged_transactions").to_arrow_reader(_BATCH):
                    told.see(batch, opened.parts)
                    yield _numbered(batch, task, opened.parts)
            yield told.without_store()


@dataclass
class Piece:
    """One part of a file, or a piece of one: its last day, whether it holds times, and whether they are all midnight.

    ``odd`` are the records that stand aside already; their lines are known.
    """

    part: Part
    last_day: int = _NO_DAY
    timed: int = 0
    off_midnight: bool = False
    odd: list[int] = field(default_factory=list)


@dataclass
class Told:
    """What a task saw besides its rows."""

    task: int
    warnings: tuple[str, ...]
    pieces: list[Piece]

    def see(self, batch: pa.RecordBatch, parts: Sequence[Part]) -> None:
        """Take note of a batch of staged rows."""
        numbers, rows = np.array(batch.column("file_no")), _Columns(batch)
        for piece, part in zip(self.pieces, parts, strict=True):
            own = numbers == part.file_no
            # Of a file that is read again refused rows count as well, as births.py has it.
            days = rows.day[own & (rows.sound | part.lazy)]
            piece.last_day = max(piece.last_day, int(days.max(initial=_NO_DAY)))
            piece.timed += int((own & rows.timed).sum())
            piece.off_midnight |= bool((own & rows.timed & rows.off_midnight).any())
            piece.odd += rows.record[own & ~rows.sound].tolist()

    def without_store(self) -> Told:
        """The same, with the lines of odd records looked up, so that it can leave the machine."""
        for piece in self.pieces:
            lines = piece.part.raw.line_of(piece.odd) if piece.odd and piece.part.raw.format not in COUNTED else {}
            raw = replace(piece.part.raw, relation="", find_lines=partial(known_lines, lines))
            piece.part = replace(piece.part, raw=raw, relation="")
        return self


class _Columns:
    """Columns of staged rows as arrays."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self.record = np.array(batch.column("record"))
        self.sound = np.array(batch.column("problem")) == 0
        self.day = np.array(_filled(batch.column("local_day"), _NO_DAY))
        precision: Any = batch.column("time_precision").cast(pa.string())
        self.timed = np.array(pc.fill_null(pc.equal(precision, pa.scalar("second")), pa.scalar(value=False)), bool)
        hour = np.array(_filled(batch.column("hour"), 0))
        self.off_midnight = (hour != 0) | (np.array(_filled(batch.column("at"), 0)) % _HOUR != 0)


def known_lines(lines: dict[int, int], records: Any) -> dict[int, int]:
    """The lines of those of these records that are known."""
    return {record: lines[record] for record in records if record in lines}


def _filled(column: Any, value: int) -> Any:
    return pc.fill_null(column, pa.scalar(value, column.type))


def _numbered(batch: pa.RecordBatch, task: int, parts: Sequence[Part]) -> pa.RecordBatch:
    """The rows by task and part in place of file and row numbers, which are not known yet."""
    places = np.zeros(max(part.file_no for part in parts) + 1, np.int32)
    for place, part in enumerate(parts):
        places[part.file_no] = place
    part_no = places[np.array(batch.column("file_no"))]
    made = {
        "task": pa.array(np.full(batch.num_rows, task, np.int32)),
        "part": pa.array(part_no),
        **{name: batch.column(name) for name in CONFORMED if name not in {"task", "part"}},
    }
    return narrow(pa.RecordBatch.from_pydict(made), CONFORMED)
