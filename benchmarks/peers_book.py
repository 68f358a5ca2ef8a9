"""A labelled book as every competitor gets it: payments with their holders, raw columns, labels, and how it is split.

The unit that is ranked and judged is the holder: the customer, or the account where there are no customers. A payment
counts to the holders on both of its sides. Labels stand apart from the columns that a model may see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Book", "Part", "Split", "by_time"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Book:
    """One set. Rows are payments in order of time.

    ``at`` is in seconds; ``source`` and ``target`` number the vertices of the flow of money, -1 where a side is
    unknown; ``holders`` has two columns, who pays and who is paid, -1 where that is nobody of the set; ``raw`` are the
    columns of the payment and of its holders as numbers, named by ``columns``; ``instance`` numbers the planted pattern
    a payment belongs to, -1 for none. ``guilty``, where given, tells who has a part in something planted whether it
    shows in payments or not; ``neutral`` holders are neither right nor wrong. ``read`` is what the product needs to
    read the same book; ``owner`` tells the holder of an account.
    """

    name: str
    at: Ints
    source: Ints
    target: Ints
    holders: Ints
    amount: Floats
    cash: NDArray[np.bool_]
    raw: Floats
    columns: tuple[str, ...]
    instance: Ints
    names: Sequence[str]
    read: Any
    guilty: NDArray[np.bool_] | None = None
    neutral: NDArray[np.bool_] | None = None
    owner: Mapping[str, str] = field(default_factory=dict)

    def labelled(self, rows: NDArray[np.bool_], least: int = 1) -> NDArray[np.bool_]:
        """Holders with at least so many labelled payments of one instance among these rows."""
        if self.guilty is not None:
            return self.guilty
        chosen = np.flatnonzero(rows & (self.instance >= 0))
        keys = np.concatenate([self.holders[chosen, side] * (1 << 32) + self.instance[chosen] for side in (0, 1)])
        found, counts = np.unique(keys[keys >= 0], return_counts=True)
        made = np.zeros(len(self.names), bool)
        made[found[counts >= least] >> 32] = True
        return made


@dataclass(frozen=True)
class Part:
    """Rows of a book that are learnt from or judged: those of ``since`` < ``at`` <= ``until``."""

    book: Book
    since: int
    until: int
    positive: NDArray[np.bool_]
    judged: NDArray[np.bool_]

    @property
    def rows(self) -> NDArray[np.bool_]:
        """The payments of this part."""
        return (self.book.at > self.since) & (self.book.at <= self.until)

    @property
    def history(self) -> NDArray[np.bool_]:
        """The payments that are known at its end."""
        return self.book.at <= self.until


@dataclass(frozen=True)
class Split:
    """What is learnt from and what is judged; ``least`` as in :meth:`Book.labelled`."""

    name: str
    train: Part
    tests: Sequence[Part]
    least: int = 1


def by_time(book: Book, name: str, share: float, least: int = 1) -> Split:
    """Learn from the first ``share`` of the days, be judged on the rest.

    Whoever is labelled in the first part is known by then and is not judged again: what counts is who is found anew.
    """
    day = 86_400
    first, last = int(book.at.min()) // day, int(book.at.max()) // day
    cut = (first + int((last - first + 1) * share)) * day - 1
    early = book.at <= cut
    known, later = book.labelled(early, least), book.labelled(~early, least)
    everybody = np.ones(len(book.names), bool)
    before = int(book.at.min()) - 1
    train = Part(book, before, cut, known, everybody)
    return Split(name, train, [Part(book, cut, int(book.at.max()), later & ~known, ~known)], least)
