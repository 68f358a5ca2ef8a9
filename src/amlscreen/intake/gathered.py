"""What a finished store shows of itself: reference tables as Arrow, which columns hold a value, the days covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from amlscreen.errors import DataError
from amlscreen.intake.duplicates import stored_columns
from amlscreen.intake.figures import Figures, figures_of, mapped_columns
from amlscreen.intake.noticed import Noticed
from amlscreen.intake.open_files import Opened
from amlscreen.intake.part import Part
from amlscreen.intake.quarantine import Quarantine, gather
from amlscreen.intake.readers.raw import Statement
from amlscreen.intake.reconcile import Reconciliation, reconcile
from amlscreen.intake.set_aside import on_disk
from amlscreen.intake.sql import identifier
from amlscreen.intake.store import Store
from amlscreen.schema import TABLES, ColumnType

__all__ = ["Built", "gathered"]

_ROWS_AT_A_TIME = 100_000
_ARROW: Mapping[ColumnType, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "money": pa.int64(),
    "time": pa.int64(),
    "date": pa.int32(),
    "flag": pa.bool_(),
    "whole": pa.int64(),
    "decimal": pa.decimal128(18, 8),
}


@dataclass(frozen=True, slots=True)
class Built:
    """What reading gives a dataset; ``refusal`` is why it should not be used, where that was asked to be kept."""

    store: Store
    institutions: tuple[str, ...]
    tables: dict[str, pa.Table]
    provided: frozenset[str]
    files: tuple[str, ...]
    rows_accepted: int
    first_day: int
    last_day: int
    quarantine: Quarantine
    reconciliation: Reconciliation
    warnings: tuple[str, ...]
    noticed: tuple[Noticed, ...]
    statements: Mapping[str, tuple[Statement, ...]]
    refusal: DataError | None = None
    parts: tuple[Part, ...] = ()


def gathered(
    store: Store, opened: Opened, counts: Mapping[int, Counter[tuple[str, str]]], figures: Figures | None = None
) -> Built:
    """Everything a dataset holds; EngineError if a row or an amount is not accounted for.

    ``figures`` are those of the transactions where these lie elsewhere; else they are counted in the store.
    """
    connection, parts = store.connection, opened.parts
    counted = figures_of(connection, mapped_columns(parts)) if figures is None else figures
    reconciliation = reconcile(connection, parts, counts, counted)
    reconciliation.ties()
    present = {part.table for part in parts}
    tables = {name: _inside(store, name, present) for name in TABLES if name != "transactions"}
    return Built(
        store=store,
        institutions=tuple(sorted(counted.banks)),
        tables=tables,
        provided=_with_values(counted) | _tables_with_rows(tables),
        files=tuple(part.raw.source.name for part in parts),
        rows_accepted=sum(bank.rows for bank in counted.banks.values()),
        first_day=min((bank.first_day for bank in counted.banks.values()), default=0),
        last_day=max((bank.last_day for bank in counted.banks.values()), default=0),
        quarantine=gather(connection, parts),
        reconciliation=reconciliation,
        warnings=(*opened.warnings, *(each for part in parts for each in (*part.warnings, *map(str, part.noticed)))),
        noticed=tuple(each for part in parts for each in part.noticed),
        statements={part.raw.source.name: part.raw.statements for part in parts if part.raw.statements},
    )


def _inside(store: Store, name: str, present: set[str]) -> pa.Table:
    """The accepted rows of a reference table in file order, in the types used inside; ``row_id`` counts from 0."""
    types = {column.name: _ARROW[column.type] for column in TABLES[name].columns}
    fields = [pa.field(column, types.get(column, pa.string())) for column in stored_columns(name)]
    schema = pa.schema([*fields, pa.field("row_id", pa.int64())])
    if name not in present:
        return schema.empty_table()
    columns = ", ".join(identifier(column) for column in stored_columns(name))
    rows = store.connection.sql(
        f"SELECT {columns}, row_number() OVER (ORDER BY row_id) - 1 AS row_id FROM {name} ORDER BY row_id"
    ).to_arrow_reader(_ROWS_AT_A_TIME)
    return on_disk(rows, schema, store.folder)


def _with_values(figures: Figures) -> frozenset[str]:
    """The table of transactions, if it has a row, and its columns with a value."""
    if not figures.banks:
        return frozenset()
    return frozenset({"transactions", *(f"transactions.{name}" for name in figures.filled)})


def _tables_with_rows(tables: Mapping[str, pa.Table]) -> frozenset[str]:
    """Reference tables with a row, and their columns with a value."""
    filled = {name: table for name, table in tables.items() if table.num_rows}
    columns = {
        f"{name}.{column}"
        for name, table in filled.items()
        for column in TABLES[name].names
        if table.column(column).null_count < table.num_rows
    }
    return frozenset(filled) | columns
