"""From a source to everything a dataset holds, in one straight line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from amlscreen.errors import DataError
from amlscreen.intake.alike import Alike
from amlscreen.intake.births import set_births_aside
from amlscreen.intake.conform import Country
from amlscreen.intake.conform_time import offset_us
from amlscreen.intake.disk import disk_told
from amlscreen.intake.duplicates import find_duplicates, number_made_ids
from amlscreen.intake.earlier import Earlier
from amlscreen.intake.fit import unused_columns
from amlscreen.intake.fx import build_daily_rates, make_currencies
from amlscreen.intake.gathered import Built, gathered
from amlscreen.intake.given_tables import given_file
from amlscreen.intake.identity import identity_entry
from amlscreen.intake.keys import register_keys
from amlscreen.intake.load import doubt_midnights, load_parts, make_absent, make_staging, stage
from amlscreen.intake.mapping import Mapping as IntakeMapping
from amlscreen.intake.open_files import Opened, open_files
from amlscreen.intake.part import Part, parts_of
from amlscreen.intake.parts_told import told_apart
from amlscreen.intake.places import province_words
from amlscreen.intake.quarantine import count_problems, set_aside, too_many_aside
from amlscreen.intake.settle import (
    accept,
    accept_transactions,
    find_own_transfers,
    find_recalled,
    find_reversals,
    make_marks,
    pair_own_accounts,
)
from amlscreen.intake.source import find_sources
from amlscreen.intake.store import Store, any_row, open_store
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.profiling import stage as measured
from amlscreen.schema import TABLES
from amlscreen.settings import Settings

__all__ = ["INSTITUTION_IN_MEMORY", "build_from_files", "build_from_tables", "country_of", "prepare"]

Progress = Callable[[str, int, int | None], None]

_LATE = ("transactions", "customers")
_ORDER = ["fx_rates", *(name for name in TABLES if name not in {"fx_rates", *_LATE}), *_LATE]
"""Rates before what they convert, bookings before the births that they date."""
INSTITUTION_IN_MEMORY = "BANK"


def build_from_tables(tables: Mapping[str, Any], jurisdiction: Jurisdiction, settings: Settings) -> Built:
    """Tables in memory, through the same statements as files."""
    country = country_of(jurisdiction, None)
    with ExitStack() as undo:
        store = open_store(settings, in_memory=True)
        undo.callback(store.close)
        prepare(store, country)
        opened = Opened(institution=INSTITUTION_IN_MEMORY)
        for name, rows in tables.items():
            raw = given_file(store.connection, name, rows)
            opened.parts += parts_of(raw, identity_entry(name, raw.columns), opened.parts)
        built = _build(store, opened, country, settings, _quiet, refuse=True)
        undo.pop_all()
    return built


def build_from_files(
    source: str | Path | Sequence[str | Path],
    mapping: IntakeMapping | None,
    jurisdiction: Jurisdiction,
    settings: Settings,
    progress: Progress,
    *,
    refuse: bool = True,
    earlier: Earlier | None = None,
    since: int | None = None,
) -> Built:
    """Files, through the mapping or as they are named. Without ``refuse`` too many bad rows are told, not raised.

    The rows of ``earlier`` nights come before theirs; of the files, transactions before the local day ``since`` are
    left out.
    """
    sources = find_sources(source)
    country = country_of(jurisdiction, mapping)
    with ExitStack() as undo:
        store = open_store(settings, in_memory=False)
        undo.callback(store.close)
        undo.enter_context(disk_told(store.folder))
        prepare(store, country)
        opened = open_files(store, sources, mapping, settings, progress, earlier.parts if earlier else ())
        opened.since = since
        told_apart(opened.parts)
        opened.warnings[:0] = earlier.warnings if earlier else ()
        built = _build(store, opened, country, settings, progress, refuse=refuse, earlier=earlier)
        refusal = built.refusal or _nothing_accepted(built)
        if refuse and refusal:
            raise refusal
        undo.pop_all()
    return replace(built, refusal=refusal)


def _nothing_accepted(built: Built) -> DataError | None:
    """The error if no transaction was accepted: an export that comes out empty is one that went wrong."""
    if built.rows_accepted:
        return None
    own = [each for each in built.reconciliation.files if each.table == "transactions"]
    records, excluded, aside = (sum(getattr(e, name) for e in own) for name in ("records", "excluded", "quarantined"))
    found = Counter(built.quarantine.table.column("reason").to_pylist()).most_common(3)
    reasons = ", ".join(f"{reason}: {rows:,}" for reason, rows in found)
    return DataError(
        f"No transaction was accepted: {records:,} records in {', '.join(each.file for each in own[:5])}, of which "
        f"{excluded:,} were left out by the mapping and {aside:,} stand aside{f' ({reasons})' if reasons else ''}.",
        fix="See whether the export is empty, and what `only` and `unless` of the mapping say.",
    )


def _build(
    store: Store,
    opened: Opened,
    country: Country,
    settings: Settings,
    progress: Progress,
    *,
    refuse: bool,
    earlier: Earlier | None = None,
) -> Built:
    connection, parts = store.connection, opened.parts
    opened.warnings += unused_columns([part for part in parts if not part.earlier])
    counts: dict[int, Counter[tuple[str, str]]] = {}
    for table in _ORDER:
        own = [part for part in parts if part.table == table]
        if not own:
            make_absent(connection, table)
            continue
        make_staging(connection, table)
        which = "transactions" if table == "transactions" else "other tables"
        with measured(f"conform {which}"):
            tonight = [part for part in own if not part.earlier]
            load_parts(connection, tonight, country, opened, partial(_conforming, progress, len(parts)))
            if earlier:
                earlier.bring(connection, table, parts, country)
        with measured(f"duplicates of {which}"):
            _stage(store, table, own, parts)
        counts |= {part.file_no: count_problems(connection, part) for part in own}
    refusal = too_many_aside(parts, counts, settings.most_quarantined)
    if refusal and refuse:
        raise refusal
    progress("settling reversals, own transfers and recalls", len(parts), len(parts))
    with measured("reversals, own transfers, recalls"):
        _settle(connection, [part for part in parts if part.table == "transactions"])
    return replace(gathered(store, opened, counts), refusal=refusal, parts=tuple(parts))


def _conforming(progress: Progress, files: int, alike: Alike) -> None:
    progress(f"conforming {alike.name}", alike.number, files)


def _stage(store: Store, table: str, parts: Sequence[Part], every: Sequence[Part]) -> None:
    """Every row of one table is staged, and known to stand aside or not."""
    connection = store.connection
    stage(connection, table, parts)
    make_marks(connection, table)
    set_aside(connection, table)
    if table == "customers":
        set_births_aside(connection, every)
    if table == "transactions":
        number_made_ids(connection)
    find_duplicates(connection, table, store.folder)
    if table != "transactions":
        accept(connection, table)
    if table == "fx_rates":
        build_daily_rates(connection)


def _settle(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    doubt_midnights(connection, [part for part in parts if not part.earlier])
    if any("reverses" in part.columns for part in parts):
        find_reversals(connection)
    pair_own_accounts(connection)
    find_own_transfers(connection, [part.file_no for part in parts if "kind" not in part.columns])
    if any_row(connection, "recalls"):
        find_recalled(connection)
    accept_transactions(connection, parts)


def prepare(store: Store, country: Country) -> None:
    """Make in a new store what conforming any file needs."""
    register_keys(store.connection, country.region)
    store.connection.execute("CREATE TABLE asked_rows (asked_id BIGINT)")
    make_currencies(store.connection, country)


def country_of(jurisdiction: Jurisdiction, mapping: IntakeMapping | None) -> Country:
    """The region of phone numbers is the country that the jurisdiction's province codes begin with."""
    stated = mapping.zone_offset if mapping else None
    offset = offset_us(stated) if stated else jurisdiction.utc_offset_minutes * 60_000_000
    region = jurisdiction.provinces[0].code.partition("-")[0] if jurisdiction.provinces else None
    words = {"province": province_words(jurisdiction)}
    return Country(jurisdiction.currency, jurisdiction.minor_digits, offset, region, words)


def _quiet(stage: str, done: int, total: int | None) -> None:
    """Progress nobody asked for."""
