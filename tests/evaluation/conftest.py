"""Runs small enough to count by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest

from amlscreen.alerting.points import POINTS_COLUMNS
from amlscreen.alerting.ranking import RANKED_COLUMNS
from amlscreen.evaluation.given import RuleFacts, Run

ALERTS = pa.schema(
    [
        ("institution", pa.string()),
        ("alert_id", pa.string()),
        ("rank", pa.int64()),
        ("subject_kind", pa.string()),
        ("subject_id", pa.string()),
        ("customer_ids", pa.list_(pa.string())),
    ]
)
RULES = {
    "HT-A01": RuleFacts("account", False),
    "HT-A02": RuleFacts("account", False),
    "HT-N06": RuleFacts("network", True),
    "HT-X01": RuleFacts("anomaly", False),
}
MakeRun = Callable[..., Run]


def table(schema: pa.Schema, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows with whatever is not named empty, or nought for whole numbers."""
    filled = [
        {field.name: row.get(field.name, 0 if pa.types.is_integer(field.type) else None) for field in schema}
        for row in rows
    ]
    return pa.Table.from_pylist(filled, schema=schema)


@pytest.fixture
def make_run() -> MakeRun:
    """A run of customers C1, C2, ... with these scores, in that order; ``alerts`` are ids of customers by alert id."""

    def make(
        scores: Sequence[int],
        *,
        alerts: Mapping[str, Sequence[str]] | None = None,
        lines: Sequence[Mapping[str, Any]] = (),
        points: Sequence[Mapping[str, Any]] = (),
        **more: Any,
    ) -> Run:
        own = [
            {
                "subject_kind": "customer",
                "subject_id": f"C{n}",
                "customer_id": f"C{n}",
                "score": score,
                "confidence": 1.0,
            }
            for n, score in enumerate(scores, 1)
        ]
        ranked = sorted([*own, *lines], key=lambda line: -line["score"])
        ranked = [{"institution": "B", "rank": rank, **line} for rank, line in enumerate(ranked, 1)]
        led = {line["alert_id"]: line for line in ranked if line.get("alert_id")}
        told = [
            {**led[name], "alert_id": name, "customer_ids": list(people)} for name, people in (alerts or {}).items()
        ]
        rows = [{"institution": "B", "subject_kind": "customer", "shielded": False, **row} for row in points]
        rows = [{"own_points": row["points"], **row} for row in rows]
        return Run(
            source="made",
            ranked=table(RANKED_COLUMNS, ranked),
            points=table(POINTS_COLUMNS, rows),
            alerts=table(ALERTS, told),
            protected=more.pop("protected", frozenset()),
            rules=RULES,
            ran=frozenset(RULES),
            as_of=dt.date(2026, 7, 31),
            alert_days=30,
            family_cap=100,
            **more,
        )

    return make
