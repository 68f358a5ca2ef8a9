"""A tiny bank to judge: cards, hits and a book, each in a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from amlscreen.alerting import Book, Previous, Verdict
from amlscreen.alerting.previous import Earlier
from amlscreen.hits import Hit, SubjectRef
from amlscreen.rules.card import Card
from amlscreen.settings import Settings

DAY = 86_400_000_000
AS_OF = 20_000

Judge = Callable[..., Verdict]

PINNED = {
    "band_from": {"low": 0, "medium": 25, "high": 60, "critical": 110},
    "family_cap": 120,
    "repeat_points": 5,
    "alert_days": 30,
}
PINNED_POLICY = {"families_together": 3, "facts_together": 2, "linked_customers": 3, "linked_families": 2}


def make_settings(**changes: Any) -> Settings:
    """Settings whose figures stay put when the shipped defaults are tuned."""
    policy = PINNED_POLICY | changes.pop("policy", {})
    return Settings.model_validate(PINNED | changes | {"policy": policy})


FILE_GAP = {"shape": "match", "table": "customers", "where": {"is_pep": True}}
"""What a KYC card looks for: something in one customer's file."""


def make_card(rule_id: str, **changes: Any) -> Card:
    """A card that counts payers; everything else is filled in."""
    detect = {
        "shape": "window",
        "subject": "account",
        "within": "9d",
        "rows": {"inflow": {"direction": "credit"}},
        "measures": {"payers": {"distinct": "counterparty", "of": "inflow"}, "paid": {"sum": "amount", "of": "inflow"}},
        "when": {"payers": {"gte": 5}},
    }
    raw: dict[str, Any] = {
        "id": rule_id,
        "title": f"Title of {rule_id}",
        "status": "stable",
        "version": 1,
        "typology": f"typology_{rule_id[3:].lower()}",
        "exploitation": ["labour"],
        "severity": "high",
        "role": "unclear",
        "description": "d",
        "rationale": "r",
        "references": [{"source": "s", "year": 2020}],
        "false_positives": [f"Innocent reason of {rule_id}."],
        "blind_spots": ["b"],
        "next_steps": [f"Read the file for {rule_id}."],
        "detect": detect,
        "explain": "{payers} people paid {paid:money} up to {last_day}.",
        "examples": [{"name": "n", "expect": "clear"}],
    }
    if "-K" in rule_id and "detect" not in changes:
        raw |= {"detect": FILE_GAP, "explain": "A gap in the file, seen on {last_day}."}
    return Card.model_validate(raw | changes)


def make_hit(
    rule_id: str,
    subject: str = "A1",
    rows: Sequence[int] = (),
    *,
    kind: Any = "account",
    customer: str | None = None,
    ends: int = AS_OF,
    starts: int | None = None,
    episode: int = 1,
    measures: Mapping[str, Any] | None = None,
    known: int = 10,
    total: int = 10,
    victims: tuple[str, ...] = (),
    account: str | None = None,
    institution: str = "BANKA",
) -> Hit:
    """A hit on an account unless told otherwise; `ends` and `starts` are local days."""
    first = ends if starts is None else starts
    return Hit(
        rule_id=rule_id,
        subject=SubjectRef(institution, kind, subject),
        customer_ids=(customer,) if customer else (),
        account_ids=(account or (subject if kind == "account" else "A1"),),
        episode=episode,
        first_at=first * DAY,
        last_at=ends * DAY,
        first_day=first,
        last_day=ends,
        measures={"payers": 5, "paid": 1_500_000_00} if measures is None else measures,
        known=known,
        total=total,
        partial=known < total,
        victims=victims,
        row_ids=np.array(rows, np.int64),
        parts=("inflow",) * len(rows),
        decides=np.ones(len(rows), np.bool_),
    )


