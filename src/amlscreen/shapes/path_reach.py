"""Form ``reach``: who got money from, or sent money to, a party that was reported before, directly or over others.

Money is followed in the order of time, down from the named party (what it paid, then what the receivers paid later) or
up to it, over the last ``within`` up to the run's day. Amounts and ``hop`` do not matter; parties that are not walked
through end it. A subject is told at its shortest distance: ``marked`` counts the named parties at that distance,
``moved`` adds up its own payments on those ways. Named parties themselves, and owners of accounts that are named, are
not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.shapes.path_edges import Edges
from amlscreen.shapes.path_marked import Marked
from amlscreen.shapes.path_search import Searched
from amlscreen.shapes.plan import DAY

__all__ = ["Links", "reached"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Links:
    """Payments at one distance: from which place of the distance before, which payment, to whom, for which mark.

    ``known`` is when the money is known to have come, or gone: the later it leaves, or the earlier it arrives.
    """

    before: Ints
    edge: Ints
    party: Ints
    mark: Ints
    known: Ints


@dataclass(frozen=True, slots=True)
class _Side:
    """Payments seen from one end, ``here``; up is down with time turned round. Those at ``inside`` are late enough."""

    here: Ints
    there: Ints
    begin: Ints
    end: Ints
    inside: Ints

    def of(self, party: Ints, parties: int) -> tuple[Ints, Ints]:
        """The payments of these parties, each party's by when they begin, and where those of each of all begin."""
        wanted = np.zeros(parties, np.bool_)
        wanted[party] = True
        order = self.inside[wanted[self.here[self.inside]]]
        order = order[np.lexsort((self.begin[order], self.here[order]))]
        counts = np.bincount(self.here[order], minlength=parties)
        return order, np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def _sides(edges: Edges, since: int) -> Iterator[_Side]:
    inside = np.flatnonzero(edges.early >= since)
    yield _Side(edges.source, edges.target, edges.early, edges.late, inside)
    yield _Side(edges.target, edges.source, -edges.late, -edges.early, inside)


def reached(edges: Edges, marked: Marked, last_day: int) -> tuple[list[list[Links]], Searched]:
    """For money down and money up, the payments at each distance, 1 first; each party at every distance it has."""
    offset = edges.reference.jurisdiction.utc_offset_minutes * 60_000_000
    since = (last_day + 1) * DAY - offset - edges.terms.within
    steps, found, stopped = 0, [], ""
    for side in _sides(edges, since):
        levels: list[Links] = []
        party, mark, known = marked.party, marked.mark, np.full(marked.party.size, np.iinfo(np.int64).min)
        for distance in range(1, edges.terms.most_hops + 1):
            order, offsets = side.of(party, edges.parties)
            low, size = offsets[party], np.diff(offsets)[party]
            steps += int(size.sum())
            if steps > edges.terms.budget:
                stopped = f"before step {distance}"
                break
            before = np.repeat(np.arange(party.size), size)
            edge = order[np.arange(before.size) - np.repeat(np.cumsum(size) - size - low, size)]
            levels.append(_onward(edges, side, marked, mark, known, before, edge))
            party, mark, known = _states(edges, levels[-1])
        found.append(levels)
    return found, Searched(at=stopped)


def _onward(edges: Edges, side: _Side, marked: Marked, mark: Ints, known: Ints, before: Ints, edge: Ints) -> Links:
    """Of payments of the parties ``before``, those after the money is known to have come; named parties are no goal."""
    named = np.zeros(edges.parties, np.bool_)
    named[marked.party] = True
    keep = (side.begin[edge] > known[before]) & ~named[side.there[edge]]
    before, edge = before[keep], edge[keep]
    return Links(before, edge, side.there[edge], mark[before], side.end[edge])


def _states(edges: Edges, links: Links) -> tuple[Ints, Ints, Ints]:
    """Each party walked through, for each mark once, with the earliest instant at which money is known to have come."""
    keep = np.flatnonzero(edges.walked[links.party])
    keep = keep[np.lexsort((links.known[keep], links.mark[keep], links.party[keep]))]
    party, mark = links.party[keep], links.mark[keep]
    first = np.flatnonzero((np.diff(party, prepend=-1) != 0) | (np.diff(mark, prepend=-1) != 0))
    return party[first], mark[first], links.known[keep][first]
