"""The rows a plan looks at: picked by its row sets, grouped by subject, in time order.

For accounts and customers one partition is enough; for conductors, outside counterparties and terminals the few rows
that qualify are picked in each partition and joined before they are grouped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.kernels import fix_order, group_begins, rows_of_rich_groups
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
TOGETHER = frozenset({"account", "customer"})
"""Subjects whose rows stand together in a partition."""
OF_ONE_BANK = frozenset({"conductor", "terminal"})
"""Subjects whose ids are the institution's own, so that two banks may use the same one for different things."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows that stand, or may stand, in a row set, with the columns the plan reads and each set's truth.

    ``places`` are the rows in what they were picked from, whose columns ``column`` gives; None if it gives those of
    the selection. ``offsets`` say where the rows of each subject begin, where they are known to stand together;
    ``wide`` says of what kind numbers were before they were detached.
    """

    plan: Plan
    size: int
    source: Callable[[str], Values]
    sets: Mapping[str, Truth]
    reference: Reference
    names: tuple[str, ...] = ()
    places: Rows | None = None
    offsets: Rows | None = None
    wide: Mapping[str, Any] = field(default_factory=dict)

    def column(self, name: str) -> Values:
        """A column of the selection's rows; made anew each time."""
        whole = self.source(name)
        return whole if self.places is None else whole.take(self.places)

    def narrowed(self, rows: Rows) -> Selection:
        """The selection with some of its rows only."""
        places = rows if self.places is None else self.places.take(rows)
        sets = {name: truth.take(rows) for name, truth in self.sets.items()}
        return Selection(self.plan, rows.size, self.source, sets, self.reference, self.names, places)


@dataclass(frozen=True, slots=True)
class Frame:
    """A selection in order: group after group, each by time. ``rows`` are positions in the selection.

    Columns are made when first asked for and kept as long as the frame is.
    """

    selection: Selection
    rows: Rows
    offsets: Rows
    time: Rows
    sets: Mapping[str, Truth]
    not_evaluable: int
    _places: Rows
    _made: dict[str, Values] = field(default_factory=dict, compare=False)

    def column(self, name: str) -> Values:
        """A column in the frame's order."""
        if name not in self._made:
            self._made[name] = self.selection.source(name).take(self._places)
        return self._made[name]

    def stands(self) -> NDArray[np.bool_]:
        """Rows that stand in a row set; the others only may, because a value is missing."""
        found, *others = (truth.true for truth in self.sets.values())
        for each in others:
            found = found | each
        return found


def select(plan: Plan, part: Partition, *, prune: bool = False) -> Selection:
    """Pick the rows of a partition that a plan looks at.

    With ``prune`` subjects are left out that have too few rows to meet the rule, where that is cheap to tell.
    """
    sets = standing(plan, part)
    keep, *others = (truth.maybe for truth in sets.values())
    for maybe in others:
        keep = keep | maybe
    keep = keep & part.once(("eligible", plan.subject, plan.by), partial(_eligible, plan, part))
    rows, offsets = np.flatnonzero(keep), None
    if plan.subject in TOGETHER and not plan.by:
        group = part.once(("group", plan.subject), partial(_group, plan.subject, part))
        for name, least in plan.least_rows.items() if prune else ():
            rows = rows[: rows_of_rich_groups(rows, group, sets[name].true, least)]
        begins = np.empty(rows.size + 1, np.int64)
        offsets = begins[: group_begins(rows, group, begins) + 1]
    taken = {name: truth.take(rows) for name, truth in sets.items()}
    return Selection(plan, rows.size, partial(column_of, plan, part), taken, part.reference, (), rows, offsets)


def _eligible(plan: Plan, part: Partition) -> NDArray[np.bool_]:
    """Rows with a known subject, each row of a joint account once if it is not about customers."""
    known = part.column(SUBJECT_COLUMNS[plan.subject]).is_known()
    if plan.subject != "customer":
        known = known & (part.column("holder_no").array == 0)
    if plan.subject == "counterparty":
        kind = part.column("counterparty_kind")
        known = known & (kind.array != kind.code_of("pooled"))
    for name in plan.by:
        known = known & part.column(name).is_known()
    return known


def _group(subject: str, part: Partition) -> NDArray[np.int32]:
    """The place of each row's account (with each of its owners one), or customer, in the partition."""
    starts = part.account_starts() if subject == "account" else part.customer_starts()
    return np.repeat(np.arange(starts.size - 1, dtype=np.int32), np.diff(starts))


