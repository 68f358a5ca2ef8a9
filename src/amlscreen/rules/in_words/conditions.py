"""Conditions on columns and on measures in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from amlscreen.rules.in_words.values import Known, listed, value_in_words
from amlscreen.rules.units import Unit
from amlscreen.rules.words import Condition, Conditions

__all__ = ["condition_in_words", "conditions_in_words", "either"]

_NO_UNITS: Mapping[str, Unit] = {}
_BOUNDS = {"gte": "at least", "gt": "more than", "lte": "at most", "lt": "below"}
_DIRECTIONS = {"credit": "money comes in", "debit": "money goes out"}
_FLAGS = {
    "counterparty_is_new": ("the counterparty is new", "the counterparty is not new"),
    "counterparty_is_own_customer": ("the counterparty is a customer here", "the counterparty is not a customer here"),
    "counterparty_is_related": (
        "the counterparty has a recorded tie to the holder",
        "the counterparty has no recorded tie to the holder",
    ),
    "holder_is_licensed": ("the holder has the licence of its trade", "the holder lacks the licence of its trade"),
    "is_away": ("it is made in another province than the holder's", "it is made in the holder's province"),
    "is_merchant": ("the account has a merchant contract", "the account has no merchant contract"),
    "is_minor": ("the customer is a minor", "the customer is of age"),
    "is_recalled": ("it was recalled or complained of", "it was neither recalled nor complained of"),
}


def conditions_in_words(
    conditions: Conditions, known: Known, units: Mapping[str, Unit] = _NO_UNITS, *, between: str = "; "
) -> str:
    """All of it in one sentence without a full stop; ``units`` are those of measures, where it is about measures."""
    parts = [condition_in_words(name, one, known, units.get(name)) for name, one in conditions.columns.items()]
    if conditions.any_of:
        parts.append(either(conditions, known, units))
    return between.join(parts) or "any row"


def either(conditions: Conditions, known: Known, units: Mapping[str, Unit] = _NO_UNITS) -> str:
    """The alternatives of ``any:``, one of which must hold."""
    ways = [conditions_in_words(one, known, units, between=" and ") for one in conditions.any_of]
    return f"either {', or '.join(ways)}" if len(ways) > 1 else ways[0]


def condition_in_words(name: str, condition: Condition, known: Known, unit: Unit | None = None) -> str:
    """One condition: ``payers is at least 4``. A parameter that is called like what it bounds is not named again."""
    if condition.model_fields_set == {"eq"}:
        return _equal(name, condition.eq, known, unit)
    return f"`{name}` is {listed(list(_parts(condition, known, unit)))}".replace(f" (`{name}`)", "")


def _equal(name: str, value: Any, known: Known, unit: Unit | None) -> str:
    if name == "direction" and value in _DIRECTIONS:
        return _DIRECTIONS[value]
    if isinstance(value, bool):
        yes, no = _FLAGS.get(name, (f"`{name}` is yes", f"`{name}` is no"))
        return yes if value else no
    return f"`{name}` is {value_in_words(value, known, unit)}".replace(f" (`{name}`)", "")


def _parts(condition: Condition, known: Known, unit: Unit | None) -> Iterator[str]:
    if condition.eq is not None:
        yield value_in_words(condition.eq, known, unit)
    if condition.one_of is not None:
        yield value_in_words(condition.one_of, known, unit)
    if condition.none_of is not None:
        yield f"known and not {value_in_words(condition.none_of, known, unit)}"
    for word, said in _BOUNDS.items():
        if (bound := getattr(condition, word)) is not None:
            yield f"{said} {value_in_words(bound, known, unit)}"
    if condition.between is not None:
        low, high = (value_in_words(one, known, unit) for one in condition.between)
        yield f"from {low} up to, not including, {high}"
    if condition.null is not None:
        yield "not known" if condition.null else "known"
