"""Shape ``window``: within T, ``(t - T, t]``, looked at once for each instant with a row."""

from __future__ import annotations

import numpy as np

from amlscreen.ledger import kernels
from amlscreen.rules.grammar import Window, duration_microseconds
from amlscreen.shapes.measures import Points, View
from amlscreen.shapes.selection import Frame

__all__ = ["window_points"]


def window_points(frame: Frame) -> Points:
    """One point for each instant of each group; its window goes back to, not including, ``t - within``."""
    detect = frame.selection.plan.detect
    assert isinstance(detect, Window)
    left = np.empty(frame.rows.size, np.int64)
    closes = np.empty(frame.rows.size, np.bool_)
    kernels.window_left(frame.offsets, frame.time, duration_microseconds(detect.within), left, closes)
    last = np.flatnonzero(closes).astype(np.int64)
    first = left[last]
    views = {}
    for name, truth in frame.sets.items():
        prefix = np.concatenate([np.zeros(1, np.int64), np.cumsum(truth.true, dtype=np.int64)])
        rows = np.flatnonzero(truth.true).astype(np.int64)
        views[name] = View(rows, prefix[first], prefix[last + 1])
    group = np.searchsorted(frame.offsets, last, side="right") - 1
    return Points(group.astype(np.int64), first, last, views)
