"""A small KYC report for outputs: one customer who may be named, one possible victim."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa

from amlscreen.kyc.report import KycReport, OverdueLine
from amlscreen.kyc.risk import ROWS
from amlscreen.kyc.standard import KycStandard

__all__ = ["made_kyc"]

MONEY = pa.decimal128(38, 2)
DAY = dt.date(2026, 3, 10)
PEOPLE = {"institution": ["BANKA", "BANKA"], "customer_id": ["C1", "CV77"]}


def made_kyc() -> KycReport:
    """Two customers, each with something to do, a rating and a cash candidate."""
    return KycReport(
        _health(),
        _ratings(),
        _cash(),
        (OverdueLine("high", 1, 1, 148), OverdueLine("low", 1, 0, 0)),
        ("permits: no data in customers.permit_expiry",),
        KycStandard.load(),
    )


def _health() -> pa.Table:
    texts = pa.list_(pa.string())
    days = pa.array([12, None], pa.int64())
    return pa.table(
        {
            **PEOPLE,
            "missing": pa.array([["phone"], []], texts),
            "paper_expiry": pa.array([DAY, None], pa.date32()),
            "paper_expired_days": days,
            "review_overdue_days": pa.array([148, 3], pa.int64()),
            "bank_rating": pa.array(["high", None], pa.string()),
            "permit_expired_days": pa.nulls(2, pa.int64()),
            "contradictions": pa.array([["income_below_flow"], []], texts),
            "flow_over_income": pa.array([Decimal("4.38"), None], MONEY),
            "flow_over_turnover": pa.nulls(2, MONEY),
            "to_do": pa.array([["paper_expired", "contradiction", "fields_missing"], ["review_overdue"]], texts),
        }
    )


def _ratings() -> pa.Table:
    rows = [{"group": "customer", "factor": "C-01", "points": 50, "what": "=A line of business", "observed": "-1"}]
    return pa.table(
        {
            **PEOPLE,
            "score": [50, 50],
            "rating": ["high", "high"],
            "bank_rating": ["low", "high"],
            "against_bank": ["above", "same"],
            "floors": pa.array([[], []], pa.list_(pa.string())),
            "rows": pa.array([rows, rows], ROWS),
        }
    )


def _cash() -> pa.Table:
    amount = pa.array([Decimal("120000000.00"), Decimal("110000000.00")], MONEY)
    return pa.table(
        {
            **PEOPLE,
            "basis": ["single", "aggregate"],
            "direction": ["credit", "debit"],
            "first_day": [DAY, DAY],
            "last_day": [DAY, DAY],
            "bookings": [1, 4],
            "amount": amount,
            "peak_amount": amount,
            "peak_day": [DAY, DAY],
            "threshold": pa.array([Decimal("100000000.00")] * 2, MONEY),
            "currency": ["LAK", "LAK"],
            "single_bookings": [1, 0],
            "is_current": [True, True],
            "accounts": pa.array([["F1"], ["V100200"]], pa.list_(pa.string())),
            "transaction_ids": pa.array([["T1"], ["T2", "T3"]], pa.list_(pa.string())),
        }
    )
