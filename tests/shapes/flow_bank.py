"""Rows for shape ``path`` without a store: legs of payments between a few accounts, as a sweep would pick them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from amlscreen.engines.local import prepare
from amlscreen.hits import Hit
from amlscreen.intake.dataset import Dataset
from amlscreen.ledger.partition import Values, as_values
from amlscreen.ledger.reference import Reference
from amlscreen.rules.card import Card
from amlscreen.shapes.conditions import Truth
from amlscreen.shapes.path import settle
from amlscreen.shapes.plan import Plan, plans_of
from amlscreen.shapes.selection import Selection
from amlscreen.shapes.settled import AfterSweep, Settled
from shapes.flows import both_legs

__all__ = ["ACCOUNTS", "DAY", "HOUR", "Leg", "comparable", "reports", "settled", "swept"]

ACCOUNTS = "ABCDEF"
HOUR = 3_600_000_000
DAY = 24 * HOUR
_OFFSET = 7 * HOUR


@dataclass(frozen=True, order=True)
class Leg:
    """One row: order is that of the ledger. ``at`` counts from a local midnight; parties in capitals are accounts."""

    account: str
    at: int
    number: int
    is_credit: bool
    other: str
    amount: int
    dated: bool = False
    inflow: bool = False


@cache
def reference() -> Reference:
    """Facts about the accounts, each its own customer's."""
    rows = both_legs("\n".join(f"1 {one} x 1" for one in ACCOUNTS))
    with Dataset.from_tables("laos", transactions=rows) as data:
        return prepare(data, [], data.last_complete_day)


def plan_of(card: Card) -> Plan:
    """The one plan of a path card."""
    return next(iter(plans_of(card, reference().jurisdiction)))


def selection(plan: Plan, legs: Sequence[Leg], row_ids: Sequence[int]) -> Selection:
    """The legs as a detached selection."""
    keys = [f"account:BANK/{one.other}" if one.other.isupper() else one.other for one in legs]
    numbers = {account: number for number, account in enumerate(ACCOUNTS)}
    at = np.array([one.at - _OFFSET for one in legs], np.int64)
    account = np.array([numbers[one.account] for one in legs], np.int32)

    def words(found: Sequence[str | None]) -> Values:
        return as_values(pa.array(found, pa.string()).dictionary_encode())

    columns = {
        "row_id": Values(np.array(row_ids, np.int64)),
        "institution": words(["BANK"] * len(legs)),
        "at": Values(at),
        "local_day": Values((at + _OFFSET) // DAY),
        "time_precision": words(["day" if one.dated else "second" for one in legs]),
        "direction": words(["credit" if one.is_credit else "debit" for one in legs]),
        "amount": Values(np.array([one.amount for one in legs], np.int64)),
        "counterparty": words(keys),
        "counterparty_kind": words(["pooled" if key.startswith("pooled") else "name" for key in keys]),
        "wage_multiple": Values(np.array([one.amount * 10 for one in legs], np.int64)),
        "account": Values(account),
        "customer": Values(account),
    }
    every = np.ones(len(legs), np.bool_)
    sets = {"moves": Truth(every, ~every)}
    if "inflow" in plan.detect.rows:
        inflow = np.array([one.inflow for one in legs], np.bool_)
        sets["inflow"] = Truth(inflow, ~every)
    return Selection(plan, len(legs), columns.__getitem__, sets, reference(), tuple(columns))


def reports(named: Sequence[tuple[str, str]], day: int = 0) -> pa.Table:
    """Reports that name these, each by its kind and id, on one day."""
    return pa.table(
        {
            "institution": pa.array(["BANK"] * len(named), pa.string()),
            "subject_kind": pa.array([kind for kind, _ in named], pa.string()),
            "subject_id": pa.array([name for _, name in named], pa.string()),
            "at": pa.array([day] * len(named), pa.int32()),
        }
    )


def settled(
    card: Card,
    legs: Sequence[Leg],
    *,
    pieces: int = 1,
    named: Sequence[tuple[str, str]] = (),
    last_day: int = 10,
    folder: Path | None = None,
) -> Settled:
    """What a path card finds, its rows given in so many pieces of whole accounts; row ids count the legs as given.

    What does not fit into memory goes to the ``folder``.
    """
    plan = plan_of(card)
    ordered = sorted((leg, number) for number, leg in enumerate(legs))
    cut: list[list[tuple[Leg, int]]] = [[] for _ in range(pieces)]
    for leg, number in ordered:
        cut[ACCOUNTS.index(leg.account) * pieces // len(ACCOUNTS)].append((leg, number))
    found = [selection(plan, [leg for leg, _ in one], [n for _, n in one]) for one in cut if one]
    tables = {"reports": reports(named)}
    return settle(plan, found, AfterSweep(reference(), pa.table({}), tables, -(10**6), last_day, 10**6, folder))


def swept(card: Card, legs: Sequence[Leg]) -> list[Hit]:
    """The hits of a path card."""
    return settled(card, legs).hits


def comparable(hit: Hit) -> tuple[object, ...]:
    """What must be the same whatever the rows' numbers are."""
    return (
        (hit.subject.kind, hit.subject.id, hit.episode, hit.first_at, hit.last_at),
        sorted(hit.measures.items()),
        [(one.kind, one.id, one.part, one.role) for one in hit.members],
        (hit.customer_ids, hit.account_ids, hit.victims, hit.parts, hit.decides.tolist(), hit.notes),
    )
