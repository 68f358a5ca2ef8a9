"""Rows of earlier nights, as they were conformed then, and what is told of the files they came from.

They come before those of tonight's files and keep their numbers, so that everything that only all rows together can
tell (duplicates, reversals, recalls, own transfers) comes out as if all files were read at once. What a later night
brings may change what they say in two ways: a row of a reference table that is given anew with other content takes the
place of the old one; and rates of exchange that are given later count for the days they are of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from amlscreen.intake.conform import Country
from amlscreen.intake.duplicates import content_of, stored_columns
from amlscreen.intake.fx import at_rate
from amlscreen.intake.part import Part
from amlscreen.intake.sql import identifier, literal, literals
from amlscreen.schema import TABLES

__all__ = ["Earlier"]

_VALUED = ("fx_rates", "transactions")
_TONIGHT = 2**31


@dataclass(frozen=True)
class Earlier:
    """What a state holds: parts, warnings, Parquet files of transactions and of each reference table."""

    parts: tuple[Part, ...]
    warnings: tuple[str, ...]
    rows: tuple[Path, ...]
    tables: dict[str, Path]

    def bring(self, connection: duckdb.DuckDBPyConnection, table: str, parts: Sequence[Part], country: Country) -> None:
        """The rows of a table into the store: reference tables are copied, transactions read where they lie.

        ``parts`` are those of all tables, tonight's among them.
        """
        mine = [part for part in self.parts if part.table == table]
        if table == "transactions" and mine:
            select = _typed("transactions", self.rows)
            if _rated_later(parts):
                select = _revalued(select, mine, country)
            connection.execute(f"CREATE VIEW earlier_transactions AS {select}")
        elif table in self.tables:
            connection.execute(f"CREATE TEMP TABLE earlier_{table} AS {_typed(table, [self.tables[table]])}")
            _superseded(connection, table, mine)
            connection.execute(f"INSERT INTO kept_{table} BY NAME SELECT * FROM earlier_{table}")
            connection.execute(f"DROP TABLE earlier_{table}")


def _typed(table: str, files: Sequence[Path]) -> str:
    """The rows in files, in the types of the store."""
    columns = [
        f"CAST({identifier(name)} AS {kind}) AS {identifier(name)}" for name, kind in stored_columns(table).items()
    ]
    return (
        f"SELECT row_id, file_no, record, {', '.join(columns)}, problem::UTINYINT AS problem, "
        f"problem_value, made FROM read_parquet([{literals([str(file) for file in files])}])"
    )


def _rated_later(parts: Sequence[Part]) -> bool:
    """Whether a night gave rates after another gave transactions; then these are not worth what they were."""
    nights = {table: [part.earlier or _TONIGHT for part in parts if part.table == table] for table in _VALUED}
    return max(nights["fx_rates"], default=0) > min(nights["transactions"], default=_TONIGHT)


def _superseded(connection: duckdb.DuckDBPyConnection, table: str, parts: Sequence[Part]) -> None:
    """Sound rows that tonight's files give anew with other content go, and are counted as left out."""
    key = [identifier(column) for column in TABLES[table].key]
    same = " AND ".join(f"e.{name} = k.{name}" for name in key)
    other = " OR ".join(f"e.{name} IS DISTINCT FROM k.{name}" for name in content_of(table))
    gone = connection.execute(
        f"""
        DELETE FROM earlier_{table} AS e WHERE e.problem = 0 AND row_id IN (
            SELECT e.row_id FROM earlier_{table} AS e JOIN kept_{table} AS k ON {same}
            WHERE k.problem = 0 AND ({other})
        ) RETURNING file_no
        """
    ).fetchall()
    by_no = {part.file_no: part for part in parts}
    for (file_no,) in gone:
        by_no[int(file_no)].excluded += 1


def _revalued(select: str, parts: Sequence[Part], country: Country) -> str:
    """The rows with the amounts that the rates known by now give; those that lacked one no longer stand aside.

    The rate and the amount are the last things a row is checked for, so nothing else can be against it.
    """
    missing = ", ".join(f"({no}, {number})" for no, number in _of_missing_rates(parts))
    home = literal(country.currency)
    value = at_rate("e.amount_original", "c.scale", country.digits)
    lacks = f"(e.file_no, e.problem) IN ({missing})" if missing else "FALSE"
    return f"""
        SELECT e.* EXCLUDE (problem, problem_value) REPLACE (
            CASE WHEN e.currency <> {home} AND fx.rate_units IS NOT NULL THEN {value} ELSE e.amount END AS amount
        ), CASE WHEN {lacks} AND {value} IS NOT NULL THEN 0 ELSE e.problem END::UTINYINT AS problem,
        CASE WHEN {lacks} AND {value} IS NOT NULL THEN NULL ELSE e.problem_value END AS problem_value
        FROM ({select}) AS e LEFT JOIN currencies AS c ON c.code = e.currency
        LEFT JOIN fx_daily AS fx ON fx.currency = e.currency AND fx.day = e.local_day
    """


def _of_missing_rates(parts: Sequence[Part]) -> list[tuple[int, int]]:
    """By file, the number of the check that a row without a rate fails."""
    checks = [(part.file_no, number, check) for part in parts for number, check in enumerate(part.checks, start=1)]
    return [(file_no, number) for file_no, number, check in checks if check.reason == "fx_missing"]
