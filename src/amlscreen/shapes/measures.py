"""Measures over slices of row sets. A slice is half-open; its rows are those of one subject within one window or step.

Counts, sums, shares and ratios are differences of prefix sums; the others are kernels. Everything is an integer: see
:mod:`amlscreen.hits` for the units.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.rules.grammar import Measure, duration_microseconds
from amlscreen.shapes.points import Measured, Points, View
from amlscreen.shapes.selection import Frame

__all__ = ["Gauge"]

Ints = NDArray[np.int64]
Shared = TypeVar("Shared")


@dataclass
class Gauge:
    """Computes a frame's measures at points, and keeps what they share: values, codes, prefix sums."""

    frame: Frame
    measures: Mapping[str, Measure]
    _shared: dict[object, object] = field(default_factory=dict)

    def measure(self, name: str, points: Points) -> Measured:
        """The named measure at each point."""
        measure = self.measures[name]
        if measure.ratio:
            over, under = (self.measure(part, points) for part in measure.ratio)
            return _ratio(over.value, under.value, _both(over.known, under.known))
        if isinstance(measure.of, tuple):
            return self._matched(measure, points)
        view = points.views[str(measure.of)]
        return _VERBS[measure.verb](self, measure, view, points)

    def values(self, column: str, rows: Ints) -> Values:
        """A column at frame rows."""

        def made() -> Values:
            whole = self.frame.column(column)
            every = rows.size == whole.array.size and bool((rows == np.arange(rows.size)).all())
            return whole if every else whole.take(rows)

        return self._of_rows("values", column, rows, made)

    def sums(self, column: str, rows: Ints) -> Ints:
        """Sums of a column's known values over all frame rows before each of these, and over all of them."""

        def made() -> Ints:
            values = self.values(column, rows)
            return _prefix(values.array if values.known is None else np.where(values.known, values.array, 0))

        return self._of_rows("sums", column, rows, made)

    def counts(self, column: str, rows: Ints) -> Ints:
        """The same of how many values are known."""
        return self._of_rows("counts", column, rows, lambda: _prefix(self.values(column, rows).is_known()))

    def _of_rows(self, what: str, column: str, rows: Ints, make: Callable[[], Shared]) -> Shared:
        """Kept with the rows, so that no others can come to bear their number."""
        return self._once((what, column, id(rows)), lambda: (rows, make()))[1]

    def unknown(self, name: str, points: Points) -> tuple[Ints, Ints]:
        """Known and all rows that a measure looked at, at each point: membership and value both have to be known."""
        measure = self.measures[name]
        if measure.ratio:
            pairs = [self.unknown(part, points) for part in measure.ratio]
            return pairs[0][0] + pairs[1][0], pairs[0][1] + pairs[1][1]
        known = np.zeros(points.size, np.int64)
        every = np.zeros(points.size, np.int64)
        for set_name in measure.row_sets:
            view = points.views[set_name]
            inside = view.hi - view.lo
            missing = self._missing(measure.column, view)
            known += inside - missing
            every += inside + self._undecided(set_name, points)
        return known, every

    def _missing(self, column: str | None, view: View) -> Ints:
        if column is None or column == "amount":
            return np.zeros(view.lo.size, np.int64)
        return view.hi - view.lo - _between(self.counts(column, view.rows), view)

    def _undecided(self, set_name: str, points: Points) -> Ints:
        unknown = self.frame.sets[set_name].unknown
        if unknown is None:
            return np.zeros(points.size, np.int64)
        prefix = np.concatenate([np.zeros(1, np.int64), np.cumsum(unknown, dtype=np.int64)])
        inside: Ints = prefix[points.until + 1] - prefix[points.begin]
        return inside

    def _once(self, key: object, make: Callable[[], Shared]) -> Shared:
        if key not in self._shared:
            self._shared[key] = make()
        return self._shared[key]  # type: ignore[return-value]  # stored by the same call

    def codes(self, column: str, view: View) -> tuple[NDArray[np.int32], int]:
        """A column of a view's rows as dense codes, -1 where unknown, and how many codes there are."""
        values = self.values(column, view.rows)
        if values.words is not None:
            return np.ascontiguousarray(values.array, np.int32), len(values.words)
        low, high = (int(values.array.min()), int(values.array.max())) if values.array.size else (0, 0)
        if high - low <= 4 * values.array.size:  # days, hours and the like: no need to sort
            back, size = values.array - low, high - low + 1
        else:
            distinct, back = np.unique(values.array, return_inverse=True)
            size = distinct.size
        codes = back if values.known is None else np.where(values.known, back, -1)
        return np.ascontiguousarray(codes, np.int32), size

    def _matched(self, measure: Measure, points: Points) -> Measured:
        assert isinstance(measure.of, tuple)
        inflow, outflow = measure.of
        credit, debit, amount = self._once(("pairs", inflow, outflow), lambda: self._pairs(inflow, outflow))
        first, last = _pair_range(points.views[inflow], points.views[outflow], credit, debit)
        wait = self.frame.time[debit] - self.frame.time[credit]
        if measure.matched_within is not None:
            counted = np.where(wait <= duration_microseconds(measure.matched_within), amount, 0)
            prefix = np.concatenate([[0], np.cumsum(counted)])
            return Measured(prefix[last] - prefix[first])
        mean = np.empty(points.size, np.int64)
        kernels.slice_weighted(first, last, amount, wait, mean)
        return Measured(mean, mean >= 0)

    def _pairs(self, inflow: str, outflow: str) -> tuple[Ints, Ints, Ints]:
        sets, amount = self.frame.sets, self.frame.column("amount").array
        signed = np.where(sets[inflow].true, amount, 0) - np.where(sets[outflow].true, amount, 0)
        buffers = [np.empty(amount.size, np.int64) for _ in range(3)]
        count = kernels.fifo_pairs(self.frame.offsets, np.ascontiguousarray(signed, np.int64), *buffers)
        credit, debit, matched = (buffer[:count].copy() for buffer in buffers)
        return credit, debit, matched


