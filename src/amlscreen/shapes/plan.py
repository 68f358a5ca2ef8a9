"""A card made ready to sweep: literals turned into inside numbers, one plan for each kind of subject and limit line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from amlscreen.jurisdiction import Jurisdiction, Limit
from amlscreen.ledger.columns import STORED_FOR
from amlscreen.rules.card import Card
from amlscreen.rules.columns import RULE_COLUMNS
from amlscreen.rules.grammar import (
    Anomaly,
    Baseline,
    Cluster,
    Condition,
    Conditions,
    Match,
    Path,
    Scenario,
    Sequence,
    SubjectKind,
    Window,
    duration_microseconds,
)
from amlscreen.rules.units import Unit, measure_units
from amlscreen.shapes.conditions import inside_number

__all__ = ["ALWAYS", "DAY", "Plan", "plans_of", "stored_columns"]

DAY = 86_400_000_000
ALWAYS = (
    "row_id",
    "institution",
    "at",
    "local_day",
    "time_precision",
    "direction",
    "amount",
    "kind",
    "netted",
)
"""Stored columns every partition carries."""


@dataclass(frozen=True)
class Plan:
    """One sweep: a bound card, one kind of subject and, where the card runs over them, one line of the limits."""

    card: Card
    detect: Window | Sequence | Baseline | Path | Scenario
    subject: SubjectKind
    jurisdiction: Jurisdiction
    limit: Limit | None = None
    units: dict[str, Unit] = field(default_factory=dict)

    @property
    def is_global(self) -> bool:
        """Whether the subject's rows lie in many partitions, so that they are gathered before they are looked at."""
        return isinstance(self.detect, Path) or self.subject in {"conductor", "counterparty", "terminal"}

    @cached_property
    def by(self) -> tuple[str, ...]:
        """What splits the subject: ``by``, and what every step wants the same as its anchor."""
        return (*self.detect.by, *(name for name in self.same if name not in self.detect.by))

    @cached_property
    def same(self) -> tuple[str, ...]:
        """Columns that all steps want the same as the anchor's: they can split the subject instead."""
        if not isinstance(self.detect, Sequence):
            return ()
        first, *rest = self.detect.then
        return tuple(name for name in first.same if all(name in step.same for step in rest))

    @cached_property
    def needs_clock(self) -> bool:
        """Whether hours matter, so that a row known by its date only cannot be judged."""
        if isinstance(self.detect, Scenario):
            return self.detect.signature.needs_clock
        if any(duration_microseconds(span) % DAY for span in self._spans()):
            return True
        by_clock = {"hour", "companions"} & self.columns
        return bool(by_clock) or any(m.verb == "gap" for m in self.detect.measures.values())

    def _spans(self) -> list[str]:
        """The spans of time that the shape counts by."""
        detect = self.detect
        if isinstance(detect, Sequence):
            return [step.within for step in detect.then]
        if isinstance(detect, Path):
            return [detect.within, detect.hop]
        return [] if isinstance(detect, Scenario) else [detect.within]

    @cached_property
    def fifo(self) -> tuple[tuple[str, str], ...]:
        """The pairs of row sets that are matched first in first out; the order within a day matters to them."""
        pairs = (m.of for m in self.detect.measures.values() if m.verb in {"matched_within", "dwell"})
        return tuple(dict.fromkeys(pair for pair in pairs if isinstance(pair, tuple)))

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """The card's own measures that ``when`` asks for and, with a baseline, the one that is compared."""
        compared = (self.detect.compare,) if isinstance(self.detect, Baseline) else ()
        names = (*compared, *self.detect.when.names())
        return tuple(name for name in dict.fromkeys(names) if name in self.detect.measures)

    @cached_property
    def columns(self) -> frozenset[str]:
        """Every column its conditions, measures, ``by`` and steps name."""
        detect = self.detect
        names = {name for conditions in detect.rows.values() for name in conditions.names()}
        names |= {m.column for m in detect.measures.values() if m.column} | set(detect.by)
        if detect.repeat and detect.repeat.distinct:
            names.add(detect.repeat.distinct)
        if isinstance(detect, Scenario):
            names |= set(detect.signature.columns)
        if isinstance(detect, Path):
            names |= {"counterparty", "counterparty_kind", "wage_multiple"}
        if isinstance(detect, Sequence):
            names |= {n for step in detect.then for n in (*step.same, *step.different, *step.similar)}
        return frozenset(names)

    @cached_property
    def read_after(self) -> frozenset[str]:
        """Every column that is read once rows are picked: by measures, steps and the shape, and to tell hits."""
        detect = self.detect
        names = {"row_id", "institution", "at", "local_day", "account", "customer", *self.by}
        names |= {m.column for m in detect.measures.values() if m.column}
        if detect.repeat and detect.repeat.distinct:
            names.add(detect.repeat.distinct)
        if isinstance(detect, Sequence):
            steps = {n for step in detect.then for n in (*step.same, *step.different, *step.similar)}
            names |= {"time_precision", *steps}
        if self.fifo:
            names |= {"amount", "time_precision"}
        if isinstance(detect, Path):
            names |= {"amount", "direction", "time_precision", "counterparty", "counterparty_kind", "wage_multiple"}
        return frozenset(names | set(_victims(self)))

    @cached_property
    def quiet_days(self) -> int:
        """The longest silence a row set asks for, in days: history the data must have."""
        found = [0]
        for conditions in self.detect.rows.values():
            for name, condition in conditions.columns.items():
                if name == "quiet_days":
                    found += [int(bound) for bound in (condition.gte, condition.gt) if bound is not None]
        return max(found)

    @cached_property
    def baseline_days(self) -> int:
        """The days a baseline needs: the spans it looks at and, before them, the fewest of its history.

        Against what was declared and against peers, the fewest spans that must meet the comparison are enough.
        """
        detect = self.detect
        if not isinstance(detect, Baseline):
            return 0
        spans = int(detect.spans.at_least) if detect.spans else 1
        if detect.history:
            spans = (int(detect.spans.of) if detect.spans else 1) + int(detect.history.at_least)
        return spans * duration_microseconds(detect.within) // DAY

    @cached_property
    def set_keys(self) -> dict[str, tuple[str, bool]]:
        """What makes two row sets the same in a partition, by name."""
        return {name: (repr(conditions), self.needs_clock) for name, conditions in self.detect.rows.items()}

    @cached_property
    def alike(self) -> tuple[object, ...]:
        """What makes two plans pick the same rows with the same columns, so that these are kept once."""
        return tuple(sorted(self.set_keys.items())), self.subject, self.by, self.columns

    @cached_property
    def condition_keys(self) -> dict[int, str]:
        """How each condition of the row sets is written, by its ``id()``: what makes two of them the same."""
        return {id(one): repr(one) for rows in self.detect.rows.values() for one in _conditions(rows)}

    @cached_property
    def least_rows(self) -> dict[str, int]:
        """For each row set, the fewest rows a subject needs: what ``when`` says of counts, and one for a present step.

        Of a baseline nothing is known beforehand: those with little are what others are held against.
        """
        least: dict[str, int] = {}
        if self.detect.shape == "baseline":
            return least
        for name, condition in self.detect.when.columns.items():
            measure = self.detect.measures[name]
            bound = condition.gte if condition.gte is not None else condition.gt
            counted = measure.verb in {"count", "distinct", "days_active"} and bound is not None
            if counted and isinstance(measure.of, str):
                least[measure.of] = max(least.get(measure.of, 0), int(bound))
        if isinstance(self.detect, Sequence):
            for name in (self.detect.first, *(step.rows for step in self.detect.then if step.is_ == "present")):
                least.setdefault(name, 1)
        return least

    def literal(self, column: str, literal: Any) -> Any:
        """A card's literal as the inside number of a transaction column."""
        return inside_number(RULE_COLUMNS[column].kind, literal, self.jurisdiction.minor_digits)

    def measure_literal(self, measure: str, literal: Any) -> Any:
        """A card's literal as the inside number of a measure."""
        return inside_number(self.units[measure], literal, self.jurisdiction.minor_digits)


