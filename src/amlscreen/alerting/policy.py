"""When hits become an alert: the clauses of ``settings.policy``, one function each.

A hit is not an alert. KYC gaps, anomalies and rules that only a trait decides count for no clause; they reorder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from amlscreen.alerting.overlap import Facts
from amlscreen.alerting.weights import RuleWeight
from amlscreen.hits import Hit
from amlscreen.settings import Settings

__all__ = ["Clause", "clauses_met", "deciding_hits", "families_of", "linked_clause"]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause that was met: its name as in ``settings.policy``, and the figures it was met with."""

    name: str
    values: Mapping[str, object] = field(default_factory=dict)


def deciding_hits(hits: Iterable[Hit], weights: Mapping[str, RuleWeight]) -> list[Hit]:
    """The hits an alert may rest on."""
    return [hit for hit in hits if not weights[hit.rule_id].reorders_only]


def families_of(hits: Iterable[Hit], weights: Mapping[str, RuleWeight]) -> set[str]:
    """The families of rules the hits come from."""
    return {weights[hit.rule_id].family for hit in hits}


def clauses_met(
    hits: Sequence[Hit], deciding_score: int, weights: Mapping[str, RuleWeight], settings: Settings
) -> tuple[Clause, ...]:
    """The clauses one subject's open hits meet, in the order of the policy; none: no alert."""
    deciding = deciding_hits(hits, weights)
    if not deciding:
        return ()
    anchor, together = _anchor(deciding, weights, settings), _together(deciding, weights, settings)
    return tuple(clause for clause in (anchor, together, _band(deciding_score, settings)) if clause is not None)


def _anchor(hits: Sequence[Hit], weights: Mapping[str, RuleWeight], settings: Settings) -> Clause | None:
    needed = settings.policy.anchor_with_families
    families = families_of(hits, weights)
    anchors = {weights[hit.rule_id].family for hit in hits if weights[hit.rule_id].anchor}
    others = max((len(families - {family}) for family in anchors), default=-1)
    return Clause("anchor_with_families", {"count": others, "needed": needed}) if others >= needed else None


def _together(hits: Sequence[Hit], weights: Mapping[str, RuleWeight], settings: Settings) -> Clause | None:
    needed, days = settings.policy.families_together, settings.policy.families_within_days
    needed_facts = settings.policy.facts_together
    if len(families_of(hits, weights)) < needed:
        return None
    families = most_families(((weights[hit.rule_id].family, hit.first_day, hit.last_day) for hit in hits), days)
    if len(families) < needed or _facts(hits, needed_facts) < needed_facts:
        return None
    values = {"count": len(families), "families": tuple(sorted(families)), "days": days, "needed": needed}
    return Clause("families_together", values)


def _facts(hits: Sequence[Hit], enough: int) -> int:
    """How many different facts the hits are, counted up to ``enough``; those on the same transactions are one."""
    facts, count = Facts(), 0
    for hit in sorted(hits, key=lambda one: -len(one.row_ids)):
        if facts.twin_of(hit) is None:
            facts.add(hit)
            count += 1
            if count == enough:
                break
    return count


def most_families(episodes: Iterable[tuple[str, int, int]], days: int) -> set[str]:
    """The largest set of families whose episodes all touch one span of ``days`` days; the earliest of equals.

    An episode touches the span that starts on day s if ``first - days < s <= last``: one sweep over s.
    """
    events = []
    for family, first, last in episodes:
        events += [(first - days + 1, 0, family), (last, 1, family)]
    active: Counter[str] = Counter()
    best: set[str] = set()
    for _, ends, family in sorted(events):
        if ends:
            active[family] -= 1
            continue
        active[family] += 1
        current = +active
        if len(current) > len(best):
            best = set(current)
    return best


def _band(deciding_score: int, settings: Settings) -> Clause | None:
    band = settings.policy.band
    needed = settings.band_from[band]
    if deciding_score < needed:
        return None
    return Clause("band", {"points": deciding_score, "band": band, "needed": needed})


def linked_clause(
    customers: int, hits: Sequence[Hit], weights: Mapping[str, RuleWeight], settings: Settings
) -> Clause | None:
    """The clause for linked customers: enough of them, together showing enough families."""
    families = families_of(deciding_hits(hits, weights), weights)
    if customers < settings.policy.linked_customers or len(families) < settings.policy.linked_families:
        return None
    values = {"customers": customers, "count": len(families), "needed": settings.policy.linked_families}
    return Clause("linked_customers", values)
