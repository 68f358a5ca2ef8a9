"""Shape ``baseline``, first step: each subject's rows cut into spans that end with the run's day.

Span 0 is the last one; all are as long as ``within`` and begin with a local day. Inside, spans stand oldest first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from amlscreen.distinct import distinct
from amlscreen.ledger.columns import is_countable
from amlscreen.ledger.partition import Partition
from amlscreen.ledger.reference import UNKNOWN_DAY
from amlscreen.rules.grammar import Baseline, duration_microseconds
from amlscreen.shapes.measures import Gauge
from amlscreen.shapes.plan import DAY
from amlscreen.shapes.points import Points, View
from amlscreen.shapes.selection import SUBJECT_COLUMNS, Frame, Selection, arrange

__all__ = ["Since", "Spans", "active", "cut", "days_of", "looked_at", "since"]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def days_of(detect: Baseline) -> int:
    """How many days a span has."""
    return duration_microseconds(detect.within) // DAY


def looked_at(detect: Baseline) -> tuple[int, int]:
    """In how many of the last spans the comparison must hold, and of how many."""
    return (int(detect.spans.at_least), int(detect.spans.of)) if detect.spans else (1, 1)


@dataclass(frozen=True, slots=True)
class Since:
    """The first day of each of some subjects: the first row or, earlier, the opening of an account that has one."""

    numbers: Ints
    days: Ints

    def of(self, numbers: Ints) -> Ints:
        """The first day of these subjects, each of which must be among them."""
        return self.days[np.searchsorted(self.numbers, numbers)]

    def only(self, numbers: Ints) -> Since:
        """Of these subjects alone; they rise."""
        return Since(numbers, self.of(numbers))


@dataclass(frozen=True, slots=True)
class Spans:
    """The subjects with a row in a row set and ``count`` spans of each; without those who are ``blind``.

    Blind are they whose money cannot be followed, because the order of their rows within a day is unknown. The points
    of subject ``g`` are ``g * count`` up to ``(g + 1) * count``, oldest first, also where a span has no row.
    """

    frame: Frame
    gauge: Gauge
    points: Points
    count: int
    days: int
    numbers: Ints
    blind: Ints

    def last(self) -> Ints:
        """The point of each subject's last span."""
        return np.arange(self.count - 1, self.points.size, self.count)

    def back(self, at: Ints) -> Ints:
        """How many spans lie between a point's and the run's day."""
        return self.count - 1 - at % self.count

    def first_day(self, at: Ints) -> Ints:
        """The first day of each point's span."""
        last: Ints = self.frame.selection.reference.last_day - (self.back(at) + 1) * self.days + 1
        return last

    def whole(self, at: Ints, since: Since) -> Flags:
        """Whether the data and the subject reach back to the beginning of each point's span."""
        known_from = np.maximum(since.of(self.numbers[at // self.count]), self.frame.selection.reference.first_day)
        return known_from <= self.first_day(at)


def cut(selection: Selection, count: int) -> Spans:
    """The last ``count`` spans of every subject in the selection. Nobody is dropped for having little."""
    plan, last_day = selection.plan, selection.reference.last_day
    detect = plan.detect
    assert isinstance(detect, Baseline)
    days = days_of(detect)
    recent = selection.column("local_day").array > last_day - count * days
    selection = selection if recent.all() else selection.narrowed(np.flatnonzero(recent))
    frame, column = arrange(selection), SUBJECT_COLUMNS[plan.subject]
    numbers = frame.column(column).array[frame.offsets[:-1]].astype(np.int64)
    blind = np.setdiff1d(selection.column(column).array, numbers) if frame.not_evaluable else numbers[:0]
    return Spans(
        frame, Gauge(frame, detect.measures), _points(frame, last_day, days, count), count, days, numbers, blind
    )


def _points(frame: Frame, last_day: int, days: int, count: int) -> Points:
    back = (last_day - frame.column("local_day").array.astype(np.int64)) // days
    group = np.repeat(np.arange(frame.offsets.size - 1), np.diff(frame.offsets))
    inside = np.bincount(group * count + (count - 1 - back), minlength=(frame.offsets.size - 1) * count)
    end = np.cumsum(inside).astype(np.int64)
    begin = end - inside
    views = {}
    for name, truth in frame.sets.items():
        prefix = np.concatenate([np.zeros(1, np.int64), np.cumsum(truth.true, dtype=np.int64)])
        views[name] = View(np.flatnonzero(truth.true).astype(np.int64), prefix[begin], prefix[end])
    groups = np.repeat(np.arange(frame.offsets.size - 1), count)
    return Points(groups, begin, end - 1, begin, end - 1, views)


def since(part: Partition, subject: str) -> Since:
    """The first days of a partition's accounts or customers."""
    made: Since = part.once(("since", subject), partial(_since, part, subject))
    return made


def _since(part: Partition, subject: str) -> Since:
    starts = part.account_starts()[:-1]
    account = part.column("account").array[starts].astype(np.int64)
    seen = part.column("local_day").array[starts].astype(np.int64)
    opened = part.reference.opened[account].astype(np.int64)
    first = np.where(opened == UNKNOWN_DAY, seen, np.minimum(seen, opened))
    if subject == "account":
        mine = part.column("holder_no").array[starts] == 0
        order = np.argsort(account[mine])
        return Since(account[mine][order], first[mine][order])
    numbers, begin = np.unique(part.column("customer").array[starts].astype(np.int64), return_index=True)
    return Since(numbers, np.minimum.reduceat(first, begin) if begin.size else first)


def active(part: Partition, subject: str, days: int) -> Ints:
    """The partition's accounts or customers with a countable customer transaction in the last so many days."""
    found: Ints = part.once(("active", subject, days), partial(_active, part, subject, days))
    return found


def _active(part: Partition, subject: str, days: int) -> Ints:
    countable: Flags = part.once("countable", partial(is_countable, part))
    recent = countable & (part.column("local_day").array > part.reference.last_day - days)
    if subject == "account":
        recent &= part.column("holder_no").array == 0
    starts = part.account_starts()[:-1]
    found = starts[np.logical_or.reduceat(recent, starts)] if starts.size else starts
    return distinct(part.column(SUBJECT_COLUMNS[subject]).array.take(found).astype(np.int64))
