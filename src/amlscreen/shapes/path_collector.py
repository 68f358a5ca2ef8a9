"""Form ``collector``: several accounts that each hand most of what they get to one and the same.

A *pair* is an account and whom it pays. What came to the account (row set ``inflow``, but for what the other paid it)
is matched with its payments to the other, first in first out and at most ``hop`` apart. At each payment to the
collector, an account is a *spoke* if what came in the last ``within`` and was handed on in it is at least
``spoke_share`` of all that came in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.shapes.path_edges import Edges, instants, party_numbers
from amlscreen.shapes.path_episodes import groups_of
from amlscreen.shapes.path_handed import Came, Links, came_of, handed_on, running, starts_of
from amlscreen.shapes.path_search import Searched

__all__ = ["Collected", "came_in", "collected"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Accounts and whom they pay, sorted by collector; ``paid`` are the payments of each pair, in order of time."""

    spoke: Ints
    collector: Ints
    offsets: Ints
    paid: Ints

    @property
    def size(self) -> int:
        """How many pairs there are."""
        return self.spoke.size

    def at(self, keep: NDArray[np.bool_]) -> Pairs:
        """Some of the pairs."""
        sizes = np.diff(self.offsets)
        paid = self.paid[np.repeat(keep, sizes)]
        return Pairs(self.spoke[keep], self.collector[keep], running(sizes[keep]), paid)


@dataclass(frozen=True, slots=True)
class Collected:
    """Every payment to a collector, sorted by collector and time, with what holds at it."""

    pairs: Pairs
    came: Came
    links: Links
    link_offsets: Ints
    payments: Ints
    offsets: Ints
    measures: dict[str, Values]


def came_in(edges: Edges) -> Came:
    """What row set ``inflow`` says came to each account; ``at`` are rows of the selection."""
    selection = edges.selection
    credit = selection.column("direction")
    rows = np.flatnonzero(selection.sets["inflow"].true & (credit.array == credit.code_of("credit")))
    early, late = instants(selection, rows)
    amount = selection.column("amount").array[rows].astype(np.int64)
    account = selection.column("account").array[rows].astype(np.int64)
    return came_of(account, party_numbers(selection)[rows], early, late, amount, rows, edges.parties)


def _pairs(edges: Edges, least: int) -> Pairs:
    """Pairs of whom both are walked through, whose collector has payers enough that have accounts here.

    Of an account some of whose rows are missing it could not be told which share it hands on.
    """
    spokes = np.zeros(edges.parties, np.bool_)
    spokes[: edges.accounts] = edges.whole
    paid = np.flatnonzero((spokes & edges.walked)[edges.source] & edges.walked[edges.target])
    # Payments are in the order of payer, time and row, and a stable sort leaves them so.
    paid = paid[np.argsort(edges.target[paid], kind="stable")]
    key = edges.target[paid] * edges.parties + edges.source[paid]
    offsets = groups_of(key)
    heads = paid[offsets[:-1]]
    pairs = Pairs(edges.source[heads], edges.target[heads], offsets, paid)
    return pairs.at(np.bincount(pairs.collector, minlength=edges.parties)[pairs.collector] >= least)


def _linked(edges: Edges, pairs: Pairs, came: Came) -> Links:
    early, amount = edges.early[pairs.paid], edges.amount[pairs.paid]
    return handed_on(came, pairs.spoke, pairs.collector, pairs.offsets, early, amount, edges.terms.hop)


def _promising(edges: Edges, pairs: Pairs, came: Came, links: Links, least: int) -> NDArray[np.bool_]:
    """Pairs that can ever be a spoke's: of something that came, by itself, the share was handed on.

    A share of sums is no larger than the largest of the shares.
    """
    pair = np.searchsorted(pairs.offsets, links.went, side="right") - 1
    starts = np.flatnonzero((np.diff(pair, prepend=-1) != 0) | (np.diff(links.came, prepend=-1) != 0))
    passed = np.add.reduceat(links.passed, starts) if starts.size else np.empty(0, np.int64)
    share = np.empty(starts.size, np.int64)
    kernels.floor_ratio(passed, came.amount[links.came[starts]], MILLION, share)
    keep = np.zeros(pairs.size, np.bool_)
    keep[pair[starts[share >= edges.terms.spoke_share]]] = True
    return keep & (np.bincount(pairs.collector[keep], minlength=edges.parties)[pairs.collector] >= least)


def collected(edges: Edges, least: int) -> tuple[Collected, Searched]:
    """All that may make a collector, but for what it hands on itself."""
    came, pairs = came_in(edges), _pairs(edges, least)
    pairs = pairs.at(_promising(edges, pairs, came, _linked(edges, pairs, came), least))
    links = _linked(edges, pairs, came)
    pair = (np.searchsorted(pairs.offsets, links.went, side="right") - 1).astype(np.int64)
    link_offsets = starts_of(pair, pairs.size)
    payments = pairs.paid[np.lexsort((edges.row[pairs.paid], edges.early[pairs.paid], edges.target[pairs.paid]))]
    offsets = groups_of(edges.target[payments])
    spokes, received, wages, shares = (np.zeros(payments.size, np.int64) for _ in range(4))
    told = np.zeros(1, np.int64)
    multiple = edges.column("wage_multiple")
    known = multiple.array * multiple.is_known()
    back_from, back_until, back = _paid_back(edges, pairs, came)
    done = kernels.spokes_at(
        offsets,
        edges.early[payments],
        groups_of(pairs.collector),
        pairs.spoke,
        *(pairs.offsets, edges.early[pairs.paid], running(edges.amount[pairs.paid]), running(known[pairs.paid])),
        *(link_offsets, came.late[links.came], edges.early[pairs.paid[links.went]], running(links.passed)),
        *(came.offsets, came.late, running(came.amount)),
        *(back_from, back_until, came.late[back], running(came.amount[back])),
        np.zeros(8 * pairs.size, np.int64),
        wages,
        *(edges.terms.within, edges.terms.spoke_share, edges.terms.budget),
        *(spokes, received, shares, told),
    )
    looked = spokes >= 0
    measures = {
        "spokes": Values(spokes, looked),
        "received": Values(received, looked),
        "received_wages": Values(wages, looked & multiple.is_known()[payments]),
        "least_share": Values(shares, spokes > 0),
    }
    searched = Searched(int(done) * MILLION // payments.size if done < payments.size else None)
    return Collected(pairs, came, links, link_offsets, payments, offsets, measures), searched


def _paid_back(edges: Edges, pairs: Pairs, came: Came) -> tuple[Ints, Ints, Ints]:
    """Where what the collector of each pair paid the spoke begins and ends among the places that are given last."""
    spokes = np.zeros(edges.parties, np.bool_)
    spokes[pairs.spoke] = True
    order = np.flatnonzero(spokes[came.holder])
    order = order[np.lexsort((came.other[order], came.holder[order]))]  # stable: each pair's stay in order of time
    key = came.holder[order] * (edges.parties + 1) + came.other[order]
    wanted = pairs.spoke * (edges.parties + 1) + pairs.collector
    begin, end = (np.searchsorted(key, wanted, side=side).astype(np.int64) for side in ("left", "right"))
    return begin, end, order.astype(np.int64)
