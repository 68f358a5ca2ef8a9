"""Several detectors as one: the mean of the ranks they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from amlscreen.detectors.contract import Detector, Floats, Table
from amlscreen.errors import DetectorError

__all__ = ["Ensemble"]


@dataclass(frozen=True, slots=True)
class Ensemble:
    """The mean, over the members, of minus the logarithm of the share of the learned rows that are at least as odd.

    So a row that one member puts at the very top is not lost among others' middling ranks, and how members scale their
    numbers does not matter (after Kriegel and others, *Interpreting and unifying outlier scores*, SDM 2011).
    """

    name: str
    members: tuple[Detector, ...]
    learned: tuple[Floats, ...] = ()

    @property
    def most_rows(self) -> int | None:
        """That of the member that takes fewest."""
        return min((one.most_rows for one in self.members if one.most_rows is not None), default=None)

    def fit(self, table: Table, *, seed: int) -> Ensemble:
        """Fits every member and keeps the numbers they give to what they learned from, rising."""
        fitted = tuple(one.fit(table, seed=seed) for one in self.members)
        return Ensemble(self.name, fitted, tuple(np.sort(one.oddness(table)) for one in fitted))

    def oddness(self, table: Table) -> Floats:
        """The mean of the members' ranks among what they learned from."""
        if not self.learned:
            raise DetectorError(f"Detector '{self.name}' has not learned yet.", fix="Call fit first.")
        ranks: Sequence[Floats] = [
            -np.log((learned.size - np.searchsorted(learned, one.oddness(table)) + 1) / (learned.size + 1))
            for one, learned in zip(self.members, self.learned, strict=True)
        ]
        mean: Floats = np.mean(ranks, axis=0)
        return mean
