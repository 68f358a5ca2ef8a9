"""Shape ``baseline``, second step: which subjects meet ``when``, once it is known what is usual for them.

Conditions on the card's own measures are judged first, because they need nobody else; only what is left is compared. A
condition on a measure that the shape makes is undecided where that measure is unknown: a subject that would be a hit or
not, were its usual known, is counted as not evaluable and not passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.partition import Values
from amlscreen.peers.standing import Crowd, standing_among
from amlscreen.peers.usual import Usual, declared_usual, median_usual
from amlscreen.rules.grammar import Baseline, Condition, Conditions
from amlscreen.shapes.conditions import Truth, evaluate, test_values
from amlscreen.shapes.judging import CHEAP
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.points import Measured
from amlscreen.shapes.spans import Since, Spans, looked_at

__all__ = [
    "Compared",
    "Verdict",
    "compare",
    "compare_with_peers",
    "compared_value",
    "holding",
    "own_usual",
    "possible",
    "recent",
    "verdict",
]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Compared:
    """Points that may meet the rule, the measures the shape makes of them, and how far each is from its usual.

    ``known`` marks those whose compared value can be held against anything; ``also`` is shown and decides nothing."""

    at: Ints
    made: Mapping[str, Values]
    distance: Ints
    known: Flags
    could: Flags
    also: Mapping[str, Values] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The points at which the comparison holds, of subjects with enough of them; and the subjects it is open for."""

    met: Ints
    undecided: Ints


def recent(plan: Plan, spans: Spans) -> Ints:
    """The points of every subject's last spans: those that the comparison is about."""
    detect = plan.detect
    assert isinstance(detect, Baseline)
    _, of = looked_at(detect)
    first = np.arange(spans.numbers.size)[:, None] * spans.count
    return (first + np.arange(spans.count - of, spans.count)).ravel()


def possible(plan: Plan, spans: Spans) -> Ints:
    """The points among the last spans that may meet ``when``, as far as the card's own measures tell."""
    detect = plan.detect
    assert isinstance(detect, Baseline)
    at, (least, _) = recent(plan, spans), looked_at(detect)
    own = [(name, one) for name, one in detect.when.columns.items() if name not in detect.made]
    for name, condition in sorted(own, key=lambda item: detect.measures[item[0]].verb not in CHEAP):
        truth = _truth(plan, spans, at, Conditions(columns={name: condition}), {})
        at = _often_enough(at[truth.true], spans.count, least)
    if detect.when.any_of:
        truth = _truth(plan, spans, at, Conditions(any_of=detect.when.any_of), {})
        at = _often_enough(at[truth.maybe], spans.count, least)
    return at


def _often_enough(at: Ints, count: int, least: int) -> Ints:
    """Without the points of subjects that have fewer than ``least``."""
    if least == 1 or not at.size:
        return at
    subject = at // count
    return at[np.bincount(subject)[subject] >= least]


def _truth(plan: Plan, spans: Spans, at: Ints, conditions: Conditions, made: Mapping[str, Values]) -> Truth:
    points = spans.points.at(at)

    def atom(name: str, condition: Condition) -> Truth:
        inside = partial(plan.measure_literal, name)
        if name in plan.detect.measures:
            measured = spans.gauge.measure(name, points)
            return Truth(test_values(Values(measured.value, measured.known), condition, inside).true)
        if name not in made:
            return Truth(np.zeros(at.size, np.bool_), np.ones(at.size, np.bool_))
        return test_values(made[name], condition, inside)

    return evaluate(conditions, atom, at.size)


def compared_value(plan: Plan, spans: Spans, at: Ints) -> Measured:
    """The compared measure at some points."""
    detect = plan.detect
    assert isinstance(detect, Baseline)
    measured = spans.gauge.measure(detect.compare, spans.points.at(at))
    return Measured(measured.value, np.ones(at.size, np.bool_) if measured.known is None else measured.known)


