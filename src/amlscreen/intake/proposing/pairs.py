"""Raw records beside the canonical rows that were made of them, and what a file's rows come to."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from amlscreen.intake.conform import Country
from amlscreen.intake.currencies import minor_digits
from amlscreen.intake.part import Part
from amlscreen.intake.sql import identifier
from amlscreen.schema import TABLES

__all__ = ["Pair", "counted", "good", "pairs", "totals"]

_LEFT_OUT = {"institution", "time_precision", "counterparty_kind"}


@dataclass(frozen=True, slots=True)
class Pair:
    """One record: its line, its cells as the file spells them, and what became of it.

    ``canonical`` holds the columns that got a value, as a canonical export would spell them; it is empty for a record
    that stands aside, and then ``reason`` and ``column`` tell why.
    """

    line: int
    raw: tuple[str, ...]
    canonical: Mapping[str, str]
    reason: str | None = None
    column: str | None = None


def good(part: Part) -> str:
    """SQL for rows that the mapping reads well. That a rate is missing is no fault of the mapping."""
    rate = [str(no) for no, check in enumerate(part.checks, 1) if check.reason == "fx_missing"]
    return f"problem IN ({', '.join(['0', *rate])})"


def counted(connection: duckdb.DuckDBPyConnection, part: Part) -> Counter[str]:
    """How many records stand aside, by "reason in column"."""
    counts = Counter(_told(row.reason, row.column) for row in part.raw.rejected)
    found = connection.execute(
        f"SELECT problem, count(*) FROM kept_{part.table} WHERE NOT {good(part)} GROUP BY problem"
    )
    for problem, rows in found.fetchall():
        check = part.checks[problem - 1]
        counts[_told(check.reason, check.column)] += rows
    return counts


def pairs(
    connection: duckdb.DuckDBPyConnection, part: Part, country: Country, *, rows: int, aside: int
) -> tuple[Pair, ...]:
    """The first accepted rows and the first that stand aside, each beside its record."""
    table = f"kept_{part.table}"
    accepted = connection.execute(f"SELECT * FROM {table} WHERE {good(part)} ORDER BY record LIMIT {rows}")
    names = [each[0] for each in accepted.description or ()]
    made = {row[names.index("record")]: dict(zip(names, row, strict=True)) for row in accepted.fetchall()}
    refused = connection.execute(
        f"SELECT record, problem FROM {table} WHERE NOT {good(part)} ORDER BY record LIMIT {aside}"
    ).fetchall()
    why = {record: (part.checks[no - 1].reason, part.checks[no - 1].column) for record, no in refused}
    cells = _cells(connection, part, [*made, *why])
    lines = part.raw.line_of([*made, *why])
    found = [Pair(lines[record], cells[record], _spelled(part, made[record], country)) for record in made]
    found += [Pair(lines[record], cells[record], {}, *why[record]) for record in why]
    left = max(aside - len(why), 0)
    return (*found, *(Pair(row.line, (row.value,), {}, row.reason, row.column) for row in part.raw.rejected[:left]))


def totals(
    connection: duckdb.DuckDBPyConnection, part: Part, country: Country
) -> tuple[tuple[str, str, int, str], ...]:
    """Currency, direction, accepted rows and their sum in whole units; nothing for reference tables."""
    if part.table != "transactions":
        return ()
    found = connection.execute(
        "SELECT currency, direction::VARCHAR, count(*), sum(amount_original)::HUGEINT FROM kept_transactions "
        f"WHERE {good(part)} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return tuple(
        (currency or country.currency, direction, rows, _money(total, currency, country))
        for currency, direction, rows, total in found
    )


def _told(reason: str, column: str | None) -> str:
    return f"{reason} in {column}" if column else reason


def _cells(connection: duckdb.DuckDBPyConnection, part: Part, records: list[int]) -> dict[int, tuple[str, ...]]:
    if not records:
        return {}
    texts = ", ".join(f"CAST({identifier(name)} AS VARCHAR)" for name in part.raw.columns)
    wanted = ", ".join(map(str, records))
    found = connection.execute(f'SELECT "__record", {texts} FROM ({part.raw.relation}) WHERE "__record" IN ({wanted})')
    return {row[0]: tuple("" if cell is None else cell for cell in row[1:]) for row in found.fetchall()}


def _spelled(part: Part, row: Mapping[str, Any], country: Country) -> dict[str, str]:
    """The columns with a value, in canonical order, as people write them."""
    shown = {}
    for column in TABLES[part.table].columns:
        source = "amount_original" if part.table == "transactions" and column.name == "amount" else column.name
        value = row.get(source)
        if value is None or column.name in _LEFT_OUT or (column.name == "transaction_id" and row.get("made")):
            continue
        if column.type == "money":
            shown[column.name] = _money(value, row.get("currency"), country)
        elif column.type == "date":
            shown[column.name] = (dt.date(1970, 1, 1) + dt.timedelta(days=value)).isoformat()
        elif column.type == "time":
            shown[column.name] = _instant(value, country, day_only=row.get("time_precision") == "day")
        else:
            shown[column.name] = str(value).lower() if isinstance(value, bool) else str(value)
    return shown


def _instant(value: int, country: Country, *, day_only: bool) -> str:
    local = dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=value + country.offset_us)
    return local.date().isoformat() if day_only else local.isoformat(sep=" ")


def _money(value: int, currency: str | None, country: Country) -> str:
    """Minor units as whole ones, exactly."""
    home = currency in (None, country.currency)
    digits = country.digits if home else minor_digits().get(currency or "", 2)
    whole, rest = divmod(abs(value), 10**digits)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole:,}.{rest:0{digits}d}" if digits else f"{sign}{whole:,}"
