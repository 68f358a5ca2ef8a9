"""From a source to everything a dataset holds, in one straight line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from amlscreen.intake.conform import Country
from amlscreen.intake.counterparty import register_keys
from amlscreen.intake.duplicates import find_duplicates, number_made_ids, stored_columns
from amlscreen.intake.fx import build_daily_rates, currency_digits
from amlscreen.intake.given_tables import given_file
from amlscreen.intake.identity import identity_entry
from amlscreen.intake.load import Part, doubt_midnights, load_part, make_staging, parts_of, stage
from amlscreen.intake.mapping import Mapping as IntakeMapping
from amlscreen.intake.open_files import Opened, open_files
from amlscreen.intake.places import make_province_names
from amlscreen.intake.quarantine import Quarantine, check_limit, count_problems, gather, set_aside
from amlscreen.intake.reconcile import Reconciliation, reconcile
from amlscreen.intake.settle import (
    accept,
    accept_transactions,
    find_own_transfers,
    find_recalled,
    find_reversals,
    make_marks,
)
from amlscreen.intake.source import find_sources
from amlscreen.intake.sql import identifier
from amlscreen.intake.store import Store, any_row, open_store
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.schema import TABLES
from amlscreen.settings import Settings

__all__ = ["Built", "build_from_files", "build_from_tables"]

_ORDER = ["fx_rates", *(name for name in TABLES if name not in {"fx_rates", "transactions"}), "transactions"]
_INSTITUTION_IN_MEMORY = "BANK"
_FIRST_LOOK = 10_000
_MADE_OF_OTHERS = {"counterparty", "counterparty_kind", "hour"}
_ALWAYS_FILLED = {
    "institution", "transaction_id", "account_id", "at", "time_precision", "local_day", "direction", "amount", "currency",
    "amount_original", "kind", "netted", "is_recalled",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Built:
    """What reading gives a dataset."""

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


def build_from_tables(tables: Mapping[str, Any], jurisdiction: Jurisdiction, settings: Settings) -> Built:
    """Tables in memory, through the same statements as files."""
    store = open_store(settings, in_memory=True)
    try:
        country = _country(jurisdiction, None, _INSTITUTION_IN_MEMORY)
        opened = Opened()
        for name, rows in tables.items():
            raw = given_file(store.connection, name, rows)
            opened.parts += parts_of(raw, identity_entry(name, raw.columns), opened.parts)
        return _build(store, opened, country, jurisdiction, settings, _quiet)
    except BaseException:
        store.close()
        raise


def build_from_files(
    source: str | Path | Sequence[str | Path],
    mapping: IntakeMapping | None,
    jurisdiction: Jurisdiction,
    settings: Settings,
    progress: Callable[[str, int, int | None], None],
) -> Built:
    """Files, through the mapping or as they are named."""
    store = open_store(settings, in_memory=False)
    try:
        country = _country(jurisdiction, mapping, mapping.institution if mapping else None)
        opened = open_files(store, find_sources(source), mapping, settings, progress)
        return _build(store, opened, country, jurisdiction, settings, progress)
    except BaseException:
        store.close()
        raise


def _build(
    store: Store,
    opened: Opened,
    country: Country,
    jurisdiction: Jurisdiction,
    settings: Settings,
    progress: Callable[[str, int, int | None], None],
) -> Built:
    connection, parts = store.connection, opened.parts
    _prepare(store, country, jurisdiction)
    counts: dict[int, Counter[tuple[str, str]]] = {}
    for table in _ORDER:
        own = [part for part in parts if part.table == table]
        for part in own:
            progress(f"conforming {part.name}", len(counts), len(parts))
            load_part(connection, part, country, opened.folder)
        _stage(connection, table, own)
        counts |= {part.file_no: count_problems(connection, part) for part in own}
        if table == "fx_rates":
            build_daily_rates(connection)
    check_limit(parts, counts, settings.most_quarantined)
    progress("settling reversals, own transfers and recalls", len(parts), len(parts))
    _settle(connection, [part for part in parts if part.table == "transactions"])
    return _gathered(store, opened, counts)


def _stage(connection: duckdb.DuckDBPyConnection, table: str, parts: Sequence[Part]) -> None:
    """Every row of one table is staged, and known to stand aside or not."""
    stage(connection, table, parts)
    make_marks(connection, table)
    if parts:
        set_aside(connection, table)
        if table == "transactions":
            number_made_ids(connection)
        find_duplicates(connection, table)
    if table != "transactions":
        accept(connection, table)


def _settle(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    for part in parts:
        doubt_midnights(connection, part)
    if any("reverses" in part.columns for part in parts):
        find_reversals(connection)
    find_own_transfers(connection, [part.file_no for part in parts if "kind" not in part.columns])
    if any_row(connection, "recalls"):
        find_recalled(connection)
    accept_transactions(connection, parts)


def _prepare(store: Store, country: Country, jurisdiction: Jurisdiction) -> None:
    register_keys(store.connection, country.region)
    rows = ", ".join(f"('{code}', {digits}, {10**digits})" for code, digits in sorted(currency_digits(country).items()))
    store.connection.execute(
        f"CREATE TABLE currencies AS SELECT code, digits::INTEGER AS digits, scale::BIGINT AS scale "
        f"FROM (VALUES {rows}) AS c(code, digits, scale)"
    )
    make_province_names(store.connection, jurisdiction)
    for table in TABLES:
        make_staging(store.connection, table)


def _gathered(store: Store, opened: Opened, counts: Mapping[int, Counter[tuple[str, str]]]) -> Built:
    connection, parts = store.connection, opened.parts
    reconciliation = reconcile(connection, parts, counts)
    reconciliation.ties()
    tables = {name: _inside(connection, name) for name in TABLES if name != "transactions"}
    rows, first, last = connection.execute(
        "SELECT count(*), min(local_day), max(local_day) FROM transactions"
    ).fetchall()[0]
    institutions = connection.execute("SELECT DISTINCT institution FROM transactions ORDER BY 1").fetchall()
    return Built(
        store=store,
        institutions=tuple(str(row[0]) for row in institutions),
        tables=tables,
        provided=_provided(store, opened, tables, rows),
        files=tuple(part.raw.source.name for part in parts),
        rows_accepted=int(rows),
        first_day=int(first or 0),
        last_day=int(last or 0),
        quarantine=gather(connection, parts),
        reconciliation=reconciliation,
        warnings=tuple(opened.warnings) + tuple(warning for part in parts for warning in part.warnings),
    )


_ARROW = {
    "text": pa.string(),
    "code": pa.string(),
    "money": pa.int64(),
    "time": pa.int64(),
    "date": pa.int32(),
    "flag": pa.bool_(),
    "whole": pa.int64(),
    "decimal": pa.decimal128(18, 8),
}


def _inside(connection: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    """The accepted rows of a reference table in file order, in the types used inside; ``row_id`` counts from 0."""
    columns = ", ".join(identifier(column) for column in TABLES[name].names)
    found = connection.sql(
        f"SELECT {columns}, row_number() OVER (ORDER BY row_id) - 1 AS row_id FROM {name} ORDER BY row_id"
    ).to_arrow_table()
    fields = [(column.name, _ARROW[column.type]) for column in TABLES[name].columns]
    return found.cast(pa.schema([*fields, ("row_id", pa.int64())]))


def _provided(store: Store, opened: Opened, tables: Mapping[str, pa.Table], rows: int) -> frozenset[str]:
    """Tables with a row and columns with a value. A first look settles most columns of transactions, a search the rest."""
    known = {"transactions"} if rows else set()
    mapped = {name for part in opened.parts if part.table == "transactions" for name in part.columns}
    always = {name for name in stored_columns("transactions") if name in _ALWAYS_FILLED}
    doubtful = [name for name in stored_columns("transactions") if name not in always]
    counts = ", ".join(f"count({identifier(name)})" for name in doubtful)
    look = f"SELECT {counts} FROM (SELECT * FROM transactions LIMIT {_FIRST_LOOK})"
    found = store.connection.execute(look).fetchall()[0]
    for name, count in zip(doubtful, found, strict=True):
        possible = name in mapped or name in _MADE_OF_OTHERS
        if count or (
            possible
            and rows > _FIRST_LOOK
            and any_row(store.connection, f"transactions WHERE {identifier(name)} IS NOT NULL")
        ):
            known.add(f"transactions.{name}")
    known |= {f"transactions.{name}" for name in always} if rows else set()
    for name, table in tables.items():
        known |= {name} if table.num_rows else set()
        known |= {f"{name}.{column}" for column in TABLES[name].names if table[column].null_count < table.num_rows}
    return frozenset(known)


def _country(jurisdiction: Jurisdiction, mapping: IntakeMapping | None, institution: str | None) -> Country:
    from amlscreen.intake.conform_time import offset_us

    offset = (
        offset_us(mapping.zone_offset)
        if mapping and mapping.zone_offset
        else jurisdiction.utc_offset_minutes * 60_000_000
    )
    region = jurisdiction.provinces[0].code.partition("-")[0] if jurisdiction.provinces else None
    return Country(jurisdiction.currency, jurisdiction.minor_digits, offset, region, institution)


def _quiet(stage: str, done: int, total: int | None) -> None:
    """Progress nobody asked for."""
