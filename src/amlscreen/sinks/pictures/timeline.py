"""When it happened: money in above the line, money out below, one bar a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

from amlscreen.sinks.pictures.svg import element, figure, picture
from amlscreen.sinks.wording import Money

__all__ = ["DayTotal", "timeline"]

_WIDTH, _MIDDLE, _REACH, _HEIGHT = 560.0, 70.0, 56.0, 152.0
_LEFT, _RIGHT = 2.0, 558.0


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What one day saw in one direction; ``decides`` tells rows that decide from rows that are context."""

    day: dt.date
    direction: str
    decides: bool
    amount: Decimal
    transactions: int


def timeline(days: Sequence[DayTotal], money: Money) -> Markup:
    """The days of the evidence to scale; nothing where there is no dated evidence."""
    if not days:
        return Markup("")
    first, last = min(row.day for row in days), max(row.day for row in days)
    most = _tallest(days)
    slot = (_RIGHT - _LEFT) / ((last - first).days + 1)
    width = min(max(slot * 0.7, 1.5), 28.0)
    bars: list[Markup] = []
    reached: dict[tuple[dt.date, str], float] = {}
    for row in sorted(days, key=lambda row: (row.day, row.direction, not row.decides)):
        start = reached.get((row.day, row.direction), 0.0)
        height = max(float(row.amount / most) * _REACH, 1.5)
        reached[row.day, row.direction] = start + height
        top = _MIDDLE - start - height if row.direction == "credit" else _MIDDLE + start
        left = _LEFT + ((row.day - first).days + 0.5) * slot - width / 2
        bars.append(_bar(row, money, x=left, y=top, width=width, height=height))
    label = f"Money in and out by day, {first} to {last}"
    return picture([*_frame(first, last), *bars], width=_WIDTH, height=_HEIGHT, label=label, kind="timeline")


def _tallest(days: Sequence[DayTotal]) -> Decimal:
    totals: dict[tuple[dt.date, str], Decimal] = {}
    for row in days:
        totals[row.day, row.direction] = totals.get((row.day, row.direction), Decimal(0)) + row.amount
    return max(*totals.values(), Decimal(1))


def _bar(row: DayTotal, money: Money, *, x: float, y: float, width: float, height: float) -> Markup:
    """Written at one go, for a page has tens of thousands; only the sentence may hold what must be escaped."""
    weight = "decides" if row.decides else "context"
    way = "in" if row.direction == "credit" else "out"
    noun = "transaction" if row.transactions == 1 else "transactions"
    said = f"{row.day}: {money.shown(row.amount)} {money.currency} {way}, {row.transactions:,} {noun} ({weight})"
    return Markup(
        f'<rect x="{figure(x)}" y="{figure(y)}" width="{figure(width)}" height="{figure(height)}" rx="1"'
        f' class="aml-{way} aml-{weight}"><title>{escape(said)}</title></rect>'
    )


def _frame(first: dt.date, last: dt.date) -> list[Markup]:
    parts = [
        element("line", x1=_LEFT, x2=_RIGHT, y1=_MIDDLE, y2=_MIDDLE, class_="aml-axis"),
        element("text", "in", x=_LEFT, y=12.0, class_="aml-way"),
        element("text", "out", x=_LEFT, y=_MIDDLE + _REACH + 4, class_="aml-way"),
        element("text", str(first), x=_LEFT, y=_HEIGHT - 4),
    ]
    if first != last:
        parts.append(element("text", str(last), x=_RIGHT, y=_HEIGHT - 4, text_anchor="end"))
    if (last - first).days >= 10:
        middle = first + (last - first) // 2
        parts.append(element("text", str(middle), x=(_LEFT + _RIGHT) / 2, y=_HEIGHT - 4, text_anchor="middle"))
    return parts
