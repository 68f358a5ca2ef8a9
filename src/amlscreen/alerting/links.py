"""Which customers with hits are linked: groups that rules found, co-holders, payments in evidence, a shared phone.

Links join customers into groups. A value that many share (a dormitory's phone, a company account) says nothing and is
left out; a group grows to ``MOST_MEMBERS`` by its strongest links. What was left out is counted, never silent.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.alerting.book import Book, CustomerKey, batches_of

__all__ = ["MOST_MEMBERS", "MOST_SHARING", "Links", "find_links"]

MOST_SHARING = 10
MOST_MEMBERS = 25

Pair = tuple[CustomerKey, CustomerKey]
_BETWEEN = ("institution", "account_id", "counterparty")


@dataclass(frozen=True, slots=True)
class Links:
    """Groups of two or more linked customers, sorted; ``too_common`` values and ``too_large`` links were left out."""

    groups: tuple[tuple[CustomerKey, ...], ...]
    too_common: int
    too_large: int

    @property
    def counts(self) -> dict[str, int]:
        """What was left out, for the run's record."""
        return {"links_too_common": self.too_common, "links_too_large": self.too_large}


def find_links(
    candidates: Collection[CustomerKey],
    book: Book,
    evidence: NDArray[np.int64],
    found_together: Iterable[Collection[CustomerKey]] = (),
) -> Links:
    """Groups among ``candidates``, customers with a hit an alert may rest on; links are taken strongest first.

    ``evidence`` are the ``row_id`` of these hits' deciding rows, where payments between candidates are looked for;
    ``found_together`` are the members of groups that rules found, the strongest links there are.
    """
    wanted = set(candidates)
    holdings, crowded_accounts = _sharing(_holders(book, wanted), wanted)
    phones, crowded_phones = _sharing(_around(book.customers, "phone", wanted), wanted)
    groups = _Groups()
    together = [pair for members in found_together for pair in pairwise(sorted(wanted.intersection(members)))]
    for pairs in (together, holdings, _payments(book, evidence, wanted), phones):
        for one, other in pairs:
            groups.join(one, other)
    return Links(groups.listed(), crowded_accounts + crowded_phones, groups.refused)


def _sharing(holders: Iterable[Collection[CustomerKey]], wanted: set[CustomerKey]) -> tuple[list[Pair], int]:
    pairs: set[Pair] = set()
    crowded = 0
    for sharing in holders:
        linked = sorted(wanted.intersection(sharing))
        if len(linked) < 2:
            continue
        if len(sharing) > MOST_SHARING:
            crowded += 1
            continue
        pairs.update(pairwise(linked))
    return sorted(pairs), crowded


def _holders(book: Book, wanted: set[CustomerKey]) -> Iterable[Collection[CustomerKey]]:
    """The customers of every account that one of the wanted holds: owners, and all other roles."""
    for (institution, _), owners in book.owners.items():
        if len(owners) > 1:
            yield {(institution, owner) for owner in owners}
    yield from _around(book.holdings, "account_id", wanted)


def _around(table: pa.Table, value: str, wanted: set[CustomerKey]) -> Iterable[Collection[CustomerKey]]:
    """For each value of a column that one of the wanted has: every customer who has it."""
    if not table.num_rows or value not in table.column_names:
        return
    ids = pa.array(sorted({customer_id for _, customer_id in wanted}), pa.string())
    of_interest = table.filter(pc.is_in(table.column("customer_id").cast(pa.string()), value_set=ids))
    values = of_interest.column(value).cast(pa.string()).drop_null().unique()
    near = table.filter(pc.is_in(table.column(value).cast(pa.string()), value_set=values))
    sharing: dict[tuple[str, str], set[CustomerKey]] = defaultdict(set)
    columns = (near.column(name).to_pylist() for name in ("institution", value, "customer_id"))
    for institution, shared, customer_id in zip(*columns, strict=True):
        sharing[institution, shared].add((institution, customer_id))
    yield from sharing.values()


def _payments(book: Book, evidence: NDArray[np.int64], wanted: set[CustomerKey]) -> list[Pair]:
    """Pairs with a payment between them in the evidence of both, most payments first.

    A payment that counts for one side only (a shop's takings, a landlord's rent) ties nobody to it.
    """
    told: Counter[Pair] = Counter()
    for institution, account_id, counterparty, payments in _to_accounts(book, evidence):
        bank, _, number = counterparty.removeprefix("account:").partition("/")
        if bank != institution:
            continue
        theirs = [(institution, owner) for owner in book.owners.get((institution, number), ())]
        for other in theirs:
            if other not in wanted:
                continue
            for owner in book.owners.get((institution, account_id), ()):
                one = (institution, owner)
                if one != other and one in wanted:
                    told[one, other] += payments
    counts = {pair: min(count, told[pair[::-1]]) for pair, count in told.items() if pair[0] < pair[1]}
    return sorted((pair for pair in counts if counts[pair]), key=lambda pair: (-counts[pair], pair))


def _to_accounts(book: Book, evidence: NDArray[np.int64]) -> Iterable[tuple[str, str, str, int]]:
    """Institution, account, a counterparty that is an account, and in how many rows they stand together."""
    for batch in batches_of(book, evidence):
        kept = pa.table([batch.column(name).cast(pa.string()) for name in _BETWEEN], names=[*_BETWEEN])
        kept = kept.filter(pc.starts_with(kept.column("counterparty"), "account:"))
        pairs = kept.group_by([*_BETWEEN], use_threads=False).aggregate([([], "count_all")])
        yield from zip(*(pairs.column(name).to_pylist() for name in (*_BETWEEN, "count_all")), strict=True)


class _Groups:
    """Union-find that refuses to grow a group beyond ``MOST_MEMBERS``."""

    def __init__(self) -> None:
        self._parent: dict[CustomerKey, CustomerKey] = {}
        self._size: dict[CustomerKey, int] = {}
        self.refused = 0

    def _root(self, key: CustomerKey) -> CustomerKey:
        self._parent.setdefault(key, key)
        self._size.setdefault(key, 1)
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def join(self, one: CustomerKey, other: CustomerKey) -> None:
        first, second = sorted((self._root(one), self._root(other)))
        if first == second:
            return
        if self._size[first] + self._size[second] > MOST_MEMBERS:
            self.refused += 1
            return
        self._parent[second] = first
        self._size[first] += self._size[second]

    def listed(self) -> tuple[tuple[CustomerKey, ...], ...]:
        members: dict[CustomerKey, list[CustomerKey]] = defaultdict(list)
        for key in sorted(self._parent):
            members[self._root(key)].append(key)
        return tuple(tuple(members[root]) for root in sorted(members) if len(members[root]) > 1)