@dataclass
class Bank:
    """Owners of accounts, people and payments, from which a book is made."""

    owners: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"A1": ("C1",)})
    people: list[dict[str, Any]] = field(default_factory=list)
    features: list[dict[str, Any]] = field(default_factory=list)
    holdings: list[dict[str, Any]] = field(default_factory=list)
    counterparties: dict[int, str] = field(default_factory=dict)
    accounts: dict[int, str] = field(default_factory=dict)
    has_customers: bool = True

    def book(self) -> Book:
        """The book; row n is transaction Tn of 1,000 whole units, a credit if n is even."""
        people = {c: {"customer_id": c} for owners in self.owners.values() for c in owners}
        people.update({row["customer_id"]: row for row in self.people})
        table = [
            {"institution": "BANKA", "phone": None, "name": None, "id_number": None, **row} for row in people.values()
        ]
        schema = pa.schema([(n, pa.string()) for n in ("institution", "customer_id", "phone", "name", "id_number")])
        features = {row["customer_id"]: row for row in self.features}
        return Book(
            institutions=("BANKA",),
            customers=pa.Table.from_pylist(table if self.has_customers else [], schema=schema),
            owners={("BANKA", account): owners for account, owners in self.owners.items()},
            holdings=pa.Table.from_pylist(
                [{"institution": "BANKA", **row} for row in self.holdings],
                schema=pa.schema([(n, pa.string()) for n in ("institution", "account_id", "customer_id", "role")]),
            ),
            features=feature_table([{"customer_id": c, **features.get(c, {})} for c in people]),
            currency="LAK",
            shown_digits=0,
            minor_digits=2,
            first_day=AS_OF - 400,
            rows=self.rows,
        )

    def rows(self, row_ids: Any) -> pa.Table:
        """Transactions by row number."""
        ids = row_ids.tolist()
        return pa.table(
            {
                "institution": pa.array(["BANKA"] * len(ids), pa.string()),
                "transaction_id": pa.array([f"T{n}" for n in ids], pa.string()),
                "account_id": pa.array([self.accounts.get(n, "A1") for n in ids], pa.string()),
                "counterparty": pa.array([self.counterparties.get(n) for n in ids], pa.string()),
                "direction": pa.array(["debit" if n % 2 else "credit" for n in ids], pa.string()),
                "amount": pa.array([100_000] * len(ids), pa.int64()),
            }
        )


def feature_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Features with quiet defaults."""
    quiet = {
        "institution": "BANKA",
        "transactions": 10,
        "tenure_days": 100,
        "salary_in_months": 0,
        "salary_out_months": 0,
        "living_debits": 0,
        "living_share": 0,
        "is_merchant": False,
        "day_share": None,
    }
    schema = pa.schema(
        [("institution", pa.string()), ("customer_id", pa.string()), ("is_merchant", pa.bool_())]
        + [(name, pa.int64()) for name in quiet if name not in {"institution", "is_merchant"}]
    )
    return pa.Table.from_pylist([quiet | dict(row) for row in rows], schema=schema)


def keep(verdict: Verdict, bank: Bank) -> Previous:
    """What the next run will know of this one."""
    shown = [
        Earlier(
            alert.alert_id,
            alert.revision,
            alert.subject,
            alert.last_day,
            frozenset(("BANKA", f"T{row.row_id}", bank.accounts.get(row.row_id, "A1")) for row in alert.evidence),
        )
        for alert in verdict.alerts
    ]
    gone: dict[str, Earlier] = {}
    for line in verdict.history.to_pylist():
        before = gone.get(line["alert_id"])
        row = (line["institution"], line["transaction_id"], line["account_id"])
        gone[line["alert_id"]] = Earlier(
            line["alert_id"],
            line["revision"],
            SubjectRef(line["institution"], line["subject_kind"], line["subject_id"]),
            (line["last_day"] - dt.date(1970, 1, 1)).days,
            (before.rows if before else frozenset()) | {row},
            lapsed=True,
        )
    return Previous.of([*shown, *gone.values()])
