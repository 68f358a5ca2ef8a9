"""Rules that look at another rule's hits: after them (``after_hit``), or for members they flag (``flagged_by``)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from amlscreen.hits import Hit
from amlscreen.rules.card import FAMILIES, Card
from amlscreen.rules.grammar import AfterHit, Anomaly, Cluster, Conditions, duration_microseconds
from amlscreen.rules.grammar_cluster import FLAGS
from amlscreen.shapes.cluster_found import flag_rules

__all__ = ["keep_following", "silent_flags", "without_flags", "without_lead"]


def _after(card: Card) -> AfterHit | None:
    after: AfterHit | None = getattr(card.detect, "after_hit", None)
    return after


def without_lead(cards: Mapping[str, Card], looked_at: set[str]) -> dict[str, str]:
    """Of the rules that can be looked at, those whose leading rule cannot, each with the reason."""
    lost: dict[str, str] = {}
    while True:
        found = {
            name: after.rule
            for name in cards
            if name in looked_at and name not in lost and (after := _after(cards[name])) is not None
            if after.rule not in looked_at or after.rule in lost
        }
        if not found:
            return lost
        for name, lead in found.items():
            lost[name] = f"follows {lead}, which " + (
                "cannot be looked at" if lead in cards else "is not among the rules"
            )


def without_flags(cards: Mapping[str, Card], looked_at: set[str]) -> dict[str, str]:
    """Clusters that ask for flagged members where none of the rules that flag can be looked at, with the reason."""
    flagging = [name for name in cards if name in looked_at and not isinstance(cards[name].detect, Cluster | Anomaly)]
    return {
        name: f"none of the rules that flag its members ({', '.join(detect.flagged_by)}) can be looked at"
        for name in cards
        if name in looked_at
        and isinstance(detect := cards[name].detect, Cluster)
        and _asks_for_flags(detect.when)
        and not flag_rules(detect.flagged_by, flagging)
    }


def silent_flags(card: Card, cards: Mapping[str, Card], lost: Sequence[str]) -> tuple[str, ...]:
    """A note on the rules that would flag a cluster's members and could not be looked at, or are not in this run."""
    named: tuple[str, ...] = getattr(card.detect, "flagged_by", ())
    silent = {*flag_rules(named, lost), *(one for one in named if one not in cards and one not in FAMILIES.values())}
    return (f"flags_not_looked_at:{', '.join(sorted(silent))}",) if silent else ()


def _asks_for_flags(when: Conditions) -> bool:
    """Whether it cannot hold without a flagged member."""
    return bool(FLAGS & when.columns.keys()) or (when.any_of != () and all(map(_asks_for_flags, when.any_of)))


def keep_following(cards: Mapping[str, Card], hits: dict[str, list[Hit]], failed: dict[str, str]) -> None:
    """Keep, of rules with ``after_hit``, the hits that end within the span after another rule's, on the same customer.

    A leading rule that itself follows another is settled first, whatever its id.
    """
    settled: set[str] = set()
    for name in cards:
        _settle(name, cards, hits, failed, settled)


def _settle(
    name: str, cards: Mapping[str, Card], hits: dict[str, list[Hit]], failed: dict[str, str], settled: set[str]
) -> None:
    if name in settled:
        return
    settled.add(name)
    after = _after(cards[name])
    if after is None or after.rule not in cards:
        return
    _settle(after.rule, cards, hits, failed, settled)
    if after.rule in failed:
        failed.setdefault(name, f"follows {after.rule}, which failed")
    hits[name] = _following(hits[name], hits[after.rule], duration_microseconds(after.within))


def _following(hits: Sequence[Hit], leading: Sequence[Hit], span: int) -> list[Hit]:
    ends: dict[tuple[str, str], list[int]] = {}
    for hit in leading:
        for customer in hit.customer_ids:
            ends.setdefault((hit.subject.institution, customer), []).append(hit.last_at)
    for times in ends.values():
        times.sort()

    def follows(hit: Hit, customer: str) -> bool:
        times = ends.get((hit.subject.institution, customer), [])
        before = bisect_right(times, hit.last_at)
        return before > 0 and times[before - 1] > hit.last_at - span

    return [hit for hit in hits if any(follows(hit, customer) for customer in hit.customer_ids)]
