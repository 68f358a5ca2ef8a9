"""Rows of a score with the points of a scorecard instead of the cards' own.

Which rows there are, and which rule stands first where two saw the same transactions, is settled beforehand by the
cards' own points. So a scorecard changes numbers and nothing else, and a run made with one has the same rows as a run
made without: what was fitted on the one holds for the other to the point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from amlscreen.alerting.scoring import Row, strength_of
from amlscreen.alerting.weights import RuleWeight
from amlscreen.rules.typology import Typology
from amlscreen.scorecard.model import Scorecard

__all__ = ["refit_counters", "refit_rules", "refit_typology"]


def refit_rules(rows: Sequence[Row], weights: Mapping[str, RuleWeight], card: Scorecard) -> list[Row]:
    """Rule, repeat and overlap rows anew: rules with most points first, those that only reorder last."""
    most = {
        row.rule_id: _of_hit(row, strength_of(row.hit, weights[row.rule_id]), card)
        for row in rows
        if row.kind == "rule" and row.hit is not None
    }
    given = [_refitted(row, most[row.rule_id], card) for row in rows]
    return sorted(given, key=lambda row: (weights[row.rule_id].reorders_only, -most[row.rule_id], row.rule_id))


def _of_hit(row: Row, strength: Decimal, card: Scorecard) -> int:
    rule = card.rules.get(row.rule_id)
    return card.of_others(row.points) if rule is None else rule.at(strength)


def _refitted(row: Row, of_hit: int, card: Scorecard) -> Row:
    """The row with the points of the card; ``of_hit`` are those of the hit behind it."""
    if row.kind == "rule":
        return _with(row, of_hit)
    if row.kind == "repeat":
        count = row.values["count"]
        if card.repeat is None or not isinstance(count, int):
            return _with(row, card.of_others(row.points))
        return _with(row, card.repeat * count)
    again = card.rules[row.rule_id].again if row.rule_id in card.rules else 0
    reason = row.reason if not again else "overlap_part" if again < of_hit else "overlap_kept"
    return replace(_with(row, again - of_hit), reason=reason)


def refit_counters(rows: Iterable[Row], card: Scorecard) -> list[Row]:
    """Counter-evidence anew, before it is weighed."""
    return [_with(row, -card.counter.get(row.reason, card.of_others(-row.points))) for row in rows]


def refit_typology(row: Row, card: Scorecard) -> Row:
    """The typology's row anew."""
    typology = row.values["typology"]
    name = typology.id if isinstance(typology, Typology) else ""
    return _with(row, card.typologies.get(name, card.of_others(row.points)))


def _with(row: Row, points: int) -> Row:
    """The row with other points, its own kept beside them."""
    return replace(row, points=points, own_points=row.points)
