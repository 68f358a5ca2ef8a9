"""Candidates for cash transaction reports: single bookings, and sums over 30 days.

``single``      a cash booking at or above the threshold of its day
``aggregate``   30 days up to a booking (its own among them) whose cash bookings add up to the threshold of that day or
                more; overlapping ones are one candidate, so it is told once and not for each of its days

Both are per customer over all accounts, a joint account for each owner, in the home currency at each day's rate. Cash
is what the jurisdiction's ``cash_report_channels`` name, of kind customer and not taken back: a booking at the counter
between a customer's own accounts moves no notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from amlscreen.jurisdiction import Jurisdiction
from amlscreen.ledger.columns import figure_on, is_countable
from amlscreen.ledger.kernels import episodes, fix_order, window_left
from amlscreen.ledger.partition import Partition

__all__ = ["AGGREGATE_DAYS", "BASES", "DIRECTIONS", "Candidates", "candidates_of", "joined"]

Ints = NDArray[np.int64]

AGGREGATE_DAYS = 30
BASES = ("single", "aggregate")
DIRECTIONS = ("credit", "debit", "both")
_WAYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "apart": (("credit",), ("debit",)),
    "together": (("credit", "debit"),),
}


@dataclass(frozen=True, slots=True)
class Candidates:
    """One entry for each candidate; ``basis`` and ``direction`` are places in :data:`BASES` and :data:`DIRECTIONS`.

    ``amount`` is the sum of all its bookings; ``peak_amount`` that of its fullest 30 days, which end on ``peak_day``,
    the day whose ``threshold`` it is held against. ``offsets`` cut ``row_ids`` and ``accounts`` into each one's
    bookings.
    """

    customer_no: Ints
    basis: Ints
    direction: Ints
    first_day: Ints
    last_day: Ints
    amount: Ints
    peak_amount: Ints
    peak_day: Ints
    threshold: Ints
    single_bookings: Ints
    offsets: Ints
    row_ids: Ints
    accounts: Ints

    @property
    def size(self) -> int:
        """How many candidates."""
        return self.customer_no.size


@dataclass(frozen=True, slots=True)
class _Cash:
    """The cash bookings of a partition in one direction, by customer and day."""

    customer: Ints
    day: Ints
    amount: Ints
    threshold: Ints
    row_id: Ints
    account: Ints

    @property
    def single(self) -> NDArray[np.bool_]:
        """Bookings that reach the threshold of their day alone."""
        return (self.threshold >= 0) & (self.amount >= self.threshold)


def candidates_of(part: Partition) -> Candidates:
    """The candidates among the partition's customers, by the jurisdiction's basis, channels and directions."""
    rules = part.reference.jurisdiction
    found = []
    for words in _WAYS[rules.cash_report_directions]:
        cash = _cash(part, rules, words)
        way = DIRECTIONS.index(words[0] if len(words) == 1 else "both")
        if rules.cash_report_basis in {"single", "both"}:
            found.append(_single(cash, way))
        if rules.cash_report_basis in {"aggregate_30_days", "both"}:
            found.append(_aggregate(cash, way))
    return joined(found)


def _cash(part: Partition, rules: Jurisdiction, directions: Sequence[str]) -> _Cash:
    channel = part.column("channel")
    is_cash = is_countable(part) & part.column("direction").among(directions)
    is_cash &= np.zeros(part.size, np.bool_) if channel.words is None else channel.among(rules.cash_report_channels)
    rows = np.flatnonzero(is_cash)

    def picked(name: str) -> Ints:
        return part.column(name).array[rows].astype(np.int64)

    customer, day, row_id = picked("customer"), picked("local_day"), picked("row_id")
    order = np.empty(rows.size, np.int64)
    fix_order(_borders(customer), day, row_id, order)
    rows = rows[order]
    threshold = figure_on(rules.cash_report_threshold, day[order], rules.minor_digits)
    return _Cash(customer[order], day[order], picked("amount"), threshold, picked("row_id"), picked("account"))


def _borders(keys: Ints) -> Ints:
    change = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    return np.concatenate([np.zeros(1, np.int64), change, np.full(min(keys.size, 1), keys.size, np.int64)])


def _single(cash: _Cash, way: int) -> Candidates:
    rows = np.flatnonzero(cash.single)
    return _told(cash, "single", way, start=rows, end=rows, peak=rows, peak_amount=cash.amount[rows])


def _aggregate(cash: _Cash, way: int) -> Candidates:
    size = cash.day.size
    offsets = _borders(cash.customer)
    left, closes = np.empty(size, np.int64), np.empty(size, np.bool_)
    window_left(offsets, cash.day, AGGREGATE_DAYS, left, closes)
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(cash.amount)])
    here = np.arange(size)
    total = before[here + 1] - before[left]
    hit = closes & (cash.threshold >= 0) & (total >= cash.threshold)
    start, end, peak, group = (np.empty(size, np.int64) for _ in range(4))
    found = int(episodes(offsets, left, here, hit, total, start, end, peak, group))
    start, end, peak = start[:found], end[:found], peak[:found]
    return _told(cash, "aggregate", way, start=start, end=end, peak=peak, peak_amount=total[peak])


def _told(cash: _Cash, basis: str, way: int, *, start: Ints, end: Ints, peak: Ints, peak_amount: Ints) -> Candidates:
    """Candidates whose bookings run from ``start`` to ``end``, both counted, the fullest days ending at ``peak``."""
    count = end - start + 1
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(count)])
    rows = np.repeat(start - offsets[:-1], count) + np.arange(int(offsets[-1]))
    sums, singles = (
        np.concatenate([np.zeros(1, np.int64), np.cumsum(values)]) for values in (cash.amount, cash.single)
    )
    return Candidates(
        customer_no=cash.customer[start],
        basis=np.full(start.size, BASES.index(basis), np.int64),
        direction=np.full(start.size, way, np.int64),
        first_day=cash.day[start],
        last_day=cash.day[end],
        amount=sums[end + 1] - sums[start],
        peak_amount=peak_amount,
        peak_day=cash.day[peak],
        threshold=cash.threshold[peak],
        single_bookings=singles[end + 1] - singles[start],
        offsets=offsets,
        row_ids=cash.row_id[rows],
        accounts=cash.account[rows],
    )


def joined(parts: Sequence[Candidates]) -> Candidates:
    """Many lists of candidates as one, in the order given."""
    columns = {
        field.name: np.concatenate([np.empty(0, np.int64), *(getattr(part, field.name) for part in parts)])
        for field in fields(Candidates)
        if field.name != "offsets"
    }
    counts = np.concatenate([np.empty(0, np.int64), *(np.diff(part.offsets) for part in parts)])
    return Candidates(**columns, offsets=np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]))
