"""Whether a rule can be looked at on this data at all: tables, columns, clock times, history.

What is missing makes a rule ``not_evaluable`` with the reason; it is never silently "no hit".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from amlscreen.rules.card import Card
from amlscreen.rules.feature_columns import lacking_needs
from amlscreen.rules.grammar import Anomaly, duration_microseconds
from amlscreen.rules.needs import needs
from amlscreen.shapes.plan import DAY, Plan

__all__ = [
    "CLOCK_TIMES",
    "Want",
    "missing_for_card",
    "missing_for_features",
    "missing_for_plan",
    "wants_of_features",
    "wants_of_plan",
]

_SUBJECT_NEEDS = {
    "conductor": "transactions.conductor_id",
    "counterparty": "transactions.counterparty",
    "terminal": "transactions.terminal_id",
}
CLOCK_TIMES = "clock times"


@dataclass(frozen=True, slots=True)
class Want:
    """What one sweep lacks: the column, or what else, that would open it, and the sentence that says so."""

    opens: str
    said: str


def missing_for_card(card: Card, provided: Collection[str]) -> str:
    """The sentence that says which columns would open the rule; empty if it has all it needs."""
    absent = sorted(need for need in needs(card) if not any(one in provided for one in need.split("|")))
    if not absent:
        return ""
    return f"no data: {', '.join(need.replace('|', ' or ') for need in absent)}"


def missing_for_plan(plan: Plan, provided: Collection[str], *, has_clock: bool, days: int) -> str:
    """The same for one sweep: the first thing it lacks."""
    return next((want.said for want in wants_of_plan(plan, provided, has_clock=has_clock, days=days)), "")


def wants_of_plan(plan: Plan, provided: Collection[str], *, has_clock: bool, days: int) -> Iterator[Want]:
    """All a sweep lacks: its subject, clock times where hours matter, and history where silence matters."""
    need = _SUBJECT_NEEDS.get(plan.subject)
    if need and need not in provided:
        yield Want(need, f"no data: {need}")
    if plan.limit is not None and plan.limit.channels and "transactions.channel" not in provided:
        yield Want("transactions.channel", f"no data: transactions.channel, which the line {plan.limit.id} is about")
    if (plan.needs_clock or plan.fifo) and not has_clock:
        yield Want(CLOCK_TIMES, "no clock times: every transaction is known by its date only")
    if plan.quiet_days and days < plan.quiet_days:
        said = f"needs {plan.quiet_days} days of history, the data has {days}"
        yield Want(f"{plan.quiet_days} days of history", said)
    if plan.baseline_days and days < plan.baseline_days:
        said = f"needs {plan.baseline_days} days of data to tell what is usual, the data has {days}"
        yield Want(f"{plan.baseline_days} days of history", said)


def missing_for_features(card: Card, provided: Collection[str], *, days: int) -> str:
    """The same for a card over features."""
    return next((want.said for want in wants_of_features(card, provided, days=days)), "")


def wants_of_features(card: Card, provided: Collection[str], *, days: int) -> Iterator[Want]:
    """All a card over features lacks besides its needs: features enough, and history."""
    detect = card.detect
    if not isinstance(detect, Anomaly):
        return
    lacking = lacking_needs(detect.looked_at, provided)
    of, least = len(detect.looked_at), int(detect.least_features)
    if of - len(lacking) < least:
        commonest = Counter(need for needed in lacking.values() for need in needed).most_common(1)[0][0]
        said = f"needs {least} features, and of its {of} only {of - len(lacking)} can be known on this data"
        yield Want(commonest.partition("|")[0], f"{said}; most of the others need {commonest.replace('|', ' or ')}")
    if detect.history is not None and days < (wanted := duration_microseconds(detect.history) // DAY):
        yield Want(f"{wanted} days of history", f"needs {wanted} days of history, the data has {days}")