def _conditions(rows: Conditions) -> Iterator[Condition]:
    yield from rows.columns.values()
    for alternative in rows.any_of:
        yield from _conditions(alternative)


def plans_of(card: Card, jurisdiction: Jurisdiction) -> Iterator[Plan]:
    """The sweeps a bound card asks for; those that read only reference tables, or features, ask for none."""
    if isinstance(card.detect, Match | Cluster | Anomaly):
        return
    units = measure_units(card)
    limits: tuple[Limit | None, ...] = jurisdiction.limits if card.detect.for_each else (None,)
    for subject in card.detect.subjects:
        for limit in limits:
            yield Plan(card, card.detect, subject, jurisdiction, limit, units)


def stored_columns(plan: Plan) -> frozenset[str]:
    """The columns of the store that a plan reads."""
    names: set[str] = set()
    for name in plan.columns:
        names |= set(STORED_FOR.get(name, (name,)))
    subject = {
        "conductor": ("conductor_id",),
        "counterparty": ("counterparty", "counterparty_kind"),
        "terminal": ("terminal_id",),
    }
    return frozenset(names | set(subject.get(plan.subject, ())) | set(_victims(plan)))


def _victims(plan: Plan) -> tuple[str, ...]:
    return ("counterparty",) if (plan.card.possible_victims or "").endswith(".counterparty") else ()
