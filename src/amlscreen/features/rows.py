"""The rows of one partition as features see them: those made by or for the customer, by subject and time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.features.made import Subject
from amlscreen.features.tally import Tally, tally
from amlscreen.ledger.columns import is_countable, ratio_values
from amlscreen.ledger.kernels import fix_order
from amlscreen.ledger.partition import Partition, Values

__all__ = ["Flags", "Ints", "Rows", "Side"]

Side = Literal["credit", "debit", "any"]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
_Shared = TypeVar("_Shared")
_LEAST = int(np.iinfo(np.int64).min)


class Rows:
    """Rows of kind customer that were not taken back, by subject and, within it, by time.

    ``numbers`` are the subjects that have any row at all (customer_no or account_no); group ``g`` of them has the rows
    ``offsets[g]:offsets[g + 1]``, which may be none. ``group`` is the group of each row, ``at`` its place in the
    partition. A joint account counts for each of its owners and, as an account, once. Of a day known by its date only,
    credits stand before debits. A partition without rows gives one group without rows: what nothing comes to.
    """

    def __init__(self, part: Partition, subject: Subject) -> None:
        self.part, self.subject, self.last_day = part, subject, part.reference.last_day
        mine = np.arange(part.size)
        if subject == "account":
            mine = np.flatnonzero(part.stored("holder_no").array == 0)
        number = part.column(subject).array[mine].astype(np.int64)
        change = np.flatnonzero(np.diff(number)) + 1
        self.every = np.concatenate([np.zeros(min(number.size, 1), np.int64), change, [number.size]]).astype(np.int64)
        self.numbers: Ints = number[self.every[:-1]]
        if not part.size:
            self.every, self.numbers = np.zeros(2, np.int64), np.full(1, -1, np.int64)
        self.mine = mine
        ordered = mine[self._by_time(mine)]
        counts = is_countable(part)[ordered]
        self.at = ordered[counts]
        self.offsets: Ints = _running(counts)[self.every]
        self.group: Ints = np.repeat(np.arange(self.numbers.size), np.diff(self.offsets))
        self.size = self.at.size
        self._kept: dict[object, Any] = {}

    def _by_time(self, mine: Ints) -> Ints:
        credit = self.part.column("direction")
        dated = self.part.column("time_precision")
        later = ~dated.among(("second",)) & (credit.array != credit.code_of("credit"))
        order = np.empty(mine.size, np.int64)
        time = self.part.column("at").array[mine].astype(np.int64)
        fix_order(self.every, time, (np.arange(later.size) + later * later.size)[mine], order)
        return order

    def once(self, key: object, make: Callable[[], _Shared]) -> _Shared:
        """What features share, made when the first of them asks for it."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: _Shared = self._kept[key]
        return kept

    def column(self, name: str) -> Values:
        """A ledger column, for these rows."""
        return self.once(("column", name), lambda: self.part.column(name).take(self.at))

    def among(self, name: str, words: Sequence[str]) -> Flags:
        """Which rows carry one of these words; unknown ones do not."""

        def make() -> Flags:
            values = self.column(name)
            return np.zeros(self.size, np.bool_) if values.words is None else values.among(words)

        return self.once(("among", name, tuple(words)), make)

    @property
    def amount(self) -> Ints:
        """Minor units of the home currency."""
        return self.once("amount", lambda: self.column("amount").array.astype(np.int64))

    @property
    def day(self) -> Ints:
        """Local days since 1970-01-01."""
        return self.once("day", lambda: self.column("local_day").array.astype(np.int64))

    @property
    def other_side(self) -> NDArray[np.int32]:
        """Codes of counterparties; -1 where they are missing or pooled."""

        def make() -> NDArray[np.int32]:
            key = self.column("counterparty").array
            return np.where(self.among("counterparty_kind", ("pooled",)), -1, key).astype(np.int32)

        return self.once("other side", make)

    def mask(self, side: Side = "any", days: int | None = None) -> Flags:
        """Rows of one direction within that many days up to the last one."""

        def make() -> Flags:
            if side != "any" and days is not None:
                return self.mask(side) & self.mask("any", days)
            if side != "any":
                return self.among("direction", (side,))
            return np.ones(self.size, np.bool_) if days is None else self.day > self.last_day - days

        return self.once(("mask", side, days), make)

    def total(self, rows: Flags, values: Ints | None = None) -> Ints:
        """By group: how many rows, or the sum of their values."""
        return np.diff(_running(rows if values is None else np.where(rows, values, 0))[self.offsets])

    def share(self, part: Flags, of: Flags, values: Ints | None = None) -> Values:
        """The part's share of the whole in millionths, floored; unknown where the whole is nothing."""
        return ratio_values(self.total(part & of, values), self.total(of, values))

    def largest(self, rows: Flags, values: Ints) -> Values:
        """By group, the largest value; unknown without rows."""
        found = np.full(self.numbers.size, _LEAST)
        filled = np.flatnonzero(np.diff(self.offsets))
        if filled.size:
            found[filled] = np.maximum.reduceat(np.where(rows, values, _LEAST), self.offsets[filled])
        known = found != _LEAST
        return Values(np.where(known, found, 0), known)

    def smallest(self, rows: Flags, values: Ints) -> Values:
        """By group, the smallest value; unknown without rows."""
        found = self.largest(rows, -values)
        return Values(-found.array, found.known)

    def picked(self, rows: Flags) -> tuple[Ints, Ints]:
        """The places of some rows, and where each group's begin among them, with the end."""
        return np.flatnonzero(rows), _running(rows)[self.offsets]

    def tally(self, what: str, side: Side = "any", days: int | None = None) -> Tally:
        """How often each value occurs: of ``other side``, ``amount``, ``day`` or a column of the ledger."""
        return self.once(("tally", what, side, days), lambda: self.tally_of(self.codes(what), self.mask(side, days)))

    def tally_of(self, codes: NDArray[Any], rows: Flags) -> Tally:
        """The same for some rows and their codes, which are whole numbers from 0 to 2**31; -1 where unknown."""
        return tally(self.group, codes.astype(np.int64), rows, self.numbers.size)

    @property
    def amounts(self) -> Ints:
        """The different amounts, rising; ``codes("amount")`` are places in it."""
        return self._amounts()[0]

    def _amounts(self) -> tuple[Ints, Ints]:
        return self.once("amounts", lambda: _ranked(self.amount))

    def codes(self, what: str) -> Ints:
        """Values as whole numbers from 0 to 2**31; -1 where unknown."""

        def make() -> Ints:
            if what == "other side":
                return self.other_side.astype(np.int64)
            if what == "amount":
                return self._amounts()[1].astype(np.int64)
            if what == "day":
                return self.day - int(self.day.min()) if self.size else self.day
            values = self.column(what)
            return np.where(values.is_known(), values.array, -1).astype(np.int64)

        return self.once(("codes", what), make)


def _running(values: NDArray[Any]) -> Ints:
    running = np.zeros(values.size + 1, np.int64)
    np.cumsum(values.astype(np.int64, copy=False), out=running[1:])  # summing flags as they are takes 20 times as long
    return running


def _ranked(values: Ints) -> tuple[Ints, Ints]:
    """The different values, rising, and the place of each among them."""
    coded = pa.array(values).dictionary_encode()
    words = coded.dictionary.to_numpy()
    order = np.argsort(words)
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    return words[order], place[coded.indices.to_numpy()]
