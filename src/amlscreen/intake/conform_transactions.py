"""The statement that turns one file into transactions: which part each canonical column plays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conform import Plan
from amlscreen.intake.conform_currency import add_currency
from amlscreen.intake.conform_money import Minor, add_minor
from amlscreen.intake.conform_party import add_counterparty
from amlscreen.intake.conform_text import add_code, add_text, coded
from amlscreen.intake.conform_time import DAY_US, add_date, add_instant
from amlscreen.intake.fx import add_home_amount
from amlscreen.intake.sql import identifier, literal
from amlscreen.schema import TRANSACTIONS

__all__ = ["STORED", "plan_transactions"]

_SELF_MADE = {
    "at",
    "direction",
    "amount",
    "currency",
    "counterparty",
    "counterparty_kind",
    "time_precision",
    "balance_after",
}

STORED: Mapping[str, str] = {
    "institution": "VARCHAR",
    "transaction_id": "VARCHAR",
    "account_id": "VARCHAR",
    "at": "BIGINT",
    "time_precision": "time_precision",
    "value_date": "INTEGER",
    "local_day": "INTEGER",
    "hour": "TINYINT",
    "direction": "direction",
    "amount": "BIGINT",
    "currency": "VARCHAR",
    "amount_original": "BIGINT",
    "channel": "channel",
    "kind": "kind",
    "reverses": "VARCHAR",
    "netted": "BOOLEAN",
    "purpose": "purpose",
    "narrative": "VARCHAR",
    "counterparty": "VARCHAR",
    "counterparty_kind": "counterparty_kind",
    "counterparty_name": "VARCHAR",
    "ultimate_party": "VARCHAR",
    "conductor_id": "VARCHAR",
    "province": "VARCHAR",
    "country": "VARCHAR",
    "branch_id": "VARCHAR",
    "terminal_id": "VARCHAR",
    "mcc": "VARCHAR",
    "balance_after": "BIGINT",
    "is_recalled": "BOOLEAN",
}


def plan_transactions(
    plan: Plan,
    columns: Mapping[str, ColumnSpec],
    *,
    pooled: Mapping[str, Sequence[str]],
    listed: Mapping[str, Sequence[str]],
) -> Plan:
    """Fill the plan for one file of transactions; every stored column stands in ``plan.final``."""
    given: dict[str, str] = {}
    for column in TRANSACTIONS.columns:
        if column.name in columns and column.name not in _SELF_MADE:
            {"text": add_text, "code": add_code, "date": add_date}[column.type](plan, column, columns[column.name])
            given[column.name] = identifier(column.name)
    for name in ("counterparty", "counterparty_kind"):
        if name in columns:
            _add_given(plan, name, columns[name])
            given[name] = identifier(f"given:{name}") if name == "counterparty" else identifier(name)
    currency, minor = add_currency(plan, columns, empty=literal(plan.country.currency))
    _time(plan, columns)
    _sides(plan, columns, minor)
    if "balance_after" in columns:
        add_minor(plan, "balance_after", columns["balance_after"].source[0], columns["balance_after"], minor)
        given["balance_after"] = "balance_after"
    plan.final = given
    add_counterparty(plan, pooled, listed)
    _finish(plan, currency)
    return plan


def _add_given(plan: Plan, name: str, spec: ColumnSpec) -> None:
    if name == "counterparty":
        plan.layers[0]["given:counterparty"] = coded(plan, name, spec)
    else:
        add_code(plan, TRANSACTIONS.column(name), spec)


def _time(plan: Plan, columns: Mapping[str, ColumnSpec]) -> None:
    add_instant(plan, TRANSACTIONS.column("at"), columns["at"])
    precision = "CASE WHEN \"exact:at\" THEN 'second' ELSE 'day' END"
    if "time_precision" in columns:
        add_code(plan, TRANSACTIONS.column("time_precision"), columns["time_precision"])
        precision = f"coalesce(time_precision::VARCHAR, {precision})"
    plan.layers[3]["precision"] = precision
    plan.layers[3]["local_day"] = f'CAST(floor("stamp:at" / {DAY_US}) AS INTEGER)'
    plan.layers[4]["hour"] = (
        f"CASE WHEN precision = 'second' THEN (\"stamp:at\" - local_day::BIGINT * {DAY_US}) // 3600000000 END"
    )


def _sides(plan: Plan, columns: Mapping[str, ColumnSpec], minor: Minor) -> None:
    """``minor`` (never negative) and ``side``, from whichever way the file tells direction."""
    spec = columns["amount"]
    if spec.debit and spec.credit:
        for part, source in (("debit", spec.debit), ("credit", spec.credit)):
            add_minor(plan, f"in:{part}", source, spec, minor, shown_as="amount")
        shown = plan.shown(spec.debit, spec.credit)
        debit = f'coalesce({"-" if spec.sign else ""}"in:debit", 0)'
        credit = 'coalesce("in:credit", 0)'
        plan.refuse(f"{debit} < 0 OR {credit} < 0", "negative_amount", "amount", shown)
        plan.refuse(f"{debit} > 0 AND {credit} > 0", "both_sides", "amount", shown)
        plan.refuse(f"{debit} = 0 AND {credit} = 0", "no_side", "amount", shown)
        plan.layers[4]["minor"] = f"{debit} + {credit}"
        plan.layers[4]["side"] = f"CASE WHEN {debit} > 0 THEN 'debit' ELSE 'credit' END::direction"
        return
    add_minor(plan, "in:amount", spec.source[0], spec, minor, shown_as="amount")
    shown = plan.shown(*spec.source)
    plan.refuse('"in:amount" IS NULL', "missing_required", "amount", shown)
    if spec.sign:
        plan.refuse('"in:amount" = 0', "no_side", "amount", shown)
        below, above = ("debit", "credit") if spec.sign == "negative_is_debit" else ("credit", "debit")
        plan.layers[4]["minor"] = 'abs("in:amount")'
        plan.layers[4]["side"] = f"CASE WHEN \"in:amount\" < 0 THEN '{below}' ELSE '{above}' END::direction"
        return
    add_code(plan, TRANSACTIONS.column("direction"), columns["direction"])
    plan.refuse('"in:amount" < 0', "negative_amount", "amount", shown)
    plan.layers[4]["minor"] = '"in:amount"'
    plan.layers[4]["side"] = "direction"


def _finish(plan: Plan, currency: str | None) -> None:
    final, home = plan.final, plan.country
    add_home_amount(plan, "minor", currency)
    if currency:
        plan.refuse("NOT has_rate", "fx_missing", "currency", "currency || ' on ' || (DATE '1970-01-01' + local_day)")
        plan.refuse("home IS NULL OR home >= 100000000000000000", "overflow", "amount", "currency")
    final.update(
        {
            "institution": f"bank_key({final['institution']})",
            "account_id": f"account_key({final['account_id']})",
            "at": '"at"',
            "time_precision": "precision::time_precision",
            "local_day": "local_day",
            "hour": "hour",
            "direction": "side",
            "currency": currency or f"{literal(home.currency)}::VARCHAR",
            "amount_original": "minor",
            "kind": "coalesce(kind, 'customer'::kind)" if "kind" in final else "'customer'::kind",
            "netted": "FALSE",
            "is_recalled": "FALSE",
        }
    )
    plan.final = {name: f"CAST({final.get(name, 'NULL')} AS {kind})" for name, kind in STORED.items()}
