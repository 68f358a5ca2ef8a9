"""The point, or the row, at which a subject came nearest to a rule, condition by condition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Sequence as Listed
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.rules.card import Card
from amlscreen.rules.columns import TABLE_COLUMNS
from amlscreen.rules.grammar import Condition, Conditions, Match, Sequence
from amlscreen.shapes.conditions import inside_number, test_values
from amlscreen.shapes.judging import find_episodes, meeting
from amlscreen.shapes.match import MatchTable, counted, matching, shown_value
from amlscreen.shapes.measures import Gauge
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.points import Points
from amlscreen.shapes.selection import Frame
from amlscreen.shapes.sweep import points_of

__all__ = ["Leaf", "Row", "best_of", "leaves_of", "nearest_point", "nearest_row", "shown_measure", "told"]

Row = dict[str, Any]
_BOUNDS = ("eq", "gte", "gt", "lte", "lt", "between", "one_of", "none_of", "null")


def told(condition: str, wanted: str, measured: Any = None, *, holds: bool = False) -> Row:
    """A row about something that has no distance."""
    return {"condition": condition, "measured": measured, "wanted": wanted, "holds": holds, "distance": None}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition, the values it is held against, and how literals and values are turned into one another's unit."""

    name: str
    condition: Condition
    values: Values
    inside: Callable[[Any], Any]
    show: Callable[[Values, int], Any]


def nearest_point(plan: Plan, frame: Frame | None) -> Iterator[Row]:
    """The conditions of ``when``, and of ``repeat``, at the point that misses fewest of them and by least."""
    if frame is None or not frame.rows.size:
        yield told("rows", f"a row in {' or '.join(plan.detect.rows)}; the subject has none")
        return
    if frame.not_evaluable:
        yield told("evaluable", "clock times: the order within a day is not known, so that money cannot be followed")
        return
    points = points_of(frame)
    if not points.size:
        yield from _steps(plan, frame)
        return
    gauge = Gauge(frame, plan.detect.measures)
    leaves = []
    for name, condition in leaves_of(plan.detect.when):
        measured = gauge.measure(name, points)
        values = Values(measured.value, measured.known)
        leaves.append(
            Leaf(name, condition, values, partial(plan.measure_literal, name), partial(shown_measure, plan, name))
        )
    yield from best_of(leaves, points.size)
    yield from _besides(plan, frame, gauge, points)


def nearest_row(card: Card, table: MatchTable, subject: str) -> list[Row]:
    """The conditions of a ``match`` on the subject's row that misses fewest of them and by least."""
    detect = card.detect
    assert isinstance(detect, Match)
    about = table.column(detect.subject)
    mine = about.array == about.code_of(subject)
    recently = ""
    if detect.within is not None and detect.dated_by is not None:
        mine = mine & table.recent(detect.dated_by, detect.within)
        recently = f" of the last {detect.within}"
    rows = np.flatnonzero(mine).astype(np.int64)
    if not rows.size:
        return [told("rows", f"a row of {detect.table}{recently} with {detect.subject} '{subject}'; there is none")]
    kinds, digits = TABLE_COLUMNS[detect.table], table.jurisdiction.minor_digits
    leaves = [
        Leaf(
            name,
            condition,
            table.column(name).take(rows),
            partial(inside_number, kinds[name].kind, minor_digits=digits),
            _row_value(kinds[name].kind, 10**digits),
        )
        for name, condition in leaves_of(detect.where)
    ]
    found = list(best_of(leaves, rows.size))
    least = int(detect.at_least)
    if least > 1:
        values = table.column(detect.distinct) if detect.distinct else None
        count = counted(values, rows[matching(detect, table)[rows]].tolist())
        found.append(told(detect.distinct or "rows", f"gte {least}", count, holds=count >= least))
    return found


def _row_value(kind: str, scale: int) -> Callable[[Values, int], Any]:
    def show(values: Values, at: int) -> Any:
        value = shown_value(values, at)
        return value / scale if kind == "money" and isinstance(value, int) else value

    return show