def arrange(selection: Selection, *, prune: bool = True) -> Frame:
    """Group by subject and ``by``, drop groups that cannot meet the rule (``prune``), put each group in time order."""
    if selection.offsets is not None and selection.plan.detect.shape != "baseline":
        return _as_it_stands(selection, selection.offsets)
    rows, offsets, enough, blind = grouped(selection)
    if prune:
        rows, offsets = _groups_kept(rows, offsets, enough & ~blind)
    return _in_time(selection, rows, offsets, int((enough & blind).sum()))


def _as_it_stands(selection: Selection, offsets: Rows) -> Frame:
    """The frame of a selection that was pruned as it was made, whose groups stand in the order of the partition."""
    rows = np.arange(selection.size)
    blind = _blind(selection, rows, offsets)
    if blind.any():
        rows, offsets = _groups_kept(rows, offsets, ~blind)
        return _in_time(selection, rows, offsets, int(blind.sum()))
    if selection.plan.subject != "account" or selection.places is None:
        return _in_time(selection, rows, offsets, 0)
    time = np.ascontiguousarray(selection.source("at").array.take(selection.places), np.int64)
    return Frame(selection, rows, offsets, time, selection.sets, 0, selection.places)


def _groups_kept(rows: Rows, offsets: Rows, keep: NDArray[np.bool_]) -> tuple[Rows, Rows]:
    if keep.all():
        return rows, offsets
    sizes = np.diff(offsets)
    kept = rows.take(np.flatnonzero(np.repeat(keep, sizes)))
    return kept, np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes[keep])])


def _in_time(selection: Selection, rows: Rows, offsets: Rows, not_evaluable: int) -> Frame:
    """Groups with their rows in time order; those of one account are."""
    places = rows if selection.places is None else selection.places.take(rows)
    time = np.ascontiguousarray(selection.source("at").array.take(places), np.int64)
    if selection.plan.subject != "account":
        order = np.empty(rows.size, np.int64)
        fix_order(offsets, time, np.ascontiguousarray(rows, np.int64), order)
        rows, time, places = rows.take(order), time.take(order), places.take(order)
    sets = {name: truth.take(rows) for name, truth in selection.sets.items()}
    return Frame(selection, rows, offsets, time, sets, not_evaluable, places)


def grouped(selection: Selection) -> tuple[Rows, Rows, NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows in order of subject and ``by``, and where each group begins; then of each group whether it has rows enough
    to meet the rule, and whether it cannot be told for want of a clock.
    """
    plan = selection.plan
    if selection.offsets is not None:
        rows, offsets = _together(selection, selection.offsets)
        return rows, offsets, *_worth(selection, rows, offsets)
    institution = ("institution",) if plan.subject in OF_ONE_BANK else ()
    key = _key(selection, (SUBJECT_COLUMNS[plan.subject], *institution, *plan.by))
    rows = np.arange(selection.size)
    if key.size and (np.diff(key) < 0).any():
        rows = np.argsort(key, kind="stable")
        key = key[rows]
    offsets = _offsets(key)
    return rows, offsets, *_worth(selection, rows, offsets)


def _together(selection: Selection, offsets: Rows) -> tuple[Rows, Rows]:
    """The rows of groups that each stand together, in the order of their subjects, and where each group begins."""
    places = offsets[:-1] if selection.places is None else selection.places.take(offsets[:-1])
    number = selection.source(selection.plan.subject).array.take(places)
    if not number.size or (np.diff(number) > 0).all():
        return np.arange(selection.size), offsets
    order = np.argsort(number, kind="stable")
    sizes = np.diff(offsets)[order]
    ends = np.cumsum(sizes)
    rows = np.arange(selection.size) + np.repeat(offsets[:-1][order] - (ends - sizes), sizes)
    return rows, np.concatenate([np.zeros(1, np.int64), ends])


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
    if rows.size:
        for name, least in selection.plan.least_rows.items():
            keep &= np.add.reduceat(selection.sets[name].true.take(rows), offsets[:-1], dtype=np.int64) >= least
    return keep, _blind(selection, rows, offsets)


def _blind(selection: Selection, rows: Rows, offsets: Rows) -> NDArray[np.bool_]:
    """Groups whose money is to be followed, and that have a row known by its date only."""
    blind = np.zeros(offsets.size - 1, np.bool_)
    if selection.plan.fifo and rows.size:
        precision = selection.column("time_precision")
        vague = precision.array != precision.code_of("second")
        if vague.any():
            for name in {name for pair in selection.plan.fifo for name in pair}:
                blind |= np.logical_or.reduceat((selection.sets[name].true & vague).take(rows), offsets[:-1])
    return blind
