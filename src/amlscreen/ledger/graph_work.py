"""Runs the graph kernels over a layout, on several threads, and puts together what each found."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.graph_layout import Layout
from amlscreen.ledger.kernel_cache import Codes, Ints
from amlscreen.ledger.kernels_graph_cycle import cycles, spread_steps
from amlscreen.ledger.kernels_graph_fan import fans
from amlscreen.ledger.kernels_graph_scatter import scatter_gathers
from amlscreen.ledger.kernels_graph_stats import account_figures

__all__ = ["cycle_counts", "fan_counts", "figures_of", "scatter_gather_counts"]

_PIECES = 16
Range = tuple[int, int]


def fan_counts(
    layout: Layout, span: int, bin_of: Codes, bins: int, threads: int, *, distinct: bool
) -> tuple[Codes, Codes]:
    """Windows by size at each edge: those of its payee's takings, and those of what its payer paid."""
    sides = ((layout.got_offsets, layout.got), (layout.paid_offsets, layout.paid))
    out = tuple(np.zeros((bins, layout.edges), np.int32) for _ in sides)
    todo = iter([(side, piece) for side, (offsets, _) in enumerate(sides) for piece in _by_edges(offsets)])

    def work(_: int) -> None:
        for side, (low, high) in todo:
            fans(
                *sides[side], layout.time, layout.before, layout.after, layout.batch_first, layout.batch_end, span,
                bin_of, int(distinct), low, high, out[side],
            )  # fmt: skip

    _together(work, threads)
    return out[0], out[1]


def cycle_counts(layout: Layout, span: int, bin_of: Codes, bins: int, threads: int, most: int | None) -> Codes:
    """Cycles by size at each edge: temporal ones if ``most`` is None, else any of at most so many accounts."""
    graph = (*layout.searched(span), *layout.neighbours())
    hub = layout.hub()
    limit = layout.accounts if most is None else min(most, layout.accounts)

    def search(low: int, high: int, out: Codes, steps: Codes, touched: Codes) -> None:
        cycles(graph, hub, limit, int(most is None), bin_of, low, high, out, steps, touched)

    return _searched(layout, bins, threads, search)


def scatter_gather_counts(layout: Layout, span: int, bin_of: Codes, bins: int, threads: int, keep: int) -> Codes:
    """Scatter-gathers by size at each edge."""
    graph = (*layout.searched(span), layout.known(keep))

    def search(low: int, high: int, out: Codes, _: Codes, touched: Codes) -> None:
        scatter_gathers(graph, bin_of, low, high, out, touched)

    return _searched(layout, bins, threads, search)


def figures_of(layout: Layout, value: Ints, known: Codes, wanted: Codes, threads: int) -> list[NDArray[np.float64]]:
    """Figures of what accounts paid and of what they got: of the payer and of the payee of each edge."""
    sides = (layout.paid_offsets, layout.paid, layout.got_offsets, layout.got)
    out = [np.zeros((2, wanted.size, layout.edges)) for _ in range(2)]
    todo = iter([(side, piece) for side in range(2) for piece in _by_edges(layout.paid_offsets + layout.got_offsets)])
    medians = int((wanted == _MEDIAN).any())

    def work(_: int) -> None:
        for side, (low, high) in todo:
            account_figures(
                sides, side, value, layout.before, layout.after, layout.batch_end, known, wanted, medians, low, high,
                out[side],
            )  # fmt: skip

    _together(work, threads)
    return out


_MEDIAN = 7


def _searched(
    layout: Layout, bins: int, threads: int, search: Callable[[int, int, Codes, Codes, Codes], None]
) -> Codes:
    """Runs a search from each edge, every thread with counts of its own, and adds them up where there are any."""
    todo = iter(_evenly(layout.edges))
    found = []

    def work(_: int) -> None:
        out = np.zeros((bins, layout.edges), np.int32)
        steps = np.zeros((bins, layout.edges + 1), np.int32)
        touched = np.zeros(bins, np.int32)
        for low, high in todo:
            search(low, high, out, steps, touched)
        for one in np.flatnonzero(touched == 2):
            spread_steps(layout.pairs, steps, int(one), out)
        found.append((out, touched))

    _together(work, threads)
    total, _ = found[0]
    for out, touched in found[1:]:
        for one in np.flatnonzero(touched):
            total[one] += out[one]
    return total


def _together(work: Callable[[int], None], threads: int) -> None:
    """The same work on each thread; they take pieces from one list, so none waits long for another."""
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        list(pool.map(work, range(max(threads, 1))))


def _evenly(count: int) -> list[Range]:
    """Ranges that make up ``0 .. count``."""
    step = max(-(-count // (8 * _PIECES)), 1)
    return [(low, min(low + step, count)) for low in range(0, count, step)]


def _by_edges(offsets: Codes) -> list[Range]:
    """Ranges of accounts with about as many edges each."""
    cuts = np.searchsorted(offsets, np.linspace(0, offsets[-1], _PIECES + 1)[1:-1])
    edges = np.unique(np.concatenate([[0], cuts, [offsets.size - 1]]))
    return [(int(low), int(high)) for low, high in pairwise(edges)]
