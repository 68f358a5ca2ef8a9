"""Whole accounts settled on the machine that was given them: duplicates, reversals, own transfers, recalls.

All of these are about rows of one account, so it does not matter which accounts lie together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import pyarrow as pa

from amlscreen.intake.apart.rows import ACCEPTED, CONFORMED, narrow, schema_of, with_words
from amlscreen.intake.conform_transactions import STORED
from amlscreen.intake.duplicates import find_duplicates, number_made_ids
from amlscreen.intake.figures import Figures, figures_of, mapped_columns
from amlscreen.intake.load import make_staging
from amlscreen.intake.part import Part
from amlscreen.intake.quarantine import set_aside
from amlscreen.intake.seen import see_accounts
from amlscreen.intake.settle import (
    accept_transactions,
    find_own_transfers,
    find_recalled,
    find_reversals,
    make_marks,
)
from amlscreen.intake.sql import identifier
from amlscreen.intake.store import ENUMS, Store, open_store
from amlscreen.settings import Settings

__all__ = ["Settled", "Settling", "numbers_of", "problems_of"]

_BATCH = 50_000


@dataclass(frozen=True)
class Settled:
    """What was found of some accounts: figures, rows that stand aside, and the bookings of each account."""

    figures: Figures
    aside: pa.Table
    accounts: pa.Table


@dataclass(frozen=True)
class Settling:
    """What settling needs besides the rows.

    ``numbers`` gives for each task and part the file's number, what to add to a record to have its place in the file,
    and what to add to that to have the row's number; ``problems`` what each number of a check there is in all pieces.
    """

    parts: tuple[Part, ...]
    numbers: pa.Table
    problems: pa.Table
    own_pairs: pa.Table
    recalls: pa.Table
    settings: Settings

    def settle(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch | Settled]:
        """The accepted rows as ``ACCEPTED`` says, then what was found."""
        with closing(open_store(self.settings, in_memory=False)) as store:
            self._load(store, batches)
            self._find(store)
            connection = store.connection
            columns = ", ".join(map(identifier, ACCEPTED))
            for batch in connection.sql(f"SELECT {columns} FROM transactions").to_arrow_reader(_BATCH):
                yield narrow(batch, ACCEPTED)
            see_accounts(connection)
            aside = connection.sql("SELECT * FROM aside_transactions").to_arrow_table()
            accounts = connection.sql("SELECT * FROM seen_accounts").to_arrow_table()
            yield Settled(figures_of(connection, mapped_columns(self.parts)), aside, accounts)

    def _load(self, store: Store, batches: Iterable[pa.RecordBatch]) -> None:
        """Table ``kept_transactions``, with the numbers of files and rows that the whole run has."""
        connection = store.connection
        for name in ("numbers", "problems", "own_pairs", "recalls"):
            connection.register(name, getattr(self, name))
        make_staging(connection, "transactions")
        worded = (with_words(batch, CONFORMED) for batch in batches)
        reader = pa.RecordBatchReader.from_batches(schema_of(CONFORMED, words=True), worded)
        connection.register("arrived", reader)
        columns = ", ".join(f"{_cast(name, kind)} AS {identifier(name)}" for name, kind in _KEPT.items())
        connection.execute(
            "INSERT INTO kept_transactions BY NAME SELECT record + record_from + row_from AS row_id, "
            f"file_no::INTEGER AS file_no, record + record_from AS record, {columns} "
            "FROM arrived JOIN numbers USING (task, part) "
            "JOIN problems AS p ON p.task = arrived.task AND p.part = arrived.part AND p.problem = arrived.problem"
        )
        for view in ("staged_transactions", "asked_staged"):
            connection.execute(f"CREATE VIEW {view} AS SELECT * FROM kept_transactions")

    def _find(self, store: Store) -> None:
        connection, table = store.connection, "transactions"
        make_marks(connection, table)
        set_aside(connection, table)
        number_made_ids(connection)
        find_duplicates(connection, table, store.folder)
        if any("reverses" in part.columns for part in self.parts):
            find_reversals(connection)
        find_own_transfers(connection, [part.file_no for part in self.parts if "kind" not in part.columns])
        if self.recalls.num_rows:
            find_recalled(connection)
        accept_transactions(connection, self.parts)


_KEPT: Mapping[str, str] = {**STORED, "problem": "UTINYINT", "problem_value": "VARCHAR", "made": "BOOLEAN"}


def _cast(name: str, kind: str) -> str:
    column = "p.merged" if name == "problem" else f"arrived.{identifier(name)}"
    return f"{column}::{kind}" if kind in ENUMS or kind == "UTINYINT" else column


def numbers_of(rows: Sequence[tuple[int, ...]]) -> pa.Table:
    """The table ``numbers`` from task, part, file_no, record_from and row_from."""
    return _table(rows, ("task", "part", "file_no", "record_from", "row_from"))


def problems_of(rows: Sequence[tuple[int, ...]]) -> pa.Table:
    """The table ``problems`` from task, part, the number of a check there, and its number in all pieces."""
    return _table(rows, ("task", "part", "problem", "merged"))


def _table(rows: Sequence[tuple[int, ...]], names: Sequence[str]) -> pa.Table:
    columns: Sequence[Sequence[int]] = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.table({name: pa.array(each, pa.int64()) for name, each in zip(names, columns, strict=True)})
