"""From what columns are worth to a scorecard of whole points, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from amlscreen.scorecard.design import Column
from amlscreen.scorecard.model import Cut, FeaturePoints, RulePoints, Scorecard

__all__ = ["Points", "points_of", "worth_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Points:
    """The whole points of a scorecard, part by part as its file has them."""

    rules: dict[str, RulePoints] = field(default_factory=dict)
    repeat: int | None = None
    typologies: dict[str, int] = field(default_factory=dict)
    counter: dict[str, int] = field(default_factory=dict)
    features: dict[str, FeaturePoints] = field(default_factory=dict)


def points_of(columns: Sequence[Column], worth: Floats) -> Points:
    """Whole points; those of a rule are rounded strength by strength, so that no step is lost to rounding."""
    by_rule: dict[str, list[tuple[Column, float]]] = {}
    steps: dict[str, list[tuple[Column, float]]] = {}
    named: dict[str, dict[str, int]] = {"typology": {}, "counter": {}, "repeat": {}}
    for column, value in zip(columns, worth.tolist(), strict=True):
        if column.kind in named:
            named[column.kind][column.name] = round(value)
        else:
            (steps if column.kind == "feature" else by_rule).setdefault(column.name, []).append((column, value))
    features = {name: made for name, parts in sorted(steps.items()) if (made := _feature(parts)) is not None}
    rules = {rule: _rule(parts) for rule, parts in sorted(by_rule.items())}
    return Points(rules, named["repeat"].get(""), named["typology"], named["counter"], features)


def _feature(parts: Sequence[tuple[Column, float]]) -> FeaturePoints | None:
    """The steps at which a feature's points rise; None if they never do."""
    reached, cuts, last = 0.0, [], 0
    for column, value in parts:
        reached += value
        if (points := round(reached)) > last:
            cuts.append(Cut(at=column.level, points=points))
            last = points
    side = parts[0][0].side
    return FeaturePoints.model_validate({"side": side, "cuts": cuts}) if cuts else None


def _rule(parts: Sequence[tuple[Column, float]]) -> RulePoints:
    again = sum(value for column, value in parts if column.kind == "again")
    reached, levels = again, {}
    for column, value in sorted(((c, v) for c, v in parts if c.kind != "again"), key=lambda part: part[0].level):
        reached += value
        levels[(Decimal(column.level) / 1000).normalize()] = round(reached)
    return RulePoints(points=levels, again=round(again))


def worth_of(card: Scorecard, columns: Sequence[Column]) -> Floats:
    """What each column is worth by a scorecard: with it a design gives the scores that a screen with the card gives."""
    own: dict[str, int] = {}
    given: list[float] = []
    for column in columns:
        if column.kind in {"again", "rule", "level"}:
            given.append(_of_rule(card.rules.get(column.name), column, own, card))
        elif column.kind == "repeat":
            given.append(card.of_others(round(column.own)) if card.repeat is None else card.repeat)
        elif column.kind == "feature":
            given.append(_of_step(card.features.get(column.name), column, own))
        else:
            named: Mapping[str, int] = card.typologies if column.kind == "typology" else card.counter
            given.append(named.get(column.name, card.of_others(round(column.own))))
    return np.array(given, np.float64)


def _of_step(feature: FeaturePoints | None, column: Column, own: dict[str, int]) -> float:
    """What a step adds to the one before it, as columns come in order, going out."""
    reached = feature.reached(column.level) if feature and feature.side == column.side else None
    points, name = reached.points if reached else 0, f"{column.name} {column.side}"
    before, own[name] = own.get(name, 0), points
    return points - before


def _of_rule(rule: RulePoints | None, column: Column, own: dict[str, int], card: Scorecard) -> float:
    """The column's own share; ``own`` holds what the levels before it came to, as columns come in order of strength."""
    if column.kind == "again":
        return 0 if rule is None else rule.again
    before = own.get(column.name, 0)
    own[column.name] = before + round(column.own)
    if rule is None:
        return card.of_others(own[column.name]) - card.of_others(before)
    level = Decimal(column.level) / 1000
    if column.kind == "rule":
        own[f"{column.name} by card"] = rule.at(level)
        return rule.at(level) - rule.again
    last, own[f"{column.name} by card"] = own[f"{column.name} by card"], rule.at(level)
    return rule.at(level) - last
