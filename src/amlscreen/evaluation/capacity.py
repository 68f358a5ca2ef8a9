"""What a cut-off leaves unreviewed: the capacity curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.evaluation.figures import Standings
from amlscreen.evaluation.known import TARGET, Known
from amlscreen.evaluation.places import Places

__all__ = ["Capacity", "capacity_curve"]

_POINTS = 60


@dataclass(frozen=True, slots=True)
class Capacity:
    """So many customers looked at, from the top: what is found, and what is left.

    ``score`` is that of the last one looked at; ``left_with_points`` and ``left_alerted`` count customers below it with
    points and under alert; ``found`` and ``left`` count targets.
    """

    reviewed: int
    share: float
    score: int
    found: int
    left: int
    precision: float | None
    left_with_points: int
    left_alerted: int


def capacity_curve(places: Places, known: Known, standings: Standings, budgets: Sequence[float]) -> list[Capacity]:
    """Some sixty points, close together at the top, and each budget; the last is everybody."""
    customers = standings.customers
    steps = np.unique(np.geomspace(1, customers, _POINTS).round().astype(int)).tolist()
    alerted = int(places.alerted.sum())
    wanted = sorted({*steps, *(standings.slots(budget) for budget in budgets), *([alerted] if alerted else [])})
    order = places.order
    found = _until(known.state[order] == TARGET)
    points = _until(places.score[order] > 0)
    under = _until(places.alerted[order])
    return [
        Capacity(
            reviewed=one,
            share=one / customers,
            score=int(places.score[order[one - 1]]),
            found=int(found[one]),
            left=int(found[-1] - found[one]),
            precision=float(found[one] / known_until) if (known_until := standings.known_within[one]) else None,
            left_with_points=int(points[-1] - points[one]),
            left_alerted=int(under[-1] - under[one]),
        )
        for one in wanted
    ]


def _until(marked: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(marked)]).astype(np.int64)
