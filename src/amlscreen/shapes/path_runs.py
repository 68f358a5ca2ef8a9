"""Forms ``chain`` and ``cycle``: money that goes on from payment to payment.

The longest runs are taken first and no payment belongs to two, so that three equal payments in and three out are three
chains, not nine. Runs that meet ``when`` are told together if they lead through the same account: of the accounts of a
run (of a chain: those it goes through), the one through which most money of all such runs passes. ``chains`` and
``cycles`` count the runs of that account that begin within ``within`` up to one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.rules.grammar import Path
from amlscreen.shapes.path_edges import Edges
from amlscreen.shapes.path_episodes import Span, episodes_of, groups_of, spans_of
from amlscreen.shapes.path_picture import Picture, lead_among, pick
from amlscreen.shapes.path_search import Searched, hub_notes
from amlscreen.shapes.path_terms import holds, least_of, without
from amlscreen.shapes.plan import Plan

__all__ = ["COUNTED", "Led", "Runs", "led_runs", "run_measures", "run_pictures", "search_runs"]

Ints = NDArray[np.int64]
COUNTED = {"chain": "chains", "cycle": "cycles"}
"""The measure that counts runs of one lead."""
_PARTS = ("through", "end", "origin")


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs in the order of their beginning: the payments of each, padded with -1, and how many they are."""

    payments: Ints
    size: Ints

    def at(self, places: Ints) -> Runs:
        """Some of the runs."""
        return Runs(self.payments[places], self.size[places])

    def of(self, number: int) -> list[int]:
        """The payments of one run."""
        return [int(one) for one in self.payments[number, : self.size[number]]]

    @property
    def last(self) -> Ints:
        """The last payment of each."""
        return self.payments[np.arange(self.size.size), self.size - 1]


@dataclass(frozen=True, slots=True)
class Led:
    """Runs with their leads; ``left`` and ``right`` are the first and last that count together with each."""

    runs: Runs
    leads: Ints
    left: Ints
    right: Ints
    measures: dict[str, Values]


