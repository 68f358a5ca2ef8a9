"""Dates and amounts of OFX, and what must be known of the whole file before one of them can be read.

Dates are ``YYYYMMDD[HHMMSS[.mmm]][[offset:zone]]`` (Open Financial Exchange 2.3, section 3.2.8.2), amounts are signed
with a dot or a comma before the decimals (section 3.2.9.1).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from amlscreen.intake.readers.money_spelling import file_mark

__all__ = ["Habits", "day_of", "habits_of", "instant_of"]

_BLOCK = 2**20
_LONGEST = 200
_VALUE = re.compile(rb"<(DT|TRNAMT|TOTAL)(?:POSTED|TRADE|TRAN|)>\s*([0-9+.,' -]{1,40})(?=[<\r\n\[])", re.I)
_STAMP = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(?:(\d\d)(?:\.\d{1,6})?)?)?\s*"
    r"(?:\[\s*([+-]?)(\d{1,2})(?:\.(\d{1,2}))?\s*(?::[^\]]{0,20})?\])?",
    re.ASCII,
)
_NO_CLOCK = ("00:00:00", "12:00:00")  # what banks write where they know only the day


@dataclass(frozen=True, slots=True)
class Habits:
    """How one file writes. ``timed``: its times of day are real, for some are not on the full hour. ``signed``: some
    amount is negative. ``mark``: its decimal mark, None if that does not show."""

    timed: bool
    signed: bool
    mark: str | None


def habits_of(path: Path) -> Habits:
    """One pass over the dates and amounts of bookings."""
    timed = signed = False
    texts: set[str] = set()
    carry = b""
    with path.open("rb", buffering=0) as handle:
        while block := handle.read(_BLOCK):
            whole = carry + block
            carry = whole[-_LONGEST:]
            for kind, value in set(_VALUE.findall(whole)):
                if kind.upper() == b"DT":
                    timed = timed or (len(value) >= 14 and value[10:14].isdigit() and value[10:14] != b"0000")
                else:
                    signed = signed or value.startswith(b"-")
                    texts.add(_shape(value))
    return Habits(timed, signed, file_mark(texts))


def _shape(value: bytes) -> str:
    """An amount with all its digits alike, so that few different ones are kept."""
    return re.sub(r"\d", "1", value.decode("ascii").strip().lstrip("+-0") or "1")


@lru_cache(maxsize=65536)
def instant_of(text: str, habits: Habits) -> str | None:
    """``2026-03-01``, or ``2026-03-01 12:30:00-05:00`` where the time of day is known; None if it is no date.

    A time without a zone is left without one. A day whose time is not known is the day as written, in any zone.
    """
    found = _STAMP.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, sign, ahead, part = found.groups()
    try:
        moment = dt.datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=None
        )
    except ValueError:
        return None
    clock = moment.strftime("%H:%M:%S")
    if not hour or not habits.timed or clock in _NO_CLOCK:
        return f"{year}-{month}-{day}"
    if ahead is None:
        return f"{year}-{month}-{day} {clock}"
    minutes = round(float(f"0.{part or 0}") * 60)
    if int(ahead) > 14:
        return None
    return f"{year}-{month}-{day} {clock}{sign or '+'}{int(ahead):02d}:{minutes:02d}"


def day_of(text: str) -> str | None:
    """The day of a date; None if it is none."""
    return instant_of(text, _DAYS)


_DAYS = Habits(timed=False, signed=True, mark=None)
