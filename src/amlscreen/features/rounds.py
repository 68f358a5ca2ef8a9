"""Money that comes back, and money that parts and meets again.

Cycles and scatter-gather are those of IBM's graph features (see :mod:`amlscreen.features.fans`), told of every subject
on the way. The order of time is kept: money goes on only in a payment that is certainly later. Parties with more than
:data:`~amlscreen.features.flow.HUB` counterparties are not passed through, and of each party on the way the next
:data:`~amlscreen.features.flow.MOST` payments are looked at: what is counted is what was seen within these bounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.features.aside import Column
from amlscreen.features.by_flow import by_flow
from amlscreen.features.flow import DAY, MOST, Flow
from amlscreen.features.near import MEETING
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
Codes = NDArray[np.int32]
_ROUND_DAYS, _MEETING_DAYS = 90, MEETING[0] // DAY
_ROUNDS = (
    f"Payers and payees with a payment from which money comes back to the payer within {_ROUND_DAYS} days over {{}} "
    "hops and no fewer, each later than the one before, whatever the amounts. Each two count once, for every party on "
    "the way."
)
_ON = f"within {_MEETING_DAYS} days and with a third to twice the amount"


def rounds_of(flow: Flow) -> tuple[Codes, Codes, Codes]:
    """By place the rounds of two, three and four payments it stands on.

    Only parties that money passes through are numbered, and payments with others are marked by -1.
    """
    walked = np.flatnonzero(flow.walked)
    number = np.full(flow.parties, -1, np.int32)
    number[walked] = np.arange(walked.size, dtype=np.int32)
    other = Column(flow.folder, np.int32), Column(flow.folder, np.int32)
    slices = np.empty((4, walked.size), np.int64)
    for low, high, by, to in flow.each_group():
        mine = number[low:high] >= 0
        for side, (filed, start) in enumerate(((flow.out, by), (flow.into, to))):
            some = filed.of(low, high, start)
            other[side].append(number.take(some.other))
            here = slice(*np.searchsorted(walked, (low, high)))
            slices[2 * side, here], slices[2 * side + 1, here] = (
                start + each[mine] for each in (some.offsets[:-1], some.offsets[1:])
            )
    found = tuple(np.zeros(walked.size, np.int32) for _ in range(3))
    stamp, done = (np.full(walked.size, -1, np.int32) for _ in range(2))
    early = flow.out.time.mapped()
    kernels.returns(
        slices[0], slices[1], other[0].mapped(), early, flow.late.mapped() if flow.late.size else early,
        flow.onward.mapped(), slices[2], slices[3], other[1].mapped(), flow.into.time.mapped(), _ROUND_DAYS * DAY,
        MOST, stamp, np.zeros(walked.size, np.int64), done, *found,
    )  # fmt: skip
    two, three, four = (_by_place(flow, walked, each) for each in found)
    return two, three, four


def _by_place(flow: Flow, party: Ints, values: Codes) -> Codes:
    mine = party < flow.places.size
    found = np.zeros(flow.places.size, np.int32)
    found[party[mine]] = values[mine]
    return found


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


def meetings_of(groups: Iterable[NDArray[Any]], size: int) -> tuple[Ints, ...]:
    """Of so many places, the third parties its money reaches and that reach it; then over how many it is split.

    ``groups`` are records of :data:`~amlscreen.features.near.THIRD`, all of one ``home`` in one group.
    """
    found = tuple(np.zeros(size, np.int64) for _ in range(5))
    reach, reached, parts, meets, between = found
    for some in groups:
        three = some[np.lexsort((some["end"], some["home"]))]
        home, via, end = (np.ascontiguousarray(three[name]) for name in ("home", "via", "end"))
        first = np.flatnonzero((np.diff(home, prepend=-1) != 0) | (np.diff(end, prepend=-1) != 0))
        count = np.diff(np.append(first, home.size))
        many = np.where(count > 1, count, 0)
        for values, party, seen in (
            (np.add, home[first], (reach, np.ones_like(count))),
            (np.add, end[first], (reached, np.ones_like(count))),
            (np.maximum, home[first], (parts, many)),
            (np.maximum, end[first], (meets, many)),
            (np.maximum, via, (between, np.repeat(many, count))),
        ):
            mine = party < size
            values.at(seen[0], party[mine], seen[1][mine])
    return found


def _meetings(flow: Flow, place: int) -> Values:
    groups = (flow.thirds.of(group) for group in range(len(flow.thirds)))
    return flow.told(flow.once("meetings", lambda: meetings_of(groups, flow.places.size))[place])


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
