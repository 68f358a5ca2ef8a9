"""What a cluster is told of a dataset that this machine has read: its rows, and how many each customer has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["every_transaction", "rows_of_customers"]


def rows_of_customers(data: Dataset, customers: int) -> NDArray[np.int64]:
    """How many transactions each customer has. Call :func:`~amlscreen.intake.stream.number` first."""
    found = data.connection.sql(
        "SELECT customer_no, sum(bookings)::BIGINT AS n FROM seen_accounts "
        "JOIN ledger_holders USING (institution, account_id) GROUP BY ALL"
    ).to_arrow_table()
    rows = np.zeros(customers, np.int64)
    rows[found["customer_no"].to_numpy()] = found["n"].to_numpy()
    return rows


def every_transaction(data: Dataset) -> pa.RecordBatchReader:
    """Every accepted transaction with all its columns, in no order."""
    reader: pa.RecordBatchReader = data.connection.sql("SELECT * FROM transactions").to_arrow_reader(100_000)
    return reader
