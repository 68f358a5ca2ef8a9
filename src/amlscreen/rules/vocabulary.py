"""Whether every name and value in a card exists: columns, codes, parameters, gaps in texts, columns of examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from amlscreen.errors import SettingsError, did_you_mean
from amlscreen.rules.bind import bind
from amlscreen.rules.card import Card, Text
from amlscreen.rules.columns import RULE_COLUMNS, TABLE_COLUMNS, RuleColumn
from amlscreen.rules.example_words import mistakes_in_examples
from amlscreen.rules.feature_columns import feature_columns
from amlscreen.rules.grammar import (
    Anomaly,
    Cluster,
    Condition,
    Conditions,
    Detect,
    Match,
    Measure,
    ReadsRows,
    Scenario,
    Sequence,
    Window,
)
from amlscreen.rules.mistake import Mistake
from amlscreen.rules.numbers import is_number, mistakes_in_figures
from amlscreen.rules.placeholders import gaps, wrong_gap
from amlscreen.rules.units import measure_units

__all__ = ["mistakes_in", "mistakes_in_bound"]

Steps = tuple[int | str, ...]
_NUMERIC = frozenset({"whole", "days", "money", "ratio"})
_DISTANCE = re.compile(r"\d+(\.\d+)?%|0(\.\d+)?|1")
_ORDER = ("gte", "gt", "lte", "lt", "between")
_TEXTS = ("title", "description", "rationale", "explain", "false_positives", "blind_spots", "next_steps")


def mistakes_in(card: Card, tree: Mapping[str, Any]) -> Iterator[Mistake]:
    """Everything the card names that does not exist, and every value that does not fit its column."""
    unknown = list(_unknown_parameters(card, tree))
    yield from unknown
    yield from _texts_without_english(card)
    if unknown:
        return
    try:
        bound = bind(card)
    except SettingsError as problem:
        yield Mistake(("parameters",), problem.message)
        return
    yield from mistakes_in_bound(bound)


def mistakes_in_bound(bound: Card) -> Iterator[Mistake]:
    """The same for a card whose parameters are filled in, so that a tuned value is held to its column too."""
    detect = bound.detect
    names = list(_in_detect(detect))
    yield from names
    yield from _victims(bound)
    if not names:
        yield from mistakes_in_figures(bound)
        yield from _in_explain(bound)
        yield from mistakes_in_examples(bound)


def _in_detect(detect: Detect) -> Iterator[Mistake]:
    if isinstance(detect, Match):
        yield from _in_match(detect)
    elif isinstance(detect, ReadsRows):
        yield from _in_rows(detect)
        if isinstance(detect, Window | Sequence):
            yield from _in_sweep(detect)
    elif isinstance(detect, Cluster):
        yield from _in_cluster(detect)
    elif isinstance(detect, Scenario):
        yield from _in_scenario(detect)
    elif isinstance(detect, Anomaly):
        yield from _conditions(detect.among, feature_columns(), ("detect", "among"))


def _unknown_parameters(card: Card, tree: Mapping[str, Any]) -> Iterator[Mistake]:
    for top in ("detect", "strength", "least_known"):
        for steps, name in _references(tree.get(top), (top,)):
            if name not in card.parameters:
                fix = did_you_mean(name, card.parameters) if card.parameters else "The card has no parameters."
                yield Mistake(steps, f"there is no parameter '{name}'.", fix)


def _references(node: Any, steps: Steps) -> Iterator[tuple[Steps, str]]:
    if isinstance(node, str) and node.startswith("$"):
        yield steps, node[1:]
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _references(value, (*steps, key))
    elif isinstance(node, list):
        for position, value in enumerate(node):
            yield from _references(value, (*steps, position))


def _texts_without_english(card: Card) -> Iterator[Mistake]:
    for name in _TEXTS:
        value = getattr(card, name)
        texts: tuple[Text, ...] = value if isinstance(value, tuple) else (value,)
        for position, text in enumerate(texts):
            if isinstance(text, dict) and "en" not in text:
                steps: Steps = (name, position) if isinstance(value, tuple) else (name,)
                yield Mistake(steps, f"{name} has no English text.", "Give it under `en:`.")
    for name, parameter in card.parameters.items():
        if isinstance(parameter.help, dict) and "en" not in parameter.help:
            yield Mistake(("parameters", name, "help"), "help has no English text.", "Give it under `en:`.")


def _in_match(detect: Match) -> Iterator[Mistake]:
    columns = TABLE_COLUMNS[detect.table]
    yield from _conditions(detect.where, columns, ("detect", "where"))
    yield from _column(detect.subject, columns, ("detect", "subject"))
    if detect.distinct is not None:
        yield from _column(detect.distinct, columns, ("detect", "distinct"))
    for name, column in detect.measures.items():
        yield from _column(column, columns, ("detect", "measures", name))


def _in_cluster(detect: Cluster) -> Iterator[Mistake]:
    customers = TABLE_COLUMNS["customers"]
    yield from _conditions(detect.members, customers, ("detect", "members"))
    if detect.victims is not None:
        yield from _conditions(detect.victims, customers, ("detect", "victims"))
    if detect.lead is not None:
        yield from _column(detect.lead, customers, ("detect", "lead"))
    for position, link in enumerate(detect.links):
        columns = TABLE_COLUMNS[link.table]
        for name in link.same:
            yield from _column(name, columns, ("detect", "links", position, "same"))
        yield from _conditions(link.where, columns, ("detect", "links", position, "where"))
    for name, measure in detect.measures.items():
        here: Steps = ("detect", "measures", name, measure.verb)
        for column in filter(None, (measure.distinct, measure.consecutive, measure.median)):
            yield from _column(column, customers, here, numeric=measure.median is not None)
        for conditions in filter(None, (measure.count, measure.share)):
            yield from _conditions(conditions, customers, here)


def _in_scenario(detect: Scenario) -> Iterator[Mistake]:
    for name, value in detect.options.items():
        unit = detect.signature.options[name].unit
        if unit == "time" and not isinstance(value, str):
            yield Mistake(("detect", "options", name), f"option '{name}' is a span of time.", "Write for example 36h.")
        elif unit not in {"text", "flag", "time"} and not is_number(value):
            yield Mistake(("detect", "options", name), f"option '{name}' is a number, not '{value}'.")


def _in_rows(detect: ReadsRows) -> Iterator[Mistake]:
    for name, conditions in detect.rows.items():
        yield from _conditions(conditions, RULE_COLUMNS, ("detect", "rows", name))
    for name, measure in detect.measures.items():
        yield from _measure(name, measure)


def _in_sweep(detect: Window | Sequence) -> Iterator[Mistake]:
    for column in detect.by:
        yield from _column(column, RULE_COLUMNS, ("detect", "by"))
    if detect.repeat and detect.repeat.distinct:
        allowed = ("local_day", "month", *detect.by)
        if detect.repeat.distinct not in allowed:
            said = f"repeat counts by '{detect.repeat.distinct}', which is not one of `by`."
            yield Mistake(("detect", "repeat", "distinct"), said, did_you_mean(detect.repeat.distinct, allowed))
    if isinstance(detect, Sequence):
        for position, step in enumerate(detect.then):
            for word in ("same", "different"):
                for column in getattr(step, word):
                    yield from _column(column, RULE_COLUMNS, ("detect", "then", position, word))
            for column, distance in step.similar.items():
                here: Steps = ("detect", "then", position, "similar", column)
                yield from _column(column, RULE_COLUMNS, here, numeric=True)
                if not _DISTANCE.fullmatch(str(distance)):
                    yield Mistake(here, f"'{distance}' is not a relative distance.", "Write for example 10%.")


def _measure(name: str, measure: Measure) -> Iterator[Mistake]:
    if measure.column is not None:
        numeric = measure.verb not in {"distinct", "top_share"}
        yield from _column(measure.column, RULE_COLUMNS, ("detect", "measures", name, measure.verb), numeric=numeric)


def _column(name: str, columns: Mapping[str, RuleColumn], steps: Steps, *, numeric: bool = False) -> Iterator[Mistake]:
    if name not in columns:
        yield Mistake(steps, f"there is no column '{name}'.", did_you_mean(name, columns))
    elif numeric and columns[name].kind not in _NUMERIC:
        numbers = [column.name for column in columns.values() if column.kind in _NUMERIC]
        yield Mistake(steps, f"column '{name}' is not a number.", did_you_mean(name, numbers))


def _conditions(conditions: Conditions, columns: Mapping[str, RuleColumn], steps: Steps) -> Iterator[Mistake]:
    for name, condition in conditions.columns.items():
        here = (*steps, "columns", name)
        wrong = list(_column(name, columns, here))
        yield from wrong or _values(condition, columns[name], here)
    for position, alternative in enumerate(conditions.any_of):
        yield from _conditions(alternative, columns, (*steps, "any_of", position))


def _values(condition: Condition, column: RuleColumn, steps: Steps) -> Iterator[Mistake]:
    if column.kind not in _NUMERIC:
        for word in _ORDER:
            if getattr(condition, word) is not None:
                yield Mistake((*steps, word), f"column '{column.name}' has no order; `{word}` does not apply.")
    values = [condition.eq, *(condition.one_of or ()), *(condition.none_of or ()), *(condition.between or ())]
    values += [condition.gte, condition.gt, condition.lte, condition.lt]
    for value in values:
        if value is not None:
            yield from _value(value, column, steps)


def _value(value: Any, column: RuleColumn, steps: Steps) -> Iterator[Mistake]:
    named = f"column '{column.name}'"
    if column.kind == "flag" and not isinstance(value, bool):
        yield Mistake(steps, f"{named} is true or false, not '{value}'.")
    elif column.kind == "text" and not isinstance(value, str):
        yield Mistake(steps, f"{named} holds text, not {value}.", f'Write "{value}" in quotes if that is meant.')
    elif column.kind in _NUMERIC and not is_number(value):
        yield Mistake(steps, f"{named} is a number, not '{value}'.")
    elif column.allowed and value not in column.allowed:
        yield Mistake(steps, f"{named} never holds '{value}'.", did_you_mean(str(value), column.allowed))


def _victims(card: Card) -> Iterator[Mistake]:
    name, detect = card.possible_victims, card.detect
    if name is None:
        return
    if isinstance(detect, Match):
        yield from _column(name, TABLE_COLUMNS[detect.table], ("possible_victims",))
    elif name not in (known := [f"{row_set}.customer" for row_set in getattr(detect, "rows", ())]):
        yield Mistake(("possible_victims",), f"'{name}' is not a row set's customer.", did_you_mean(name, known))


def _in_explain(card: Card) -> Iterator[Mistake]:
    units = measure_units(card)
    has_limit = getattr(card.detect, "for_each", None) == "limits"
    texts = {"": card.explain} if isinstance(card.explain, str) else card.explain
    for language, text in texts.items():
        steps: Steps = ("explain", language) if language else ("explain",)
        try:
            found = list(gaps(text))
        except ValueError as problem:
            yield Mistake(steps, f"explain: {problem}.")
            continue
        for gap in found:
            wrong = wrong_gap(gap, units, has_limit=has_limit)
            if wrong:
                yield Mistake(steps, f"explain: {wrong[0]}", wrong[1])