def compare(plan: Plan, spans: Spans, at: Ints, usual: Usual, since: Since) -> Compared:
    """The measures made at these points, all but those of peers; ``usual`` is that of each point's subject."""
    detect = plan.detect
    assert isinstance(detect, Baseline)
    here = compared_value(plan, spans, at)
    assert here.known is not None
    asks_for_little = any(_asks_for_little(detect, one) for one in (detect.when, *detect.when.any_of))
    known = here.known & (spans.whole(at, since) if asks_for_little else True)
    made = {"usual": usual.shown(), "times": usual.times(here.value, known)}
    if "deviations" in detect.made:
        made["deviations"] = usual.robust(here.value, known)
    if "spans_known" in detect.made:
        made["spans_known"] = Values(usual.count)
    could = here.known & ((here.value != 0) | asks_for_little)
    return Compared(at, made, np.where(here.known, usual.distance(here.value), -1), known, could)


def compare_with_peers(plan: Plan, spans: Spans, at: Ints, crowd: Crowd, since: Since) -> Compared:
    """The measures made at these points, with those that tell how each point's subject stands among its peers."""
    detect = plan.detect
    assert isinstance(detect, Baseline)
    assert detect.peers
    subjects, row = np.unique(at // spans.count, return_inverse=True)
    facts = spans.frame.selection.reference
    standing = standing_among(detect.peers, plan.subject, facts, crowd, spans.numbers[subjects])
    usual = standing.usual_of(row)
    compared = compare(plan, spans, at, usual, since)
    here = compared_value(plan, spans, at)
    told = {
        "peers": Values(usual.count, usual.known),
        "percentile": Values(standing.percentile(here.value, row), compared.known & usual.known),
    }
    return replace(compared, made={**compared.made, **told}, also={"peer_group": standing.group_of(row)})


def _asks_for_little(detect: Baseline, conditions: Conditions) -> bool:
    """Whether a span would meet it that the subject's first day cuts short, or in which it did nothing."""
    below = (
        one
        for name, one in conditions.columns.items()
        if name in detect.made and one.model_fields_set - {"gte", "gt", "null"}
    )
    return any(below) or any(_asks_for_little(detect, one) for one in conditions.any_of)


def holding(plan: Plan, spans: Spans, compared: Compared) -> Truth:
    """At which points all of ``when`` holds, and at which it cannot be told."""
    return _truth(plan, spans, compared.at, plan.detect.when, compared.made)


def verdict(plan: Plan, spans: Spans, compared: Compared) -> Verdict:
    """The points that meet all of ``when`` in enough spans, and the subjects of which it cannot be told.

    Who did nothing of what is compared is not among the latter, unless the card asks for little: whatever is usual, it
    would be no hit. Conditions on the card's own measures are taken to hold: :func:`possible` has judged them.
    """
    detect = plan.detect
    assert isinstance(detect, Baseline)
    least, _ = looked_at(detect)
    made = {name: one for name, one in detect.when.columns.items() if name in detect.made}
    rest = Conditions(columns=made, any_of=detect.when.any_of)
    truth = _truth(plan, spans, compared.at, rest, compared.made)
    met = _often_enough(compared.at[truth.true], spans.count, least)
    maybe = _often_enough(compared.at[truth.true | (truth.maybe & compared.could)], spans.count, least)
    return Verdict(met, np.setdiff1d(maybe // spans.count, met // spans.count))


def own_usual(plan: Plan, spans: Spans, at: Ints, since: Since) -> Usual:
    """What is usual for each point's subject by its own history, or by what it declared."""
    detect = plan.detect
    assert isinstance(detect, Baseline)
    subjects, row = np.unique(at // spans.count, return_inverse=True)
    if detect.declared:
        facts = spans.frame.selection.reference
        monthly = facts.income if detect.declared == "income" else facts.declared
        return declared_usual(monthly[spans.numbers[subjects]].astype(np.int64), spans.days).at(row)
    assert detect.history
    earlier = np.arange(int(detect.history.spans))
    before = (subjects[:, None] * spans.count + earlier).ravel()
    measured = compared_value(plan, spans, before)
    assert measured.known is not None
    known = measured.known & spans.whole(before, since)
    owner = np.repeat(np.arange(subjects.size), earlier.size)[known]
    return median_usual(measured.value[known], owner, subjects.size, int(detect.history.at_least)).at(row)
