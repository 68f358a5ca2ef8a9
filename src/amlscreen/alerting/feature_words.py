"""A feature's row in words: what it is called, its value and the step it reaches, in its unit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any

from amlscreen.feature_catalogue import catalogue
from amlscreen.narrative import Style, format_value

__all__ = ["feature_in_words"]


def feature_in_words(values: Mapping[str, object], style: Style) -> dict[str, object]:
    """``feature``, ``value`` and ``cut`` of a row as a sentence shows them."""
    one = catalogue()[str(values["feature"])]

    def shown(value: object) -> str:
        if not isinstance(value, int):
            return style.word("unknown")
        if one.unit in {"bits", "deviations"}:
            return f"{Decimal(value).scaleb(-6).quantize(Decimal('0.1'), ROUND_DOWN):,f}"
        unit: Any = one.unit  # the units of measures are those of features but for the two above
        return format_value(value, unit, style)

    label = one.label[:1].upper() + one.label[1:]
    return {"feature": label, "value": shown(values["value"]), "cut": shown(values["cut"])}
