"""Fitting a scorecard: how strongly to hold on to the points there were, the points, and what they mean in odds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.scorecard.binning import Candidates
from amlscreen.scorecard.design import Column
from amlscreen.scorecard.problem import Problem, own_worth
from amlscreen.scorecard.regression import log_loss, straight
from amlscreen.scorecard.sample import Sample

__all__ = ["LEAST_SEEN", "PENALTIES", "Weighed", "average_precision", "weigh_sample"]

Floats = NDArray[np.float64]

LEAST_SEEN = 3
"""What fewer labelled customers than this show keeps the points it has."""
PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
_USUAL_DOUBLING = 20.0
"""Points that double the odds where the points there were say nothing about them: what credit scorecards mostly use."""


@dataclass(frozen=True)
class Weighed:
    """``worth`` of each of ``columns``, the sample's and those of features, in points.

    ``unseen`` scores were made without a line's fold. ``at_zero`` and ``doubled_by`` say what points mean; ``beyond``
    counts customers at each step of a feature; ``kept`` are the columns that were left as they were, but for ``size``,
    by which all points were made larger or smaller.
    """

    columns: tuple[Column, ...]
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
    beyond: Mapping[tuple[str, int], tuple[int, int]]


def weigh_sample(
    sample: Sample,
    penalties: Sequence[float] = PENALTIES,
    *,
    needed: int = 50,
    candidates: Candidates | None = None,
) -> Weighed:
    """The points that fit a sample, by grouped cross-validation.

    They are so large that as many labelled customers reach ``needed`` points as did before, leaving out features, which
    let nothing alert: so what the policy's clause about a band lets through stays about the same.
    """
    own = own_worth(sample.design.columns)
    before = sample.design.score(own)
    first = straight(before, sample.yes, sample.no)
    per_point = float(first.weights[0])
    worth_nothing = per_point < math.log(2) / 1_000
    per_point = math.log(2) / _USUAL_DOUBLING if worth_nothing else per_point
    rare = _rare(sample.design.columns)
    design = sample.design.fixing(rare, own)
    problem = Problem(design, sample, per_point, candidates)
    tried = problem.held_out(penalties)
    penalty = min(tried, key=lambda one: (round(tried[one][0], 7), -one))
    held = (tried[penalty][1],) * 2 if candidates is None else problem.unseen(penalty)
    size = _size(before, held[1] / per_point, sample.yes + sample.no, needed)
    unseen = held[0] / per_point * size
    whole, line = problem.with_features(penalty, np.ones(sample.yes.size))
    features = whole.design.columns[len(design.columns) :]
    worth = np.concatenate([own, line.weights[len(design.columns) :] / per_point])
    worth[: own.size][~np.array(rare, np.bool_)] = line.weights[: len(design.columns)] / per_point
    meaning = straight(unseen, sample.yes, sample.no)
    slope = max(float(meaning.weights[0]), 1e-9)
    refitted = meaning.intercept + slope * unseen
    precision = (average_precision(one, sample.yes, sample.no) for one in (before, unseen))
    lost = first.intercept + float(first.weights[0]) * before, refitted
    return Weighed(
        (*sample.design.columns, *features),
        worth * size,
        (*rare, *(False for _ in features)),
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
        _beyond(whole, features),
    )


def _beyond(problem: Problem, features: Sequence[Column]) -> dict[tuple[str, int], tuple[int, int]]:
    """Labelled customers at each step of a feature or beyond it, and positives of them."""
    table = problem.design.parts[0][:, len(problem.design.columns) - len(features) :]
    yes = table.T @ problem.sample.yes
    both = yes + table.T @ problem.sample.no
    steps = zip(features, both.tolist(), yes.tolist(), strict=True)
    return {(column.name, column.level): (round(every), round(positive)) for column, every, positive in steps}


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


def _rare(columns: Sequence[Column]) -> list[bool]:
    """Which columns keep their points: those of a rule together."""
    seen = {(column.kind, column.name): column.seen for column in columns if column.kind not in {"rule", "level"}}
    kind = {"rule": "again", "level": "again"}
    return [seen[kind.get(column.kind, column.kind), column.name] < LEAST_SEEN for column in columns]
