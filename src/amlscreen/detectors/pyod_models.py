"""Detectors of PyOD behind our contract: its mathematics without ``contamination`` and ``labels_``.

PyOD and scikit-learn take about two seconds to load, so that they are loaded when a detector is first fitted, or
beforehand beside other work, by :func:`amlscreen.detectors.named.preload`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

import numpy as np

from amlscreen.detectors.contract import Floats, Table
from amlscreen.errors import DetectorError

__all__ = ["FEWEST_ROWS", "PyodDetector"]

FEWEST_ROWS = 30
"""Nothing is learned from fewer rows."""


@dataclass(frozen=True, slots=True)
class PyodDetector:
    """One model of PyOD: ``model`` is ``module.Class`` below ``pyod.models``.

    ``seeded``: the model throws dice and takes ``random_state``. ``drawn_in``: values are given as their inverse
    hyperbolic sine, which leaves small ones and makes logarithms of large ones, for a model in which one row very far
    out would make all others look alike. The scores of PyOD rise with oddness.
    """

    name: str
    model: str
    most_rows: int | None = None
    seeded: bool = False
    drawn_in: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)
    fitted: Any = None

    def load(self) -> type[Any]:
        """The class of PyOD, which loads PyOD."""
        module, _, name = self.model.partition(".")
        found: type[Any] = getattr(import_module(f"pyod.models.{module}"), name)
        return found

    def fit(self, table: Table, *, seed: int) -> PyodDetector:
        """A detector that has learned from the table; ``DetectorError`` below :data:`FEWEST_ROWS` rows."""
        size = table.rows.shape[0]
        if size < FEWEST_ROWS:
            raise DetectorError(
                f"Detector '{self.name}' cannot learn from {size} rows.",
                fix=f"It needs at least {FEWEST_ROWS}; compare with a larger group.",
            )
        asked = {"random_state": seed, **self.given} if self.seeded else dict(self.given)
        return replace(self, fitted=self.load()(**asked).fit(self._given_rows(table)))

    def _given_rows(self, table: Table) -> Floats:
        rows: Floats = np.arcsinh(table.rows) if self.drawn_in else table.rows
        return rows

    def oddness(self, table: Table) -> Floats:
        """PyOD's decision function of each row."""
        if self.fitted is None:
            raise DetectorError(f"Detector '{self.name}' has not learned yet.", fix="Call fit first.")
        if not table.rows.shape[0]:
            return np.empty(0, np.float64)
        scores: Floats = np.asarray(self.fitted.decision_function(self._given_rows(table)), np.float64).ravel()
        return scores
