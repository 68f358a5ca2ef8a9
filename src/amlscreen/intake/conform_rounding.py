"""Amounts with more digits than their currency has, where a mapping says ``round: half_even``.

The digits are cut as text and the rest is compared as text, so nothing is rounded twice and a DOUBLE of a Parquet file
comes out as the same number written in a CSV file would. How many amounts were changed is counted and told.
"""

from __future__ import annotations

from amlscreen.intake.conform import Plan
from amlscreen.intake.sql import identifier

__all__ = ["MOST_WHOLE", "add_rounded", "spelled_out"]

MOST_WHOLE = 10**14
_LITTLE, _LESS_LITTLE = "0.00001", "0.00009"
"""Stand for amounts so near to zero that the store writes an exponent; no currency has more than four digits."""


def add_rounded(plan: Plan, name: str, plain: str, digits: str, column: str) -> tuple[str, str]:
    """SQL for the amount cut to the currency's digits, and for the -1, 0 or 1 minor unit to add to it.

    ``plain`` is SQL of a text like ``-123.4567`` from layer 1. Rows that this changes are noted in ``plan.counted``.
    """
    whole = f"split_part({plain}, '.', 1)"
    fraction = f"(CASE WHEN contains({plain}, '.') THEN split_part({plain}, '.', 2) ELSE '' END)"
    kept = f"left({fraction}, {digits})"
    rest = f"rtrim(substr({fraction}, {digits} + 1), '0')"
    cut = f"({whole} || CASE WHEN {kept} = '' THEN '' ELSE '.' || {kept} END)"
    odd = f"right({cut}, 1) IN ('1', '3', '5', '7', '9')"
    up = f"({rest} > '5' OR ({rest} = '5' AND {odd}))"
    plan.layers[2][f"rest:{name}"] = f"{plain} IS NOT NULL AND {rest} <> ''"
    plan.counted.append((column, "rounded", identifier(f"rest:{name}")))
    return cut, f"CASE WHEN NOT {up} THEN 0 WHEN starts_with({plain}, '-') THEN -1 ELSE 1 END"


def spelled_out(given: str, kind: str) -> str:
    """SQL for a typed number as plain text without an exponent: the shortest that stands for it."""
    if kind not in {"DOUBLE", "FLOAT"}:
        return f"CAST({given} AS VARCHAR)"
    little = f"CASE WHEN abs({given}) <= 5e-5 THEN '{_LITTLE}' ELSE '{_LESS_LITTLE}' END"
    return (
        f"CASE WHEN NOT isfinite({given}) OR abs({given}) >= {MOST_WHOLE} THEN NULL "
        f"WHEN {given} <> 0 AND abs({given}) < 1e-4 THEN CASE WHEN {given} < 0 THEN '-' ELSE '' END || {little} "
        f"ELSE CAST({given} AS VARCHAR) END"
    )
