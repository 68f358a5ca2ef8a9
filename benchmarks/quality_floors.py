"""What must hold of the figures. Floors stand a little below what was measured when they were set; raise them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from benchmarks.quality_measure import Quality
from benchmarks.quality_tables import rate_of

from amlscreen.synth import Tier

__all__ = ["broken"]

# Shares with somebody under alert or protected, by strength, and most innocent customers of a thousand under alert.
RINGS: Mapping[Tier, Mapping[str, float]] = {"rich": {}, "ordinary": {}, "poor": {}}
ALONE: Mapping[Tier, Mapping[str, float]] = {"rich": {}, "ordinary": {}, "poor": {}}
PRECISION: Mapping[Tier, Mapping[int, float]] = {"rich": {}, "ordinary": {}, "poor": {}}
MOST_FALSE: Mapping[Tier, float] = {"rich": 20.0, "ordinary": 20.0, "poor": 20.0}
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
