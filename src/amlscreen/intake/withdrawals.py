"""Cash drawn at machines, machine by machine in time: what can be held against what happened beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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


def withdrawals_by_machine(data: Dataset, *, last_day: int, rows: int = 200_000) -> Iterator[pa.Table]:
    """row_id, institution, terminal_id, account_id, at, local_day of customers' withdrawals whose time is known.

    Whole machines, about so many rows at a time; the busiest machine sets how much is in memory.
    """
    held: list[pa.RecordBatch] = []
    order = ("institution", "terminal_id", '"at"', "row_id")
    for batch in data.ordered_transactions(_WITHDRAWALS.format(last_day=int(last_day)), _READ, order, rows):
        cut = _last_machine(batch)
        if cut or (held and _machine(held[-1], -1) != _machine(batch, 0)):
            yield pa.Table.from_batches([*held, batch.slice(0, cut)], schema=batch.schema)
            held = []
        held.append(batch.slice(cut))
    if held:
        yield pa.Table.from_batches(held)


def _machine(batch: pa.RecordBatch, row: int) -> tuple[Any, ...]:
    return tuple(batch.column(name)[row].as_py() for name in ("institution", "terminal_id"))


def _last_machine(batch: pa.RecordBatch) -> int:
    """The row at which the last machine of a batch begins."""
    last = batch.num_rows - 1
    own: Any = pa.array(np.ones(batch.num_rows, np.bool_))
    for name in ("institution", "terminal_id"):
        own = pc.and_(own, pc.equal(batch.column(name), batch.column(name)[last]))
    return int(np.flatnonzero(own.to_numpy(zero_copy_only=False))[0])
