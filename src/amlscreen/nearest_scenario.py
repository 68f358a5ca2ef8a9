"""Why a scenario did not hit a subject: what was measured of it, condition by condition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.partition import Values
from amlscreen.nearest import Leaf, Row, best_of, leaves_of, shown_measure, told
from amlscreen.shapes.match import shown_value
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.scenario import seen_of, values_of
from amlscreen.shapes.settled import AfterSweep

__all__ = ["nearest_measured"]


def nearest_measured(plan: Plan, pieces: Sequence[Any], bank: AfterSweep, numbers: NDArray[np.int64]) -> Iterator[Row]:
    """The conditions of ``when`` on the subject, of several of one id on the nearest; then what else was measured."""
    for one in seen_of(plan, pieces, bank):
        places = np.flatnonzero(np.isin(one.subject, numbers))
        if not places.size:
            continue
        values = {name: values_of(measured).take(places) for name, measured in one.measures.items()}
        asked = list(leaves_of(plan.detect.when))
        yield from best_of([_leaf(plan, name, condition, values[name]) for name, condition in asked], places.size)
        others = [name for name in values if name not in {name for name, _ in asked}]
        for name in others if places.size == 1 else ():
            yield told(name, "", _shown(plan, name, values[name], 0), holds=True)
        return
    yield told("rows", "transactions that the scenario looks at; the subject has none")


def _leaf(plan: Plan, name: str, condition: Any, values: Values) -> Leaf:
    return Leaf(name, condition, values, partial(plan.measure_literal, name), partial(_shown, plan, name))


def _shown(plan: Plan, name: str, values: Values, at: int) -> Any:
    if not values.is_known()[at] or values.words is not None:
        return shown_value(values, at)
    return shown_measure(plan, name, values, at)
