"""A card with its parameters filled in: what a run sweeps with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

from amlscreen.errors import SettingsError, did_you_mean
from amlscreen.rules.card import Card, Parameter
from amlscreen.rules.grammar import Condition, ParameterRef, duration_microseconds

__all__ = ["bind"]


def bind(card: Card, overrides: Mapping[str, Any] | None = None) -> Card:
    """The card with every ``$name`` replaced by the parameter's value, or by the override of it.

    An override must name a parameter and be of its kind: a number, a span of time, a word, a list. Two wages may become
    one and a half; what counts is held to whole numbers where it is used.
    The bound card's ``parameters`` hold the values it runs with.
    """
    overrides = overrides or {}
    for name, value in overrides.items():
        if name not in card.parameters:
            raise SettingsError(f"{card.id} has no parameter '{name}'.", fix=did_you_mean(name, card.parameters))
        wrong = _wrong_kind(card.parameters[name].value, value)
        if wrong:
            raise SettingsError(f"{card.id}: parameter '{name}' must be {wrong}.")
    values = {name: _exact(overrides.get(name, one.value)) for name, one in card.parameters.items()}
    try:
        changed = {
            "parameters": {n: Parameter(value=values[n], help=one.help) for n, one in card.parameters.items()},
            "detect": _filled(card.detect, values),
            "least_known": _filled(card.least_known, values),
            "strength": _filled(card.strength, values),
        }
    except ValidationError as problem:
        said = problem.errors()[0]["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{card.id}: a parameter does not fit where it is used: {said}.") from problem
    return card.model_copy(update=changed)


def _filled(node: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(node, ParameterRef):
        return values[node]
    if isinstance(node, Condition) and isinstance(node.eq, ParameterRef) and isinstance(values[node.eq], list | tuple):
        return Condition.model_validate({"one_of": list(values[node.eq])})
    if isinstance(node, BaseModel):
        fields = type(node).model_fields
        given = {fields[name].alias or name: _filled(getattr(node, name), values) for name in node.model_fields_set}
        return type(node).model_validate(given)
    if isinstance(node, dict):
        return {name: _filled(value, values) for name, value in node.items()}
    if isinstance(node, tuple | list):
        return type(node)(_filled(value, values) for value in node)
    return node


def _exact(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(str(value))
    return [_exact(item) for item in value] if isinstance(value, list | tuple) else value


def _wrong_kind(declared: Any, given: Any) -> str | None:
    """What the override should have been, or ``None`` if it is of the declared kind."""
    if isinstance(declared, bool):
        return None if isinstance(given, bool) else "true or false"
    if isinstance(declared, int | Decimal):
        return None if isinstance(given, int | float | Decimal) and not isinstance(given, bool) else "a number"
    if isinstance(declared, list | tuple):
        return _wrong_list(declared, given)
    if not isinstance(given, str):
        return "a span of time such as 9d, 36h or 20min" if _is_span(declared) else "a word"
    return "a span of time such as 9d, 36h or 20min" if _is_span(declared) and not _is_span(given) else None


def _wrong_list(declared: Sequence[Any], given: Any) -> str | None:
    if not isinstance(given, list | tuple):
        return "a list"
    first = declared[0] if declared else None
    wrong = next((kind for kind in (_wrong_kind(first, one) for one in given) if kind), None) if declared else None
    return f"a list whose every item is {wrong}" if wrong else None


def _is_span(text: str) -> bool:
    try:
        return duration_microseconds(text) > 0
    except ValueError:
        return False
