"""What must hold of the figures. Floors stand a little below what was measured when they were set; raise them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from benchmarks.quality_measure import Quality
from benchmarks.quality_tables import rate_of

from amlscreen.synth import Tier

__all__ = ["broken", "wanted"]

# Shares with somebody under alert or protected, by strength.
RINGS: Mapping[Tier, Mapping[str, float]] = {
    "rich": {"blatant": 0.85, "moderate": 0.7, "subtle": 0.45},
    "ordinary": {"blatant": 0.85, "moderate": 0.65, "subtle": 0.45},
    "poor": {},
}
ALONE: Mapping[Tier, Mapping[str, float]] = {
    "rich": {"blatant": 0.42, "moderate": 0.33, "subtle": 0.22},
    "ordinary": {"blatant": 0.36, "moderate": 0.28, "subtle": 0.2},
    "poor": {},
}
# Share of the first 0.5, 1 and 2 per cent who have a part in something planted; by chance it is 0.06.
PRECISION: Mapping[Tier, Mapping[int, float]] = {
    "rich": {5: 0.18, 10: 0.3, 20: 0.38},
    "ordinary": {5: 0.15, 10: 0.24, 20: 0.32},
    "poor": {5: 0.15, 10: 0.22, 20: 0.35},
}
# Most innocent customers of a thousand under alert: what must not get worse, and what a team could live with.
MOST_FALSE: Mapping[Tier, float] = {"rich": 40.0, "ordinary": 40.0, "poor": 20.0}
WANTED_FALSE = 20.0
# Of the mean rate of false alerts; only for groups of at least a thousand innocents.
MOST_UNEVEN = 2.0
_LEAST_GROUP = 1_000


def broken(q: Quality) -> Iterable[str]:
    """Each floor that does not hold, in words."""
    for rings, name, floors in ((True, "rings", RINGS), (False, "single patterns", ALONE)):
        for strength, floor in floors[q.tier].items():
            found = q.under(rings=rings, intensity=strength)
            if found < floor:
                yield f"{q.tier}: {strength} {name} under alert or protected {found:.0%}, floor {floor:.0%}"
    for per_mille, floor in PRECISION[q.tier].items():
        if q.precision(per_mille) < floor:
            yield f"{q.tier}: precision at {per_mille / 10:g} % is {q.precision(per_mille):.0%}, floor {floor:.0%}"
    if q.false_per_thousand > MOST_FALSE[q.tier]:
        yield f"{q.tier}: {q.false_per_thousand:.1f} of 1,000 innocents under alert, most {MOST_FALSE[q.tier]}"
    if q.victims["both"]:
        yield f"{q.tier}: {q.victims['both']} protected people stand in alerts; none may"
    yield from _uneven(q)


def _uneven(q: Quality) -> Iterable[str]:
    whole = rate_of(q, "innocent person")
    for name, size in q.everybody.items():
        if name.startswith("innocent ") and size >= _LEAST_GROUP and rate_of(q, name) > MOST_UNEVEN * whole:
            yield f"{q.tier}: false alerts on {name} are {rate_of(q, name) / whole:.1f} times the mean"


def wanted(q: Quality) -> Iterable[str]:
    """What no floor asks for yet and a team would."""
    if q.false_per_thousand > WANTED_FALSE:
        yield f"{q.tier}: {q.false_per_thousand:.1f} of 1,000 innocents under alert; at most {WANTED_FALSE:g} wanted"
    if q.victims["account"]:
        yield f"{q.tier}: account numbers of {q.victims['account']:,} protected people stand in alerts"
