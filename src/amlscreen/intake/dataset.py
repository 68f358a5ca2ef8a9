"""The canonical tables of one run, with what was set aside and the proof that nothing was lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from amlscreen.distinct import distinct
from amlscreen.errors import DataError
from amlscreen.intake.mapping import Mapping as IntakeMapping
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.settings import Settings

if TYPE_CHECKING:
    import duckdb

    from amlscreen.intake.gathered import Built
    from amlscreen.intake.noticed import Noticed
    from amlscreen.intake.part import Part
    from amlscreen.intake.quarantine import Quarantine
    from amlscreen.intake.readers.raw import Statement
    from amlscreen.intake.reconcile import Reconciliation
    from amlscreen.intake.state import State

__all__ = ["Dataset", "jurisdiction_of"]

Progress = Callable[[str, int, int | None], None]


_FOR_EVER = 2**31 - 1
_DAY_ZERO = dt.date(1970, 1, 1)


class Dataset:
    """Accepted rows as canonical tables; rows that stood aside; counts that tie.

    Transactions stay in the store (``connection``, table ``transactions``) and are streamed; the reference tables are
    Arrow tables. Close it, or use it in a ``with`` statement.
    """

    def __init__(self, built: Built, jurisdiction: Jurisdiction, settings: Settings) -> None:
        self._built = built
        self.jurisdiction = jurisdiction
        self.settings = settings
        self.institutions: tuple[str, ...] = built.institutions
        self.tables: Mapping[str, pa.Table] = MappingProxyType(built.tables)
        self.provided: frozenset[str] = built.provided
        self.files: tuple[str, ...] = built.files
        self.rows_accepted: int = built.rows_accepted
        self.first_day: int = built.first_day
        self.last_complete_day: int = built.last_day
        self.quarantine: Quarantine = built.quarantine
        self.reconciliation: Reconciliation = built.reconciliation
        self.warnings: tuple[str, ...] = built.warnings
        self.noticed: tuple[Noticed, ...] = built.noticed
        self.statements: Mapping[str, tuple[Statement, ...]] = built.statements
        self._at_hand: tuple[npt.NDArray[np.int64], pa.Table] | None = None
        self._held: npt.NDArray[np.int64] = np.empty(0, np.int64)

    @classmethod
    def read(
        cls,
        source: str | Path | Sequence[str | Path],
        mapping: str | Path | IntakeMapping | None = None,
        jurisdiction: str | Path | Jurisdiction = "laos",
        settings: Settings | None = None,
        *,
        progress: Progress | None = None,
        refuse: bool = True,
        state: State | None = None,
        since: dt.date | None = None,
    ) -> Dataset:
        """Read files, a folder or archives. Without a mapping they must be canonical: named and headed as in schema.py.

        DataError (exit 2) if the source cannot be used or too many rows stand aside. With ``refuse=False`` the latter
        is kept as :attr:`refusal`, so that one can look at what stands aside; such a dataset should not be screened.

        What earlier nights left in ``state`` comes before the files; :meth:`State.keep` leaves both to the next night.
        Of the files, transactions of local days before ``since`` are left out.
        """
        from amlscreen.intake.build import build_from_files
        from amlscreen.intake.mapping import load_mapping

        country, chosen = jurisdiction_of(jurisdiction), settings or Settings()
        loaded = None if mapping is None else load_mapping(mapping)
        built = build_from_files(
            source,
            loaded,
            country,
            chosen,
            progress or _silent,
            refuse=refuse,
            earlier=state.earlier_for(country) if state else None,
            since=None if since is None else (since - _DAY_ZERO).days,
        )
        return cls(built, country, chosen)

    @classmethod
    def from_tables(
        cls, jurisdiction: str | Path | Jurisdiction = "laos", settings: Settings | None = None, **tables: Any
    ) -> Dataset:
        """Canonical tables held in memory: lists of mappings, Arrow tables or DataFrames, valued as files would be.

        Amounts are in whole units and times local. ``institution`` is BANK where a table does not give it.
        """
        from amlscreen.intake.build import build_from_tables

        country, chosen = jurisdiction_of(jurisdiction), settings or Settings()
        return cls(build_from_tables(tables, country, chosen), country, chosen)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The store's connection."""
        return self._built.store.connection

    @property
    def folder(self) -> Path | None:
        """Where temporary files may lie that go with the dataset; None if all of it is in memory."""
        return self._built.store.folder

    @property
    def parts(self) -> tuple[Part, ...]:
        """The files it was built from, read as tables; those of earlier nights first."""
        return self._built.parts

    @property
    def refusal(self) -> DataError | None:
        """Why the data should not be used, if they were read with ``refuse=False``; None if nothing is against it."""
        return self._built.refusal

    def rows(self, row_ids: npt.NDArray[np.int64]) -> pa.Table:
        """Every column of ``transactions`` for these rows, in the order asked for; DataError for an unknown row.

        A call may read the files again, so ask for many rows at once. Rows of the last call are at hand.
        """
        asked = np.asarray(row_ids, dtype=np.int64)
        wanted = distinct(asked)
        if self._at_hand is None or not np.isin(wanted, self._at_hand[0], assume_unique=True).all():
            self._at_hand = self._fetched(wanted)
        known, table = self._at_hand
        return table.take(np.searchsorted(known, asked))

    def named(self, row_ids: npt.NDArray[np.int64]) -> pa.Table:
        """Columns row_id, at and transaction_id of these different rows, by row_id; cheaper than all their columns."""
        self._ask(np.asarray(row_ids, dtype=np.int64))
        found: pa.Table = self.connection.sql(
            'SELECT row_id, "at", transaction_id FROM asked_transactions ORDER BY row_id'
        ).to_arrow_table()
        return found

    def over_transactions(self, select: str, columns: Sequence[str]) -> pa.Table:
        """What a select over ``transactions``, which reads these columns, gives.

        Data on a cluster are asked piece by piece, so that groups come several times and want adding up.
        """
        found: pa.Table = self.connection.sql(select).to_arrow_table()
        return found

    def ordered_transactions(
        self, select: str, columns: Sequence[str], order_by: Sequence[str], rows: int
    ) -> Iterable[pa.RecordBatch]:
        """What a select over ``transactions``, which reads these columns, gives in an order; so many rows at a time."""
        reader: pa.RecordBatchReader = self.connection.sql(f"{select} ORDER BY {', '.join(order_by)}").to_arrow_reader(
            rows
        )
        return reader

    def every_so_manieth(self, step: int, columns: Sequence[str]) -> pa.Table:
        """row_id and these columns of the transactions whose number is a multiple of ``step``, in their order."""
        if step > 1:
            self._ask(np.arange(0, self.reconciliation.rows_read, step, dtype=np.int64))
        picked = ", ".join(f'"{name}"' for name in ("row_id", *columns))
        view = "asked_transactions" if step > 1 else "transactions"
        found: pa.Table = self.connection.sql(f"SELECT {picked} FROM {view} ORDER BY row_id").to_arrow_table()
        return found

    def told_until(self, as_of: int) -> int:
        """The last day on which a recall, note, report or case counts for a run as of that day.

        They come in after the transactions they are about. As of the end of the data all there are count; as of an
        earlier day, only what the bank then knew.
        """
        return as_of if as_of < self.last_complete_day else _FOR_EVER

    def hold(self, row_ids: npt.NDArray[np.int64]) -> None:
        """Keep these rows in the store, so that :meth:`rows` need not read the files again for any of them."""
        self._held = distinct(np.asarray(row_ids, dtype=np.int64))
        self._ask(self._held)
        self.connection.execute("CREATE OR REPLACE TEMP TABLE held_rows AS SELECT * FROM asked_transactions")

    def _fetched(self, wanted: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], pa.Table]:
        held = self._held.size and np.isin(wanted, self._held, assume_unique=True).all()
        source = "held_rows SEMI JOIN asked_rows ON asked_id = row_id" if held else "asked_transactions"
        self._ask(wanted)
        found: pa.Table = self.connection.sql(f"SELECT * FROM {source} ORDER BY row_id").to_arrow_table()
        if found.num_rows != len(wanted):
            raise DataError(f"{len(wanted) - found.num_rows} of the rows asked for are not in this dataset.")
        return wanted, found

    def _ask(self, row_ids: npt.NDArray[np.int64]) -> None:
        """Put the ids where ``asked_transactions`` looks for them."""
        self.connection.register("asked_ids", pa.table({"asked_id": pa.array(row_ids)}))
        try:
            self.connection.execute("TRUNCATE asked_rows")
            self.connection.execute("INSERT INTO asked_rows SELECT asked_id FROM asked_ids")
        finally:
            self.connection.unregister("asked_ids")

    def close(self) -> None:
        """Give back the store and its temporary files."""
        self._built.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        held = ", ".join(f"{name} {table.num_rows:,}" for name, table in self.tables.items() if table.num_rows)
        aside = len(self.quarantine)
        return f"Dataset({self.rows_accepted:,} transactions; {held or 'no other tables'}; {aside:,} set aside)"


def jurisdiction_of(given: str | Path | Jurisdiction) -> Jurisdiction:
    """The jurisdiction itself, the shipped one of that name, or the one in that file."""
    if isinstance(given, Jurisdiction):
        return given
    return (
        _shipped(given)
        if isinstance(given, str) and not given.endswith((".yml", ".yaml"))
        else Jurisdiction.load(given)
    )


@cache
def _shipped(name: str) -> Jurisdiction:
    return Jurisdiction.load(name)


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress nobody asked for."""