def _both(one: NDArray[np.bool_] | None, other: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
    return other if one is None else one if other is None else one & other


def _ratio(over: Ints, under: Ints, known: NDArray[np.bool_] | None = None) -> Measured:
    out = np.empty(over.size, np.int64)
    kernels.floor_ratio(np.ascontiguousarray(over, np.int64), np.ascontiguousarray(under, np.int64), MILLION, out)
    usable = out >= 0 if known is None else (out >= 0) & known
    return Measured(np.where(usable, out, 0), None if usable.all() else usable)


def _prefix(values: NDArray[Any]) -> Ints:
    """Sums of the values before each place, and of all."""
    sums = np.empty(values.size + 1, np.int64)
    sums[0] = 0
    np.cumsum(values, dtype=np.int64, out=sums[1:])
    return sums


def _between(prefix: Ints, view: View) -> Ints:
    return prefix.take(view.hi) - prefix.take(view.lo)


def _pair_range(inflow: View, outflow: View, credit: Ints, debit: Ints) -> tuple[Ints, Ints]:
    """For each point, the range of pairs whose credit and debit both stand in what it sees; they rise in both."""
    first, last = np.zeros(inflow.lo.size, np.int64), np.zeros(inflow.lo.size, np.int64)
    some = np.flatnonzero((inflow.hi > inflow.lo) & (outflow.hi > outflow.lo))
    earliest = [view.rows[view.lo[some]] for view in (inflow, outflow)]
    latest = [view.rows[view.hi[some] - 1] for view in (inflow, outflow)]
    start, end = np.empty(some.size, np.int64), np.empty(some.size, np.int64)
    kernels.pair_slices(earliest[0], latest[1] + 1, credit, debit, start, end)
    first[some] = np.maximum(start, np.searchsorted(debit, earliest[1]))
    last[some] = np.minimum(end, np.searchsorted(credit, latest[0], side="right"))
    return first, np.maximum(first, last)


def _count(gauge: Gauge, measure: Measure, view: View, points: Points) -> Measured:
    return Measured(view.hi - view.lo)


def _sum(gauge: Gauge, measure: Measure, view: View, points: Points) -> Measured:
    column = str(measure.column)
    return Measured(_between(gauge.sums(column, view.rows), view), _some_known(gauge, column, view))


def _some_known(gauge: Gauge, column: str, view: View) -> NDArray[np.bool_] | None:
    """Where a slice is empty or has a known value: of rows that are all unknown nothing can be said."""
    if gauge.values(column, view.rows).known is None:
        return None
    return np.asarray((view.hi == view.lo) | (_between(gauge.counts(column, view.rows), view) > 0))


def _distinct(gauge: Gauge, measure: Measure, view: View, points: Points) -> Measured:
    codes, size = gauge.codes(str(measure.column or "local_day"), view)
    out = np.empty(points.size, np.int64)
    kernels.slice_distinct(view.lo, view.hi, codes, np.zeros(size, np.int32), out)
    return Measured(out, (view.hi == view.lo) | (out > 0) if (codes < 0).any() else None)


def _top_share(gauge: Gauge, measure: Measure, view: View, points: Points) -> Measured:
    codes, size = gauge.codes(str(measure.column), view)
    out = np.empty(points.size, np.int64)
    kernels.slice_top(view.lo, view.hi, codes, int(measure.k), np.zeros(size, np.int32), out)
    return _ratio(out, np.where(out > 0, view.hi - view.lo, 0))


def _mean(gauge: Gauge, measure: Measure, view: View, points: Points) -> Measured:
    view = _known_only(gauge, measure, view)
    count = view.hi - view.lo
    return Measured(_sum(gauge, measure, view, points).value // np.maximum(count, 1), count > 0)


def _known_only(gauge: Gauge, measure: Measure, view: View) -> View:
    """The view without rows whose value is missing."""
    known = gauge.values(str(measure.column), view.rows).known
    if known is None:
        return view
    prefix = np.concatenate([[0], np.cumsum(known)])
    return View(view.rows[known], prefix[view.lo], prefix[view.hi])


def _extreme(gauge: Gauge, measure: Measure, view: View, points: Points) -> Measured:
    view = _known_only(gauge, measure, view)
    out = np.empty(points.size, np.int64)
    values = np.ascontiguousarray(gauge.values(str(measure.column), view.rows).array, np.int64)
    kernels.slice_extreme(view.lo, view.hi, values, 1 if measure.max else -1, out)
    return Measured(out, view.hi > view.lo)


def _median(gauge: Gauge, measure: Measure, view: View, points: Points) -> Measured:
    view = _known_only(gauge, measure, view)
    values = gauge.values(str(measure.column), view.rows).array
    distinct, ranks = np.unique(values, return_inverse=True)
    out = np.empty(points.size, np.int64)
    kernels.slice_quantile(view.lo, view.hi, np.ascontiguousarray(ranks, np.int32), 500, out)
    some = out >= 0
    return Measured(np.append(distinct, 0).astype(np.int64)[np.where(some, out, -1)], some)


def _std(gauge: Gauge, measure: Measure, view: View, points: Points) -> Measured:
    view = _known_only(gauge, measure, view)
    values = np.ascontiguousarray(gauge.values(str(measure.column), view.rows).array, np.int64)
    out = np.empty(points.size, np.int64)
    kernels.slice_std(view.lo, view.hi, values, out)
    return Measured(out, view.hi > view.lo)


def _share(gauge: Gauge, measure: Measure, view: View, points: Points) -> Measured:
    whole = points.views[str(measure.within)]
    part_of = _count if measure.share == "count" else _sum
    over, under = (part_of(gauge, measure, each, points) for each in (view, whole))
    return _ratio(over.value, under.value, _both(over.known, under.known))


def _gap(gauge: Gauge, measure: Measure, view: View, points: Points) -> Measured:
    time = gauge.frame.time[view.rows]
    gaps = np.diff(time, prepend=time[:1])
    out = np.empty(points.size, np.int64)
    kernels.slice_extreme(np.minimum(view.lo + 1, view.hi), view.hi, np.ascontiguousarray(gaps), 1, out)
    return Measured(out, view.hi - view.lo > 1)


_VERBS: Mapping[str, Callable[[Gauge, Measure, View, Points], Measured]] = {
    "count": _count,
    "sum": _sum,
    "distinct": _distinct,
    "days_active": _distinct,
    "top_share": _top_share,
    "mean": _mean,
    "min": _extreme,
    "max": _extreme,
    "median": _median,
    "std": _std,
    "share": _share,
    "gap": _gap,
}
"""How each verb is computed over one row set."""
