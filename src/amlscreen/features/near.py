"""What is told of parties by their own payments alone: how many pay them and are paid, what they gather and hand on.

Also the payments that go on in others: which these are is seen at the party between them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import local

import numpy as np
from numpy.typing import NDArray

from amlscreen.features.flow import DAY, HUB, MOST, Side
from amlscreen.ledger import kernels

__all__ = ["CHAIN", "LINK", "MEETING", "THIRD", "Near", "Part", "Scratch", "near", "sums", "thirds"]

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
LINK = np.dtype([("first", "i4"), ("second", "i4"), ("time", "i8"), ("payer", "i4"), ("via", "i4"), ("end", "i4")])
"""A payment and one it goes on in, by their places; when the first was made, and the three parties."""
THIRD = np.dtype([("home", "i4"), ("end", "i4"), ("via", "i4")])
"""Parties whose money goes on from the first over ``via`` to a third."""
_WEEK = 7 * DAY
_WINDOWS = (7, 30, 90)
CHAIN = (3 * DAY, 2, 20)
MEETING = (7 * DAY, 3, 1)
"""How long after and, as one part in so many, how much less and how much more."""


@dataclass(frozen=True, slots=True)
class Part:
    """The payments by and to some neighbouring parties, from number ``low`` on.

    Of the payments to them, ``late`` is the last instant of each and ``place`` its place among all payments; those by
    them begin there at ``first``. ``onward`` is, of each payment to a party, the place in ``out`` of its first payment
    that is certainly later.
    """

    low: int
    first: int
    out: Side
    into: Side
    late: Ints
    place: Codes
    onward: Codes

    @property
    def size(self) -> int:
        """How many parties."""
        return self.out.offsets.size - 1

    def of_first(self, parties: int) -> Part:
        """The same of its first parties alone."""
        out, into = self.out.of_first(parties), self.into.of_first(parties)
        paid = slice(into.other.size)
        return Part(self.low, self.first, out, into, self.late[paid], self.place[paid], self.onward[paid])


@dataclass(frozen=True, slots=True)
class Near:
    """Numbers of the parties of one part, and the payments to them that go on."""

    numbers: Mapping[str, Ints]
    walked: Flags
    keeps_nothing: Flags
    links: NDArray[np.void]
    thirds: NDArray[np.void]


class Scratch:
    """Room for one number for each party, one room for each thread."""

    def __init__(self, parties: int) -> None:
        self._parties, self._rooms = parties, local()

    def counts(self) -> Codes:
        """Zeros, which whoever uses them leaves as zeros."""
        return self._room("counts", lambda: np.zeros(self._parties, np.int32))

    def stamp(self) -> Codes:
        """Minus ones, which whoever uses them leaves as they were."""
        return self._room("stamp", lambda: np.full(self._parties, -1, np.int32))

    def _room(self, name: str, make: Callable[[], Codes]) -> Codes:
        rooms = self._rooms.__dict__
        if name not in rooms:
            rooms[name] = make()
        found: Codes = rooms[name]
        return found

    def distinct(self, side: Side, start: Ints | None = None, code: Codes | None = None) -> Ints:
        """How many different others each party has payments with, from place ``start`` of its payments on.

        ``code`` stands in for the others where not all count; negative ones do not.
        """
        return self.among(
            side.offsets[:-1] if start is None else start, side.offsets[1:], side.other if code is None else code
        )

    def among(self, first: Ints, until: Ints, code: Codes) -> Ints:
        """How many different codes each slice holds."""
        found = np.zeros(first.size, np.int64)
        kernels.slice_distinct(first, until, code, self.counts(), found)
        return found

    def mutual(self, part: Part) -> Ints:
        """With how many different others money goes both ways."""
        found, stamp = np.zeros(part.size, np.int64), self.stamp()
        kernels.mutual(part.out.offsets, part.out.other, part.into.offsets, part.into.other, stamp, found)
        stamp[part.into.other] = -1
        return found


def near(part: Part, scratch: Scratch, since: Callable[[int], int], *, told: int) -> Near:
    """What the payments of a part's parties tell of them; ``since`` gives the first instant of the last days.

    Numbers are those of the first ``told`` parties: outside ones are told nothing.
    """
    payers, payees = (scratch.distinct(side) for side in (part.into, part.out))
    mutual = scratch.mutual(part)
    degree = payers + payees - mutual
    walked = (payers > 0) & (payees > 0) & (degree <= HUB)
    numbers = {"payers": payers, "payees": payees, "mutual": mutual, "degree": degree}
    numbers = {name: values[:told] for name, values in numbers.items()}
    if told:
        numbers |= _in_time(part.of_first(told), scratch, since)
    return Near(numbers, walked, _keeps_nothing(part) & walked, _links(part, walked), thirds(part, walked))


def _in_time(part: Part, scratch: Scratch, since: Callable[[int], int]) -> dict[str, Ints]:
    numbers: dict[str, Ints] = {}
    for name, side in (("payers", part.into), ("payees", part.out)):
        for days in _WINDOWS:
            numbers[f"{name}_{days}d"] = scratch.distinct(side, _from(side, since(days)))
    gathered = _in_a_week(scratch, part.into)
    numbers["most_payers_in_a_week"] = _most(gathered, part.into.offsets)
    numbers["most_payees_in_a_week"] = _most(_in_a_week(scratch, part.out), part.out.offsets)
    numbers["gather_scatter"] = _most(np.minimum(gathered, _scattered(scratch, part)), part.into.offsets)
    return numbers


def _from(side: Side, instant: int) -> Ints:
    """The place of each party's first payment from an instant on."""
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(side.time < instant, dtype=np.int64)])
    return side.offsets[:-1] + np.diff(before[side.offsets])


