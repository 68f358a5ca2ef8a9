"""How days, money and points are written for people; the same in page, workbook and notebook."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from amlscreen.jurisdiction import Jurisdiction

__all__ = ["MINUS", "Money", "as_date", "day_text", "points_text", "span_text"]

MINUS = "\N{MINUS SIGN}"
_EPOCH = dt.date(1970, 1, 1)


def as_date(day: int) -> dt.date:
    """The calendar day so many days after 1970-01-01."""
    return _EPOCH + dt.timedelta(days=day)


def day_text(day: int) -> str:
    """The day as 2026-03-10."""
    return as_date(day).isoformat()


def span_text(first: int, last: int) -> str:
    """``2026-03-10 to 2026-03-13``, or the one day."""
    return day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"


def points_text(points: int) -> str:
    """Points with their sign; a true minus, so that it lines up with the plus.

    >>> points_text(45), points_text(-20) == MINUS + "20", points_text(0)
    ('+45', True, '0')
    """
    if points == 0:
        return "0"
    return f"+{points:,}" if points > 0 else f"{MINUS}{-points:,}"


@dataclass(frozen=True, slots=True)
class Money:
    """The home currency and its digits: how many are stored and how many people are shown."""

    currency: str
    minor_digits: int
    shown_digits: int

    @classmethod
    def of(cls, jurisdiction: Jurisdiction) -> Money:
        """The home currency of a jurisdiction."""
        return cls(jurisdiction.currency, jurisdiction.minor_digits, jurisdiction.shown_digits)

    def whole(self, minor: int) -> Decimal:
        """Minor units as an exact amount in whole units.

        >>> Money("LAK", 2, 0).whole(1_500_000_000)
        Decimal('15000000.00')
        """
        return Decimal(minor).scaleb(-self.minor_digits)

    def shown(self, amount: Decimal) -> str:
        """An amount in whole units as people are shown it, without the currency.

        >>> Money("LAK", 2, 0).shown(Decimal("15000000.00"))
        '15,000,000'
        """
        return f"{amount.quantize(Decimal(1).scaleb(-self.shown_digits), rounding=ROUND_HALF_EVEN):,}"

    def text(self, minor: int) -> str:
        """Minor units as people are shown them, with the currency."""
        return f"{self.shown(self.whole(minor))} {self.currency}"
