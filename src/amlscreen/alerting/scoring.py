"""Points: severity times strength, and the signed rows whose sum is the score.

Everything is integer arithmetic, rounded half-even once per hit. Rows come in a fixed order: each rule, strongest
first, with its repeat and overlap rows; then caps; then counter-evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from amlscreen.alerting.overlap import Facts
from amlscreen.alerting.weights import REORDERING_FAMILIES, RuleWeight
from amlscreen.hits import Hit
from amlscreen.settings import Settings

__all__ = ["MOST_REPEATS", "Row", "Score", "points_of", "score_hits", "strength_of"]

MOST_REPEATS = 3
_ONCE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Row:
    """One signed row before it is put into words: ``reason`` and ``values`` say what it will read.

    ``hit`` is the hit behind a rule row, ``family`` the family it counts to; counter-evidence has none. ``own_points``
    are those without a scorecard, where one gave others.
    """

    kind: Literal["rule", "repeat", "overlap", "cap", "counter", "typology", "feature"]
    rule_id: str
    points: int
    family: str = ""
    reason: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    hit: Hit | None = None
    own_points: int | None = None

    @property
    def by_itself(self) -> int:
        """The points the row has without a scorecard."""
        return self.points if self.own_points is None else self.own_points


@dataclass(frozen=True, slots=True)
class Score:
    """The rows of a score; ``total`` is their sum, always.

    ``deciding`` leaves out rules that only reorder (KYC gaps, anomalies, place and age): an alert may rest on it.
    """

    rows: tuple[Row, ...]
    deciding: int

    @property
    def total(self) -> int:
        """The sum of the rows."""
        return sum(row.points for row in self.rows)

    @property
    def main_hits(self) -> tuple[Hit, ...]:
        """The strongest episode of each rule, strongest rule first."""
        return tuple(row.hit for row in self.rows if row.hit is not None)


def strength_of(hit: Hit, weight: RuleWeight) -> Decimal:
    """The largest multiplier whose measure reaches its ``from``; 1 where none does."""
    if not weight.strength:
        return _ONCE
    return max(
        (
            row.times
            for row in weight.strength
            if isinstance(value := hit.measures.get(row.measure), int) and value >= row.least
        ),
        default=_ONCE,
    )


def points_of(hit: Hit, weight: RuleWeight) -> int:
    """The rule's points times the strength of the hit; rounded half-even."""
    if not weight.strength:
        return weight.points
    return int((weight.points * strength_of(hit, weight)).quantize(Decimal(1), ROUND_HALF_EVEN))


def score_hits(
    hits: Sequence[Hit],
    weights: Mapping[str, RuleWeight],
    settings: Settings,
    counters: Sequence[Row] = (),
    refit: Callable[[Sequence[Row]], list[Row]] | None = None,
) -> Score:
    """The score of one subject's open hits, which come in ``hit_order``.

    ``refit`` gives the rows of rules the points of a scorecard; then no family is capped.
    """
    rows = _rule_rows(hits, weights, settings)
    rows = refit(rows) if refit else rows + _cap_rows(rows, settings.family_cap)
    # Weighed apart: counter-evidence that an anomaly's points could bear must not be borne by an anchor's instead.
    deciding = [row for row in rows if not _reorders(row, weights)]
    deciding += _weighed(counters, deciding, weights)
    rows += _weighed(counters, rows, weights)
    return Score(tuple(rows), max(0, sum(row.points for row in deciding)))


def _reorders(row: Row, weights: Mapping[str, RuleWeight]) -> bool:
    return weights[row.rule_id].reorders_only if row.rule_id else row.family in REORDERING_FAMILIES


def _rule_rows(hits: Sequence[Hit], weights: Mapping[str, RuleWeight], settings: Settings) -> list[Row]:
    by_rule: dict[str, list[tuple[int, Hit]]] = defaultdict(list)
    for hit in hits:
        by_rule[hit.rule_id].append((points_of(hit, weights[hit.rule_id]), hit))
    for episodes in by_rule.values():
        episodes.sort(key=lambda scored: (-scored[0], -len(scored[1].row_ids)))
    rows: list[Row] = []
    facts = Facts()
    # Rules that only reorder come last, so that an anomaly never cancels the rule it rests beside.
    for rule_id in sorted(by_rule, key=lambda rule: (weights[rule].reorders_only, -by_rule[rule][0][0], rule)):
        weight = weights[rule_id]
        # A fact from outside the flows (an anchor) is never the same fact as one seen in them.
        shared = Facts() if weight.anchor else facts
        rows += _rows_of_rule(by_rule[rule_id], weight, shared, settings.repeat_points)
    return rows


def _rows_of_rule(
    episodes: Sequence[tuple[int, Hit]], weight: RuleWeight, facts: Facts, repeat_points: int
) -> list[Row]:
    """Rule, repeat and overlap rows of one rule, strongest episode first."""
    points, strongest = episodes[0]
    rows = [Row("rule", weight.rule_id, points, weight.family, hit=strongest)]
    twin = facts.twin_of(strongest)
    if twin is None:
        facts.add(strongest)
    further: list[Hit] = []
    for _, hit in episodes[1:]:
        if len(further) == MOST_REPEATS:
            break
        if facts.twin_of(hit) is None:
            facts.add(hit)
            further.append(hit)
    if further and repeat_points:
        first_day = min(hit.first_day for hit in further)
        values = {"count": len(further), "first_day": first_day}
        reason = "repeat" if len(further) > 1 else "repeat_one"
        rows.append(Row("repeat", weight.rule_id, repeat_points * len(further), weight.family, reason, values))
    if twin is not None:
        rows.append(Row("overlap", weight.rule_id, -points, weight.family, "overlap", {"other": twin.rule_id}))
    return rows


def _cap_rows(rows: Sequence[Row], cap: int) -> list[Row]:
    totals: dict[str, int] = defaultdict(int)
    for row in rows:
        totals[row.family] += row.points
    return [
        Row("cap", "", cap - totals[family], family, "cap", {"family": family, "cap": cap})
        for family in sorted(totals)
        if totals[family] > cap
    ]


def _weighed(counters: Sequence[Row], rows: Sequence[Row], weights: Mapping[str, RuleWeight]) -> list[Row]:
    """Counter-evidence, and the row that keeps it from touching anchors, safety signals or zero.

    Whether there is anything to weigh it against is asked of the cards' own points, so that a scorecard gives the same
    rows.
    """
    touched = [row for row in rows if not (row.rule_id and weights[row.rule_id].shielded)]
    if not counters or sum(row.by_itself for row in touched) <= 0:
        return []
    open_to_it = sum(row.points for row in touched)
    excess = -sum(row.points for row in counters) - open_to_it
    return [*counters, Row("cap", "", excess, reason="floor")] if excess > 0 else list(counters)
