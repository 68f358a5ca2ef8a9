"""Which customers carry which value, and which values are too common to tie anybody."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.partition import Values
from amlscreen.rules.grammar_cluster import Link
from amlscreen.rules.needs import link_needs
from amlscreen.shapes.population import Population

__all__ = ["Ties", "columns_of", "hub_notes", "is_blind", "ties_of", "value_mark"]

Ints = NDArray[np.int64]
HUBS_TOLD = 20
"""The largest hubs are told one by one; of the others, how many there are."""


@dataclass(frozen=True, slots=True)
class Ties:
    """Pairs of value and customer, by value and customer, of the values that at least two customers carry.

    Of each value: ``link``, the number of its link; ``row``, a row of the link's table that carries it; ``held``, how
    many customers do, members or not; ``is_hub``, more than the link's ``most``.
    """

    value: Ints
    customer: Ints
    link: Ints
    row: Ints
    held: Ints
    is_hub: NDArray[np.bool_]

    def between(self, who: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        """The pairs that tie: of values that are no hubs and that two of ``who`` carry."""
        kept = who[self.customer] & ~self.is_hub[self.value]
        value, customer = self.value[kept], self.customer[kept]
        enough = np.bincount(value, minlength=self.link.size)[value] >= 2
        return value[enough], customer[enough]


def ties_of(links: Sequence[Link], people: Population) -> Ties:
    """What the links tie, numbered over all of them. A link whose columns the data lacks ties nothing."""
    parts: list[tuple[Ints, Ints, Ints, Ints, Ints, NDArray[np.bool_]]] = []
    total = 0
    for number, link in enumerate(links):
        if is_blind(link, people):
            continue
        value, customer, row, held = _of_link(link, people)
        parts.append((value + total, customer, np.full(row.size, number, np.int64), row, held, held > int(link.most)))
        total += row.size
    if not parts:
        none = np.empty(0, np.int64)
        return Ties(none, none, none, none, none, np.empty(0, np.bool_))
    value, customer, of_link, row, held, hub = (np.concatenate(one) for one in zip(*parts, strict=True))
    return Ties(value, customer, of_link, row, held, hub)


def is_blind(link: Link, people: Population) -> bool:
    """Whether the data lacks a column that the link needs."""
    return any(not set(need.split("|")) & people.provided for need in link_needs(link))


def _of_link(link: Link, people: Population) -> tuple[Ints, Ints, Ints, Ints]:
    """Pairs of value and customer; of each value a row and how many carry it. Values of one customer are left out."""
    keep = people.holds(link.table, link.where)
    if link.within is not None:
        keep = keep & people.table(link.table).recent(link.dated_by, link.within)
    columns = [people.column(link.table, name, alike=True) for name in link.same]
    for values in columns:
        keep = keep & values.is_known()
    row, customer = people.carriers(link.table)
    standing = keep[row]
    row, customer = row[standing], customer[standing]
    code = people.institution[customer]
    for values in columns:
        code = _with(code, values.array[row].astype(np.int64))
    twice = np.bincount(code)[code] >= 2
    code, customer, row = code[twice], customer[twice], row[twice]
    order = np.lexsort((customer, code))
    code, customer, row = code[order], customer[order], row[order]
    change = np.diff(code, prepend=-1) != 0
    first = change | (np.diff(customer, prepend=-1) != 0)
    value, customer, row = (np.cumsum(change) - 1)[first], customer[first], row[first]
    held = np.bincount(value)
    shared = np.flatnonzero(held >= 2)
    kept = held[value] >= 2
    value, customer, row = np.searchsorted(shared, value[kept]), customer[kept], row[kept]
    return value, customer, row[np.searchsorted(value, np.arange(shared.size))], held[shared]


def _with(code: Ints, more: Ints) -> Ints:
    """One number for each combination, none much larger than there are rows."""
    if not code.size:
        return code
    low, width = int(more.min()), int(more.max() - more.min()) + 1
    if (int(code.max()) + 1) * width > max(4 * code.size, 1 << 20):
        more, low = np.unique(more, return_inverse=True)[1].astype(np.int64), 0
        code = code * (int(more.max()) + 1) + more
        return np.unique(code, return_inverse=True)[1].astype(np.int64)
    return code * width + (more - low)


def hub_notes(ties: Ties, links: Sequence[Link], people: Population) -> tuple[str, ...]:
    """What ties nobody: links the data has no columns for, and hubs, by where they stand and how many carry them.

    A hub's value is not told; its mark is the same every night, and one of 65,536, so that it fits many values.
    """
    blind = [f"not_looked_at:{columns_of(link)}" for link in links if is_blind(link, people)]
    hubs = np.flatnonzero(ties.is_hub)
    least = np.sort(ties.held[hubs])[-HUBS_TOLD] if hubs.size > HUBS_TOLD else 0
    large = [
        (-int(ties.held[hub]), int(ties.link[hub]), value_mark(ties, links, people, hub, 2))
        for hub in hubs[ties.held[hubs] >= least].tolist()
    ]
    told = sorted(large)[:HUBS_TOLD]
    named = [f"hub_skipped:{columns_of(links[link])}:{-held} customers:{mark}" for held, link, mark in told]
    rest = [f"hub_skipped:{hubs.size - HUBS_TOLD} more values"] if hubs.size > HUBS_TOLD else []
    return (*blind, *named, *rest)


def columns_of(link: Link) -> str:
    """A link's table and columns, for a note."""
    return f"{link.table}.{'+'.join(link.same)}"


def value_mark(ties: Ties, links: Sequence[Link], people: Population, value: int, size: int) -> str:
    """A mark of so many bytes for a shared value, made of what it is and never of a number of this run."""
    link, row = links[int(ties.link[value])], int(ties.row[value])
    bank = str(people.table(link.table).table["institution"][row].as_py())
    texts = (_text(people.column(link.table, name, alike=True), row) for name in link.same)
    return hashlib.blake2b("\x1f".join((bank, columns_of(link), *texts)).encode(), digest_size=size).hexdigest()


def _text(values: Values, row: int) -> str:
    return str(values.array[row]) if values.words is None else str(values.words[int(values.array[row])].as_py())
