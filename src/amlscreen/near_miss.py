"""Why not: one subject swept again, and the point at which it came nearest to the rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.engines import local
from amlscreen.errors import SettingsError, did_you_mean
from amlscreen.evaluable import missing_for_card, missing_for_plan
from amlscreen.intake.stream import has_clock
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import Reference
from amlscreen.rules.grammar import Condition, Conditions, Match, Step
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from amlscreen.shapes.conditions import test_values
from amlscreen.shapes.match import MatchTable
from amlscreen.shapes.measures import Gauge, Points
from amlscreen.shapes.plan import Plan, plans_of
from amlscreen.shapes.selection import Frame, Selection, arrange, detach, join, select
from amlscreen.shapes.sweep import points_of

if TYPE_CHECKING:
    import pandas as pd

    from amlscreen.intake.dataset import Dataset

__all__ = ["near_miss"]

COLUMNS = ("condition", "measured", "wanted", "holds", "distance")
_BOUNDS = ("gte", "gt", "lte", "lt", "eq", "between", "one_of", "none_of", "null")


def near_miss(
    data: Dataset, rules: RuleSet, rule_id: str, subject: str, settings: Settings, as_of: int
) -> pd.DataFrame:
    """The conditions of a rule at the subject's best point: measured, wanted, whether it holds, and how far off.

    ``distance`` is relative to what is wanted: 0.2 means a fifth short. A rule that cannot be looked at is told by one row
    that says why; so is a subject with no row that any row set takes.
    """
    import pandas as pd

    card = rules.get(rule_id)
    missing = missing_for_card(card, data.provided)
    if missing:
        return pd.DataFrame([_told("evaluable", missing)], columns=list(COLUMNS))
    if isinstance(card.detect, Match):
        return pd.DataFrame([_told("match", "a row of the table for which every condition holds")], columns=list(COLUMNS))
    rows: list[dict[str, Any]] = []
    for plan in plans_of(card, data.jurisdiction):
        days = as_of - data.first_day + 1
        missing = missing_for_plan(plan, data.provided, has_clock=has_clock(data), days=days)
        found = [_told("evaluable", missing)] if missing else list(_nearest(data, plan, subject, settings, as_of))
        if not rows or _worse(rows) > _worse(found):
            rows = found
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _told(condition: str, why: str) -> dict[str, Any]:
    return {"condition": condition, "measured": None, "wanted": why, "holds": False, "distance": None}


def _worse(rows: list[dict[str, Any]]) -> float:
    return sum(1.0 if row["distance"] is None else float(row["distance"]) for row in rows if not row["holds"])


def _nearest(data: Dataset, plan: Plan, subject: str, settings: Settings, as_of: int) -> Iterator[dict[str, Any]]:
    frame = _frame_of(data, plan, subject, settings, as_of)
    if frame is None or not frame.rows.size:
        yield _told("rows", f"a row in {' or '.join(plan.detect.rows)}; the subject has none")
        return
    points = points_of(frame)
    if not points.size:
        yield from _steps(plan, frame)
        return
    gauge = Gauge(frame, plan.detect.measures)
    conditions = list(_leaves(plan.detect.when))
    judged = [_judged(plan, gauge, points, name, condition) for name, condition in conditions]
    score = sum((distance for _, _, distance in judged), start=np.zeros(points.size))
    missed = sum((~holds for _, holds, _ in judged), start=np.zeros(points.size))
    best = int(np.lexsort((score, missed))[0])
    for (name, condition), (measured, holds, distance) in zip(conditions, judged, strict=True):
        known = measured.known is None or bool(measured.known[best])
        yield {
            "condition": name,
            "measured": shown(plan, name, int(measured.array[best])) if known else None,
            "wanted": _wanted(condition),
            "holds": bool(holds[best]),
            "distance": round(float(distance[best]), 4),
        }


def _frame_of(data: Dataset, plan: Plan, subject: str, settings: Settings, as_of: int) -> Frame | None:
    reference = local.prepare(data, [plan], as_of)
    customers = _customers(plan, reference, subject)
    picked = []
    for part in local.partitions(data, [plan], reference, settings, customers):
        selection = _only(select(plan, part), reference, subject)
        if selection.size:
            picked.append(detach(selection))
    return arrange(join(picked), prune=False) if picked else None


def _customers(plan: Plan, reference: Reference, subject: str) -> list[int] | None:
    """The customers whose rows are needed; None for subjects that may lie anywhere."""
    if plan.is_global:
        return None
    ids = reference.account_ids["account_id"] if plan.subject == "account" else reference.customer_ids["customer_id"]
    numbers = _where(ids, subject)
    if not numbers:
        raise SettingsError(
            f"There is no {plan.subject} '{subject}' in this data.", fix=did_you_mean(subject, [str(one) for one in ids[:50].to_pylist()])
        )
    return [one for n in numbers for one in reference.owners(n)] if plan.subject == "account" else numbers


def _where(ids: pa.ChunkedArray[Any], subject: str) -> list[int]:
    return [int(n) for n in np.flatnonzero(np.array(pc.equal(ids, pa.scalar(subject))))]


def _only(selection: Selection, reference: Reference, subject: str) -> Selection:
    plan = selection.plan
    if plan.is_global:
        values = selection.column("conductor_id" if plan.subject == "conductor" else "counterparty")
        keep = values.array == values.code_of(subject)
    else:
        ids = reference.account_ids["account_id"] if plan.subject == "account" else reference.customer_ids["customer_id"]
        keep = np.isin(selection.column(plan.subject).array, _where(ids, subject))
    return selection.narrowed(np.flatnonzero(keep))


def _steps(plan: Plan, frame: Frame) -> Iterator[dict[str, Any]]:
    """A sequence whose steps never follow one another: how many rows each of its sets has."""
    names = [plan.detect.first, *(step.rows for step in _then(plan))] if plan.detect.shape == "sequence" else []
    for name in names:
        count = int(frame.sets[name].true.sum())
        yield {"condition": f"rows of {name}", "measured": count, "wanted": "in order", "holds": False, "distance": None}


def _then(plan: Plan) -> tuple[Step, ...]:
    return plan.detect.then if plan.detect.shape == "sequence" else ()


def _leaves(conditions: Conditions) -> Iterator[tuple[str, Condition]]:
    yield from conditions.columns.items()
    for one in conditions.any_of:
        yield from _leaves(one)


def _judged(
    plan: Plan, gauge: Gauge, points: Points, name: str, condition: Condition
) -> tuple[Values, NDArray[np.bool_], NDArray[np.float64]]:
    measured = gauge.measure(name, points)
    values = Values(measured.value, measured.known)
    holds = test_values(values, condition, lambda literal: plan.measure_literal(name, literal)).true
    bound = next((b for b in (condition.gte, condition.gt, condition.lte, condition.lt, condition.eq) if b is not None), None)
    if bound is None:
        return values, holds, np.where(holds, 0.0, 1.0)
    wanted = float(plan.measure_literal(name, bound))
    apart = np.abs(measured.value - wanted) / max(abs(wanted), 1.0)
    return values, holds, np.where(holds, 0.0, np.where(values.is_known(), apart, 1.0))


def _wanted(condition: Condition) -> str:
    given = ((word, getattr(condition, word)) for word in _BOUNDS)
    return " and ".join(f"{word} {value}" for word, value in given if value is not None)


def shown(plan: Plan, name: str, value: int) -> float | int:
    """An inside number in the unit people read: shares as they are, money in whole units, spans in hours."""
    unit = plan.units[name]
    scale = {"ratio": 1_000_000, "multiple": 1_000_000, "money": 10**plan.jurisdiction.minor_digits, "time": 3_600_000_000}.get(unit)
    return value if scale is None else value / scale
