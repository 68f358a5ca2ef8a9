"""The arithmetic of the comparison: from scores of payments to scores of holders, and from these to figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.peers_book import Floats, Ints, Part
from numpy.typing import NDArray

__all__ = ["BUDGETS", "LOWEST", "Figures", "figures", "highest", "mean_of"]

BUDGETS = (2.5, 5.0, 10.0, 20.0)
"""How many of a thousand holders are looked at."""
LOWEST = -1e9
"""The score of a holder about whom nothing is said."""


@dataclass(frozen=True)
class Figures:
    """How well one ranking of holders puts the labelled ones first.

    ``ap`` is the average precision; ``f1`` that of the cut-off which takes the share of holders that was labelled in
    the part learnt from, ``best_f1`` the largest of any cut-off; ``precision`` and ``recall`` are those at
    :data:`BUDGETS`.
    """

    ap: float
    f1: float
    best_f1: float
    precision: tuple[float, ...]
    recall: tuple[float, ...]


def highest(scores: Floats, holders: Ints, count: int) -> Floats:
    """Each holder's highest score over the payments in which it takes part; the lowest without any."""
    made = np.full(count, LOWEST)
    for side in range(holders.shape[1]):
        known = holders[:, side] >= 0
        np.maximum.at(made, holders[known, side], scores[known])
    return made


def figures(scores: Floats, part: Part, labelled_share: float) -> Figures:
    """The figures of one ranking; who is not judged is left out, and equal scores share their place."""
    value, truth = scores[part.judged], part.positive[part.judged]
    ends, right = _by_cut(value, truth)
    total = int(truth.sum())
    precision, recall = right / ends, right / max(total, 1)
    gained = np.diff(recall, prepend=0.0)
    f1 = 2 * right / (ends + total)
    chosen = (
        _expected(ends, right, share * len(value)) for share in (labelled_share, *(one / 1000 for one in BUDGETS))
    )
    (size, hit), *rest = chosen
    return Figures(
        float((precision * gained).sum()),
        2 * hit / (size + total),
        float(f1.max()),
        tuple(hits / looked for looked, hits in rest),
        tuple(hits / max(total, 1) for _, hits in rest),
    )


def _by_cut(value: Floats, truth: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """How many stand above each cut-off, and how many of these are labelled; equal scores are not cut apart."""
    order = np.argsort(-value, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(value[order]) != 0, True))
    return ends + 1.0, np.cumsum(truth[order])[ends].astype(float)


def _expected(ends: Floats, right: Floats, wanted: float) -> tuple[float, float]:
    """So many from the top, at least one; among those of equal score as many as chance would give are labelled."""
    size = max(round(wanted), 1)
    return size, float(np.interp(size, np.concatenate([[0.0], ends]), np.concatenate([[0.0], right])))


def mean_of(several: Sequence[Figures]) -> Figures:
    """The mean of the figures of several parts or seeds."""
    table = np.array([(one.ap, one.f1, one.best_f1, *one.precision, *one.recall) for one in several]).mean(axis=0)
    ap, f1, best = (float(one) for one in table[:3])
    width = len(BUDGETS)
    return Figures(ap, f1, best, tuple(table[3 : 3 + width].tolist()), tuple(table[3 + width :].tolist()))
