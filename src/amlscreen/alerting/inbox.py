"""Sorting in: which hits may count, which point to possible victims, which are KYC findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from amlscreen.alerting.activity import in_order
from amlscreen.alerting.book import Book
from amlscreen.alerting.protected import Signal, victims_of
from amlscreen.errors import EngineError
from amlscreen.hits import Hit
from amlscreen.rules.card import Card

__all__ = ["Inbox", "sort_in"]


@dataclass(slots=True)
class Inbox:
    """The hits, sorted in. Hits of cards with the role possible_victim are among the ``signals`` only."""

    hits: list[Hit] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    kyc: list[Hit] = field(default_factory=list)
    total: int = 0
    after_as_of: int = 0
    only_protected: int = 0


def sort_in(hits: Iterable[Hit], cards: Mapping[str, Card], book: Book, *, as_of: int) -> Inbox:
    """The hits up to ``as_of``, in an order that does not depend on how they were found."""
    inbox = Inbox()
    for hit in in_order(hits):
        inbox.total += 1
        card = cards.get(hit.rule_id)
        if card is None:
            raise EngineError(f"There are hits of {hit.rule_id}, but no such card was given.")
        if hit.last_day > as_of:
            inbox.after_as_of += 1
            continue
        victims = victims_of(hit, card, book)
        if victims:
            inbox.signals.append(Signal(hit, victims))
        if card.role == "possible_victim":
            inbox.only_protected += 1
            continue
        inbox.hits.append(hit)
        if card.is_kyc:
            inbox.kyc.append(hit)
    return inbox
