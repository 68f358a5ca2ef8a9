"""Why a baseline did not hit a subject: the span nearest to the rule, what is usual, and who the peers are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.partition import Partition, Values
from amlscreen.nearest import Leaf, Row, best_of, leaves_of, shown_measure, told
from amlscreen.rules.grammar import Baseline
from amlscreen.shapes.baseline import ask
from amlscreen.shapes.compared import Compared, holding
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.spans import Spans

__all__ = ["nearest_span"]


def nearest_span(plan: Plan, parts: Iterable[Partition], numbers: NDArray[np.int64]) -> Iterator[Row]:
    """The conditions of ``when`` at the span that misses fewest of them and by least; then the usual and the peers."""
    detect = plan.detect
    assert isinstance(detect, Baseline)
    asked = ask(plan, parts, numbers)
    if asked is None:
        yield told("rows", f"a row in {' or '.join(detect.rows)} that can be looked at; the subject has none")
        return
    spans, compared = asked
    points = spans.points.at(compared.at)
    leaves = []
    for name, condition in leaves_of(detect.when):
        if name in compared.made:
            values = compared.made[name]
        else:
            measured = spans.gauge.measure(name, points)
            values = Values(measured.value, measured.known)
        show = partial(shown_measure, plan, name)
        leaves.append(Leaf(name, condition, values, partial(plan.measure_literal, name), show))
    yield from best_of(leaves, points.size)
    yield from _beside(plan, detect, spans, compared)


def _beside(plan: Plan, detect: Baseline, spans: Spans, compared: Compared) -> Iterator[Row]:
    """What the comparison rests on, and in how many spans it holds."""
    if detect.spans:
        times, least = int(holding(plan, spans, compared).true.sum()), int(detect.spans.at_least)
        row = told("spans_met", f"gte {least}", times, holds=times >= least)
        yield row | {"distance": round(max(least - times, 0) / max(least, 1), 4)}
    if after := detect.after_hit:
        yield told(f"after {after.rule}", f"an episode of it that ended within {after.within} before") | {"holds": None}
    usual = compared.made["usual"]
    known = bool(usual.is_known()[0])
    measured = shown_measure(plan, "usual", usual, 0) if known else None
    yield told("usual", _wanted(detect), measured, holds=known)
    if detect.peers:
        group, count = compared.also["peer_group"], compared.made["peers"]
        members = int(count.array[0]) if known else None
        yield told("peers", f"at least {int(detect.peers.at_least)}", members, holds=known)
        yield told("peer_group", " and ".join(detect.peers.by), _words(group) if known else None, holds=known)


def _wanted(detect: Baseline) -> str:
    if detect.history:
        return f"the median of at least {int(detect.history.at_least)} earlier spans"
    return "the median of the peers" if detect.peers else f"a declared {detect.declared}, above zero"


def _words(group: Values) -> Any:
    return group.vocabulary[int(group.array[0])].as_py()
