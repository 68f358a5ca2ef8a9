"""Every row of every score, of those under alert and of all others: what a ranking is made of.

Columns of ``points``:

``institution``, ``subject_kind``, ``subject_id``, ``customer_id``   as in ``ranked``
``kind``       rule, repeat, overlap, cap, counter, typology or feature
``rule_id``    the rule the row comes from; empty for caps and counter-evidence
``family``     the family it counts to; empty for counter-evidence
``reason``     which counter-evidence, cap or repeat it is
``points``     signed; a subject's rows add up to its score
``times``      by how much the strength of the hit multiplied the rule's points, in thousandths; rule rows only
``other``      the rule that saw the same rows, of overlap rows; the typology or feature, of their rows
``first_day``, ``last_day``   the days of the hit behind the row; rule rows only
``own_points`` the points without a scorecard; the same as ``points`` where the run had none
``count``      how many further episodes; repeat rows only
``shielded``   counter-evidence is not weighed against the rule, an anchor or a safety signal
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from amlscreen.alerting.book import CustomerKey
from amlscreen.alerting.scoring import Row, strength_of
from amlscreen.alerting.weights import RuleWeight
from amlscreen.hits import SubjectRef
from amlscreen.rules.typology import Typology

__all__ = ["POINTS_COLUMNS", "points_table"]

POINTS_COLUMNS = pa.schema(
    (
        ("institution", pa.string()),
        ("subject_kind", pa.string()),
        ("subject_id", pa.string()),
        ("customer_id", pa.string()),
        ("kind", pa.string()),
        ("rule_id", pa.string()),
        ("family", pa.string()),
        ("reason", pa.string()),
        ("points", pa.int64()),
        ("times", pa.int64()),
        ("other", pa.string()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
        ("own_points", pa.int64()),
        ("count", pa.int64()),
        ("shielded", pa.bool_()),
    )
)


def points_table(
    scored: Iterable[tuple[SubjectRef, CustomerKey | None, Iterable[Row]]], weights: Mapping[str, RuleWeight]
) -> pa.Table:
    """The rows of all subjects, in their order; a customer who must not be named has none, as in ``ranked``."""
    lines = []
    for subject, customer, rows in scored:
        who = (subject.institution, subject.kind, subject.id, customer[1] if customer else None)
        lines += [(*who, *_line(row, weights)) for row in rows]
    columns = zip(*lines, strict=True) if lines else ((),) * len(POINTS_COLUMNS)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, POINTS_COLUMNS, strict=True)]
    return pa.table(arrays, schema=POINTS_COLUMNS)


def _line(row: Row, weights: Mapping[str, RuleWeight]) -> tuple[object, ...]:
    hit = row.hit
    times = None if hit is None else int(strength_of(hit, weights[row.rule_id]) * 1000)
    days = (None, None) if hit is None else (hit.first_day, hit.last_day)
    typology = row.values.get("typology")
    other = typology.id if isinstance(typology, Typology) else row.values.get("other", row.values.get("feature"))
    count = row.values.get("count") if row.kind == "repeat" else None
    shielded = bool(row.rule_id) and weights[row.rule_id].shielded
    known = row.kind, row.rule_id, row.family, row.reason, row.points, times, other
    return *known, *days, row.by_itself, count, shielded