def _most(values: Ints, offsets: Ints) -> Ints:
    """The largest value of each group; 0 for an empty one."""
    starts, filled = offsets[:-1], offsets[1:] > offsets[:-1]
    out = np.zeros(starts.size, np.int64)
    if values.size:
        out[filled] = np.maximum.reduceat(values, starts[filled])
    return out


def _in_a_week(scratch: Scratch, side: Side) -> Ints:
    """How many different others the payments of each party had in the seven days up to each of them."""
    left, closes = np.empty(side.time.size, np.int64), np.empty(side.time.size, np.bool_)
    kernels.window_left(side.offsets, side.time, _WEEK, left, closes)
    return scratch.among(left, np.arange(1, side.time.size + 1), side.other)


def _scattered(scratch: Scratch, part: Part) -> Ints:
    """How many different others were paid in the seven days after each payment to a party."""
    first, until = (np.empty(part.place.size, np.int64) for _ in range(2))
    kernels.until(
        part.into.offsets, part.into.time, part.onward, part.out.offsets, part.out.time, _WEEK, first, until
    )  # fmt: skip
    return scratch.among(first, until, part.out.other)


def sums(side: Side, amount: Ints) -> Ints:
    """The sum of each party's amounts."""
    return np.diff(np.concatenate([np.zeros(1, np.int64), np.cumsum(amount)])[side.offsets])


def _keeps_nothing(part: Part) -> Flags:
    """Who pays out four fifths to five fourths of what is paid to it, three times or more each way."""
    paid, got = sums(part.out, part.out.amount), sums(part.into, part.into.amount)
    often = np.minimum(np.diff(part.out.offsets), np.diff(part.into.offsets)) >= 3
    return np.asarray(often & (5 * (paid // 4) >= got) & (5 * (got // 4) >= paid))


def _going_on(part: Part, walked: Flags, bounds: tuple[int, int, int]) -> tuple[Codes, Codes]:
    """The payments to a party, by their place in ``into``, and those in ``out`` in which each goes on."""
    into, out = part.into, part.out
    span, least, more = bounds
    pairs = np.empty(0, np.int32), np.empty(0, np.int32)
    own = np.arange(part.place.size, dtype=np.int32)
    for _ in range(2):  # counted, then written
        count = kernels.payments_on(
            into.offsets, own, into.other, into.time, into.amount, part.onward, out.offsets, out.other, out.time,
            out.amount, walked, span, MOST, least, more, *pairs,
        )  # fmt: skip
        if pairs[0].size == count:
            break
        pairs = np.empty(count, np.int32), np.empty(count, np.int32)
    return pairs


def _via(part: Part, second: Codes) -> Ints:
    return part.low + np.searchsorted(part.out.offsets, second, side="right") - 1


def _links(part: Part, walked: Flags) -> NDArray[np.void]:
    first, second = _going_on(part, walked, CHAIN)
    found = np.empty(first.size, LINK)
    found["first"], found["second"] = part.place.take(first), part.first + second
    found["time"], found["payer"] = part.into.time.take(first), part.into.other.take(first)
    found["via"], found["end"] = _via(part, second), part.out.other.take(second)
    return found


def thirds(part: Part, walked: Flags, bounds: tuple[int, int, int] = MEETING) -> NDArray[np.void]:
    """Over whom money to a party goes on to a third; each three parties once."""
    first, second = _going_on(part, walked, bounds)
    found = np.empty(first.size, THIRD)
    found["home"], found["end"] = part.into.other.take(first), part.out.other.take(second)
    found["via"] = _via(part, second)
    found = found[np.lexsort((found["end"], found["home"], found["via"]))]
    return found[np.flatnonzero(np.append(True, found[1:] != found[:-1]))] if found.size else found
