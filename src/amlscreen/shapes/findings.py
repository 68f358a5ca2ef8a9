"""From episodes to hits: ids instead of numbers, the peak's measures, and the rows that carry it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.hits import Hit, SubjectRef
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.reference import Reference
from amlscreen.shapes.judging import Episodes
from amlscreen.shapes.measures import Gauge, Points
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.selection import Frame

__all__ = ["hits_of"]

Ints = NDArray[np.int64]


def hits_of(plan: Plan, frame: Frame, gauge: Gauge, found: Episodes, alert_from: int) -> Iterator[Hit]:
    """One hit for each episode, in the order of subject and time.

    Rows are attached only if the episode's last day is ``alert_from`` or later: older ones are context.
    """
    if not found.start.size:
        return
    peaks = found.points.at(found.peak)
    measures = {name: gauge.measure(name, peaks) for name in plan.detect.measures}
    known, total = _coverage(plan, gauge, peaks)
    days = frame.column("local_day").array
    numbers: dict[SubjectRef, int] = {}
    for i in range(found.start.size):
        subject, customers, accounts = _who(plan, frame, found, i)
        numbers[subject] = numbers.get(subject, 0) + 1
        first, last = int(found.start[i]), int(found.end[i])
        row_ids, parts, decides = _rows(plan, frame, found, i) if days[last] >= alert_from else _NO_ROWS
        values: dict[str, int | str | None] = {
            name: int(m.value[i]) if m.known is None or m.known[i] else None for name, m in measures.items()
        }
        if plan.detect.repeat is not None:
            values["times"] = int(found.times[i])
        yield Hit(
            rule_id=plan.card.id,
            subject=subject,
            customer_ids=customers,
            account_ids=accounts,
            episode=numbers[subject],
            first_at=int(frame.time[first]),
            last_at=int(frame.time[last]),
            first_day=int(days[first]),
            last_day=int(days[last]),
            measures=values,
            known=int(known[i]),
            total=int(total[i]),
            partial=bool(known[i] * MILLION < int(plan.card.least_known * MILLION) * total[i]),
            limit=plan.limit.id if plan.limit else None,
            victims=_victims(plan, frame, found, i),
            row_ids=row_ids,
            parts=parts,
            decides=decides,
        )


_NO_ROWS = (np.empty(0, np.int64), (), np.empty(0, np.bool_))


def _coverage(plan: Plan, gauge: Gauge, peaks: Points) -> tuple[Ints, Ints]:
    known, total = np.zeros(peaks.size, np.int64), np.zeros(peaks.size, np.int64)
    for name in dict.fromkeys(plan.detect.when.names()) or plan.detect.measures:
        some, every = gauge.unknown(name, peaks)
        known, total = known + some, total + every
    return known, total


def _peak_rows(found: Episodes, i: int, name: str) -> Ints:
    view = found.points.views[name]
    parts = [view.rows[view.lo[p] : view.hi[p]] for p in found.members[i]]
    return np.unique(np.concatenate(parts)) if len(parts) > 1 else parts[0]


def _rows(plan: Plan, frame: Frame, found: Episodes, i: int) -> tuple[Ints, tuple[str, ...], NDArray[np.bool_]]:
    """Row ids in time order, each with its row set; those of the peak decide, the episode's others are context."""
    deciding = {name: _peak_rows(found, i, name) for name in frame.sets}
    decided = np.unique(np.concatenate(list(deciding.values())))
    rows = decided
    if plan.detect.repeat is None:
        inside = np.arange(found.start[i], found.end[i] + 1)
        stands = np.logical_or.reduce([truth.true[inside] for truth in frame.sets.values()])
        rows = np.union1d(decided, inside[stands])
    part = np.full(rows.size, "", object)
    for name, truth in reversed(frame.sets.items()):
        part[truth.true[rows]] = name
    for name in reversed(deciding):
        part[np.isin(rows, deciding[name])] = name
    order = np.lexsort((rows, frame.time[rows]))
    ids = frame.column("row_id").array[rows[order]]
    return ids, tuple(part[order].tolist()), np.isin(rows[order], decided)


def _members_rows(frame: Frame, found: Episodes, i: int) -> Ints:
    return np.unique(np.concatenate([_peak_rows(found, i, name) for name in frame.sets]))


def _who(plan: Plan, frame: Frame, found: Episodes, i: int) -> tuple[SubjectRef, tuple[str, ...], tuple[str, ...]]:
    facts, row = frame.selection.reference, int(found.start[i])
    account = int(frame.column("account").array[row])
    if plan.subject == "account":
        institution, account_id = facts.account(account)
        owners = tuple(facts.customer(one)[1] for one in facts.owners(account))
        return SubjectRef(institution, "account", account_id), owners, (account_id,)
    accounts = _accounts(frame, _members_rows(frame, found, i))
    if plan.subject == "customer":
        institution, customer = facts.customer(int(frame.column("customer").array[row]))
        return SubjectRef(institution, "customer", customer), (customer,), accounts
    name = "conductor_id" if plan.subject == "conductor" else "counterparty"
    values = frame.column(name)
    word = values.words[int(values.array[row])].as_py()  # type: ignore[index]  # subjects are text
    institution = facts.account(account)[0]
    own = _own_account(facts, word) if plan.subject == "counterparty" else None
    if own is not None:
        owners = tuple(facts.customer(one)[1] for one in facts.owners(own))
        bank, number = facts.account(own)
        return SubjectRef(bank, "account", number), owners, (number,)
    return SubjectRef(institution, plan.subject, word), (), ()


def _own_account(facts: Reference, key: str) -> int | None:
    found = pc.index(facts.account_keys(), key).as_py()
    return None if found < 0 else int(found)


def _accounts(frame: Frame, rows: Ints) -> tuple[str, ...]:
    facts = frame.selection.reference
    numbers = np.unique(frame.column("account").array[rows])
    return tuple(facts.account(int(number))[1] for number in numbers)


def _victims(plan: Plan, frame: Frame, found: Episodes, i: int) -> tuple[str, ...]:
    """Customer ids that ``possible_victims: row_set.customer`` (or ``.counterparty``) names."""
    if not plan.card.possible_victims:
        return ()
    row_set, _, column = plan.card.possible_victims.partition(".")
    facts, rows = frame.selection.reference, _peak_rows(found, i, row_set)
    if column == "customer":
        customers = {int(number) for number in np.unique(frame.column("customer").array[rows])}
    else:
        values = frame.column("counterparty")
        keys = {values.words[int(code)].as_py() for code in np.unique(values.array[rows]) if code >= 0}  # type: ignore[index]  # keys are text
        accounts = [number for key in sorted(keys) if (number := _own_account(facts, key)) is not None]
        customers = {owner for account in accounts for owner in facts.owners(account)}
    return tuple(sorted(facts.customer(number)[1] for number in customers))
