"""The last 30 days against the subject's own earlier spans of 30 days.

Usual is the median of the earlier spans, five at most and two at least, that the data and the subject reach back to: a
month before the account was opened is no quiet month (shape ``baseline`` has it so too). A change is (now - then) /
(now + then): bounded, and known also where there was nothing before. Robust deviations from five spans would be
millions where three of the five are alike, and tell a detector nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from amlscreen.feature_catalogue import feature
from amlscreen.features.rows import Rows, Side
from amlscreen.features.tally import tally
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.kernels import floor_ratio
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import UNKNOWN_DAY
from amlscreen.peers.usual import median_usual

__all__ = [
    "EARLIER",
    "SPAN",
    "active_days_change",
    "cash_in_change",
    "cash_out_change",
    "credits_above_all",
    "credits_change",
    "debits_above_all",
    "debits_change",
    "largest_credit_change",
    "largest_debit_change",
    "payees_change",
    "payers_change",
    "transactions_change",
]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Function = Callable[[Rows], Values]
SPAN = 30
"""Days of a span."""
EARLIER = 5
"""So many spans before the last are looked at."""
_AT_LEAST = 2
_COUNT = EARLIER + 1
_CASH = ("transactions.channel",)
_OTHERS = ("transactions.counterparty",)


def _by_past(
    what: str, *, needs: tuple[str, ...] = (), columns: tuple[str, ...] = (), usual: str = "median"
) -> Callable[[Function], Function]:
    than = "the own past" if usual == "median" else "the most there was in the own past"
    return feature(
        unit="ratio", group="past", window=SPAN * _COUNT, needs=needs, columns=columns,
        meaning=f"{what} in the last 30 days against the {usual} of the own 30-day spans before: (now - then) / (now + "
        "then), from -1 (stopped) over 0 (alike) to 1 (new); unknown with fewer than two spans before.",
        label=f"change of {what[:1].lower()}{what[1:]} from {than}",
    )  # fmt: skip


_above_all = partial(_by_past, usual="largest")


def _span(rows: Rows) -> Ints:
    """The span of each row within its group, oldest first; -1 for rows before all of them."""

    def make() -> Ints:
        back = (rows.last_day - rows.day) // SPAN
        return np.where(back < _COUNT, rows.group * _COUNT + EARLIER - back, -1)

    return rows.once("past span", make)


def _sums(rows: Rows, picked: Flags, values: Ints | None = None) -> Ints:
    """The sum, or the number, of rows in each span of each group, oldest first."""
    span = _span(rows)
    rows_in = np.flatnonzero(picked & (span >= 0))
    found = np.zeros(rows.numbers.size * _COUNT, np.int64)
    np.add.at(found, span[rows_in], 1 if values is None else values[rows_in])
    return found


def _there(rows: Rows) -> Flags:
    """Which earlier spans of each group the data and the subject reach back to the beginning of."""

    def make() -> Flags:
        facts, part = rows.part.reference, rows.part
        account = part.column("account").array[rows.mine]
        opened = facts.opened[account].astype(np.int64)
        day = part.column("local_day").array[rows.mine].astype(np.int64)
        first = np.where(opened == UNKNOWN_DAY, day, np.minimum(opened, day))
        since = np.full(rows.numbers.size, facts.last_day)
        if first.size:
            since = np.minimum.reduceat(first, rows.every[:-1])
        begins = rows.last_day + 1 - SPAN * np.arange(_COUNT, 1, -1)
        return np.asarray(np.maximum(since, facts.first_day)[:, None] <= begins)

    return rows.once("past there", make)


def _change(rows: Rows, sums: Ints) -> Values:
    there, value = _there(rows), sums.reshape(-1, _COUNT)[:, :EARLIER]
    group = np.repeat(np.arange(rows.numbers.size), EARLIER).reshape(-1, EARLIER)
    usual = median_usual(value[there], group[there], rows.numbers.size, _AT_LEAST)
    return _apart(sums, usual.over, usual.under, usual.known)


def _against_largest(rows: Rows, sums: Ints) -> Values:
    there, value = _there(rows), sums.reshape(-1, _COUNT)[:, :EARLIER]
    largest = np.where(there, value, 0).max(axis=1, initial=0)
    return _apart(sums, largest, 1, there.sum(axis=1) >= _AT_LEAST)


def _apart(sums: Ints, over: Ints, under: int, known: Flags) -> Values:
    """(now - then) / (now + then) in millionths, floored; then is ``over / under``. Unknown where both are zero."""
    now = sums.reshape(-1, _COUNT)[:, EARLIER] * under
    known = known & (now + over > 0)
    out = np.empty(now.size, np.int64)
    floor_ratio(np.ascontiguousarray(now - over), np.maximum(now + over, 1), MILLION, out)
    return Values(np.where(known, out, 0), known)


def _money(rows: Rows, side: Side) -> Ints:
    return rows.once(("past money", side), lambda: _sums(rows, rows.mask(side), rows.amount))


@_by_past("Money credited")
def credits_change(rows: Rows) -> Values:
    """Of sums."""
    return _change(rows, _money(rows, "credit"))


@_by_past("Money debited")
def debits_change(rows: Rows) -> Values:
    """Of sums."""
    return _change(rows, _money(rows, "debit"))


@_above_all("Money credited")
def credits_above_all(rows: Rows) -> Values:
    """Of sums."""
    return _against_largest(rows, _money(rows, "credit"))


@_above_all("Money debited")
def debits_above_all(rows: Rows) -> Values:
    """Of sums."""
    return _against_largest(rows, _money(rows, "debit"))


@_by_past("Number of transactions")
def transactions_change(rows: Rows) -> Values:
    """Of numbers."""
    return _change(rows, _sums(rows, rows.mask()))


@_by_past("Number of days with a transaction")
def active_days_change(rows: Rows) -> Values:
    """Of numbers."""
    return _change(rows, _distinct(rows, rows.codes("day"), rows.mask()))


def _distinct(rows: Rows, codes: Ints, picked: Flags) -> Ints:
    span = _span(rows)
    inside = picked & (span >= 0)
    return tally(np.maximum(span, 0), codes, inside, rows.numbers.size * _COUNT).distinct()


@_by_past("Number of payers", needs=_OTHERS, columns=("counterparty", "counterparty_kind"))
def payers_change(rows: Rows) -> Values:
    """Different ones, of those that are known and not pooled."""
    return _change(rows, _distinct(rows, rows.codes("other side"), rows.mask("credit")))


@_by_past("Number of payees", needs=_OTHERS, columns=("counterparty", "counterparty_kind"))
def payees_change(rows: Rows) -> Values:
    """Different ones, of those that are known and not pooled."""
    return _change(rows, _distinct(rows, rows.codes("other side"), rows.mask("debit")))


@_by_past("Cash paid in", needs=_CASH, columns=("channel",))
def cash_in_change(rows: Rows) -> Values:
    """Of sums, by the jurisdiction's words for cash."""
    return _change(rows, _sums(rows, _cash(rows) & rows.mask("credit"), rows.amount))


@_by_past("Cash taken out", needs=_CASH, columns=("channel",))
def cash_out_change(rows: Rows) -> Values:
    """Of sums, by the jurisdiction's words for cash."""
    return _change(rows, _sums(rows, _cash(rows) & rows.mask("debit"), rows.amount))


def _cash(rows: Rows) -> Flags:
    return rows.among("channel", rows.part.reference.jurisdiction.cash_report_channels)


@_by_past("Largest credit")
def largest_credit_change(rows: Rows) -> Values:
    """Of the largest sum in each span."""
    return _change(rows, _largest(rows, "credit"))


@_by_past("Largest debit")
def largest_debit_change(rows: Rows) -> Values:
    """Of the largest sum in each span."""
    return _change(rows, _largest(rows, "debit"))


def _largest(rows: Rows, side: Side) -> Ints:
    span = _span(rows)
    picked = np.flatnonzero(rows.mask(side) & (span >= 0))
    found = np.zeros(rows.numbers.size * _COUNT, np.int64)
    np.maximum.at(found, span[picked], rows.amount[picked])
    return found
