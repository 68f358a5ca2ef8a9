"""Alerts, protected people, KYC findings and rule outcomes as Arrow tables; what is written is made from these."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from amlscreen.alerts import Alert, Protected
from amlscreen.hits import Outcome
from amlscreen.rules.card import Card, in_language
from amlscreen.sinks.wording import Money, as_date

if TYPE_CHECKING:
    from amlscreen.alerting.kyc import KycFinding

__all__ = [
    "ALERT_COLUMNS",
    "KYC_COLUMNS",
    "PROTECTED_COLUMNS",
    "alert_record",
    "alerts_table",
    "kyc_table",
    "protected_table",
    "rules_table",
]

ALERT_COLUMNS = (
    "institution",
    "alert_id",
    "change",
    "rank",
    "score",
    "band",
    "confidence",
    "subject_kind",
    "subject_id",
    "customer_ids",
    "account_ids",
    "role",
    "typologies",
    "rule_ids",
    "first_day",
    "last_day",
    "transactions",
    "amount",
    "currency",
    "summary",
    "contributions",
)
KYC_COLUMNS = ("institution", "customer_id", "rule_id", "severity", "finding", "since")
PROTECTED_COLUMNS = ("alert_id", "customer_id", "role", "urgency", "reason")

_WORDS = pa.list_(pa.string())
_CONTRIBUTIONS = pa.list_(
    pa.struct([("kind", pa.string()), ("rule_id", pa.string()), ("points", pa.int64()), ("text", pa.string())])
)
_ALERT_TYPES: Mapping[str, pa.DataType] = {
    "rank": pa.int64(),
    "score": pa.int64(),
    "confidence": pa.float64(),
    "customer_ids": _WORDS,
    "account_ids": _WORDS,
    "typologies": _WORDS,
    "rule_ids": _WORDS,
    "first_day": pa.date32(),
    "last_day": pa.date32(),
    "transactions": pa.int64(),
    "contributions": _CONTRIBUTIONS,
    "revision": pa.int64(),
    "would_differ": _WORDS,
    "false_positives": _WORDS,
    "next_steps": _WORDS,
    "members": pa.list_(pa.struct([(name, pa.string()) for name in ("kind", "id", "part", "role")])),
    "stories": pa.list_(
        pa.struct(
            [
                ("typology", pa.string()),
                ("title", pa.string()),
                *((name, _WORDS) for name in ("seen", "missing", "blind")),
            ]
        )
    ),
}
_FURTHER_COLUMNS = ("revision", "clause", "would_differ", "false_positives", "next_steps", "members", "stories")
_RULE_TYPES: Mapping[str, pa.DataType] = {
    "version": pa.int64(),
    "hits": pa.int64(),
    "partial_hits": pa.int64(),
    "subjects": pa.int64(),
    "subjects_not_evaluable": pa.int64(),
}
_RULE_COLUMNS = (
    "rule_id",
    "version",
    "title",
    "status",
    "typology",
    "severity",
    "outcome",
    "reason",
    "hits",
    "partial_hits",
    "subjects",
    "subjects_not_evaluable",
    "notes",
)


def alert_record(alert: Alert, money: Money) -> dict[str, Any]:
    """One alert as plain values: the fixed columns, then what only Parquet and JSON lines carry."""
    record = {name: getattr(alert, name, None) for name in (*ALERT_COLUMNS, *_FURTHER_COLUMNS)}
    record.update(
        institution=alert.subject.institution,
        subject_kind=alert.subject.kind,
        subject_id=alert.subject.id,
        first_day=as_date(alert.first_day),
        last_day=as_date(alert.last_day),
        amount=money.whole(alert.amount),
        contributions=[
            {"kind": row.kind, "rule_id": row.rule_id, "points": row.points, "text": row.text}
            for row in alert.contributions
        ],
        members=[{name: getattr(one, name) for name in ("kind", "id", "part", "role")} for one in alert.members],
        stories=[dataclasses.asdict(story) for story in alert.stories],
    )
    return record


def alerts_table(alerts: Sequence[Alert], money: Money) -> pa.Table:
    """Every alert in the order given; ``amount`` is exact, in whole units of the home currency."""
    types = {**_ALERT_TYPES, "amount": pa.decimal128(38, money.minor_digits)}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in (*ALERT_COLUMNS, *_FURTHER_COLUMNS)])
    return pa.Table.from_pylist([alert_record(alert, money) for alert in alerts], schema=schema)


def protected_table(people: Sequence[Protected]) -> pa.Table:
    """The possible victims, most urgent first: the higher the figure, the sooner."""
    schema = pa.schema([(name, pa.int64() if name == "urgency" else pa.string()) for name in PROTECTED_COLUMNS])
    ordered = sorted(people, key=lambda person: (-person.urgency, person.alert_id, person.customer_id))
    records = [{name: getattr(person, name) for name in PROTECTED_COLUMNS} for person in ordered]
    return pa.Table.from_pylist(records, schema=schema)


def rules_table(outcomes: Sequence[Outcome], cards: Mapping[str, Card], language: str) -> pa.Table:
    """What became of every rule. Seconds are left out: they differ between equal runs and stand in ``run.json``."""
    schema = pa.schema([(name, _RULE_TYPES.get(name, pa.string())) for name in _RULE_COLUMNS])
    records = []
    for outcome in outcomes:
        card = cards.get(outcome.rule_id)
        record = {name: getattr(outcome, name, None) for name in _RULE_COLUMNS}
        record["outcome"] = outcome.status
        record["notes"] = "; ".join(outcome.notes)
        record["status"] = card.status if card else None
        if card:
            record.update(title=in_language(card.title, language), typology=card.typology, severity=card.severity)
        records.append(record)
    return pa.Table.from_pylist(records, schema=schema)


def kyc_table(findings: Sequence[KycFinding]) -> pa.Table:
    """Gaps in what the bank knows of its customers, in the order given; ``since`` as a date."""
    schema = pa.schema([(name, pa.date32() if name == "since" else pa.string()) for name in KYC_COLUMNS])
    columns: dict[str, Any] = {
        name: pa.array([getattr(one, name) for one in findings], pa.int32() if name == "since" else pa.string())
        for name in KYC_COLUMNS
    }
    columns["since"] = columns["since"].cast(pa.date32())
    return pa.table(columns, schema=schema)
