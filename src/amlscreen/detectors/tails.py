"""How far out in the tails a row is, feature by feature: ECOD and COPOD as PyOD defines them, row by row.

PyOD judges the rows it is given together with those it learned from, so that a row's number depends on what stands
beside it, and it sorts all of them for every question. Here values are told apart to a thousandth of themselves
(``log(1 + |x|)`` in steps of 1/1000, so small ones to a thousandth of a unit), and for each step it is counted once how
many learned rows are not above and not below it. So learning from a million rows takes about as long as reading them,
nothing has to be left to a sample, and on values that are such steps the numbers are PyOD's. A feature adds ``-log`` of
the share of the rows in the tail it is in (Li and others, *COPOD*, ICDM 2020; *ECOD*, IEEE TKDE 2022). A value outside
of all that was learned counts as the outermost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from amlscreen.detectors.contract import Floats, Table
from amlscreen.errors import DetectorError

__all__ = ["STEPS", "TailDetector"]

Rule = Literal["ecod", "copod"]
Ints = NDArray[np.int64]
STEPS = 1_000
"""Steps in a unit of ``log(1 + |x|)``."""


@dataclass(frozen=True, slots=True)
class TailDetector:
    """``learned`` is, for each column, its lowest step and the oddness of each step from there to the highest."""

    name: Rule
    most_rows: int | None = None
    learned: tuple[tuple[int, Floats], ...] = ()

    def fit(self, table: Table, *, seed: int) -> TailDetector:
        """A detector that has learned from the table; no dice are thrown, so ``seed`` changes nothing."""
        if not table.rows.size:
            raise DetectorError(f"Detector '{self.name}' cannot learn from no rows.", fix="Give it at least one.")
        return TailDetector(self.name, self.most_rows, tuple(_learn(column, self.name) for column in table.rows.T))

    def oddness(self, table: Table) -> Floats:
        """The sum over the columns."""
        if len(self.learned) != table.rows.shape[1]:
            raise DetectorError(
                f"Detector '{self.name}' learned from {len(self.learned)} columns and is asked about "
                f"{len(table.names)}.",
                fix="Ask it about the columns it learned from.",
            )
        total = np.zeros(table.rows.shape[0], np.float64)
        for column, (lowest, odd) in zip(table.rows.T, self.learned, strict=True):
            total += odd.take(_steps(column) - lowest, mode="clip")
        return total


def _steps(column: Floats) -> Ints:
    size = np.abs(column)
    np.log1p(size, out=size)
    size *= STEPS
    return np.rint(np.copysign(size, column)).astype(np.int64)


def _learn(column: Floats, rule: Rule) -> tuple[int, Floats]:
    steps = _steps(column)
    lowest = int(steps.min())
    count = np.bincount(steps - lowest)
    at_most = np.cumsum(count)
    at_least = column.size - at_most + count
    left, right = (-np.log(np.maximum(each, 1) / column.size) for each in (at_most, at_least))
    step = np.arange(count.size) + lowest
    longer = _longer_tail(np.copysign(np.expm1(np.abs(step) / STEPS), step), count)
    leaning = right if longer > 0 else left if longer < 0 else left + right
    other = np.maximum(left, right) if rule == "ecod" else (left + right) / 2
    return lowest, np.maximum(leaning, other)


def _longer_tail(values: Floats, count: Ints) -> float:
    """The sign of the skewness: 1 for the tail of high values, -1 for that of low ones, 0 where they are alike."""
    weight = count / count.sum()
    off = values - float(weight @ values)
    variance = float(weight @ off**2)
    return float(np.sign(np.round(float(weight @ off**3) / variance**1.5, 9))) if variance else 0.0
