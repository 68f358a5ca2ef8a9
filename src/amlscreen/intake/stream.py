"""From the store to the ledger: accounts and owners get numbers, rows come out sorted and in batches.

DuckDB sorts (out of core when it must) and streams; nothing is filtered out of the whole again per partition.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from amlscreen.intake.seen import see_accounts

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["Numbering", "has_clock", "number", "rows_until", "sorted_batches", "told_in_time"]

_HOLDERS = """
CREATE OR REPLACE TEMP TABLE ledger_seen AS SELECT DISTINCT institution, account_id FROM seen_accounts;
CREATE OR REPLACE TEMP TABLE ledger_owners AS
WITH held AS (
    SELECT DISTINCT institution, account_id, customer_id FROM holdings_in WHERE role IN ('owner', 'joint')
), owned AS (
    SELECT institution, account_id, customer_id FROM held
    UNION ALL
    SELECT a.institution, a.account_id, a.customer_id FROM accounts_in a
    WHERE a.customer_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM held h WHERE h.institution = a.institution AND h.account_id = a.account_id)
), every AS (
    SELECT institution, account_id FROM ledger_seen
    UNION SELECT institution, account_id FROM accounts_in
    UNION SELECT institution, account_id FROM held
)
SELECT e.institution, e.account_id, coalesce(o.customer_id, e.account_id) AS customer_id
FROM every e LEFT JOIN owned o USING (institution, account_id);
CREATE OR REPLACE TEMP TABLE ledger_customers AS
SELECT institution, customer_id, (row_number() OVER (ORDER BY institution, customer_id) - 1)::INTEGER AS customer_no
FROM (
    SELECT DISTINCT institution, customer_id FROM ledger_owners
    UNION SELECT institution, customer_id FROM customers_in
);
CREATE OR REPLACE TEMP TABLE ledger_holders AS
SELECT o.institution, o.account_id, c.customer_no,
    (dense_rank() OVER (ORDER BY o.institution, o.account_id) - 1)::INTEGER AS account_no,
    (row_number() OVER (PARTITION BY o.institution, o.account_id ORDER BY o.customer_id) - 1)::TINYINT AS holder_no,
    (row_number() OVER (ORDER BY c.customer_no, o.account_id) - 1)::INTEGER AS place
FROM ledger_owners o JOIN ledger_customers c USING (institution, customer_id);
"""

_CUSTOMERS = """
SELECT l.institution, l.customer_id, c.birth_date, c.id_expiry, c.is_licensed, c.customer_kind, c.province, c.sector,
    c.occupation, c.income
FROM ledger_customers l LEFT JOIN customers_in c USING (institution, customer_id) ORDER BY l.customer_no
"""
_ACCOUNTS = """
SELECT h.institution, h.account_id, a.opened, a.declared_turnover, a.is_merchant, a.product
FROM ledger_holders h LEFT JOIN accounts_in a USING (institution, account_id)
WHERE h.holder_no = 0 ORDER BY h.account_no
"""


@dataclass(frozen=True, slots=True)
class Numbering:
    """Dense numbers for customers and accounts, in the order of institution and id.

    The row number of ``customers`` is the customer_no and that of ``accounts`` the account_no; both carry the facts
    rules may use. ``holders`` joins account_no and customer_no, owners only; an account with two owners has two rows,
    and ``holder_no`` 0, its first, is the copy that account sweeps and control totals use.
    """

    customers: pa.Table
    accounts: pa.Table
    holders: pa.Table


def number(data: Dataset) -> Numbering:
    """Number every customer and account. An account nobody is recorded for is its own customer."""
    connection = data.connection
    see_accounts(connection)
    for name in ("holdings", "accounts", "customers"):
        connection.register(f"{name}_in", data.tables[name])
    for statement in filter(str.strip, _HOLDERS.split(";")):
        connection.execute(statement)
    return Numbering(
        customers=connection.sql(_CUSTOMERS).to_arrow_table(),
        accounts=connection.sql(_ACCOUNTS).to_arrow_table(),
        holders=connection.sql(
            "SELECT account_no, customer_no FROM ledger_holders ORDER BY account_no, holder_no"
        ).to_arrow_table(),
    )


def has_clock(data: Dataset) -> bool:
    """Whether any transaction carries a time of day."""
    rows = data.connection.execute("SELECT 1 FROM transactions WHERE time_precision = 'second' LIMIT 1").fetchall()
    return bool(rows)


_RECALLED = """
(t.is_recalled AND EXISTS (
    FROM told_in_time r WHERE r.institution = t.institution AND r.account_id = t.account_id
    AND r.transaction_id = t.transaction_id
)) AS is_recalled
"""


def told_in_time(data: Dataset, last_day: int) -> pa.Table | None:
    """The recalls the bank knew of on that day; None if all of them count. A later one did not mark a payment then."""
    recalls, offset = data.tables["recalls"], data.jurisdiction.utc_offset_minutes * 60_000_000
    late = (recalls["at"].to_numpy() + offset) // 86_400_000_000 > data.told_until(last_day)
    return recalls.filter(pa.array(~late)) if late.any() else None


def _picked(data: Dataset, columns: Sequence[str], last_day: int) -> str:
    """SQL for columns of ``transactions AS t``, as they were known on that day."""
    told = told_in_time(data, last_day)
    if told is not None:
        data.connection.register("told_in_time", told)
    return ", ".join(_RECALLED if name == "is_recalled" and told is not None else f't."{name}"' for name in columns)


def rows_until(data: Dataset, columns: Sequence[str], *, last_day: int, batch_rows: int) -> pa.RecordBatchReader:
    """Rows up to ``last_day`` in any order, once for each owner, with its ``place`` in the order of the ledger."""
    reader: pa.RecordBatchReader = data.connection.sql(
        f"SELECT h.place, {_picked(data, columns, last_day)} FROM transactions t "
        f"JOIN ledger_holders h USING (institution, account_id) WHERE t.local_day <= {int(last_day)}"
    ).to_arrow_reader(batch_rows)
    return reader


def sorted_batches(
    data: Dataset,
    columns: Sequence[str],
    *,
    last_day: int,
    customers: Collection[int] | None = None,
    batch_rows: int = 100_000,
) -> pa.RecordBatchReader:
    """Rows up to ``last_day`` by customer, account, time and transaction_id, once for each owner.

    ``customers`` narrows to some. Call :func:`number` first. Columns besides those asked for: customer_no, account_no,
    holder_no.
    """
    picked = _picked(data, columns, last_day)
    where = f"WHERE t.local_day <= {int(last_day)}"
    if customers is not None:
        where += f" AND h.customer_no IN ({', '.join(str(int(c)) for c in customers) or 'NULL'})"
    reader: pa.RecordBatchReader = data.connection.sql(
        f"SELECT h.customer_no, h.account_no, h.holder_no, {picked} "
        f"FROM transactions t JOIN ledger_holders h USING (institution, account_id) {where} "
        f'ORDER BY h.customer_no, h.account_no, t."at", t.transaction_id, t.direction'
    ).to_arrow_reader(batch_rows)
    return reader
