"""Payments laid out by payer and by receiver, one group of parties at a time, each payment once.

A payment between two accounts of this data has two legs; the payer's is kept, the receiver's only where there is no
payer's to it. Legs are paired by payer, receiver and amount, at most a day apart, and what is then left by an amount
that differs by no more than a fiftieth (a fee, or a rate between currencies). Money that an account, or a customer's
own accounts, move among themselves is no payment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.features.aside import Column, Shuffled, in_turn
from amlscreen.features.flow import DAY, Filed, Flow, Places, Side, Subject
from amlscreen.features.near import LINK, THIRD, Near, Part, Scratch, near
from amlscreen.features.payments import Legs
from amlscreen.ledger import kernels

__all__ = ["AT_ONCE", "flow_of"]

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
AT_ONCE = 1_000_000
"""So many legs are about in one group."""
_NEAR = 50
"""Legs whose amounts differ by at most one part in so many may be of one payment."""
_FIELDS = [("source", "i4"), ("target", "i4"), ("at", "i8"), ("amount", "i8"), ("dated", "?")]
_LEG = np.dtype([*_FIELDS, ("row", "i8"), ("credit", "?")])
_PAID = np.dtype([*_FIELDS, ("row", "i8"), ("place", "i4")])
Records = NDArray[Any]


def flow_of(legs: Legs, subject: Subject, *, threads: int = 1) -> Flow:
    """The graph of accounts, or of customers; it does not depend on how rows were cut, nor on threads or groups."""
    laying = _Laying(legs, Places.of(legs.reference, subject), threads)
    laying.shuffle()
    laying.by_payer()
    return laying.by_receiver()


@dataclass(frozen=True, slots=True)
class _Paid:
    """The payments by the parties of one group, by party and time; ``late`` is the last instant of each."""

    records: Records
    offsets: Ints
    early: Ints
    late: Ints


class _Laying:
    """One graph while it is laid out; ``borders`` are the first party of each group."""

    def __init__(self, legs: Legs, places: Places, threads: int) -> None:
        self.legs, self.places, self.threads = legs, places, threads
        parties, self.numbered = legs.numbered()
        self.shift = places.size - legs.accounts
        self.parties = parties + self.shift
        self.borders = self._borders(max(-(-legs.size // AT_ONCE), 1))
        folder, groups = legs.folder, self.borders.size
        self.legs_by_payer = Shuffled(folder, groups, _LEG)
        self.paid = Shuffled(folder, groups, _PAID)
        self.out, self.into = (_filed(folder) for _ in range(2))
        self.late, self.onward = Column(folder, np.int64), Column(folder, np.int32)

    def _borders(self, groups: int) -> Ints:
        """Of subjects as their legs are, of outside parties as many in each group."""
        if groups == 1:
            return np.zeros(1, np.int64)
        own, outside = np.bincount(self.places.of_account, self.legs.named, self.places.size), groups // 2
        ends = np.cumsum(own)
        wanted = ends[-1] / (groups - outside) * np.arange(groups - outside)
        steps = (self.parties - self.places.size) / outside * np.arange(outside)
        found = np.concatenate([np.searchsorted(ends, wanted, side="right"), self.places.size + steps.astype(np.int64)])
        found[0] = 0
        return np.unique(found)

    def _group(self, party: Codes) -> Ints:
        return np.searchsorted(self.borders, party, side="right") - 1

    def _place(self, party: Codes) -> Codes:
        place = party + np.int32(self.shift)
        own = party < self.legs.accounts
        place[own] = self.places.of_account[party[own]]
        return place

    def shuffle(self) -> None:
        """Every leg to the group of its payer."""
        row = 0
        for some in self.numbered:
            found = np.empty(some.size, _LEG)
            found["source"] = np.where(some["credit"], some["other"], some["own"])
            found["target"] = np.where(some["credit"], some["own"], some["other"])
            for name in ("at", "amount", "dated", "credit"):
                found[name] = some[name]
            found["row"] = np.arange(row, row + some.size)
            row += some.size
            self.legs_by_payer.add(self._group(self._place(np.ascontiguousarray(found["source"]))), found)
        del self.numbered

    def _bounds(self) -> Iterator[tuple[int, int, int]]:
        """The number of each group, its first party and the one past its last."""
        ends = [*self.borders[1:].tolist(), self.parties]
        return zip(range(len(ends)), self.borders.tolist(), ends, strict=True)

    def by_payer(self) -> None:
        """Payments by their payers, and each to the group of its receiver."""
        self.starts = [0]
        for paid in in_turn(self._paid, self._bounds(), self.threads):
            records = paid.records
            records["place"] = np.arange(self.starts[-1], self.starts[-1] + records.size)
            self.starts.append(self.starts[-1] + records.size)
            _file(self.out, paid.offsets, records["target"], paid.early, records["amount"])
            if self.legs.any_dated:
                self.late.append(paid.late)
            self.paid.add(self._group(records["target"]), records)
        del self.legs_by_payer  # and its file

    def _paid(self, bounds: tuple[int, int, int]) -> _Paid:
        group, low, high = bounds
        legs = self.legs_by_payer.of(group)
        legs = legs[~_second_legs(legs, self.legs.accounts, self.parties)]
        found = np.empty(legs.size, _PAID)
        for name in ("at", "amount", "dated", "row"):
            found[name] = legs[name]
        for name in ("source", "target"):
            found[name] = self._place(np.ascontiguousarray(legs[name]))
        found = found[found["source"] != found["target"]]
        early, late = self._instants(found)
        order, offsets = _by_party(found["source"] - low, high - low, early, np.ascontiguousarray(found["row"]))
        return _Paid(found[order], offsets, early.take(order), late.take(order))

    def _instants(self, records: Records) -> tuple[Ints, Ints]:
        """The first and last instant of each: of one known by its date only, its local day's."""
        at, dated = np.ascontiguousarray(records["at"]), records["dated"]
        if not dated.any():
            return at, at
        offset = self.legs.reference.jurisdiction.utc_offset_minutes * 60_000_000
        midnight = (at + offset) // DAY * DAY - offset
        return np.where(dated, midnight, at), np.where(dated, midnight + DAY - 1, at)

    def by_receiver(self) -> Flow:
        """Payments by their receivers; and what each group tells by itself."""
        size, parties, folder = self.places.size, self.parties, self.legs.folder
        scratch, groups = Scratch(parties), [(0, 0, 0)]
        walked, keeps_nothing = (np.zeros(parties, np.bool_) for _ in range(2))
        numbers: dict[str, Codes] = {}
        links, thirds = Shuffled(folder, self.borders.size, LINK), Shuffled(folder, self.borders.size, THIRD)
        self.onward.append(np.zeros(self.starts[-1], np.int32))
        onward = self.onward.mapped()

        def look(bounds: tuple[int, int, int]) -> tuple[Part, Near]:
            part = self._part(bounds)
            return part, near(part, scratch, self._since, told=min(max(size - part.low, 0), part.size))

        for part, told in in_turn(look, self._bounds(), self.threads):
            low, high = part.low, part.low + part.size
            onward[part.place] = part.first + part.onward
            _file(self.into, part.into.offsets, part.into.other, part.into.time, part.into.amount)
            walked[low:high], keeps_nothing[low:high] = told.walked, told.keeps_nothing
            for name, values in told.numbers.items():
                whole = numbers.setdefault(name, np.zeros(size, np.int32))
                whole[low : low + values.size] = values
            links.add(self._when(told.links["time"]), told.links)
            thirds.add(self._group(told.thirds["home"]), told.thirds)
            groups.append((high, part.first + part.out.other.size, groups[-1][2] + part.place.size))
        return Flow(
            places=self.places,
            parties=parties,
            folder=folder,
            threads=self.threads,
            told_enough=self._told_enough(),
            near=numbers,
            walked=walked,
            keeps_nothing=keeps_nothing,
            groups=tuple(groups),
            out=self.out,
            into=self.into,
            late=self.late,
            onward=self.onward,
            links=links,
            thirds=thirds,
        )

    def _since(self, days: int) -> int:
        """The first instant of the last so many local days."""
        facts = self.legs.reference
        return (facts.last_day - days + 1) * DAY - facts.jurisdiction.utc_offset_minutes * 60_000_000

    def _told_enough(self) -> Flags:
        size, place = self.places.size, self.places.of_account
        rows, named = (np.bincount(place, each, size) for each in (self.legs.rows, self.legs.named))
        return np.asarray(2 * named >= rows)

    def _when(self, time: Ints) -> Ints:
        """Spans of time that follow each other, as many as groups."""
        first, last = self.legs.span
        return (time - first) // ((last - first) // self.borders.size + 1)

    def _part(self, bounds: tuple[int, int, int]) -> Part:
        group, low, high = bounds
        records = self.paid.of(group)
        early, late = self._instants(records)
        order, offsets = _by_party(records["target"] - low, high - low, early, np.ascontiguousarray(records["row"]))
        records, early, late = records[order], early.take(order), late.take(order)
        out = self.out.of(low, high, self.starts[group])
        into = Side(offsets, *(np.ascontiguousarray(one) for one in (records["source"], early, records["amount"])))
        onward = np.empty(records.size, np.int32)
        kernels.onward_from(offsets, late, out.offsets, out.time, onward)
        return Part(low, self.starts[group], out, into, late, np.ascontiguousarray(records["place"]), onward)


