"""Which payments may be part of a picture, told party by party: all that are, and few others.

Each form looks at the parties of one shelf after another and then names the places of rows, so that the search itself,
which wants all payments at once, is given only these.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path as Folder
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.rules.grammar import Path
from amlscreen.shapes.narrow import least
from amlscreen.shapes.path_ends import Parties
from amlscreen.shapes.path_shelves import Shelves, shelves_in
from amlscreen.shapes.path_terms import Terms, least_of, terms_of
from amlscreen.shapes.plan import Plan

__all__ = ["Looking", "looking_for"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


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
    _links: list[NDArray[np.integer]] = field(default_factory=list)

    def look(self, parties: Parties, walked: Mask) -> None:
        """Links between payments that follow each other."""
        self._links.append(least(_links(parties, walked, self.terms, third=False)[:, :2]))

    def places(self) -> Ints:
        """Payments that so many others come before and after."""
        links = np.concatenate([np.empty((0, 2), np.int32), *self._links])
        before, after = links[:, 0].astype(np.int64), links[:, 1].astype(np.int64)
        size = int(links.max()) + 1 if links.size else 0
        ahead, behind = np.ones(size, np.int8), np.ones(size, np.int8)
        for length in range(2, min(self.least, 100) + 1):
            ahead[before[ahead[after] >= length - 1]] = length
            behind[after[behind[before] >= length - 1]] = length
        keep = behind[before].astype(np.int64) + ahead[after] >= min(self.least, 100)
        return np.concatenate([before[keep], after[keep]])


class Spread:
    """Form ``scatter_gather``: payments that go on, between two ends with so many in between."""

    def __init__(self, terms: Terms, middles: int, shelves: Shelves) -> None:
        self.terms, self._middles, self._shelves, self._party = terms, middles, shelves, 0

    def look(self, parties: Parties, walked: Mask) -> None:
        """Links, put together by their ends."""
        links = _links(parties, walked, self.terms, third=True)
        links[:, 3] += self._party
        self._party += parties.keys.size
        shelf = (links[:, 2] >> 20) & (self._shelves.count - 1)
        order = np.argsort(shelf, kind="stable")
        offsets = np.searchsorted(shelf[order], np.arange(self._shelves.count + 1))
        self._shelves.put(links[order], offsets)

    def places(self) -> Ints:
        """Links of those ends that have enough in between."""
        found = [np.empty(0, np.int64)]
        for links in self._shelves:
            ends = links[:, 2]
            slot = ends & ((1 << 20) - 1)
            links = links[np.bincount(slot, minlength=1 << 20)[slot] >= self._middles]
            links = links[np.lexsort((links[:, 3], links[:, 2]))]
            new_ends = np.diff(links[:, 2], prepend=links[:1, 2] - 1) != 0
            new = new_ends | (np.diff(links[:, 3], prepend=-1) != 0)
            group = np.cumsum(new_ends) - 1
            keep = np.bincount(group, new, minlength=1)[group] >= self._middles
            found += [links[keep, 0], links[keep, 1]]
        return np.concatenate(found)


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
            parties.offsets, parties.ends, walked, self.senders, self.receivers, self.terms.within, wanted
        )
        self._places.append(parties.ends[np.repeat(wanted, np.diff(parties.offsets[::3])), 4] >> 3)

    def places(self) -> Ints:
        """Every payment of these parties."""
        return np.concatenate([np.empty(0, np.int64), *self._places])


@dataclass
class Collecting:
    """Form ``collector``: accounts that hand most of something on to one, with their collectors, by their keys."""

    terms: Terms
    spokes: int
    _pairs: list[Ints] = field(default_factory=list)

    def look(self, parties: Parties, walked: Mask) -> None:
        """Pairs of an account and whom it hands on to."""
        pairs = np.empty((parties.ends.shape[0], 2), np.int64)
        given = parties.offsets, parties.ends, parties.keys, walked, self.terms.hop, self.terms.spoke_share
        self._pairs.append(pairs[: kernels.handing_pairs(*given, pairs)].copy())

    def places(self) -> Ints:
        """None: all rows of the accounts of :meth:`accounts` are wanted."""
        return np.empty(0, np.int64)

    def accounts(self, hubs: Ints) -> Ints:
        """Accounts that may be spokes, and collectors that may have enough of them; ``hubs`` are none, by their keys."""
        pairs = np.concatenate([np.empty((0, 2), np.int64), *self._pairs])
        pairs = pairs[~np.isin(pairs[:, 1], hubs)]
        pairs = pairs[np.argsort(pairs[:, 1], kind="stable")]
        _, group, count = np.unique(pairs[:, 1], return_inverse=True, return_counts=True)
        kept = np.unique(pairs[count[group] >= self.spokes])
        return kept[kept >= 0]


def _links(parties: Parties, walked: Mask, terms: Terms, *, third: bool) -> Ints:
    given = parties.offsets, parties.ends, walked, terms.hop, terms.keeps, terms.at_most, int(third)
    out = np.empty((parties.ends.shape[0], 4), np.int64)  # places take no memory until they are filled
    size = kernels.links_between(*given, out)
    if size > out.shape[0]:
        out = np.empty((size, 4), np.int64)
        kernels.links_between(*given, out)
    return out[:size].copy()


def looking_for(plan: Plan, folder: Folder | None, shelves: int, stack: ExitStack) -> Looking | None:
    """What a plan looks for; None of form ``reach``, which follows money from those that are named."""
    assert isinstance(plan.detect, Path)
    terms = terms_of(plan.detect)
    if plan.detect.form == "reach":
        return None
    if plan.detect.form == "collector":
        return Collecting(terms, least_of(plan, "spokes", 1))
    if plan.detect.form == "gather_scatter":
        return Gathering(terms, least_of(plan, "senders", 2), least_of(plan, "receivers", 2))
    if plan.detect.form == "scatter_gather":
        links = stack.enter_context(shelves_in(folder, shelves, 4))
        return Spread(terms, least_of(plan, "middles", 2), links)
    return Runs(terms, least_of(plan, "hops", 2))
