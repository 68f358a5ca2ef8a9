"""The oracle's reading of conditions and units: three-valued, and exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from amlscreen.rules.columns import RULE_COLUMNS
from amlscreen.rules.grammar import Condition, Conditions, Measure, duration_microseconds

__all__ = ["MILLION", "all_meet", "both", "either", "inside_number", "unit_of"]

MILLION = 1_000_000


def both(parts: Sequence[bool | None]) -> bool | None:
    return False if False in parts else None if None in parts else True


def either(parts: Sequence[bool | None]) -> bool | None:
    return True if True in parts else None if None in parts else False


def _meets(condition: Condition, value: Any, inside: Callable[[Any], Any]) -> bool | None:
    """One condition on one value: true, false, or None where the value is missing."""
    if condition.null is not None:
        if (value is None) != condition.null:
            return False
        if condition.model_fields_set == {"null"}:
            return True
    if value is None:
        return None
    said = {word: getattr(condition, word) for word in condition.model_fields_set}
    return all(test(value, said[word], inside) for word, test in _WORDS.items() if said.get(word) is not None)


_WORDS: Mapping[str, Callable[[Any, Any, Callable[[Any], Any]], bool]] = {
    "eq": lambda value, given, inside: bool(value == inside(given)),
    "one_of": lambda value, given, inside: value in [inside(each) for each in given],
    "none_of": lambda value, given, inside: value not in [inside(each) for each in given],
    "gte": lambda value, given, inside: bool(value >= inside(given)),
    "gt": lambda value, given, inside: bool(value > inside(given)),
    "lte": lambda value, given, inside: bool(value <= inside(given)),
    "lt": lambda value, given, inside: bool(value < inside(given)),
    "between": lambda value, given, inside: bool(inside(given[0]) <= value < inside(given[1])),
}


def all_meet(conditions: Conditions, value: Callable[[str], Any], inside: Callable[[str, Any], Any]) -> bool | None:
    parts = [_meets(one, value(name), partial(inside, name)) for name, one in conditions.columns.items()]
    if conditions.any_of:
        parts.append(either([all_meet(one, value, inside) for one in conditions.any_of]))
    return both(parts)


def inside_number(kind: str, given: Any, digits: int) -> Any:
    """A literal of a card in the unit that values have inside."""
    if kind == "text":
        return str(given)
    if kind == "flag":
        return bool(given)
    if kind == "time":
        return duration_microseconds(str(given))
    return Fraction(str(given)) * {"money": 10**digits, "ratio": MILLION}.get(kind, 1)


def unit_of(measure: Measure) -> str:
    if measure.verb in {"count", "distinct", "days_active"}:
        return "whole"
    if measure.verb in {"share", "ratio", "top_share"}:
        return "ratio"
    if measure.verb in {"gap", "dwell"}:
        return "time"
    return "money" if measure.verb == "matched_within" else RULE_COLUMNS[str(measure.column)].kind
