"""Shape ``baseline``, last step: one hit for each subject, with the rows of every span that meets the comparison."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from amlscreen.hits import Hit
from amlscreen.ledger.partition import Values
from amlscreen.shapes.compared import Compared
from amlscreen.shapes.findings import hits_of
from amlscreen.shapes.judging import Episodes
from amlscreen.shapes.plan import DAY, Plan
from amlscreen.shapes.spans import Spans

__all__ = ["hits_at"]

Ints = NDArray[np.int64]


def hits_at(plan: Plan, spans: Spans, compared: Compared, met: Ints, alert_from: int) -> list[Hit]:
    """The hits of the subjects whose points ``met`` the rule; their measures are those of the span farthest from usual.

    A hit runs from the first row of its spans to the last. Where the comparison holds because nothing was booked at
    all, it has no rows of its own and runs over the days of its spans.
    """
    if not met.size:
        return []
    place = np.searchsorted(compared.at, met)
    subject = met // spans.count
    starts = np.concatenate([[0], np.flatnonzero(np.diff(subject)) + 1]).astype(np.int64)
    ends = np.append(starts[1:], met.size)
    peak = np.lexsort((met, compared.distance[place], subject))[ends - 1]
    found, empty = _episodes(spans, met, starts, peak)
    shown = {**compared.made, **compared.also}
    made = {name: _told(values, place[peak]) for name, values in shown.items()}
    if "spans_met" in plan.detect.made:
        made["spans_met"] = (ends - starts).tolist()
    hits = list(hits_of(plan, spans.frame, spans.gauge, found, alert_from, made))
    for number in np.flatnonzero(empty).tolist():
        hits[number] = _over_days(spans, hits[number], met[starts[number] : ends[number]])
    return hits


def _episodes(spans: Spans, met: Ints, starts: Ints, peak: Ints) -> tuple[Episodes, NDArray[np.bool_]]:
    """One episode for each subject, from the first row to the last of its spans; and which of them have no row."""
    frame, points = spans.frame, spans.points.at(met)
    stands = np.flatnonzero(frame.stands())
    low, high = np.searchsorted(stands, points.begin), np.searchsorted(stands, points.until + 1)
    some = high > low
    first = np.where(some, np.append(stands, 0)[low], frame.rows.size)
    last = np.where(some, np.append(stands, 0)[high - 1], -1)
    start, end = np.minimum.reduceat(first, starts), np.maximum.reduceat(last, starts)
    empty = end < 0
    subject = points.group[starts]
    start, end = np.where(empty, frame.offsets[subject], start), np.where(empty, frame.offsets[subject + 1] - 1, end)
    offsets = np.append(starts, met.size)
    every = np.arange(met.size, dtype=np.int64)
    return Episodes(points, start, end, peak, np.ones(starts.size, np.int64), every, offsets), empty


def _over_days(spans: Spans, hit: Hit, met: Ints) -> Hit:
    """The hit over the days of its spans, for want of rows."""
    facts = spans.frame.selection.reference
    first = int(spans.first_day(met).min())
    last = int(facts.last_day - spans.back(met).min() * spans.days)
    offset = facts.jurisdiction.utc_offset_minutes * 60_000_000
    return replace(
        hit,
        first_day=first,
        last_day=last,
        first_at=first * DAY - offset,
        last_at=(last + 1) * DAY - offset - 1,
        row_ids=np.empty(0, np.int64),
        parts=(),
        decides=np.empty(0, np.bool_),
    )


def _told(values: Values, rows: Ints) -> list[int | str | None]:
    """Words or numbers as a hit tells them; None where unknown."""
    known = values.is_known()[rows].tolist()
    found = values.array[rows].tolist()
    if values.words is not None:
        words = values.words.to_pylist()
        return [words[one] if sure else None for one, sure in zip(found, known, strict=True)]
    return [one if sure else None for one, sure in zip(found, known, strict=True)]
