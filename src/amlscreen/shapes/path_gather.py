"""Form ``gather_scatter``: an account that many pay and that soon pays many.

What came is matched with what left later, first in first out and at most ``hop`` apart. At each payment that left, the
``senders`` and ``receivers`` of what was matched within ``within`` are counted; ``sent`` is all that came in the span,
``arrived`` what of it went on, ``waited`` how long that lay there on average.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.shapes.path_edges import Edges
from amlscreen.shapes.path_episodes import Span, episodes_of
from amlscreen.shapes.path_handed import Came, Links, handed_on, payments_to, running, starts_of
from amlscreen.shapes.path_picture import Picture, pick_payments
from amlscreen.shapes.path_search import Searched
from amlscreen.shapes.path_terms import least_of
from amlscreen.shapes.plan import Plan

__all__ = ["Gathered", "gather_pictures", "gathered"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was handed on, link by link; ``offsets`` say where those of each party begin, ``left`` and ``right`` which
    count together with each.
    """

    came: Came
    links: Links
    left: Ints
    right: Ints
    offsets: Ints
    measures: dict[str, Values]


def gather_pictures(plan: Plan, edges: Edges) -> tuple[list[Picture], Searched]:
    """Accounts that gather and scatter, each with its senders and receivers."""
    found = gathered(edges, least_of(plan, "senders", 2), least_of(plan, "receivers", 2))
    left, right = found.left, found.right
    return [
        _picture(edges, found, span, range(int(left[span[2]]), int(right[span[2]]) + 1))
        for span in episodes_of(plan, found.offsets, left, right, found.measures)
    ], Searched()


def gathered(edges: Edges, senders: int, receivers: int) -> Gathered:
    """All that was handed on by accounts with so many senders and receivers in all."""
    payers, paid = edges.pairs
    wanted = edges.walked & (np.bincount(paid, minlength=edges.parties) >= senders)
    wanted &= np.bincount(payers, minlength=edges.parties) >= receivers
    ins, outs = np.flatnonzero(wanted[edges.target]), np.flatnonzero(wanted[edges.source])
    came = payments_to(edges, ins)
    parties = np.arange(edges.parties, dtype=np.int64)
    offsets = starts_of(edges.source[outs], edges.parties)
    nobody = np.full(edges.parties, -1, np.int64)
    hop = min(edges.terms.hop, edges.terms.within - 1)
    links = handed_on(came, parties, nobody, offsets, edges.early[outs], edges.amount[outs], hop)
    links = Links(links.came, outs[links.went], links.passed)
    left, right, groups = _windows(edges, came, links)
    return Gathered(came, links, left, right, groups, _measures(edges, came, links, left, right))


def _windows(edges: Edges, came: Came, links: Links) -> tuple[Ints, Ints, Ints]:
    """For each link, the first and last of its party's links that came and went within the span up to its instant."""
    party, time = edges.source[links.went], edges.early[links.went]
    ends = np.flatnonzero((np.diff(party, append=-1) != 0) | (np.diff(time, append=-1) != 0))
    right = ends[np.searchsorted(ends, np.arange(links.size))].astype(np.int64)
    groups = starts_of(party, edges.parties)
    left, high = np.empty(links.size, np.int64), np.empty(links.size, np.int64)
    latest = np.full(links.size, np.iinfo(np.int64).max)
    kernels.between(party, groups, came.late[links.came], time - edges.terms.within, latest, left, high)
    return left, right, groups


def _measures(edges: Edges, came: Came, links: Links, left: Ints, right: Ints) -> dict[str, Values]:
    party, time = edges.source[links.went], edges.early[links.went]
    low, high = np.empty(links.size, np.int64), np.empty(links.size, np.int64)
    kernels.between(party, came.offsets, came.late, time - edges.terms.within, time, low, high)
    wages = edges.column("wage_multiple")
    sums = [running(each) for each in (came.amount, wages.array[came.at] * wages.is_known()[came.at])]
    passed = running(links.passed)
    sent, sent_wages = (each[high] - each[low] for each in sums)
    arrived = passed[right + 1] - passed[left]
    kept, waited = np.empty(links.size, np.int64), np.empty(links.size, np.int64)
    kernels.floor_ratio(arrived, sent, MILLION, kept)
    wait = time - came.early[links.came]
    kernels.slice_weighted(left, right + 1, links.passed, wait, waited)
    return {
        "senders": _distinct(left, right, came.other[links.came], edges.parties),
        "receivers": _distinct(left, right, edges.target[links.went], edges.parties),
        "waited": Values(waited),
        "sent": Values(sent),
        "arrived": Values(arrived),
        "kept": Values(np.maximum(kept, 0), kept >= 0),
        "sent_wages": Values(sent_wages, wages.is_known()[links.went]),
    }


def _distinct(left: Ints, right: Ints, party: Ints, parties: int) -> Values:
    out = np.empty(left.size, np.int64)
    kernels.slice_distinct(left, right + 1, party.astype(np.int32), np.zeros(parties, np.int32), out)
    return Values(out)


def _picture(edges: Edges, found: Gathered, span: Span, decisive: range) -> Picture:
    start, end, peak = span
    came, links, measures = found.came, found.links, found.measures
    party, until = int(edges.source[links.went[peak]]), int(edges.early[links.went[peak]])
    ones, others = came.at[links.came[start : end + 1]], links.went[start : end + 1]
    span_of = slice(int(came.offsets[party]), int(came.offsets[party + 1]))
    late = came.late[span_of]
    in_span = came.at[span_of][(until - edges.terms.within < late) & (late <= until)]
    place = np.arange(start, end + 1)
    linked = (decisive.start <= place) & (place < decisive.stop)
    told = pick_payments(
        edges,
        np.concatenate([ones, others, in_span]),
        np.repeat(["in", "out", "in"], [ones.size, others.size, in_span.size]),
        np.concatenate([linked, linked, np.ones(in_span.size, np.bool_)]),
    )
    senders = edges.source[np.concatenate([ones, in_span])]
    parts = {party: "through"}
    for part, among in (("sender", senders), ("receiver", edges.target[others])):
        parts |= {other: part for other in dict.fromkeys(among.tolist()) if other not in parts}
    values = {name: one.told(peak) for name, one in measures.items()}
    return Picture(party, [*parts.items()], values, *told)
