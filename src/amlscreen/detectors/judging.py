"""How odd each row of a table is, so that neither the order of the rows nor the number of threads matters.

Rows are put into an order of their own, by a hash of their values. Equal rows are judged once, so that a copied subject
gets the copied number bit for bit, whatever libraries do at the ends of arrays. A large table is learned from by a
sample: the rows with the smallest hashes, where each copy of a row has a hash of its own. So the sample is the same on
every run, and a subject more or less changes at most one of its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.detectors.contract import Detector, Floats, Table
from amlscreen.detectors.named import Named
from amlscreen.errors import DetectorError

__all__ = ["Judged", "judge"]

Ints = NDArray[np.int64]
_Hashes = NDArray[np.uint64]
_CHUNK = 50_000
"""So many rows are judged at a time."""
_DIGITS = 9
"""Oddness is read to so many digits of a typical one: what is left of rounding orders nobody."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Judged:
    """A fitted detector, the oddness of each row, and how many rows it learned from."""

    detector: Detector
    oddness: Floats
    learned_from: int


def judge(named: Named, table: Table, *, seed: int, threads: int = 1) -> Judged:
    """Learn from a table and judge each of its rows; ``DetectorError`` where the detector does not take so many."""
    size, detector, learns_from, by_column = table.rows.shape[0], named.detector, named.learns_from, named.by_column
    if detector.most_rows is not None and size > detector.most_rows:
        raise DetectorError(
            f"Detector '{detector.name}' compares rows pair by pair and takes at most {detector.most_rows:,} of them; "
            f"there are {size:,}.",
            fix="Name another detector, for example isolation_forest, in the card.",
        )
    hashes = _hashes(table.rows, seed)
    order = np.argsort(hashes, kind="stable")
    ranked = hashes[order]
    new = np.ones(size, np.bool_)
    new[1:] = ranked[1:] != ranked[:-1]
    slot = np.cumsum(new) - 1
    first = order[new]
    sample = order[_sample(ranked, np.flatnonzero(new)[slot], learns_from)]
    as_it_is = by_column and sample.size == size
    fitted = detector.fit(table if as_it_is else table.at(sample, by_column=by_column), seed=seed)
    chunks = [first[at : at + _CHUNK] for at in range(0, first.size, _CHUNK)]
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        scores: Sequence[Floats] = list(
            pool.map(lambda rows: fitted.oddness(table.at(rows, by_column=by_column)), chunks)
        )
    oddness = np.empty(size, np.float64)
    oddness[order] = _rounded(np.concatenate([*scores, np.empty(0)]))[slot]
    return Judged(fitted, oddness, sample.size)


def _hashes(rows: Floats, seed: int) -> _Hashes:
    """A number for the values of each row: the same for equal rows, and for others only by the rarest accident."""
    total = np.full(rows.shape[0], _mixed(np.array([seed], np.uint64))[0])
    for column in rows.T:
        bits = (column + 0.0).view(np.uint64)  # minus zero is zero
        total = _mixed(total + bits)
    return total


def _mixed(values: _Hashes) -> _Hashes:
    """The finaliser of splitmix64 (Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, 2014)."""
    mixed = values + _GOLDEN
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _sample(ranked: _Hashes, begins: Ints, most: int | None) -> Ints:
    """Places of the rows to learn from, rising; all of them where they are few enough."""
    if most is None or ranked.size <= most:
        return np.arange(ranked.size)
    copy = (np.arange(ranked.size) - begins).astype(np.uint64)
    own = np.where(copy == 0, ranked, _mixed(ranked + copy))
    return np.sort(np.argpartition(_mixed(own), most - 1)[:most])


def _rounded(scores: Floats) -> Floats:
    if not np.isfinite(scores).all():
        raise DetectorError("A detector gave an oddness that is not a finite number.", fix="Name another in the card.")
    typical = float(np.median(np.abs(scores))) or float(np.max(np.abs(scores), initial=0.0))
    if not typical:
        return scores
    step = 10.0 ** (np.floor(np.log10(typical)) - _DIGITS)
    rounded: Floats = np.round(scores / step) * step
    return rounded
