"""Money that goes on: chains of payments, much gathered and then spread, parties that keep nothing.

Bounds are those of :mod:`amlscreen.features.rounds`. Gather-scatter is IBM's (see :mod:`amlscreen.features.fans`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amlscreen.features.by_flow import by_flow
from amlscreen.features.flow import DAY, MOST, Flow, Side, most, share, sums
from amlscreen.ledger import kernels
from amlscreen.ledger.partition import Values

__all__ = [
    "chain_from",
    "chain_up_to",
    "chains_of",
    "from_pass_through",
    "gather_scatter",
    "pass_through_depth",
    "to_pass_through",
]

Ints = NDArray[np.int64]
_WEEK = 7 * DAY
_HOP_DAYS = 3
_LEAST_PART, _MORE = 2, 20
_CHAIN = f"each paid on within {_HOP_DAYS} days with half of the amount to a twentieth more, not back to its payer"
_LIKE = "parties that pay out four fifths to five fourths of what they are paid, three times or more each way"


@by_flow(
    "payers in a week and payees in the week after",
    "The parties that paid within 7 days or those that were paid in the 7 days after, whichever are fewer; the most at "
    "any time.",
)
def gather_scatter(flow: Flow) -> Values:
    """Fan-in that is followed by fan-out."""
    into, order = flow.into, flow.by_receiver
    gathered = flow.payers_in_a_week
    first, until, scattered = (np.empty(order.size, np.int64) for _ in range(3))
    kernels.until(
        into.offsets, into.time, flow.onward_by_receiver, flow.out.offsets, flow.out.time, _WEEK, first, until
    )
    kernels.slice_distinct(first, until, flow.out.other, np.zeros(flow.parties, np.int32), scattered)
    return flow.told(most(np.minimum(gathered, scattered), into.offsets))


def chains_of(flow: Flow) -> tuple[Ints, Ints, Ints]:
    """For each party the longest chain that ends at it, that begins with it, and that passes through it."""
    into, out = flow.into, flow.out
    pairs = [np.empty(0, np.int32)] * 2
    for _ in range(2):  # counted, then written
        count = kernels.payments_on(
            into.offsets, flow.by_receiver, into.other, into.time, into.amount, flow.onward_by_receiver, out.offsets,
            out.other, out.time, out.amount, flow.walked, _HOP_DAYS * DAY, MOST, _LEAST_PART, _MORE, *pairs,
        )  # fmt: skip
        pairs = pairs if pairs[0].size else [np.empty(count, np.int32) for _ in range(2)]
    rank = np.empty(flow.order.size, np.int32)
    rank[flow.order] = np.arange(rank.size, dtype=np.int32)
    by_time = np.argsort(rank.take(pairs[0]), kind="stable")
    before, rest = (np.ones(flow.source.size, np.int32) for _ in range(2))
    kernels.chain_lengths(pairs[0].take(by_time), pairs[1].take(by_time), before, rest)
    through = np.where(rest > 1, before + rest - 1, 0)
    ends, passes = (each.take(flow.by_receiver).astype(np.int64) for each in (before, through))
    longest = most(rest.astype(np.int64), out.offsets)
    return most(ends, into.offsets), longest, most(passes, into.offsets)


def _chains(flow: Flow, place: int) -> Values:
    return flow.told(flow.once("chains", lambda: chains_of(flow))[place])


@by_flow("payments in a row up to it", f"Payments in the longest chain that ends at it, {_CHAIN}.")
def chain_up_to(flow: Flow) -> Values:
    """How far money has come."""
    return _chains(flow, 0)


@by_flow("payments in a row from it", f"Payments in the longest chain that begins with it, {_CHAIN}.")
def chain_from(flow: Flow) -> Values:
    """How far money goes."""
    return _chains(flow, 1)


@by_flow(
    "payments in a row through it", f"Payments in the longest chain that passes through it, {_CHAIN}; 0 if none does."
)
def pass_through_depth(flow: Flow) -> Values:
    """The longest chain it hands on in."""
    return _chains(flow, 2)


def _hands_on(flow: Flow) -> NDArray[np.bool_]:
    paid, got = sums(flow.out, flow.out.amount), sums(flow.into, flow.into.amount)
    often = np.minimum(np.diff(flow.out.offsets), np.diff(flow.into.offsets)) >= 3
    return np.asarray(often & flow.walked & (5 * (paid // 4) >= got) & (5 * (got // 4) >= paid))


@by_flow(
    "share of money from pass-through accounts",
    f"Of the money received from known parties, the share from {_LIKE}.",
    unit="ratio",
)
def from_pass_through(flow: Flow) -> Values:
    """Money that comes from parties that keep nothing."""
    return _with_those(flow, flow.into)


@by_flow(
    "share of money to pass-through accounts",
    f"Of the money paid to known parties, the share to {_LIKE}.",
    unit="ratio",
)
def to_pass_through(flow: Flow) -> Values:
    """Money that goes to parties that keep nothing."""
    return _with_those(flow, flow.out)


def _with_those(flow: Flow, side: Side) -> Values:
    such = flow.once("hands on", lambda: _hands_on(flow)).take(side.other)
    return share(flow, sums(side, np.where(such, side.amount, 0)), sums(side, side.amount))
