"""Cash drawn at machines, machine by machine in time: what can be held against what happened beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["withdrawals_by_machine"]

_WITHDRAWALS = """
SELECT row_id, institution, terminal_id, account_id, "at", local_day FROM transactions
WHERE channel = 'atm' AND direction = 'debit' AND kind = 'customer' AND NOT netted
  AND terminal_id IS NOT NULL AND time_precision = 'second' AND local_day <= {last_day}
"""
_READ = (
    *("row_id", "institution", "terminal_id", "account_id", "at", "local_day"),
    *("channel", "direction", "kind", "netted", "time_precision"),
)


def withdrawals_by_machine(data: Dataset, *, last_day: int) -> pa.Table:
    """row_id, institution, terminal_id, account_id, at, local_day of customers' withdrawals whose time is known."""
    order = ("institution", "terminal_id", '"at"', "row_id")
    return data.over_transactions(_WITHDRAWALS.format(last_day=int(last_day)), _READ, order)
