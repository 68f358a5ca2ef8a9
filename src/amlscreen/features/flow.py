"""The bank's payments as a graph of subjects and outside parties: what features of stage "flow" are made from.

Of accounts, every account is a place of its own. Of customers, what one customer owns alone is one place, so that money
between the own accounts leads nowhere; an account with several owners is a place of its own, and each owner is told the
higher of the own figure and that of such an account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from amlscreen.features.payments import Payments
from amlscreen.ledger import kernels
from amlscreen.ledger.columns import ratio_values
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import Reference

__all__ = ["DAY", "HUB", "MOST", "Flow", "Side", "distinct", "flow_of", "most", "share", "sums", "within"]

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
Kept = TypeVar("Kept")
Subject = Literal["customer", "account"]
HUB = 100
"""A party with more different counterparties is not passed through: shops, employers, the state."""
MOST = 32
"""Of each party on the way, so many of its next payments are looked at."""
DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Side:
    """The payments to (or by) each party: ``offsets`` say where those of each begin, ``other`` who is at the other end.

    Those of one party stand by ``time``, the first instant at which each may have been.
    """

    offsets: Ints
    other: Codes
    time: Ints
    amount: Ints


@dataclass(frozen=True)
class Flow:
    """Payments by payer and time. Subjects come first, then accounts of several owners, then outside parties.

    ``told_enough`` says where payments are told: of half of the place's rows or more the other side is known, pooled,
    or nobody, as of cash. ``order`` are all payments by time; ``joint`` and ``owner`` the places of accounts of several
    owners, each with one owner.
    """

    subject: Subject
    subjects: int
    parties: int
    last_day: int
    offset: int
    source: Codes
    out: Side
    late: Ints
    order: Codes
    joint: Ints
    owner: Ints
    told_enough: Flags
    _kept: dict[str, Any] = field(default_factory=dict, compare=False)
    _locks: defaultdict[str, RLock] = field(default_factory=lambda: defaultdict(RLock), compare=False)

    def once(self, name: str, make: Callable[[], Kept]) -> Kept:
        """What features share, made when the first of them asks for it; others wait until it is there."""
        with self._locks[name]:
            if name not in self._kept:
                self._kept[name] = make()
            kept: Kept = self._kept[name]
            return kept

    @property
    def places(self) -> int:
        """How many subjects and accounts of several owners there are: those whose payments are all seen."""
        return self.told_enough.size

    def told(self, values: Ints, known: Flags | None = None) -> Values:
        """Numbers by place as those of subjects; unknown where too few rows name the other side."""
        known = self.told_enough if known is None else self.told_enough & known[: self.places]
        filled = np.where(known, values[: self.places], -1)
        highest = filled[: self.subjects].copy()
        np.maximum.at(highest, self.owner, filled[self.joint])
        return Values(np.maximum(highest, 0), highest >= 0)

    def since(self, days: int) -> int:
        """The first instant of the last so many local days."""
        return (self.last_day - days + 1) * DAY - self.offset

    @property
    def by_receiver(self) -> Codes:
        """The payments put together by receiver, those of each by time."""
        return self.once("by receiver", lambda: _grouped(self.out.other, self.order, self.parties)[0])

    @property
    def into(self) -> Side:
        """The payments to each party."""
        return self.once("into", self._into)

    def _into(self) -> Side:
        order, offsets = self.by_receiver, _offsets(self.out.other, self.parties)
        return Side(offsets, self.source.take(order), self.out.time.take(order), self.out.amount.take(order))

    @property
    def out_pairs(self) -> Codes:
        """The payments of each payer, put together by receiver."""
        return self.once("out pairs", lambda: _grouped(self.source, self.by_receiver, self.parties)[0])

    @property
    def payers(self) -> Ints:
        """How many different parties pay each party."""
        return self.once("payers", lambda: distinct(self.into, self.parties))

    @property
    def payees(self) -> Ints:
        """How many different parties each party pays."""
        return self.once("payees", lambda: distinct(self.out, self.parties))

    @property
    def mutual(self) -> Ints:
        """With how many different parties money goes both ways."""
        return self.once("mutual", self._mutual)

    def _mutual(self) -> Ints:
        found, stamp = np.zeros(self.parties, np.int64), np.full(self.parties, -1, np.int32)
        kernels.mutual(self.out.offsets, self.out.other, self.into.offsets, self.into.other, stamp, found)
        return found

    @property
    def degree(self) -> Ints:
        """With how many different parties each has payments, either way."""
        return self.payers + self.payees - self.mutual

    @property
    def walked(self) -> Flags:
        """Parties that money passes through: they are paid and pay, and are no hubs."""
        return self.once("walked", lambda: (self.payers > 0) & (self.payees > 0) & (self.degree <= HUB))

    @property
    def onward_by_receiver(self) -> Codes:
        """The place of the receiver's first payment that is certainly later than each payment; by receiver."""
        return self.once("onward by receiver", self._onward)

    def _onward(self) -> Codes:
        found = np.empty(self.source.size, np.int32)
        late = self.into.time if self.late is self.out.time else self.late.take(self.by_receiver)
        kernels.onward_from(self.into.offsets, late, self.out.offsets, self.out.time, found)
        return found

    @property
    def onward(self) -> Codes:
        """The same, by payer."""
        return self.once("onward", self._onward_by_payer)

    def _onward_by_payer(self) -> Codes:
        found = np.empty(self.source.size, np.int32)
        found[self.by_receiver] = self.onward_by_receiver
        return found

    @property
    def payers_in_a_week(self) -> Ints:
        """How many different parties paid in the seven days up to each payment; by receiver."""
        return self.once("payers in a week", lambda: within(self, self.into, 7 * DAY))


