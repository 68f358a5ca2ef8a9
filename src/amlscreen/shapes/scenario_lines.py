"""What a scenario's function looks at and gives back: the transactions of each subject, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.columns import is_countable
from amlscreen.ledger.counterparties import named_accounts
from amlscreen.ledger.kernels import fix_order
from amlscreen.ledger.partition import Partition, Values
from amlscreen.ledger.reference import Reference

__all__ = ["Facts", "Lines", "Seen"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Measured = Values | Ints
_NONE = (np.empty(0, np.int64),) * 4


class Facts(NamedTuple):
    """What a hit must know of each of its rows: its number, its time, its local day and its account_no."""

    row_id: Ints
    at: Ints
    day: Ints
    account: Ints

    def some(self, rows: Ints | Mask) -> Facts:
        """The same for some of them."""
        return Facts(*(one[rows] for one in self))

    @staticmethod
    def of(parts: Sequence[Facts]) -> Facts:
        """Those of several pieces, one after another."""
        return Facts(*(np.concatenate(each) for each in zip(Facts(*_NONE), *parts, strict=True)))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a scenario measured, for each of its subjects (account_no or customer_no, each at most once).

    ``rows`` are the transactions that carry it: ``of`` says to which subject's place each belongs, ``part`` what it
    does in the picture. ``victims`` are customer_no of possible victims and ``others`` of customers it touches besides,
    each with the place of its subject. ``not_evaluable`` counts subjects that could not be told; ``notes`` go with each
    hit, for example that only some of many rows are shown.
    """

    subject: Ints
    measures: Mapping[str, Measured]
    rows: Facts
    of: Ints
    part: Sequence[str]
    victims: tuple[Ints, Ints] = (np.empty(0, np.int64), np.empty(0, np.int64))
    others: tuple[Ints, Ints] = (np.empty(0, np.int64), np.empty(0, np.int64))
    not_evaluable: int = 0
    notes: tuple[str, ...] = ()


class Lines:
    """The transactions of a partition's subjects: made by or for the customer, not taken back, in order of time.

    Those of subject ``i`` stand from ``offsets[i]`` to ``offsets[i + 1]``; ``subject[i]`` is its number. A joint
    account stands once as an account, and with each of its owners as customers.
    """

    def __init__(self, part: Partition, subject: str) -> None:
        keep = part.once("countable", lambda: is_countable(part))
        if subject == "account":
            keep = keep & (part.column("holder_no").array == 0)
        rows = np.flatnonzero(keep)
        number = part.column(subject).array[rows].astype(np.int64)
        starts = np.flatnonzero(np.diff(number, prepend=-1))
        if subject == "customer" and rows.size:
            order, time = np.empty(rows.size, np.int64), part.column("at").array.take(rows).astype(np.int64)
            fix_order(np.append(starts, rows.size), time, rows, order)
            rows = rows.take(order)
        self.size = rows.size
        self.subject: Ints = number[starts]
        self.offsets: Ints = np.append(starts, rows.size).astype(np.int64)
        self.reference: Reference = part.reference
        self.as_of = part.reference.last_day
        self._part, self._rows = part, rows
        self._columns: dict[str, Values] = {}

    def column(self, name: str) -> Values:
        """A column that the signature names."""
        if name not in self._columns:
            self._columns[name] = self._part.column(name).take(self._rows)
        return self._columns[name]

    @cached_property
    def group(self) -> Ints:
        """The place of each line's subject."""
        return np.repeat(np.arange(self.subject.size), np.diff(self.offsets))

    def own_accounts(self) -> Ints:
        """Of each line the account_no of its counterparty, where that is an account in this data; else -1."""
        keys = self.column("counterparty")
        if keys.words is None:
            return np.full(self.size, -1, np.int64)
        return named_accounts(self._part).take(keys.array, mode="wrap")

    def total(self, values: Ints | Mask) -> Ints:
        """The sum of a number over the lines of each subject; of a mask, how many lines."""
        if not self.size:
            return np.zeros(0, np.int64)
        return np.add.reduceat(values.astype(np.int64), self.offsets[:-1])

    def since(self, days: int) -> Mask:
        """The lines of the last so many days."""
        recent: Mask = self.column("local_day").array > self.as_of - days
        return recent

    def is_(self, name: str, *words: str) -> Mask:
        """The lines whose column is one of some words; none where the data lacks the column."""
        values = self.column(name)
        return np.zeros(self.size, np.bool_) if values.words is None else values.among(words)

    def facts(self, lines: Ints) -> Facts:
        """What a hit must know of some lines."""
        return Facts(
            *(self.column(name).array[lines].astype(np.int64) for name in ("row_id", "at", "local_day", "account"))
        )

    def seen(self, measures: Mapping[str, Measured], rows: Ints | Mask, part: str | Sequence[str] = "row") -> Seen:
        """Measures of every subject, in the order of ``subject``, and the lines that carry them."""
        lines = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows.astype(np.int64)
        parts = [part] * lines.size if isinstance(part, str) else part
        return Seen(self.subject, measures, self.facts(lines), self.group[lines], parts)
