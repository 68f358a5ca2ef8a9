"""What only the whole set of accepted rows can tell: reversals, own transfers, recalls, and the final numbering."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np

from amlscreen.intake.duplicates import stored_columns
from amlscreen.intake.sql import identifier
from amlscreen.schema import TABLES

__all__ = ["accept", "mark_own_transfers", "mark_recalled", "net_reversals", "reference_table"]


def net_reversals(connection: duckdb.DuckDBPyConnection) -> None:
    """Set ``netted`` on a row that takes back another and on the row taken back.

    Both stand on one account, in opposite directions, over the same original amount and currency. The nth reversal of
    a row takes back its nth booking; one without a counterpart in the data stays as it is.
    """
    if not _any(connection, "stage_transactions", "reverses IS NOT NULL AND problem = 0"):
        return
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE backs AS
        WITH backs AS (
            SELECT rowid AS id, institution, account_id, reverses, direction, currency, amount_original,
                row_number() OVER (
                    PARTITION BY institution, account_id, reverses, direction, currency, amount_original
                    ORDER BY file_no, record
                ) AS nth
            FROM stage_transactions WHERE reverses IS NOT NULL AND problem = 0
        ), targets AS (
            SELECT t.rowid AS id, t.institution, t.account_id, t.transaction_id, t.direction, t.currency, t.amount_original,
                row_number() OVER (
                    PARTITION BY t.institution, t.account_id, t.transaction_id, t.direction, t.currency, t.amount_original
                    ORDER BY t.file_no, t.record
                ) AS nth
            FROM stage_transactions AS t
            SEMI JOIN backs AS b
            ON b.institution = t.institution AND b.account_id = t.account_id AND b.reverses = t.transaction_id
            WHERE t.problem = 0
        )
        SELECT b.id AS back, t.id AS target FROM backs AS b JOIN targets AS t
        ON b.institution = t.institution AND b.account_id = t.account_id AND b.reverses = t.transaction_id
        AND b.currency = t.currency AND b.amount_original = t.amount_original AND b.nth = t.nth
        AND b.direction <> t.direction AND b.id <> t.id
        """
    )
    connection.execute(
        """
        UPDATE stage_transactions SET netted = TRUE
        WHERE rowid IN (SELECT back FROM backs UNION ALL SELECT target FROM backs)
        """
    )


def mark_own_transfers(connection: duckdb.DuckDBPyConnection, files: Sequence[int]) -> None:
    """In these files (whose kind is not mapped) a transfer between two accounts of one owner is ``own_transfer``."""
    if not files:
        return
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE own_pairs AS
        WITH held AS (
            SELECT DISTINCT institution, account_id, customer_id FROM stage_holdings
            WHERE problem = 0 AND role IN ('owner', 'joint')
        ), owned AS (
            SELECT * FROM held UNION
            SELECT institution, account_id, customer_id FROM stage_accounts AS a
            ANTI JOIN held USING (institution, account_id) WHERE problem = 0 AND customer_id IS NOT NULL
        )
        SELECT DISTINCT a.institution, a.account_id, 'account:' || b.institution || '/' || b.account_id AS other
        FROM owned AS a JOIN owned AS b USING (institution, customer_id) WHERE a.account_id <> b.account_id
        """
    )
    if not _any(connection, "own_pairs", "TRUE"):
        return
    connection.execute(
        f"""
        UPDATE stage_transactions AS s SET kind = 'own_transfer' FROM own_pairs AS o
        WHERE s.institution = o.institution AND s.account_id = o.account_id AND s.counterparty = o.other
        AND s.file_no IN ({", ".join(str(no) for no in files)}) AND s.problem = 0
        """
    )


def mark_recalled(connection: duckdb.DuckDBPyConnection) -> None:
    """Set ``is_recalled`` on payments that a recall or complaint names."""
    if _any(connection, "stage_recalls", "transaction_id IS NOT NULL AND problem = 0"):
        connection.execute(
            """
            UPDATE stage_transactions AS s SET is_recalled = TRUE FROM (
                SELECT DISTINCT institution, account_id, transaction_id FROM stage_recalls WHERE problem = 0
            ) AS r
            WHERE s.institution = r.institution AND s.account_id = r.account_id AND s.transaction_id = r.transaction_id
            """
        )


def accept(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``transactions``: accepted rows, numbered densely from 0 by file order and record.

    Where every row was accepted and staged in order, the staging table itself is used; else it is copied once.
    """
    columns = ", ".join(["file_no", "record", *(identifier(name) for name in stored_columns("transactions"))])
    staged = connection.execute("SELECT file_no, record FROM stage_transactions").fetchnumpy()
    place = staged["file_no"].astype(np.int64) << 40 | staged["record"]
    in_order = bool(np.all(place[1:] > place[:-1]))
    dense = connection.execute("SELECT coalesce(max(rowid) + 1, 0) = count(*) FROM stage_transactions").fetchone()
    clean = not _any(connection, "stage_transactions", "problem > 0")
    source = "stage_transactions"
    if not (in_order and clean and dense and dense[0]):
        order = "" if in_order else "ORDER BY file_no, record"
        connection.execute(
            f"CREATE TABLE accepted_transactions AS SELECT {columns} FROM stage_transactions WHERE problem = 0 {order}"
        )
        source = "accepted_transactions"
    connection.execute(f"CREATE VIEW transactions AS SELECT rowid AS row_id, {columns} FROM {source}")


def reference_table(connection: duckdb.DuckDBPyConnection, table: str) -> duckdb.DuckDBPyRelation:
    """The accepted rows of a reference table in file order, with ``row_id``."""
    columns = ", ".join(identifier(name) for name in TABLES[table].names)
    return connection.sql(
        f"SELECT {columns}, row_number() OVER (ORDER BY file_no, record) - 1 AS row_id FROM stage_{table} "
        f"WHERE problem = 0 ORDER BY file_no, record"
    )


def _any(connection: duckdb.DuckDBPyConnection, table: str, condition: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1").fetchone() is not None
