"""Money that comes back, and money that parts and meets again.

Cycles and scatter-gather are those of IBM's graph features (see :mod:`amlscreen.features.fans`), told of every subject
on the way. The order of time is kept: money goes on only in a payment that is certainly later. Parties with more than
:data:`~amlscreen.features.flow.HUB` counterparties are not passed through, and of each party on the way the next
:data:`~amlscreen.features.flow.MOST` payments are looked at: what is counted is what was seen within these bounds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amlscreen.features.by_flow import by_flow
from amlscreen.features.flow import DAY, MOST, Flow
from amlscreen.ledger import kernels
from amlscreen.ledger.partition import Values

__all__ = [
    "meetings_of",
    "reached_by",
    "reaches",
    "rounds_of",
    "rounds_of_2",
    "rounds_of_3",
    "rounds_of_4",
    "scatter_gather_between",
    "scatter_gather_in",
    "scatter_gather_out",
]

Ints = NDArray[np.int64]
_ROUND_DAYS, _MEETING_DAYS = 90, 7
_LEAST_PART, _MORE = 3, 1
_ROUNDS = (
    f"Payers and payees with a payment from which money comes back to the payer within {_ROUND_DAYS} days over {{}} "
    "hops and no fewer, each later than the one before, whatever the amounts. Each two count once, for every party on "
    "the way."
)
_ON = f"within {_MEETING_DAYS} days and with a third to twice the amount"


def rounds_of(flow: Flow) -> tuple[Ints, Ints, Ints]:
    """For each party the rounds of two, three and four payments it stands on."""
    two, three, four = (np.zeros(flow.parties, np.int64) for _ in range(3))
    stamp, done = (np.full(flow.parties, -1, np.int32) for _ in range(2))
    last, into, out = np.zeros(flow.parties, np.int64), flow.into, flow.out
    kernels.returns(
        out.offsets, out.other, out.time, flow.late, flow.onward, into.offsets, into.other, into.time, flow.walked,
        _ROUND_DAYS * DAY, MOST, stamp, last, done, two, three, four,
    )  # fmt: skip
    return two, three, four


def _rounds(flow: Flow, place: int) -> Values:
    return flow.told(flow.once("rounds", lambda: rounds_of(flow))[place])


@by_flow("rounds of 2 payments", _ROUNDS.format("2"))
def rounds_of_2(flow: Flow) -> Values:
    """Money to and fro."""
    return _rounds(flow, 0)


@by_flow("rounds of 3 payments", _ROUNDS.format("3"))
def rounds_of_3(flow: Flow) -> Values:
    """Cycles over two others."""
    return _rounds(flow, 1)


@by_flow("rounds of 4 payments", _ROUNDS.format("4"))
def rounds_of_4(flow: Flow) -> Values:
    """Cycles over three others."""
    return _rounds(flow, 2)


def meetings_of(flow: Flow) -> tuple[Ints, ...]:
    """For each party the third parties its money reaches and that reach it; then the parties over which it is split."""
    found = tuple(np.zeros(flow.parties, np.int64) for _ in range(5))
    stamp, count, through = (np.full(flow.parties, -1, np.int32) for _ in range(3))
    out = flow.out
    kernels.meetings(
        out.offsets, out.other, out.time, out.amount, flow.onward, flow.out_pairs, flow.walked, _MEETING_DAYS * DAY,
        MOST, _LEAST_PART, _MORE, stamp, count, through, *found,
    )  # fmt: skip
    return found


def _meetings(flow: Flow, place: int) -> Values:
    return flow.told(flow.once("meetings", lambda: meetings_of(flow))[place])


@by_flow("third parties its money reaches", f"Third parties that were paid by those it paid, {_ON}.")
def reaches(flow: Flow) -> Values:
    """Parties two hops on."""
    return _meetings(flow, 0)


@by_flow("third parties whose money reaches it", f"Third parties that paid those who paid it, {_ON}.")
def reached_by(flow: Flow) -> Values:
    """Parties two hops back."""
    return _meetings(flow, 1)


@by_flow(
    "parties over which its money parts and meets again",
    f"The most parties over which what it paid came together at one third party, {_ON}; 0 below two.",
)
def scatter_gather_out(flow: Flow) -> Values:
    """The payer of the widest scatter-gather."""
    return _meetings(flow, 2)


@by_flow(
    "parties over which one payer's money meets at it",
    f"The most parties over which what one third party paid came together at it, {_ON}; 0 below two.",
)
def scatter_gather_in(flow: Flow) -> Values:
    """The receiver of the widest scatter-gather."""
    return _meetings(flow, 3)


@by_flow(
    "parties side by side with it between two others",
    f"The most parties, itself among them, over which one party's money came together at another, {_ON}; 0 below two.",
)
def scatter_gather_between(flow: Flow) -> Values:
    """One in the middle of the widest scatter-gather."""
    return _meetings(flow, 4)
