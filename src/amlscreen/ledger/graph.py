"""Graph features of each payment of a stream: fan, degree, scatter-gather, cycles and figures of both accounts.

The definitions are those that IBM's Graph Feature Preprocessor (snapml 1.17) was found to have; see
docs/decisions/0026-graph-features.md, where each is written down and how it was held equal. In short:

- The stream is sorted by time and comes in *batches*. A pattern is closed by one of its edges, the last; it counts at
  each of its edges that lies in the batch of the one that closes it. With ``batch=1`` no feature knows anything later
  than its payment; with one batch of everything, a payment counts what it later became part of.
- A *fan* in (out) ends with each payment to (from) an account and holds those of less than the span before; its size
  is the number of different accounts on the other side, that of a *degree* the number of payments.
- A *scatter-gather* is one account that pays several, who pay one other, within the span; its size is how many they
  are.
- A *temporal cycle* is a round of different accounts, each payment later than the one before, within the span; a
  *bounded cycle* needs no order but has at most ``longest`` accounts. Size is the number of accounts.
- A histogram counts patterns by size: bin ``b`` those above ``bins[b - 1]`` up to ``bins[b]``, the first all from 2,
  the last all larger ones. Nothing smaller than two is a pattern.

A payment of an account to itself is no edge: it has zeros and counts nowhere. Times and amounts are whole numbers of
any unit; memory is four bytes per edge and bin that counts something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.errors import DataError
from amlscreen.ledger.graph_layout import Layout, laid_out
from amlscreen.ledger.graph_work import cycle_counts, fan_counts, figures_of, scatter_gather_counts
from amlscreen.ledger.kernel_cache import Codes, Ints
from amlscreen.ledger.kernels_graph_stats import FIGURES

__all__ = ["FIGURES", "SIDES", "EdgeFeatures", "GraphPlan", "Histogram", "edge_features"]

SIDES = ("payer_paid", "payer_got", "payee_paid", "payee_got")
"""Whose figures, and of which payments: those the payer paid, those it got, and the same of the payee."""

_SIZES = tuple(range(2, 31))
_MOST_SUM = 2**62
_Kind = TypeVar("_Kind", bound=np.generic)


@dataclass(frozen=True)
class Histogram:
    """A pattern that is asked for: how far apart in time its payments may be, and the largest size of each bin.

    The last bin takes all larger ones too.
    """

    span: int
    bins: tuple[int, ...] = _SIZES

    def __post_init__(self) -> None:
        """``DataError`` unless the span is above zero and bins rise from 2 or more."""
        if self.span < 1:
            raise DataError(f"The span of a pattern is at least 1 unit of time; {self.span} was asked for.")
        if not self.bins or self.bins[0] < 2 or any(one >= other for one, other in pairwise(self.bins)):
            raise DataError(f"Bins are sizes that rise from 2 or more; {list(self.bins)} were asked for.")

    def names(self, pattern: str) -> list[str]:
        """A name for each bin, such as ``fan_in_2``, ``fan_in_4_to_9``, ``fan_in_30_or_more``."""
        ends = [1, *self.bins]
        sizes = [f"{low + 1}" if high == low + 1 else f"{low + 1}_to_{high}" for low, high in pairwise(ends[:-1])]
        return [f"{pattern}_{size}" for size in (*sizes, f"{ends[-2] + 1}_or_more")]

    def bin_of(self) -> Codes:
        """The bin of each size from 0 on, -1 for none; the last entry is that of all larger sizes."""
        table = np.searchsorted(np.array(self.bins), np.arange(self.bins[-1] + 1)).astype(np.int32)
        table[:2] = -1
        return table


@dataclass(frozen=True)
class GraphPlan:
    """Which features are asked for. ``figures`` are names of ``FIGURES``; they need amounts.

    ``keep`` is how long a payment is known to later batches, for figures and scatter-gathers; default the longest span.
    ``longest`` is the most accounts of a bounded cycle.
    """

    fan: Histogram | None = None
    degree: Histogram | None = None
    scatter_gather: Histogram | None = None
    temporal_cycle: Histogram | None = None
    bounded_cycle: Histogram | None = None
    longest: int = 10
    figures: tuple[str, ...] = ()
    keep: int | None = None

    def __post_init__(self) -> None:
        """``DataError`` for a figure that does not exist or a cycle of fewer than two accounts."""
        unknown = [name for name in self.figures if name not in FIGURES]
        if unknown:
            raise DataError(f"There are no figures {unknown}; there are {list(FIGURES)}.")
        if self.longest < 2:
            raise DataError(f"A cycle has at least 2 accounts; at most {self.longest} were asked for.")

    def names(self) -> dict[str, list[str]]:
        """The columns of each block, in the order of the table."""
        asked = {
            "fan_in": self.fan,
            "fan_out": self.fan,
            "degree_in": self.degree,
            "degree_out": self.degree,
            "scatter_gather": self.scatter_gather,
            "temporal_cycle": self.temporal_cycle,
            "bounded_cycle": self.bounded_cycle,
        }
        names = {pattern: one.names(pattern) for pattern, one in asked.items() if one is not None}
        if self.figures:
            names |= {side: [f"{side}_{figure}" for figure in self.figures] for side in SIDES}
        return names

    def kept(self) -> int:
        """``keep``, or the longest span; ``DataError`` if there is neither."""
        patterns = (self.fan, self.degree, self.scatter_gather, self.temporal_cycle, self.bounded_cycle)
        spans = [one.span for one in patterns if one is not None]
        if self.keep is None and not spans:
            raise DataError("Say how long a payment counts in the figures (keep): no pattern with a span is asked for.")
        return max(spans) if self.keep is None else self.keep


@dataclass(frozen=True)
class EdgeFeatures:
    """Features of each payment, in the order of the stream.

    ``counts[pattern][bin, row]`` are patterns of each size, ``figures[side][figure, row]`` those of both accounts;
    ``names`` their columns, in the order of :meth:`table`.
    """

    counts: Mapping[str, Codes]
    figures: Mapping[str, NDArray[np.float64]]
    names: Mapping[str, Sequence[str]]

    def table(self) -> pa.Table:
        """All of them as columns; nothing is copied."""
        blocks: dict[str, NDArray[np.float64] | Codes] = {**self.counts, **self.figures}
        return pa.table(
            {
                name: pa.array(column)
                for block, names in self.names.items()
                for name, column in zip(names, blocks[block], strict=True)
            }
        )


def edge_features(
    source: Ints,
    target: Ints,
    time: Ints,
    amount: Ints | None = None,
    *,
    plan: GraphPlan,
    batch: int | None = None,
    threads: int = 2,
) -> EdgeFeatures:
    """Features of each payment of a stream that is sorted by time; ``DataError`` if it is not.

    ``source``, ``target``, ``time`` and ``amount`` are int64, one entry a payment. ``batch`` payments come at a time,
    None all at once. The same whatever ``threads`` is.
    """
    layout = laid_out(source, target, time, batch)
    counts: dict[str, Codes] = {}
    for pattern, asked in (("fan", plan.fan), ("degree", plan.degree)):
        if asked is not None:
            ways = fan_counts(layout, asked.span, asked.bin_of(), len(asked.bins), threads, distinct=pattern == "fan")
            counts |= {f"{pattern}_in": ways[0], f"{pattern}_out": ways[1]}
    if (asked := plan.scatter_gather) is not None:
        counts["scatter_gather"] = scatter_gather_counts(
            layout, asked.span, asked.bin_of(), len(asked.bins), threads, plan.kept()
        )
    for pattern, asked, most in (
        ("temporal_cycle", plan.temporal_cycle, None),
        ("bounded_cycle", plan.bounded_cycle, plan.longest),
    ):
        if asked is not None:
            counts[pattern] = cycle_counts(layout, asked.span, asked.bin_of(), len(asked.bins), threads, most)
    figures = _figures(layout, amount, plan, threads)
    size = source.size
    return EdgeFeatures(
        {name: _in_stream(block, layout, size) for name, block in counts.items()},
        {name: _in_stream(block, layout, size) for name, block in figures.items()},
        plan.names(),
    )


def _figures(layout: Layout, amount: Ints | None, plan: GraphPlan, threads: int) -> dict[str, NDArray[np.float64]]:
    if not plan.figures:
        return {}
    if amount is None:
        raise DataError("Figures of amounts are asked for, but no amounts are given.")
    if amount.size and int(np.abs(amount).max()) > _MOST_SUM // amount.size:
        raise DataError("Amounts are too large: their sum may not fit. Use a larger unit.")
    known = layout.known(plan.kept())
    value = amount if layout.rows is None else amount[layout.rows]
    wanted = np.array([FIGURES.index(name) for name in plan.figures], np.int32)
    blocks = figures_of(layout, value, known, wanted, threads)
    return {side: blocks[place % 2][place // 2] for place, side in enumerate(SIDES)}


def _in_stream(block: NDArray[_Kind], layout: Layout, size: int) -> NDArray[_Kind]:
    """With zeros where an account paid itself."""
    if layout.rows is None:
        return block
    whole = np.zeros((block.shape[0], size), block.dtype)
    whole[:, layout.rows] = block
    return whole
