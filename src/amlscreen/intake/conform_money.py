"""Amounts, exactly: every spelling is checked as text, then becomes int64 minor units; nothing passes through float.

A typed column (whole numbers, DECIMAL, DOUBLE of a Parquet file) skips the text where that is exact. A DOUBLE is taken
only if it is the double closest to a whole number of minor units, or within a millionth of one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conform import Plan
from amlscreen.intake.conform_rounding import MOST_WHOLE, add_rounded, spelled_out
from amlscreen.intake.sql import identifier, literal

__all__ = ["Minor", "add_minor", "folded"]

_FOREIGN_DIGITS = "໐໑໒໓໔໕໖໗໘໙๐๑๒๓๔๕๖๗๘๙−–"
_ASCII_DIGITS = "01234567890123456789--"
_PLAIN = r"[+-]?[0-9]+(\.[0-9]+)?"
_EXACT_IN_DOUBLE = 10**11
WHOLE_TYPES = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}


def folded(text: str) -> str:
    """The text with Lao and Thai digits and typographic minus signs as ASCII."""
    return (
        f"CASE WHEN strlen({text}) = length({text}) THEN {text} "
        f"ELSE translate({text}, {literal(_FOREIGN_DIGITS)}, {literal(_ASCII_DIGITS)}) END"
    )


@dataclass(frozen=True, slots=True)
class Minor:
    """SQL for a currency's minor digits and for ten to that power; ``fixed`` if it is one figure."""

    digits: str
    scale: str
    fixed: int | None = None

    @classmethod
    def of(cls, digits: int) -> Minor:
        """The same figure for every row."""
        return cls(str(digits), str(10**digits), digits)


def add_minor(
    plan: Plan, name: str, source: str, spec: ColumnSpec, minor: Minor, *, shown_as: str | None = None
) -> None:
    """Layer 3 gets ``name``: the signed amount of one file column in minor units, NULL if empty or refused.

    Checks for spelling, precision and size are added, under the canonical column ``shown_as``.
    """
    kind, column = plan.type_of(source), shown_as or name
    if spec.rounding and kind not in WHOLE_TYPES:
        _rounded(plan, name, source, minor, column, spec=spec)
        return
    if kind in {"DOUBLE", "FLOAT"}:
        _double(plan, name, source, minor, column)
        return
    if kind in WHOLE_TYPES or kind.startswith("DECIMAL"):
        _exact(plan, name, source, minor, column)
    else:
        _spelled(plan, name, source, minor, column, spec=spec)
    plan.layers[3][name] = _scaled(name, minor)


def _scaled(name: str, minor: Minor) -> str:
    whole = identifier(f"whole:{name}")
    quick = f"CAST(round(CAST({whole} AS DOUBLE) * {minor.scale}) AS BIGINT)"
    large = f"TRY_CAST(CAST({whole} AS DECIMAL(38, 4)) * {minor.scale} AS BIGINT)"
    return f"CASE WHEN abs({whole}) < {_EXACT_IN_DOUBLE} THEN {quick} ELSE {large} END"


def _rounded(plan: Plan, name: str, source: str, minor: Minor, column: str, *, spec: ColumnSpec) -> None:
    """As ``_spelled``, but digits beyond the currency's are rounded half to even and counted; stated by the mapping."""
    kind = plan.type_of(source)
    text, plain, whole = (identifier(f"{part}:{name}") for part in ("text", "plain", "whole"))
    typed = kind in {"DOUBLE", "FLOAT"} or kind.startswith("DECIMAL")
    plan.layers[0][f"text:{name}"] = plan.raw(source) if typed else _without_symbol(plan.text(source, spec.find), spec)
    plan.layers[1][f"plain:{name}"] = spelled_out(text, kind) if typed else _plain_spelling(text, spec)
    cut, up = add_rounded(plan, name, plain, minor.digits, column)
    plan.layers[2][f"whole:{name}"] = f"TRY_CAST({cut} AS DECIMAL(18, 4))"
    plan.layers[2][f"up:{name}"] = up
    unreadable = f"NOT isfinite({text})" if kind in {"DOUBLE", "FLOAT"} else f"{plain} IS NULL"
    plan.refuse(f"{text} IS NOT NULL AND {unreadable}", "bad_amount", column, plan.shown(source))
    plan.refuse(f"{text} IS NOT NULL AND {whole} IS NULL", "overflow", column, plan.shown(source))
    plan.layers[3][name] = f"{_scaled(name, minor)} + {identifier(f'up:{name}')}"


def _exact(plan: Plan, name: str, source: str, minor: Minor, column: str) -> None:
    kind = plan.type_of(source)
    given, whole = identifier(f"given:{name}"), identifier(f"whole:{name}")
    plan.layers[0][f"given:{name}"] = plan.raw(source)
    plan.layers[1][f"whole:{name}"] = f"TRY_CAST({given} AS DECIMAL(18, 4))"
    plan.refuse(f"{given} IS NOT NULL AND {whole} IS NULL", "overflow", column, plan.shown(source))
    scale = int(kind.rstrip(")").split(",")[1]) if kind.startswith("DECIMAL") else 0
    if scale > 4:
        plan.refuse(f"{whole} <> {given}", "too_precise", column, plan.shown(source))
    if minor.fixed is None or scale > minor.fixed:
        rest = f"CAST(({whole} - trunc({whole})) * 10000 AS BIGINT) % (10000 // {minor.scale})"
        plan.refuse(f"{rest} <> 0", "too_precise", column, plan.shown(source))


