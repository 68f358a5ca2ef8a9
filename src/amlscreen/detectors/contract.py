"""What an anomaly detector must do, whoever wrote it.

A detector learns from a table of numbers, one row for each subject, what is ordinary, and then says of each row how odd
it is: the higher, the odder. Nothing else is read from the number; what counts is the rank it gives among a subject's
peers. Nobody has to guess beforehand how many odd ones there are.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Detector", "Floats"]

Floats = NDArray[np.float64]


class Detector(Protocol):
    """``name`` as cards write it; ``most_rows`` is the largest table it can be asked to judge, None for any."""

    @property
    def name(self) -> str: ...
    @property
    def most_rows(self) -> int | None: ...

    def fit(self, rows: Floats, *, seed: int) -> Detector:
        """Learn from a table without unknown values; :class:`~amlscreen.errors.DetectorError` names what is wrong."""
        ...

    def oddness(self, rows: Floats) -> Floats:
        """How odd each row is; higher is odder. The same row always gets the same number."""
        ...
