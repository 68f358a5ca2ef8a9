"""A sample to be fitted again and again, with and without some folds, and the features that are worth a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from amlscreen.scorecard.binning import Candidates
from amlscreen.scorecard.design import Column, Design
from amlscreen.scorecard.regression import Line, log_loss, nonnegative
from amlscreen.scorecard.sample import Sample

__all__ = ["MOST_FEATURES", "NEEDED", "Problem", "own_worth"]

Floats = NDArray[np.float64]

MOST_FEATURES = 15
"""As many as credit scorecards usually end with, eight to fifteen (Siddiqi, *Credit Risk Scorecards*, 2006)."""

NEEDED = 20.0
"""The least score statistic (chi-squared, one degree) of a feature's best step: about one in a hundred thousand by
chance, as some hundred features with a dozen steps each are looked at."""

_LEAST_SPREAD = 20.0
_MOST_ROUNDS = 10


def own_worth(columns: Sequence[Column]) -> Floats:
    """What each column is worth without a scorecard."""
    return np.array([column.own for column in columns], np.float64)


@dataclass(frozen=True)
class Problem:
    """A sample to be fitted again and again; ``per_point`` are the log-odds of a point as points are now."""

    design: Design
    sample: Sample
    per_point: float
    candidates: Candidates | None = None

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
        own = own_worth(self.design.columns)
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

    def unseen(self, penalty: float) -> tuple[Floats, Floats]:
        """The log-odds of each line, intercepts taken off, where features too are chosen without its fold.

        With and without what features add.
        """
        added, without = np.zeros(self.sample.yes.size), np.zeros(self.sample.yes.size)
        for fold in range(self.sample.folds):
            mine = self.sample.fold == fold
            problem, line = self.with_features(penalty, (~mine).astype(np.float64))
            added[mine] = problem.log_odds(line.weights)[mine]
            without[mine] = self.log_odds(line.weights[: len(self.design.columns)])[mine]
        return added, without

    def with_features(self, penalty: float, part: Floats) -> tuple[Problem, Line]:
        """The problem with the features that tell most beyond the rules, one after the other, and its line."""
        problem, line = self, self.fit(penalty, part)
        found: list[int] = []
        while self.candidates is not None and len(found) < MOST_FEATURES:
            best = self._best(self.candidates, problem.intercepted(line), part, found)
            if best is None:
                break
            found.append(best)
            before, problem = problem, replace(self, design=self.design.beside(*self.candidates.of(found)))
            begun = dict(zip(before.design.columns, line.weights.tolist(), strict=True))
            weights = np.array([begun.get(column, 0.0) for column in problem.design.columns])
            line = problem.fit(penalty, part, Line(line.intercept, weights))
        return problem, line

    def intercepted(self, line: Line) -> Floats:
        """The log-odds of each line."""
        return line.intercept + self.log_odds(line.weights)

    def _best(self, candidates: Candidates, log_odds: Floats, part: Floats, found: Sequence[int]) -> int | None:
        """The feature and side with the step that tells most of what is not told yet (Rao's score statistic)."""
        taken = {column.name for column in candidates.of(found)[0]}
        chance = expit(log_odds)
        both = (self.sample.yes + self.sample.no) * part
        more = candidates.table.T @ (self.sample.yes * part - both * chance)
        spread = candidates.table.T @ (both * chance * (1 - chance))
        told = np.where(more > 0, more**2 / np.maximum(spread, 1e-9), 0.0)
        told[[column.name in taken for column in candidates.columns]] = 0.0
        if not told.size or told.max() < NEEDED:
            return None
        return int(candidates.whose[int(told.argmax())])
