"""How long graph features take, on an even graph and with one account in half of all payments, beside IBM's.

    python -m benchmarks.graph_features [--rows 1000000 5000000] [--peers PEERS/bin/python] [--page PAGE]

``PEERS`` is an environment of its own with ``snapml``; without it only ours is measured. Ours is timed from four int64
columns to an Arrow table, theirs is what ``transform`` takes; kernels are compiled before. Where theirs does not answer
within the time limit, it is asked again with a fifth of the payments, and the table says how many it had.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.graph_agreement import Question, answers
from benchmarks.machine import described

from amlscreen.ledger.graph import GraphPlan, Histogram, edge_features

__all__ = ["Line", "main", "payments", "tabled"]

_HOUR, _DAYS = 3_600, 180
_BEGIN, _END = "<!-- measured: begin -->", "<!-- measured: end -->"
_ROUNDS = tuple(range(2, 11))
PLANS = {
    "fan": GraphPlan(fan=Histogram(12 * _HOUR)),
    "degree": GraphPlan(degree=Histogram(12 * _HOUR)),
    "scatter-gather": GraphPlan(scatter_gather=Histogram(120 * _HOUR)),
    "temporal cycle": GraphPlan(temporal_cycle=Histogram(480 * _HOUR)),
    "bounded cycle, 4": GraphPlan(bounded_cycle=Histogram(240 * _HOUR, _ROUNDS), longest=4),
    "figures": GraphPlan(
        figures=("fan", "degree", "ratio", "average", "sum", "variance", "skew", "kurtosis"), keep=480 * _HOUR
    ),
}
"""Spans, bins and figures are IBM's defaults; the length of bounded cycles is 4 where theirs is 10."""
_EVEN_ROWS = {"scatter-gather": 50_000, "temporal cycle": 200_000, "bounded cycle, 4": 200_000, "figures": 200_000}
_HUB_ROWS = {"scatter-gather": 20_000, "temporal cycle": 10_000, "bounded cycle, 4": 10_000}
"""How many payments theirs gets at most, where not a million (even) or 50,000 (hub)."""


@dataclass(frozen=True)
class Line:
    """One feature on one graph: seconds on the wall and of all processors, ours and (if asked) theirs."""

    feature: str
    graph: str
    rows: int
    ours: tuple[float, float]
    their_rows: int = 0
    theirs: tuple[float, float] = (0.0, 0.0)

    def faster(self, which: int) -> float:
        """How many times longer theirs takes for a payment: on the wall (0), of the processors (1)."""
        return (self.theirs[which] / self.their_rows) / (self.ours[which] / self.rows)


def payments(rows: int, graph: str, seed: int = 7) -> np.ndarray:
    """Payments among a tenth as many accounts over 180 days; with a hub, every second one is to or from one account."""
    rng = np.random.default_rng(seed)
    accounts = max(rows // 10, 10)
    payer = rng.integers(0, accounts, rows)
    payee = (payer + rng.integers(1, accounts, rows)) % accounts
    if graph == "hub":
        other, side = rng.integers(1, accounts, rows), rng.integers(0, 4, rows)
        payer, payee = (
            np.select([side == 0, side == 1], [0, other], payer),
            np.select([side == 0, side == 1], [other, 0], payee),
        )
    moment = np.sort(rng.integers(0, _DAYS * 24 * _HOUR, rows)) + 10_000_000
    return np.column_stack([payer, payee, moment, rng.integers(1, 10_000_000, rows)])


def _ours(stream: np.ndarray, plan: GraphPlan, batch: int | None, threads: int) -> tuple[float, float]:
    payer, payee, moment, amount = np.ascontiguousarray(stream.T)
    costs = []
    for _ in range(2):
        wall, cpu = time.perf_counter(), time.process_time()
        edge_features(payer, payee, moment, amount, plan=plan, batch=batch, threads=threads).table()
        costs.append((time.perf_counter() - wall, time.process_time() - cpu))
    return min(costs)


def _theirs(
    peers: str, feature: str, graph: str, batch: int | None, threads: int, limit: float
) -> tuple[int, tuple[float, float]]:
    rows = _EVEN_ROWS.get(feature, 1_000_000) if graph == "even" else _HUB_ROWS.get(feature, 50_000)
    while True:
        question = Question(payments(rows, graph), PLANS[feature], batch)
        try:
            return rows, answers(peers, [question], threads=threads, told="sum", limit=limit)[0][1]
        except subprocess.TimeoutExpired:
            print(f"snapml, {feature}, {graph}: {rows:,} payments took over {limit:.0f} s", file=sys.stderr, flush=True)
            rows //= 5


def tabled(lines: Sequence[Line]) -> str:
    """The figures in Markdown."""
    rows = [
        "| feature | graph | payments | seconds | CPU s | hub / even, CPU | theirs: payments | seconds | CPU s "
        "| times faster a payment | by CPU |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in lines:
        even = next(
            other for other in lines if (other.feature, other.rows, other.graph) == (one.feature, one.rows, "even")
        )
        against = f"{one.ours[1] / even.ours[1]:.2f}" if one.graph == "hub" else ""
        theirs = ("", "", "", "", "")
        if one.their_rows:
            ratios = (f"{one.faster(0):.0f}", f"{one.faster(1):.0f}")
            theirs = (f"{one.their_rows:,}", f"{one.theirs[0]:.1f}", f"{one.theirs[1]:.1f}", *ratios)
        ours = (f"{one.rows:,}", f"{one.ours[0]:.2f}", f"{one.ours[1]:.2f}", against)
        rows.append("| " + " | ".join((one.feature, one.graph, *ours, *theirs)) + " |")
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, and put it into the page between its marks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 5_000_000])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, help="payments that come at a time; default all at once")
    parser.add_argument("--features", nargs="+", choices=list(PLANS), default=list(PLANS))
    parser.add_argument("--peers", help="the Python that has snapml")
    parser.add_argument("--limit", type=float, default=300, help="seconds that theirs may take for one answer")
    parser.add_argument("--page", type=Path, help="the page to write the table into")
    chosen = parser.parse_args(arguments)
    for plan in PLANS.values():
        _ours(payments(1_000, "hub"), plan, None, 1)
    lines = []
    for feature in chosen.features:
        plan = PLANS[feature]
        for graph in ("even", "hub"):
            theirs = (0, (0.0, 0.0))
            if chosen.peers:
                theirs = _theirs(chosen.peers, feature, graph, chosen.batch, chosen.threads, chosen.limit)
            for rows in chosen.rows:
                ours = _ours(payments(rows, graph), plan, chosen.batch, chosen.threads)
                lines.append(Line(feature, graph, rows, ours, *theirs))
                print(lines[-1], file=sys.stderr, flush=True)
    text = f"{described()}; {chosen.threads} threads, {chosen.batch or 'all'} payments at a time.\n\n{tabled(lines)}"
    print(text)
    if chosen.page:
        before, _, rest = chosen.page.read_text(encoding="utf-8").partition(_BEGIN)
        page = f"{before}{_BEGIN}\n{text}\n{_END}{rest.partition(_END)[2]}"
        chosen.page.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
