"""Four of the rules as SQL for DuckDB, written by hand as an analyst would for one bank.

``python -m benchmarks.duckdb_rules FOLDER -o FILE``. It reads clean canonical columns and only those it needs; it
checks nothing, scores nothing and keeps no evidence.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import duckdb
from benchmarks.asked import DAY, MILLION, figure, main_of, millionths, reporting_line, wage

__all__ = ["find"]

_TIED = """
CREATE TEMP TABLE tied AS
WITH holder AS (SELECT account_id, min(customer_id) AS customer_id FROM holdings GROUP BY account_id),
beside AS (
    SELECT DISTINCT one.customer_id, other.customer_id AS who
    FROM holdings AS one JOIN holdings AS other USING (account_id)
)
SELECT DISTINCT holder.account_id, theirs.account_id AS other
FROM holder JOIN beside USING (customer_id) JOIN holdings AS theirs ON theirs.customer_id = beside.who
"""

_CREDITS = """
CREATE OR REPLACE TEMP TABLE credits AS
WITH paid AS (
    SELECT
        account_id, epoch(t."at")::BIGINT AS second,
        (amount * 100)::BIGINT AS cents, cents * {million} // {wage} AS wages,
        CASE
            WHEN counterparty_account IS NOT NULL AND wages >= {least} AND is_merchant IS DISTINCT FROM true
            AND NOT (tied.other IS NOT NULL AND counterparty_institution = 'SYNBANK')
            THEN concat_ws('/', counterparty_institution, counterparty_account)
        END AS payer
    FROM transactions AS t
    LEFT JOIN accounts USING (account_id)
    LEFT JOIN tied ON tied.account_id = t.account_id AND tied.other = t.counterparty_account
    WHERE kind = 'customer' AND direction = 'credit' {only}
),
many AS (SELECT account_id FROM paid WHERE payer IS NOT NULL GROUP BY ALL HAVING count(DISTINCT payer) >= {payers})
SELECT paid.* FROM paid SEMI JOIN many USING (account_id) {only_paid}
"""

_MANY_PAYERS = """
SELECT DISTINCT account_id FROM (
    SELECT
        account_id, payer, count(DISTINCT payer) OVER span AS payers,
        sum(wages) FILTER (payer IS NOT NULL) OVER span AS wages,
        sum(cents) FILTER (payer IS NOT NULL) OVER span AS third, sum(cents) OVER span AS every
    FROM credits
    WINDOW span AS (PARTITION BY account_id ORDER BY second RANGE BETWEEN {before} PRECEDING AND CURRENT ROW)
)
WHERE payer IS NOT NULL AND payers >= {payers} AND wages >= {wages} AND third * {million} // every >= {share}
"""

_BELOW_THE_LINE = """
SELECT DISTINCT customer_id FROM (
    SELECT customer_id, count(*) OVER (
        PARTITION BY customer_id ORDER BY epoch("at")::BIGINT RANGE BETWEEN {before} PRECEDING AND CURRENT ROW
    ) AS times
    FROM transactions JOIN holdings USING (account_id)
    WHERE kind = 'customer' AND channel = 'cash'
    AND (amount * 100)::BIGINT * {million} // {line} BETWEEN {least} AND {below} - 1
)
WHERE times >= {times}
"""

_NEW_ACCOUNT = """
WITH young AS (
    SELECT
        account_id, epoch(t."at")::BIGINT AS second, direction = 'credit' AS inward, (amount * 100)::BIGINT AS cents,
        cents * {million} // {wage} AS wages, cents * {million} // (declared_turnover * 100)::BIGINT AS declared
    FROM transactions AS t JOIN accounts USING (account_id)
    WHERE kind = 'customer' AND date_diff('day', opened, t."at"::DATE) BETWEEN 0 AND {age}
),
sums AS (
    SELECT
        account_id, sum(cents) FILTER (inward) OVER span AS received, sum(wages) FILTER (inward) OVER span AS wages,
        sum(declared) FILTER (inward) OVER span AS declared, sum(cents) FILTER (NOT inward) OVER span AS sent
    FROM young
    WINDOW span AS (PARTITION BY account_id ORDER BY second RANGE BETWEEN {before} PRECEDING AND CURRENT ROW)
)
SELECT DISTINCT account_id FROM sums
WHERE wages >= {least_wages} AND received > 0 AND (declared >= {declared} OR wages >= {many_wages})
AND coalesce(sent, 0) * {million} // received >= {share_out}
"""


def find(chosen: argparse.Namespace) -> dict[str, set[str]]:
    """The accounts, or customers, that each rule finds."""
    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{chosen.memory}'; SET threads = {chosen.threads}")
        connection.execute(f"SET temp_directory = '{spill}'; SET preserve_insertion_order = false")
        _open(connection, chosen.folder)
        connection.execute(_TIED)

        def asked(query: str) -> set[str]:
            return {str(subject) for (subject,) in connection.execute(query).fetchall()}

        return {
            "HT-A05": asked(_below_the_line()),
            "HT-A08": _many_payers(connection, "HT-A08", 60, millionths("HT-A08", "share")),
            "HT-A12": asked(_new_account()),
            "HT-N01": _many_payers(connection, "HT-N01", 30, 0),
        }


def _open(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for name in ("transactions", "accounts", "holdings"):
        connection.execute(f"CREATE TEMP VIEW {name} AS FROM read_parquet('{folder / name}.parquet')")


def _below_the_line() -> str:
    return _BELOW_THE_LINE.format(
        before=7 * DAY - 1,
        million=MILLION,
        line=reporting_line(),
        least=millionths("HT-A05", "from"),
        below=millionths("HT-A05", "below"),
        times=figure("HT-A05", "times"),
    )


def _many_payers(connection: duckdb.DuckDBPyConnection, card: str, days: int, share: int) -> set[str]:
    """Accounts that so many strangers pay; with a share of all that came in, other credits are looked at too."""
    payers = figure(card, "payers")
    made = {"million": MILLION, "wage": wage(), "least": millionths(card, "least"), "payers": payers}
    known = "AND counterparty_account IS NOT NULL"
    connection.execute(
        _CREDITS.format(only="" if share else known, only_paid="" if share else "WHERE payer IS NOT NULL", **made)
    )
    query = _MANY_PAYERS.format(
        before=days * DAY - 1, payers=payers, wages=millionths(card, "wages"), million=MILLION, share=share
    )
    return {str(subject) for (subject,) in connection.execute(query).fetchall()}


def _new_account() -> str:
    return _NEW_ACCOUNT.format(
        before=30 * DAY - 1,
        million=MILLION,
        wage=wage(),
        age=figure("HT-A12", "age"),
        least_wages=millionths("HT-A12", "least_wages"),
        declared=millionths("HT-A12", "declared"),
        many_wages=millionths("HT-A12", "wages"),
        share_out=millionths("HT-A12", "share_out"),
    )


if __name__ == "__main__":
    main_of(find, __doc__)
