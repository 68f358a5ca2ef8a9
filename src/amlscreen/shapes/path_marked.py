"""Parties named in earlier reports and cases, as far as the bank knew of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.ledger.reference import Reference, positions, whole
from amlscreen.shapes.match import MatchTable
from amlscreen.shapes.path_edges import Edges
from amlscreen.shapes.path_ends import keys_of_words
from amlscreen.shapes.settled import AfterSweep

__all__ = ["Marked", "marked_keys", "marked_parties"]

Ints = NDArray[np.int64]
_TABLES = ("reports", "cases")
_COLUMNS = ("institution", "subject_kind", "subject_id")


@dataclass(frozen=True, slots=True)
class Marked:
    """``party`` and ``mark`` say which parties stand for which named one: all accounts of a customer for the customer.

    ``customers`` are the customer_no of those named and of the owners of accounts named.
    """

    party: Ints
    mark: Ints
    customers: Ints


def marked_parties(edges: Edges, bank: AfterSweep) -> Marked:
    """Whom the tables name, each once however often it is named."""
    return _marked(bank, edges.selection.column("counterparty").vocabulary)


def marked_keys(bank: AfterSweep) -> Ints:
    """The keys of all parties that the tables name, with or without payments."""
    names = pa.array(sorted({name for _, _, name in _named(bank)}), pa.string())
    party, own = _marked(bank, names).party, bank.reference.account_ids.num_rows
    return np.unique(
        np.where(party < own, party, keys_of_words(names)[np.maximum(party - own, 0)] if len(names) else party)
    )


def _marked(bank: AfterSweep, outside: pa.Array[Any]) -> Marked:
    facts = bank.reference
    customers = {pair: number for number, pair in enumerate(_names(facts.customer_ids))}
    owner = facts.owner.astype(np.int64)
    account_of = np.repeat(np.arange(facts.owner_offsets.size - 1), np.diff(facts.owner_offsets))
    found: list[tuple[int, int]] = []
    known: set[int] = set()
    for mark, (institution, kind, name) in enumerate(sorted(set(_named(bank)))):
        accounts: list[int] = []
        if kind == "customer":
            number = customers.get((institution, name), -1)
            known.add(number)
            accounts = account_of[owner == number].tolist()
        elif kind == "account":
            accounts = _account(facts, institution, name)
            known |= {one for account in accounts for one in facts.owners(account)}
        else:
            key = pa.array([name], pa.string())
            own, place = int(facts.accounts_of_keys(key)[0]), int(positions(key, outside)[0])
            accounts = [own] if own >= 0 else [facts.account_ids.num_rows + place] if place >= 0 else []
            known |= set(facts.owners(own)) if own >= 0 else set()
        found += [(account, mark) for account in accounts]
    table = np.array(sorted(found), np.int64).reshape(-1, 2)
    return Marked(table[:, 0].copy(), table[:, 1].copy(), np.array(sorted(known - {-1}), np.int64))


def _names(ids: pa.Table) -> Iterator[tuple[str, str]]:
    columns = (ids.column(place).to_pylist() for place in (0, 1))
    return ((str(bank), str(name)) for bank, name in zip(*columns, strict=True))


def _named(bank: AfterSweep) -> Iterator[tuple[str, str, str]]:
    for name in _TABLES:
        if name not in bank.tables:
            continue
        home = bank.reference.jurisdiction
        known = MatchTable(
            bank.tables[name], home, bank.features, frozenset(), as_of=bank.last_day, told_until=bank.told_until
        ).table
        columns = (whole(known[one].cast(pa.string())).to_pylist() for one in _COLUMNS)
        yield from zip(*columns, strict=True)


def _account(facts: Reference, institution: str, name: str) -> list[int]:
    key = facts.accounts_of_keys(pa.array([f"account:{institution}/{name}"], pa.string()))
    return [int(key[0])] if key[0] >= 0 else []
