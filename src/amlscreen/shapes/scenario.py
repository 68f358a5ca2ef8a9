"""Shape ``scenario``: a Python function behind a card.

The function only measures. What must hold, whom a hit is about and which rows go with it are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.hits import Hit, SubjectRef
from amlscreen.ledger.partition import Partition, Values
from amlscreen.ledger.reference import Reference
from amlscreen.rules.grammar import Condition, Scenario
from amlscreen.shapes.conditions import Truth, evaluate, inside_number, test_values
from amlscreen.shapes.match import shown_value
from amlscreen.shapes.narrow import narrowed, widened
from amlscreen.shapes.plan import DAY, Plan
from amlscreen.shapes.scenario_functions import function_of
from amlscreen.shapes.scenario_lines import Lines, Seen
from amlscreen.shapes.settled import AfterSweep, Settled

__all__ = ["meets", "needs_whole_bank", "options_of", "piece_of", "seen_of", "settle", "values_of"]

Ints = NDArray[np.int64]


def piece_of(plan: Plan, part: Partition) -> Any:
    """What one partition gives; None where it has nothing to do with the plan."""
    lines = part.once(("lines", plan.subject), lambda: Lines(part, plan.subject))
    return narrowed(function_of(_detect(plan).function).piece(lines, options_of(plan))) if lines.size else None


def settle(plan: Plan, pieces: Sequence[Any], bank: AfterSweep) -> Settled:
    """The hits, once every partition was swept: one for each subject whose measures meet the card."""
    hits: list[tuple[int, Hit]] = []
    seen = seen_of(plan, pieces, bank)
    for one in seen:
        hits += _hits(plan, one, bank)
    hits.sort(key=lambda pair: pair[0])
    numbers = [number for number, _ in hits]
    if len(set(numbers)) < len(numbers):
        raise ValueError(f"scenario '{_detect(plan).function}' measured a subject twice")
    return Settled([hit for _, hit in hits], sum(one.not_evaluable for one in seen))


def seen_of(plan: Plan, pieces: Sequence[Any], bank: AfterSweep) -> list[Seen]:
    """What the function measured, held to its signature."""
    detect = _detect(plan)
    seen = function_of(detect.function).whole([widened(one) for one in pieces], bank, options_of(plan))
    for one in seen:
        _check(detect, one)
    return seen


def needs_whole_bank(plan: Plan) -> bool:
    """Whether the function is called once, on what was gathered from all partitions."""
    return function_of(_detect(plan).function).gather is not None


def _detect(plan: Plan) -> Scenario:
    assert isinstance(plan.detect, Scenario)
    return plan.detect


def options_of(plan: Plan) -> Mapping[str, Any]:
    """The card's options as inside numbers."""
    detect, digits = _detect(plan), plan.jurisdiction.minor_digits
    units = detect.signature.options
    return {name: inside_number(units[name].unit, value, digits) for name, value in detect.options.items()}


def _check(detect: Scenario, seen: Seen) -> None:
    said = f"scenario '{detect.function}'"
    if set(seen.measures) != set(detect.made):
        raise ValueError(f"{said} measured {', '.join(seen.measures)}; its signature says {', '.join(detect.made)}")
    sizes = {values_of(one).array.size for one in seen.measures.values()} | {seen.subject.size}
    if len(sizes) > 1 or not seen.rows.row_id.size == seen.of.size == len(seen.part):
        raise ValueError(f"{said} gave measures or rows that do not fit its subjects in number")


def values_of(measured: Values | Ints) -> Values:
    """A measure as values."""
    return measured if isinstance(measured, Values) else Values(measured)


def meets(plan: Plan, seen: Seen) -> Ints:
    """The places of the subjects for which every condition of ``when`` holds."""

    def atom(name: str, condition: Condition) -> Truth:
        return test_values(values_of(seen.measures[name]), condition, partial(plan.measure_literal, name))

    return np.flatnonzero(evaluate(plan.detect.when, atom, seen.subject.size).true)


def _hits(plan: Plan, seen: Seen, bank: AfterSweep) -> Iterator[tuple[int, Hit]]:
    """Hits with the number of their subject. Of one without rows the run's day is told."""
    places = meets(plan, seen)
    facts, offset = bank.reference, plan.jurisdiction.utc_offset_minutes * 60_000_000
    order = np.lexsort((seen.rows.at, seen.of))  # equal instants stay in the order of the ledger
    edges = np.searchsorted(seen.of[order], np.arange(seen.subject.size + 1))
    names = [*_detect(plan).made]
    for place in places.tolist():
        rows = order[edges[place] : edges[place + 1]]
        moment, today = bank.last_day * DAY - offset, bank.last_day
        at = seen.rows.at[rows] if rows.size else np.array([moment])
        day = seen.rows.day[rows] if rows.size else np.array([today])
        number = int(seen.subject[place])
        subject, customers, accounts = _about(plan, facts, number, _at(seen.others, place), seen.rows.account[rows])
        shown = day[-1] >= bank.alert_from
        yield (
            number,
            Hit(
                rule_id=plan.card.id,
                subject=subject,
                customer_ids=customers,
                account_ids=accounts,
                episode=1,
                first_at=int(at[0]),
                last_at=int(at[-1]),
                first_day=int(day.min()),
                last_day=int(day.max()),
                measures={name: shown_value(values_of(seen.measures[name]), place) for name in names},
                known=1,
                total=1,
                victims=tuple(sorted(name for _, name in facts.customer_names(_at(seen.victims, place)))),
                row_ids=seen.rows.row_id[rows] if shown else np.empty(0, np.int64),
                parts=tuple(seen.part[row] for row in rows.tolist()) if shown else (),
                decides=np.full(rows.size if shown else 0, fill_value=True),
                notes=seen.notes if shown else (),
            ),
        )


def _at(pairs: tuple[Ints, Ints], place: int) -> Ints:
    """The different numbers that stand with one place."""
    places, numbers = pairs
    return np.unique(numbers[places == place])


def _about(
    plan: Plan, facts: Reference, number: int, others: Ints, accounts: Ints
) -> tuple[SubjectRef, tuple[str, ...], tuple[str, ...]]:
    if plan.subject == "customer":
        bank, name = facts.customer(number)
        owners = [number]
    else:
        ((bank, name),) = facts.account_names(np.array([number]))
        owners, accounts = facts.owners(number), np.append(accounts, number)
    customers = np.unique(np.append(others, owners).astype(np.int64))
    return (
        SubjectRef(bank, _detect(plan).signature.subject, name),
        tuple(one for _, one in facts.customer_names(customers)),
        tuple(one for _, one in facts.account_names(np.unique(accounts))),
    )
