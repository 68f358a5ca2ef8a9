"""Fitting a scorecard: how strongly to hold on to the points there were, the points, and what they mean in odds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.scorecard.design import Column, Design
from amlscreen.scorecard.regression import Line, log_loss, nonnegative, straight
from amlscreen.scorecard.sample import Sample

__all__ = ["LEAST_SEEN", "PENALTIES", "Weighed", "average_precision", "weigh_sample"]

Floats = NDArray[np.float64]

LEAST_SEEN = 10
"""What fewer labelled customers than this show keeps the points it has."""
PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
_LEAST_SPREAD = 10.0
_MOST_ROUNDS = 10
_USUAL_DOUBLING = 20.0
"""Points that double the odds where the points there were say nothing about them: what credit scorecards mostly use."""


@dataclass(frozen=True)
class Weighed:
    """``worth`` of each column of the sample's design, in points; ``unseen`` scores were made without a line's fold.

    ``at_zero`` and ``doubled_by`` say what points mean; ``kept`` are the columns that were left as they were, but for
    ``size``, by which all points were made larger or smaller.
    """

    worth: Floats
    kept: tuple[bool, ...]
    size: float
    penalty: float
    at_zero: float
    doubled_by: float
    before: Floats
    unseen: Floats
    precision: tuple[float, float]
    loss: tuple[float, float]
    tried: tuple[tuple[float, float], ...]
    worth_nothing: bool


def weigh_sample(sample: Sample, penalties: Sequence[float] = PENALTIES, *, needed: int = 50) -> Weighed:
    """The points that fit a sample, by grouped cross-validation.

    They are so large that as many labelled customers reach ``needed`` points as did before: what a band or a clause of
    the alerting policy stands for stays about the same.
    """
    own = _own(sample.design.columns)
    before = sample.design.score(own)
    first = straight(before, sample.yes, sample.no)
    per_point = float(first.weights[0])
    worth_nothing = per_point < math.log(2) / 1_000
    per_point = math.log(2) / _USUAL_DOUBLING if worth_nothing else per_point
    rare = _rare(sample.design.columns)
    design = sample.design.fixing(rare, own)
    problem = _Problem(design, sample, per_point)
    tried = problem.held_out(penalties)
    penalty = min(tried, key=lambda one: (round(tried[one][0], 7), -one))
    unseen = tried[penalty][1] / per_point
    size = _size(before, unseen, sample.yes + sample.no, needed)
    unseen = unseen * size
    line = problem.fit(penalty, np.ones(sample.yes.size))
    worth = own.copy()
    worth[~np.array(rare, np.bool_)] = line.weights / per_point
    meaning = straight(unseen, sample.yes, sample.no)
    slope = max(float(meaning.weights[0]), 1e-9)
    refitted = meaning.intercept + slope * unseen
    precision = (average_precision(one, sample.yes, sample.no) for one in (before, unseen))
    lost = first.intercept + float(first.weights[0]) * before, refitted
    return Weighed(
        worth * size,
        tuple(rare),
        size,
        penalty,
        meaning.intercept,
        math.log(2) / slope,
        before,
        unseen,
        (next(precision), next(precision)),
        (log_loss(lost[0], sample.yes, sample.no), log_loss(lost[1], sample.yes, sample.no)),
        tuple((one, loss) for one, (loss, _) in tried.items()),
        worth_nothing,
    )


def _size(before: Floats, after: Floats, count: Floats, needed: int) -> float:
    """By how much to make points larger, so that about as many reach ``needed`` as before."""
    reached = float(count[before >= needed].sum())
    order = np.argsort(-after, kind="stable")
    at = int(np.searchsorted(np.cumsum(count[order]), reached))
    last = float(after[order][min(at, after.size - 1)])
    return round(needed / last, 3) if reached and last > 0 else 1.0


def average_precision(score: Floats, yes: Floats, no: Floats) -> float:
    """Average precision over customers: lines weighted by how many of each answer they stand for."""
    from sklearn.metrics import average_precision_score

    answers = np.concatenate([np.ones(yes.size), np.zeros(no.size)])
    weights = np.concatenate([yes, no])
    return float(average_precision_score(answers, np.concatenate([score, score]), sample_weight=weights))


def _own(columns: Sequence[Column]) -> Floats:
    return np.array([column.own for column in columns], np.float64)


def _rare(columns: Sequence[Column]) -> list[bool]:
    """Which columns keep their points: those of a rule together."""
    seen = {(column.kind, column.name): column.seen for column in columns if column.kind not in {"rule", "level"}}
    kind = {"rule": "again", "level": "again"}
    return [seen[kind.get(column.kind, column.kind), column.name] < LEAST_SEEN for column in columns]


@dataclass(frozen=True)
class _Problem:
    """A sample to be fitted again and again; ``per_point`` are the log-odds of a point as points are now."""

    design: Design
    sample: Sample
    per_point: float

    def held_out(self, penalties: Sequence[float]) -> dict[float, tuple[float, Floats]]:
        """For each penalty the loss on customers left out, and the log-odds by weights fitted without their fold.

        Intercepts count for the loss and are taken off the log-odds, as a score begins at zero.
        """
        found = {}
        lines: dict[int, Line] = {}
        for penalty in sorted(penalties, reverse=True):
            added, intercept = np.zeros(self.sample.yes.size), np.zeros(self.sample.yes.size)
            for fold in range(self.sample.folds):
                mine = self.sample.fold == fold
                lines[fold] = self.fit(penalty, (~mine).astype(np.float64), lines.get(fold))
                added[mine] = self.log_odds(lines[fold].weights)[mine]
                intercept[mine] = lines[fold].intercept
            found[penalty] = log_loss(added + intercept, self.sample.yes, self.sample.no), added
        return found

    def log_odds(self, weights: Floats) -> Floats:
        """What the rows of each line add to its log-odds."""
        return self.design.score(weights / self.per_point) * self.per_point

    def fit(self, penalty: float, part: Floats, start: Line | None = None) -> Line:
        """The weights, found anew until those at the floor of counter-evidence stay there."""
        own = _own(self.design.columns)
        line = start or Line(-3.0, own * self.per_point)
        done: set[bytes] = set()
        for _ in range(_MOST_ROUNDS):
            table, amount = self.design.plain(line.weights / self.per_point)
            state = table.data.tobytes() + amount.tobytes()
            if state in done:
                break
            done.add(state)
            line = nonnegative(
                table,
                amount * self.per_point,
                self.sample.yes * part,
                self.sample.no * part,
                prior=own * self.per_point,
                spread=np.maximum(own, _LEAST_SPREAD) * self.per_point,
                penalty=penalty,
                start=line,
            )
        return line
