"""Which rows of a partition stand in each of a plan's row sets.

Rules share this work: the same condition on the same column, and the same row set, are judged once in a partition.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from amlscreen.ledger.columns import DERIVED, is_countable
from amlscreen.ledger.limits import concerned, limit_multiple
from amlscreen.ledger.partition import Partition, Values
from amlscreen.rules.grammar import Condition, Conditions
from amlscreen.shapes.conditions import Truth, evaluate, test_values
from amlscreen.shapes.plan import Plan

__all__ = ["column_of", "standing"]


def standing(plan: Plan, part: Partition) -> dict[str, Truth]:
    """The truth of every row set of the plan, by name."""
    return {
        name: part.once((plan.set_keys[name], _line_id(plan, conditions)), partial(_judged, plan, part, conditions))
        for name, conditions in plan.detect.rows.items()
    }


def column_of(plan: Plan, part: Partition, name: str) -> Values:
    """A column as the plan sees it: ``limit_multiple`` is that of the line it looks at."""
    if name == "limit_multiple" and plan.limit is not None:
        return part.once(("line", plan.limit.id), partial(limit_multiple, part, plan.limit))
    return part.column(name)


def _line_id(plan: Plan, conditions: Conditions) -> str | None:
    return plan.limit.id if plan.limit is not None and "limit_multiple" in set(conditions.names()) else None


def _judged(plan: Plan, part: Partition, conditions: Conditions) -> Truth:
    names = set(conditions.names())
    among = np.ones(part.size, np.bool_)
    if plan.limit is not None and "limit_multiple" in names:
        among = concerned(part, plan.limit)
    if "kind" not in names:
        among = among & part.once("countable", partial(is_countable, part))
    truth = evaluate(conditions, partial(_atom, plan, part), Truth(among), cost=_cost)
    return _with_clock(truth, part) if plan.needs_clock else truth


def _cost(column: str) -> bool:
    """Columns that must be made are looked at after those that are there."""
    return column in DERIVED or column == "limit_multiple"


def _atom(plan: Plan, part: Partition, name: str, condition: Condition) -> Truth:
    line = plan.limit.id if name == "limit_multiple" and plan.limit is not None else None
    key = (name, plan.condition_keys[id(condition)], line)
    return part.once(key, lambda: test_values(column_of(plan, part, name), condition, partial(plan.literal, name)))


def _with_clock(truth: Truth, part: Partition) -> Truth:
    """Where hours matter, a row known by its date alone may stand in the set, or not."""
    exact: np.ndarray[tuple[int], np.dtype[np.bool_]] = part.once(
        "exact", lambda: part.column("time_precision").among(("second",))
    )
    return Truth(truth.true & exact, truth.maybe & ~(truth.true & exact))
