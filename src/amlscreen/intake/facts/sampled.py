"""Transactions to look at closely: all of a small dataset, every so-manieth row of a large one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amlscreen.intake.sql import identifier
from amlscreen.intake.store import count_rows

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["LOOKED_AT", "sample_transactions", "stored_and_filled"]

LOOKED_AT = 50_000
"""Rows of a table that are looked at value by value: a share of 1 % is then known to within 0.1 %."""


def stored_and_filled(data: Dataset, names: tuple[str, ...]) -> tuple[str, ...]:
    """Of these columns of transactions, those that hold a value somewhere."""
    return tuple(name for name in names if f"transactions.{name}" in data.provided)


def sample_transactions(data: Dataset, columns: tuple[str, ...]) -> int:
    """Temporary table ``quality_sample`` with these columns; how many rows it has.

    The rows are spread evenly over the files, so that they show every period. Large Parquet files are asked for those
    rows only.
    """
    connection = data.connection
    picked = ", ".join(map(identifier, ("file_no", *columns)))
    step = -(-data.rows_accepted // LOOKED_AT)
    connection.execute("TRUNCATE asked_rows")
    if step > 1:
        every = data.reconciliation.rows_read
        connection.execute(f"INSERT INTO asked_rows SELECT range FROM range(0, {int(every)}, {int(step)})")
    view = "asked_transactions" if step > 1 else "transactions"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE quality_sample AS SELECT {picked} FROM {view}")
    connection.execute("TRUNCATE asked_rows")
    return count_rows(connection, "quality_sample")