def _double(plan: Plan, name: str, source: str, minor: Minor, column: str) -> None:
    given, scaled = identifier(f"given:{name}"), identifier(f"scaled:{name}")
    plan.layers[0][f"given:{name}"] = f"CAST({plan.raw(source)} AS DOUBLE)"
    plan.layers[1][f"scaled:{name}"] = f"{given} * {minor.scale}"
    plan.refuse(f"{given} IS NOT NULL AND NOT isfinite({given})", "bad_amount", column, plan.shown(source))
    plan.refuse(f"abs({given}) >= {MOST_WHOLE} OR abs({scaled}) >= {2**53}", "overflow", column, plan.shown(source))
    nearest = f"round({scaled}) / {minor.scale} = {given}"  # the double closest to an amount, however large
    off = f"abs({scaled} - round({scaled})) > 1e-6 AND NOT {nearest}"
    plan.refuse(off, "too_precise", column, plan.shown(source))
    plan.layers[3][name] = f"CASE WHEN abs({scaled}) < {2**53} THEN CAST(round({scaled}) AS BIGINT) END"


def _spelled(plan: Plan, name: str, source: str, minor: Minor, column: str, *, spec: ColumnSpec) -> None:
    text, plain, whole = (identifier(f"{part}:{name}") for part in ("text", "plain", "whole"))
    plan.layers[0][f"text:{name}"] = _without_symbol(plan.text(source, spec.find), spec)
    plan.layers[1][f"plain:{name}"] = _plain_spelling(text, spec)
    plan.layers[2][f"whole:{name}"] = f"TRY_CAST({plain} AS DECIMAL(18, 4))"
    plan.refuse(f"{text} IS NOT NULL AND {plain} IS NULL", "bad_amount", column, plan.shown(source))
    plan.refuse(f"{plain} IS NOT NULL AND {whole} IS NULL", "overflow", column, plan.shown(source))
    places = f"(CASE WHEN contains({plain}, '.') THEN strlen({plain}) - strpos({plain}, '.') ELSE 0 END)"
    zeros = f"regexp_full_match({plain}, {literal('[+-]?[0-9]*[.]0+')})"
    plan.refuse(
        f"{places} > {minor.digits} AND ({places} = 3 OR NOT {zeros})", "too_precise", column, plan.shown(source)
    )


def _without_symbol(text: str, spec: ColumnSpec) -> str:
    """SQL for the text without one currency mark at its beginning (a sign may stand before it) or its end."""
    if not spec.symbol:
        return text
    marks = "|".join(re.escape(mark.strip()) for mark in spec.symbol)
    space = "[ \u00a0]*"
    ahead = literal(f"^([+\u2212-]?{space}\\(?){space}(?:{marks}){space}")
    behind = literal(f"{space}(?:{marks}){space}(\\)?-?)$")
    without = f"CASE WHEN regexp_matches({text}, {ahead}) THEN regexp_replace({text}, {ahead}, '\\1') ELSE "
    return f"{without} regexp_replace({text}, {behind}, '\\1') END"


def _plain_spelling(text: str, spec: ColumnSpec) -> str:
    """SQL for the text as ``-123.45``; NULL if it is not an amount in the stated spelling."""
    mark = re.escape(spec.decimal)
    groups = (
        [spec.thousands] if spec.thousands else [{".": ",", ",": "."}[spec.decimal], "[ \u00a0\u202f]", "['\u2019]"]
    )
    group = [each if each.startswith("[") else re.escape(each) for each in groups]
    grouped = "|".join(f"[0-9]{{1,3}}(?:{each}[0-9]{{3}})+" for each in group)
    body = f"(?:(?:[0-9]+|{grouped})(?:{mark}[0-9]+)?|{mark}[0-9]+)"
    pattern = f"(?:[+-]?[ \u00a0]?{body}|{body}[ \u00a0]?-|\\({body}\\))"
    ascii_text = folded(text)
    digits = f"replace(regexp_replace({ascii_text}, {literal(f'[^0-9{mark}]')}, '', 'g'), {literal(spec.decimal)}, '.')"
    sign = f"CASE WHEN contains({ascii_text}, '-') OR contains({ascii_text}, '(') THEN '-' ELSE '' END"
    spelled = f"CASE WHEN regexp_full_match({ascii_text}, {literal(pattern)}) THEN ({sign}) || {digits} END"
    if spec.decimal != ".":
        return spelled
    return f"CASE WHEN regexp_full_match({text}, {literal(_PLAIN)}) THEN {text} ELSE {spelled} END"
