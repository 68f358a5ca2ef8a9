"""Accounts that were booked, against what the reference tables know of accounts, owners and customers."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from amlscreen.intake.facts.found import AccountFacts
from amlscreen.intake.seen import see_accounts

__all__ = ["accounts"]

_BUSY = 10
_ACCOUNTS = f"""
WITH known AS (
    SELECT institution, account_id, currency AS its_currency, opened, closed, customer_id, TRUE AS is_known
    FROM accounts
), booked AS (
    SELECT institution, account_id, sum(bookings) AS bookings, sum(credits) AS credits,
        count(DISTINCT currency) AS currencies, min(first_day) AS first_day, max(last_day) AS last_day
    FROM seen_accounts GROUP BY ALL
), held AS (SELECT DISTINCT institution, account_id, TRUE AS is_held FROM holdings)
SELECT count(*) AS booked, coalesce(sum(bookings), 0) AS "rows",
    count(*) FILTER (WHERE is_known IS NULL) AS unknown,
    coalesce(sum(bookings) FILTER (WHERE is_known IS NULL), 0) AS unknown_rows,
    count(*) FILTER (WHERE bookings >= {_BUSY}) AS busy,
    count(*) FILTER (WHERE bookings >= {_BUSY} AND credits = bookings) AS only_credits,
    count(*) FILTER (WHERE bookings >= {_BUSY} AND credits = 0) AS only_debits,
    count(*) FILTER (WHERE currencies > 1) AS several_currencies,
    count(*) FILTER (WHERE first_day < opened) AS before_opening,
    count(*) FILTER (WHERE last_day > closed) AS after_closing,
    count(*) FILTER (WHERE customer_id IS NULL AND is_held IS NULL) AS booked_without_owner
FROM booked LEFT JOIN known USING (institution, account_id) LEFT JOIN held USING (institution, account_id)
"""
_CURRENCIES = """
SELECT count(DISTINCT (institution, account_id)) AS other_currency, coalesce(sum(bookings), 0) AS other_currency_rows
FROM seen_accounts AS s JOIN accounts AS a USING (institution, account_id) WHERE s.currency <> a.currency
"""
_RECORDED = """
SELECT count(*) AS recorded,
    count(*) FILTER (WHERE s.account_id IS NULL AND (a.status IS NULL OR a.status <> 'closed')) AS idle,
    count(*) FILTER (WHERE a.customer_id IS NULL AND h.account_id IS NULL) AS without_owner
FROM accounts AS a LEFT JOIN (SELECT DISTINCT institution, account_id FROM seen_accounts) AS s
    USING (institution, account_id)
LEFT JOIN (SELECT DISTINCT institution, account_id FROM holdings) AS h USING (institution, account_id)
"""
_OWNERS = """
WITH owners AS (
    SELECT institution, customer_id FROM holdings
    UNION SELECT institution, customer_id FROM accounts WHERE customer_id IS NOT NULL
)
SELECT (SELECT count(*) FROM customers) AS customers,
    (SELECT count(*) FROM customers ANTI JOIN owners USING (institution, customer_id)) AS customers_without_account,
    (SELECT count(*) FROM owners ANTI JOIN customers USING (institution, customer_id)) AS unknown_owners
"""


def accounts(connection: duckdb.DuckDBPyConnection, provided: Collection[str]) -> AccountFacts:
    """The counts; what needs a table that was not given stays 0."""
    see_accounts(connection)
    found = _counts(connection, _ACCOUNTS)
    if "accounts" in provided:
        found |= _counts(connection, _RECORDED) | _counts(connection, _CURRENCIES)
    else:
        found |= {"unknown": 0, "unknown_rows": 0}
    if "customers" in provided:
        found |= _counts(connection, _OWNERS)
    if "holdings" not in provided and "accounts.customer_id" not in provided:
        # Nobody says who owns what: that is one gap, told as a missing table, and not one for every account.
        found |= dict.fromkeys(
            ("booked_without_owner", "without_owner", "customers_without_account", "unknown_owners"), 0
        )
    return AccountFacts(**found)


def _counts(connection: duckdb.DuckDBPyConnection, select: str) -> dict[str, int]:
    found = connection.execute(select)
    names = [column[0] for column in found.description or ()]
    return {name: int(value) for name, value in zip(names, found.fetchall()[0], strict=True)}
