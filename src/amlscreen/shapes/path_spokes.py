"""Collectors that meet ``when``, each with its spokes and with what it passes on itself.

``passed_on`` is the share of what the spokes paid that left the collector, in any way that row set ``moves`` takes, at
most ``hop`` after it came; of an outside collector it is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.rules.grammar import Path
from amlscreen.shapes.path_collector import Collected, collected
from amlscreen.shapes.path_edges import Edges, instants
from amlscreen.shapes.path_episodes import Span, episodes_of, spans_of
from amlscreen.shapes.path_handed import Came, Links, handed_on, payments_to, starts_of
from amlscreen.shapes.path_picture import Picture, pick
from amlscreen.shapes.path_search import Searched
from amlscreen.shapes.path_terms import least_of
from amlscreen.shapes.plan import Plan

__all__ = ["collector_measures", "collector_pictures", "spokes_of"]

Ints = NDArray[np.int64]
Row = tuple[int, int, str, bool]


def collector_pictures(plan: Plan, edges: Edges) -> tuple[list[Picture], Searched]:
    """Collectors with their spokes."""
    assert isinstance(plan.detect, Path)
    found, searched = collected(edges, least_of(plan, "spokes", 1))
    measures, onward = collector_measures(edges, found)
    time = edges.early[found.payments]
    left, right = spans_of(found.offsets, time, edges.terms.within)
    return [
        _picture(edges, found, onward, span, int(left[span[2]]), measures, searched)
        for span in episodes_of(plan, found.offsets, left, right, measures)
    ], searched


class _Onward:
    """What collectors pay on of what they got from those who may be spokes; ``rows`` are of the selection."""

    def __init__(self, edges: Edges, found: Collected) -> None:
        paid = found.payments
        self.came = payments_to(edges, paid)
        is_collector = np.zeros(edges.parties, np.bool_)
        is_collector[edges.target[paid]] = True
        selection = edges.selection
        direction = selection.column("direction")
        account = selection.column("account").array.astype(np.int64)
        debit = selection.sets["moves"].true & (direction.array == direction.code_of("debit"))
        rows = np.flatnonzero(debit & is_collector[account])
        early, _ = instants(selection, rows)
        order = np.lexsort((rows, early, account[rows]))
        self.rows, self.early = rows[order], early[order]
        offsets = starts_of(account[self.rows], edges.parties)
        every, nobody = np.arange(edges.parties, dtype=np.int64), np.full(edges.parties, -1, np.int64)
        amount = selection.column("amount").array[self.rows].astype(np.int64)
        self.links = handed_on(self.came, every, nobody, offsets, self.early, amount, edges.terms.hop)


def collector_measures(edges: Edges, found: Collected) -> tuple[dict[str, Values], _Onward]:
    """All measures at each payment to a collector."""
    onward = _Onward(edges, found)
    passed = np.zeros(onward.came.amount.size, np.int64)
    np.add.at(passed, onward.links.came, onward.links.passed)
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(passed)])
    collector, time = edges.target[found.payments], edges.early[found.payments]
    low, high = np.empty(time.size, np.int64), np.empty(time.size, np.int64)
    kernels.between(collector, onward.came.offsets, onward.came.late, time - edges.terms.within, time, low, high)
    received, share = found.measures["received"].array, np.empty(time.size, np.int64)
    kernels.floor_ratio(np.minimum(running[high] - running[low], received), received, MILLION, share)
    known = (share >= 0) & edges.is_own(collector)
    return found.measures | {"passed_on": Values(np.maximum(share, 0), known)}, onward


def spokes_of(edges: Edges, found: Collected, payment: int) -> Iterator[tuple[int, int, int]]:
    """At one payment to a collector, the pairs that are spokes', each with what was handed on and what came."""
    at = int(found.payments[payment])
    until, collector = int(edges.early[at]), int(edges.target[at])
    after = until - edges.terms.within
    came, links, pairs = found.came, found.links, found.pairs
    for pair in range(*np.searchsorted(pairs.collector, [collector, collector + 1]).tolist()):
        span = slice(int(found.link_offsets[pair]), int(found.link_offsets[pair + 1]))
        inside = came.late[links.came[span]] > after
        inside &= edges.early[pairs.paid[links.went[span]]] <= until
        passed = int(links.passed[span][inside].sum())
        spoke = int(pairs.spoke[pair])
        got = slice(int(came.offsets[spoke]), int(came.offsets[spoke + 1]))
        counted = (came.late[got] > after) & (came.late[got] <= until) & (came.other[got] != collector)
        total = int(came.amount[got][counted].sum())
        if passed and passed * MILLION // total >= edges.terms.spoke_share:
            yield pair, passed, total


def _picture(
    edges: Edges,
    found: Collected,
    onward: _Onward,
    span: Span,
    left: int,
    measures: dict[str, Values],
    searched: Searched,
) -> Picture:
    start, end, peak = span
    pairs = [pair for pair, _, _ in spokes_of(edges, found, peak)]
    spokes = {int(found.pairs.spoke[pair]) for pair in pairs}
    lead, until = int(edges.target[found.payments[peak]]), int(edges.early[found.payments[peak]])
    rows: list[Row] = []
    for place in range(start, end + 1):
        one = int(found.payments[place])
        if int(edges.source[one]) in spokes:
            decides = left <= place and int(edges.early[one]) <= until
            rows.append((int(edges.early[one]), int(edges.row[one]), "in", decides))
    rows += _behind(found, pairs, until - edges.terms.within, until)
    rows += _ahead(onward, lead, spokes, until - edges.terms.within, until)
    values = {name: one.told(peak) for name, one in measures.items()}
    return Picture(
        lead,
        [(lead, "collector"), *((one, "spoke") for one in sorted(spokes))],
        values,
        *pick(rows),
        searched.hit_notes,
    )


def _behind(found: Collected, pairs: list[int], after: int, until: int) -> Iterator[Row]:
    """What came to the spokes and was handed on: context of their payments."""
    came, links = found.came, found.links
    for pair in pairs:
        for place in np.unique(links.came[found.link_offsets[pair] : found.link_offsets[pair + 1]]).tolist():
            if after < came.late[place] <= until:
                yield int(came.early[place]), int(came.at[place]), "inflow", False


def _ahead(onward: _Onward, lead: int, spokes: set[int], after: int, until: int) -> Iterator[Row]:
    """What the collector paid on of what the spokes paid it."""
    came: Came = onward.came
    links: Links = onward.links
    low, high = np.searchsorted(links.came, [came.offsets[lead], came.offsets[lead + 1]]).tolist()
    for place, went in zip(links.came[low:high].tolist(), links.went[low:high].tolist(), strict=True):
        if after < came.late[place] <= until and int(came.other[place]) in spokes:
            yield int(onward.early[went]), int(onward.rows[went]), "out", True