def leaves_of(conditions: Conditions) -> Iterator[tuple[str, Condition]]:
    """Every single condition with its name, those of alternatives too."""
    yield from conditions.columns.items()
    for one in conditions.any_of:
        yield from leaves_of(one)


def best_of(leaves: Listed[Leaf], size: int) -> Iterator[Row]:
    """The conditions where the fewest of them are missed and by least, of so many places."""
    judged = [_judged(leaf) for leaf in leaves]
    score = sum((distance for _, distance in judged), start=np.zeros(size))
    missed = sum((~holds for holds, _ in judged), start=np.zeros(size))
    best = int(np.lexsort((score, missed))[0])
    for leaf, (holds, distance) in zip(leaves, judged, strict=True):
        yield {
            "condition": leaf.name,
            "measured": leaf.show(leaf.values, best) if leaf.values.is_known()[best] else None,
            "wanted": _wanted(leaf.condition),
            "holds": bool(holds[best]),
            "distance": round(float(distance[best]), 4),
        }


def _judged(leaf: Leaf) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Where the condition holds, and how far off it is: relative to the nearest bound, 1 where that means nothing."""
    condition, values = leaf.condition, leaf.values
    holds = test_values(values, condition, leaf.inside).true
    bounds = [condition.gte, condition.gt, condition.lte, condition.lt, condition.eq, *(condition.between or ())]
    wanted = [float(leaf.inside(bound)) for bound in bounds if bound is not None] if values.words is None else []
    if not wanted:
        return holds, np.where(holds, 0.0, 1.0)
    apart = np.min([np.abs(values.array - one) / max(abs(one), 1.0) for one in wanted], axis=0)
    return holds, np.where(holds, 0.0, np.where(values.is_known(), apart, 1.0))


def _besides(plan: Plan, frame: Frame, gauge: Gauge, points: Points) -> Iterator[Row]:
    """What else the rule asks for: how often, and after which other rule."""
    repeat, after = plan.detect.repeat, plan.detect.after_hit
    if repeat is not None:
        once = replace(
            plan, detect=plan.detect.model_copy(update={"repeat": repeat.model_copy(update={"at_least": 1})})
        )
        points = meeting(plan, gauge, points)
        times = int(find_episodes(once, frame, gauge, points).times.max(initial=0)) if points.size else 0
        least = int(repeat.at_least)
        yield {
            "condition": "times",
            "measured": times,
            "wanted": f"gte {least}",
            "holds": times >= least,
            "distance": round(max(least - times, 0) / max(least, 1), 4),
        }
    if after is not None:
        yield told(f"after {after.rule}", f"an episode of it that ended within {after.within} before") | {"holds": None}


def _steps(plan: Plan, frame: Frame) -> Iterator[Row]:
    """A sequence whose steps never follow one another: how many rows each of its sets has."""
    detect = plan.detect
    if not isinstance(detect, Sequence):
        yield told("rows", "a row that is known to stand in a row set")
        return
    counts = {name: int(truth.true.sum()) for name, truth in frame.sets.items()}
    yield told(f"rows of {detect.first}", "at least one", counts[detect.first], holds=counts[detect.first] > 0)
    for step in detect.then:
        start = "the step before" if step.from_ == "previous" else detect.first
        yield told(f"rows of {step.rows}", f"{step.is_} within {step.within} after {start}", counts[step.rows])


def _wanted(condition: Condition) -> str:
    given = ((word, getattr(condition, word)) for word in _BOUNDS)
    return " and ".join(f"{word} {_said(value)}" for word, value in given if value is not None)


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def shown_measure(plan: Plan, name: str, values: Values, at: int) -> float | int:
    """A measure in the unit people read: shares as they are, money in whole units, spans in hours."""
    value, hour = int(values.array[at]), 3_600_000_000
    scales = {"ratio": MILLION, "multiple": MILLION, "money": 10**plan.jurisdiction.minor_digits, "time": hour}
    scale = scales.get(plan.units[name])
    return value if scale is None else value / scale
