"""What a card weighs: its points, its strength table in inside units, and what it may decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from amlscreen.rules.card import Card
from amlscreen.rules.columns import RULE_COLUMNS, TABLE_COLUMNS
from amlscreen.rules.grammar import Anomaly, Cluster, Conditions, Match, Measure, ReadsRows, duration_microseconds
from amlscreen.rules.units import Unit, measure_units

__all__ = ["REORDERING_FAMILIES", "SEVERITY_POINTS", "RuleWeight", "StrengthRow", "inside", "weigh_cards"]

SEVERITY_POINTS: Mapping[str, int] = {"low": 10, "medium": 25, "high": 45, "critical": 70}
REORDERING_FAMILIES = frozenset({"kyc", "anomaly"})
_NEUTRAL_COLUMNS = frozenset({"direction", "kind", "amount"})


@dataclass(frozen=True, slots=True)
class StrengthRow:
    """From ``least`` on (inside units) the points are multiplied."""

    measure: str
    least: Decimal
    times: Decimal


@dataclass(frozen=True, slots=True)
class RuleWeight:
    """What scoring and the policy need to know of a card.

    ``reorders_only``: KYC gaps, anomalies, and rules that only place, age or another trait decides; no alert rests
    on them.
    """

    rule_id: str
    family: str
    points: int
    strength: tuple[StrengthRow, ...]
    anchor: bool
    safety: bool
    reorders_only: bool

    @property
    def shielded(self) -> bool:
        """Counter-evidence is not weighed against it."""
        return self.anchor or self.safety


def weigh_cards(cards: Mapping[str, Card], minor_digits: int) -> dict[str, RuleWeight]:
    """The weight of every card, worked out once."""
    return {rule_id: _weigh(card, minor_digits) for rule_id, card in cards.items()}


def _weigh(card: Card, minor_digits: int) -> RuleWeight:
    units = measure_units(card)
    strength = tuple(
        StrengthRow(row.measure, inside(row.from_, units[row.measure], minor_digits), Decimal(str(row.times)))
        for row in card.strength
    )
    return RuleWeight(
        card.id,
        card.family,
        SEVERITY_POINTS[card.severity],
        strength,
        card.anchor,
        card.safety,
        card.is_kyc or _is_anomaly(card) or _only_traits_decide(card),
    )


def _is_anomaly(card: Card) -> bool:
    """By its family or by its shape, whatever a bank calls its card."""
    return card.family in REORDERING_FAMILIES - {"kyc"} or isinstance(card.detect, Anomaly)


def inside(value: Any, unit: Unit, minor_digits: int) -> Decimal:
    """A card's number in inside units: money in minor units, ratios in millionths, spans in microseconds."""
    if unit == "time" and isinstance(value, str):
        return Decimal(duration_microseconds(value))
    number = Decimal(int(value)) if isinstance(value, bool) else Decimal(str(value))
    if unit == "money":
        return number.scaleb(minor_digits)
    return number.scaleb(6) if unit in {"ratio", "multiple"} else number


def _only_traits_decide(card: Card) -> bool:
    detect = card.detect
    if isinstance(detect, Match):
        columns, known = set(detect.where.names()), dict(TABLE_COLUMNS[detect.table])
    elif isinstance(detect, Cluster):
        columns = {name for link in detect.links for name in link.same}
        known = {name: TABLE_COLUMNS[link.table][name] for link in detect.links for name in link.same}
    elif not isinstance(detect, ReadsRows):
        return False
    else:
        measured = (m.column for m in detect.measures.values() if isinstance(m, Measure) and m.column)
        columns, known = set(_named(detect.rows.values())) | set(measured), dict(RULE_COLUMNS)
    telling = columns - _NEUTRAL_COLUMNS
    return bool(telling) and all(name in known and known[name].trait for name in telling)


def _named(row_sets: Iterable[Conditions]) -> Iterable[str]:
    for conditions in row_sets:
        yield from conditions.names()
