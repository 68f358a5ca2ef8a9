"""Money that goes on: chains of payments, much gathered and then spread, parties that keep nothing.

Bounds are those of :mod:`amlscreen.features.rounds`. Gather-scatter is IBM's (see :mod:`amlscreen.features.fans`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amlscreen.features.again import seen_again
from amlscreen.features.aside import Column
from amlscreen.features.by_flow import by_flow
from amlscreen.features.flow import DAY, Flow, share
from amlscreen.features.near import CHAIN
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
_HOP_DAYS = CHAIN[0] // DAY
_CHAIN = f"each paid on within {_HOP_DAYS} days with half of the amount to a twentieth more, not back to its payer"
_LIKE = "parties that pay out four fifths to five fourths of what they are paid, three times or more each way"


@by_flow(
    "payers in a week and payees in the week after",
    "The parties that paid within 7 days or those that were paid in the 7 days after, whichever are fewer; the most at "
    "any time.",
)
def gather_scatter(flow: Flow) -> Values:
    """Fan-in that is followed by fan-out."""
    return flow.told(flow.near["gather_scatter"])


def chains_of(flow: Flow) -> tuple[Ints, Ints, Ints]:
    """By place the longest chain that ends at it, that begins with it, and that passes through it.

    What links are told of later spans of time changes what began before: so they are gone through forwards, then back.
    """
    lengths = [Column(flow.folder, np.int32) for _ in range(2)]
    for one in lengths:
        one.append(np.ones(flow.groups[-1][1], np.int32))
    before, rest = (one.mapped() for one in lengths)
    spans = range(len(flow.links))
    for span in (*spans, *reversed(spans[:-1])):
        links = _by_time(flow, span)
        kernels.chain_lengths(links["first"].copy(), links["second"].copy(), before, rest)
    found = (flow.near["payers"] > 0).astype(np.int64), (flow.near["payees"] > 0).astype(np.int64)
    through = np.zeros(flow.places.size, np.int64)
    for span in spans:
        links = flow.links.of(span)
        whole = before.take(links["first"]) + rest.take(links["first"]) - 1
        for longest, name, length in (
            (found[0], "end", before.take(links["second"])),
            (found[1], "payer", rest.take(links["first"])),
            (through, "via", whole),
        ):
            mine = links[name] < flow.places.size
            np.maximum.at(longest, links[name][mine], length[mine])
    return *found, through


def _by_time(flow: Flow, span: int) -> NDArray[np.void]:
    links = flow.links.of(span)
    return links[np.argsort(links["time"], kind="stable")]


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


@by_flow(
    "share of money from pass-through accounts",
    f"Of the money received from known parties, the share from {_LIKE}.",
    unit="ratio",
)
def from_pass_through(flow: Flow) -> Values:
    """Money that comes from parties that keep nothing."""
    return _with_those(flow, "got")


@by_flow(
    "share of money to pass-through accounts",
    f"Of the money paid to known parties, the share to {_LIKE}.",
    unit="ratio",
)
def to_pass_through(flow: Flow) -> Values:
    """Money that goes to parties that keep nothing."""
    return _with_those(flow, "paid")


def _with_those(flow: Flow, what: str) -> Values:
    seen = seen_again(flow)
    return share(flow, seen[f"{what}_on"], seen[what])
