"""The kernel behind fan and degree: windows that end with each edge of an account, and the edges they hold."""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

import numpy as np

from amlscreen.ledger.kernel_cache import Codes, Ints, Whole, kernel, part

__all__ = ["fans"]


@part
def _windows(
    edges: Codes, time: Ints, before: Codes, after: Codes, batch_end: Codes, span: Whole, bin_of: Codes, bins: Codes,
    distinct: Whole,
) -> bool:  # fmt: skip
    """Writes the bin of the window that ends with each edge, -1 if its size is in none; whether any is in one."""
    left = 0
    right = 0
    inside = 0
    some = False
    for at in range(edges.size):
        now = time[edges[at]]
        end = batch_end[edges[at]]
        while right < edges.size and edges[right] < end and time[edges[right]] <= now:
            if distinct == 0 or before[edges[right]] < edges[left]:
                inside += 1
            right += 1
        while time[edges[left]] <= now - span:
            if distinct == 0 or after[edges[left]] > edges[right - 1]:
                inside -= 1
            left += 1
        bins[at] = bin_of[min(inside, bin_of.size - 1)]
        some = some or bins[at] >= 0
    return some


@part
def _credit(
    edges: Codes, time: Ints, batch_first: Codes, batch_end: Codes, span: Whole, bins: Codes, held: Codes, out: Codes
) -> None:
    """Counts for each edge the windows of its batch that hold it, by bin; leaves ``held`` as it came, all zero."""
    left = 0
    right = 0
    total = 0
    for at in range(edges.size):
        edge = edges[at]
        now = time[edge]
        while right < edges.size and edges[right] < batch_end[edge] and time[edges[right]] < now + span:
            if bins[right] >= 0:
                held[bins[right]] += 1
                total += 1
            right += 1
        while edges[left] < batch_first[edge] or time[edges[left]] < now:
            if bins[left] >= 0:
                held[bins[left]] -= 1
                total -= 1
            left += 1
        if total:
            for one in range(held.size):
                if held[one]:
                    out[one, edge] = held[one]
    for at in range(left, right):
        if bins[at] >= 0:
            held[bins[at]] = 0


@kernel("void(i4[::1], i4[::1], i8[::1], i4[::1], i4[::1], i4[::1], i4[::1], i8, i4[::1], i8, i8, i8, i4[:, ::1])")
def fans(
    offsets: Codes, order: Codes, time: Ints, before: Codes, after: Codes, batch_first: Codes, batch_end: Codes,
    span: Whole, bin_of: Codes, distinct: Whole, low: Whole, high: Whole, out: Codes,
) -> None:  # fmt: skip
    """For the accounts ``low .. high``: how many windows of each size every edge lies in.

    ``order[offsets[a]:offsets[a + 1]]`` are an account's edges on one side. A window ends with each of them and holds
    those up to ``span`` earlier (half-open) and those of its instant; its size is the number of other accounts
    (``distinct`` 1) or of edges (0). ``bin_of[size]`` is the bin, -1 none, the last entry that of all larger sizes.
    An edge counts the windows of its own batch; writes ``out[bin, edge]``, which comes zeroed.
    """
    held = np.zeros(out.shape[0], np.int32)
    longest = 0
    for account in range(low, high):
        longest = max(longest, offsets[account + 1] - offsets[account])
    bins = np.empty(longest, np.int32)
    for account in range(low, high):
        edges = order[offsets[account] : offsets[account + 1]]
        if edges.size and _windows(edges, time, before, after, batch_end, span, bin_of, bins, distinct):
            _credit(edges, time, batch_first, batch_end, span, bins, held, out)
