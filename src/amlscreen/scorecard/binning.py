"""Features cut into steps, as credit scorecards have them: what lies further out on one side counts more.

A feature may count where it is high or where it is low, in steps at the shares of people below; each step adds to the
one before and none takes away, so points never fall on the way out. Steps are rounded to two digits, for a person to
read. Unknown values reach no step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import sparse

from amlscreen.errors import SettingsError
from amlscreen.feature_catalogue import Feature, catalogue
from amlscreen.rules.columns import TABLE_COLUMNS
from amlscreen.scorecard.design import Column, Key

__all__ = ["Candidates", "candidates_of", "may_score", "places_of", "reached"]

SHARES = (0.5, 0.75, 0.9, 0.95, 0.98, 0.99)
LEAST_BEYOND = 20
"""Fewer customers than this beyond a step say too little of it."""
SIDES = ("or_more", "or_less")
_NO_NUMBER = frozenset({"flag", "date"})


@dataclass(frozen=True)
class Candidates:
    """A column for each step of each feature and side; ``whose[n]`` is the number of the feature and side."""

    columns: tuple[Column, ...]
    whose: NDArray[np.int64]
    table: sparse.csc_array

    def of(self, chosen: Sequence[int]) -> tuple[tuple[Column, ...], sparse.csr_array]:
        """The steps of some features and sides."""
        at = np.flatnonzero(np.isin(self.whose, np.array(chosen, np.int64)))
        return tuple(self.columns[number] for number in at.tolist()), self.table[:, at].tocsr()


def may_score(feature: Feature) -> bool:
    """Numbers that detectors may look at and no trait of a person decides: never sex, nationality, age or place."""
    traits = {
        f"{name}.{column.name}" for name, table in TABLE_COLUMNS.items() for column in table.values() if column.trait
    }
    told = {one for need in feature.needs for one in need.split("|")}
    return feature.scored and feature.unit not in _NO_NUMBER and not told & traits


def candidates_of(features: pa.Table, lines: Sequence[Key], more: int) -> Candidates:
    """The steps of every feature that may score, for customers in the order of ``lines`` and ``more`` empty ones."""
    known = catalogue()
    names = [name for name in features.column_names if name in known and may_score(known[name])]
    place = places_of(features, lines)
    columns: list[Column] = []
    whose: list[int] = []
    found: list[NDArray[np.int64]] = []
    number = 0
    for name in names:
        column = features.column(name).combine_chunks()
        values = np.asarray(pc.fill_null(column, pa.scalar(0, column.type)), np.int64)[place]
        is_known = np.asarray(column.is_valid())[place]
        for side in SIDES:
            for cut in _cuts(values[is_known], side):
                beyond = np.flatnonzero(is_known & reached(values, cut, side))
                if beyond.size >= LEAST_BEYOND:
                    columns.append(Column("feature", name, cut, 0.0, int(beyond.size), side))
                    whose.append(number)
                    found.append(beyond)
            number += 1
    line = np.concatenate(found) if found else np.empty(0, np.int64)
    column_no = np.repeat(np.arange(len(found)), [each.size for each in found])
    shape = (len(lines) + more, len(columns))
    table = sparse.csc_array((np.ones(line.size), (line, column_no)), shape=shape)
    return Candidates(tuple(columns), np.array(whose, np.int64), table)


def reached(values: NDArray[np.int64], cut: int, side: str) -> NDArray[np.bool_]:
    """Which values lie at the cut or beyond it."""
    return values >= cut if side == "or_more" else values <= cut


def places_of(features: pa.Table, lines: Sequence[Key]) -> NDArray[np.int64]:
    """Where each customer's features stand; :class:`~amlscreen.errors.SettingsError` if some have none."""
    names = zip(*(features.column(name).to_pylist() for name in ("institution", "customer_id")), strict=True)
    at = {key: place for place, key in enumerate(names)}
    if missing := sum(key not in at for key in lines):
        raise SettingsError(
            f"{missing} of the customers to learn from have no features.",
            fix="Take the features and the points of one run.",
        )
    return np.array([at[key] for key in lines], np.int64)


def _cuts(values: NDArray[np.int64], side: str) -> list[int]:
    """Different steps, going out; none at the very end that everybody reaches."""
    if not values.size:
        return []
    shares = SHARES if side == "or_more" else tuple(1 - share for share in SHARES)
    cuts = [_rounded(int(cut)) for cut in np.quantile(values, shares, method="lower")]
    ends = int(values.min() if side == "or_more" else values.max())
    return sorted({cut for cut in cuts if not reached(np.array([ends]), cut, side)[0]}, reverse=side == "or_less")


def _rounded(value: int) -> int:
    """Two digits are kept: 12,345 is 12,000."""
    size: int = 10 ** max(len(str(abs(value))) - 2, 0)
    return value // size * size
