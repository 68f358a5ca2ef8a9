"""KYC health, risk ratings and cash-report candidates of a run, with their counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from amlscreen.alerts import Alert
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.kyc.cash_table import cash_table
from amlscreen.kyc.files import Files
from amlscreen.kyc.health import TO_DO, HealthFound, health_of
from amlscreen.kyc.look import Looked
from amlscreen.kyc.rating_columns import Basis
from amlscreen.kyc.risk import rate
from amlscreen.kyc.seen import seen_of
from amlscreen.kyc.standard import RATINGS, KycStandard
from amlscreen.ledger.reference import Reference

__all__ = ["Book", "KycReport", "OverdueLine", "report"]

pc: Any = pyarrow.compute  # the stubs' overloads know too few of the functions used here


class Book(Protocol):
    """What is read of a dataset."""

    @property
    def tables(self) -> Mapping[str, pa.Table]: ...
    @property
    def provided(self) -> frozenset[str]: ...
    @property
    def jurisdiction(self) -> Jurisdiction: ...
    def told_until(self, as_of: int) -> int: ...
    def named(self, row_ids: NDArray[np.int64]) -> pa.Table: ...


@dataclass(frozen=True, slots=True)
class OverdueLine:
    """Reviews of the customers of one rating of the bank's."""

    rating: str
    customers: int
    overdue: int
    longest_days: int


@dataclass(frozen=True)
class KycReport:
    """The three tables by customer; ``not_judged`` says in words what could not be looked at, and why."""

    health: pa.Table
    ratings: pa.Table
    cash: pa.Table
    overdue: tuple[OverdueLine, ...]
    not_judged: tuple[str, ...]
    standard: KycStandard

    @cached_property
    def health_to_do(self) -> pa.Table:
        """Customers with something to do: the bank's high ratings first, then those with most."""
        lengths = pc.list_value_length(self.health["to_do"])
        few = self.health.append_column("things", lengths).filter(pc.greater(lengths, 0))
        high = pc.fill_null(pc.index_in(few["bank_rating"], value_set=pa.array(RATINGS, pa.string())), -1)
        few = few.append_column("high", high)
        few = few.sort_by(
            [
                ("high", "descending"),
                ("things", "descending"),
                ("institution", "ascending"),
                ("customer_id", "ascending"),
            ]
        )
        return few.drop_columns(["things", "high"])

    @cached_property
    def ratings_to_do(self) -> pa.Table:
        """Customers rated above the bank's own rating, or high, or medium where the bank has none; highest first."""
        above = pc.equal(self.ratings["against_bank"], "above")
        high = pc.equal(self.ratings["rating"], "high")
        unrated = pc.and_(pc.equal(self.ratings["against_bank"], "none"), pc.equal(self.ratings["rating"], "medium"))
        few = self.ratings.filter(pc.or_(pc.or_(above, high), unrated))
        return few.sort_by([("score", "descending"), ("institution", "ascending"), ("customer_id", "ascending")])

    @cached_property
    def counts(self) -> dict[str, Any]:
        """How much of everything there is."""
        things = _counted(pc.list_flatten(self.health["to_do"]))
        current = self.cash.filter(self.cash["is_current"])
        return {
            "customers": self.health.num_rows,
            "with_something_to_do": self.health_to_do.num_rows,
            "to_do": {name: things[name] for name in TO_DO if name in things},
            "ratings": _counted(self.ratings["rating"]),
            "against_bank": _counted(self.ratings["against_bank"]),
            "cash_candidates": self.cash.num_rows,
            "cash_candidates_current": current.num_rows,
            "cash_candidates_by_basis": _counted(self.cash["basis"]),
        }


def report(
    book: Book,
    reference: Reference,
    features: pa.Table,
    looked: Looked,
    alerts: Sequence[Alert],
    ranked: pa.Table,
    *,
    current_from: int,
    standard_path: Path | None = None,
) -> KycReport:
    """Everything, made once; ``current_from`` is the first day of the alerting span."""
    standard = KycStandard.load(standard_path)
    files = Files(book.tables, book.provided, reference, features, looked.use, book.told_until(reference.last_day))
    health = health_of(files, standard.health)
    seen = seen_of(files, alerts, ranked, looked.cash, cash_from=current_from)
    rated = rate(Basis(files, health, seen), standard)
    return KycReport(
        health.table,
        rated.table,
        cash_table(looked.cash, reference, book.named, current_from=current_from),
        _overdue(health),
        (*health.not_judged, *rated.not_judged, *_cash_not_judged(files)),
        standard,
    )


def _cash_not_judged(files: Files) -> tuple[str, ...]:
    if not files.jurisdiction.cash_report_threshold:
        return ("cash reports: the jurisdiction has no cash_report_threshold",)
    return () if files.has("transactions.channel") else ("cash reports: no data in transactions.channel",)


def _overdue(found: HealthFound) -> tuple[OverdueLine, ...]:
    states = found.states
    rating = states.files.customer("risk_rating")
    days = states.review_days
    overdue = days > 0
    lines = []
    for word in (*reversed(RATINGS), "not known"):
        among = ~rating.among(RATINGS) if word == "not known" else rating.among((word,))
        if among.any():
            late = among & overdue
            longest = int(days[late].max(initial=0))
            lines.append(OverdueLine(word, int(among.sum()), int(late.sum()), longest))
    return tuple(lines)


def _counted(column: pa.ChunkedArray[Any]) -> dict[str, int]:
    found = pc.value_counts(column.combine_chunks()).to_pylist()
    return {str(one["values"]): int(one["counts"]) for one in sorted(found, key=lambda one: str(one["values"]))}
