"""Values, spans of time and lists in words. A parameter shows its value and its name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from amlscreen.rules.units import Unit
from amlscreen.rules.words import ParameterRef

__all__ = ["Known", "listed", "number_in_words", "span_in_words", "value_in_words"]

Known = Mapping[str, Any]
"""The values of a card's parameters, by name."""

_SPAN = re.compile(r"^(\d+)\s*(d|h|min)$")
_FIGURE = re.compile(r"^\d+(\.\d+)?$")
_SPAN_WORDS = {"d": "day", "h": "hour", "min": "minute"}


def span_in_words(text: str) -> str:
    """A span of time as it is said.

    >>> span_in_words("1d"), span_in_words("36h")
    ('1 day', '36 hours')
    """
    found = _SPAN.match(text)
    if not found:
        return text
    number = int(found[1])
    return f"{number} {_SPAN_WORDS[found[2]]}{'' if number == 1 else 's'}"


def value_in_words(value: Any, known: Known, unit: Unit | None = None) -> str:
    """A value as it is said; a measure in ``ratio`` is said in percent. A parameter's name stands behind its value."""
    if isinstance(value, ParameterRef):
        return f"{value_in_words(known[value], known, unit)} (`{value}`)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return listed([value_in_words(one, known, unit) for one in value], "or")
    if unit == "ratio" and isinstance(value, str) and _FIGURE.match(value):
        value = Decimal(value)  # a default of the grammar is kept as it is written there
    if unit == "ratio" and isinstance(value, int | Decimal):
        return f"{number_in_words(Decimal(value) * 100)} %"
    return number_in_words(value) if isinstance(value, int | Decimal | float) else span_in_words(str(value))


def number_in_words(value: float | Decimal) -> str:
    """A number without needless digits, thousands apart.

    >>> number_in_words(Decimal("70.00")), number_in_words(3_000_000)
    ('70', '3,000,000')
    """
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def listed(parts: Sequence[str], last: str = "and") -> str:
    """A list as it is said.

    >>> listed(["cash", "atm", "qr"], "or")
    'cash, atm or qr'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}" if parts else "nothing"
