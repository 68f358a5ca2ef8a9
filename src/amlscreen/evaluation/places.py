"""Where each customer stands: the best of its own line in the ranking and of the alerts it stands in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from amlscreen.evaluation.given import Run

__all__ = ["Lines", "Places", "places_of"]

pc: Any = pyarrow.compute  # the stubs' overloads know too few of the functions used here
_APART = "\x1f"


@dataclass(frozen=True)
class Places:
    """The customers in the order in which they would be looked at.

    ``order`` numbers customers (places in ``keys``) from the most urgent on; ``score`` is, by customer number, the one
    of the line that gave the place; ``alerted`` whether the customer is under review in an alert.
    """

    keys: pa.Array[Any]
    order: NDArray[np.int64]
    score: NDArray[np.int64]
    alerted: NDArray[np.bool_]

    @cached_property
    def place(self) -> NDArray[np.int64]:
        """By customer number, the place in the order, from 0 on."""
        place = np.empty(len(self.order), np.int64)
        place[self.order] = np.arange(len(self.order))
        return place

    def numbers(self, customers: Iterable[tuple[str, str]]) -> NDArray[np.int64]:
        """The customers' numbers, -1 for one the run does not have; an empty institution is whichever has it."""
        known, without = self._known
        found = (known.get(f"{bank}{_APART}{one}", -1) if bank else without.get(one, -1) for bank, one in customers)
        return np.fromiter(found, np.int64)

    def numbers_in(self, table: pa.Table) -> NDArray[np.int64]:
        """The number of the customer of each row of a table with a ``customer_id``, and an ``institution`` or not."""
        ids = [str(one) for one in table["customer_id"].to_pylist()]
        banks = table["institution"].to_pylist() if "institution" in table.column_names else [None] * len(ids)
        return self.numbers((bank or "", one) for bank, one in zip(banks, ids, strict=True))

    @cached_property
    def ids(self) -> list[str]:
        """The customers' ids, by number, without their institution."""
        return [str(key).rpartition(_APART)[2] for key in self.keys.to_pylist()]

    @cached_property
    def _known(self) -> tuple[dict[str, int], dict[str, int]]:
        known = {str(key): number for number, key in enumerate(self.keys.to_pylist())}
        without: dict[str, int] = {}
        for key, number in known.items():
            without.setdefault(key.partition(_APART)[2], number)
        return known, without


@dataclass(frozen=True)
class Lines:
    """The lines of a ranking as arrays, so that the order can be made again from other scores.

    ``customer`` is the number of the line's customer, -1 for other subjects; ``later`` what breaks ties after
    ``confidence``; ``silent`` whether no hit is open; ``of_alert`` and ``member`` say, pair by
    pair, which line stands for an alert and which customer is under review in it.
    """

    keys: pa.Array[Any]
    customer: NDArray[np.int64]
    score: NDArray[np.int64]
    rank: NDArray[np.int64]
    confidence: NDArray[np.float64]
    later: tuple[NDArray[Any], ...]
    silent: NDArray[np.bool_]
    of_alert: NDArray[np.int64]
    member: NDArray[np.int64]

    @classmethod
    def of(cls, run: Run) -> Lines:
        """The lines of a run."""
        ranked = run.ranked.sort_by("rank")
        own = pc.if_else(pc.is_valid(ranked["customer_id"]), _keys(ranked, "institution", "customer_id"), None)
        coded = own.combine_chunks().dictionary_encode()
        names = pc.cast(coded.dictionary, pa.string())
        customer = np.asarray(pc.fill_null(coded.indices, -1)).astype(np.int64)
        of_alert, member = _members(run, ranked, names)
        names_later = (name for name in ("oddness", "transactions") if name in ranked.schema.names)
        later = [-np.asarray(pc.fill_null(ranked[name], -1)) for name in names_later]
        rank = np.arange(ranked.num_rows, dtype=np.int64)
        score = np.asarray(ranked["score"]).astype(np.int64)
        confidence = np.asarray(ranked["confidence"]).astype(np.float64)
        silent = np.asarray(ranked["hits"]) == 0
        return cls(names, customer, score, rank, confidence, tuple(later), silent, of_alert, member)

    def places(self, score: NDArray[np.int64] | None = None, confidence: NDArray[np.float64] | None = None) -> Places:
        """The customers' places; with ``score`` (and ``confidence``) by line, as they would be with these instead."""
        rank = self.rank if score is None else self._ranked_by(score, confidence)
        score = self.score if score is None else score
        own = np.full(len(self.keys), len(rank), np.int64)
        np.minimum.at(own, self.customer[self.customer >= 0], rank[self.customer >= 0])
        best = own.copy()
        np.minimum.at(best, self.member, rank[self.of_alert])
        order = np.lexsort((own, best)).astype(np.int64)
        by_rank = np.empty(len(rank) + 1, np.int64)
        by_rank[rank], by_rank[-1] = score, 0
        alerted = np.zeros(len(self.keys), np.bool_)
        alerted[self.member] = True
        return Places(self.keys, order, by_rank[best], alerted)

    def _ranked_by(self, score: NDArray[np.int64], confidence: NDArray[np.float64] | None) -> NDArray[np.int64]:
        """Ties as in the ranking: confidence, what comes after it, then the old order."""
        sure = self.confidence if confidence is None else confidence
        order = np.lexsort((self.rank, *reversed(self.later), -sure, -score))
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        return rank


def places_of(run: Run) -> Places:
    """The customers' places in a run."""
    return Lines.of(run).places()


def _keys(table: pa.Table, *names: str) -> Any:
    return pc.binary_join_element_wise(*(table[name].cast(pa.string()) for name in names), _APART)


def _members(run: Run, ranked: pa.Table, names: pa.Array[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each alert its line (the best of those of its subject that stand in it) and its customers."""
    subject = ("institution", "subject_kind", "subject_id", "alert_id")
    standing = ranked.filter(pc.is_valid(ranked["alert_id"]))
    lines: dict[tuple[str, ...], int] = {}
    columns = (standing[name].to_pylist() for name in ("rank", *subject))
    for rank, *key in zip(*columns, strict=True):
        lines.setdefault(tuple(key), rank - 1)
    known = {key: number for number, key in enumerate(names.to_pylist())}
    pairs = [
        (lines[key], known[person])
        for *key_of, people in zip(*(run.alerts[name].to_pylist() for name in (*subject, "customer_ids")), strict=True)
        if (key := tuple(key_of)) in lines
        for one in people or ()
        if (person := f"{key[0]}{_APART}{one}") in known
    ]
    found = np.array(pairs, np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]
