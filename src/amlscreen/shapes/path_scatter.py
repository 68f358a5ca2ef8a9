"""Form ``scatter_gather``: one pays several, and these pay one and the same.

Each of those in between gets a payment and makes one that goes on from it. No payment is in two such pairs of the same
two ends. At each payment to the end, those of the last ``within`` count; the payments before them lie up to ``hop``
further back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.shapes.path_edges import Edges
from amlscreen.shapes.path_episodes import Span, episodes_of, groups_of, spans_of
from amlscreen.shapes.path_handed import running
from amlscreen.shapes.path_picture import Picture, pick
from amlscreen.shapes.path_search import Searched, hub_notes
from amlscreen.shapes.path_terms import least_of
from amlscreen.shapes.plan import Plan

__all__ = ["Scattered", "scatter_pictures", "scattered"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scattered:
    """Pairs of payments, sorted by their ends and the time of the second; ``left`` and ``right`` say which count
    together with each.
    """

    first: Ints
    second: Ints
    left: Ints
    right: Ints
    offsets: Ints
    measures: dict[str, Values]


def scatter_pictures(plan: Plan, edges: Edges) -> tuple[list[Picture], Searched]:
    """Two ends with those in between: about the end the money came to, or the other if only that is an account here."""
    found, searched = scattered(edges, least_of(plan, "middles", 2))
    left, right = found.left, found.right
    return [
        _picture(edges, found, span, range(int(left[span[2]]), int(right[span[2]]) + 1), searched)
        for span in episodes_of(plan, found.offsets, left, right, found.measures)
    ], searched


def scattered(edges: Edges, least: int) -> tuple[Scattered, Searched]:
    """All pairs of payments between two ends with so many in between."""
    first, second, searched = _relays(edges)
    ends = edges.source[first] * edges.parties + edges.target[second]
    first, second, ends = _with_middles(edges, first, second, ends, least)
    order = np.lexsort((edges.row[second], edges.early[second], edges.row[first], edges.early[first], ends))
    first, second, ends = first[order], second[order], ends[order]
    keep = np.empty(first.size, np.bool_)
    kernels.once_each(groups_of(ends), first, second, np.full(edges.size, -1, np.int64), keep)
    first, second, ends = first[keep], second[keep], ends[keep]
    order = np.lexsort((edges.row[second], edges.early[second], ends))
    first, second, ends = first[order], second[order], ends[order]
    offsets = groups_of(ends)
    left, right = spans_of(offsets, edges.early[second], edges.terms.within)
    return Scattered(first, second, left, right, offsets, _measures(edges, first, second, left, right)), searched


def _relays(edges: Edges) -> tuple[Ints, Ints, Searched]:
    told = np.zeros(2, np.int64)
    flow = (edges.offsets, edges.source, edges.target, edges.early, edges.late, edges.amount)
    given = (*flow, *edges.bounds, edges.walked, edges.terms.hop, edges.terms.budget)
    first, second = np.empty(edges.size, np.int64), np.empty(edges.size, np.int64)
    size = kernels.relays(*given, first, second, told)
    if size > edges.size:  # seldom; so many places as there are payments take no memory until they are filled
        first, second = np.empty(size, np.int64), np.empty(size, np.int64)
        kernels.relays(*given, first, second, told)
    return first[:size], second[:size], Searched(int(told[1]) * MILLION // edges.size if told[1] < edges.size else None)


def _with_middles(edges: Edges, first: Ints, second: Ints, ends: Ints, least: int) -> tuple[Ints, Ints, Ints]:
    """Only pairs of ends that have enough in between."""
    order = np.lexsort((edges.target[first], ends))
    first, second, ends = first[order], second[order], ends[order]
    new = (np.diff(ends, prepend=-1) != 0) | (np.diff(edges.target[first], prepend=-1) != 0)
    offsets = groups_of(ends)
    middles = np.add.reduceat(new, offsets[:-1], dtype=np.int64) if ends.size else np.empty(0, np.int64)
    keep = np.repeat(middles >= least, np.diff(offsets))
    return first[keep], second[keep], ends[keep]


def _measures(edges: Edges, first: Ints, second: Ints, left: Ints, right: Ints) -> dict[str, Values]:
    wages = edges.column("wage_multiple")
    sums = [running(each) for each in (edges.amount[first], edges.amount[second], wages.array[first])]
    sent, arrived, sent_wages = (each[right + 1] - each[left] for each in sums)
    middles, begin, kept = (np.empty(first.size, np.int64) for _ in range(3))
    codes = edges.target[first].astype(np.int32)
    kernels.slice_distinct(left, right + 1, codes, np.zeros(edges.parties, np.int32), middles)
    kernels.slice_extreme(left, right + 1, edges.early[first], -1, begin)
    kernels.floor_ratio(arrived, sent, MILLION, kept)
    return {
        "middles": Values(middles),
        "duration": Values(edges.early[second] - begin),
        "sent": Values(sent),
        "arrived": Values(arrived),
        "kept": Values(np.maximum(kept, 0), kept >= 0),
        "sent_wages": Values(sent_wages, wages.is_known()[first]),
    }


def _picture(
    edges: Edges,
    found: Scattered,
    span: Span,
    decisive: range,
    searched: Searched,
) -> Picture:
    start, end, peak = span
    first, second, measures = found.first, found.second, found.measures
    origin, last = int(edges.source[first[peak]]), int(edges.target[second[peak]])
    parts = {last: "end", origin: "origin"}
    if edges.is_own(np.array([last, origin])).tolist() == [False, True]:
        parts = {origin: "origin", last: "end"}
    rows = []
    for place in range(start, end + 1):
        for edge, part in ((int(first[place]), "hop 1"), (int(second[place]), "hop 2")):
            rows.append((int(edges.early[edge]), int(edges.row[edge]), part, place in decisive))
        parts.setdefault(int(edges.target[first[place]]), "middle")
    values = {name: one.told(peak) for name, one in measures.items()}
    notes = searched.hit_notes + hub_notes(edges, (origin, last))
    return Picture(next(iter(parts)), [*parts.items()], values, *pick(rows), notes)
