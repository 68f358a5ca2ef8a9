"""What only all rows together can tell: reversals, own transfers, recalls; and the views of accepted rows.

Nothing is written back into the rows: what was found stands in small tables by ``row_id``, which the views join.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from amlscreen.intake.duplicates import stored_columns
from amlscreen.intake.part import Part
from amlscreen.intake.sql import identifier
from amlscreen.intake.store import any_row

__all__ = [
    "accept",
    "accept_transactions",
    "find_own_transfers",
    "find_recalled",
    "find_reversals",
    "make_marks",
    "pair_own_accounts",
]

_SAME_MONEY = "institution, account_id, currency, amount_original"


def make_marks(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """The empty tables for rows of ``table`` that stand aside and, for transactions, that carry a mark."""
    connection.execute(
        f"CREATE TABLE aside_{table} "
        "(row_id BIGINT, file_no INTEGER, record BIGINT, problem UTINYINT, problem_value VARCHAR)"
    )
    if table == "transactions":
        connection.execute("CREATE TABLE marks (row_id BIGINT, mark VARCHAR)")


def find_reversals(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark ``netted`` a row that takes back another, and the row taken back.

    Both stand on one account, in opposite directions, over the same original amount and currency. The nth reversal of
    a row takes back its nth booking; one without a counterpart in the data stays as it is.
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE backs AS
        SELECT row_id, reverses, direction, {_SAME_MONEY}, row_number() OVER (
            PARTITION BY {_SAME_MONEY}, reverses, direction ORDER BY row_id
        ) AS nth
        FROM staged_transactions AS s ANTI JOIN aside_transactions USING (row_id) WHERE reverses IS NOT NULL
        """
    )
    connection.execute(
        f"""
        INSERT INTO marks
        WITH targets AS (
            SELECT row_id, transaction_id, direction, {_SAME_MONEY}, row_number() OVER (
                PARTITION BY {_SAME_MONEY}, transaction_id, direction ORDER BY row_id
            ) AS nth
            FROM staged_transactions AS s ANTI JOIN aside_transactions USING (row_id)
            WHERE transaction_id IN (SELECT reverses FROM backs)
        ), pairs AS (
            SELECT b.row_id AS back, t.row_id AS target FROM backs AS b JOIN targets AS t USING ({_SAME_MONEY}, nth)
            WHERE b.reverses = t.transaction_id AND b.direction <> t.direction AND b.row_id <> t.row_id
        )
        SELECT DISTINCT unnest([back, target]), 'netted' FROM pairs
        """
    )


def pair_own_accounts(connection: duckdb.DuckDBPyConnection) -> None:
    """Table ``own_pairs``: every account beside the counterparty keys of its owners' other accounts."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE own_pairs AS
        WITH held AS (
            SELECT DISTINCT institution, account_id, customer_id FROM holdings WHERE role IN ('owner', 'joint')
        ), owned AS (
            SELECT * FROM held UNION SELECT institution, account_id, customer_id
            FROM accounts ANTI JOIN held USING (institution, account_id) WHERE customer_id IS NOT NULL
        )
        SELECT DISTINCT a.institution, a.account_id, 'account:' || b.institution || '/' || b.account_id AS counterparty
        FROM owned AS a JOIN owned AS b USING (institution, customer_id) WHERE a.account_id <> b.account_id
        """
    )


def find_own_transfers(connection: duckdb.DuckDBPyConnection, files: Sequence[int]) -> None:
    """In these files (whose kind is not mapped) mark a transfer between two accounts of one owner ``own_transfer``."""
    if files and any_row(connection, "own_pairs"):
        connection.execute(
            f"""
            INSERT INTO marks SELECT row_id, 'own_transfer' FROM staged_transactions
            SEMI JOIN own_pairs USING (institution, account_id, counterparty)
            WHERE file_no IN ({", ".join(str(no) for no in files)})
            """
        )


def find_recalled(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark ``recalled`` payments that a recall or complaint names."""
    connection.execute(
        """
        INSERT INTO marks SELECT row_id, 'recalled' FROM staged_transactions
        SEMI JOIN (SELECT * FROM recalls WHERE transaction_id IS NOT NULL) AS r
        USING (institution, account_id, transaction_id)
        """
    )


def accept(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """View ``<table>``: the accepted rows of a reference table."""
    columns = ", ".join(identifier(name) for name in stored_columns(table))
    connection.execute(
        f"CREATE VIEW {table} AS SELECT row_id, file_no, record, {columns} "
        f"FROM staged_{table} ANTI JOIN aside_{table} USING (row_id)"
    )


def accept_transactions(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """View ``transactions``: accepted rows with their marks. ``row_id`` rises in file order and has gaps.

    ``asked_transactions`` are those of them whose row_id stands in ``asked_rows``; only these are conformed again.
    """
    values = {name: f"s.{identifier(name)}" for name in stored_columns("transactions")}
    only_days = ", ".join(str(part.file_no) for part in parts if part.only_days)
    if only_days:
        exact = f"s.file_no NOT IN ({only_days})"
        values["hour"] = f"CASE WHEN {exact} THEN s.hour END"
        values["time_precision"] = f"CASE WHEN {exact} THEN s.time_precision ELSE 'day'::time_precision END"
    joined = ""
    if any_row(connection, "aside_transactions") or any_row(connection, "marks"):
        connection.execute(
            """
            CREATE TABLE marked AS
            SELECT row_id, bool_or(mark = 'aside') AS aside, bool_or(mark = 'netted') AS netted,
                bool_or(mark = 'own_transfer') AS own, bool_or(mark = 'recalled') AS recalled
            FROM (SELECT row_id, mark FROM marks UNION ALL SELECT row_id, 'aside' FROM aside_transactions)
            GROUP BY row_id
            """
        )
        values["netted"] = "coalesce(m.netted, FALSE)"
        values["is_recalled"] = "coalesce(m.recalled, FALSE)"
        values["kind"] = "CASE WHEN m.own THEN 'own_transfer'::kind ELSE s.kind END"
        joined = "LEFT JOIN marked AS m USING (row_id) WHERE m.aside IS NOT TRUE"
    columns = ", ".join(f"{value} AS {identifier(name)}" for name, value in values.items())
    for view, source in (("transactions", "staged_transactions"), ("asked_transactions", "asked_staged")):
        connection.execute(
            f"CREATE VIEW {view} AS SELECT s.row_id, s.file_no, s.record, {columns} FROM {source} AS s {joined}"
        )
