"""What a path card asks for, as inside numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.rules.grammar import Condition, Conditions, Path, duration_microseconds
from amlscreen.shapes.conditions import Truth, evaluate, test_values
from amlscreen.shapes.plan import Plan

__all__ = ["Terms", "holds", "least_of", "terms_of", "without"]


@dataclass(frozen=True, slots=True)
class Terms:
    """Spans in microseconds, shares in millionths."""

    within: int
    hop: int
    keeps: int
    at_most: int
    most_hops: int
    spoke_share: int
    hub: int
    budget: int


def terms_of(detect: Path) -> Terms:
    """The card's settings."""
    return Terms(
        within=duration_microseconds(detect.within),
        hop=duration_microseconds(detect.hop),
        keeps=_millionths(detect.keeps, ROUND_CEILING),
        at_most=MILLION + _millionths(detect.tolerance, ROUND_FLOOR),
        most_hops=int(detect.most_hops),
        spoke_share=_millionths(detect.spoke_share, ROUND_CEILING),
        hub=int(detect.hub),
        budget=int(detect.budget),
    )


def _millionths(share: Any, rounding: str) -> int:
    return int((Decimal(str(share)) * MILLION).to_integral_value(rounding))


def holds(plan: Plan, conditions: Conditions, measures: dict[str, Values], size: int) -> NDArray[np.bool_]:
    """Where the measures meet the conditions; an unknown one meets none but ``null:``."""

    def atom(name: str, condition: Condition) -> Truth:
        return test_values(measures[name], condition, partial(plan.measure_literal, name))

    return evaluate(conditions, atom, size).true


def without(conditions: Conditions, name: str) -> Conditions:
    """The conditions that can be judged before the measure of that name is known; none of them says more than all do.

    Of alternatives one of which names it, nothing can be said yet.
    """
    columns = {one: condition for one, condition in conditions.columns.items() if one != name}
    alternatives = () if any(name in one.names() for one in conditions.any_of) else conditions.any_of
    return Conditions(columns=columns, any_of=alternatives)


def least_of(plan: Plan, name: str, least: int) -> int:
    """The least value of a counted measure that ``when`` leaves open, not below ``least``."""
    condition = plan.detect.when.columns.get(name)
    bounds = [least]
    if condition is not None:
        bounds += [int(plan.measure_literal(name, one)) for one in (condition.gte, condition.eq) if one is not None]
        bounds += [int(plan.measure_literal(name, condition.gt)) + 1] if condition.gt is not None else []
    return max(bounds)
