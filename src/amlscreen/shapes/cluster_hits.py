"""From groups to hits: whom a hit is about, its members with their roles, and what was found about them before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise

import numpy as np
from numpy.typing import NDArray

from amlscreen.hits import Hit, Member, SubjectRef
from amlscreen.ledger.columns import MILLION
from amlscreen.shapes.cluster_found import Found
from amlscreen.shapes.cluster_ties import columns_of, value_mark
from amlscreen.shapes.match import shown_value
from amlscreen.shapes.plan import DAY

__all__ = ["ROWS_SHOWN", "hits_of"]

Ints = NDArray[np.int64]
Rows = tuple[Ints, tuple[str, ...], NDArray[np.bool_]]
ROWS_SHOWN = 60
"""A cluster has no transactions of its own; of its members' flagged ones at most so many are shown with it."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """Of every customer: is a possible victim, how many recent hits, how much money came in, the flagging hits, and of
    which links a value is too common.
    """

    is_victim: NDArray[np.bool_]
    hits: Ints
    money: Ints
    flagged_by: dict[int, list[Hit]]
    on_hub: NDArray[np.bool_]


def hits_of(found: Found, groups: Ints) -> list[Hit]:
    """One hit for each of these groups; several with one lead are episodes of one subject."""
    standing = _standing(found, groups)
    listed = [_listed(found, standing, group) for group in groups.tolist()]
    names = _names(found, [members for members, _ in listed])
    measures = {name: found.measures[name] for name in found.names}
    known, total = found.measures.coverage(tuple(found.detect.when.names()))
    numbers: Counter[SubjectRef] = Counter()
    hits = []
    for group, (members, notes), (customers, accounts) in zip(groups.tolist(), listed, names, strict=True):
        subject, lead = _subject(found, standing, group, members)
        numbers[subject] += 1
        rows, capped = _rows(standing, members)
        some, every = (int(known[group]), int(total[group])) if total[group] else (1, 1)
        moment = found.people.as_of * DAY - found.people.reference.jurisdiction.utc_offset_minutes * 60_000_000
        hits.append(
            Hit(
                rule_id=found.card.id,
                subject=subject,
                customer_ids=customers,
                account_ids=accounts,
                episode=numbers[subject],
                first_at=moment,
                last_at=moment,
                first_day=found.people.as_of,
                last_day=found.people.as_of,
                measures={name: shown_value(values, group) for name, values in measures.items()},
                known=some,
                total=every,
                partial=some * MILLION < int(found.card.least_known * MILLION) * every,
                victims=tuple(sorted(compress(customers, standing.is_victim[members].tolist()))),
                row_ids=rows[0],
                parts=rows[1],
                decides=rows[2],
                members=tuple(_members(found, standing, members, customers, lead)),
                notes=(*notes, *_hubs_of(found, standing, members), *capped),
            )
        )
    return hits


def _names(found: Found, listed: Sequence[Ints]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The ids of each group's customers and of the accounts they own, all looked up at once."""
    facts = found.people.reference
    every = np.concatenate([np.empty(0, np.int64), *listed])
    edges = np.cumsum([0, *(members.size for members in listed)])
    customers = [name for _, name in facts.customer_names(every)]
    at, account = found.people.accounts_of(every)
    pairs = np.unique(np.stack([np.searchsorted(edges, at, side="right"), account]), axis=1)
    accounts = [name for _, name in facts.account_names(pairs[1])]
    borders = np.searchsorted(pairs[0], np.arange(1, len(listed) + 2))
    return [
        (tuple(customers[a:b]), tuple(accounts[c:d]))
        for (a, b), (c, d) in zip(pairwise(edges.tolist()), pairwise(borders.tolist()), strict=True)
    ]


