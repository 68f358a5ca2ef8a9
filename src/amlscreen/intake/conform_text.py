"""Texts, codes, flags and numbers that are not money, as parts of a :class:`~amlscreen.intake.conform.Plan`."""

from __future__ import annotations

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conform import Plan
from amlscreen.intake.sql import identifier, literal, literals
from amlscreen.intake.store import ENUMS
from amlscreen.schema import Column

__all__ = ["add_code", "add_decimal", "add_flag", "add_text", "add_whole", "coded"]

_TRUE = ("true", "t", "yes", "y", "1")
_FALSE = ("false", "f", "no", "n", "0")


def coded(plan: Plan, name: str, spec: ColumnSpec) -> str:
    """The column's text with the mapping's codes worked in; codes without a meaning go to quarantine."""
    if spec.constant is not None:
        return f"{literal(spec.constant)}::VARCHAR"
    texts = [plan.text(column, spec.find) for column in spec.source]
    text = texts[0] if len(texts) == 1 else f"nullif(concat_ws({literal(spec.join)}, {', '.join(texts)}), '')"
    if spec.codes is None:
        return text
    if "" in spec.codes:
        text = f"coalesce({text}, '')"
    folded = {code.strip().upper() for code in spec.codes}
    fold = "upper" if len(folded) == len(spec.codes) else ""
    rows = ", ".join(
        f"({literal(code.strip().upper() if fold else code.strip())}, {literal(word)})"
        for code, word in spec.codes.items()
    )
    lookup = identifier(f"codes:{name}")
    plan.joins.append(f"LEFT JOIN (VALUES {rows}) AS {lookup}(k, v) ON {lookup}.k = {fold}({text})")
    if spec.otherwise is not None:
        return f"CASE WHEN {text} IS NOT NULL THEN coalesce({lookup}.v, {literal(spec.otherwise)}) END"
    missing = identifier(f"unknown:{name}")
    plan.layers[0][f"unknown:{name}"] = f"({text} IS NOT NULL AND {lookup}.k IS NULL)"
    plan.refuse(missing, "unknown_code", name, plan.shown(*spec.source))
    return f"{lookup}.v"


def add_text(plan: Plan, column: Column, spec: ColumnSpec) -> None:
    """Text as given: trimmed, NFC, empty is NULL."""
    value = coded(plan, column.name, spec)
    if column.name in plan.spelled:
        words = identifier(f"words:{column.name}")
        plan.joins.append(f"LEFT JOIN {plan.spelled[column.name]} AS {words} ON {words}.text = {value}")
        value = f"CASE WHEN {words}.text IS NULL THEN {value} ELSE {words}.code END"
    plan.layers[0][column.name] = value
    plan.require(column)


def add_code(plan: Plan, column: Column, spec: ColumnSpec) -> None:
    """One of the column's allowed words, by the mapping's code list or as it stands, capitals alike."""
    name = column.name
    text = f"lower({coded(plan, name, spec)})"
    if plan.table.name == "transactions" and name in ENUMS:
        value = f"TRY_CAST({identifier(f'word:{name}')} AS {name})"
    else:
        word = identifier(f"word:{name}")
        value = f"CASE WHEN {word} IN ({literals(column.allowed)}) THEN {word} END"
    plan.layers[0][f"word:{name}"] = text
    plan.layers[1][name] = value
    if spec.source:
        unknown = f"{identifier(f'word:{name}')} IS NOT NULL AND {identifier(name)} IS NULL"
        plan.refuse(unknown, "unknown_code", name, plan.shown(*spec.source))
    plan.require(column)


def add_flag(plan: Plan, column: Column, spec: ColumnSpec) -> None:
    """True or false, in the common spellings or by the mapping's codes."""
    word = identifier(f"word:{column.name}")
    plan.layers[0][f"word:{column.name}"] = f"lower({coded(plan, column.name, spec)})"
    plan.layers[1][column.name] = (
        f"CASE WHEN {word} IN ({literals(_TRUE)}) THEN TRUE WHEN {word} IN ({literals(_FALSE)}) THEN FALSE END"
    )
    if spec.source:
        wrong = f"{word} IS NOT NULL AND {identifier(column.name)} IS NULL"
        plan.refuse(wrong, "bad_flag", column.name, plan.shown(*spec.source))
    plan.require(column)


def add_whole(plan: Plan, column: Column, spec: ColumnSpec) -> None:
    """A whole number in plain digits."""
    _add_number(plan, column, spec, r"[+-]?[0-9]+", "BIGINT")


def add_decimal(plan: Plan, column: Column, spec: ColumnSpec) -> None:
    """A decimal number that is not money, with at most eight digits after its mark."""
    _add_number(plan, column, spec, r"[+-]?([0-9]+(\.[0-9]{1,8}0*)?|\.[0-9]{1,8}0*)", "DECIMAL(18, 8)")


def _add_number(plan: Plan, column: Column, spec: ColumnSpec, pattern: str, kind: str) -> None:
    word = identifier(f"word:{column.name}")
    text = coded(plan, column.name, spec)
    if spec.decimal == ",":
        text = f"replace(replace({text}, '.', ''), ',', '.')"
    plan.layers[0][f"word:{column.name}"] = text
    plan.layers[1][column.name] = (
        f"CASE WHEN regexp_full_match({word}, {literal(pattern)}) THEN TRY_CAST({word} AS {kind}) END"
    )
    if spec.source:
        wrong = f"{word} IS NOT NULL AND {identifier(column.name)} IS NULL"
        plan.refuse(wrong, "bad_number", column.name, plan.shown(*spec.source))
    plan.require(column)
