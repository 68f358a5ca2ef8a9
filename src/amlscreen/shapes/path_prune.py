"""Which payments may be part of a picture, told party by party: all that are, and few others.

Each form looks at the parties of one shelf after another and then names the places of rows, so that the search itself,
which wants all payments at once, is given only these.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path as Folder
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.kernels_ends import PAID, PAID_TO
from amlscreen.ledger.kernels_prune import MOST_STEPS
from amlscreen.rules.grammar import Path
from amlscreen.shapes.narrow import least
from amlscreen.shapes.path_ends import Parties
from amlscreen.shapes.path_shelves import Shelves, shelves_in
from amlscreen.shapes.path_terms import Terms, least_of, terms_of
from amlscreen.shapes.plan import Plan

__all__ = ["Looking", "looking_for"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
_NONE = np.empty(0, np.int64)
_LONGEST = 100
_SLOTS = 1 << 20


class Looking(Protocol):
    """What one plan looks for."""

    terms: Terms

    def look(self, parties: Parties, walked: Mask) -> None:
        """Takes note of what the parties of one shelf tell; ``walked`` are those that are walked through."""

    def places(self) -> Ints:
        """The places of rows that may be part of a picture; places may come twice."""


@dataclass
class Runs:
    """Forms ``chain`` and ``cycle``: payments of runs of at least so many, parties coming twice or not."""

    terms: Terms
    least: int
    _links: list[NDArray[Any]] = field(default_factory=list)
    _to_busy: list[Ints] = field(default_factory=list)
    _from_busy: list[Ints] = field(default_factory=list)

    def look(self, parties: Parties, walked: Mask) -> None:
        """Links between payments that follow each other."""
        links, busy = _links(parties, walked, self.terms, third=False)
        self._links.append(least(links[:, :2]))
        self._to_busy.append(parties.rows_of(busy, PAID_TO))
        self._from_busy.append(parties.rows_of(busy, PAID))

    def places(self) -> Ints:
        """Payments that so many others come before and after; at busy parties there may be any number."""
        links = np.concatenate([np.empty((0, 2), np.int32), *self._links])
        to_busy, from_busy = (np.concatenate([_NONE, *each]) for each in (self._to_busy, self._from_busy))
        before, after = links[:, 0].astype(np.int64), links[:, 1].astype(np.int64)
        size = 1 + max((int(each.max()) for each in (before, after, to_busy, from_busy) if each.size), default=-1)
        ahead, behind = np.ones(size, np.int8), np.ones(size, np.int8)
        most = min(self.least, _LONGEST)
        ahead[to_busy], behind[from_busy] = most, most
        for length in range(2, most + 1):
            one = before[ahead[after] >= length - 1]
            ahead[one] = np.maximum(ahead[one], length)
            one = after[behind[before] >= length - 1]
            behind[one] = np.maximum(behind[one], length)
        keep = behind[before].astype(np.int64) + ahead[after] >= most
        return np.concatenate([before[keep], after[keep], to_busy, from_busy])


class Spread:
    """Form ``scatter_gather``: payments that go on, between two ends with so many in between."""

    def __init__(self, terms: Terms, middles: int, shelves: Shelves) -> None:
        self.terms, self._middles, self._shelves, self._party = terms, middles, shelves, 0
        self._busy: dict[int, Ints] = {}

    def look(self, parties: Parties, walked: Mask) -> None:
        """Links, put together by their ends."""
        links, busy = _links(parties, walked, self.terms, third=True)
        for one in np.flatnonzero(busy).tolist():
            rows = parties.ends[parties.offsets[3 * one] : parties.offsets[3 * one + 2], 4] >> 3
            self._busy[self._party + one] = rows
        links[:, 3] += self._party
        self._party += parties.keys.size
        shelf = (links[:, 2] >> 20) & (self._shelves.count - 1)
        order = np.argsort(shelf, kind="stable")
        offsets = np.searchsorted(shelf[order], np.arange(self._shelves.count + 1))
        self._shelves.put(links[order], offsets)

    def places(self) -> Ints:
        """Links of those ends that have enough in between; all payments of a busy party between such ends."""
        found = [_NONE]
        for links in self._shelves:
            kept = _of_ends(links, self._middles)
            found += [kept[kept[:, 0] >= 0, column] for column in (0, 1)]
            found += [self._busy[one] for one in np.unique(kept[kept[:, 0] < 0, 3]).tolist()]
        return np.concatenate(found)


def _of_ends(links: Ints, middles: int) -> Ints:
    """The links whose ends have so many parties in between; ends stand in the third column, parties in the last."""
    slot = links[:, 2] & (_SLOTS - 1)
    some = links[np.bincount(slot, minlength=_SLOTS)[slot] >= middles]
    some = some[np.lexsort((some[:, 3], some[:, 2]))]
    other_ends = np.append(True, np.diff(some[:, 2]) != 0)[: some.shape[0]]
    other = other_ends | np.append(True, np.diff(some[:, 3]) != 0)[: some.shape[0]]
    group = np.cumsum(other_ends) - 1
    return np.asarray(some[np.bincount(group, other, minlength=1)[group] >= middles])


@dataclass
class Gathering:
    """Form ``gather_scatter``: all payments of parties that in some span are paid by so many and pay so many."""

    terms: Terms
    senders: int
    receivers: int
    _places: list[Ints] = field(default_factory=list)

    def look(self, parties: Parties, walked: Mask) -> None:
        """Parties with enough of both."""
        wanted = np.empty(walked.size, np.bool_)
        kernels.spreads_soon(
            parties.offsets, parties.ends, walked, self.senders, self.receivers, self.terms.within, MOST_STEPS, wanted
        )
        self._places.append(parties.ends[np.repeat(wanted, np.diff(parties.offsets[::3])), 4] >> 3)

    def places(self) -> Ints:
        """Every payment of these parties."""
        return np.concatenate([_NONE, *self._places])


@dataclass
class Collecting:
    """Form ``collector``: accounts that hand most of something on to one, with their collectors, by their keys."""

    terms: Terms
    spokes: int
    _pairs: list[Ints] = field(default_factory=list)

    def look(self, parties: Parties, walked: Mask) -> None:
        """Pairs of an account and whom it hands on to, and from when until when it hands on most."""
        pairs = np.empty((parties.ends.shape[0], 4), np.int64)
        spans = self.terms.hop, self.terms.within, self.terms.spoke_share
        size = kernels.handing_pairs(parties.offsets, parties.ends, parties.keys, walked, *spans, pairs)
        self._pairs.append(pairs[:size].copy())

    def places(self) -> Ints:
        """None: all rows of the accounts of :meth:`accounts` are wanted."""
        return _NONE

    def accounts(self, hubs: Ints) -> Ints:
        """Collectors that at some time so many may hand most to, and all that hand something on to them.

        ``hubs`` are no collectors; given and found by their keys.
        """
        pairs = np.concatenate([np.empty((0, 4), np.int64), *self._pairs])
        pairs = pairs[~np.isin(pairs[:, 1], hubs)]
        spans = pairs[pairs[:, 2] <= pairs[:, 3]]
        size = spans.shape[0]
        collector, time = np.tile(spans[:, 1], 2), np.concatenate([spans[:, 2], spans[:, 3]])
        step = np.repeat([1, -1], size)
        order = np.lexsort((-step, time, collector))
        at_once = np.cumsum(step[order])  # back to nought at the end of each collector's
        enough = np.unique(collector[order[at_once >= self.spokes]])
        kept = np.unique(pairs[np.isin(pairs[:, 1], enough), :2])
        return kept[kept >= 0]


def _links(parties: Parties, walked: Mask, terms: Terms, *, third: bool) -> tuple[Ints, Mask]:
    """Links, and the busy parties of which there are none."""
    busy = np.empty(walked.size, np.bool_)
    given = parties.offsets, parties.ends, walked, terms.hop, terms.keeps, terms.at_most, int(third), MOST_STEPS, busy
    out = np.empty((parties.ends.shape[0], 4), np.int64)  # places take no memory until they are filled
    size = kernels.links_between(*given, out)
    if size > out.shape[0]:
        out = np.empty((size, 4), np.int64)
        kernels.links_between(*given, out)
    return out[:size].copy(), busy


def looking_for(plan: Plan, folder: Folder | None, shelves: int, stack: ExitStack) -> Looking | None:
    """What a plan looks for; None of form ``reach``, which follows money from those that are named."""
    assert isinstance(plan.detect, Path)
    terms = terms_of(plan.detect)
    if plan.detect.form == "reach":
        return None
    if plan.detect.form == "collector":
        return Collecting(terms, least_of(plan, "spokes", 1))
    if plan.detect.form == "gather_scatter":
        return Gathering(terms, least_of(plan, "senders", 1), least_of(plan, "receivers", 1))
    if plan.detect.form == "scatter_gather":
        links = stack.enter_context(shelves_in(folder, shelves, 4))
        return Spread(terms, least_of(plan, "middles", 2), links)
    return Runs(terms, least_of(plan, "hops", 2))
