"""The bank's payments as a graph of subjects and outside parties: what features of stage "flow" are made from.

Of accounts, every account is a place of its own. Of customers, what one customer owns alone is one place, so that money
between the own accounts leads nowhere; an account with several owners is a place of its own, and each owner is told the
higher of the own figure and that of such an account.

Payments are never in memory all at once. They lie in groups of neighbouring parties: what can be told of a party by its
own payments is told group by group while they are laid out (:mod:`amlscreen.features.near`), what depends on the
others' in a second look at each group (:mod:`amlscreen.features.fans`). Rounds alone walk from party to party, over
arrays of which only what they touch is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from threading import RLock
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from amlscreen.features.aside import Column, Shuffled
from amlscreen.ledger.columns import ratio_values
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import Reference

__all__ = ["DAY", "HUB", "MOST", "Flow", "Places", "Side", "share"]

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
Kept = TypeVar("Kept")
Subject = Literal["customer", "account"]
HUB = 100
"""A party with more different counterparties is not passed through: shops, employers, the state."""
MOST = 32
"""Of each party on the way, so many of its next payments are looked at."""
DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Side:
    """The payments to (or by) each of some parties: ``offsets`` say where those of each begin, ``other`` who is at the
    other end.

    Those of one party stand by ``time``, the first instant at which each may have been.
    """

    offsets: Ints
    other: Codes
    time: Ints
    amount: Ints

    def of_first(self, parties: int) -> Side:
        """Those of the first parties alone."""
        end = int(self.offsets[parties])
        return Side(self.offsets[: parties + 1], self.other[:end], self.time[:end], self.amount[:end])


@dataclass(frozen=True, slots=True)
class Filed:
    """The payments by (or to) all parties, put aside: ``count`` is how many each party has."""

    count: Column
    other: Column
    time: Column
    amount: Column

    def of(self, low: int, high: int, start: int) -> Side:
        """Those of the parties from one number up to another, which begin at a place."""
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.count.read(low, high), dtype=np.int64)])
        end = start + int(offsets[-1])
        return Side(offsets, *(one.read(start, end) for one in (self.other, self.time, self.amount)))


@dataclass(frozen=True, slots=True)
class Places:
    """The place of each account, how many subjects there are, and how many places; then outside parties follow.

    ``joint`` and ``owner`` are the places of accounts of several owners, each with one owner.
    """

    of_account: Codes
    subjects: int
    size: int
    joint: Ints
    owner: Ints

    @classmethod
    def of(cls, reference: Reference, subject: Subject) -> Places:
        """Those of accounts, or of customers and accounts of several owners."""
        accounts, none = reference.account_ids.num_rows, np.empty(0, np.int64)
        if subject == "account":
            return cls(np.arange(accounts, dtype=np.int32), accounts, accounts, none, none)
        alone = np.diff(reference.owner_offsets) == 1
        subjects, shared = reference.customer_ids.num_rows, np.flatnonzero(~alone)
        place = np.zeros(accounts, np.int32)
        place[alone] = reference.owner[reference.owner_offsets[:-1][alone]]
        place[shared] = subjects + np.arange(shared.size)
        at, owner = reference.owners_of(shared)
        return cls(place, subjects, subjects + shared.size, subjects + at, owner)


@dataclass(frozen=True)
class Flow:
    """Payments by group of parties. Places (see :class:`Places`) come first, then outside parties.

    ``told_enough`` says of which places payments are told: of half of their rows or more the other side is known,
    pooled, or nobody, as of cash. ``near`` are numbers by place; ``walked`` and ``keeps_nothing`` say of all parties
    whether money passes through them, and whether they hand on what they get. ``groups`` has the first party of each
    group, with the first payment by and to it; after the last group, the ends. ``late`` is the last instant of each
    payment and ``onward`` the place of its receiver's first payment that is certainly later. ``links`` are payments
    that go on in others (see :mod:`amlscreen.features.near`), by time, and ``thirds`` what goes over one to a third.
    """

    places: Places
    parties: int
    folder: Path | None
    threads: int
    told_enough: Flags
    near: Mapping[str, Codes]
    walked: Flags
    keeps_nothing: Flags
    groups: tuple[tuple[int, int, int], ...]
    out: Filed
    into: Filed
    late: Column
    onward: Column
    links: Shuffled
    thirds: Shuffled
    _kept: dict[str, Any] = field(default_factory=dict, compare=False)
    _locks: defaultdict[str, RLock] = field(default_factory=lambda: defaultdict(RLock), compare=False)

    def once(self, name: str, make: Callable[[], Kept]) -> Kept:
        """What features share, made when the first of them asks for it; others wait until it is there."""
        with self._locks[name]:
            if name not in self._kept:
                self._kept[name] = make()
            kept: Kept = self._kept[name]
            return kept

    def each_group(self) -> Iterator[tuple[int, int, int, int]]:
        """The first party of each group and the one past its last; its first payment by them and to them."""
        for (low, by, to), (high, *_) in pairwise(self.groups):
            yield low, high, by, to

    def told(self, values: NDArray[np.integer], known: Flags | None = None) -> Values:
        """Numbers by place as those of subjects; unknown where too few rows name the other side."""
        places, subjects = self.places, self.places.subjects
        known = self.told_enough if known is None else self.told_enough & known
        filled = np.where(known, values, -1)
        highest = filled[:subjects].copy()
        np.maximum.at(highest, places.owner, filled[places.joint])
        return Values(np.maximum(highest, 0), highest >= 0)


def share(flow: Flow, over: NDArray[np.integer], under: NDArray[np.integer]) -> Values:
    """A share by place in millionths, floored; unknown of nothing."""
    ratio = ratio_values(over.astype(np.int64), under.astype(np.int64))
    return flow.told(ratio.array, ratio.is_known())
