"""Which points meet ``when``, and the episodes they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.partition import Values
from amlscreen.rules.grammar import Conditions, Measure, Repeat, duration_microseconds
from amlscreen.shapes.conditions import test_values
from amlscreen.shapes.measures import Gauge
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.points import Measured, Points
from amlscreen.shapes.selection import SUBJECT_COLUMNS, Frame

__all__ = ["CHEAP", "Episodes", "find_episodes", "lead_measure", "meeting"]

Ints = NDArray[np.int64]
CHEAP = frozenset({"count", "sum", "share", "ratio", "mean", "matched_within", "dwell"})
"""Verbs that are differences of prefix sums; they are looked at first, so that the others see few points."""


@dataclass(frozen=True, slots=True)
class Episodes:
    """The longest runs of overlapping windows that meet a rule.

    ``start`` and ``end`` are its first and last frame row in time; ``peak`` picks a point of ``points``; ``times``
    counts the episodes that ``repeat`` put together (1 without it); ``members`` lists the peaks of those, for evidence,
    and ``member_offsets`` where those of each begin.
    """

    points: Points
    start: Ints
    end: Ints
    peak: Ints
    times: Ints
    members: Ints
    member_offsets: Ints


def lead_measure(plan: Plan) -> str | None:
    """The measure that picks the peak window: the first that ``when`` names, else the first there is.

    Among windows with the same value the one with the most rows is the peak, and among those the first.
    """
    return next(plan.detect.when.names(), next(iter(plan.detect.measures), None))


def meeting(plan: Plan, gauge: Gauge, points: Points) -> Points:
    """The points at which every condition of ``when`` holds, cheap measures first."""
    measures = plan.detect.measures
    ordered = sorted(plan.detect.when.columns.items(), key=lambda item: _cost(measures, item[0]))
    for name, condition in ordered:
        if not points.size:
            return points
        holds = _holds(plan, gauge, Conditions(columns={name: condition}), points)
        points = points.at(np.flatnonzero(holds).astype(np.int64))
    if plan.detect.when.any_of and points.size:
        holds = np.zeros(points.size, np.bool_)
        for one in plan.detect.when.any_of:
            holds |= _holds(plan, gauge, one, points)
        points = points.at(np.flatnonzero(holds).astype(np.int64))
    return points


def _cost(measures: Mapping[str, Measure], name: str) -> int:
    """What measuring at every point takes, roughly: sums least; rows must be matched once, other verbs walk slices."""
    measure = measures[name]
    if measure.ratio:
        return max(_cost(measures, part) for part in measure.ratio)
    return 1 if measure.verb in {"matched_within", "dwell"} else 0 if measure.verb in CHEAP else 2


def _holds(plan: Plan, gauge: Gauge, conditions: Conditions, points: Points) -> NDArray[np.bool_]:
    holds = np.ones(points.size, np.bool_)
    for name, condition in conditions.columns.items():
        measured = gauge.measure(name, points)
        values = Values(measured.value, measured.known)
        holds &= test_values(values, condition, partial(plan.measure_literal, name)).true
    if conditions.any_of:
        either = np.zeros(points.size, np.bool_)
        for one in conditions.any_of:
            either |= _holds(plan, gauge, one, points)
        holds &= either
    return holds


def find_episodes(plan: Plan, frame: Frame, gauge: Gauge, points: Points) -> Episodes:
    """Merge the points that meet the rule into episodes and, with ``repeat``, episodes into recurring ones."""
    leading = _leading(plan, gauge, points)
    groups, group = np.unique(points.group, return_inverse=True)
    offsets = np.searchsorted(group, np.arange(groups.size + 1)).astype(np.int64)
    start, end, peak, which = (np.empty(points.size, np.int64) for _ in range(4))
    count = kernels.episodes(
        offsets, points.first, points.last, np.ones(points.size, np.bool_), leading, start, end, peak, which
    )
    order = _in_order(plan, frame, start[:count], end[:count])
    start, end, peak = start[order], end[order], peak[order]
    found = Episodes(points, start, end, peak, np.ones(count, np.int64), peak, np.arange(count + 1))
    return found if plan.detect.repeat is None else _repeated(plan, frame, found, plan.detect.repeat)


def _in_order(plan: Plan, frame: Frame, start: Ints, end: Ints) -> Ints:
    """Subject by subject, then in time: the order of groups alone depends on how rows were cut into partitions."""
    if not plan.by and not plan.is_global:
        return np.argsort(_subject_of(plan, frame, start), kind="stable")
    keys = (*_split_ranks(plan, frame, end), frame.time[end], frame.time[start], _subject_of(plan, frame, start))
    return np.lexsort(keys)


def _leading(plan: Plan, gauge: Gauge, points: Points) -> Ints:
    """What picks the peak: the lead measure and, among equals, the rows of the row sets; as one rank."""
    lead = lead_measure(plan)
    measured = gauge.measure(lead, points) if lead else Measured(np.zeros(points.size, np.int64))
    least = np.iinfo(np.int64).min
    value = measured.value if measured.known is None else np.where(measured.known, measured.value, least)
    rows = sum((view.hi - view.lo for view in points.views.values()), start=np.zeros(points.size, np.int64))
    order = np.lexsort((rows, value))
    steps = (np.diff(value[order]) != 0) | (np.diff(rows[order]) != 0)
    rank = np.empty(points.size, np.int64)
    rank[order] = np.concatenate([np.zeros(min(points.size, 1), np.int64), np.cumsum(steps, dtype=np.int64)])
    return rank


def _repeated(plan: Plan, frame: Frame, found: Episodes, repeat: Repeat) -> Episodes:
    """Episodes of one subject (whatever ``by`` says) that recur often enough within the span."""
    subject = _subject_of(plan, frame, found.start)
    at = frame.time[found.end]
    order = np.lexsort((*_split_ranks(plan, frame, found.end), frame.time[found.start], at, subject))
    offsets = np.concatenate([[0], np.flatnonzero(np.diff(subject[order])) + 1, [order.size]]).astype(np.int64)
    times = np.ascontiguousarray(at[order])
    left, closes = np.empty(order.size, np.int64), np.empty(order.size, np.bool_)
    kernels.window_left(offsets, times, duration_microseconds(repeat.within), left, closes)
    right = np.arange(order.size, dtype=np.int64)
    counts = right + 1 - left
    if repeat.distinct:
        codes = _codes(frame, repeat.distinct, found.end[order])
        kernels.slice_distinct(left, right + 1, codes, np.zeros(order.size + 1, np.int32), counts)
    hit = closes & (counts >= int(repeat.at_least))
    merged = [np.empty(order.size, np.int64) for _ in range(4)]
    count = kernels.episodes(offsets, left, right, hit, counts, *merged)
    return _put_together(frame, found, order, [each[:count] for each in merged], counts, left)


def _split_ranks(plan: Plan, frame: Frame, rows: Ints) -> list[Ints]:
    """What splits the subject, as ranks by value, last column first; codes would depend on the partition."""
    return [_ranks(frame, name, rows) for name in reversed(plan.by)]


def _ranks(frame: Frame, column: str, rows: Ints) -> Ints:
    """Numbers that rise with a column's known values."""
    values = frame.column(column)
    codes = values.array[rows].astype(np.int64)
    if values.words is None:
        return codes
    rank = np.empty(len(values.words), np.int64)
    rank[np.asarray(pc.array_sort_indices(values.vocabulary))] = np.arange(rank.size)
    return rank[codes]


