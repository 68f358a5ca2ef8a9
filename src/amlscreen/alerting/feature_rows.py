"""Rows that a scorecard gives for features: they raise the order, and no alert rests on them.

They speak of one customer, so a group has none; and of nobody who must not be named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.alerting.book import CustomerKey
from amlscreen.alerting.everyone import Everyone, keys_of
from amlscreen.alerting.points import POINTS_COLUMNS
from amlscreen.alerting.scoring import Row
from amlscreen.alerting.weighing import Judged
from amlscreen.ledger.reference import joined, positions, whole
from amlscreen.scorecard.model import FeaturePoints, Scorecard

__all__ = ["FeatureRows"]

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class FeatureRows:
    """Everybody's feature rows: by feature the step reached (-1 none) and the value, in the order of ``keys``.

    ``place`` says where those stand who have a hit.
    """

    card: Mapping[str, FeaturePoints] = field(default_factory=dict)
    keys: pa.Array[Any] = field(default_factory=lambda: pa.array([], pa.string()))
    place: Mapping[CustomerKey, int] = field(default_factory=dict)
    step: Mapping[str, Whole] = field(default_factory=dict)
    value: Mapping[str, Whole] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, features: pa.Table, scorecard: Scorecard | None, with_hits: Iterable[CustomerKey | None] = ()
    ) -> FeatureRows:
        """The rows by the table of customers' features; ``unknown`` are those that nobody has in it."""
        if scorecard is None or not scorecard.features:
            return cls()
        card = scorecard.features
        keys = joined(whole(features["institution"]), "\x1f", whole(features["customer_id"]))
        asked = [one for one in dict.fromkeys(with_hits) if one is not None]
        places = zip(asked, positions(keys_of(asked), keys).tolist(), strict=True)
        place = {customer: at for customer, at in places if at >= 0}
        step, value, unknown = {}, {}, []
        for name, points in card.items():
            column = features.column(name).combine_chunks() if name in features.column_names else None
            if column is None or column.null_count == len(column):
                unknown.append(name)
                continue
            value[name] = np.asarray(pc.fill_null(column, pa.scalar(0, column.type)), np.int64)
            step[name] = np.where(np.asarray(column.is_valid()), _steps(value[name], points), -1)
        return cls(card, keys, place, step, value, tuple(unknown))

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

    def totals(self, others: Everyone, hidden: Collection[CustomerKey]) -> Whole:
        """The points of each of some customers without a hit; 0 of those who must not be named."""
        total = np.zeros(len(self.keys) + 1, np.int64)  # the last place is that of who has no features
        for name in self.step:
            total[:-1] += self._points(name)
        found = total[positions(others.keys, self.keys)]
        return np.where(positions(others.keys, keys_of(hidden)) < 0, found, 0) if hidden else found

    def table(self, others: Everyone) -> pa.Table:
        """Their rows, as in ``points``."""
        if not self.step:
            return POINTS_COLUMNS.empty_table()
        place = positions(others.keys, self.keys)
        tables = []
        for name in self.step:
            points = np.append(self._points(name), 0)[place]
            tables.append(_lines(name, points, self.card[name].side, others))
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


def _lines(name: str, points: Whole, side: str, others: Everyone) -> pa.Table:
    at = np.flatnonzero(points > 0)
    ids = others.customer_id.take(at)
    given: dict[str, Any] = {
        "institution": others.institution.take(at),
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
