"""From episodes to hits: the peak's measures, whom the hit is about, and the rows that carry it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.hits import Hit, SubjectRef
from amlscreen.ledger.columns import MILLION
from amlscreen.shapes.held_rows import held_rows
from amlscreen.shapes.judging import Episodes
from amlscreen.shapes.measures import Gauge
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.points import Points
from amlscreen.shapes.selection import Frame
from amlscreen.shapes.subjects import subjects_of, victims_of

__all__ = ["hits_of"]

Ints = NDArray[np.int64]
Rows = tuple[NDArray[np.int64], tuple[str, ...], NDArray[np.bool_]]
_NONE_MADE: Mapping[str, list[Any]] = MappingProxyType({})
_NO_ROWS: Rows = (np.empty(0, np.int64), (), np.empty(0, np.bool_))


def hits_of(
    plan: Plan, frame: Frame, gauge: Gauge, found: Episodes, alert_from: int, made: Mapping[str, list[Any]] = _NONE_MADE
) -> Iterator[Hit]:
    """One hit for each episode, in the order of subject and time; ``made`` are measures of the shape itself.

    Rows are attached only if the episode's last day is ``alert_from`` or later: older ones are context.
    """
    if not found.start.size:
        return
    peaks = found.points.at(found.peak)
    days = frame.column("local_day").array
    who, victims = subjects_of(plan, frame, found), victims_of(plan, frame, found)
    measures = _measures(plan, gauge, found, peaks, made)
    rows = _rows(plan, frame, found, days[found.end] >= alert_from)
    known, total = _coverage(plan, gauge, peaks)
    partial = known * MILLION < int(plan.card.least_known * MILLION) * total
    facts = [frame.time[found.start], frame.time[found.end], days[found.start], days[found.end], known, total, partial]
    numbers: dict[SubjectRef, int] = {}
    for i, (first_at, last_at, first_day, last_day, some, every, part) in enumerate(
        zip(*(each.tolist() for each in facts), strict=True)
    ):
        subject, customers, accounts = who[i]
        numbers[subject] = numbers.get(subject, 0) + 1
        row_ids, parts, decides = rows[i]
        yield Hit(
            rule_id=plan.card.id,
            subject=subject,
            customer_ids=customers,
            account_ids=accounts,
            episode=numbers[subject],
            first_at=first_at,
            last_at=last_at,
            first_day=first_day,
            last_day=last_day,
            measures=measures[i],
            known=some,
            total=every,
            partial=part,
            limit=plan.limit.id if plan.limit else None,
            victims=victims[i],
            row_ids=row_ids,
            parts=parts,
            decides=decides,
        )


def _measures(
    plan: Plan, gauge: Gauge, found: Episodes, peaks: Points, made: Mapping[str, list[Any]]
) -> list[dict[str, int | str | None]]:
    """The numbers of each hit's peak; None where one is unknown."""
    columns: dict[str, list[Any]] = {}
    for name in plan.detect.measures:
        measured = gauge.measure(name, peaks)
        columns[name] = measured.value.tolist()
        if measured.known is not None:
            for i in np.flatnonzero(~measured.known).tolist():
                columns[name][i] = None
    if plan.detect.repeat is not None:
        columns["times"] = found.times.tolist()
    columns |= made
    if not columns:
        return [{} for _ in range(found.start.size)]
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _coverage(plan: Plan, gauge: Gauge, peaks: Points) -> tuple[Ints, Ints]:
    known, total = np.zeros(peaks.size, np.int64), np.zeros(peaks.size, np.int64)
    for name in plan.deciding or plan.detect.measures:
        some, every = gauge.unknown(name, peaks)
        known, total = known + some, total + every
    return known, total


def _rows(plan: Plan, frame: Frame, found: Episodes, wanted: NDArray[np.bool_]) -> list[Rows]:
    """Row ids in time order, each with its row set; those of the peak decide, the episode's others are context."""
    if not wanted.any():
        return [_NO_ROWS] * found.start.size
    held = held_rows(frame, found, wanted, context=plan.detect.repeat is None)
    ids = frame.column("row_id").array[held.rows]
    names = np.array([*frame.sets], object)[held.part].tolist()
    return [
        (ids[a:b], tuple(names[a:b]), held.decides[a:b]) if b > a else _NO_ROWS
        for a, b in pairwise(held.offsets.tolist())
    ]
