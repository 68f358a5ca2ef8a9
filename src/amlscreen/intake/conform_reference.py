"""The statement that turns one file into a reference table: every column by its type."""

from __future__ import annotations

from collections.abc import Mapping

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conform import Plan
from amlscreen.intake.conform_currency import add_currency
from amlscreen.intake.conform_listed import add_listed_value
from amlscreen.intake.conform_money import Minor, add_minor
from amlscreen.intake.conform_text import add_code, add_decimal, add_flag, add_text, add_whole
from amlscreen.intake.conform_time import add_date, add_instant
from amlscreen.intake.sql import identifier, literal
from amlscreen.schema import Column, ColumnType

__all__ = ["INSIDE", "MATCH_KEYS", "plan_reference"]

INSIDE: Mapping[ColumnType, str] = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "money": "BIGINT",
    "time": "BIGINT",
    "date": "INTEGER",
    "flag": "BOOLEAN",
    "whole": "BIGINT",
    "decimal": "DECIMAL(18, 8)",
}

ALIKE: Mapping[str, str] = {
    "institution": "bank_key({0})",
    "account_id": "account_key({0})",
    "phone": "coalesce(phone_number({0}), {0})",
}
"""What makes one of the ways to write a number, by column of reference tables."""
MATCH_KEYS: Mapping[str, str] = {"name_key": "name", "latin_key": "name_latin"}
"""What intake adds to customers, and the name it is made of."""


def plan_reference(plan: Plan, columns: Mapping[str, ColumnSpec]) -> Plan:
    """Fill the plan for one file of a reference table; money is in the home currency."""
    for column in plan.table.columns:
        value = _default(column)
        if column.name in columns:
            _add(plan, column, columns[column.name])
            name = identifier(column.name)
            value = name if value == "NULL" else f"coalesce({name}, {value})"
            if column.name in ALIKE:
                value = ALIKE[column.name].format(name)
            if column.name == "phone" and plan.country.region is None:
                value = f"phone_key({name})"  # where no country is known, digits are all that can be compared
        plan.final[column.name] = f"CAST({value} AS {INSIDE[column.type]})"
    for name, source in MATCH_KEYS.items() if plan.table.name == "customers" else ():
        plan.final[name] = f"match_key({identifier(source)})" if source in columns else "NULL::VARCHAR"
    if plan.table.name == "listed" and {"kind", "value"} <= set(columns):
        plan.final["value"] = f"CAST({add_listed_value(plan)} AS VARCHAR)"
    return plan


def _default(column: Column) -> str:
    return literal(column.default) if column.default in column.allowed else "NULL"


def _add(plan: Plan, column: Column, spec: ColumnSpec) -> None:
    if column.name == "currency" and plan.table.name == "fx_rates":
        add_currency(plan, {"currency": spec}, empty="NULL")
        plan.require(column)
    elif column.type == "money":
        add_minor(plan, column.name, spec.source[0], spec, Minor.of(plan.country.digits))
        plan.refuse(f"{identifier(column.name)} < 0", "negative_amount", column.name, plan.shown(*spec.source))
    elif column.type == "time":
        add_instant(plan, column, spec)
    else:
        adders = {"text": add_text, "code": add_code, "date": add_date, "flag": add_flag, "whole": add_whole}
        adders.get(column.type, add_decimal)(plan, column, spec)
