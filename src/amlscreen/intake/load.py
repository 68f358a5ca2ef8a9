"""Files into the store: each is conformed by one statement into the staging table of what it holds."""

from __future__ import annotations

import csv
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from amlscreen.errors import DataError, Place, did_you_mean
from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conform import Check, Country, Plan, statement
from amlscreen.intake.conform_reference import plan_reference
from amlscreen.intake.conform_transactions import plan_transactions
from amlscreen.intake.duplicates import stored_columns, with_made_ids
from amlscreen.intake.identity import unmapped_required
from amlscreen.intake.mapping import FileEntry, Pooled
from amlscreen.intake.readers.raw import RawFile
from amlscreen.intake.sql import identifier, literals
from amlscreen.schema import TABLES

__all__ = ["Part", "load_part", "make_staging", "parts_of"]


_FEWEST_TIMED = 10


@dataclass(slots=True)
class Part:
    """One file read as one table (a file whose records are two bookings has two parts), and what came of it."""

    file_no: int
    raw: RawFile
    table: str
    entry: FileEntry
    columns: dict[str, ColumnSpec]
    leg: int | None = None
    checks: list[Check] = field(default_factory=list)
    excluded: int = 0
    warnings: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file's name, with the booking where a record is more than one."""
        return self.raw.source.name if self.leg is None else f"{self.raw.source.name} (booking {self.leg})"


def parts_of(raw: RawFile, entry: FileEntry, first_no: int) -> list[Part]:
    """One part, or one for each leg of the entry."""
    if not entry.legs:
        return [Part(first_no, raw, entry.table, entry, dict(entry.columns))]
    return [
        Part(first_no + no, raw, entry.table, entry, {**entry.columns, **leg}, leg=no + 1) for no, leg in enumerate(entry.legs)
    ]


def make_staging(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """An empty staging table; ``problem`` is 0 for rows without one."""
    columns = ", ".join(f"{identifier(name)} {kind}" for name, kind in stored_columns(table).items())
    more = ", made BOOLEAN" if table == "transactions" else ""
    connection.execute(
        f"CREATE TABLE stage_{table} "
        f"(file_no INTEGER, record BIGINT, {columns}, problem UTINYINT, problem_value VARCHAR{more})"
    )


def load_part(connection: duckdb.DuckDBPyConnection, part: Part, country: Country, folder: Path | None) -> None:
    """Conform one part into its staging table; a mapping that does not fit the file is a DataError."""
    types = _types(connection, part)
    _check_fit(part, types, country)
    columns = dict(part.columns)
    if "institution" not in columns and "institution" in TABLES[part.table].names:
        columns["institution"] = ColumnSpec(constant=country.institution)
    plan = Plan(TABLES[part.table], country, types, part.entry.empty)
    if part.table == "transactions":
        plan_transactions(plan, columns, pooled=part.entry.pooled.patterns, listed=_listed(part.entry.pooled, folder))
    else:
        plan_reference(plan, columns)
    part.checks = plan.checks
    relation = part.raw.relation
    if part.entry.only:
        wanted = " AND ".join(f"coalesce({_plain(name)} IN ({literals(values)}), FALSE)" for name, values in part.entry.only.items())
        found = connection.execute(f"SELECT count(*) FROM ({relation}) WHERE NOT ({wanted})").fetchone()
        part.excluded = int(found[0]) if found else 0
        relation = f"SELECT * FROM ({relation}) WHERE {wanted}"
    select = statement(plan, relation, part.file_no)
    if part.table == "transactions":
        select = with_made_ids(select)
    connection.execute(f"INSERT INTO stage_{part.table} BY NAME {select}")
    if part.table == "transactions" and part.raw.format != "memory":
        _doubt_midnights(connection, part)


def _doubt_midnights(connection: duckdb.DuckDBPyConnection, part: Part) -> None:
    """A file whose clock times are all midnight holds days: its rows are as exact as a day."""
    timed = f"file_no = {part.file_no} AND problem = 0 AND time_precision = 'second'"
    some = connection.execute(f"SELECT count(*) FROM (SELECT 1 FROM stage_transactions WHERE {timed} LIMIT {_FEWEST_TIMED})").fetchone()
    if not some or some[0] < _FEWEST_TIMED:
        return
    off_midnight = f"{timed} AND (hour <> 0 OR \"at\" % 3600000000 <> 0) LIMIT 1"
    if connection.execute(f"SELECT 1 FROM stage_transactions WHERE {off_midnight}").fetchone() is None:
        connection.execute(f"UPDATE stage_transactions SET time_precision = 'day', hour = NULL WHERE {timed}")
        part.warnings.append(f"{part.name}: every time is midnight, so only the days are taken as known.")


def _plain(name: str) -> str:
    return f"trim(CAST({identifier(name)} AS VARCHAR))"


def _types(connection: duckdb.DuckDBPyConnection, part: Part) -> dict[str, str]:
    described = connection.execute(f"DESCRIBE SELECT * FROM ({part.raw.relation})").fetchall()
    return {str(row[0]): str(row[1]) for row in described if row[0] != "__record"}


def _check_fit(part: Part, types: MappingOf[str, str], country: Country) -> None:
    place = Place(part.raw.source.name)
    named = [(name, source) for name, spec in part.columns.items() for source in spec.columns]
    for name, source in [*named, *(("only", source) for source in part.entry.only)]:
        if source not in types:
            raise DataError(
                f"has no column '{source}', which the mapping names for {name}.", place=place, fix=did_you_mean(source, types)
            )
    have = set(part.columns)
    amount = part.columns.get("amount")
    if amount is not None and (amount.sign or amount.debit):
        have.add("direction")
    missing = unmapped_required(part.table, have, institution=country.institution is not None)
    if missing:
        raise DataError(
            f"nothing fills {', '.join(missing)} of {part.table}. Found columns: {', '.join(types)}.",
            place=place,
            fix="Map a column or state a constant.",
        )
    used = {source for _, source in named} | set(part.entry.ignore) | set(part.entry.only)
    unused = [name for name in types if name not in used]
    if unused:
        part.warnings.append(f"{part.name}: columns not used: {', '.join(unused)}.")


def _listed(pooled: Pooled, folder: Path | None) -> dict[str, list[str]]:
    """The exact values of the pooled list, by column."""
    if pooled.file is None:
        return {}
    path = (folder or Path()) / pooled.file
    listed: dict[str, list[str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                for name, value in row.items():
                    if name in Pooled.model_fields and name != "file" and value and value.strip():
                        listed.setdefault(name, []).append(value)
    except OSError as problem:
        raise DataError(f"cannot be read: {problem.strerror}.", place=Place(str(path))) from problem
    return listed
