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
    """Payments seen from one end: ``order`` sorts them by ``here``; up is down with time turned round."""

    here: Ints
    there: Ints
    begin: Ints
    end: Ints
    order: Ints
    offsets: Ints


def _sides(edges: Edges, since: int) -> Iterator[_Side]:
    for here, there, begin, end in (
        (edges.source, edges.target, edges.early, edges.late),
        (edges.target, edges.source, -edges.late, -edges.early),
    ):
        order = np.flatnonzero(edges.early >= since)
        if here is not edges.source:  # payments are in the order of payer and time
            order = order[np.lexsort((begin[order], here[order]))]
        counts = np.bincount(here[order], minlength=edges.parties)
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
        yield _Side(here, there, begin, end, order, offsets)


def reached(edges: Edges, marked: Marked, last_day: int) -> tuple[list[list[Links]], Searched]:
    """For money down and money up, the payments at each distance, 1 first; each party at every distance it has."""
    offset = edges.reference.jurisdiction.utc_offset_minutes * 60_000_000
    since = (last_day + 1) * DAY - offset - edges.terms.within
    steps, found, stopped = 0, [], ""
    for side in _sides(edges, since):
        levels: list[Links] = []
        party, mark, known = marked.party, marked.mark, np.full(marked.party.size, np.iinfo(np.int64).min)
        for distance in range(1, edges.terms.most_hops + 1):
            sizes = np.diff(side.offsets)[party]
            steps += int(sizes.sum())
            if steps > edges.terms.budget:
                stopped = f"before step {distance}"
                break
            levels.append(_onward(edges, side, marked, party, mark, known))
            party, mark, known = _states(edges, levels[-1])
        found.append(levels)
    return found, Searched(at=stopped)


def _onward(edges: Edges, side: _Side, marked: Marked, party: Ints, mark: Ints, known: Ints) -> Links:
    """The payments that leave these parties after the money is known to have come; named parties are no goal."""
    low = side.offsets[party]
    size = side.offsets[party + 1] - low
    named = np.zeros(edges.parties, np.bool_)
    named[marked.party] = True
    before = np.repeat(np.arange(party.size), size)
    place = np.arange(before.size) - np.repeat(np.cumsum(size) - size - low, size)
    edge = side.order[place]
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
