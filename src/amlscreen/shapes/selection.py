"""The rows a plan looks at: picked by its row sets, grouped by subject, in time order.

For accounts and customers one partition is enough; for conductors, outside counterparties and terminals the few rows
that qualify are picked in each partition and joined before they are grouped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.kernels import fix_order
from amlscreen.ledger.partition import Partition, Values
from amlscreen.ledger.reference import Reference
from amlscreen.shapes.conditions import Truth
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.standing import column_of, standing

__all__ = ["OF_ONE_BANK", "SUBJECT_COLUMNS", "Frame", "Selection", "arrange", "grouped", "select"]

Rows = NDArray[np.int64]
SUBJECT_COLUMNS = {
    "account": "account",
    "customer": "customer",
    "conductor": "conductor_id",
    "counterparty": "counterparty",
    "terminal": "terminal_id",
}
OF_ONE_BANK = frozenset({"conductor", "terminal"})
"""Subjects whose ids are the institution's own, so that two banks may use the same one for different things."""


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
    sets = standing(plan, part)
    keep = np.zeros(part.size, np.bool_)
    for truth in sets.values():
        keep |= truth.maybe
    if plan.subject != "customer":
        keep &= part.once("first holder", lambda: part.column("holder_no").array == 0)
    keep &= part.once(("subject", plan.subject, plan.by), lambda: _has_subject(plan, part))
    rows = np.flatnonzero(keep)
    return Selection(
        plan, rows.size, lambda name: column_of(plan, part, name).take(rows), _taken(sets, rows), part.reference
    )


def _has_subject(plan: Plan, part: Partition) -> NDArray[np.bool_]:
    known = part.column(SUBJECT_COLUMNS[plan.subject]).is_known()
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


def arrange(selection: Selection, *, prune: bool = True) -> Frame:
    """Group by subject and ``by``, drop groups that cannot meet the rule (``prune``), put each group in time order."""
    plan = selection.plan
    rows, offsets, enough, blind = grouped(selection)
    keep = enough & ~blind
    if prune and not keep.all():
        rows = rows[np.repeat(keep, np.diff(offsets))]
        sizes = np.diff(offsets)[keep]
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    time = np.ascontiguousarray(selection.column("at").array[rows], np.int64)
    if plan.subject != "account":
        order = np.empty(rows.size, np.int64)
        fix_order(offsets, time, np.ascontiguousarray(rows, np.int64), order)
        rows, time = rows[order], time[order]
    return Frame(selection, rows, offsets, time, _taken(selection.sets, rows), int((enough & blind).sum()))


def grouped(selection: Selection) -> tuple[Rows, Rows, NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows in order of subject and ``by``, and where each group begins; then of each group whether it has rows enough
    to meet the rule, and whether it cannot be told for want of a clock.
    """
    plan = selection.plan
    institution = ("institution",) if plan.subject in OF_ONE_BANK else ()
    key = _key(selection, (SUBJECT_COLUMNS[plan.subject], *institution, *plan.by))
    rows = np.arange(selection.size)
    if key.size and (np.diff(key) < 0).any():
        rows = np.argsort(key, kind="stable")
        key = key[rows]
    offsets = _offsets(key)
    return rows, offsets, *_worth(selection, rows, offsets)


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


def _worth(selection: Selection, rows: Rows, offsets: Rows) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    keep = np.ones(offsets.size - 1, np.bool_)
    if not rows.size:
        return keep, keep
    for name, least in _least_rows(selection.plan).items():
        keep &= np.add.reduceat(selection.sets[name].true[rows], offsets[:-1], dtype=np.int64) >= least
    blind = np.zeros(keep.size, np.bool_)
    if selection.plan.fifo:
        precision = selection.column("time_precision")
        vague = precision.array != precision.code_of("second")
        for name in {name for pair in selection.plan.fifo for name in pair}:
            blind |= np.logical_or.reduceat((selection.sets[name].true & vague)[rows], offsets[:-1])
    return keep, blind


def _least_rows(plan: Plan) -> dict[str, int]:
    """For each row set, the fewest rows a subject needs: what ``when`` says of counts, and one for a present step.

    Of a baseline nothing is known beforehand: those with little are what others are held against.
    """
    least: dict[str, int] = {}
    if plan.detect.shape == "baseline":
        return least
    for name, condition in plan.detect.when.columns.items():
        measure = plan.detect.measures[name]
        bound = condition.gte if condition.gte is not None else condition.gt
        if measure.verb in {"count", "distinct", "days_active"} and isinstance(measure.of, str) and bound is not None:
            least[measure.of] = max(least.get(measure.of, 0), int(bound))
    if plan.detect.shape == "sequence":
        for name in (plan.detect.first, *(step.rows for step in plan.detect.then if step.is_ == "present")):
            least.setdefault(name, 1)
    return least