def _put_together(frame: Frame, found: Episodes, order: Ints, merged: list[Ints], counts: Ints, left: Ints) -> Episodes:
    """The recurring episodes: each from the first row of its parts to the last, its evidence the fullest span's."""
    begin, end, best, _ = merged
    size = best + 1 - left[best]
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(size, dtype=np.int64)])
    members = found.peak[order[np.arange(offsets[-1]) - np.repeat(offsets[:-1] - left[best], size)]]
    parts = [order[b : e + 1] for b, e in zip(begin.tolist(), end.tolist(), strict=True)]
    time = frame.time
    start = np.array([found.start[part][time[found.start[part]].argmin()] for part in parts], np.int64)
    finish = np.array([found.end[part][time[found.end[part]].argmax()] for part in parts], np.int64)
    return Episodes(found.points, start, finish, found.peak[order[best]], counts[best], members, offsets)


def _subject_of(plan: Plan, frame: Frame, rows: Ints) -> Ints:
    if plan.subject in {"account", "customer"}:
        return frame.column(plan.subject).array.take(rows).astype(np.int64)
    if plan.subject == "counterparty":
        return _ranks(frame, "counterparty", rows)
    return _ranks(frame, SUBJECT_COLUMNS[plan.subject], rows) << 16 | _ranks(frame, "institution", rows)


def _codes(frame: Frame, column: str, rows: Ints) -> NDArray[np.int32]:
    values = frame.column(column)
    _, back = np.unique(values.array[rows], return_inverse=True)
    return np.ascontiguousarray(np.where(values.is_known()[rows], back, -1), np.int32)
