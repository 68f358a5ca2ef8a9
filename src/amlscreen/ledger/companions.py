"""Accounts that are drawn on together: at one machine, minutes apart, on several days.

A machine serves a queue on payday and strangers on any day; the same few accounts side by side again and again are
something else. Every pair of withdrawals close in time is looked at, machine by machine. Of people who queue for hours
with hundreds of others two stand side by side now and then; two cards in one hand are drawn on side by side as a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.intake.withdrawals import withdrawals_by_machine
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import joined, whole

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["APART", "DAYS_TOGETHER", "MOST_AT_ONCE", "Companions", "count_companions", "find_companions"]

Ints = NDArray[np.int64]
APART = 20 * 60 * 1_000_000
"""Withdrawals no further apart are together; in microseconds."""
DAYS_TOGETHER = 3
"""Companions were together on so many local days, and on half or more of the days of the one that was there less."""
MOST_AT_ONCE = 60
"""No single machine pays out more often than this within ``APART``: a number that shows more stands for several."""
_ROWS_AT_A_TIME = 200_000


@dataclass(frozen=True, slots=True)
class Companions:
    """How many companions each withdrawal had beside it, by ``row_id``, rising; -1 where that cannot be told."""

    row_id: Ints
    count: NDArray[np.int32]

    def at(self, row_id: Ints) -> Values:
        """The counts for these rows; unknown for rows that are no withdrawal at a machine."""
        place = np.searchsorted(self.row_id, row_id)
        there = np.append(self.row_id, -1)[place] == row_id
        count = np.where(there, np.append(self.count, np.int32(-1))[place], -1).astype(np.int64)
        return Values(np.maximum(count, 0), count >= 0)


def find_companions(data: Dataset, *, last_day: int) -> Companions:
    """The companions at every withdrawal up to a day."""
    found = [(np.empty(0, np.int64), np.empty(0, np.int32))]
    for rows in withdrawals_by_machine(data, last_day=last_day):
        bank = whole(rows["institution"])
        machine, account = (_codes(joined(bank, "\x1f", whole(rows[name]))) for name in ("terminal_id", "account_id"))
        row_id, at, day = (rows[name].to_numpy().astype(np.int64) for name in ("row_id", "at", "local_day"))
        found.append((row_id, count_companions(machine, account, at, day).astype(np.int32)))
    row_id, count = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.argsort(row_id)
    return Companions(row_id[order], count[order])


def count_companions(machine: Ints, account: Ints, at: Ints, day: Ints) -> Ints:
    """For each withdrawal, on how many other accounts the same was drawn close in time, of those that are companions.

    Rows come machine by machine and there by time. -1 at numbers that stand for several machines.
    """
    crowded = machine[_close(machine, at, np.arange(machine.size), MOST_AT_ONCE)]
    count = np.where(np.isin(machine, crowded), -1, 0)
    rows = np.flatnonzero(count == 0)
    starts = np.flatnonzero(np.diff(machine[rows], prepend=-1))
    cuts = np.unique(np.searchsorted(starts, np.arange(0, rows.size, _ROWS_AT_A_TIME)))
    for low, high in pairwise([*starts[cuts[cuts < starts.size]].tolist(), rows.size]):
        some = rows[low:high]
        count[some] = _counted(machine[some], account[some], at[some], day[some])
    return count


def _counted(machine: Ints, account: Ints, at: Ints, day: Ints) -> Ints:
    place, own = (np.unique(each, return_inverse=True)[1].astype(np.int64) for each in (machine, account))
    width = int(own.max()) + 1
    days_of, number = _days(place * width + own, day)
    visits = days_of[number]
    first, second = _pairs(place, own, at)
    low, high = np.minimum(own[first], own[second]), np.maximum(own[first], own[second])
    days_together, number = _days((place[first] * width + low) * width + high, day[first])
    together = days_together[number]
    often = (together >= DAYS_TOGETHER) & (2 * together >= np.minimum(visits[first], visits[second]))
    first, second = first[often], second[often]
    beside = np.concatenate([first * width + own[second], second * width + own[first]])
    return np.bincount(np.unique(beside) // width, minlength=machine.size)


def _days(key: Ints, day: Ints) -> tuple[Ints, Ints]:
    """The different days of each distinct key, and which of these each row has."""
    order = np.lexsort((day, key))
    new_key = np.diff(key[order], prepend=-1) != 0
    new_day = new_key | (np.diff(day[order], prepend=0) != 0)
    rank = np.cumsum(new_key) - 1
    number = np.empty(key.size, np.int64)
    number[order] = rank
    return np.bincount(rank, weights=new_day).astype(np.int64), number


def _pairs(machine: Ints, account: Ints, at: Ints) -> tuple[Ints, Ints]:
    """Every two rows of different accounts that are close."""
    found = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    rows, ahead = np.arange(machine.size), 1
    while rows.size:
        rows = _close(machine, at, rows, ahead)
        other = rows[account[rows] != account[rows + ahead]]
        found.append((other, other + ahead))
        ahead += 1
    first, second = (np.concatenate(each) for each in zip(*found, strict=True))
    return first, second


def _close(machine: Ints, at: Ints, rows: Ints, ahead: int) -> Ints:
    """Those of some rows for which the row so many places ahead is at the same machine and close in time."""
    rows = rows[: int(np.searchsorted(rows, machine.size - ahead))]
    close: Ints = rows[(machine[rows] == machine[rows + ahead]) & (at[rows + ahead] - at[rows] <= APART)]
    return close


def _codes(words: pa.Array[Any]) -> Ints:
    encoded: Any = pc.dictionary_encode(words)
    return np.array(encoded.indices, np.int64)
