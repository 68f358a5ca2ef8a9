"""What many machines saw, put together where the run was started: files numbered, tables beside, a finished store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate
from typing import Any

import pyarrow as pa

from amlscreen.errors import DataError, EngineError
from amlscreen.intake.apart.conforming import COUNTED, Piece, Told, known_lines
from amlscreen.intake.apart.settling import Settled, Settling, numbers_of, problems_of
from amlscreen.intake.births import set_births_aside
from amlscreen.intake.build import prepare
from amlscreen.intake.conform import Check, Country
from amlscreen.intake.duplicates import find_duplicates
from amlscreen.intake.figures import together
from amlscreen.intake.fit import unused_columns
from amlscreen.intake.fx import build_daily_rates
from amlscreen.intake.gathered import Built, gathered
from amlscreen.intake.given_tables import given_file
from amlscreen.intake.identity import identity_entry, table_named
from amlscreen.intake.layout import Layout
from amlscreen.intake.load import load_parts, make_absent, make_staging, stage
from amlscreen.intake.mapping import Mapping as IntakeMapping
from amlscreen.intake.open_files import Opened, open_file
from amlscreen.intake.part import Part, parts_of
from amlscreen.intake.quarantine import count_problems, set_aside, too_many_aside
from amlscreen.intake.readers import read_raw
from amlscreen.intake.settle import accept, make_marks, pair_own_accounts
from amlscreen.intake.source import SourceFile
from amlscreen.intake.store import Store, open_store
from amlscreen.schema import TABLES
from amlscreen.settings import Settings

__all__ = ["Beside", "Building", "gives_transactions", "rates_beside"]

Beside = SourceFile | tuple[str, Any]
"""A file that holds no transactions, or the name and rows of a table that a caller has."""
_FEWEST_TIMED = 10
_REFERENCE = [name for name in TABLES if name not in {"transactions", "fx_rates", "customers"}]


def gives_transactions(source: SourceFile, mapping: IntakeMapping | None) -> bool | None:
    """Whether a file is read on the machines of the cluster; None if the mapping has it left out.

    DataError for one that gives transactions and other tables as well.
    """
    if mapping is None:
        return table_named(source.name) in {None, "transactions"}
    if mapping.ignores(source.name) or not mapping.entries_for(source.name):
        return None
    tables = {entry.table for entry in mapping.entries_for(source.name)}
    if len(tables) > 1 and "transactions" in tables:
        raise DataError(
            f"{source.name} gives transactions and {', '.join(sorted(tables - {'transactions'}))}, which a cluster "
            "cannot read apart.",
            fix="Export them as two files, or read them on one machine.",
        )
    return tables == {"transactions"}


def rates_beside(beside: Iterable[Beside], mapping: IntakeMapping | None, country: Country, settings: Settings) -> Any:
    """The accepted rates: every machine needs them before it can conform a row."""
    wanted = [one for one in beside if _may_hold_rates(one, mapping)]
    with closing(open_store(settings, in_memory=False)) as store:
        prepare(store, country)
        opened = Opened(institution=settings.institution)
        for one in wanted:
            _open(store, one, mapping, settings, opened, of=len(wanted) + 1)
        opened.parts = [part for part in opened.parts if part.table == "fx_rates"]
        _conform_table(store, "fx_rates", opened, country)
        return store.connection.sql("SELECT * FROM fx_rates").to_arrow_table()


def _may_hold_rates(one: Beside, mapping: IntakeMapping | None) -> bool:
    if isinstance(one, tuple):
        return one[0] == "fx_rates"
    if mapping is None:
        return table_named(one.name) == "fx_rates"
    return any(entry.table == "fx_rates" for entry in mapping.entries_for(one.name))


def _open(
    store: Store, one: Beside, mapping: IntakeMapping | None, settings: Settings, opened: Opened, *, of: int
) -> None:
    if isinstance(one, SourceFile):
        open_file(store, one, mapping, settings, opened, of=of)
        return
    raw = given_file(store.connection, *one)
    opened.parts += parts_of(raw, identity_entry(one[0], raw.columns), opened.parts)


def _conform_table(store: Store, table: str, opened: Opened, country: Country) -> None:
    """One table beside, from files to its accepted rows."""
    connection = store.connection
    own = [part for part in opened.parts if part.table == table]
    if not own:
        make_absent(connection, table)
        return
    make_staging(connection, table)
    load_parts(connection, own, country, opened)
    stage(connection, table, opened.parts)
    make_marks(connection, table)
    set_aside(connection, table)
    if table == "customers":
        set_births_aside(connection, opened.parts)
    find_duplicates(connection, table, None)
    accept(connection, table)
    if table == "fx_rates":
        build_daily_rates(connection)


@dataclass
class Building:
    """A dataset whose transactions lie elsewhere, in the making: first ``number``, then ``built``."""

    country: Country
    mapping: IntakeMapping | None
    settings: Settings
    store: Store
    opened: Opened
    numbers: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    problems: list[tuple[int, int, int, int]] = field(default_factory=list)
    last_day: int | None = None

    @classmethod
    def begun(cls, country: Country, mapping: IntakeMapping | None, settings: Settings) -> Building:
        """A new store in a temporary folder of this machine."""
        opened = Opened(institution=settings.institution)
        if mapping:
            opened.folder, opened.institution = mapping.folder, mapping.institution or settings.institution
        with ExitStack() as undo:
            store = open_store(settings, in_memory=False)
            undo.callback(store.close)
            prepare(store, country)
            undo.pop_all()
        return cls(country, mapping, settings, store, opened)

    def number(self, order: Sequence[Beside | list[Told]], task: Settings) -> Settling:
        """Files in their order, each beside or told of by those who conformed it; then all tables but transactions."""
        for one in order:
            if isinstance(one, list):
                self._add(one)
            else:
                _open(self.store, one, self.mapping, self.settings, self.opened, of=len(order))
        self.opened.warnings += unused_columns(self.opened.parts)
        connection, parts = self.store.connection, self.opened.parts
        _conform_table(self.store, "fx_rates", self.opened, self.country)
        for table in _REFERENCE:
            _conform_table(self.store, table, self.opened, self.country)
        self._stand_in()
        _conform_table(self.store, "customers", self.opened, self.country)
        connection.execute("DROP TABLE kept_transactions")
        pair_own_accounts(connection)
        named = "SELECT institution, account_id, transaction_id FROM recalls WHERE transaction_id IS NOT NULL"
        own = tuple(_light(part) for part in parts if part.table == "transactions")
        pairs = connection.sql("SELECT * FROM own_pairs").to_arrow_table()
        recalls = connection.sql(named).to_arrow_table()
        return Settling(own, numbers_of(self.numbers), problems_of(self.problems), pairs, recalls, task)

    def _stand_in(self) -> None:
        """One row for all transactions: customers are held against the last day of the data."""
        connection = self.store.connection
        make_staging(connection, "transactions")
        if self.last_day is not None:
            connection.execute(f"INSERT INTO kept_transactions (local_day, problem) VALUES ({self.last_day}, 0)")

    def _add(self, told: Sequence[Told]) -> None:
        """One source of transactions: a file, or a table in pieces that follow one another."""
        self.opened.warnings += [each for one in told[:1] for each in one.warnings]
        for place in range(len(told[0].pieces)):
            pieces = [one.pieces[place] for one in told]
            records = [piece.part.raw.records for piece in pieces]
            before = self.opened.parts[-1] if self.opened.parts else None
            first_row = before.first_row + before.raw.records if before else 0
            part = _merged(pieces, len(self.opened.parts), first_row)
            self.opened.parts.append(self._with_lines(part, pieces))
            days = [piece.last_day for piece in pieces if piece.last_day > -(2**31)]
            self.last_day = max([*days, *([] if self.last_day is None else [self.last_day])], default=None)
            starts, checks = [0, *accumulate(records)], list(_checks_of(pieces))
            for one, piece, start in zip(told, pieces, starts, strict=False):
                self.numbers.append((one.task, place, part.file_no, start, first_row - 1))
                own = [checks.index((check.reason, check.column)) + 1 for check in piece.part.checks]
                self.problems += [(one.task, place, number, each) for number, each in enumerate([0, *own])]

    def _with_lines(self, part: Part, pieces: Sequence[Piece]) -> Part:
        """A part that can tell the line of a record; a text file is read again for one that nobody looked up."""
        raw = part.raw
        if raw.format in COUNTED:
            return replace(part, raw=replace(raw, find_lines=lambda records: {record: record for record in records}))
        known = dict(pieces[0].part.raw.line_of(pieces[0].odd)) if pieces[0].odd else {}

        def find(records: Iterable[int]) -> dict[int, int]:
            found = known_lines(known, records)
            missing = [record for record in records if record not in found]
            return found | (self._looked_up(raw.source, missing) if missing else {})

        return replace(part, raw=replace(raw, find_lines=find))

    def _looked_up(self, source: SourceFile, records: Sequence[int]) -> dict[int, int]:
        entries = self.mapping.entries_for(source.name) if self.mapping else ()
        layout = entries[0].layout if entries else Layout()
        workspace = self.store.folder
        if workspace is None:
            raise EngineError("The store has no folder to read a file again in.")
        read = read_raw(self.store.connection, source, layout, settings=self.settings, workspace=workspace)
        return read.line_of(records)

    def built(self, settled: Sequence[Settled], settings: Settings) -> Built:
        """Everything a dataset holds; DataError if too many rows stand aside."""
        connection, parts = self.store.connection, self.opened.parts
        make_marks(connection, "transactions")
        connection.register("set_aside", pa.concat_tables([one.aside for one in settled]))
        connection.execute("INSERT INTO aside_transactions SELECT * FROM set_aside ORDER BY row_id")
        connection.register("booked", pa.concat_tables([one.accounts for one in settled]))
        connection.execute("CREATE TEMP TABLE seen_accounts AS SELECT * FROM booked")
        counts: dict[int, Counter[tuple[str, str]]] = {part.file_no: count_problems(connection, part) for part in parts}
        if refusal := too_many_aside(parts, counts, settings.most_quarantined):
            raise refusal
        return gathered(self.store, self.opened, counts, together(one.figures for one in settled))


def _merged(pieces: Sequence[Piece], file_no: int, first_row: int) -> Part:
    """The part that these pieces are, with the number of its file."""
    first = pieces[0].part
    records = sum(piece.part.raw.records for piece in pieces)
    lines = replace(first.raw.lines, total=records, records=records) if len(pieces) > 1 else first.raw.lines
    raw = replace(first.raw, records=records, bytes=sum(piece.part.raw.bytes for piece in pieces), lines=lines)
    part = replace(
        first,
        file_no=file_no,
        first_row=first_row,
        raw=raw,
        checks=list(_checks_of(pieces).values()),
        excluded=sum(piece.part.excluded for piece in pieces),
        warnings=list(dict.fromkeys(each for piece in pieces for each in piece.part.warnings)),
        noticed=[],
        needs_ids=True,  # its rows lie elsewhere, so it cannot be read again
    )
    seen: Mapping[tuple[str, str], int] = sum(
        (Counter({(one.column, one.code): one.rows}) for piece in pieces for one in piece.part.noticed), Counter()
    )
    for (column, code), rows in seen.items():
        part.notice(column, code, rows)
    timed = sum(piece.timed for piece in pieces)
    if raw.format != "memory" and timed >= _FEWEST_TIMED and not any(piece.off_midnight for piece in pieces):
        part.only_days = True
        part.notice("at", "only_midnights", timed)
    return part


def _checks_of(pieces: Sequence[Piece]) -> dict[tuple[str, str], Check]:
    """The checks of all pieces by reason and column: what a piece holds decides which of them it needs."""
    return {(check.reason, check.column): check for piece in reversed(pieces) for check in reversed(piece.part.checks)}


def _light(part: Part) -> Part:
    """The part without what can tell lines, so that it can be sent to other machines."""
    return replace(part, raw=replace(part.raw, find_lines=partial(known_lines, {})))
