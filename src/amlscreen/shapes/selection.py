"""The rows a plan looks at: picked by its row sets, grouped by subject, in time order.

For accounts and customers one partition is enough; for conductors and outside counterparties the few rows that qualify
are picked in each partition and joined before they are grouped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.ledger.columns import is_countable
from amlscreen.ledger.kernels import fix_order
from amlscreen.ledger.limits import limit_multiple
from amlscreen.ledger.partition import Partition, Values
from amlscreen.ledger.reference import Reference, positions
from amlscreen.shapes.conditions import Truth, evaluate
from amlscreen.shapes.plan import ALWAYS, Plan

__all__ = ["Frame", "Selection", "arrange", "detach", "join", "select"]

Rows = NDArray[np.int64]
_SUBJECT = {
    "account": "account",
    "customer": "customer",
    "conductor": "conductor_id",
    "counterparty": "counterparty",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows that stand, or may stand, in a row set, with the columns the plan reads and each set's truth."""

    plan: Plan
    size: int
    column: Callable[[str], Values]
    sets: dict[str, Truth]
    reference: Reference
    names: tuple[str, ...] = ()

    def narrowed(self, rows: Rows) -> Selection:
        """The selection with some of its rows only."""
        return Selection(
            self.plan,
            rows.size,
            lambda name: self.column(name).take(rows),
            _taken(self.sets, rows),
            self.reference,
            self.names,
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """A selection in order: group after group, each by time. ``rows`` are positions in the selection.

    Columns are made when first asked for and kept as long as the frame is.
    """

    selection: Selection
    rows: Rows
    offsets: Rows
    time: Rows
    sets: dict[str, Truth]
    not_evaluable: int
    _made: dict[str, Values] = field(default_factory=dict, compare=False)

    def column(self, name: str) -> Values:
        """A column in the frame's order."""
        if name not in self._made:
            self._made[name] = self.selection.column(name).take(self.rows)
        return self._made[name]

    def stands(self) -> NDArray[np.bool_]:
        """Rows that stand in a row set; the others only may, because a value is missing."""
        found = np.zeros(self.rows.size, np.bool_)
        for truth in self.sets.values():
            found |= truth.true
        return found


def select(plan: Plan, part: Partition) -> Selection:
    """Pick the rows of a partition that a plan looks at."""
    countable = Truth(is_countable(part))
    column: Callable[[str], Values] = part.column
    if plan.limit is not None:
        line = limit_multiple(part, plan.limit)
        column = _with_line(part, line)
    sets: dict[str, Truth] = {}
    for name, conditions in plan.detect.rows.items():
        truth = evaluate(conditions, column, plan.literal, part.size)
        sets[name] = truth if "kind" in set(conditions.names()) else truth & countable
    if plan.needs_clock:
        sets = {name: _with_clock(truth, part) for name, truth in sets.items()}
    keep = np.zeros(part.size, np.bool_)
    for truth in sets.values():
        keep |= truth.maybe
    if plan.subject != "customer":
        keep &= part.column("holder_no").array == 0
    keep &= _has_subject(plan, part)
    rows = np.flatnonzero(keep)
    return Selection(plan, rows.size, lambda name: column(name).take(rows), _taken(sets, rows), part.reference)


def _with_line(part: Partition, line: Values) -> Callable[[str], Values]:
    """The partition's columns, and ``limit_multiple`` of the line that is being looked at."""
    return lambda name: line if name == "limit_multiple" else part.column(name)


def _with_clock(truth: Truth, part: Partition) -> Truth:
    precision = part.column("time_precision")
    exact = precision.array == precision.code_of("second")
    return Truth(truth.true & exact, truth.maybe & ~(truth.true & exact))


def _has_subject(plan: Plan, part: Partition) -> NDArray[np.bool_]:
    known = part.column(_SUBJECT[plan.subject]).is_known()
    if plan.subject == "counterparty":
        kind = part.column("counterparty_kind")
        known = known & (kind.array != kind.code_of("pooled"))
    for name in plan.by:
        known = known & part.column(name).is_known()
    return known


def _taken(sets: dict[str, Truth], rows: Rows) -> dict[str, Truth]:
    return {
        name: Truth(truth.true[rows], None if truth.unknown is None else truth.unknown[rows])
        for name, truth in sets.items()
    }


def detach(selection: Selection) -> Selection:
    """The selection with copies of the columns its plan reads, so that its partition can be let go."""
    plan = selection.plan
    names = {*ALWAYS, *plan.columns, *plan.by, _SUBJECT[plan.subject], "account", "customer"}
    if (plan.card.possible_victims or "").endswith(".counterparty"):
        names.add("counterparty")
    columns = {name: selection.column(name) for name in sorted(names)}
    return Selection(plan, selection.size, columns.__getitem__, selection.sets, selection.reference, tuple(columns))


def join(selections: Sequence[Selection]) -> Selection:
    """The detached selections of several partitions as one, for subjects that lie in many."""
    first = selections[0]
    plan = first.plan
    columns = {name: _joined([each.column(name) for each in selections]) for name in first.names}
    sets = {
        name: Truth(
            np.concatenate([each.sets[name].true for each in selections]),
            np.concatenate([each.sets[name].maybe & ~each.sets[name].true for each in selections]),
        )
        for name in first.sets
    }
    size = sum(each.size for each in selections)
    return Selection(plan, size, columns.__getitem__, sets, first.reference, first.names)


def _joined(parts: Sequence[Values]) -> Values:
    known = None
    if any(part.known is not None for part in parts):
        known = np.concatenate([part.is_known() for part in parts])
    if parts[0].words is None:
        return Values(np.concatenate([part.array for part in parts]), known)
    words = pc.unique(pa.concat_arrays([part.vocabulary for part in parts]))
    arrays = []
    for part in parts:
        moved = positions(part.vocabulary, words)
        arrays.append(np.append(moved, -1)[part.array].astype(np.int32))
    return Values(np.concatenate(arrays), known, words)


def arrange(selection: Selection, *, prune: bool = True) -> Frame:
    """Group by subject and ``by``, drop groups that cannot meet the rule (``prune``), put each group in time order."""
    plan = selection.plan
    key = _key(
        selection, (_SUBJECT[plan.subject], *(("institution",) if plan.subject == "conductor" else ()), *plan.by)
    )
    rows = np.arange(selection.size)
    if key.size and (np.diff(key) < 0).any():
        rows = np.argsort(key, kind="stable")
        key = key[rows]
    offsets = _offsets(key)
    keep, blind = _worth(selection, rows, offsets)
    if prune and not keep.all():
        rows = rows[np.repeat(keep, np.diff(offsets))]
        sizes = np.diff(offsets)[keep]
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    time = np.ascontiguousarray(selection.column("at").array[rows], np.int64)
    if plan.subject != "account":
        order = np.empty(rows.size, np.int64)
        fix_order(offsets, time, np.ascontiguousarray(rows, np.int64), order)
        rows, time = rows[order], time[order]
    return Frame(selection, rows, offsets, time, _taken(selection.sets, rows), blind)


def _key(selection: Selection, names: Sequence[str]) -> Rows:
    key = selection.column(names[0]).array.astype(np.int64)
    for name in names[1:]:
        codes = selection.column(name).array.astype(np.int64)
        low, high = (int(codes.min()), int(codes.max())) if codes.size else (0, 0)
        if key.size and int(key.max()) > (2**62) // (high - low + 1):
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
        key = key * (high - low + 1) + (codes - low)
    return key


def _offsets(key: Rows) -> Rows:
    if not key.size:
        return np.zeros(1, np.int64)
    return np.concatenate([[0], np.flatnonzero(np.diff(key)) + 1, [key.size]]).astype(np.int64)


def _worth(selection: Selection, rows: Rows, offsets: Rows) -> tuple[NDArray[np.bool_], int]:
    """Which groups have rows enough to meet the rule, and how many of them cannot be told for want of a clock."""
    keep = np.ones(offsets.size - 1, np.bool_)
    if not rows.size:
        return keep, 0
    for name, least in _least_rows(selection.plan).items():
        keep &= np.add.reduceat(selection.sets[name].true[rows], offsets[:-1], dtype=np.int64) >= least
    blind = np.zeros(keep.size, np.bool_)
    if selection.plan.fifo:
        precision = selection.column("time_precision")
        vague = precision.array != precision.code_of("second")
        for name in {name for pair in selection.plan.fifo for name in pair}:
            blind |= np.logical_or.reduceat((selection.sets[name].true & vague)[rows], offsets[:-1])
    return keep & ~blind, int((keep & blind).sum())


def _least_rows(plan: Plan) -> dict[str, int]:
    """For each row set, the fewest rows a subject needs: what ``when`` says of counts, and one for a present step."""
    least: dict[str, int] = {}
    for name, condition in plan.detect.when.columns.items():
        measure = plan.detect.measures[name]
        bound = condition.gte if condition.gte is not None else condition.gt
        if measure.verb in {"count", "distinct", "days_active"} and isinstance(measure.of, str) and bound is not None:
            least[measure.of] = max(least.get(measure.of, 0), int(bound))
    if plan.detect.shape == "sequence":
        for name in (plan.detect.first, *(step.rows for step in plan.detect.then if step.is_ == "present")):
            least.setdefault(name, 1)
    return least
