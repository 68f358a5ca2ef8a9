"""What a finished store shows of itself: reference tables as Arrow, which columns hold a value, the days covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from amlscreen.errors import DataError
from amlscreen.intake.duplicates import stored_columns
from amlscreen.intake.noticed import Noticed
from amlscreen.intake.open_files import Opened
from amlscreen.intake.part import Part
from amlscreen.intake.quarantine import Quarantine, gather
from amlscreen.intake.readers.raw import Statement
from amlscreen.intake.reconcile import Reconciliation, reconcile
from amlscreen.intake.sql import identifier
from amlscreen.intake.store import Store, any_row
from amlscreen.schema import TABLES, ColumnType

__all__ = ["Built", "gathered"]

_FIRST_LOOK = 10_000
_MADE_OF_OTHERS = {"counterparty", "counterparty_kind", "hour"}
_ALWAYS_FILLED = frozenset(
    "institution transaction_id account_id at time_precision local_day direction amount currency amount_original kind "
    "netted is_recalled".split()  # a list of thirteen quoted words is harder to read
)
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


def gathered(store: Store, opened: Opened, counts: Mapping[int, Counter[tuple[str, str]]]) -> Built:
    """Everything a dataset holds; EngineError if a row or an amount is not accounted for."""
    connection, parts = store.connection, opened.parts
    reconciliation = reconcile(connection, parts, counts)
    reconciliation.ties()
    present = {part.table for part in parts}
    tables = {name: _inside(connection, name, present) for name in TABLES if name != "transactions"}
    found = connection.execute(
        "SELECT institution, count(*), min(local_day), max(local_day) FROM transactions GROUP BY ALL ORDER BY 1"
    ).fetchall()
    rows = sum(int(row[1]) for row in found)
    return Built(
        store=store,
        institutions=tuple(str(row[0]) for row in found),
        tables=tables,
        provided=_columns_with_values(connection, opened, rows) | _tables_with_rows(tables),
        files=tuple(part.raw.source.name for part in parts),
        rows_accepted=rows,
        first_day=min((int(row[2]) for row in found), default=0),
        last_day=max((int(row[3]) for row in found), default=0),
        quarantine=gather(connection, parts),
        reconciliation=reconciliation,
        warnings=(*opened.warnings, *(each for part in parts for each in (*part.warnings, *map(str, part.noticed)))),
        noticed=tuple(each for part in parts for each in part.noticed),
        statements={part.raw.source.name: part.raw.statements for part in parts if part.raw.statements},
    )


def _inside(connection: duckdb.DuckDBPyConnection, name: str, present: set[str]) -> pa.Table:
    """The accepted rows of a reference table in file order, in the types used inside; ``row_id`` counts from 0."""
    types = {column.name: _ARROW[column.type] for column in TABLES[name].columns}
    fields = [pa.field(column, types.get(column, pa.string())) for column in stored_columns(name)]
    schema = pa.schema([*fields, pa.field("row_id", pa.int64())])
    if name not in present:
        return schema.empty_table()
    columns = ", ".join(identifier(column) for column in stored_columns(name))
    found: pa.Table = connection.sql(
        f"SELECT {columns}, row_number() OVER (ORDER BY row_id) - 1 AS row_id FROM {name} ORDER BY row_id"
    ).to_arrow_table()
    return found.cast(schema)


def _columns_with_values(connection: duckdb.DuckDBPyConnection, opened: Opened, rows: int) -> frozenset[str]:
    """Columns of transactions that hold a value. A first look settles most, a search the rest."""
    if not rows:
        return frozenset()
    mapped = {name for part in opened.parts if part.table == "transactions" for name in part.columns} | _MADE_OF_OTHERS
    doubtful = [name for name in stored_columns("transactions") if name in mapped - _ALWAYS_FILLED]
    counts = ", ".join(f"count({identifier(name)})" for name in doubtful)
    look = f"SELECT {counts} FROM (SELECT * FROM transactions LIMIT {_FIRST_LOOK})"
    known = set(_ALWAYS_FILLED)
    for name, count in zip(doubtful, connection.execute(look).fetchall()[0], strict=True):
        if count or (rows > _FIRST_LOOK and any_row(connection, f"transactions WHERE {identifier(name)} IS NOT NULL")):
            known.add(name)
    return frozenset({"transactions", *(f"transactions.{name}" for name in known)})


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
