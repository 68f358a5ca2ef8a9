"""The slow, obvious twin of the cash-report candidates: plain Python over a list of bookings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Booking", "Candidate", "candidates"]

SPAN = 30


@dataclass(frozen=True)
class Booking:
    """One cash booking of one customer."""

    id: str
    customer: str
    day: int
    direction: str
    amount: int


@dataclass(frozen=True)
class Candidate:
    """What is compared: who, which basis and way, when, how much, the fullest 30 days, which bookings."""

    customer: str
    basis: str
    direction: str
    first_day: int
    last_day: int
    amount: int
    peak_amount: int
    ids: tuple[str, ...]


def candidates(bookings: Sequence[Booking], threshold: int, basis: str, directions: str) -> set[Candidate]:
    """Every candidate among the bookings."""
    found: set[Candidate] = set()
    for customer in {one.customer for one in bookings}:
        for way in ("credit", "debit") if directions == "apart" else ("both",):
            mine = [one for one in bookings if one.customer == customer and way in (one.direction, "both")]
            if basis in ("single", "both"):
                found |= {_told([one], "single", way, one.amount) for one in mine if one.amount >= threshold}
            if basis in ("aggregate_30_days", "both"):
                found |= _aggregates(mine, threshold, way)
    return found


def _aggregates(mine: Sequence[Booking], threshold: int, way: str) -> set[Candidate]:
    merged: list[tuple[int, list[Booking]]] = []
    for last in sorted({one.day for one in mine}):
        window = [one for one in mine if last - SPAN < one.day <= last]
        total = sum(one.amount for one in window)
        if total < threshold:
            continue
        if merged and any(one in merged[-1][1] for one in window):
            peak, before = merged[-1]
            merged[-1] = (max(peak, total), before + [one for one in window if one not in before])
        else:
            merged.append((total, window))
    return {_told(window, "aggregate", way, peak) for peak, window in merged}


def _told(bookings: Sequence[Booking], basis: str, way: str, peak: int) -> Candidate:
    days = [one.day for one in bookings]
    ids = tuple(sorted(one.id for one in bookings))
    amount = sum(one.amount for one in bookings)
    return Candidate(bookings[0].customer, basis, way, min(days), max(days), amount, peak, ids)
