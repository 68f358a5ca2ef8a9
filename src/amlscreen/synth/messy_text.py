"""How one month of a core-banking export spells its dates and amounts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

__all__ = ["LAO_DIGITS", "THAI_DIGITS", "Spelling"]

THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
LAO_DIGITS = str.maketrans("0123456789", "໐໑໒໓໔໕໖໗໘໙")
_BUDDHIST = 543


@dataclass(frozen=True, slots=True)
class Spelling:
    """Spells the values of one file.

    ``minus`` says how a signed amount shows that money leaves: before it, after it, or in parentheses.

    >>> Spelling(thousands=".", decimal=",").amount(Decimal("-1234567.5"))
    '-1.234.567,50'
    """

    date: str = "%d/%m/%Y"
    buddhist: bool = False
    thousands: str = ","
    decimal: str = "."
    minus: Literal["before", "after", "parentheses"] = "before"
    digits: Literal["ascii", "thai", "lao"] = "ascii"

    def day(self, value: dt.date | None) -> str:
        """A day, in the file's era and digits."""
        if value is None:
            return ""
        year = value.year + (_BUDDHIST if self.buddhist else 0)
        # The year is put in by hand: the 29th of February of a Buddhist year is no date Python knows.
        spelled = (
            self.date.replace("%d", f"{value.day:02d}").replace("%m", f"{value.month:02d}").replace("%Y", str(year))
        )
        return self._in_digits(spelled)

    def clock(self, value: dt.datetime) -> str:
        """A time of day."""
        return self._in_digits(value.strftime("%H:%M:%S"))

    def amount(self, value: Decimal | None) -> str:
        """An amount with two decimals and thousands marks."""
        if value is None:
            return ""
        plain = f"{abs(value):,.2f}".replace(",", "_").replace(".", self.decimal).replace("_", self.thousands)
        if value < 0:
            plain = {"before": f"-{plain}", "after": f"{plain}-", "parentheses": f"({plain})"}[self.minus]
        return self._in_digits(plain)

    def _in_digits(self, text: str) -> str:
        if self.digits == "ascii":
            return text
        return text.translate(THAI_DIGITS if self.digits == "thai" else LAO_DIGITS)