def distinct(side: Side, parties: int, first: Ints | None = None, code: Codes | None = None) -> Ints:
    """How many different others each party has payments with, from place ``first`` of its payments on.

    ``code`` stands in for the others where not all count; negative ones do not.
    """
    start = side.offsets[:-1] if first is None else first
    found = np.zeros(start.size, np.int64)
    scratch = np.zeros(parties, np.int32)
    kernels.slice_distinct(start, side.offsets[1:], side.other if code is None else code, scratch, found)
    return found


def most(values: Ints, offsets: Ints) -> Ints:
    """The largest value of each group; 0 for an empty one."""
    starts, filled = offsets[:-1], offsets[1:] > offsets[:-1]
    out = np.zeros(starts.size, np.int64)
    if values.size:
        out[filled] = np.maximum.reduceat(values, starts[filled])
    return out


def sums(side: Side, amount: Ints) -> Ints:
    """The sum of each party's amounts."""
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(amount)])
    return np.diff(running[side.offsets])


def share(flow: Flow, over: Ints, under: Ints) -> Values:
    """A share in millionths, floored; unknown of nothing."""
    ratio = ratio_values(over[: flow.places], under[: flow.places])
    return flow.told(ratio.array, ratio.is_known())


def within(flow: Flow, side: Side, span: int) -> Ints:
    """How many different others the payments of each party had in the span up to each of them."""
    left, closes = np.empty(side.time.size, np.int64), np.empty(side.time.size, np.bool_)
    kernels.window_left(side.offsets, side.time, span, left, closes)
    found, until = np.empty(side.time.size, np.int64), np.arange(1, side.time.size + 1)
    kernels.slice_distinct(left, until, side.other, np.zeros(flow.parties, np.int32), found)
    return found


def flow_of(payments: Payments, reference: Reference, subject: Subject) -> Flow:
    """The graph of accounts, or of customers."""
    place, subjects, joint, owner = _places(payments, reference, subject)
    own = subjects + np.unique(joint).size if subject == "customer" else subjects
    shift = own - payments.accounts
    parties = payments.parties + shift
    where = np.concatenate([place, np.arange(own, parties)]).astype(np.int32)
    source, target = where.take(payments.source), where.take(payments.target)
    by_time = payments.by_time
    if subject == "customer":
        by_time = by_time.take(np.flatnonzero((source != target).take(by_time)))
    rows, named = (np.bincount(place, each, own).astype(np.int64) for each in (payments.rows, payments.named))
    order, offsets = _grouped(source, by_time, parties)
    back = np.empty(source.size, np.int32)
    back[order] = np.arange(order.size, dtype=np.int32)
    time = payments.early.take(order)
    return Flow(
        subject=subject,
        subjects=subjects,
        parties=parties,
        last_day=reference.last_day,
        offset=reference.jurisdiction.utc_offset_minutes * 60_000_000,
        source=source.take(order),
        out=Side(offsets, target.take(order), time, payments.amount.take(order)),
        late=time if payments.late is payments.early else payments.late.take(order),
        order=back.take(by_time),
        joint=joint,
        owner=owner,
        told_enough=2 * named >= rows,
    )


def _places(payments: Payments, reference: Reference, subject: Subject) -> tuple[Ints, int, Ints, Ints]:
    """The place of each account, how many subjects there are, and the places of joint accounts with their owners."""
    none = np.empty(0, np.int64)
    if subject == "account":
        return np.arange(payments.accounts), payments.accounts, none, none
    owners = np.diff(reference.owner_offsets)
    subjects = reference.customer_ids.num_rows
    place = np.zeros(payments.accounts, np.int64)
    alone = owners == 1
    place[alone] = reference.owner[reference.owner_offsets[:-1][alone]]
    place[~alone] = subjects + np.arange(int((~alone).sum()))
    at, owner = reference.owners_of(np.flatnonzero(~alone))
    return place, subjects, subjects + at, owner


def _offsets(key: Codes, parties: int) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(key, minlength=parties), dtype=np.int64)])


def _grouped(key: Codes, before: Codes, parties: int) -> tuple[Codes, Ints]:
    """Some places put together by their key, in the order they are given in; and where each key's begin."""
    offsets = _offsets(key.take(before), parties)
    out = np.empty(before.size, np.int32)
    kernels.grouped(key, before, offsets[:-1].copy(), out)
    return out, offsets
