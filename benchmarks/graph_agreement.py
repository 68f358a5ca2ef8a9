"""Whether our graph features are those of IBM's Graph Feature Preprocessor, number for number, on random streams.

    python -m benchmarks.graph_agreement --peers PEERS/bin/python [--streams 400] [--seed 0]

``PEERS`` is an environment of its own with ``snapml`` (see requirements-peers.lock). Streams differ in size, number of
accounts, repeated pairs, equal instants, a hub, spans, batches and bins; every one is answered by both. Nobody pays
itself in them, and time does not begin near zero: there ``snapml`` answers differently (docs/decisions/0026).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.child import ROOT
from numpy.typing import NDArray

from amlscreen.ledger.graph import FIGURES, GraphPlan, Histogram, edge_features

__all__ = ["PATTERNS", "Question", "answers", "differences", "main", "parameters"]

Ints = NDArray[np.int64]
PATTERNS = {
    "fan": "fan",
    "degree": "degree",
    "scatter_gather": "scatter-gather",
    "temporal_cycle": "temp-cycle",
    "bounded_cycle": "lc-cycle",
}
"""Our patterns, and how theirs are called, in the order of their columns."""


@dataclass(frozen=True)
class Question:
    """A stream (columns payer, payee, time, amount), what is asked of it, and in batches of how many."""

    rows: Ints
    plan: GraphPlan
    batch: int | None


def parameters(plan: GraphPlan, threads: int) -> dict[str, object]:
    """A plan as parameters of ``snapml``."""
    asked: dict[str, object] = {"num_threads": threads, "time_window": plan.kept(), "lc-cycle_len": plan.longest}
    for ours, theirs in PATTERNS.items():
        histogram: Histogram | None = getattr(plan, ours)
        if histogram is not None:
            asked |= {theirs: True, f"{theirs}_tw": histogram.span, f"{theirs}_bins": list(histogram.bins)}
    if plan.figures:
        feats = [FIGURES.index(name) for name in plan.figures]
        asked |= {"vertex_stats": True, "vertex_stats_cols": [4], "vertex_stats_feats": feats}
        asked["vertex_stats_tw"] = plan.kept()
    return asked


def answers(
    peers: str, questions: Sequence[Question], *, threads: int, told: str = "features", limit: float = 3_600
) -> list[tuple[NDArray[np.float64], tuple[float, float]]]:
    """What ``snapml`` says to each question (or the sum of it), in how many seconds on the wall and of all processors.

    ``subprocess.TimeoutExpired`` after ``limit`` seconds.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder, "asked.npz"), Path(folder, "answered.npz")
        arrays: dict[str, NDArray[np.int64] | NDArray[np.str_]] = {}
        for number, one in enumerate(questions):
            settings = {"parameters": parameters(one.plan, threads), "batch": one.batch, "told": told}
            arrays |= {f"rows_{number}": one.rows, f"settings_{number}": np.array(json.dumps(settings))}
        with asked.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # its stubs take keywords for options only
        subprocess.run(
            [peers, "-m", "benchmarks.graph_peer", str(asked), str(answered)], check=True, cwd=ROOT, timeout=limit
        )
        with np.load(answered) as found:
            seconds = [
                (float(wall), float(cpu)) for wall, cpu in (found[f"seconds_{at}"] for at in range(len(questions)))
            ]
            return [(found[f"features_{at}"], one) for at, one in enumerate(seconds)]


def differences(question: Question, theirs: NDArray[np.float64], threads: int) -> dict[str, int]:
    """How many cells of each block differ: counts at all, figures by more than rounding."""
    payer, payee, time, amount = np.ascontiguousarray(question.rows.T)
    ours = edge_features(payer, payee, time, amount, plan=question.plan, batch=question.batch, threads=threads)
    found, at = {}, 0
    for name in ours.names:
        block = ours.counts[name] if name in ours.counts else ours.figures[name]
        other = theirs[:, at : at + len(block)].T
        at += len(block)
        same = block == other if name in ours.counts else _as_close(block, other, question.plan.figures)
        found[name] = int((~same).sum())
    if at != theirs.shape[1]:
        raise ValueError(f"snapml gave {theirs.shape[1]} columns, ours are {at}")
    return found


def _as_close(ours: NDArray[np.float64], theirs: NDArray[np.float64], figures: Sequence[str]) -> NDArray[np.bool_]:
    """Equal to a millionth; variance, skew and kurtosis to a thousandth, for theirs come from sums that run on.

    Theirs are zero where the variance is below 1/100,000 of the squared mean; there ours may be anything.
    """
    same = np.isclose(ours, theirs, rtol=1e-6, atol=1e-6)
    average, variance = (ours[figures.index(name)] for name in ("average", "variance"))
    cut = variance < 1.0001e-5 * average * average
    for place, name in enumerate(figures):
        if name in {"variance", "skew", "kurtosis"}:
            same[place] = np.isclose(ours[place], theirs[place], rtol=1e-3, atol=1e-3) | (cut & (theirs[place] == 0))
    return same


def drawn(seed: int) -> Question:
    """A small random stream with a plan."""
    rng = np.random.default_rng(seed)
    count, accounts = int(rng.integers(2, 120)), int(rng.integers(3, 25))
    ends = rng.integers(0, accounts, (count, 2))
    if rng.random() < 0.4:
        ends[np.arange(count), rng.integers(0, 2, count)] = np.where(rng.random(count) < 0.5, 0, ends[:, 0])
    ends = ends[ends[:, 0] != ends[:, 1]]
    count = len(ends)
    time = np.sort(rng.integers(0, int(rng.choice([5, 40, 400])), count)) + 10_000
    amount = rng.integers(1, int(rng.choice([3, 1_000_000])), count)

    def histogram() -> Histogram:
        sizes = np.unique(rng.integers(2, 12, int(rng.integers(1, 9))))
        return Histogram(int(rng.choice([1, 3, 10, 50, 1_000])), tuple(int(size) for size in sizes))

    batch = int(rng.choice([0, 1, 2, 7, 30])) or None
    fan, degree, scatter, temporal = (histogram() for _ in range(4))
    bounded = histogram() if count < 60 else Histogram(3)  # rounds of any order grow without end in a dense stream
    keep = None if rng.random() < 0.5 else 1_000
    plan = GraphPlan(fan, degree, scatter, temporal, bounded, int(rng.integers(2, 6)), FIGURES, keep)
    return Question(np.column_stack([ends, time, amount]).astype(np.int64), plan, batch)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print how many streams and cells were compared and what differs; leaves with 1 if anything does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", required=True, help="the Python that has snapml")
    parser.add_argument("--streams", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    questions = [one for one in map(drawn, range(chosen.seed, chosen.seed + chosen.streams)) if len(one.rows)]
    total: Counter[str] = Counter()
    cells = 0
    for number, (question, (theirs, _)) in enumerate(
        zip(questions, answers(chosen.peers, questions, threads=1), strict=True)
    ):
        cells += theirs.size
        found = differences(question, theirs, threads=1 + number % 2)
        total.update(found)
        if any(found.values()):
            print(f"stream {number}: {question.plan}, batch {question.batch}: {found}")
    print(f"{len(questions)} streams, {cells:,} cells compared; cells that differ: {dict(total)}")
    raise SystemExit(int(any(total.values())))


if __name__ == "__main__":
    main()
