"""Features as a detector wants them: a finite number for everybody, in steps that mean about the same.

What is unknown of a subject takes the median of its peers, which makes nobody odd, and is counted. Amounts, counts and
spans have long tails: they become signed logarithms, ``log(1 + x / s)`` with ``s`` the median of what is not zero, so
that the unit does not matter and a few large ones do not make the rest look alike. Ratios, flags, dates and bits stay
as they are. Then each column is centred at its median and divided by its standard deviation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.detectors.contract import Floats
from amlscreen.feature_catalogue import Unit
from amlscreen.ledger.partition import Values
from amlscreen.peers.standing import Groups
from amlscreen.peers.usual import Usual

__all__ = ["Column", "Preparation", "prepare"]

Ints = NDArray[np.int64]
_AS_IT_IS = frozenset({"ratio", "flag", "date", "bits"})


@dataclass(frozen=True, slots=True)
class Column:
    """One feature of the subjects judged, and how its values become numbers for a detector.

    ``usual`` is the median of each group of peers, where somebody in the group has a value, else that of everybody.
    """

    name: str
    unit: Unit | None
    values: Values
    usual: Ints
    log_of: float
    middle: float
    spread: float

    def told(self, values: Ints) -> Floats:
        """Values in inside units as numbers for the detector."""
        return (_drawn_in(values, self.log_of) - self.middle) / self.spread

    def of(self, rows: Ints, group: Ints) -> Ints:
        """The values of some rows, the usual of their group where they are not known."""
        usual = self.usual[group]
        return np.where(self.values.is_known()[rows], self.values.array[rows].astype(np.int64), usual)


@dataclass(frozen=True, slots=True)
class Preparation:
    """The columns a detector looks at; ``group`` of each row; how many values of a feature were filled in."""

    columns: tuple[Column, ...]
    group: Ints
    filled: Mapping[str, int]
    left_out: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """The features, in order."""
        return tuple(column.name for column in self.columns)

    def rows(self, rows: Ints) -> Floats:
        """Some rows as the detector sees them."""
        made = np.empty((rows.size, len(self.columns)), np.float64)
        for at, column in enumerate(self.columns):
            made[:, at] = column.told(column.of(rows, self.group[rows]))
        return made

    def usual(self, rows: Ints) -> Floats:
        """What is usual among the peers of some rows, as the detector would see it."""
        made = np.empty((rows.size, len(self.columns)), np.float64)
        for at, column in enumerate(self.columns):
            made[:, at] = column.told(column.usual[self.group[rows]])
        return made


def prepare(columns: Mapping[str, Values], units: Mapping[str, Unit], groups: Groups) -> Preparation:
    """Make columns ready; what is known of nobody or the same for everybody is left out, with the reason."""
    made: list[Column] = []
    filled: dict[str, int] = {}
    left_out: dict[str, str] = {}
    for name, values in columns.items():
        known = values.is_known()
        if not known.any():
            left_out[name] = "known of nobody"
            continue
        column = _column(name, units.get(name), values, known, groups)
        if column is None:
            left_out[name] = "the same for everybody"
            continue
        made.append(column)
        if not known.all():
            filled[name] = int((~known).sum())
    return Preparation(tuple(made), groups.group, filled, left_out)


def _column(name: str, unit: Unit | None, values: Values, known: NDArray[np.bool_], groups: Groups) -> Column | None:
    array = values.array.astype(np.int64)
    theirs = array[known]
    usual = _filled(groups.usual(values), theirs)
    log_of = 0.0 if unit in _AS_IT_IS else float(np.median(np.abs(theirs[theirs != 0]))) if theirs.any() else 0.0
    numbers = _drawn_in(np.where(known, array, usual[groups.group]), log_of)
    if numbers.min() == numbers.max():
        return None
    return Column(name, unit, values, usual, log_of, float(np.median(numbers)), float(np.std(numbers)))


def _filled(usual: Usual, everybody: Ints) -> Ints:
    overall = int(np.median(everybody) // 1)
    medians: Ints = np.where(usual.known, usual.over // usual.under, overall)
    return medians


def _drawn_in(values: Ints, log_of: float) -> Floats:
    if log_of <= 0:
        return values.astype(np.float64)
    drawn: Floats = np.sign(values) * np.log1p(np.abs(values) / log_of)
    return drawn
