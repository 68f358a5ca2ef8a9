"""What is counted of all transactions: control totals, rows by file and bank, columns with a value.

Figures of disjoint sets of transactions add up, so they may be counted in pieces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import duckdb

from amlscreen.intake.duplicates import DUPLICATE, stored_columns
from amlscreen.intake.part import Part
from amlscreen.intake.sql import identifier
from amlscreen.intake.store import any_row

__all__ = ["Bank", "Figures", "figures_of", "mapped_columns", "together"]

_FIRST_LOOK = 10_000
_MADE_OF_OTHERS = {"counterparty", "counterparty_kind", "hour"}
_ALWAYS_FILLED = frozenset(
    "institution transaction_id account_id at time_precision local_day direction amount currency amount_original kind "
    "netted is_recalled".split()  # a list of thirteen quoted words is harder to read
)


@dataclass(frozen=True, slots=True)
class Bank:
    """Accepted rows of one institution, and their first and last local day."""

    rows: int
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Rows, debits and credits by currency and state; accepted rows by file; banks; columns that hold a value."""

    totals: dict[tuple[str, str], tuple[int, int, int]] = field(default_factory=dict)
    accepted: Counter[int] = field(default_factory=Counter)
    banks: dict[str, Bank] = field(default_factory=dict)
    filled: frozenset[str] = frozenset()


def mapped_columns(parts: Sequence[Part]) -> frozenset[str]:
    """The columns of transactions that some file fills."""
    return frozenset(name for part in parts if part.table == "transactions" for name in part.columns)


def figures_of(connection: duckdb.DuckDBPyConnection, mapped: Collection[str]) -> Figures:
    """Read figures from what was staged, accepted ones from the view ``transactions``."""
    totals, accepted = _totals(connection)
    found = connection.execute(
        "SELECT institution, count(*), min(local_day), max(local_day) FROM transactions GROUP BY ALL"
    ).fetchall()
    banks = {str(name): Bank(int(rows), int(first), int(last)) for name, rows, first, last in found}
    rows = sum(bank.rows for bank in banks.values())
    return Figures(totals, accepted, banks, _filled(connection, mapped, rows) if rows else frozenset())


def together(figures: Iterable[Figures]) -> Figures:
    """Figures of disjoint sets of transactions, added up."""
    totals: dict[tuple[str, str], tuple[int, int, int]] = {}
    accepted: Counter[int] = Counter()
    banks: dict[str, Bank] = {}
    filled: frozenset[str] = frozenset()
    for one in figures:
        for key, (rows, debit, credit) in one.totals.items():
            before = totals.get(key, (0, 0, 0))
            totals[key] = (before[0] + rows, before[1] + debit, before[2] + credit)
        accepted.update(one.accepted)
        for name, bank in one.banks.items():
            had = banks.get(name, Bank(0, bank.first_day, bank.last_day))
            days = min(had.first_day, bank.first_day), max(had.last_day, bank.last_day)
            banks[name] = Bank(had.rows + bank.rows, *days)
        filled |= one.filled
    return Figures(totals, accepted, banks, filled)


def _filled(connection: duckdb.DuckDBPyConnection, mapped: Collection[str], rows: int) -> frozenset[str]:
    """Columns of transactions that hold a value. A first look settles most, a search the rest."""
    mapped = {*mapped, *_MADE_OF_OTHERS} - _ALWAYS_FILLED
    doubtful = [name for name in stored_columns("transactions") if name in mapped]
    counts = ", ".join(f"count({identifier(name)})" for name in doubtful)
    look = f"SELECT {counts} FROM (SELECT * FROM transactions LIMIT {_FIRST_LOOK})"
    known = set(_ALWAYS_FILLED)
    for name, count in zip(doubtful, connection.execute(look).fetchall()[0], strict=True):
        if count or (rows > _FIRST_LOOK and any_row(connection, f"transactions WHERE {identifier(name)} IS NOT NULL")):
            known.add(name)
    return frozenset(known)


def _totals(connection: duckdb.DuckDBPyConnection) -> tuple[dict[tuple[str, str], tuple[int, int, int]], Counter[int]]:
    """Control totals by currency and state, and the accepted rows of each file."""
    figures = "count(*), coalesce(sum(amount_original), 0)"
    readable = "currency IS NOT NULL AND amount_original IS NOT NULL AND direction IS NOT NULL"
    state = f"CASE a.problem WHEN {DUPLICATE} THEN 'duplicate' ELSE 'quarantined' END"
    found = connection.execute(
        f"""
        SELECT currency, 'read', file_no, direction::VARCHAR, {figures}
        FROM staged_transactions WHERE {readable} GROUP BY ALL
        UNION ALL
        SELECT currency, 'accepted', file_no, direction::VARCHAR, {figures} FROM transactions GROUP BY ALL
        UNION ALL
        SELECT currency, {state}, file_no, direction::VARCHAR, {figures}
        FROM staged_transactions AS s JOIN (SELECT row_id, problem FROM aside_transactions) AS a USING (row_id)
        WHERE {readable} GROUP BY ALL
        """
    ).fetchall()
    sums: dict[tuple[str, str], list[int]] = {}
    accepted: Counter[int] = Counter()
    for currency, state, file_no, direction, rows, amount in found:
        each = sums.setdefault((currency, state), [0, 0, 0])
        each[0] += int(rows)
        each[1 if direction == "debit" else 2] += int(amount)
        if state == "accepted":
            accepted[int(file_no)] += int(rows)
    return {key: (rows, debit, credit) for key, (rows, debit, credit) in sums.items()}, accepted
