"""The words all of the grammar shares: values, parameters, spans of time, conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

__all__ = [
    "Condition",
    "Conditions",
    "ParameterRef",
    "Span",
    "Strict",
    "Unit",
    "Value",
    "When",
    "duration_microseconds",
]

Unit = Literal["count", "money", "ratio", "multiple", "time", "days", "date", "flag", "text"]
"""What a measure is counted in; see :mod:`amlscreen.rules.units`."""

_DURATION = re.compile(r"^(\d+)\s*(d|h|min)$")
_UNIT = {"d": 86_400_000_000, "h": 3_600_000_000, "min": 60_000_000}


class Strict(BaseModel):
    """Unknown words are refused, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def duration_microseconds(text: str) -> int:
    """``9d``, ``36h`` or ``20min`` in microseconds.

    >>> duration_microseconds("24h") == duration_microseconds("1d")
    True
    """
    found = _DURATION.match(text)
    if not found or int(found[1]) == 0:
        raise ValueError(f"'{text}' is not a span of time; write for example 9d, 36h or 20min")
    return int(found[1]) * _UNIT[found[2]]


class ParameterRef(str):
    """A reference to one of the card's parameters, the name without its ``$``."""

    __slots__ = ()


def _value(raw: Any) -> Any:
    if isinstance(raw, str) and raw.startswith("$"):
        return ParameterRef(raw[1:])
    if isinstance(raw, float):
        return Decimal(str(raw))
    return raw


def _span(raw: Any) -> Any:
    value = _value(raw)
    if isinstance(value, str) and not isinstance(value, ParameterRef):
        duration_microseconds(value)
    return value


Value = Annotated[Any, BeforeValidator(_value)]
Span = Annotated[Any, BeforeValidator(_span)]


class Condition(Strict):
    """What one column, or one measure, must be. Several words in one condition must all hold.

    Null satisfies nothing but ``null: true``. Written short, a scalar is ``eq`` and a list is ``one_of``.
    """

    eq: Value = None
    one_of: Any = Field(None, description="A list of values, or a parameter that is a list.")
    none_of: Any = Field(None, description="Known, and none of these values.")
    gte: Value = None
    gt: Value = None
    lte: Value = None
    lt: Value = None
    between: tuple[Value, Value] | None = Field(None, description="From the first up to, not including, the second.")
    null: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, raw: Any) -> Any:
        if isinstance(raw, list):
            return {"one_of": [_value(item) for item in raw]}
        if isinstance(raw, dict):
            return {
                key: ([_value(i) for i in v] if isinstance(v, list) else _value(v))
                if key in {"one_of", "none_of"}
                else v
                for key, v in raw.items()
            }
        if isinstance(raw, Condition):
            return raw
        return {"eq": raw}

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        if not self.model_fields_set:
            raise ValueError("an empty condition")
        return self


class Conditions(Strict):
    """Conditions over columns: all of ``columns`` must hold and, where given, at least one of ``any_of``."""

    columns: dict[str, Condition] = {}
    any_of: tuple[Conditions, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and not ({"columns", "any_of"} & set(raw)):
            alternatives = raw.get("any", ())
            return {"columns": {k: v for k, v in raw.items() if k != "any"}, "any_of": alternatives}
        return raw

    def names(self) -> Iterator[str]:
        """Every column named, in order, with repeats."""
        yield from self.columns
        for alternative in self.any_of:
            yield from alternative.names()


class When(Conditions):
    """Conditions over measures, in the same form."""
