"""Field :61:, the line of one booking, read with care. The slow way, which the fast one must agree with."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from amlscreen.intake.readers.swift_details import WHITE

__all__ = ["Line", "amount_of", "day_of", "days_of", "statement_line"]

_LINE = re.compile(
    r"(\d{6})(\d{4}|[ ]{4})?[ ]?(R[CD]|E[CD]|[CD])([A-Z]?)[ ]?(\d*(?:[,.]\d*)?)[ ]?([NSF][^\n]{3})([^\n]*)(?:\n(.*))?",
    re.S | re.A,
)
_AMOUNT = re.compile(r"(\d{0,15})(?:,(\d{0,6})|\.(\d{1,2}))?", re.A)
_PADDED = re.compile(r"(\d{4,15}) {3,}(\S.*)", re.A)
_FIRST_YEAR = 80
_WINTER_DAYS = ("0229", "0230")


@dataclass(frozen=True, slots=True)
class Line:
    """What :61: says. ``at`` and ``value_date`` are ISO days; ``amount`` is never negative."""

    value_date: str
    at: str
    direction: str
    reversal: bool
    expected: bool
    amount: str
    code: str
    reference: str
    bank_reference: str
    details: str
    moved: bool  # 30 February became the month's last day

    @property
    def signed(self) -> Decimal:
        """The amount as it changes the balance."""
        return Decimal(self.amount) if self.direction == "credit" else -Decimal(self.amount)


def statement_line(text: str) -> Line | None:
    """What :61: says; None where it is not as its format demands."""
    found = _LINE.fullmatch(text.rstrip("\n ")) or _LINE.fullmatch(text.replace("\n", "").rstrip())
    if found is None:
        return None
    days = days_of(found[1], found[2] or "")
    amount = amount_of(found[5])
    if days is None or amount is None:
        return None
    mark, rest = found[3], found[7]
    reference, _, bank_reference = rest.partition("//")
    details = " ".join((found[8] or "").split("\n")).strip(WHITE)
    if padded := _PADDED.fullmatch(reference.strip(WHITE)):
        reference, details = padded[1], f"{padded[2]} {details}".strip(WHITE)
    at, value_date, moved = days
    return Line(
        value_date,
        at,
        "credit" if mark in ("C", "RD", "EC") else "debit",
        mark[0] == "R",
        mark[0] == "E",
        amount,
        found[6].strip(),
        reference.strip(WHITE),
        bank_reference.strip(WHITE),
        details,
        moved,
    )


def amount_of(text: str) -> str | None:
    """An amount with a decimal point; None for what is none. A dot is taken for a comma before one or two digits."""
    found = _AMOUNT.fullmatch(text)
    if found is None or not text.strip(",."):
        return None
    whole = found[1].lstrip("0") or "0"
    part = found[2] or found[3] or ""
    return f"{whole}.{part}" if part else whole


def days_of(value: str, entry: str) -> tuple[str, str, bool] | None:
    """Booking day and value day; the booking day's year is the one that brings it nearest. None for no such day.

    Without a booking day the value day stands for it. Banks that count 30 days to the month write 29 or 30 February
    as value days: that is the last of the month (the last part of the answer says so).
    """
    moved = value[2:] in _WINTER_DAYS and day_of(value) is None
    told = day_of(f"{value[:2]}0301") if moved else day_of(value)
    if told is None:
        return None
    value_day = told - dt.timedelta(days=1) if moved else told
    if not entry.strip():
        return value_day.isoformat(), value_day.isoformat(), moved
    days = [day for year in (-1, 0, 1) if (day := _day(value_day.year + year, entry)) is not None]
    if not days:
        return None
    return min(days, key=lambda day: abs(day - value_day)).isoformat(), value_day.isoformat(), moved


def day_of(text: str) -> dt.date | None:
    """A day as YYMMDD; years from 80 are of the last century (ISO 15022)."""
    year = int(text[:2])
    return _day(year + (1900 if year >= _FIRST_YEAR else 2000), text[2:])


def _day(year: int, text: str) -> dt.date | None:
    try:
        return dt.date(year, int(text[:2]), int(text[2:]))
    except ValueError:
        return None
