"""What a path search found, before it is told: parties by number, payments by their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amlscreen.hits import Hit, Member, SubjectRef
from amlscreen.rules.grammar import Path
from amlscreen.shapes.path_edges import Edges
from amlscreen.shapes.plan import Plan

__all__ = [
    "Party",
    "Picture",
    "hits_of",
    "institution_of",
    "lead_among",
    "names_of",
    "pick",
    "pick_payments",
    "told_rows",
]

Ints = NDArray[np.int64]
Role = Literal["possible_victim", "unclear"]


class Party(NamedTuple):
    """A party by its names: an account with its owners, or an outside party by its key."""

    kind: Literal["account", "counterparty"]
    institution: str
    id: str
    customer_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """One find: the party it is about, the others with their parts, and its payments by their rows in the selection.

    ``members`` begin with the lead; ``rows`` are in order of time, each with its part and whether it decides.
    """

    lead: int
    members: Sequence[tuple[int, str]]
    measures: dict[str, int | str | None]
    rows: Ints
    parts: Sequence[str]
    decides: Sequence[bool]
    notes: tuple[str, ...] = ()


def pick(rows: Iterable[tuple[int, int, str, bool]]) -> tuple[Ints, list[str], list[bool]]:
    """Rows, parts and what decides, from (instant, row, part, decides) in any order; a row stands once."""
    seen: dict[int, tuple[int, int, str, bool]] = {}
    for one in sorted(rows, key=lambda each: (each[1], not each[3])):
        seen.setdefault(one[1], one)
    ordered = sorted(seen.values())
    return np.array([one[1] for one in ordered], np.int64), [one[2] for one in ordered], [one[3] for one in ordered]


def pick_payments(
    edges: Edges, payments: Ints, parts: NDArray[np.str_], decides: NDArray[np.bool_]
) -> tuple[Ints, list[str], list[bool]]:
    """The same from payments in arrays, of which there may be very many."""
    row, early = edges.row[payments], edges.early[payments]
    order = np.lexsort((~decides, row))
    order = order[np.flatnonzero(np.diff(row[order], prepend=-1))]
    order = order[np.lexsort((row[order], early[order]))]
    return row[order].astype(np.int64), parts[order].tolist(), decides[order].tolist()


def lead_among(edges: Edges, parties: Sequence[int], weight: Callable[[int], int]) -> int:
    """The weightiest party, one of this data before one outside, then the one with the lower number."""
    return min(parties, key=lambda party: (party >= edges.accounts, -weight(party), party))


def names_of(edges: Edges, parties: Iterable[int]) -> dict[int, Party]:
    """Each party by its names; outside parties are of no institution."""
    numbers = np.unique(np.fromiter(parties, np.int64))
    own = numbers[edges.is_own(numbers)]
    facts = edges.reference
    at, owners = facts.owners_of(own)
    held: list[list[str]] = [[] for _ in range(own.size)]
    for place, (_, customer) in zip(at.tolist(), facts.customer_names(owners), strict=True):
        held[place].append(customer)
    found = {
        number: Party("account", bank, account, tuple(who))
        for number, (bank, account), who in zip(own.tolist(), facts.account_names(own), held, strict=True)
    }
    words = edges.selection.column("counterparty").vocabulary
    for number in numbers[own.size :].tolist():
        found[number] = Party("counterparty", "", str(words[number - edges.accounts].as_py()), ())
    return found


def hits_of(plan: Plan, edges: Edges, pictures: Iterable[Picture], alert_from: int) -> Iterator[Hit]:
    """One hit for each picture, in the order of leads and time."""
    instant = edges.selection.column("at").array
    ordered = sorted(pictures, key=lambda one: (one.lead, int(instant[one.rows[0]]), int(one.rows[0])))
    names = names_of(edges, {party for one in ordered for party, _ in one.members})
    numbers: dict[SubjectRef, int] = {}
    for picture in ordered:
        subject = _subject(edges, picture, names)
        numbers[subject] = numbers.get(subject, 0) + 1
        yield _hit(plan, edges, picture, subject, numbers[subject], names, alert_from)


def _subject(edges: Edges, picture: Picture, names: Mapping[int, Party]) -> SubjectRef:
    """The group under its lead's id; an outside lead is told as of the bank whose rows show it."""
    lead = names[picture.lead]
    return SubjectRef(lead.institution or institution_of(edges, int(picture.rows[0])), "group", lead.id)


def _hit(
    plan: Plan,
    edges: Edges,
    picture: Picture,
    subject: SubjectRef,
    episode: int,
    names: Mapping[int, Party],
    alert_from: int,
) -> Hit:
    """Possible victims are listed apart; whoever owns the lead is none."""
    members = [_member(plan, names[party], part, subject.institution) for party, part in picture.members]
    own = [one for one in members if one.kind == "account"]
    victims = {who for one in own if one.role == "possible_victim" for who in one.customer_ids}
    return Hit(
        rule_id=plan.card.id,
        subject=subject,
        customer_ids=tuple(dict.fromkeys(who for one in own for who in one.customer_ids)),
        account_ids=tuple(one.id for one in own),
        episode=episode,
        measures=picture.measures,
        victims=tuple(sorted(victims - set(members[0].customer_ids))),
        members=tuple(members),
        notes=picture.notes,
        **told_rows(edges, picture.rows, picture.parts, picture.decides, alert_from),
    )


def told_rows(
    edges: Edges, rows: Ints, parts: Sequence[str], decides: Sequence[bool], alert_from: int
) -> dict[str, Any]:
    """What a hit says of its rows and days; where it ended before the alerting span, rows are not listed."""
    at, day, ids = (edges.selection.column(name).array for name in ("at", "local_day", "row_id"))
    first, last = int(rows[0]), int(rows[-1])
    told = int(day[last]) >= alert_from
    return {
        "first_at": int(at[first]),
        "last_at": int(at[last]),
        "first_day": int(day[first]),
        "last_day": int(day[last]),
        "known": rows.size,
        "total": rows.size,
        "row_ids": ids[rows].astype(np.int64) if told else np.empty(0, np.int64),
        "parts": tuple(parts) if told else (),
        "decides": np.array(decides if told else (), np.bool_),
    }


def institution_of(edges: Edges, row: int) -> str:
    """The bank whose row it is."""
    institutions = edges.selection.column("institution")
    return str(institutions.vocabulary[int(institutions.array[row])].as_py())


def _member(plan: Plan, party: Party, part: str, institution: str) -> Member:
    """An account of another bank is an outside party to this one."""
    assert isinstance(plan.detect, Path)
    role: Role = "possible_victim" if part in plan.detect.victims else "unclear"
    if party.kind == "account" and party.institution != institution:
        return Member("counterparty", f"account:{party.institution}/{party.id}", (), part, role)
    return Member(party.kind, party.id, party.customer_ids, part, role)
