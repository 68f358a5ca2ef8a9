"""One plan over one selection, and all plans over one partition: a pure function from rows to hits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from amlscreen.hits import Hit
from amlscreen.ledger.partition import Partition
from amlscreen.rules.grammar import Path
from amlscreen.shapes import baseline, path, scenario
from amlscreen.shapes.findings import hits_of
from amlscreen.shapes.gather import detach, join, only_worth_gathering
from amlscreen.shapes.gather_groups import Sliced, in_groups
from amlscreen.shapes.judging import find_episodes, meeting
from amlscreen.shapes.measures import Gauge
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.points import Points
from amlscreen.shapes.selection import Frame, Selection, arrange, select
from amlscreen.shapes.sequence import sequence_points
from amlscreen.shapes.settled import AfterSweep, Settled
from amlscreen.shapes.window import window_points

__all__ = ["RULE_FAILURES", "Swept", "points_of", "settle", "sweep", "sweep_selection"]


@dataclass
class Swept:
    """What a sweep brings back: hits by plan number, rows for plans whose subjects lie in many partitions, and time."""

    hits: dict[int, list[Hit]] = field(default_factory=dict)
    gathered: dict[int, Any] = field(default_factory=dict)
    not_evaluable: dict[int, int] = field(default_factory=dict)
    seconds: dict[int, float] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)


RULE_FAILURES = (ArithmeticError, LookupError, TypeError, ValueError)
"""What a rule's own contents can raise; one failed rule does not stop the others."""


def points_of(frame: Frame) -> Points:
    """Where the plan's shape is looked at."""
    return window_points(frame) if frame.selection.plan.detect.shape == "window" else sequence_points(frame)


def sweep_selection(selection: Selection, alert_from: int) -> tuple[list[Hit], int]:
    """The hits of one plan on its rows, and the number of subjects that could not be told for want of a clock."""
    frame = arrange(selection)
    if not frame.rows.size:
        return [], frame.not_evaluable
    plan = selection.plan
    gauge = Gauge(frame, plan.detect.measures)
    points = meeting(plan, gauge, points_of(frame))
    if not points.size:
        return [], frame.not_evaluable
    found = find_episodes(plan, frame, gauge, points)
    return list(hits_of(plan, frame, gauge, found, alert_from)), frame.not_evaluable


def sweep(part: Partition, plans: Sequence[tuple[int, Plan]], alert_from: int) -> Swept:
    """Every plan over one partition. Plans whose subjects lie in many of them only pick their rows here."""
    swept = Swept()
    for number, plan in _alike_together(plans):
        begun = time.perf_counter()
        try:
            _one(swept, number, plan, part, alert_from)
        except RULE_FAILURES as problem:
            swept.failed[number] = f"{type(problem).__name__}: {problem}"
        swept.seconds[number] = time.perf_counter() - begun
    return swept


PIECES: Mapping[str, Callable[[Plan, Partition], Any]] = {"baseline": baseline.piece_of, "scenario": scenario.piece_of}
"""What a partition gives for shapes that are settled over the whole bank."""

SETTLED: Mapping[str, Callable[[Plan, Sequence[Any], AfterSweep], Settled]] = {
    "baseline": baseline.settle,
    "path": path.settle,
    "scenario": scenario.settle,
}


def settle(plan: Plan, pieces: Sequence[Any], bank: AfterSweep) -> Settled:
    """The hits of a plan whose pieces were gathered from every partition."""
    if (settled := SETTLED.get(plan.detect.shape)) is not None:
        return settled(plan, pieces, bank)
    if sum(piece.size for piece in pieces if isinstance(piece, Selection)) <= bank.rows_at_once and not any(
        isinstance(piece, Sliced) for piece in pieces
    ):
        return Settled(*sweep_selection(join(pieces), bank.alert_from))
    found: list[tuple[int, Hit]] = []
    blind = 0
    for each in in_groups(pieces, bank.rows_at_once):
        hits, untold = sweep_selection(each.rows, bank.alert_from)
        found, blind = found + each.ranked(hits), blind + untold
    return Settled([hit for _, hit in sorted(found, key=lambda one: one[0])], blind)


def _one(swept: Swept, number: int, plan: Plan, part: Partition, alert_from: int) -> None:
    if (piece_of := PIECES.get(plan.detect.shape)) is not None:
        if (piece := piece_of(plan, part)) is not None:
            swept.gathered[number] = piece
        return
    selection = select(plan, part, prune=not plan.is_global)
    if not selection.size:
        return
    if isinstance(plan.detect, Path):
        swept.gathered[number] = part.once(("detached", plan.alike), lambda: detach(selection))
    elif plan.is_global:
        selection = only_worth_gathering(selection)
        if selection.size:
            swept.gathered[number] = detach(selection)
    else:
        swept.hits[number], swept.not_evaluable[number] = sweep_selection(selection, alert_from)


def _alike_together(plans: Sequence[tuple[int, Plan]]) -> Iterable[tuple[int, Plan]]:
    """Plans on the same subject one after another, so that what they share is made once and soon let go."""
    return sorted(plans, key=lambda item: (item[1].subject, item[1].by, item[0]))
