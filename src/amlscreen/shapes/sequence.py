"""Shape ``sequence``: a row of the first set, then steps that are present or absent within a span of it.

Order is only believed where it is certain: a row known by its date alone comes after another only on a later day, and an
absent step counts such a row of the same day as possibly there.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.columns import MILLION
from amlscreen.rules.grammar import Sequence, Step, duration_microseconds
from amlscreen.shapes.measures import Points, View
from amlscreen.shapes.plan import DAY
from amlscreen.shapes.selection import Frame

__all__ = ["sequence_points"]

Ints = NDArray[np.int64]


def sequence_points(frame: Frame) -> Points:
    """One point for each anchor whose steps are all as the card wants them."""
    detect = frame.selection.plan.detect
    assert isinstance(detect, Sequence)
    anchors = _anchors(frame, detect)
    views: dict[str, View] = {}
    previous: View | None = None
    alive = np.ones(anchors.size, np.bool_)
    for step in detect.then:
        base = anchors if step.from_ == "anchor" or previous is None else _first_rows(previous, anchors)
        view = _step(frame, step, base)
        alive &= (view.hi > view.lo) if step.is_ == "present" else (view.hi == view.lo) & _over(frame, step, base)
        if step.is_ == "present":
            views[step.rows], previous = view, view
        else:
            views[step.rows] = View(view.rows, view.lo, view.lo.copy())
    views[detect.first] = View(anchors, np.arange(anchors.size), np.arange(1, anchors.size + 1))
    nothing = np.zeros(anchors.size, np.int64)
    for name in frame.sets.keys() - views.keys():
        views[name] = View(np.empty(0, np.int64), nothing, nothing)
    last = _last_rows(views.values(), anchors)
    group = (np.searchsorted(frame.offsets, anchors, side="right") - 1).astype(np.int64)
    return Points(group, anchors, last, views).at(np.flatnonzero(alive).astype(np.int64))


def _anchors(frame: Frame, detect: Sequence) -> Ints:
    rows = np.flatnonzero(frame.sets[detect.first].true).astype(np.int64)
    if detect.anchor == "each" or not rows.size:
        return rows
    group = np.searchsorted(frame.offsets, rows, side="right")
    span = duration_microseconds(detect.then[0].within)
    new_run = (np.diff(group) != 0) | (np.diff(frame.time[rows]) > span)
    if detect.anchor == "first":
        return np.compress(np.concatenate([[True], new_run]), rows)
    return np.compress(np.concatenate([new_run, [True]]), rows)


def _vague(frame: Frame) -> NDArray[np.bool_]:
    """Rows of which only the day is known."""
    precision = frame.column("time_precision")
    vague: NDArray[np.bool_] = precision.array != precision.code_of("second")
    return vague


def _step(frame: Frame, step: Step, base: Ints) -> View:
    """The rows of a step's set that certainly (present) or possibly (absent) come after each base row, in time."""
    truth = frame.sets[step.rows]
    rows = np.flatnonzero(truth.true if step.is_ == "present" else truth.maybe).astype(np.int64)
    offsets = np.searchsorted(rows, frame.offsets).astype(np.int64)
    at, vague = frame.time[base], _vague(frame)
    after = np.where(vague[base], at + DAY - 1, at)
    if step.is_ == "absent" and vague.any():
        after = np.where(vague[base], at - 1, at - _since_midnight(frame, base) - 1)
    until = at + duration_microseconds(step.within)
    lo, hi = np.empty(base.size, np.int64), np.empty(base.size, np.int64)
    group = (np.searchsorted(frame.offsets, base, side="right") - 1).astype(np.int64)
    kernels.between(group, offsets, np.ascontiguousarray(frame.time[rows]), after, until, lo, hi)
    view = View(rows, lo, np.maximum(lo, hi))
    split_by = frame.selection.plan.by
    same = [name for name in step.same if name not in split_by]
    if same or step.different or step.similar or step.is_ == "absent":
        view = _compared(frame, step, same, base, view)
    return view


def _since_midnight(frame: Frame, rows: Ints) -> Ints:
    offset = frame.selection.reference.jurisdiction.utc_offset_minutes * 60_000_000
    return (frame.time[rows] + offset) % DAY


def _compared(frame: Frame, step: Step, same: list[str], base: Ints, view: View) -> View:
    """The view with only the rows that compare with their base row as the step says; the base row itself never does."""
    sizes = view.hi - view.lo
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    inside = np.arange(starts[-1]) - np.repeat(starts[:-1] - view.lo, sizes)
    row, anchor = view.rows[inside], np.repeat(base, sizes)
    keep = row != anchor
    for name in same:
        keep &= _equal(frame, name, row, anchor)
    for name in step.different:
        values = frame.column(name)
        keep &= values.is_known()[row] & values.is_known()[anchor] & (values.array[row] != values.array[anchor])
    for name, tolerance in step.similar.items():
        keep &= _near(frame, name, tolerance, row, anchor)
    prefix = np.concatenate([np.zeros(1, np.int64), np.cumsum(keep, dtype=np.int64)])
    return View(row[keep], prefix[starts[:-1]], prefix[starts[1:]])


def _equal(frame: Frame, name: str, row: Ints, anchor: Ints) -> NDArray[np.bool_]:
    values = frame.column(name)
    known = values.is_known()
    equal: NDArray[np.bool_] = known[row] & known[anchor] & (values.array[row] == values.array[anchor])
    return equal


def _near(frame: Frame, name: str, tolerance: object, row: Ints, anchor: Ints) -> NDArray[np.bool_]:
    """Whether |row - anchor| is at most that share of the anchor; ``10%`` or ``0.1``."""
    text = str(tolerance)
    share = Decimal(text.removesuffix("%")) / 100 if text.endswith("%") else Decimal(text)
    values = frame.column(name)
    array, known = values.array.astype(np.int64), values.is_known()
    apart = np.empty(row.size, np.int64)
    difference = np.ascontiguousarray(np.abs(array[row] - array[anchor]))
    kernels.floor_ratio(difference, np.ascontiguousarray(array[anchor]), MILLION, apart)
    return known[row] & known[anchor] & (apart >= 0) & (apart <= int(share * MILLION))


def _over(frame: Frame, step: Step, base: Ints) -> NDArray[np.bool_]:
    """Whether the span of an absent step has passed by the end of the data."""
    reference = frame.selection.reference
    end = (reference.last_day + 1) * DAY - reference.jurisdiction.utc_offset_minutes * 60_000_000
    return frame.time[base] + duration_microseconds(step.within) <= end


def _first_rows(view: View, otherwise: Ints) -> Ints:
    some = view.hi > view.lo
    return np.where(some, np.append(view.rows, 0)[view.lo], otherwise)


def _last_rows(views: Iterable[View], anchors: Ints) -> Ints:
    last = anchors.copy()
    for view in views:
        some = view.hi > view.lo
        last[some] = np.maximum(last[some], view.rows[view.hi[some] - 1])
    return last
