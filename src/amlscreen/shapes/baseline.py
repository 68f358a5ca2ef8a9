"""Shape ``baseline``: a measure of the last span held against what is usual for the subject, or for people like it.

In each partition the spans are measured and the subjects picked that may be hits; their rows are gathered and told as
hits at the end, when the peers of the whole bank are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.partition import Partition
from amlscreen.rules.grammar import Baseline
from amlscreen.shapes.baseline_hits import hits_at
from amlscreen.shapes.compared import Compared, compare, own_usual, possible, verdict
from amlscreen.shapes.gather import detach, join
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.selection import Selection, select
from amlscreen.shapes.settled import AfterSweep, Settled
from amlscreen.shapes.spans import Since, Spans, cut, looked_at, since

__all__ = ["Piece", "piece_of", "settle"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Piece:
    """What one partition gives: the rows of subjects that may be hits and their first days; how many cannot be told."""

    rows: Selection | None
    since: Since
    not_evaluable: int


def piece_of(plan: Plan, part: Partition) -> Piece | None:
    """The subjects of one partition that may be hits; None where it has nothing to do with the plan."""
    spans = cut(select(plan, part), _spans_of(plan))
    first = since(part, plan.subject)
    at = possible(plan, spans)
    blind = spans.frame.not_evaluable
    if at.size:
        decided = verdict(plan, spans, _compared(plan, spans, at, first))
        at, blind = decided.met, blind + decided.undecided.size
    if not at.size and not blind:
        return None
    subjects = np.unique(at // spans.count)
    return Piece(_rows_of(spans, subjects), first.only(spans.numbers[subjects]), blind)


def settle(plan: Plan, pieces: Sequence[Piece], bank: AfterSweep) -> Settled:
    """The hits, once every partition was swept."""
    blind = sum(piece.not_evaluable for piece in pieces)
    rows = [piece.rows for piece in pieces if piece.rows is not None]
    if not rows:
        return Settled([], blind)
    spans = cut(join(rows), _spans_of(plan))
    compared = _compared(plan, spans, possible(plan, spans), _together([piece.since for piece in pieces]))
    decided = verdict(plan, spans, compared)
    return Settled(hits_at(plan, spans, compared, decided.met, bank.alert_from), blind)


def _spans_of(plan: Plan) -> int:
    """How many spans back rows are read."""
    detect = plan.detect
    assert isinstance(detect, Baseline)
    return looked_at(detect)[1] + (int(detect.history.spans) if detect.history else 0)


def _compared(plan: Plan, spans: Spans, at: Ints, first: Since) -> Compared:
    return compare(plan, spans, at, own_usual(plan, spans, at, first), first)


def _rows_of(spans: Spans, subjects: Ints) -> Selection | None:
    """The rows of some subjects, let go of their partition."""
    if not subjects.size:
        return None
    frame = spans.frame
    mine = np.zeros(frame.offsets.size - 1, np.bool_)
    mine[subjects] = True
    rows = frame.rows[np.repeat(mine, np.diff(frame.offsets))]
    return detach(frame.selection.narrowed(np.sort(rows)))


def _together(parts: Sequence[Since]) -> Since:
    numbers = np.concatenate([part.numbers for part in parts])
    order = np.argsort(numbers, kind="stable")
    return Since(numbers[order], np.concatenate([part.days for part in parts])[order])
