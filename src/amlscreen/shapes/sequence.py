"""Shape ``sequence``: a row of the first set, then steps that are present or absent within a span of it.

Order is only believed where it is certain: a row known by its date alone comes after another only on a later day, and
an absent step counts such a row of the same day as possibly there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.columns import MILLION
from amlscreen.rules.grammar import Sequence, Step, duration_microseconds
from amlscreen.shapes.plan import DAY
from amlscreen.shapes.points import Points, View
from amlscreen.shapes.selection import Frame

__all__ = ["sequence_points"]

Ints = NDArray[np.int64]
_MOST_PAIRS = 2_000_000


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
    return Points(group, anchors, last, anchors, last, views).at(np.flatnonzero(alive).astype(np.int64))


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
    after, until = np.where(vague[base], at + DAY - 1, at), at + duration_microseconds(step.within)
    if step.is_ == "absent":
        after, until = at - DAY, np.where(vague[base], until + DAY - 1, until)
    lo, hi = np.empty(base.size, np.int64), np.empty(base.size, np.int64)
    group = (np.searchsorted(frame.offsets, base, side="right") - 1).astype(np.int64)
    kernels.between(group, offsets, np.ascontiguousarray(frame.time[rows]), after, until, lo, hi)
    view = View(rows, lo, np.maximum(lo, hi))
    split_by = frame.selection.plan.by
    same = [name for name in step.same if name not in split_by]
    if same or step.different or step.similar or step.is_ == "absent":
        view = _compared(frame, step, same, base, view)
    return view


def _compared(frame: Frame, step: Step, same: list[str], base: Ints, view: View) -> View:
    """The view with only the rows that compare with their base row as the step says; the base row itself never does.

    For an absent step these are the rows that possibly do. Pairs are looked at some million at a time, for a busy
    account has very many.
    """
    sizes = view.hi - view.lo
    rows: list[Ints] = []
    counts: list[Ints] = []
    for first, past in _blocks(sizes):
        row, anchor = _pairs(view, base, first, past)
        keep = _keeps(frame, step, same, row, anchor)
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes[first:past])])
        prefix = np.concatenate([np.zeros(1, np.int64), np.cumsum(keep, dtype=np.int64)])
        rows.append(row[keep])
        counts.append(prefix[starts[1:]] - prefix[starts[:-1]])
    ends = np.cumsum(np.concatenate([np.zeros(1, np.int64), *counts]))
    return View(np.concatenate([np.empty(0, np.int64), *rows]), ends[:-1], ends[1:])


def _blocks(sizes: Ints) -> Iterator[tuple[int, int]]:
    """Bounds of runs of anchors that have few enough pairs together; one anchor alone may have more."""
    ends, first = np.cumsum(sizes), 0
    while first < sizes.size:
        before = int(ends[first - 1]) if first else 0
        past = max(int(np.searchsorted(ends, before + _MOST_PAIRS, side="right")), first + 1)
        yield first, past
        first = past


def _pairs(view: View, base: Ints, first: int, past: int) -> tuple[Ints, Ints]:
    """Every row in the view of these anchors, and its anchor."""
    lo = view.lo[first:past]
    sizes = view.hi[first:past] - lo
    starts = np.cumsum(sizes) - sizes
    inside = np.arange(int(sizes.sum())) - np.repeat(starts - lo, sizes)
    return view.rows[inside], np.repeat(base[first:past], sizes)


def _keeps(frame: Frame, step: Step, same: list[str], row: Ints, anchor: Ints) -> NDArray[np.bool_]:
    """Which pairs certainly (present) or possibly (absent) compare."""
    keep: NDArray[np.bool_] = row != anchor
    if step.is_ == "absent":
        ends = frame.time + np.where(_vague(frame), DAY - 1, 0)
        keep &= ends[row] > frame.time[anchor]
    for name in (*same, *step.different, *step.similar):
        known = frame.column(name).is_known()
        compared = known[row] & known[anchor]
        holds = _compares(frame, step, name, row, anchor)
        keep &= (holds & compared) if step.is_ == "present" else (holds | ~compared)
    return keep


def _compares(frame: Frame, step: Step, name: str, row: Ints, anchor: Ints) -> NDArray[np.bool_]:
    """Whether known values compare; a similar one is apart by at most that share of the anchor, ``10%`` or ``0.1``."""
    array = frame.column(name).array
    if name in step.similar:
        text = str(step.similar[name])
        share = Decimal(text.removesuffix("%")) / 100 if text.endswith("%") else Decimal(text)
        values = array.astype(np.int64)
        apart = np.empty(row.size, np.int64)
        difference = np.ascontiguousarray(np.abs(values[row] - values[anchor]))
        kernels.floor_ratio(difference, np.ascontiguousarray(values[anchor]), MILLION, apart)
        return (apart >= 0) & (apart <= int(share * MILLION))
    equal: NDArray[np.bool_] = array[row] == array[anchor]
    return equal if name not in step.different else ~equal


def _over(frame: Frame, step: Step, base: Ints) -> NDArray[np.bool_]:
    """Whether the span of an absent step has passed by the end of the data."""
    reference = frame.selection.reference
    end = (reference.last_day + 1) * DAY - reference.jurisdiction.utc_offset_minutes * 60_000_000
    latest = frame.time[base] + np.where(_vague(frame)[base], DAY - 1, 0)
    return np.asarray(latest + duration_microseconds(step.within) <= end)


def _first_rows(view: View, otherwise: Ints) -> Ints:
    some = view.hi > view.lo
    return np.where(some, np.append(view.rows, 0)[view.lo], otherwise)


def _last_rows(views: Iterable[View], anchors: Ints) -> Ints:
    last = anchors.copy()
    for view in views:
        some = view.hi > view.lo
        last[some] = np.maximum(last[some], view.rows[view.hi[some] - 1])
    return last
