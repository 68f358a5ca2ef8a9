"""KYC health, risk ratings and cash-report candidates as files, sheets and short tables of the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from amlscreen.kyc.report import KycReport
from amlscreen.kyc.words import health_in_words, rating_in_words
from amlscreen.sinks.protect import Masker
from amlscreen.sinks.screened import Screened
from amlscreen.sinks.tabular import write_csv, write_parquet

__all__ = [
    "PageKyc",
    "cash_for_people",
    "health_for_people",
    "page_kyc",
    "ratings_for_people",
    "write_kyc",
]

LISTED = 20
"""Rows of each table that the page lists."""
_CASH = (
    "institution",
    "customer_id",
    "basis",
    "direction",
    "first_day",
    "last_day",
    "bookings",
    "amount",
    "peak_amount",
    "peak_day",
    "threshold",
    "currency",
    "single_bookings",
    "is_current",
    "accounts",
)


def health_for_people(kyc: KycReport, most: int | None = None) -> pa.Table:
    """Customers with something to do, and what, in words; the first ``most`` of them."""
    table = kyc.health_to_do.slice(0, most)
    return table.append_column("in_words", health_in_words(table))


def ratings_for_people(kyc: KycReport, most: int | None = None) -> pa.Table:
    """Ratings to look at, with a line for each row of the sum; the first ``most`` of them."""
    table = kyc.ratings_to_do.slice(0, most)
    lines = rating_in_words(table)
    return table.drop_columns(["rows"]).append_column("in_words", lines)


def cash_for_people(kyc: KycReport, most: int | None = None) -> pa.Table:
    """Candidates without the ids of their transactions, which can be thousands; the first ``most`` of them."""
    return kyc.cash.select(list(_CASH)).slice(0, most)


def write_kyc(kyc: KycReport, folder: Path) -> None:
    """The six files: CSV of those with something to do, Parquet of all."""
    write_csv(health_for_people(kyc), folder / "kyc_health.csv")
    write_parquet(kyc.health, folder / "kyc_health.parquet")
    write_csv(ratings_for_people(kyc), folder / "risk_ratings.csv")
    write_parquet(kyc.ratings, folder / "risk_ratings.parquet")
    write_csv(cash_for_people(kyc), folder / "cash_reports.csv")
    write_parquet(kyc.cash, folder / "cash_reports.parquet")


@dataclass(frozen=True, slots=True)
class PageKyc:
    """What the page shows of it; customers who are possible victims are masked as everywhere."""

    health_note: str
    health: list[dict[str, Any]]
    overdue: list[dict[str, Any]]
    ratings_note: str
    ratings: list[dict[str, Any]]
    cash_note: str
    cash: list[dict[str, Any]]
    not_judged: list[str]


def page_kyc(result: Screened, masker: Masker) -> PageKyc:
    """The first rows of each table, with how many there are in all."""
    kyc, counts = result.kyc_report, result.kyc_report.counts
    health = _rows(health_for_people(kyc, LISTED), masker)
    ratings = _rows(ratings_for_people(kyc, LISTED), masker)
    current = kyc.cash.filter(kyc.cash["is_current"])
    return PageKyc(
        f"{counts['with_something_to_do']:,} of {counts['customers']:,} customers have something to do in their file"
        f"{_listed_of(counts['with_something_to_do'], 'kyc_health.csv')}.",
        health,
        [
            {"rating": one.rating, "customers": one.customers, "overdue": one.overdue, "longest": one.longest_days}
            for one in kyc.overdue
        ],
        _ratings_note(counts, kyc.ratings_to_do.num_rows),
        ratings,
        f"{current.num_rows:,} current candidates, {kyc.cash.num_rows:,} in all"
        f"{_listed_of(current.num_rows, 'cash_reports.csv')}.",
        _rows(cash_for_people(kyc, min(current.num_rows, LISTED)), masker),
        list(kyc.not_judged),
    )


def _listed_of(every: int, file: str) -> str:
    return f"; {LISTED} are listed, {file} holds all" if every > LISTED else ""


def _ratings_note(counts: dict[str, Any], to_look_at: int) -> str:
    said = ", ".join(f"{counts['ratings'].get(word, 0):,} {word}" for word in ("high", "medium", "low"))
    above, below = (counts["against_bank"].get(word, 0) for word in ("above", "below"))
    return (
        f"{said}; {above:,} above the bank's own rating, {below:,} below it"
        f"{_listed_of(to_look_at, 'risk_ratings.csv')}."
    )


def _rows(table: pa.Table, masker: Masker) -> list[dict[str, Any]]:
    """The first rows as the page takes them."""
    rows: list[dict[str, Any]] = table.to_pylist()
    return [{**row, "customer_id": masker.customer(row["customer_id"])} for row in rows]
