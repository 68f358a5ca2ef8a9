"""What came to a party and what it handed on: groups of rows made ready for the kernel that matches them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.shapes.path_edges import Edges

__all__ = ["Came", "Links", "came_of", "handed_on", "payments_to", "running", "starts_of"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Came:
    """What came to each holder, sorted by holder and then by the last instant at which it may have come.

    ``at`` are the places of these rows or payments where they were taken from.
    """

    offsets: Ints
    holder: Ints
    other: Ints
    early: Ints
    late: Ints
    amount: Ints
    at: Ints


@dataclass(frozen=True, slots=True)
class Links:
    """Which part of what came went on in what: places in :class:`Came` and among what went, and the amounts."""

    came: Ints
    went: Ints
    passed: Ints

    @property
    def size(self) -> int:
        """How many there are."""
        return self.came.size


def came_of(holder: Ints, other: Ints, early: Ints, late: Ints, amount: Ints, at: Ints, holders: int) -> Came:
    """Sorted, equals as they stand, with the offsets of every holder up to ``holders``."""
    order = np.lexsort((late, holder))
    holder, other, early, late, amount, at = (
        np.asarray(each.take(order), np.int64) for each in (holder, other, early, late, amount, at)
    )
    return Came(starts_of(holder, holders), holder, other, early, late, amount, at)


def payments_to(edges: Edges, places: Ints) -> Came:
    """These payments as what came to their receivers; ``at`` are places of payments."""
    places = places.take(np.argsort(edges.row.take(places), kind="stable"))
    flow = (edges.target, edges.source, edges.early, edges.late, edges.amount)
    holder, other, early, late, amount = (each.take(places) for each in flow)
    return came_of(holder, other, early, late, amount, places, edges.parties)


def starts_of(group: Ints, groups: int) -> Ints:
    """Where each group begins, once things are sorted by group."""
    counts = np.bincount(group, minlength=groups)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def running(values: Ints) -> Ints:
    """Sums of all before each place, and of all."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(values, dtype=np.int64)])


def handed_on(came: Came, holder: Ints, but: Ints, offsets: Ints, early: Ints, amount: Ints, hop: int) -> Links:
    """What each group of payments hands on of what its holder got, but for what came from ``but``."""
    given = (holder, but, came.offsets, came.other, came.early, came.late, came.amount, offsets, early, amount, hop)
    none = np.empty(0, np.int64)
    size = kernels.handed_on(*given, none, none, none)
    went, passed, source = (np.empty(size, np.int64) for _ in range(3))
    kernels.handed_on(*given, source, went, passed)
    return Links(source, went, passed)
