"""Where a rule is looked at, what of its row sets is seen from there, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Measured", "Points", "View"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class View:
    """One row set as the points see it: frame rows in order, and a slice of them for each point."""

    rows: Ints
    lo: Ints
    hi: Ints

    def at(self, points: Ints) -> View:
        """The same row set for some points only."""
        return View(self.rows, self.lo.take(points), self.hi.take(points))


@dataclass(frozen=True, slots=True)
class Points:
    """Where a rule is looked at.

    The group; the ``first`` and ``last`` frame row that stands in a row set; the span of frame rows from ``begin`` to
    ``until``, both counted, in which others may stand; and a view of each row set.
    """

    group: Ints
    first: Ints
    last: Ints
    begin: Ints
    until: Ints
    views: Mapping[str, View]

    @property
    def size(self) -> int:
        """How many points there are."""
        return self.group.size

    def at(self, points: Ints) -> Points:
        """Some of the points."""
        views = {name: view.at(points) for name, view in self.views.items()}
        own = (self.group, self.first, self.last, self.begin, self.until)
        group, first, last, begin, until = (each.take(points) for each in own)
        return Points(group, first, last, begin, until, views)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure at each point; ``known`` is None where it is known everywhere."""

    value: Ints
    known: NDArray[np.bool_] | None = None