def _filed(folder: Any) -> Filed:
    return Filed(*(Column(folder, kind) for kind in (np.int32, np.int32, np.int64, np.int64)))


def _file(filed: Filed, offsets: Ints, other: Codes, time: Ints, amount: Ints) -> None:
    filed.count.append(np.diff(offsets))
    filed.other.append(other)
    filed.time.append(time)
    filed.amount.append(amount)


def _by_party(party: Codes, parties: int, time: Ints, row: Ints) -> tuple[Ints, Ints]:
    """Records put together by party, those of each by time and then by row; and where each party's begin."""
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(party, minlength=parties), dtype=np.int64)])
    together = np.empty(party.size, np.int32)
    kernels.grouped(party, np.arange(party.size, dtype=np.int32), offsets[:-1].copy(), together)
    order = np.empty(party.size, np.int64)
    kernels.fix_order(offsets, time.take(together), row.take(together), order)
    return together.take(order).astype(np.int64), offsets


def _second_legs(legs: Records, accounts: int, parties: int) -> Flags:
    """Receivers' legs of payments whose payer's leg is there too; rows stand in the ledger's order."""
    both = np.flatnonzero((legs["source"] < accounts) & (legs["target"] < accounts))
    taken, credit = np.zeros(legs.size, np.bool_), legs["credit"][both]
    if not both.size or credit.all() or not credit.any():
        return taken
    pair = legs["source"][both].astype(np.int64) * parties + legs["target"][both]
    time, amount = legs["at"][both], legs["amount"][both]
    found = np.zeros(both.size, np.bool_)
    heads, tails = (np.full(1 << int(both.size).bit_length(), -1, np.int64) for _ in range(2))
    following = np.empty(both.size, np.int64)
    kernels.pair_equal_legs(pair, time, amount, credit, np.ones_like(found), DAY, heads, tails, following, found)
    del heads, tails, following
    left = np.flatnonzero(~found)
    left = left[np.argsort(pair[left], kind="stable")]
    offsets = np.concatenate([[0], np.flatnonzero(np.diff(pair[left])) + 1, [left.size]]).astype(np.int64)
    kernels.pair_legs(offsets, left, time, amount, credit, DAY, _NEAR, found)
    taken[both] = found & credit
    return taken
