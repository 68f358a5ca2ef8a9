"""KYC findings: gaps in identity papers and files, listed apart. They never lead to an alert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from amlscreen.alerting.activity import owners_of
from amlscreen.alerting.book import Book
from amlscreen.alerting.weights import SEVERITY_POINTS
from amlscreen.alerting.words import phrase
from amlscreen.hits import Hit
from amlscreen.narrative import Style, explain
from amlscreen.rules.card import Card, Severity
from amlscreen.rules.units import Unit, measure_units

__all__ = ["KycFinding", "kyc_findings"]


@dataclass(frozen=True, slots=True)
class KycFinding:
    """One gap in what the bank knows of a customer; ``since`` is the first day it shows, in days from 1970-01-01."""

    institution: str
    customer_id: str
    rule_id: str
    severity: Severity
    finding: str
    since: int


def kyc_findings(hits: Iterable[Hit], cards: Mapping[str, Card], book: Book, style: Style) -> tuple[KycFinding, ...]:
    """The findings, gravest first, then by customer and rule. A finding on an account stands for each of its owners."""
    found = set()
    units: dict[str, Mapping[str, Unit]] = {}
    for hit in hits:
        card = cards[hit.rule_id]
        if hit.rule_id not in units:
            units[hit.rule_id] = measure_units(card)
        text = explain(card, hit, style, units[hit.rule_id])
        if hit.subject.kind == "account":
            text = phrase("account", style.language, account=hit.subject.id, text=text)
        for institution, customer_id in owners_of(hit, book) or ((hit.subject.institution, ""),):
            found.add(KycFinding(institution, customer_id, hit.rule_id, card.severity, text, hit.first_day))
    return tuple(
        sorted(
            found,
            key=lambda f: (-SEVERITY_POINTS[f.severity], f.institution, f.customer_id, f.rule_id, f.since, f.finding),
        )
    )
