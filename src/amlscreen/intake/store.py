"""The DuckDB store of one dataset: a connection, its types, and the folder that goes when it is closed."""

from __future__ import annotations

import weakref
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import duckdb

from amlscreen.budget import budget_of
from amlscreen.intake.disk import disk_told
from amlscreen.intake.sql import literal, literals
from amlscreen.intake.workspace import Workspace, make_workspace
from amlscreen.schema import TABLES
from amlscreen.settings import Settings

__all__ = ["ENUMS", "Store", "any_row", "count_rows", "open_store"]

ENUMS = {
    name: TABLES["transactions"].column(name).allowed
    for name in ("time_precision", "direction", "channel", "kind", "purpose", "counterparty_kind")
}


@dataclass(slots=True, weakref_slot=True)
class Store:
    """A connection and the folder it may write to; ``close`` ends both and may be called twice.

    A store that nobody closes, as in a notebook, takes its folder with it when it is let go or the program ends: the
    folder holds the bank's transactions.
    """

    connection: duckdb.DuckDBPyConnection
    workspace: Workspace | None

    @property
    def folder(self) -> Path | None:
        """Where files of this store may be put; None if there is none."""
        return self.workspace.folder if self.workspace is not None else None

    def close(self) -> None:
        """Close the connection and remove the folder."""
        self.connection.close()
        if self.workspace is not None:
            self.workspace.remove()
            self.workspace = None


def open_store(settings: Settings, *, in_memory: bool) -> Store:
    """A store within the memory, threads and temporary folder that the settings allow."""
    memory = budget_of(settings.memory).store
    if in_memory:
        store = Store(duckdb.connect(":memory:"), None)
    else:
        workspace = make_workspace(settings.temporary)
        with ExitStack() as undo:
            undo.callback(workspace.remove)
            undo.enter_context(disk_told(workspace.folder))
            store = Store(duckdb.connect(str(workspace.folder / "store.duckdb")), workspace)
            undo.pop_all()
        weakref.finalize(store, workspace.remove)
        store.connection.execute(f"SET temp_directory = {literal(str(workspace.folder / 'spill'))}")
        # The folder goes when the store is closed, so nothing need be written out once more before.
        store.connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    store.connection.execute(f"SET memory_limit = '{memory // 10**6}MB'")
    if settings.threads is not None:
        store.connection.execute(f"SET threads = {settings.threads}")
    store.connection.execute("SET TimeZone = 'UTC'")
    # What a sort of millions of rows took is given back to the system, where the sweep needs it next.
    store.connection.execute("SET allocator_background_threads = true")
    for name, words in ENUMS.items():
        store.connection.execute(f"CREATE TYPE {name} AS ENUM ({literals(words)})")
    return store


def any_row(connection: duckdb.DuckDBPyConnection, source: str) -> bool:
    """Whether ``FROM source`` yields a row."""
    return bool(connection.execute(f"SELECT 1 FROM {source} LIMIT 1").fetchall())


def count_rows(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    """How many rows ``FROM source`` yields."""
    return int(connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0])
