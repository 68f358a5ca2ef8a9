"""Dates and amounts of QIF, which state neither the order of day and month nor the decimal mark: the file decides.

A date is ``6/ 1/94``, ``1/ 2'06``, ``01.02.2006``, ``2006-02-01``: day, month and year apart, the year of two digits
after an apostrophe or not. Years of two digits are 1969 to 2068, as POSIX has it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.money_spelling import decimal_mark

__all__ = ["Habits", "day_of", "habits_of"]

_DATE = re.compile(r"\s*(\d{1,4})\s*[/.-]\s*(\d{1,2})\s*(?:[/.-]|'|/')\s*(\d{4}|\d{1,2})\s*", re.ASCII)
_FIX = "State `layout: {day_first: true}` or `false` in the mapping."


@dataclass(frozen=True, slots=True)
class Habits:
    """How one file writes: whether the day stands before the month (None: no date needs it), and its decimal mark."""

    day_first: bool | None
    mark: str | None


def habits_of(lines: Iterable[tuple[int, str]], *, day_first: bool | None, place: Place) -> Habits:
    """One pass over the lines of a file; DataError where the order of day and month cannot be told."""
    first = second = unclear = 0  # lines on which the day can only stand first, only second, or in both places
    marks: set[str | None] = set()
    for number, line in lines:
        if line[0] in "TU$":
            marks.add(decimal_mark(line[1:]))
        elif line[0] == "D" and (found := _DATE.fullmatch(line, 1)) and len(found[1]) <= 2:
            before, after = int(found[1]), int(found[2])
            first = first or (number if before > 12 else 0)
            second = second or (number if after > 12 else 0)
            unclear = unclear or (number if before != after else 0)
    if day_first is None and first and second:
        raise DataError(
            f"has dates with the day before the month (line {first}) and after it (line {second}).",
            place=place,
            fix=_FIX,
        )
    if day_first is None and unclear and not first and not second:
        raise DataError(
            "does not tell whether day or month comes first: no date has a number above 12.",
            place=Place(place.file, unclear),
            fix=_FIX,
        )
    clear = marks - {"", None}
    mark = clear.pop() if len(clear) == 1 else None
    return Habits(bool(first) if day_first is None else day_first, mark)


@lru_cache(maxsize=65536)
def day_of(text: str, habits: Habits) -> str | None:
    """A date as ``2006-02-01``; None if it is none."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    one, two, three = found.groups()
    if len(one) == 4:
        year, month, day = int(one), int(two), int(three)
    elif len(one) == 3:
        return None
    else:
        day, month = (int(one), int(two)) if habits.day_first else (int(two), int(one))
        year = int(three)
        if len(three) <= 2:
            year += 1900 if year >= 69 else 2000
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None
