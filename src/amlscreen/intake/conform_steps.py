"""Times that a log counts in days from a first day, the fraction being the time of day: `days_since` in a mapping."""

from __future__ import annotations

import datetime as dt

from amlscreen.intake.conform_money import folded
from amlscreen.intake.sql import literal

__all__ = ["day_of_step", "has_fraction", "local_us_of_step"]

_DAY_US = 86_400_000_000
_STEP = r"[+-]?[0-9]{1,6}(\.[0-9]+)?"


def local_us_of_step(value: str, kind: str, first: dt.date) -> str:
    """SQL for local microseconds; NULL if the value is no count of days."""
    days = f"CAST({_counted(value, kind)} AS DECIMAL(38, 12))"
    return f"epoch_us(TIMESTAMP '{first}') + CAST({days} * {_DAY_US} AS BIGINT)"


def day_of_step(value: str, kind: str, first: dt.date) -> str:
    """SQL for the DATE; NULL if the value is no count of days."""
    return f"DATE '{first}' + CAST(floor({_counted(value, kind)}) AS INTEGER)"


def has_fraction(value: str, kind: str) -> str:
    """SQL that is true where the time of day is told. A whole number is a day, of which the time is not known."""
    counted = _counted(value, kind)
    return f"coalesce({counted} <> floor({counted}), FALSE)"


def _counted(value: str, kind: str) -> str:
    if kind != "VARCHAR":
        return f"TRY_CAST({value} AS DECIMAL(18, 12))"
    text = folded(value)
    return f"CASE WHEN regexp_full_match({text}, {literal(_STEP)}) THEN TRY_CAST({text} AS DECIMAL(18, 12)) END"
