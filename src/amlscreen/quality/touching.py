"""Which rules a problem of the data takes sight from: read off each card's needs and plans, never listed by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from amlscreen.evaluable import wants_of_plan
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.rules.card import Card
from amlscreen.rules.grammar import Anomaly, Baseline, Conditions, Match, Path
from amlscreen.rules.needs import needs
from amlscreen.schema import TABLES
from amlscreen.shapes.plan import Plan, plans_of

__all__ = ["Reach"]

_MONEY = frozenset(
    "amount report_multiple wage_multiple limit_multiple declared_multiple income_multiple balance_after".split()
)
_ENOUGH = 100_000  # days of history that no rule finds too short


@dataclass(frozen=True, slots=True)
class _Rule:
    """One bound card, what it needs, and its sweeps."""

    card: Card
    clauses: frozenset[str]
    plans: tuple[Plan, ...]

    def is_blind(self, provided: Collection[str], *, has_clock: bool) -> bool:
        if any(not any(one in provided for one in clause.split("|")) for clause in self.clauses):
            return True
        wants = [list(wants_of_plan(one, provided, has_clock=has_clock, days=_ENOUGH)) for one in self.plans]
        return bool(wants) and all(wants)

    def sides(self) -> set[str]:
        """The directions its row sets ask for."""
        rows: dict[str, Conditions] = getattr(self.card.detect, "rows", {})
        return {str(d.eq) for one in rows.values() if (d := one.columns.get("direction")) is not None and d.eq}

    def reads_money(self) -> bool:
        if any(one.columns & _MONEY for one in self.plans):
            return True
        return isinstance(self.card.detect, Path | Anomaly)


class Reach:
    """The rules of a set, and what each of them rests on. Making one reads every card's plans once."""

    def __init__(self, cards: Iterable[Card], country: Jurisdiction, provided: Collection[str]) -> None:
        self._rules = [_Rule(card, needs(card), tuple(plans_of(card, country))) for card in cards]
        self._provided = frozenset(provided)

    @cached_property
    def number(self) -> int:
        """How many rules there are."""
        return len(self._rules)

    def touched(self, effects: Collection[str]) -> tuple[str, ...]:
        """Rules that rest on any of these."""
        return tuple(rule.card.id for rule in self._rules if any(_rests_on(rule, one) for one in effects))

    def blinded(self, effects: Collection[str]) -> tuple[str, ...]:
        """Rules that cannot look if all of these are gone, and could if they were there."""
        columns = {name for one in effects for name in _columns(one)}
        clock = "clock times" not in effects
        without = self._provided - columns
        found = [
            rule.card.id
            for rule in self._rules
            if rule.is_blind(without, has_clock=clock) and not rule.is_blind(self._provided | columns, has_clock=True)
        ]
        gone = {"credit": "credits", "debit": "debits"}
        one_side = {rule.card.id for rule in self._rules for side in rule.sides() if gone.get(side) in effects}
        return tuple(rule.card.id for rule in self._rules if rule.card.id in {*found, *one_side})


def _columns(effect: str) -> frozenset[str]:
    """The columns an effect takes: one, or all of a table."""
    if effect in TABLES:
        return frozenset({effect, *(f"{effect}.{name}" for name in TABLES[effect].names)})
    return frozenset({effect}) if "." in effect else frozenset()


def _of_features(card: Card) -> Iterator[str]:
    """What any of the features that a card looks at needs: without it the card sees less."""
    if isinstance(card.detect, Anomaly):
        yield from (need for one in card.detect.looked_at for need in one.needs)


def _rests_on(rule: _Rule, effect: str) -> bool:
    parts = {part for clause in (*rule.clauses, *_of_features(rule.card)) for part in clause.split("|")}
    if "." in effect:
        return effect in parts
    if effect in TABLES and effect != "transactions":
        return any(part.startswith(f"{effect}.") for part in parts)
    detect: Any = rule.card.detect
    both_sides = isinstance(detect, Path | Anomaly)
    over_rows = isinstance(detect, Anomaly) or (not isinstance(detect, Match) and bool(rule.plans))
    return {
        "clock times": any(one.needs_clock or one.fifo for one in rule.plans),
        "credits": "credit" in rule.sides() or both_sides,
        "debits": "debit" in rule.sides() or both_sides,
        "both directions": {"credit", "debit"} <= rule.sides() or both_sides,
        "amounts": rule.reads_money(),
        "days": over_rows,
        "history": isinstance(detect, Baseline | Anomaly)
        or any(one.quiet_days or one.baseline_days for one in rule.plans),
        "owners": "customer" in getattr(detect, "subjects", ())
        or any(part.startswith(("customers.", "holdings.")) for part in parts),
        "transactions": over_rows,
    }[effect]
