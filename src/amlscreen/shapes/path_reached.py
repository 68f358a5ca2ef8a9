"""What form ``reach`` tells: each customer or outside party at its shortest distance from parties reported before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.hits import Hit, SubjectRef
from amlscreen.ledger.partition import Values
from amlscreen.shapes.path_edges import Edges
from amlscreen.shapes.path_marked import Marked, marked_parties
from amlscreen.shapes.path_picture import Party, institution_of, names_of, pick, told_rows
from amlscreen.shapes.path_reach import Links, reached
from amlscreen.shapes.path_search import Searched
from amlscreen.shapes.path_terms import holds
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.settled import AfterSweep

__all__ = ["Reached", "reach_hits", "reach_of"]

Ints = NDArray[np.int64]
Levels = list[list[Links]]


@dataclass(frozen=True, slots=True)
class Reached:
    """Links of every subject at its shortest distance, sorted by subject.

    Subjects are customers by their number, then outside parties behind them; ``offsets`` say where the links of each
    begin, ``side`` and ``level`` where the link stands.
    """

    subject: Ints
    offsets: Ints
    side: Ints
    level: Ints
    place: Ints
    measures: dict[str, Values]


def reach_hits(plan: Plan, edges: Edges, bank: AfterSweep) -> tuple[list[Hit], Searched]:
    """One hit for each customer or outside party that is reached and meets ``when``."""
    marked = marked_parties(edges, bank)
    levels, searched = reached(edges, marked, bank.last_day)
    found = reach_of(edges, marked, levels)
    wanted = np.flatnonzero(holds(plan, plan.detect.when, found.measures, found.subject.size))
    ways, party = _Ways(edges, levels), _looked_up(levels, "party", found.side, found.level, found.place)
    spans = {one: slice(int(found.offsets[one]), int(found.offsets[one + 1])) for one in wanted.tolist()}
    names = names_of(edges, {one for span in spans.values() for one in party[span].tolist()})
    return [
        _hit(plan, edges, ways, found, one, {at: names[at] for at in party[span].tolist()}, bank.alert_from, searched)
        for one, span in spans.items()
    ], searched


def reach_of(edges: Edges, marked: Marked, levels: Levels) -> Reached:
    """The measures of every subject."""
    subject, side, level, place = _subjects(edges, marked, levels)
    order = np.lexsort((place, side, level, subject))
    subject, side, level, place = (each[order] for each in (subject, side, level, place))
    first = np.flatnonzero(np.diff(subject, prepend=-1))
    nearest = level[first]
    keep = level == np.repeat(nearest, np.diff(np.append(first, subject.size)))
    subject, side, level, place = (each[keep] for each in (subject, side, level, place))
    offsets = np.append(np.flatnonzero(np.diff(subject, prepend=-1)), subject.size).astype(np.int64)
    edge, mark = (_looked_up(levels, name, side, level, place) for name in ("edge", "mark"))
    group = np.repeat(np.arange(offsets.size - 1), np.diff(offsets))
    one = _first_of_each(group, edge)
    wages = edges.column("wage_multiple")
    moved, moved_wages, unknown = (
        _sums(group[one], values[edge[one]], offsets.size - 1)
        for values in (edges.amount, wages.array.astype(np.int64), (~wages.is_known()).astype(np.int64))
    )
    marks = np.bincount(group[_first_of_each(group, mark)], minlength=offsets.size - 1).astype(np.int64)
    measures = {
        "hops": Values(level[offsets[:-1]] + 1),
        "marked": Values(marks),
        "moved": Values(moved),
        "moved_wages": Values(moved_wages, unknown == 0),
    }
    return Reached(subject[offsets[:-1]], offsets, side, level, place, measures)


def _subjects(edges: Edges, marked: Marked, levels: Levels) -> tuple[Ints, Ints, Ints, Ints]:
    """Every link with its subject, once for each owner of an account; parties with too many counterparties are none."""
    customers = edges.reference.customer_ids.num_rows
    found = [np.empty((4, 0), np.int64)]
    for side, each in enumerate(levels):
        for level, links in enumerate(each):
            place = np.flatnonzero(edges.walked[links.party])
            own = edges.is_own(links.party[place])
            at, owners = edges.reference.owners_of(links.party[place[own]])
            subject = np.concatenate([owners, customers + links.party[place[~own]]])
            places = np.concatenate([place[own][at], place[~own]])
            keep = ~np.isin(subject, marked.customers)
            size = int(keep.sum())
            found.append(np.stack([subject[keep], np.full(size, side), np.full(size, level), places[keep]]))
    subject, sides, at_level, places = np.concatenate(found, axis=1).astype(np.int64)
    return subject, sides, at_level, places


def _looked_up(levels: Levels, name: str, side: Ints, level: Ints, place: Ints) -> Ints:
    out = np.empty(place.size, np.int64)
    for at_side, each in enumerate(levels):
        for at_level, links in enumerate(each):
            here = (side == at_side) & (level == at_level)
            out[here] = getattr(links, name)[place[here]]
    return out


def _first_of_each(group: Ints, value: Ints) -> Ints:
    """Places at which a value stands in its group for the first time."""
    order = np.lexsort((value, group))
    new = (np.diff(group[order], prepend=-1) != 0) | (np.diff(value[order], prepend=-1) != 0)
    return np.sort(order[new])


def _sums(group: Ints, value: Ints, groups: int) -> Ints:
    out = np.zeros(groups, np.int64)
    np.add.at(out, group, value)
    return out


class _Ways:
    """The payments over which a subject is reached, found backwards from its own."""

    def __init__(self, edges: Edges, levels: Levels) -> None:
        self.edges, self.levels = edges, levels
        self.sorted = [[self._by_party(links) for links in each] for each in levels]

    def _by_party(self, links: Links) -> tuple[Ints, Ints]:
        order = np.lexsort((links.mark, links.party))
        return order, links.party[order]

    def to(self, side: int, level: int, place: int) -> set[tuple[int, int]]:
        """Payments, each with its distance, of every way that ends in this link."""
        links = self.levels[side][level]
        edge, mark = int(links.edge[place]), int(links.mark[place])
        found = {(edge, level + 1)}
        if level == 0:
            return found
        via = int((self.edges.source, self.edges.target)[side][edge])
        order, party = self.sorted[side][level - 1]
        before = self.levels[side][level - 1]
        for one in order[np.searchsorted(party, via) : np.searchsorted(party, via, side="right")].tolist():
            if int(before.mark[one]) == mark and self._follows(side, int(before.edge[one]), edge):
                found |= self.to(side, level - 1, one)
        return found

    def _follows(self, side: int, before: int, edge: int) -> bool:
        first, then = (before, edge) if side == 0 else (edge, before)
        return bool(self.edges.late[first] < self.edges.early[then])


def _hit(  # noqa: PLR0917
    plan: Plan,
    edges: Edges,
    ways: _Ways,
    found: Reached,
    number: int,
    names: Mapping[int, Party],
    alert_from: int,
    searched: Searched,
) -> Hit:
    span = range(int(found.offsets[number]), int(found.offsets[number + 1]))
    places = [(int(found.side[one]), int(found.level[one]), int(found.place[one])) for one in span]
    payments = {way for place in places for way in ways.to(*place)}
    rows = pick((int(edges.early[one]), int(edges.row[one]), f"hop {hop}", True) for one, hop in payments)
    subject, customers = int(found.subject[number]), edges.reference.customer_ids.num_rows
    is_customer = subject < customers
    if is_customer:
        who = SubjectRef(edges.reference.customer(subject)[0], "customer", edges.reference.customer(subject)[1])
    else:
        who = SubjectRef(institution_of(edges, int(rows[0][0])), "counterparty", names[subject - customers].id)
    return Hit(
        rule_id=plan.card.id,
        subject=who,
        customer_ids=(who.id,) if is_customer else (),
        account_ids=tuple(sorted(one.id for one in names.values())) if is_customer else (),
        episode=1,
        measures={name: one.told(number) for name, one in found.measures.items()},
        notes=searched.hit_notes,
        **told_rows(edges, *rows, alert_from),
    )