def _standing(found: Found, groups: Ints) -> _Standing:
    people = found.people
    is_victim = np.zeros(people.size, np.bool_)
    if found.detect.victims is not None:
        is_victim = people.who(found.detect.victims)
    hit, customer = people.hits_by_customer(None, found.flag_days)
    flagged_by: dict[int, list[Hit]] = defaultdict(list)
    in_group = np.zeros(people.size, np.bool_)
    in_group[found.groups.customer[np.isin(found.groups.group, groups)]] = True
    flagging = set(found.flagging)
    for number, one in zip(hit.tolist(), customer.tolist(), strict=True):
        if in_group[one] and people.hits[number].rule_id in flagging:
            flagged_by[one].append(people.hits[number])
    on_hub = np.zeros((people.size, len(found.detect.links)), np.bool_)
    hubs = found.ties.is_hub[found.ties.value]
    on_hub[found.ties.customer[hubs], found.ties.link[found.ties.value[hubs]]] = True
    return _Standing(is_victim, np.bincount(customer, minlength=people.size), people.credits, flagged_by, on_hub)


def _listed(found: Found, standing: _Standing, group: int) -> tuple[Ints, tuple[str, ...]]:
    """A group's members, rising; beyond the limit those with most hits, then most money, with a note."""
    low, high = found.groups.offsets[group : group + 2].tolist()
    members = found.groups.customer[low:high]
    if members.size <= found.limit:
        return members, ()
    order = np.lexsort((members, -standing.money[members], -standing.hits[members]))
    return np.sort(members[order[: found.limit]]), (f"members_cut:{found.limit} of {members.size} shown",)


def _subject(found: Found, standing: _Standing, group: int, members: Ints) -> tuple[SubjectRef, int]:
    """Whom the hit is about, and the member who leads; -1 where it is about somebody else.

    The commonest known value of the ``lead`` column; else the member with most hits, then most money, then the
    smallest number; if all may be victims, a mark of the value that ties most of them.
    """
    bank = found.people.reference.customer(int(members[0]))[0]
    if found.detect.lead is not None:
        values = found.people.of_customers(found.detect.lead).take(members)
        named = Counter(str(shown_value(values, at)) for at in np.flatnonzero(values.is_known()).tolist())
        if named:
            return SubjectRef(bank, "group", min(named, key=lambda name: (-named[name], name))), -1
    able = members[~standing.is_victim[members]]
    if able.size:
        lead = int(able[np.lexsort((able, -standing.money[able], -standing.hits[able]))[0]])
        return SubjectRef(bank, "group", found.people.reference.customer(lead)[1]), lead
    shared, carried = np.unique(found.groups.pair_value[found.groups.pair_group == group], return_counts=True)
    marks = [
        value_mark(found.ties, found.detect.links, found.people, value, 5)
        for value in shared[carried == carried.max()].tolist()
    ]
    return SubjectRef(bank, "group", f"G-{min(marks)}"), -1


def _members(found: Found, standing: _Standing, members: Ints, names: Sequence[str], lead: int) -> Iterator[Member]:
    role = found.card.role if found.card.role in {"suspect", "facilitator"} else "unclear"
    for number, name in zip(members.tolist(), names, strict=True):
        is_victim = bool(standing.is_victim[number])
        yield Member(
            "customer",
            name,
            (name,),
            "flagged" if number in standing.flagged_by else "member",
            "possible_victim" if is_victim else role if number == lead else "unclear",
        )


def _hubs_of(found: Found, standing: _Standing, members: Ints) -> tuple[str, ...]:
    """Where members stand on a value that is too common to tie."""
    links = np.flatnonzero(standing.on_hub[members].any(axis=0)).tolist()
    return tuple(f"hub_skipped:{columns_of(found.detect.links[link])}" for link in links)


def _rows(standing: _Standing, members: Ints) -> tuple[Rows, tuple[str, ...]]:
    """The deciding rows of the members' flagged hits as context, hit by hit, the latest first."""
    hits = {id(hit): hit for member in members.tolist() for hit in standing.flagged_by.get(member, ())}
    rows: dict[int, str] = {}
    for hit in sorted(hits.values(), key=_latest_first):
        for row in hit.row_ids[hit.decides].tolist():
            rows.setdefault(row, hit.rule_id)
    shown = [*rows][:ROWS_SHOWN]
    ids = np.array(shown, np.int64)
    note = (f"rows_cut:{len(shown)} of {len(rows)} shown",) if len(shown) < len(rows) else ()
    return (ids, tuple(rows[row] for row in ids.tolist()), np.zeros(ids.size, np.bool_)), note


def _latest_first(hit: Hit) -> tuple[object, ...]:
    return -hit.last_at, hit.rule_id, hit.subject, hit.limit or "", hit.episode
