"""The derived columns about the other side of a transaction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amlscreen.intake.names import name_keys
from amlscreen.ledger.kernels import since_first_seen
from amlscreen.ledger.listed import as_list_values
from amlscreen.ledger.partition import Partition, Values
from amlscreen.ledger.reference import positions
from amlscreen.schema import LISTED_CATEGORIES

__all__ = ["NEW_DAYS", "is_new", "is_own_customer", "is_related", "name_on_list", "named_accounts", "on_list"]

NEW_DAYS = 30
"""A counterparty is new on an account for this many days after their first transaction."""


def _person(part: Partition) -> tuple[Values, NDArray[np.bool_]]:
    key, kind = part.column("counterparty"), part.column("counterparty_kind")
    pooled = kind.array == kind.code_of("pooled")
    return key, (key.array >= 0) & ~pooled


def is_related(part: Partition) -> Values:
    """Whether the counterparty is tied to the holder by what is recorded."""
    key, known = _person(part)
    facts, customer = part.reference, part.column("customer").array
    low, high = (np.searchsorted(facts.related_customer, edge) for edge in (customer[:1], customer[-1:] + 1))
    span = slice(int(low[0]), int(high[0])) if part.size else slice(0, 0)
    keys = facts.related_key[span.start : span.stop]
    codes = positions(keys, key.vocabulary)
    pairs = facts.related_customer[span].astype(np.int64)[codes >= 0] << 32 | codes[codes >= 0]
    is_somebodys = np.zeros(len(key.vocabulary) + 1, np.bool_)
    is_somebodys[codes[codes >= 0]] = True
    rows = np.flatnonzero(is_somebodys.take(key.array, mode="wrap") & known)
    related = np.zeros(part.size, np.int8)
    related[rows] = np.isin(customer[rows].astype(np.int64) << 32 | key.array[rows], pairs)
    return Values(related, known)


def is_own_customer(part: Partition) -> Values:
    """Whether the counterparty is an account in this data."""
    key, known = _person(part)
    return Values((named_accounts(part)[key.array] >= 0).astype(np.int8), known)


def named_accounts(part: Partition) -> NDArray[np.int64]:
    """By code of the counterparty the account_no it names, -1 where it is none of this data; last, for code -1."""
    keys = part.column("counterparty")
    return part.once(
        "named accounts", lambda: np.append(part.reference.accounts_of_keys(keys.vocabulary), np.int64(-1))
    )


def on_list(part: Partition) -> Values:
    """Under which category the counterparty's key stands on the bank's lists on that day."""
    key, kind = part.column("counterparty"), part.column("counterparty_kind")
    rank = _list_rank(part, key)
    hides = (kind.array == kind.code_of("pooled")) & (rank == len(LISTED_CATEGORIES))
    return as_list_values(rank, (key.array >= 0) & ~hides)


def name_on_list(part: Partition) -> Values:
    """Under which category the counterparty's name as given does."""
    name = part.column("counterparty_name")
    rank = _list_rank(part, Values(name.array, name.known, name_keys(name.vocabulary)))
    return as_list_values(rank, name.array >= 0)


def _list_rank(part: Partition, key: Values) -> NDArray[np.int64]:
    listed, days = part.reference.listed, part.column("local_day").array.astype(np.int64)
    if listed is None:
        raise TypeError("the lists were not read, since no rule was known to ask for them")
    return listed.gravest(part.column("institution"), key, since_by=days, until_from=days)


def is_new(part: Partition) -> Values:
    """Whether the account and the counterparty have known each other for no longer than ``NEW_DAYS``."""
    key, known = _person(part)
    days = part.column("local_day").array.astype(np.int64)
    age, size = np.empty(part.size, np.int64), len(key.vocabulary)
    account = np.ascontiguousarray(part.column("account").array, np.int32)
    since_first_seen(account, key.array, days, np.full(size, -1, np.int32), np.empty(size, np.int64), age)
    known = known & (days >= part.reference.first_day + NEW_DAYS)
    return Values((age <= NEW_DAYS).astype(np.int8), known)
