"""Short ways to look at the KYC report of small tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from amlscreen.alerts import Alert
from amlscreen.intake.dataset import Dataset
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.kyc.report import KycReport
from amlscreen.result import Result
from amlscreen.rules.ruleset import RuleSet
from amlscreen.screening import screen
from amlscreen.settings import Settings

__all__ = ["AS_OF", "FIRST", "booking", "by_customer", "country", "day", "report_of"]

AS_OF = dt.date(2026, 3, 31)
FIRST = dt.date(2026, 1, 1)


def country(**changes: Any) -> Jurisdiction:
    """Laos with other figures; the cash threshold is 1,000 unless given."""
    laos = Jurisdiction.load("laos")
    figure = laos.cash_report_threshold[0].model_copy(update={"value": 1_000})
    return laos.model_copy(update={"cash_report_threshold": (figure,), **changes})


def day(number: int) -> str:
    """A day of 2026, counted from 1 January as day 1."""
    return (FIRST + dt.timedelta(days=number - 1)).isoformat()


def booking(number: int, on: int, amount: int, **others: Any) -> dict[str, Any]:
    """A cash credit on account A1, unless told otherwise."""
    row = {"transaction_id": f"T{number:04d}", "account_id": "A1", "at": day(on), "direction": "credit"}
    return {**row, "amount": amount, "channel": "cash", **others}


def report_of(
    jurisdiction: Jurisdiction | None = None,
    settings: Settings | None = None,
    alerts: Sequence[Alert] = (),
    **tables: Any,
) -> KycReport:
    """The KYC report of a run without a rule on these tables, as of the end of March, as if these alerts were made."""
    settings = settings or Settings(threads=1, as_of=AS_OF)
    tables.setdefault("transactions", [booking(0, 1, 1), booking(1, 90, 1)])
    with Dataset.from_tables(jurisdiction or country(), settings, **tables) as data:
        result: Result = screen(data, RuleSet.of(), settings=settings)
        result.verdict = replace(result.verdict, alerts=tuple(alerts))
        return result.kyc_report


def by_customer(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Rows of a table by customer."""
    return {row["customer_id"]: row for row in rows}
