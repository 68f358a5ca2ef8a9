"""Shape ``window``: within T, ``(t - T, t]``, looked at once for each instant with a row."""

from __future__ import annotations

import numpy as np

from amlscreen.ledger import kernels
from amlscreen.rules.grammar import Window, duration_microseconds
from amlscreen.shapes.points import Points, View
from amlscreen.shapes.selection import Frame

__all__ = ["window_points"]


def window_points(frame: Frame) -> Points:
    """One point for each instant at which a row stands in a row set; its window reaches back to T before."""
    detect = frame.selection.plan.detect
    assert isinstance(detect, Window)
    made = [np.empty(frame.rows.size, np.int64) for _ in range(5)]
    stands = np.ascontiguousarray(frame.stands())
    found = kernels.windows(frame.offsets, frame.time, stands, duration_microseconds(detect.within), *made)
    group, first, last, begin, until = (each[:found] for each in made)
    views = {}
    for name, truth in frame.sets.items():
        lo, hi = np.empty(found, np.int64), np.empty(found, np.int64)
        kernels.slices_of(truth.true, begin, until, lo, hi)
        views[name] = View(np.flatnonzero(truth.true), lo, hi)
    return Points(group, first, last, begin, until, views)
