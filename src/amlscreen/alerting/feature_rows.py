"""Rows that a scorecard gives for features: they raise the order, and no alert rests on them.

They speak of one customer, so a group has none; and of nobody who must not be named.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.alerting.book import CustomerKey
from amlscreen.alerting.points import POINTS_COLUMNS
from amlscreen.alerting.scoring import Row
from amlscreen.alerting.weighing import Judged
from amlscreen.scorecard.model import FeaturePoints, Scorecard

__all__ = ["FeatureRows"]

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class FeatureRows:
    """Everybody's feature rows: by customer the place, by feature the step reached (-1 none) and the value."""

    card: Mapping[str, FeaturePoints] = field(default_factory=dict)
    place: Mapping[CustomerKey, int] = field(default_factory=dict)
    step: Mapping[str, Whole] = field(default_factory=dict)
    value: Mapping[str, Whole] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @classmethod
    def of(cls, features: pa.Table, scorecard: Scorecard | None) -> FeatureRows:
        """The rows by the table of customers' features; ``unknown`` are those that nobody has in it."""
        if scorecard is None or not scorecard.features:
            return cls()
        card = scorecard.features
        names = (features.column(name).to_pylist() for name in ("institution", "customer_id"))
        place = {key: at for at, key in enumerate(zip(*names, strict=True))}
        step, value, unknown = {}, {}, []
        for name, points in card.items():
            column = features.column(name).combine_chunks() if name in features.column_names else None
            if column is None or column.null_count == len(column):
                unknown.append(name)
                continue
            value[name] = np.asarray(pc.fill_null(column, pa.scalar(0, column.type)), np.int64)
            step[name] = np.where(np.asarray(column.is_valid()), _steps(value[name], points), -1)
        return cls(card, place, step, value, tuple(unknown))

    @property
    def counts(self) -> dict[str, int]:
        """For ``run.json``: features of the scorecard, and those that nobody has on these data; none without any."""
        if not self.card:
            return {}
        return {"scorecard_features": len(self.card), "scorecard_features_unknown": len(self.unknown)}

    def onto(self, one: Judged, customer: CustomerKey | None) -> Judged:
        """The judged activity with the rows of the one customer behind it, if there is one; its clauses stay."""
        at = self.place.get(customer) if customer else None
        if at is None or not self.card:
            return one
        more = [self._row(name, at) for name, steps in self.step.items() if steps[at] >= 0]
        return replace(one, score=replace(one.score, rows=(*one.score.rows, *more)))

    def _row(self, name: str, at: int) -> Row:
        cut = self.card[name].cuts[int(self.step[name][at])]
        values = {"feature": name, "value": int(self.value[name][at]), "cut": cut.at}
        return Row("feature", "", cut.points, reason=self.card[name].side, values=values, own_points=0)

    def totals(self, others: Collection[CustomerKey]) -> dict[CustomerKey, int]:
        """The points of customers without a hit."""
        total = np.zeros(len(self.place), np.int64)
        for name in self.step:
            total += self._points(name)
        return {key: int(total[self.place[key]]) for key in others if key in self.place and total[self.place[key]]}

    def table(self, others: Collection[CustomerKey]) -> pa.Table:
        """Their rows, as in ``points``."""
        asked = np.zeros(len(self.place), np.bool_)
        asked[[self.place[key] for key in others if key in self.place]] = True
        keys = list(self.place)
        tables = [_lines(name, self._points(name), self.card[name].side, asked, keys) for name in self.step]
        if not tables:
            return POINTS_COLUMNS.empty_table()
        found = pa.concat_tables(tables)
        return found.sort_by([("institution", "ascending"), ("customer_id", "ascending"), ("other", "ascending")])

    def _points(self, name: str) -> Whole:
        return np.array([0, *(cut.points for cut in self.card[name].cuts)], np.int64)[self.step[name] + 1]


def _steps(values: Whole, points: FeaturePoints) -> Whole:
    """The furthest step each value reaches, -1 for none."""
    cuts = np.array([cut.at for cut in points.cuts], np.int64)
    if points.side == "or_more":
        return np.searchsorted(cuts, values, side="right").astype(np.int64) - 1
    return np.searchsorted(-cuts, -values, side="right").astype(np.int64) - 1


def _lines(name: str, points: Whole, side: str, asked: NDArray[np.bool_], keys: Sequence[CustomerKey]) -> pa.Table:
    at = np.flatnonzero(asked & (points > 0))
    ids = pa.array([keys[one][1] for one in at.tolist()], pa.string())
    given: dict[str, Any] = {
        "institution": pa.array([keys[one][0] for one in at.tolist()], pa.string()),
        "subject_id": ids,
        "customer_id": ids,
        "points": pa.array(points[at]),
    }
    same: dict[str, Any] = {"subject_kind": "customer", "kind": "feature", "rule_id": "", "family": "", "reason": side}
    same |= {"other": name, "own_points": 0, "shielded": False}
    arrays: list[Any] = [
        given[column.name]
        if column.name in given
        else pa.repeat(pa.scalar(same.get(column.name), column.type), at.size)
        for column in POINTS_COLUMNS
    ]
    return pa.table(arrays, schema=POINTS_COLUMNS)
