"""How shares, days and lists are said in findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

__all__ = ["count_of", "date_of", "day_text", "listed", "percent", "ranges", "share"]

_EPOCH = dt.date(1970, 1, 1)
_MOST = 5


def share(part: int, whole: int) -> float:
    """The part of the whole, 0 to 1; 0 where there is nothing."""
    return part / whole if whole else 0.0


def percent(part: int, whole: int) -> str:
    """A share as people read it; never 0 % of something, nor 100 % of less than all.

    >>> percent(1, 3), percent(1, 100_000), percent(99_999, 100_000)
    ('33 %', 'under 0.1 %', 'over 99.9 %')
    """
    found = 100 * share(part, whole)
    if 0 < found < 0.1:
        return "under 0.1 %"
    if 99.9 < found < 100:
        return "over 99.9 %"
    return f"{found:.0f} %" if found >= 10 or found == 0 else f"{found:.1f} %"


def count_of(part: int, whole: int, noun: str) -> str:
    """``12 of 400 rows (3.0 %)``."""
    return f"{part:,} of {whole:,} {noun} ({percent(part, whole)})"


def date_of(day: int) -> dt.date:
    """The calendar day so many days after 1970-01-01."""
    return _EPOCH + dt.timedelta(days=day)


def day_text(day: int) -> str:
    """The day as 2026-03-10."""
    return date_of(day).isoformat()


def listed(texts: Sequence[str], most: int = _MOST) -> str:
    """The first few, and how many more there are."""
    more = f" and {len(texts) - most:,} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def ranges(days: Sequence[int]) -> list[str]:
    """Days in order as spans: ``2026-03-01 to 2026-03-04``, or the one day."""
    spans: list[tuple[int, int]] = []
    for day in days:
        if spans and spans[-1][1] == day - 1:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return [day_text(a) if a == b else f"{day_text(a)} to {day_text(b)}" for a, b in spans]
