"""Which typologies an alert looks like: the parts that were seen, those that were not, those nobody could look for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from amlscreen.alerting.scoring import Row
from amlscreen.rules.typology import Part, Typology

__all__ = ["Fit", "best_fits", "typology_row"]

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Fit:
    """How well one typology fits: its parts that were seen, that were not, and that no rule could look for."""

    typology: Typology
    seen: tuple[Part, ...]
    missing: tuple[Part, ...]
    blind: tuple[Part, ...]

    @property
    def share(self) -> int:
        """Parts seen of those that could be looked for, in millionths."""
        return len(self.seen) * 1_000_000 // (len(self.seen) + len(self.missing))


def best_fits(rules: Collection[str], looked_at: Collection[str], typologies: Iterable[Typology]) -> tuple[Fit, ...]:
    """The best-fitting typologies, best first: by parts seen, then by their share, then by id; three at most.

    ``rules`` have open hits; ``looked_at`` are all rules that could be run.
    """
    found = frozenset(rules)
    fitting = [_fit(found, looked_at, typology) for typology in typologies if _fits(found, typology)]
    return tuple(sorted(fitting, key=lambda one: (-len(one.seen), -one.share, one.typology.id))[:MOST_NAMED])


def _fits(rules: frozenset[str], typology: Typology) -> bool:
    """Asked of everybody with a hit, and mostly no: so nothing is made for it."""
    seen = 0
    for part in typology.parts:
        if not rules.isdisjoint(part.rules):
            seen += 1
        elif part.core:
            return False
    return seen >= typology.least_parts


def _fit(rules: frozenset[str], looked_at: Collection[str], typology: Typology) -> Fit:
    seen: list[Part] = []
    missing: list[Part] = []
    blind: list[Part] = []
    for part in typology.parts:
        if not rules.isdisjoint(part.rules):
            seen.append(part)
        else:
            (missing if any(rule in looked_at for rule in part.rules) else blind).append(part)
    return Fit(typology, tuple(seen), tuple(missing), tuple(blind))


def typology_row(fits: Sequence[Fit]) -> Row | None:
    """The row of the score for the typology that fits best; it raises the order and lets nothing alert."""
    if not fits or not fits[0].typology.points:
        return None
    best = fits[0]
    values: dict[str, object] = {"typology": best.typology, "count": len(best.seen), "parts": len(best.typology.parts)}
    return Row("typology", "", best.typology.points, reason="typology", values=values)
