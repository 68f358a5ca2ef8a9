"""Payments as edges between accounts and outside parties, one for each payment.

A payment between two accounts of this data has two legs. The payer's leg makes the edge; the receiver's makes it only
where the payer's is not among the picked rows: it was set aside at intake, or the card looks at receivers. Legs are
paired by payer, receiver and amount, at most a day apart, and what is then left by payer, receiver and an amount that
differs by no more than a fiftieth (a fee, or a rate between currencies). Two payments between the same two parties are
two edges. A party that is unknown or pooled is none; nor is money that a party moves to itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import Reference
from amlscreen.shapes.path_terms import Terms
from amlscreen.shapes.plan import DAY
from amlscreen.shapes.selection import Selection

__all__ = ["Counted", "Edges", "edges_of", "instants", "party_numbers", "vague"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
_NEAR = 50
"""Legs whose amounts differ by at most one part in so many may be of one payment."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted over all payments, where only some are left: ``others`` by party, 0 if below any ``hub``.

    ``whole`` are the accounts all of whose rows are there. Parties that are paid and pay: accounts by number (``own``)
    and outside parties, each with its counterparties.
    """

    others: Ints
    whole: Mask
    own: Ints
    of_own: Ints
    of_outside: Ints


@dataclass(frozen=True)
class Edges:
    """Payments sorted by payer and time; ``row`` is the place of each in the selection.

    Parties are numbered: accounts of this data by account_no, then outside parties. ``early`` and ``late`` are the
    first and last instant at which it may have been; ``low`` and ``high`` what an amount that goes on must lie in.
    """

    selection: Selection
    accounts: int
    parties: int
    source: Ints
    target: Ints
    early: Ints
    late: Ints
    amount: Ints
    row: Ints
    terms: Terms
    counted: Counted | None = None
    _kept: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def size(self) -> int:
        """How many payments there are."""
        return self.source.size

    @property
    def reference(self) -> Reference:
        """Facts about accounts and owners."""
        return self.selection.reference

    def on(self, terms: Terms) -> Edges:
        """The same payments for another card; what does not depend on its terms is kept for both."""
        return replace(self, terms=terms)

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    @property
    def offsets(self) -> Ints:
        """Where the payments of each party begin, by its number."""
        found: Ints = self._once("-offsets", self._offsets)
        return found

    def _offsets(self) -> Ints:
        counts = np.bincount(self.source, minlength=self.parties)
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])

    @property
    def order(self) -> Ints:
        """All payments by time, of equals by their place in the selection."""
        found: Ints = self._once("-order", lambda: np.lexsort((self.row, self.early)).astype(np.int64))
        return found

    @property
    def pairs(self) -> tuple[Ints, Ints]:
        """Each payer with each that it pays, once."""
        found: tuple[Ints, Ints] = self._once("-pairs", lambda: _pairs_once(self.source, self.target, self.parties))
        return found

    @property
    def others(self) -> Ints:
        """With how many different others each party has payments, either way."""
        found: Ints = self._once("-others", self._others)
        return found

    def _others(self) -> Ints:
        if self.counted is not None:
            return self.counted.others
        one, other = self.pairs
        either = _pairs_once(np.minimum(one, other), np.maximum(one, other), self.parties)
        return np.bincount(np.concatenate(either), minlength=self.parties).astype(np.int64)

    @cached_property
    def walked(self) -> Mask:
        """Parties that are walked through: those with no more counterparties than the card's ``hub``."""
        return np.asarray(self.others <= self.terms.hub)

    @property
    def whole(self) -> Mask:
        """Accounts all of whose rows are there."""
        return np.ones(self.accounts, np.bool_) if self.counted is None else self.counted.whole

    @property
    def is_between(self) -> Mask:
        """Parties that are paid and pay."""
        found: Mask = self._once("-between", self._between)
        return found

    def _between(self) -> Mask:
        paid = np.zeros(self.parties, np.bool_)
        paid[self.target] = True
        return paid & (np.diff(self.offsets) > 0)

    @property
    def hubs(self) -> tuple[Ints, Ints, int]:
        """Parties that are paid and pay and are not walked through: accounts, the counterparties of each, and how many
        outside parties.
        """
        if self.counted is not None:
            own = self.counted.of_own > self.terms.hub
            outside = int((self.counted.of_outside > self.terms.hub).sum())
            return self.counted.own[own], self.counted.of_own[own], outside
        skipped = np.flatnonzero(~self.walked & self.is_between)
        accounts = skipped[self.is_own(skipped)]
        return accounts, self.others[accounts], skipped.size - accounts.size

    @cached_property
    def bounds(self) -> tuple[Ints, Ints]:
        """The least and largest amount in which each payment goes on, exact."""
        whole, rest = self.amount // MILLION, self.amount % MILLION
        low = whole * self.terms.keeps + -(-rest * self.terms.keeps // MILLION)
        return low, whole * self.terms.at_most + rest * self.terms.at_most // MILLION

    def column(self, name: str) -> Values:
        """A column of the payments' rows."""
        values: Values = self._once(name, lambda: self.selection.column(name).take(self.row))
        return values

    def is_own(self, parties: Ints) -> Mask:
        """Which of these parties are accounts of this data."""
        return np.asarray(parties < self.accounts)


def _pairs_once(one: Ints, other: Ints, parties: int) -> tuple[Ints, Ints]:
    pairs = np.sort(one * parties + other)
    return np.divmod(pairs[np.flatnonzero(np.diff(pairs, prepend=-1))], parties)


def edges_of(selection: Selection, terms: Terms, counted: Counted | None = None) -> Edges:
    """The payments that row set ``moves`` picks."""
    rows = np.flatnonzero(selection.sets["moves"].true)
    accounts = selection.reference.account_ids.num_rows
    other = party_numbers(selection).take(rows)
    own = selection.column("account").array.take(rows).astype(np.int64)
    two = np.flatnonzero((other >= 0) & (other != own))
    rows, own, other = (each.take(two) for each in (rows, own, other))
    direction = selection.column("direction")
    credit = direction.array.take(rows) == direction.code_of("credit")
    source, target = np.where(credit, other, own), np.where(credit, own, other)
    early, late = instants(selection, rows)
    amount = selection.column("amount").array.take(rows).astype(np.int64)
    parties = accounts + len(selection.column("counterparty").vocabulary)
    second = _second_legs(selection, rows, source * parties + target, amount, credit, other < accounts)
    order = np.flatnonzero(~second)
    order = order.take(np.lexsort((early.take(order), source.take(order))))
    source, target, early, late, amount, rows = (
        each.take(order) for each in (source, target, early, late, amount, rows)
    )
    return Edges(selection, accounts, parties, source, target, early, late, amount, rows, terms, counted)


def party_numbers(selection: Selection) -> Ints:
    """The number of each row's other side; -1 where it is unknown or pooled."""
    key, kind = selection.column("counterparty"), selection.column("counterparty_kind")
    own = selection.reference.accounts_of_keys(key.vocabulary)
    outside = selection.reference.account_ids.num_rows + np.arange(own.size)
    numbers = np.append(np.where(own >= 0, own, outside), -1)[key.array]
    return np.where(kind.array == kind.code_of("pooled"), -1, numbers).astype(np.int64)


def vague(selection: Selection) -> Mask:
    """Rows known by their date only."""
    precision = selection.column("time_precision")
    return np.asarray(precision.array != precision.code_of("second"))


def instants(selection: Selection, rows: Ints) -> tuple[Ints, Ints]:
    """The first and last instant at which each of these rows may have been: of one known by its date, its day's."""
    at = selection.column("at").array.take(rows).astype(np.int64)
    dated = vague(selection).take(rows)
    if not dated.any():
        return at, at
    offset = selection.reference.jurisdiction.utc_offset_minutes * 60_000_000
    midnight = selection.column("local_day").array.take(rows).astype(np.int64) * DAY - offset
    return np.where(dated, midnight, at), np.where(dated, midnight + DAY - 1, at)


def _second_legs(selection: Selection, rows: Ints, pair: Ints, amount: Ints, credit: Mask, both: Mask) -> Mask:
    """Receivers' legs of payments whose payer's leg is there too; rows stand in the ledger's order."""
    taken = np.zeros(rows.size, np.bool_)
    time = selection.column("at").array.take(rows).astype(np.int64)
    if credit[both].all() or not credit[both].any():
        return taken
    heads, tails = (np.full(1 << int(rows.size).bit_length(), -1, np.int64) for _ in range(2))
    kernels.pair_equal_legs(pair, time, amount, credit, both, DAY, heads, tails, np.empty(rows.size, np.int64), taken)
    legs = np.flatnonzero(both & ~taken)
    legs = legs[np.argsort(pair[legs], kind="stable")]
    offsets = np.concatenate([[0], np.flatnonzero(np.diff(pair[legs])) + 1, [legs.size]]).astype(np.int64)
    kernels.pair_legs(offsets, legs, time, amount, credit, DAY, _NEAR, taken)
    return taken & credit
