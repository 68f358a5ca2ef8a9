"""Whom the hits of a plan are about: ids instead of numbers, for all hits at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.hits import SubjectRef
from amlscreen.ledger.reference import Reference
from amlscreen.shapes.held_rows import deciding, distinct_of_hits
from amlscreen.shapes.judging import Episodes
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.selection import SUBJECT_COLUMNS, Frame

__all__ = ["Who", "subjects_of", "victims_of"]

Ints = NDArray[np.int64]
Ids = tuple[str, ...]


class Who(NamedTuple):
    """The subject of a hit, and the customers and accounts that it touches."""

    subject: SubjectRef
    customer_ids: Ids
    account_ids: Ids


def subjects_of(plan: Plan, frame: Frame, found: Episodes) -> list[Who]:
    """Whom each hit is about. An outside counterparty that is an account in this data is that account."""
    facts = frame.selection.reference
    accounts = frame.column("account").array[found.start].astype(np.int64)
    if plan.subject == "account":
        return _accounts(facts, accounts)
    if plan.subject == "customer":
        return _customers(frame, found)
    values = frame.column(SUBJECT_COLUMNS[plan.subject])
    words = values.vocabulary.take(pa.array(values.array[found.start]))
    banks = [bank for bank, _ in facts.account_names(accounts)]
    outside = [
        Who(SubjectRef(bank, plan.subject, str(word)), (), ())
        for bank, word in zip(banks, words.to_pylist(), strict=True)
    ]
    if plan.subject == "conductor":
        return outside
    if plan.subject == "terminal":
        return _at_terminals(frame, found, [one.subject for one in outside])
    own = facts.accounts_of_keys(words)
    inside = iter(_accounts(facts, own[own >= 0]))
    return [next(inside) if number >= 0 else one for number, one in zip(own.tolist(), outside, strict=True)]


def _accounts(facts: Reference, numbers: Ints) -> list[Who]:
    distinct, back = np.unique(numbers, return_inverse=True)
    who = [
        Who(SubjectRef(bank, "account", account), owners, (account,))
        for (bank, account), owners in zip(facts.account_names(distinct), _owners(facts, distinct), strict=True)
    ]
    return [who[at] for at in back.tolist()]


def _owners(facts: Reference, accounts: Ints) -> list[Ids]:
    at, owners = facts.owners_of(accounts)
    edges = np.searchsorted(at, np.arange(accounts.size + 1))
    return _cut([customer for _, customer in facts.customer_names(owners)], edges)


def _customers(frame: Frame, found: Episodes) -> list[Who]:
    facts = frame.selection.reference
    names = facts.customer_names(frame.column("customer").array[found.start].astype(np.int64))
    return [
        Who(SubjectRef(bank, "customer", customer), (customer,), held)
        for (bank, customer), held in zip(
            names, _ids(facts.account_names, *_touched(frame, found, "account")), strict=True
        )
    ]


def _at_terminals(frame: Frame, found: Episodes, subjects: Sequence[SubjectRef]) -> list[Who]:
    """The machine is the subject; whose accounts were used there is told."""
    facts = frame.selection.reference
    customers = _ids(facts.customer_names, *_touched(frame, found, "customer"))
    accounts = _ids(facts.account_names, *_touched(frame, found, "account"))
    return [Who(*each) for each in zip(subjects, customers, accounts, strict=True)]


def _touched(frame: Frame, found: Episodes, column: str) -> tuple[Ints, Ints]:
    """The customers or accounts of the rows that decide: their numbers, and where those of each hit begin."""
    pairs = [deciding(found, found.points.views[name]) for name in frame.sets]
    hit, row = (np.concatenate(each) for each in zip(*pairs, strict=True))
    return distinct_of_hits(hit, frame.column(column).array[row].astype(np.int64), found.start.size)


def _ids(names_of: Callable[[Ints], list[tuple[str, str]]], numbers: Ints, offsets: Ints) -> list[Ids]:
    return _cut([one for _, one in names_of(numbers)], offsets)


def victims_of(plan: Plan, frame: Frame, found: Episodes) -> list[Ids]:
    """Customer ids that ``possible_victims: row_set.customer`` (or ``.counterparty``) names, for each hit."""
    if not plan.card.possible_victims:
        return [()] * found.start.size
    row_set, _, column = plan.card.possible_victims.partition(".")
    facts = frame.selection.reference
    hit, row = deciding(found, found.points.views[row_set])
    if column == "customer":
        customers = frame.column("customer").array[row].astype(np.int64)
    else:
        hit, customers = _holders_of(facts, hit, frame, row)
    numbers, offsets = distinct_of_hits(hit, customers, found.start.size)
    return [tuple(sorted(each)) for each in _cut([name for _, name in facts.customer_names(numbers)], offsets)]


def _holders_of(facts: Reference, hit: Ints, frame: Frame, row: Ints) -> tuple[Ints, Ints]:
    """The owners of the accounts in this data that rows name as their counterparty."""
    values = frame.column("counterparty")
    known = values.is_known()[row]
    distinct, back = np.unique(values.array[row[known]], return_inverse=True)
    account = facts.accounts_of_keys(values.vocabulary.take(pa.array(distinct)))[back]
    own = account >= 0
    at, customers = facts.owners_of(account[own])
    return hit[known][own][at], customers


def _cut(words: Sequence[str], offsets: Ints) -> list[Ids]:
    return [tuple(words[a:b]) for a, b in pairwise(offsets.tolist())]
