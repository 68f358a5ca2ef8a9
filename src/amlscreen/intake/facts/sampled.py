"""Transactions to look at closely: all of a small dataset, every so-manieth row of a large one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amlscreen.intake.duplicates import stored_columns
from amlscreen.intake.sql import identifier

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
    picked = data.every_so_manieth(-(-data.rows_accepted // LOOKED_AT), ("file_no", *columns))
    types = {"file_no": "INTEGER", **stored_columns("transactions")}
    cast = ", ".join(f"{identifier(name)}::{types[name]} AS {identifier(name)}" for name in ("file_no", *columns))
    connection.register("picked_rows", picked)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE quality_sample AS SELECT {cast} FROM picked_rows")
    connection.unregister("picked_rows")
    return picked.num_rows
