"""Shape ``baseline``: a measure of the last span held against what is usual for the subject, or for people like it.

In each partition the spans are measured and the subjects picked that may be hits; their rows are gathered and told as
hits at the end, when the peers of the whole bank are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.hits import Hit
from amlscreen.ledger.partition import Partition
from amlscreen.peers.standing import Crowd
from amlscreen.rules.grammar import Baseline
from amlscreen.shapes.baseline_hits import hits_at
from amlscreen.shapes.compared import (
    Compared,
    compare,
    compare_with_peers,
    compared_value,
    own_usual,
    possible,
    recent,
    verdict,
)
from amlscreen.shapes.gather import detach, join
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.selection import Selection, select
from amlscreen.shapes.settled import AfterSweep, Settled
from amlscreen.shapes.spans import Since, Spans, active, cut, looked_at, since

__all__ = ["Piece", "ask", "piece_of", "settle"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Piece:
    """What one partition gives: the rows of subjects that may be hits and their first days; how many cannot be told.

    ``crowd`` are all who may be somebody's peers; the others' usual is known in the partition.
    """

    rows: Selection | None
    since: Since
    not_evaluable: int
    crowd: Crowd | None = None


def piece_of(plan: Plan, part: Partition) -> Piece | None:
    """The subjects of one partition that may be hits; None where it has nothing to do with the plan."""
    spans = cut(select(plan, part), _spans_of(plan))
    first = since(part, plan.subject)
    at = possible(plan, spans)
    blind = spans.frame.not_evaluable
    crowd = _crowd(plan, spans, part)
    if at.size and crowd is None:
        decided = verdict(plan, spans, _compared(plan, spans, at, first, None))
        at, blind = decided.met, blind + decided.undecided.size
    if not at.size and not blind and crowd is None:
        return None
    subjects = np.unique(at // spans.count)
    return Piece(_rows_of(spans, subjects), first.only(spans.numbers[subjects]), blind, crowd)


def settle(plan: Plan, pieces: Sequence[Piece], bank: AfterSweep) -> Settled:
    """The hits, once every partition was swept; everybody's rows lie in one partition, so some are enough at a time."""
    blind = sum(piece.not_evaluable for piece in pieces)
    crowds = [piece.crowd for piece in pieces if piece.crowd is not None]
    crowd = Crowd.of(crowds) if crowds else None
    found: list[tuple[int, Hit]] = []
    for some in _at_a_time(pieces, bank.rows_at_once):
        if (gathered := _gathered(plan, some)) is None:
            continue
        spans, first, _ = gathered
        compared = _compared(plan, spans, possible(plan, spans), first, crowd)
        decided = verdict(plan, spans, compared)
        subjects = spans.numbers[np.unique(decided.met // spans.count)].tolist()
        found += zip(subjects, hits_at(plan, spans, compared, decided.met, bank.alert_from), strict=True)
        blind += decided.undecided.size
    return Settled([hit for _, hit in sorted(found, key=lambda one: one[0])], blind)


def _at_a_time(pieces: Iterable[Piece], most: int) -> Iterator[list[Piece]]:
    """Pieces with rows, so many at a time that ``most`` rows are not exceeded; a single one can have more."""
    held: list[Piece] = []
    size = 0
    for piece in pieces:
        if piece.rows is None:
            continue
        if held and size + piece.rows.size > most:
            yield held
            held, size = [], 0
        held.append(piece)
        size += piece.rows.size
    if held:
        yield held


def ask(plan: Plan, parts: Iterable[Partition], numbers: Ints) -> tuple[Spans, Compared] | None:
    """The last spans of some subjects beside what is usual for them, whether they may be hits or not.

    None where they have no row that can be looked at. For peers, ``parts`` are those of the whole bank.
    """
    pieces = []
    for part in parts:
        spans = cut(select(plan, part), _spans_of(plan))
        mine = np.flatnonzero(np.isin(spans.numbers, numbers))
        first = since(part, plan.subject).only(spans.numbers[mine])
        pieces.append(Piece(_rows_of(spans, mine), first, 0, _crowd(plan, spans, part)))
    gathered = _gathered(plan, pieces)
    if gathered is None:
        return None
    spans, first, crowd = gathered
    return spans, _compared(plan, spans, recent(plan, spans), first, crowd)


def _gathered(plan: Plan, pieces: Sequence[Piece]) -> tuple[Spans, Since, Crowd | None] | None:
    """The spans of all subjects picked, their first days and everybody's peers; None if nobody was picked."""
    rows = [piece.rows for piece in pieces if piece.rows is not None]
    if not rows:
        return None
    crowds = [piece.crowd for piece in pieces if piece.crowd is not None]
    spans = cut(join(rows), _spans_of(plan))
    return spans, _together([piece.since for piece in pieces]), Crowd.of(crowds) if crowds else None


def _crowd(plan: Plan, spans: Spans, part: Partition) -> Crowd | None:
    """All active subjects whose value is known; those without a row in a row set have that of nothing."""
    detect = plan.detect
    assert isinstance(detect, Baseline)
    if detect.peers is None:
        return None
    numbers = np.setdiff1d(active(part, plan.subject, spans.days), spans.blind)
    values, known = np.zeros(numbers.size, np.int64), np.full(numbers.size, _zero_of_nothing(detect))
    place = np.searchsorted(spans.numbers, numbers)
    inside = np.append(spans.numbers, -1)[place] == numbers
    if inside.any():
        measured = compared_value(plan, spans, spans.last()[place[inside]])
        values[inside], known[inside] = measured.value, measured.known
    return Crowd(numbers[known].astype(np.int32), values[known])


def _zero_of_nothing(detect: Baseline) -> bool:
    """Whether the compared measure is zero, and not unknown, where a subject has no row to measure."""
    return detect.measures[detect.compare].verb in {"count", "sum", "distinct", "days_active", "matched_within"}


def _spans_of(plan: Plan) -> int:
    """How many spans back rows are read."""
    detect = plan.detect
    assert isinstance(detect, Baseline)
    return looked_at(detect)[1] + (int(detect.history.spans) if detect.history else 0)


def _compared(plan: Plan, spans: Spans, at: Ints, first: Since, crowd: Crowd | None) -> Compared:
    if crowd is not None:
        return compare_with_peers(plan, spans, at, crowd, first)
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
