"""Rows that say what an earlier row said (duplicates) or contradict it (conflicts).

A transaction is known by institution, transaction_id, account and direction. Same key and content is a re-exported
duplicate, other content a conflict; the first row in file order stays. Where a bank gives no ids one is made from the
content and its occurrence within the file, so a row is kept as often as the one file that has it most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from amlscreen.intake.conform_reference import INSIDE, MATCH_KEYS
from amlscreen.intake.conform_transactions import STORED
from amlscreen.intake.repeated import repeated
from amlscreen.intake.sql import identifier, literal
from amlscreen.schema import TABLES

__all__ = [
    "CONFLICT",
    "DUPLICATE",
    "content_of",
    "find_duplicates",
    "number_made_ids",
    "stored_columns",
    "with_made_ids",
]

DUPLICATE, CONFLICT = 254, 255
_DERIVED = {"amount", "netted", "is_recalled", "local_day", "hour", "time_precision", *MATCH_KEYS}


def stored_columns(table: str) -> Mapping[str, str]:
    """The columns of a table in the store and their DuckDB types."""
    if table == "transactions":
        return STORED
    added = dict.fromkeys(MATCH_KEYS, "VARCHAR") if table == "customers" else {}
    return {**{column.name: INSIDE[column.type] for column in TABLES[table].columns}, **added}


def content_of(table: str) -> list[str]:
    """The columns of a table that say what its files say; the others are made from them."""
    return [identifier(name) for name in stored_columns(table) if name not in _DERIVED]


def with_made_ids(select: str) -> str:
    """The select of conformed transactions with an id made from the content where the file gives none, and ``made``."""
    content = [identifier(name) for name in STORED if name not in {*_DERIVED, "transaction_id"}]
    texts = ", ".join(f"coalesce(CAST({name} AS VARCHAR), chr(30))" for name in content)
    made = f"'X' || left(md5(concat_ws(chr(31), {texts})), 16) || '-1'"
    return (
        f"SELECT * REPLACE (CASE WHEN transaction_id IS NULL THEN {made} ELSE transaction_id END AS transaction_id), "
        f"transaction_id IS NULL AS made FROM ({select})"
    )


def number_made_ids(connection: duckdb.DuckDBPyConnection) -> None:
    """Give each further occurrence of a made id within a file its own number. Rows with made ids are always kept.

    Rows that stand aside are numbered too: one that lacks a rate tonight may count when the rate comes.
    """
    connection.execute(
        """
        CREATE TEMP TABLE made_again AS
        SELECT row_id, nth FROM (
            SELECT row_id, row_number() OVER (PARTITION BY file_no, transaction_id ORDER BY record) AS nth
            FROM kept_transactions WHERE made AND hash(file_no, transaction_id) IN (
                SELECT hash(file_no, transaction_id) AS h FROM kept_transactions WHERE made
                GROUP BY h HAVING count(*) > 1
            )
        ) WHERE nth > 1
        """
    )
    connection.execute(
        """
        UPDATE kept_transactions AS k SET transaction_id = left(k.transaction_id, 18) || m.nth
        FROM made_again AS m WHERE k.row_id = m.row_id
        """
    )


def find_duplicates(connection: duckdb.DuckDBPyConnection, table: str, folder: Path | None) -> None:
    """Add later rows with an earlier row's key to ``aside_<table>``. Rows with an empty key column are left alone.

    Keys are compared by a 64-bit hash first; only the rows that share one are compared in full. Of many millions the
    hashes lie in ``folder`` meanwhile.
    """
    key = [identifier(name) for name in TABLES[table].key]
    hashed = f"hash({', '.join(key)})"
    whole = " AND ".join(f"{name} IS NOT NULL" for name in key)
    reader = connection.sql(f"SELECT {hashed} AS h FROM staged_{table} WHERE {whole}").to_arrow_reader(1_000_000)
    shared = repeated((batch.column("h").to_numpy() for batch in reader), folder)
    if not len(shared):
        return
    connection.register("shared_hashes", pa.table({"h": pa.array(shared)}))
    content = content_of(table)
    same = " AND ".join(f"t.{name} IS NOT DISTINCT FROM f.{name}" for name in content)
    shown = _shown(table, content)
    connection.execute(
        f"""
        INSERT INTO aside_{table}
        WITH twins AS (
            SELECT * EXCLUDE (problem, problem_value, made) FROM staged_{table} AS s
            WHERE {whole} AND {hashed} IN (SELECT h FROM shared_hashes)
        ), placed AS (
            SELECT *, row_number() OVER (PARTITION BY {", ".join(key)} ORDER BY row_id) AS nth
            FROM twins ANTI JOIN aside_{table} USING (row_id)
        )
        SELECT t.row_id, t.file_no, t.record, CASE WHEN {same} THEN {DUPLICATE} ELSE {CONFLICT} END, {shown}
        FROM placed AS t JOIN placed AS f ON {" AND ".join(f"t.{name} = f.{name}" for name in key)} AND f.nth = 1
        WHERE t.nth > 1
        """
    )
    connection.unregister("shared_hashes")


def _shown(table: str, content: Sequence[str]) -> str:
    """The id of the row; in a reference table, where exports repeat rows, with the columns that differ."""
    if table == "transactions":
        return "t.transaction_id"
    own = f"t.{identifier(TABLES[table].key[-1])}::VARCHAR"
    differing = ", ".join(
        f"CASE WHEN t.{name} IS DISTINCT FROM f.{name} THEN {literal(name.strip(chr(34)))} END" for name in content
    )
    return f"concat_ws(': ', {own}, nullif(concat_ws(', ', {differing}), ''))"
