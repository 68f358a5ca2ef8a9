"""The accounts that were booked, with what their bookings say in sum; counted once for each dataset."""

from __future__ import annotations

import duckdb

from amlscreen.intake.store import any_row

__all__ = ["see_accounts"]


def see_accounts(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary table ``seen_accounts``: rows, credits, first and last day by institution, account and currency."""
    if any_row(connection, "duckdb_tables() WHERE table_name = 'seen_accounts'"):
        return
    # Kept in order, groups by the million would not fit into the store's memory; nobody reads them in an order.
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(
        """
        CREATE TEMP TABLE seen_accounts AS
        SELECT institution, account_id, currency, count(*) AS bookings,
            count(*) FILTER (WHERE direction = 'credit') AS credits,
            min(local_day) AS first_day, max(local_day) AS last_day
        FROM transactions GROUP BY ALL
        """
    )
    connection.execute("RESET preserve_insertion_order")
