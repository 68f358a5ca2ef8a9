"""Numbers into words: what a card's ``explain`` says about one hit, in English or Lao.

:mod:`amlscreen.rules.placeholders` says which gaps a text may have; a gap without a form is shown in the measure's own
unit, and days as a bare number, so that a card can write "on {days} days". Ratios are cut, not rounded, as they are
compared, so the shown figure is on the same side of a threshold as the measured one. Figures are grouped the same way
in every language, as in the tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from string import Formatter
from types import MappingProxyType
from typing import Literal

from amlscreen.errors import RuleError, did_you_mean
from amlscreen.hits import Hit
from amlscreen.rules.card import Card, in_language
from amlscreen.rules.placeholders import ALWAYS
from amlscreen.rules.units import Unit, measure_units

__all__ = [
    "Style",
    "explain",
    "format_day",
    "format_duration",
    "format_money",
    "format_multiple",
    "format_ratio",
    "format_value",
]

Language = Literal["en", "lo"]

_DAY = 86_400_000_000
_TIME_UNITS = (("day", _DAY), ("hour", 3_600_000_000), ("minute", 60_000_000), ("second", 1_000_000))
_WORDS: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        "en": {"unknown": "unknown", "yes": "yes", "no": "no", "withheld": "(withheld)", "times": "times"},
        "lo": {
            "unknown": "ບໍ່ຮູ້",
            "yes": "ແມ່ນ",
            "no": "ບໍ່ແມ່ນ",
            "withheld": "(ປົກປິດ)",
            "times": "ເທົ່າ",
            "day": "ມື້",
            "hour": "ຊົ່ວໂມງ",
            "minute": "ນາທີ",
            "second": "ວິນາທີ",
        },
    }
)


@dataclass(frozen=True, slots=True)
class Style:
    """How figures are shown: the home currency and its digits, and the language of the words around them."""

    currency: str
    shown_digits: int
    minor_digits: int
    language: Language = "en"

    def word(self, name: str) -> str:
        """One of the few words a figure needs, in the style's language."""
        return _WORDS[self.language].get(name, name)


def explain(card: Card, hit: Hit, style: Style, units: Mapping[str, Unit] | None = None) -> str:
    """The card's ``explain`` filled from the hit; ``units`` are those of its measures, if they are at hand.

    Raises :class:`~amlscreen.errors.RuleError` if the text shows what the card does not measure.
    """
    fixed = {
        "first_day": format_day(hit.first_day),
        "last_day": format_day(hit.last_day),
        "subject": hit.subject.id,
        "limit": hit.limit or style.word("unknown"),
    }
    units = measure_units(card) if units is None else units
    pieces = []
    for literal, name, form, _ in _parsed(in_language(card.explain, style.language)):
        pieces.append(literal)
        if name is None:
            continue
        if name in fixed:
            pieces.append(fixed[name])
        elif name in units:
            pieces.append(_shown(hit.measures.get(name), form or "", units[name], style))
        else:
            fix = did_you_mean(name, (*units, *ALWAYS))
            raise RuleError(f"{card.id}: `explain` shows '{name}', which is not measured.", fix=fix)
    return " ".join("".join(pieces).split())


@lru_cache(maxsize=1024)
def _parsed(template: str) -> tuple[tuple[str, str | None, str | None, str | None], ...]:
    return tuple(Formatter().parse(template))


def _shown(value: int | str | None, form: str, unit: Unit, style: Style) -> str:
    if value is None or isinstance(value, str):
        return format_value(value, unit, style)
    if form.endswith("%") and unit in {"ratio", "multiple"}:
        return format_ratio(value, digits=int(form[1]))
    if form.endswith("f"):
        scaled = Decimal(value).scaleb(-6) if unit in {"ratio", "multiple"} else Decimal(value)
        return f"{scaled.quantize(Decimal(1).scaleb(-int(form[1])), ROUND_DOWN):,f}"
    if not form and unit == "days":
        return f"{value:,}"
    if form == "days" and unit in {"count", "time", "days"}:
        return format_value(value // _DAY if unit == "time" else value, "days", style)
    return format_value(value, unit, style)


def format_value(value: int | str | None, unit: Unit, style: Style) -> str:
    """A measure's value in its unit: money with currency, a ratio as percent, a span in words, a day in ISO form."""
    if value is None:
        return style.word("unknown")
    if isinstance(value, str):
        return value
    forms: Mapping[Unit, Callable[[int], str]] = {
        "count": lambda n: f"{n:,}",
        "money": lambda n: format_money(n, style),
        "ratio": format_ratio,
        "multiple": lambda n: format_multiple(n, style, digits=2),
        "time": lambda n: format_duration(n, style),
        "days": lambda n: _counted(n, "day", style),
        "date": format_day,
        "flag": lambda n: style.word("yes" if n else "no"),
        "text": str,
    }
    return forms[unit](value)


def format_money(minor: int, style: Style) -> str:
    """Minor units of the home currency as people write them, rounded half-even to the digits they are shown.

    >>> format_money(1_350_000_000, Style("LAK", 0, 2))
    '13,500,000 LAK'
    """
    whole = Decimal(minor).scaleb(-style.minor_digits)
    return f"{whole.quantize(Decimal(1).scaleb(-style.shown_digits), ROUND_HALF_EVEN):,f} {style.currency}"


def format_ratio(millionths: int, *, digits: int = 0) -> str:
    """Millionths as percent, cut to ``digits``.

    >>> format_ratio(799_999)
    '79%'
    """
    return f"{Decimal(millionths).scaleb(-4).quantize(Decimal(1).scaleb(-digits), ROUND_DOWN):,f}%"


def format_multiple(millionths: int, style: Style, *, digits: int = 6) -> str:
    """Millionths as times, cut to ``digits``, without trailing zeros.

    >>> format_multiple(2_500_000, Style("LAK", 0, 2))
    '2.5 times'
    """
    cut = Decimal(millionths).scaleb(-6).quantize(Decimal(1).scaleb(-digits), ROUND_DOWN).normalize()
    return f"{cut:,f} {style.word('times')}"


def format_duration(microseconds: int, style: Style) -> str:
    """A span of time in its two largest units.

    >>> format_duration(129_600_000_000, Style("LAK", 0, 2))
    '1 day 12 hours'
    """
    parts, rest = [], abs(microseconds)
    for unit, size in _TIME_UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(_counted(count, unit, style))
        elif parts:
            break
        if len(parts) == 2:
            break
    text = " ".join(parts) or _counted(0, "minute", style)
    return f"-{text}" if microseconds < 0 and parts else text


def format_day(day: int) -> str:
    """A local day, counted from 1970-01-01, in ISO form."""
    return (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat()


def _counted(count: int, unit: str, style: Style) -> str:
    plural = "s" if style.language == "en" and count != 1 else ""
    return f"{count:,} {style.word(unit)}{plural}"
