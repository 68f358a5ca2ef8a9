"""Average precision, precision and recall at review budgets, with intervals from resampling.

Resampling draws whole planted instances (all customers of a ring at once, since they are found or missed together) and
innocent customers apart, each as many as there are. Of innocents only how many stand between two targets matters; drawn
with replacement these counts are multinomial, so a bank of a million costs no more than one of a thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Figure", "Standings", "average_precision", "figures_of", "precision_of_points", "wilson"]

_LOW, _HIGH = 2.5, 97.5
_MOST_CELLS = 4_000_000  # of one block of resamples


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval; None where it cannot be told."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Standings:
    """What the figures are made of: customers in order, those left out aside.

    ``targets`` are customer numbers; ``places`` theirs among all customers, from 0 on; ``known`` how many customers
    about whom something is known stand before each; ``unit`` numbers the instance each belongs to. ``known_within``
    counts the known customers in the first 0, 1, 2, ... places.
    """

    targets: NDArray[np.int64]
    places: NDArray[np.int64]
    known: NDArray[np.int64]
    unit: NDArray[np.int64]
    customers: int
    innocents: int
    known_within: NDArray[np.int64]

    @classmethod
    def of(cls, state: NDArray[np.int8], unit: NDArray[np.int64], order: NDArray[np.int64]) -> Standings:
        """By customer number ``state`` (1 target, 0 innocent, -1 left out) and ``unit``; ``order`` of those numbers."""
        state = state[order]
        known_within = np.concatenate([[0], np.cumsum(state >= 0)]).astype(np.int64)
        places = np.flatnonzero(state == 1).astype(np.int64)
        innocents = int((state == 0).sum())
        targets = order[places]
        return cls(targets, places, known_within[places], unit[targets], len(state), innocents, known_within)

    def slots(self, budget: float) -> int:
        """How many customers a share of all is: at least one, halves up."""
        return min(self.customers, max(1, int(self.customers * budget + 0.5)))


def average_precision(known_before: NDArray[np.int64]) -> float | None:
    """The mean, over targets, of the share of targets among those no later; None without a target.

    ``known_before`` counts, for each target in order, the customers before it.
    """
    if not len(known_before):
        return None
    return float(np.mean(np.arange(1, len(known_before) + 1) / (known_before + 1)))


def precision_of_points(score: NDArray[np.int64], is_target: NDArray[np.bool_]) -> float | None:
    """Average precision of the points alone: customers with equal points are reached together.

    Source: scikit-learn's ``average_precision_score``, which steps through thresholds likewise.
    """
    if not is_target.any():
        return None
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.diff(score[order], append=np.int64(-1) << 40))
    found = np.cumsum(is_target[order])[ends]
    return float((np.diff(found, prepend=0) * found / (ends + 1)).sum() / found[-1])


def figures_of(
    standings: Standings, budgets: Sequence[float], *, resamples: int, seed: int
) -> tuple[Figure, list[tuple[Figure, Figure]]]:
    """Average precision, and precision and recall at each budget (a share of all customers)."""
    slots = [standings.slots(budget) for budget in budgets]
    targets = len(standings.places)
    found = [int(np.searchsorted(standings.places, slot)) for slot in slots]
    known = [int(standings.known_within[slot]) for slot in slots]
    value = average_precision(standings.known)
    if not targets:
        return Figure(None), [(Figure(None), Figure(None)) for _ in slots]
    drawn = _resampled(standings, known, resamples, seed)
    low, high = np.percentile(drawn, [_LOW, _HIGH], axis=0) if resamples else (np.full(1 + 2 * len(slots), np.nan),) * 2

    def between(value: float | None, column: int) -> Figure:
        return Figure(value, float(low[column]), float(high[column])) if resamples else Figure(value)

    pairs = []
    for number, (right, looked_at) in enumerate(zip(found, known, strict=True)):
        precision = right / looked_at if looked_at else None
        pairs.append((between(precision, 1 + 2 * number), between(right / targets, 2 + 2 * number)))
    return between(value, 0), pairs


def unit_weights(unit: NDArray[np.int64], resamples: int, seed: int) -> NDArray[np.int64]:
    """How often each target is drawn in each resample: as often as its instance."""
    units, member_of = np.unique(unit, return_inverse=True)
    draws = np.random.default_rng(seed).multinomial(len(units), np.full(len(units), 1 / len(units)), size=resamples)
    return np.asarray(draws[:, member_of], np.int64)


def _resampled(standings: Standings, known: Sequence[int], resamples: int, seed: int) -> NDArray[np.float64]:
    """By resample: average precision, then precision and recall at each budget."""
    targets = len(standings.places)
    before = standings.known - np.arange(targets)
    between = np.diff(before, prepend=0, append=standings.innocents)
    shares = between / max(standings.innocents, 1)
    chance = np.random.default_rng([seed, 1])
    weights = unit_weights(standings.unit, resamples, seed)
    made = np.empty((resamples, 1 + 2 * len(known)))
    step = max(1, _MOST_CELLS // (targets + 1))
    for start in range(0, resamples, step):
        weight = weights[start : start + step]
        innocents = chance.multinomial(standings.innocents, shares, size=len(weight)) if standings.innocents else 0
        innocent_before = np.cumsum(innocents, axis=1)[:, :-1] if standings.innocents else np.zeros_like(weight)
        target_until = np.cumsum(weight, axis=1)
        reached = target_until + innocent_before
        whole = np.maximum(target_until[:, -1], 1)
        block = made[start : start + step]
        block[:, 0] = (weight * target_until / np.maximum(reached, 1)).sum(axis=1) / whole
        for number, looked_at in enumerate(known):
            right = (weight * (reached <= looked_at)).sum(axis=1)
            block[:, 1 + 2 * number] = right / max(looked_at, 1)
            block[:, 2 + 2 * number] = right / whole
    return made


def wilson(found: int, of: int) -> Figure:
    """A share with its 95 % interval. Source: Wilson (1927), as in Brown, Cai and DasGupta (2001)."""
    if not of:
        return Figure(None)
    z2 = 1.959964**2
    share = found / of
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = (1.959964 / (1 + z2 / of)) * (share * (1 - share) / of + z2 / (4 * of * of)) ** 0.5
    return Figure(share, middle - half if found else 0.0, middle + half if found < of else 1.0)
