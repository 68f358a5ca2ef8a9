"""Shape ``window``: within T, ``(t - T, t]``, looked at once for each instant with a row."""

from __future__ import annotations

import numpy as np

from amlscreen.ledger import kernels
from amlscreen.rules.grammar import Window, duration_microseconds
from amlscreen.shapes.measures import Points, View
from amlscreen.shapes.selection import Frame

__all__ = ["window_points"]


def window_points(frame: Frame) -> Points:
    """One point for each instant at which a row stands in a row set; its window reaches back to T before."""
    detect = frame.selection.plan.detect
    assert isinstance(detect, Window)
    left = np.empty(frame.rows.size, np.int64)
    closes = np.empty(frame.rows.size, np.bool_)
    kernels.window_left(frame.offsets, frame.time, duration_microseconds(detect.within), left, closes)
    right = np.flatnonzero(closes).astype(np.int64)
    in_a_set = frame.stands()
    stands = np.flatnonzero(in_a_set).astype(np.int64)
    standing = np.concatenate([np.zeros(1, np.int64), np.cumsum(in_a_set, dtype=np.int64)])
    begun = np.concatenate([np.zeros(1, np.int64), right[:-1] + 1])[: right.size]
    right = right[standing[right + 1] > standing[begun]]
    begin = left[right]
    views = {}
    for name, truth in frame.sets.items():
        prefix = np.concatenate([np.zeros(1, np.int64), np.cumsum(truth.true, dtype=np.int64)])
        views[name] = View(np.flatnonzero(truth.true).astype(np.int64), prefix[begin], prefix[right + 1])
    group = (np.searchsorted(frame.offsets, right, side="right") - 1).astype(np.int64)
    return Points(group, stands[standing[begin]], stands[standing[right + 1] - 1], begin, right, views)
