"""Checks of how a card detects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from amlscreen.feature_catalogue import catalogue
from amlscreen.rules.bind import bind
from amlscreen.rules.card import Card, in_language
from amlscreen.rules.columns import RULE_COLUMNS, TABLE_COLUMNS, RuleColumn
from amlscreen.rules.feature_columns import feature_columns, tells_a_trait
from amlscreen.rules.grammar import (
    Anomaly,
    Baseline,
    Cluster,
    Condition,
    Conditions,
    Match,
    ParameterRef,
    Path,
    ReadsRows,
    Scenario,
    Sequence,
)
from amlscreen.rules.grammar_cluster import FLAGS
from amlscreen.rules.lint.finding import Noted
from amlscreen.rules.placeholders import gaps
from amlscreen.rules.reader import CardFile

__all__ = ["DETECT_CHECKS"]

_PLACES = frozenset({"address", "branch_id", "province"})
Steps = tuple[int | str, ...]
_ORDER = ("gte", "gt", "lte", "lt", "between")
_MAY_STAND = frozenset({0, 1})
_SIZES = frozenset({"wage_multiple", "report_multiple", "income_multiple", "declared_multiple"})
_SAY_NOTHING = frozenset({"direction", "kind", "account", "account_id", "customer", "customer_id", "institution"})


def _parameters_named(node: Any) -> Iterator[str]:
    if isinstance(node, ParameterRef):
        yield str(node)
    elif isinstance(node, BaseModel):
        for name in node.model_fields_set:
            yield from _parameters_named(getattr(node, name))
    elif isinstance(node, dict):
        for value in node.values():
            yield from _parameters_named(value)
    elif isinstance(node, tuple | list):
        for value in node:
            yield from _parameters_named(value)


def _unused_parameter(file: CardFile) -> Iterator[Noted]:
    card = file.card
    used = {name for part in (card.detect, card.strength, card.least_known) for name in _parameters_named(part)}
    for name in card.parameters:
        if name not in used:
            yield Noted(("parameters", name), f"parameter '{name}' is used nowhere; write ${name} where it counts.")


def _unused_name(file: CardFile) -> Iterator[Noted]:
    card, detect = file.card, file.card.detect
    shown = {gap.name for gap in gaps(in_language(card.explain, "en"))}
    used, sets, read = shown, {}, set[str]()
    if not isinstance(detect, Match):
        used = shown | set(detect.when.names()) | {row.measure for row in card.strength}
    if isinstance(detect, ReadsRows):
        used |= {part for measure in detect.measures.values() for part in measure.ratio or ()}
        sets, read = detect.rows, {name for measure in detect.measures.values() for name in measure.row_sets}
    if isinstance(detect, Baseline):
        used |= {detect.compare}
    if isinstance(detect, Path):
        read = set(detect.rows)
    if isinstance(detect, Sequence):
        read |= {detect.first, *(step.rows for step in detect.then)}
    for name in detect.measures:
        if name not in used:
            yield Noted(("detect", "measures", name), f"measure '{name}' is neither asked for nor shown.")
    for name in sets:
        if name not in read:
            yield Noted(("detect", "rows", name), f"row set '{name}' is measured nowhere.")


def _all_conditions(card: Card) -> Iterator[tuple[Steps, str, Condition, RuleColumn | None]]:
    """Every condition with its place, its name and, if it is on a column, the column."""
    detect = card.detect
    if isinstance(detect, Match):
        yield from _each(detect.where, ("detect", "where"), TABLE_COLUMNS[detect.table])
        return
    if isinstance(detect, ReadsRows):
        for name, conditions in detect.rows.items():
            yield from _each(conditions, ("detect", "rows", name), RULE_COLUMNS)
    if isinstance(detect, Cluster):
        yield from _of_cluster(detect)
    if isinstance(detect, Anomaly):
        yield from _each(detect.among, ("detect", "among"), feature_columns())
    yield from _each(detect.when, ("detect", "when"), {})


def _of_cluster(detect: Cluster) -> Iterator[tuple[Steps, str, Condition, RuleColumn | None]]:
    customers = TABLE_COLUMNS["customers"]
    yield from _each(detect.members, ("detect", "members"), customers)
    yield from _each(detect.victims or Conditions(), ("detect", "victims"), customers)
    for position, link in enumerate(detect.links):
        yield from _each(link.where, ("detect", "links", position, "where"), TABLE_COLUMNS[link.table])
    for name, measure in detect.measures.items():
        conditions = measure.count or measure.share or Conditions()
        yield from _each(conditions, ("detect", "measures", name, measure.verb), customers)


def _each(
    conditions: Conditions, steps: Steps, columns: Mapping[str, RuleColumn]
) -> Iterator[tuple[Steps, str, Condition, RuleColumn | None]]:
    for name, condition in conditions.columns.items():
        yield (*steps, name), name, condition, columns.get(name)
    for position, alternative in enumerate(conditions.any_of):
        yield from _each(alternative, (*steps, "any", position), columns)


def _figures(condition: Condition) -> Iterator[Any]:
    for word in _ORDER:
        value = getattr(condition, word)
        yield from value if isinstance(value, tuple) else () if value is None else (value,)


def _settings(detect: Any) -> Iterator[tuple[Steps, str, Any]]:
    """Figures that stand outside conditions: a link's ``most``, a scenario's options, how many peers it takes."""
    if isinstance(detect, Anomaly):
        yield ("detect", "peers", "at_least"), "at_least", detect.peers.at_least
    if isinstance(detect, Cluster):
        for position, link in enumerate(detect.links):
            yield ("detect", "links", position, "most"), "most", link.most
    if isinstance(detect, Scenario):
        for name, value in detect.options.items():
            yield ("detect", "options", name), name, value


def _threshold(file: CardFile) -> Iterator[Noted]:
    for steps, name, condition, _ in _all_conditions(file.card):
        for value in _figures(condition):
            if isinstance(value, int | Decimal) and value not in _MAY_STAND:
                yield Noted(steps, f"'{name}' is held against {value}; make it a parameter.")
    detect = file.card.detect
    if isinstance(detect, Match):
        steps, least = ("detect", "at_least"), detect.at_least
    else:
        repeat = getattr(detect, "repeat", None)
        steps, least = ("detect", "repeat", "at_least"), repeat.at_least if repeat else 1
    for place, name, value in _settings(detect):
        if isinstance(value, int | Decimal) and value not in _MAY_STAND:
            yield Noted(place, f"`{name}` is {value}; make it a parameter.")
    if isinstance(least, int) and least not in _MAY_STAND:
        yield Noted(steps, f"`at_least` is {least}; make it a parameter.")


def _money_figure(file: CardFile) -> Iterator[Noted]:
    for steps, name, condition, column in _all_conditions(bind(file.card)):
        money = column is not None and column.kind == "money"
        if money and any(value not in _MAY_STAND for value in _figures(condition)):
            said = f"'{name}' is held against an amount; use report_multiple, wage_multiple or limit_multiple."
            yield Noted(steps, said)
    detect = file.card.detect
    if not isinstance(detect, ReadsRows):
        return
    bound: Any = bind(file.card).detect
    for steps, name, condition, _ in _each(bound.when, ("detect", "when"), {}):
        told = detect.compare if isinstance(detect, Baseline) and name == "usual" else name
        measure = detect.measures.get(told)
        if measure is None:
            continue
        of_money = measure.verb in {"sum", "min", "max", "mean", "median", "std"} and measure.column == "amount"
        if of_money and any(value not in _MAY_STAND for value in _figures(condition)):
            yield Noted(steps, f"'{name}' is held against an amount; sum wage_multiple or report_multiple instead.")


def _trait_decides(file: CardFile) -> Iterator[Noted]:
    card, detect = file.card, file.card.detect
    named = {name: column for _, name, _, column in _all_conditions(card) if column is not None}
    if isinstance(detect, ReadsRows):
        read = (measure.column for measure in detect.measures.values())
        named |= {name: RULE_COLUMNS[name] for name in read if name is not None and name != "amount"}
    telling = {name: column for name, column in named.items() if name not in _SAY_NOTHING}
    if isinstance(detect, Cluster):
        yield from _place_decides(detect)
        return
    if isinstance(detect, Path | Scenario):
        return  # how the money moves decides
    if isinstance(detect, Anomaly):
        yield from _trait_among(detect)
        return
    if telling and all(column.trait for column in telling.values()):
        yield Noted(("detect",), f"only {', '.join(sorted(telling))} decides; add what the money or the file shows.")


def _trait_among(detect: Anomaly) -> Iterator[Noted]:
    """A detector must not be shown who somebody is, only what was done and what was said of it."""
    traits = [one.name for one in detect.looked_at if tells_a_trait(one)]
    if traits:
        yield Noted(("detect",), f"{', '.join(traits)} says who somebody is; leave it out by `without`.")


def _asks_for_activity(detect: Anomaly) -> bool:
    """Whether only those are looked at who did something: a least count of what stands in the catalogue as such."""
    every = catalogue()
    found = ((every[name].unit, one) for name, one in detect.among.columns.items())
    return any(unit in {"count", "days"} and (one.gte or one.gt) is not None for unit, one in found)


def _peers_floor(file: CardFile) -> Iterator[Noted]:
    """Among peers who do next to nothing, little stands far out."""
    detect = file.card.detect
    if isinstance(detect, Anomaly) and not _asks_for_activity(detect):
        said = "`among` has no floor; ask for a least count of something done, so that the idle are no peers."
        yield Noted(("detect", "among"), said)
    if not isinstance(detect, Baseline) or detect.peers is None:
        return
    for name, condition in detect.when.columns.items():
        measure = detect.measures.get(name)
        if measure is None or (condition.gte is None and condition.gt is None):
            continue
        counts = measure.verb in {"count", "distinct", "days_active"}
        if counts or (measure.verb == "sum" and measure.column in _SIZES):
            return
    said = "`when` has no floor of its own; with peers it also asks for a least count, or a sum of wage_multiple."
    yield Noted(("detect", "when"), said)


def _place_decides(detect: Cluster) -> Iterator[Noted]:
    """A group tied by traits, places and days alone is none, unless what its members did is asked for too."""
    if FLAGS & set(detect.when.names()):
        return
    tie = {name: TABLE_COLUMNS[link.table][name] for link in detect.links for name in link.same}
    if all(column.trait or name in _PLACES or column.kind == "days" for name, column in tie.items()):
        said = f"only {', '.join(sorted(tie))} ties; add what people have of their own, or ask for flagged members."
        yield Noted(("detect", "links"), said)


def _strength(file: CardFile) -> Iterator[Noted]:
    rows: dict[str, list[tuple[int, Any, Any]]] = {}
    for position, row in enumerate(bind(file.card).strength):
        rows.setdefault(row.measure, []).append((position, row.from_, row.times))
    for measure, found in rows.items():
        for (_, before, less), (position, value, times) in pairwise(found):
            if not (value > before and times > less):
                yield Noted(("strength", position), f"the rows of '{measure}' do not rise.")


DETECT_CHECKS: Mapping[str, Callable[[CardFile], Iterator[Noted]]] = {
    "unused-parameter": _unused_parameter,
    "unused-name": _unused_name,
    "threshold": _threshold,
    "money-figure": _money_figure,
    "trait-decides": _trait_decides,
    "peers-floor": _peers_floor,
    "strength-rises": _strength,
}
