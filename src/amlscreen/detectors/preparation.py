"""Features as a detector wants them: how far each subject is from what is usual among its peers.

Amounts, counts and spans have long tails: they become signed logarithms, ``log(1 + x / s)`` with ``s`` the median of
what is not zero, so that the unit does not matter and a few large ones do not make the rest look alike. Ratios, flags,
dates and bits stay as they are. From each number that of the peers' median is taken, and what is left is divided by
what is usual for the peers to be off it, 1.2533 times the mean of the absolute deviations. So one unit is one unit
whatever the group and the feature, and zero is as usual. What is not known of a subject is zero, which makes nobody
odd, and is counted.

Sums are of whole numbers, so that the order of subjects does not show in the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.detectors.contract import Floats
from amlscreen.feature_catalogue import Unit
from amlscreen.ledger.partition import Values
from amlscreen.peers.standing import Groups
from amlscreen.peers.usual import medians

__all__ = ["Column", "Preparation", "prepare"]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_AS_IT_IS = frozenset({"ratio", "flag", "date", "bits"})
_LEAST_SPREAD = 0.01
"""No group's spread counts as less than so much of that of all: where all agree, a trifle is no great distance."""
_OF_MEAN_DEVIATION = 1.2533
_STEPS = 1_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """One feature, by subject number, and how its values become numbers for a detector.

    By group of peers: ``usual`` is the median of the known values, in inside units, ``middle`` the same as a number and
    ``spread`` what is usual to be off it. Where nobody in a group has a value these are of everybody.
    """

    name: str
    values: Values
    usual: Ints
    log_of: float
    middle: Floats
    spread: Floats

    def held(self, drawn: Floats, known: Flags | None, group: Ints) -> Floats:
        """Numbers of subjects of these groups, against what is usual there; 0 where they are not known."""
        numbers = (drawn - self.middle[group]) / self.spread[group]
        return numbers if known is None else np.where(known, numbers, 0.0)


@dataclass(frozen=True, slots=True)
class Preparation:
    """The columns a detector looks at, and the subject number and group of each row.

    ``filled`` counts by feature the values that were not known; ``left_out`` says why nothing is learned of a feature.
    """

    columns: tuple[Column, ...]
    numbers: Ints
    group: Ints
    filled: Mapping[str, int]
    left_out: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """The features, in order."""
        return tuple(column.name for column in self.columns)

    def rows(self, rows: Ints) -> Floats:
        """Some rows as the detector sees them; zero is what is usual among the peers of each."""
        made = np.empty((rows.size, len(self.columns)), np.float64, order="F")
        group, subjects = self.group[rows], self.numbers[rows]
        for at, column in enumerate(self.columns):
            values = column.values.take(subjects)
            made[:, at] = column.held(_drawn_in(values.array, column.log_of), values.known, group)
        return made


def prepare(
    columns: Mapping[str, Values], numbers: Ints, units: Mapping[str, Unit], groups: Groups, *, threads: int = 1
) -> tuple[Preparation, Floats]:
    """Columns made ready, and every row as the detector sees it: those of some subjects, in that order.

    What is known of nobody or the same for everybody is left out, with the reason.
    """
    filled: dict[str, int] = {}
    left_out: dict[str, str] = {}
    kept: list[str] = []
    for name, values in columns.items():
        some = values.take(numbers)
        theirs = some.array if some.known is None else some.array[some.known]
        if not theirs.size:
            left_out[name] = "known of nobody"
        elif theirs.min() == theirs.max():
            left_out[name] = "the same for everybody"
        else:
            kept.append(name)
            if theirs.size < numbers.size:
                filled[name] = numbers.size - theirs.size
    rows = np.empty((numbers.size, len(kept)), np.float64, order="F")

    def make(at: int) -> Column:
        name = kept[at]
        column, rows[:, at] = _column(name, units.get(name), columns[name], numbers, groups)
        return column

    with ThreadPoolExecutor(max(threads, 1)) as pool:
        made = tuple(pool.map(make, range(len(kept))))
    return Preparation(made, numbers, groups.group, filled, left_out), rows


def _column(name: str, unit: Unit | None, every: Values, numbers: Ints, groups: Groups) -> tuple[Column, Floats]:
    values = every.take(numbers)
    member, owner = groups.known(values)
    theirs = values.array[member].astype(np.int64)
    many = len(groups.words) + 1
    twice, count = medians(theirs, owner, many)
    exact = np.where(count > 0, twice / 2, float(np.median(theirs)))
    log_of = 0.0 if unit in _AS_IT_IS else float(np.median(np.abs(theirs[theirs != 0])))
    middle = _drawn_in(exact, log_of)
    drawn = _drawn_in(values.array, log_of)
    off = np.abs(drawn[member] - middle[owner])
    overall = (float(off.mean()) or 1.0) * _OF_MEAN_DEVIATION
    mean = np.bincount(owner, off, minlength=many) / np.maximum(count, 1) * _OF_MEAN_DEVIATION
    spread = np.where(count > 0, np.maximum(mean, _LEAST_SPREAD * overall), overall)
    column = Column(name, every, np.floor(exact).astype(np.int64), log_of, middle, spread)
    return column, column.held(drawn, values.known, groups.group)


def _drawn_in(values: NDArray[np.integer] | Floats, log_of: float) -> Floats:
    """Whole numbers, also of halves: millionths of a logarithm."""
    numbers: Floats = values.astype(np.float64)
    if log_of > 0:
        sign = np.sign(numbers)
        np.abs(numbers, out=numbers)
        numbers /= log_of
        np.log1p(numbers, out=numbers)
        numbers *= sign
        numbers *= _STEPS
    return np.round(numbers, out=numbers)
