"""What the labels say of each customer of a run: target, innocent, possible victim, or nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from amlscreen.errors import DataError, Place
from amlscreen.evaluation.given import Run
from amlscreen.evaluation.places import Places
from amlscreen.labels import Label, Labels

__all__ = ["INNOCENT", "LEFT_OUT", "TARGET", "Known", "join", "split_at"]

TARGET, INNOCENT, LEFT_OUT = 1, 0, -1


@dataclass(frozen=True)
class Known:
    """The labels joined to the customers, by customer number.

    ``state`` is TARGET, INNOCENT or LEFT_OUT; ``victim`` marks possible victims, who are never targets to be put under
    review; ``unit`` numbers what is found or missed together (customers of one instance, else each by itself).
    ``rows`` are the labels with the number of their customer; ``left_out`` says how many were left out and why.
    """

    state: NDArray[np.int8]
    victim: NDArray[np.bool_]
    unit: NDArray[np.int64]
    rows: tuple[tuple[int, Label], ...]
    left_out: Mapping[str, int]

    @property
    def targets(self) -> int:
        """Customers that should be found."""
        return int((self.state == TARGET).sum())

    @property
    def innocents(self) -> int:
        """Customers that should not."""
        return int((self.state == INNOCENT).sum())


def join(run: Run, places: Places, labels: Labels) -> Known:
    """The labels put on the customers; :class:`~amlscreen.errors.DataError` if none of them is one of the run's."""
    labels = labels.of_alerts(run.customers_of_alert)
    numbers = places.numbers((row.institution, row.customer_id) for row in labels.rows).tolist()
    rows = tuple((number, row) for number, row in zip(numbers, labels.rows, strict=True) if number >= 0)
    if not rows:
        raise DataError(
            "holds no customer of this run.",
            place=Place(labels.source),
            fix="Give labels that name customers as the run's data does.",
        )
    left_out: Counter[str] = Counter(labels.set_aside)
    left_out["labels of customers that this run does not have"] = len(labels.rows) - len(rows)
    known, too_late = _seen(rows, run.as_of)
    left_out["labels of what began after the run's last day"] = too_late
    state, victim = _states(known, len(places.order), labels)
    people = np.zeros(len(state), np.bool_)
    people[[number for number, _ in known]] = True
    left_out["possible victims, who are looked at apart"] = int((victim & (state == LEFT_OUT)).sum())
    left_out["customers looked at without an answer"] = int((people & ~victim & (state == LEFT_OUT)).sum())
    left_out["customers of whom the labels say nothing"] = int((~people & (state == LEFT_OUT)).sum())
    counted = {reason: count for reason, count in left_out.items() if count}
    return Known(state, victim, _units(known, len(state)), tuple(known), counted)


def _seen(rows: Sequence[tuple[int, Label]], as_of: dt.date) -> tuple[list[tuple[int, Label]], int]:
    kept = [(number, row) for number, row in rows if row.first_day is None or row.first_day <= as_of]
    return kept, len(rows) - len(kept)


def _states(
    rows: Sequence[tuple[int, Label]], customers: int, labels: Labels
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """One answer for each customer: a target's outweighs an innocent's, any answer outweighs none."""
    state = np.full(customers, INNOCENT if labels.unlisted == "innocent" else LEFT_OUT, np.int8)
    victim = np.zeros(customers, np.bool_)
    answers: dict[int, set[bool]] = {}
    for number, row in rows:
        said = answers.setdefault(number, set())
        if row.possible_victim:
            victim[number] = True
        elif row.is_target is not None:
            said.add(row.is_target)
    for number, said in answers.items():
        state[number] = TARGET if True in said else INNOCENT if said and not victim[number] else LEFT_OUT
    return state, victim


def _units(rows: Sequence[tuple[int, Label]], customers: int) -> NDArray[np.int64]:
    """Customers joined through the instances they share; each is its own unit else."""
    unit = np.arange(customers)

    def root(one: int) -> int:
        while unit[one] != one:
            unit[one] = unit[unit[one]]
            one = int(unit[one])
        return one

    first: dict[str, int] = {}
    for number, row in rows:
        if row.instance:
            unit[root(number)] = root(first.setdefault(row.instance, number))
    return np.array([root(int(number)) for number in unit], np.int64)


def split_at(known: Known, day: dt.date) -> tuple[Known, Known]:
    """What was known by ``day``, and what began on it or later; targets of the other part are left out of each.

    A customer is placed by its earliest target row. One without a day is left out of both.
    """
    begun: dict[int, dt.date | None] = {}
    for number, row in known.rows:
        if row.is_target and not row.possible_victim:
            earliest = begun.get(number, row.first_day)
            begun[number] = None if earliest is None or row.first_day is None else min(earliest, row.first_day)
    undated = [number for number, first in begun.items() if first is None]
    before = [number for number, first in begun.items() if first is not None and first < day]
    after = [number for number, first in begun.items() if first is not None and first >= day]
    reasons = (f"targets that began on {day} or later", f"targets that began before {day}")
    return _without(known, after, undated, reasons[0]), _without(known, before, undated, reasons[1])


def _without(known: Known, others: Sequence[int], undated: Sequence[int], reason: str) -> Known:
    state = known.state.copy()
    gone = [*others, *undated]
    state[gone] = LEFT_OUT
    aside = set(gone)
    more = {reason: len(others), "targets without a first day": len(undated)}
    left_out = {**known.left_out, **{name: count for name, count in more.items() if count}}
    rows = tuple((number, row) for number, row in known.rows if number not in aside)
    return replace(known, state=state, rows=rows, left_out=left_out)
