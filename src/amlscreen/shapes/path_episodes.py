"""Finds of one lead, put together where the spans they were counted over overlap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.partition import Values
from amlscreen.shapes.path_terms import holds
from amlscreen.shapes.plan import Plan

__all__ = ["Span", "episodes_of", "groups_of", "spans_of"]

Ints = NDArray[np.int64]
Span = tuple[int, int, int]
"""Where an episode begins and ends among its lead's finds, both counted, and the find at its peak."""


def groups_of(leads: Ints) -> Ints:
    """Where the finds of each lead begin, with their number at the end; finds are sorted by lead."""
    if not leads.size:
        return np.zeros(1, np.int64)
    return np.concatenate([[0], np.flatnonzero(np.diff(leads)) + 1, [leads.size]]).astype(np.int64)


def spans_of(offsets: Ints, time: Ints, within: int) -> tuple[Ints, Ints]:
    """For each find the first and the last of its lead in ``(time - within, time]``."""
    left, closes = np.empty(time.size, np.int64), np.empty(time.size, np.bool_)
    kernels.window_left(offsets, time, within, left, closes)
    ends = np.flatnonzero(closes)
    return left, ends[np.searchsorted(ends, np.arange(time.size))].astype(np.int64)


def episodes_of(plan: Plan, offsets: Ints, left: Ints, right: Ints, measures: Mapping[str, Values]) -> Iterator[Span]:
    """The episodes in which ``when`` holds.

    The peak is the find with most of what ``when`` names first, and among equals the one with most finds in its span.
    """
    size = left.size
    hit = holds(plan, plan.detect.when, dict(measures), size)
    name = next(plan.detect.when.names(), next(iter(measures)))
    value = np.where(measures[name].is_known(), measures[name].array, np.iinfo(np.int64).min).astype(np.int64)
    finds = right - left
    order = np.lexsort((finds, value))
    steps = (np.diff(value[order]) != 0) | (np.diff(finds[order]) != 0)
    rank = np.empty(size, np.int64)
    rank[order] = np.concatenate([np.zeros(min(size, 1), np.int64), np.cumsum(steps, dtype=np.int64)])
    start, end, peak, group = (np.empty(size, np.int64) for _ in range(4))
    found = kernels.episodes(offsets, left, right, hit, rank, start, end, peak, group)
    yield from zip(start[:found].tolist(), end[:found].tolist(), peak[:found].tolist(), strict=True)
