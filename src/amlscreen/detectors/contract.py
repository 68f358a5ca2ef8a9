"""What an anomaly detector must do, whoever wrote it.

A detector learns from a table of numbers, one row for each subject, what is ordinary, and then says of each row how odd
it is: the higher, the odder. Nothing else is read from the number; what counts is the rank it gives among a subject's
peers. Nobody has to guess beforehand how many odd ones there are.

:func:`amlscreen.detectors.checks.check_detector` holds any detector to this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from amlscreen.errors import DetectorError

__all__ = ["Detector", "Floats", "Table"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Table:
    """One row for each subject, one named column for each feature, no unknown values.

    :class:`~amlscreen.errors.DetectorError` names the columns that hold a value that is not a finite number.
    """

    rows: Floats
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.rows.ndim != 2 or self.rows.shape[1] != len(self.names):
            raise DetectorError(
                f"A table of shape {self.rows.shape} does not have {len(self.names)} named columns.",
                fix="Give one row for each subject and one name for each column.",
            )
        finite = np.isfinite(self.rows)
        if finite.all():
            return
        wrong = [f"{self.names[at]} ({int((~finite[:, at]).sum())})" for at in np.flatnonzero(~finite.all(axis=0))]
        raise DetectorError(
            f"A detector cannot use values that are not finite numbers; column (rows): {', '.join(wrong)}.",
            fix="Fill unknown values in first, or leave the column out.",
        )

    def at(self, rows: NDArray[np.int64], *, by_column: bool = False) -> Table:
        """Some of the rows, in that order; ``by_column`` lays them out column after column."""
        if not by_column:
            return Table(self.rows[rows], self.names)
        made = np.empty((rows.size, len(self.names)), np.float64, order="F")
        for at in range(len(self.names)):
            made[:, at] = self.rows[:, at].take(rows)
        return Table(made, self.names)


class Detector(Protocol):
    """``name`` as cards write it; ``most_rows`` is the largest table it can be asked to judge, None for any."""

    @property
    def name(self) -> str: ...
    @property
    def most_rows(self) -> int | None: ...

    def fit(self, table: Table, *, seed: int) -> Detector:
        """Learn what is ordinary; gives a fitted detector and may change this one."""
        ...

    def oddness(self, table: Table) -> Floats:
        """How odd each row is; higher is odder. The same row always gets the same number, whatever stands beside it."""
        ...
