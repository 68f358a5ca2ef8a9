"""The rows of every hit of a plan at once, as flat arrays: which decide, which are context, and their row sets.

A night can have hundreds of thousands of hits, so that nothing here is done hit by hit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.distinct import distinct
from amlscreen.shapes.judging import Episodes
from amlscreen.shapes.points import View
from amlscreen.shapes.selection import Frame

__all__ = ["HeldRows", "deciding", "distinct_of_hits", "held_rows"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class HeldRows:
    """Frame rows hit after hit: those of hit ``i`` stand from ``offsets[i]`` to ``offsets[i + 1]``, in time order.

    ``part`` counts the row sets in the card's order; ``decides`` marks the rows of the peak.
    """

    offsets: Ints
    rows: Ints
    part: Ints
    decides: NDArray[np.bool_]


def deciding(found: Episodes, view: View) -> tuple[Ints, Ints]:
    """Hit number and frame row of each row that a row set's peaks see, in the order of the hits."""
    points = found.members
    low, size = view.lo[points], view.hi[points] - view.lo[points]
    hit = np.repeat(np.arange(found.start.size), np.diff(found.member_offsets))
    return np.repeat(hit, size), view.rows[_ranges(low, size)]


def held_rows(frame: Frame, found: Episodes, wanted: NDArray[np.bool_], *, context: bool) -> HeldRows:
    """The rows of the ``wanted`` hits; with ``context`` also those of an episode that its peak does not see.

    A row that decides in several row sets stands under the first of them, a row of context under the first it is in.
    Rows of one instant are in the order of the ledger; that of the groups depends on how rows were cut into partitions.
    """
    width = max(frame.rows.size, 1)
    keys, parts = [], []
    for number, name in enumerate(frame.sets):
        hit, row = deciding(found, found.points.views[name])
        keep = wanted[hit]
        keys.append(hit[keep] * width + row[keep])
        parts.append(np.full(keys[-1].size, number, np.int64))
    decided = sum(each.size for each in keys)
    if context:
        hit, row = _standing(frame, found, wanted)
        keys.append(hit * width + row)
        parts.append(_first_set(frame, row))
    key, first = np.unique(np.concatenate(keys), return_index=True)
    hit, row = key // width, key % width
    order = np.lexsort((frame.rows[row], frame.time[row], hit))
    offsets = np.searchsorted(hit, np.arange(found.start.size + 1)).astype(np.int64)
    return HeldRows(offsets, row[order], np.concatenate(parts)[first][order], (first < decided)[order])


def _standing(frame: Frame, found: Episodes, wanted: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Every row of an episode that stands in a row set."""
    numbers = np.flatnonzero(wanted)
    stands = np.flatnonzero(frame.stands())
    low = np.searchsorted(stands, found.start[numbers])
    size = np.searchsorted(stands, found.end[numbers], side="right") - low
    return np.repeat(numbers, size), stands[_ranges(low, size)]


def _first_set(frame: Frame, rows: Ints) -> Ints:
    part = np.zeros(rows.size, np.int64)
    for number, truth in reversed([*enumerate(frame.sets.values())]):
        part[truth.true[rows]] = number
    return part


def _ranges(low: Ints, size: Ints) -> Ints:
    """``low[0], low[0] + 1, ...`` up to ``size[0]`` of them, then those of the next."""
    ends = np.cumsum(size)
    total = int(ends[-1]) if ends.size else 0
    return np.arange(total) - np.repeat(ends - size - low, size)


def distinct_of_hits(hit: Ints, value: Ints, hits: int) -> tuple[Ints, Ints]:
    """The distinct values (numbers of 32 bits) of each hit, rising, and where those of each hit begin."""
    pairs = distinct(hit << 32 | value)
    return pairs & 0xFFFF_FFFF, np.searchsorted(pairs >> 32, np.arange(hits + 1)).astype(np.int64)
