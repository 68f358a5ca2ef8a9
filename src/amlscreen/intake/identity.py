"""What a canonical export needs no mapping for: its file names are table names, its headers column names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from amlscreen.errors import DataError, Place, did_you_mean
from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conditions import Held
from amlscreen.intake.mapping import FileEntry
from amlscreen.intake.readers.entries import NOT_BOOKED, TOLD
from amlscreen.intake.readers.header import holds_values
from amlscreen.schema import TABLES, TRANSACTIONS

__all__ = ["entry_of_statements", "identity_entry", "table_named", "unmapped_required"]


def table_named(file: str) -> str | None:
    """The table a file's name says it holds: ``accounts.csv``, ``2026-03/accounts.parquet``, ``x.zip!accounts.csv``."""
    name = file.rpartition("!")[2].replace("\\", "/").rpartition("/")[2].casefold().partition(".")[0]
    return name if name in TABLES else None


def identity_entry(table: str, columns: Iterable[str]) -> FileEntry:
    """The entry that takes every canonical column as it stands."""
    known = [name for name in columns if name.strip().casefold() in TABLES[table].names]
    specs = {name.strip().casefold(): ColumnSpec.model_validate({"from": name}) for name in known}
    return FileEntry.model_construct(**{**_DEFAULTS, "match": "*", "table": table, "columns": specs})


def entry_of_statements(columns: Iterable[str], entry: FileEntry | None = None) -> FileEntry:
    """The entry for a file whose format has a fixed meaning: what ``entry`` states, all else as the reader tells it.

    Entries that are not booked are left out, unless ``entry`` has conditions of its own.
    """
    names = list(columns)
    plain = identity_entry("transactions", names)
    told: dict[str, Any] = {"ignore": (*TOLD, *(entry.ignore if entry else ()))}
    if "status" in names and not (entry and (entry.only or entry.unless)):
        told["unless"] = {"status": Held(values=NOT_BOOKED)}
    if entry is None:
        return plain.model_copy(update=told)
    return entry.model_copy(update={**told, "columns": {**plain.columns, **entry.columns}})


def unmapped_required(table: str, columns: Iterable[str], *, institution: bool) -> list[str]:
    """Required columns that nothing fills."""
    have = set(columns) | ({"institution"} if institution else set())
    return [column.name for column in TABLES[table].columns if column.required and column.name not in have]


def holds_transactions(columns: Iterable[str]) -> bool:
    """Whether a header holds the required columns of transactions."""
    have = {name.strip().casefold() for name in columns}
    return all(column.name in have for column in TRANSACTIONS.columns if column.required)


def no_table(file: str, columns: Sequence[str]) -> DataError:
    """The error for a file nothing is known about. A first line that looks like a record is not repeated in it."""
    needed = ", ".join(column.name for column in TRANSACTIONS.columns if column.required)
    found = f"Found columns: {', '.join(columns)}."
    if holds_values(columns):
        found = "Its first line holds a number or a date, so it may be a record (then state `header: false`)."
    near = did_you_mean(file.partition(".")[0], TABLES).partition("Allowed")[0]
    return DataError(
        f"is no canonical table. {found} Transactions need: {needed}.",
        place=Place(file),
        fix=f"{near}Name it after its table, such as transactions.csv, or write a mapping that says what its columns "
        "mean (--mapping); `amlscreen map FILE` proposes one.",
    )


_DEFAULTS = {name: field.get_default() for name, field in FileEntry.model_fields.items() if not field.is_required()}