def search_runs(edges: Edges, form: str, least: int) -> tuple[Runs, Searched]:
    """The longest runs of at least ``least`` payments that share none."""
    terms, told = edges.terms, np.zeros(3, np.int64)
    length = np.zeros(edges.size, np.int32)
    flow = (edges.target, edges.early, edges.late, edges.amount, *edges.bounds, edges.walked)
    reached = kernels.run_lengths(
        edges.offsets, edges.order, *flow, terms.hop, terms.most_hops, terms.budget, length, told
    )
    cut, told[0] = int(told[1]), 0
    may_begin = length >= least
    if form == "cycle":
        may_begin &= (edges.walked & edges.is_between)[edges.source]
    starts = edges.order[may_begin[edges.order]]
    runs = np.empty((starts.size, terms.most_hops), np.int32)
    sizes = np.zeros(starts.size, np.int32)
    closing = int(form == "cycle")
    spans = (terms.hop, terms.within, terms.most_hops, least, closing, terms.budget)
    looked = kernels.runs_apart(starts, edges.offsets, edges.source, *flow, length, *spans, runs, sizes, told)
    taken = np.flatnonzero(sizes)
    size = sizes[taken].astype(np.int64)
    payments = np.where(np.arange(terms.most_hops) < size[:, None], runs[taken], -1).astype(np.int64)
    done, of = (reached, edges.size) if reached < edges.size else (looked, starts.size)
    return Runs(payments, size), Searched(int(done) * MILLION // of if done < of else None, cut + int(told[2]))


def run_measures(edges: Edges, runs: Runs, form: str) -> dict[str, Values]:
    """The measures of each run by itself."""
    first, last = runs.payments[:, 0], runs.last
    sent, arrived = edges.amount[first], edges.amount[last]
    kept = np.empty(sent.size, np.int64)
    kernels.floor_ratio(arrived, sent, MILLION, kept)
    wages = edges.column("wage_multiple")
    return {
        "hops": Values(runs.size),
        "parties": Values(runs.size + (form == "chain")),
        "duration": Values(edges.early[last] - edges.early[first]),
        "sent": Values(sent),
        "arrived": Values(arrived),
        "kept": Values(np.maximum(kept, 0), None if (kept >= 0).all() else kept >= 0),
        "sent_wages": wages.take(first),
    }


def run_pictures(plan: Plan, edges: Edges) -> tuple[list[Picture], Searched]:
    """Groups of runs that meet ``when``."""
    assert isinstance(plan.detect, Path)
    form = plan.detect.form
    runs, searched = search_runs(edges, form, least_of(plan, "hops", 2))
    led = led_runs(plan, edges, runs)
    left, right = led.left, led.right
    spans = episodes_of(plan, groups_of(led.leads), left, right, led.measures)
    return [
        _picture(edges, led, span, range(int(left[span[2]]), int(right[span[2]]) + 1), searched) for span in spans
    ], searched


def led_runs(plan: Plan, edges: Edges, runs: Runs) -> Led:
    """Those of the runs that by themselves meet ``when``, sorted by lead and by when they begin, and counted."""
    assert isinstance(plan.detect, Path)
    form = plan.detect.form
    alone = without(plan.detect.when, COUNTED[form])
    runs = runs.at(np.flatnonzero(holds(plan, alone, run_measures(edges, runs, form), runs.size.size)))
    leads = _leads(edges, runs, plan.detect)
    begins = edges.early[runs.payments[:, 0]]
    order = np.lexsort((edges.row[runs.payments[:, 0]], begins, leads))
    runs, leads, begins = runs.at(order), leads[order], begins[order]
    left, right = spans_of(groups_of(leads), begins, edges.terms.within)
    measures = run_measures(edges, runs, form) | {COUNTED[form]: Values(right + 1 - left)}
    return Led(runs, leads, left, right, measures)


def _leads(edges: Edges, runs: Runs, detect: Path) -> Ints:
    """Whom each run is about: never a possible victim."""
    passed: Counter[int] = Counter()
    candidates = []
    for number in range(runs.size.size):
        payments = runs.of(number)
        parts = _parts(edges, payments, detect.form)
        for one, (party, _) in zip(payments, parts, strict=False):
            passed[party] += int(edges.amount[one])
        by_part: dict[str, list[int]] = {}
        for party, part in parts:
            by_part.setdefault(part, []).append(party)
        wanted = ("through", "end", "origin") if detect.form == "chain" else ("origin", "through")
        free = [by_part[part] for part in wanted if part not in detect.victims and part in by_part]
        candidates.append(free[0] if detect.form == "chain" else [one for some in free for one in some])
    return np.array([lead_among(edges, one, passed.__getitem__) for one in candidates], np.int64)


def _parts(edges: Edges, payments: Sequence[int], form: str) -> list[tuple[int, str]]:
    """The parties of a run in order, each with its part; what comes back ends at its origin."""
    through = [(int(edges.target[one]), "through") for one in payments[:-1]]
    ends = [(int(edges.target[payments[-1]]), "end")] if form == "chain" else []
    return [(int(edges.source[payments[0]]), "origin"), *through, *ends]


def _picture(
    edges: Edges,
    led: Led,
    span: Span,
    decisive: range,
    searched: Searched,
) -> Picture:
    start, end, peak = span
    runs, measures, lead = led.runs, led.measures, int(led.leads[peak])
    form = "cycle" if "cycles" in measures else "chain"
    rows, parts = [], {lead: ""}
    for number in range(start, end + 1):
        payments = runs.of(number)
        for hop, one in enumerate(payments, start=1):
            rows.append((int(edges.early[one]), int(edges.row[one]), f"hop {hop}", number in decisive))
        for party, part in _parts(edges, payments, form):
            parts[party] = min(parts.get(party) or part, part, key=_PARTS.index)
    values = {name: one.told(peak) for name, one in measures.items()}
    ends = {party for number in range(start, end + 1) for party in _ends(edges, runs.of(number))}
    return Picture(lead, [*parts.items()], values, *pick(rows), searched.hit_notes + hub_notes(edges, ends))


def _ends(edges: Edges, payments: Sequence[int]) -> tuple[int, int]:
    return int(edges.source[payments[0]]), int(edges.target[payments[-1]])
