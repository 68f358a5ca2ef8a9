"""Dates of birth that cannot be: after the last day of the data, or of people who would be older than anybody."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from amlscreen.intake.part import Part

__all__ = ["IMPOSSIBLE_BIRTH", "OLDEST", "set_births_aside"]

IMPOSSIBLE_BIRTH = 253
OLDEST = 120
"""In years; a firm may be older."""


def set_births_aside(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """Write customers with an impossible date of birth into ``aside_customers``; there is no clock but the data's own.

    Where the mapping says that unreadable dates are left empty, such a date is, and that is counted.
    """
    told = [part for part in parts if part.table == "customers" and "birth_date" in part.columns]
    last = _last_day(connection, parts) if told else None
    if last is None:
        return
    oldest = f"(CAST(DATE '1970-01-01' + {last} - INTERVAL {OLDEST} YEAR AS DATE) - DATE '1970-01-01')"
    impossible = f"(birth_date > {last} OR (birth_date < {oldest} AND customer_kind = 'person'))"
    for part in told:
        own = f"file_no = {part.file_no} AND problem = 0 AND {impossible}"
        if part.columns["birth_date"].unreadable == "empty":
            found = connection.execute(f"UPDATE kept_customers SET birth_date = NULL WHERE {own}").fetchall()
            part.notice("birth_date", "left_empty", int(found[0][0]))
        else:
            connection.execute(
                f"INSERT INTO aside_customers SELECT row_id, file_no, record, {IMPOSSIBLE_BIRTH}, "
                f"CAST(DATE '1970-01-01' + birth_date AS VARCHAR) FROM kept_customers WHERE {own}"
            )


def _last_day(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> int | None:
    """The last day of the bookings; in files that are read again, refused ones count as well, which is far cheaper."""
    own = [part for part in parts if part.table == "transactions"]
    lazy = sorted({part.with_file for part in own if part.lazy})
    days = [f"SELECT local_day FROM conformed_{number}" for number in lazy]
    days += ["SELECT local_day FROM kept_transactions WHERE problem = 0"] if any(not part.lazy for part in own) else []
    days += (
        ["SELECT local_day FROM earlier_transactions WHERE problem = 0"] if any(part.earlier for part in own) else []
    )
    found = connection.execute(f"SELECT max(local_day) FROM ({' UNION ALL '.join(days)})").fetchall() if days else []
    return None if not found or found[0][0] is None else int(found[0][0])
