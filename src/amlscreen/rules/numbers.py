"""Whether the figures of a bound card are figures, and of the kind that their place takes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TypeGuard

from amlscreen.rules.card import Card
from amlscreen.rules.grammar import (
    Anomaly,
    Baseline,
    Condition,
    Conditions,
    Match,
    ReadsRows,
    Sequence,
    Window,
    duration_microseconds,
)
from amlscreen.rules.mistake import Mistake
from amlscreen.rules.units import Unit, measure_units

__all__ = ["is_number", "mistakes_in_figures"]

Steps = tuple[int | str, ...]


def is_number(value: Any) -> TypeGuard[int | Decimal]:
    """A whole or decimal number, finite; true and false are none."""
    return not isinstance(value, bool) and (
        isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite())
    )


def mistakes_in_figures(bound: Card) -> Iterator[Mistake]:
    """Figures that are none: in ``when``, ``repeat``, ``k``, ``at_least``, ``least_features``, ``strength`` and
    ``least_known``.
    """
    if not is_number(bound.least_known) or not 0 <= bound.least_known <= 1:
        yield Mistake(("least_known",), f"least_known is a share from 0 to 1, not '{bound.least_known}'.")
    for position, row in enumerate(bound.strength):
        for word, value in (("from", row.from_), ("times", row.times)):
            if not is_number(value):
                yield Mistake(("strength", position, word), f"`{word}` is a number, not '{value}'.")
    detect = bound.detect
    if isinstance(detect, Match):
        yield from _count(detect.at_least, "at_least", ("detect", "at_least"))
        return
    units = measure_units(bound)
    yield from _in_when(detect.when, units, ("detect", "when"))
    if isinstance(detect, ReadsRows):
        yield from _in_measures(detect)
    if isinstance(detect, Anomaly):
        yield from _count(detect.least_features, "least_features", ("detect", "least_features"))
        yield from _count(detect.peers.at_least, "at_least", ("detect", "peers", "at_least"))


def _in_measures(detect: ReadsRows) -> Iterator[Mistake]:
    for name, measure in detect.measures.items():
        if measure.k is not None:
            yield from _count(measure.k, "k", ("detect", "measures", name, "k"))
    if isinstance(detect, Baseline):
        for word in ("history", "peers", "spans"):
            for name, value in getattr(detect, word) or ():
                if name != "by":
                    yield from _count(value, name, ("detect", word, name))
    if isinstance(detect, Window | Sequence) and detect.repeat:
        yield from _count(detect.repeat.at_least, "at_least", ("detect", "repeat", "at_least"))


def _count(value: Any, word: str, steps: Steps) -> Iterator[Mistake]:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        yield Mistake(steps, f"`{word}` is a whole number from 1, not '{value}'.")


def _in_when(when: Conditions, units: dict[str, Unit], steps: Steps) -> Iterator[Mistake]:
    for name, condition in when.columns.items():
        for value in _compared_with(condition):
            yield from _figure(name, value, units[name], (*steps, "columns", name))
    for position, alternative in enumerate(when.any_of):
        yield from _in_when(alternative, units, (*steps, "any_of", position))


def _compared_with(condition: Condition) -> Iterator[Any]:
    for word in ("eq", "gte", "gt", "lte", "lt"):
        if (value := getattr(condition, word)) is not None:
            yield value
    for word in ("one_of", "none_of", "between"):
        yield from getattr(condition, word) or ()


def _figure(name: str, value: Any, unit: Unit, steps: Steps) -> Iterator[Mistake]:
    if unit == "time":
        try:
            duration_microseconds(str(value))
        except ValueError as problem:
            yield Mistake(steps, f"measure '{name}' is a span of time: {problem}.")
    elif not is_number(value):
        yield Mistake(steps, f"measure '{name}' is a number, not '{value}'.")
    elif unit == "count" and value != int(value):
        yield Mistake(steps, f"measure '{name}' counts, so it must be a whole number, not {value}.")
