"""Whether balances bear out the bookings between them, and whether numbers of transactions are used again.

Both read columns that nothing else needs, so they are looked for only when asked, on some accounts and some numbers.
"""

from __future__ import annotations

import duckdb

from amlscreen.intake.duplicates import DUPLICATE
from amlscreen.intake.facts.found import BalanceFacts

__all__ = ["balances", "reused_ids"]

_ROWS = 300_000
_APART = 7


def balances(connection: duckdb.DuckDBPyConnection, names: tuple[str, ...], rows: int) -> tuple[BalanceFacts, ...]:
    """By file: neighbouring bookings of an account with a balance each, and how many do not add up.

    Files may run forwards or backwards, or an account's bookings lie in several files and follow one another by time;
    for each account and file the order that fits best counts. Rows that another file repeats stand in their own file.
    """
    every = max(1, rows // _ROWS)
    signed = (
        'SELECT file_no, row_id, institution, account_id, currency, "at", balance_after AS b, '
        "CASE WHEN direction = 'credit' THEN amount_original ELSE -amount_original END AS s "
    )
    some = f"hash(account_id) % {every} = 0 AND balance_after IS NOT NULL"
    account = "institution, account_id, currency"
    found = connection.execute(
        f"""
        WITH filed AS (
            {signed} FROM staged_transactions
            ANTI JOIN (SELECT row_id FROM aside_transactions WHERE problem <> {DUPLICATE}) USING (row_id) WHERE {some}
        ), beside AS (
            SELECT file_no, {account}, b, s, lag(b) OVER w AS b1, lag(s) OVER w AS s1 FROM filed
            WINDOW w AS (PARTITION BY file_no, {account} ORDER BY row_id)
        ), timed AS (
            SELECT file_no, {account}, b, s, lag(b) OVER w AS b1
            FROM ({signed} FROM transactions WHERE {some}) WINDOW w AS (PARTITION BY {account} ORDER BY "at", row_id)
        ), tried AS (
            SELECT file_no, {account}, count(b1) AS pairs, least(
                count(*) FILTER (WHERE b1 + s <> b), count(*) FILTER (WHERE b + s1 <> b1)
            ) AS broken FROM beside GROUP BY ALL
            UNION ALL
            SELECT file_no, {account}, count(b1), count(*) FILTER (WHERE b1 + s <> b) FROM timed GROUP BY ALL
        ), told AS (
            SELECT file_no, arg_min(pairs, (broken / pairs, -pairs)) AS pairs,
                arg_min(broken, (broken / pairs, -pairs)) AS broken
            FROM tried WHERE pairs > 0 GROUP BY file_no, {account}
        )
        SELECT file_no, count(*), sum(pairs), sum(broken), count(*) FILTER (WHERE broken > 0)
        FROM told GROUP BY 1 ORDER BY 1
        """
    ).fetchall()
    return tuple(BalanceFacts(names[file], *map(int, counts)) for file, *counts in found)


def reused_ids(connection: duckdb.DuckDBPyConnection, rows: int) -> tuple[int, int]:
    """Different transaction ids looked at, and how many of them stand on days more than a week apart."""
    every = max(1, rows // _ROWS)
    found = connection.execute(
        f"""
        SELECT count(*), count(*) FILTER (WHERE days > {_APART}) FROM (
            SELECT max(local_day) - min(local_day) AS days FROM transactions
            WHERE hash(transaction_id) % {every} = 0 GROUP BY institution, transaction_id
        )
        """
    ).fetchall()[0]
    return int(found[0]), int(found[1])
