"""Rolling up: which hits belong to one subject's activity.

Hits on an account and on its owner are one activity, the customer's; a hit on a joint account belongs to each owner.
Outside counterparties, conductors, machines and groups are subjects of their own; behind the last two stand their
members. Nothing here depends on the order of the hits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from amlscreen.alerting.book import Book, CustomerKey
from amlscreen.hits import Hit, SubjectRef

__all__ = [
    "TOGETHER",
    "Activity",
    "hit_order",
    "in_order",
    "owners_of",
    "roll_up",
    "tied_together",
    "under_review",
]


TOGETHER = frozenset({"group", "terminal"})
"""Kinds of subject that several customers stand behind."""

AT_THE_EDGE = frozenset({"origin", "end", "sender", "receiver"})
"""Parts of members who paid or were paid and have no other tie to the group."""

BESIDE = AT_THE_EDGE | {"spoke"}
"""Parts of members who are in the picture and not under review because of it."""


@dataclass(frozen=True, slots=True)
class Activity:
    """The hits on one subject: ``open`` ones can alert, ``older`` ones are context.

    ``customers`` are all those behind it, also those who must not be named; ``subject`` is fit to be written out.
    """

    subject: SubjectRef
    customers: tuple[CustomerKey, ...]
    open: tuple[Hit, ...]
    older: tuple[Hit, ...]

    @property
    def account_ids(self) -> tuple[str, ...]:
        """The accounts its open hits are about, sorted."""
        return tuple(sorted({account for hit in self.open for account in under_review(hit)[1]}))


def under_review(hit: Hit) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The customers and accounts that a hit is about.

    Of a group those who lead it or hand money on; who only paid in, was paid at the end, or drew at the same machine is
    a member and no more.
    """
    if hit.subject.kind not in TOGETHER:
        return hit.customer_ids, hit.account_ids
    beside = BESIDE | _unflagged(hit)
    about = [member for member in hit.members if member.part not in beside or member.id == hit.subject.id]
    customers = {one for member in about for one in member.customer_ids}
    accounts = {member.id for member in about if member.kind == "account"}
    if about and not accounts and len(about) == len(hit.members):
        accounts = set(hit.account_ids)
    return tuple(sorted(customers)), tuple(sorted(accounts))


def _unflagged(hit: Hit) -> frozenset[str]:
    """Where some of a group were flagged by other rules, the rest only share something with them."""
    return frozenset({"member"} if any(member.part == "flagged" for member in hit.members) else ())


def tied_together(hits: Iterable[Hit]) -> set[CustomerKey]:
    """The customers whom the groups among some hits tie together: all members but those at the edge."""
    return {
        (hit.subject.institution, one)
        for hit in hits
        for member in hit.members
        if member.part not in AT_THE_EDGE | _unflagged(hit)
        for one in member.customer_ids
    }


def hit_order(hit: Hit) -> tuple[object, ...]:
    """A total order of hits that does not depend on how they were found: by rule, then time, then subject."""
    subject = hit.subject
    first_row = int(hit.row_ids[0]) if len(hit.row_ids) else -1
    return (
        hit.rule_id,
        hit.first_at,
        hit.last_at,
        subject.institution,
        subject.kind,
        subject.id,
        hit.limit or "",
        hit.episode,
        len(hit.row_ids),
        first_row,
    )


def in_order(hits: Iterable[Hit]) -> list[Hit]:
    """The hits in :func:`hit_order`; of those it cannot tell apart, by everything else they hold."""
    keyed = sorted(((hit_order(hit), number, hit) for number, hit in enumerate(hits)), key=lambda one: one[:2])
    ordered: list[Hit] = []
    for _, equals in groupby(keyed, key=lambda one: one[0]):
        same = [hit for _, _, hit in equals]
        ordered += same if len(same) == 1 else sorted(same, key=_all_it_holds)
    return ordered


def _all_it_holds(hit: Hit) -> str:
    rows = (hit.row_ids.tolist(), hit.decides.tolist(), hit.parts)
    return repr(
        (sorted(hit.measures.items()), hit.known, hit.total, hit.victims, hit.customer_ids, hit.account_ids, rows)
    )


def owners_of(hit: Hit, book: Book) -> tuple[CustomerKey, ...]:
    """The customers whose activity a hit belongs to; none for outside subjects."""
    institution, kind = hit.subject.institution, hit.subject.kind
    if kind == "customer":
        return ((institution, hit.subject.id),)
    if kind == "account":
        owners = book.owners.get((institution, hit.subject.id)) or hit.customer_ids
        return tuple((institution, owner) for owner in sorted(set(owners)))
    return ()


def roll_up(hits: Iterable[Hit], book: Book, *, span_start: int) -> list[Activity]:
    """Activities in the order of their subjects, of hits that come in :func:`hit_order`.

    Episodes ending on ``span_start`` or before are older.
    """
    members: dict[tuple[str, str, str], list[Hit]] = defaultdict(list)
    for hit in hits:
        owners = owners_of(hit, book)
        for institution, customer_id in owners:
            members[institution, "customer", customer_id].append(hit)
        if not owners:
            members[hit.subject.institution, hit.subject.kind, hit.subject.id].append(hit)
    no_customers = book.customers.num_rows == 0
    return [_activity(key, members[key], span_start, on_account=no_customers) for key in sorted(members)]


def _activity(key: tuple[str, Any, str], hits: Sequence[Hit], span_start: int, *, on_account: bool) -> Activity:
    subject = SubjectRef(*key)
    together = subject.kind in TOGETHER
    current = tuple(hit for hit in hits if hit.last_day > span_start)
    older = tuple(hit for hit in hits if hit.last_day <= span_start)
    behind = {subject.id} if subject.kind == "customer" else {one for hit in hits for one in under_review(hit)[0]}
    customers: tuple[CustomerKey, ...] = ()
    if together or subject.kind == "customer":
        customers = tuple((subject.institution, one) for one in sorted(behind))
    if on_account and customers and not together:
        accounts = {account for hit in hits for account in hit.account_ids}
        if len(accounts) == 1:
            subject = SubjectRef(subject.institution, "account", accounts.pop())
    return Activity(subject, customers, current, older)
