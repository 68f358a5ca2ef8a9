"""One alert as the page shows it: every value already in words, so that the template only places them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from amlscreen.alerts import Alert, Contribution, Story
from amlscreen.settings import BANDS, AlertingPolicy
from amlscreen.sinks.evidence import AlertEvidence
from amlscreen.sinks.group_picture import group_picture
from amlscreen.sinks.members import members_in_words
from amlscreen.sinks.pictures.flow import flow
from amlscreen.sinks.pictures.timeline import timeline
from amlscreen.sinks.pictures.waterfall import waterfall
from amlscreen.sinks.protect import Masker
from amlscreen.sinks.wording import Money, day_text, span_text

__all__ = ["Drawn", "PageAlert", "Reader", "ShownRow", "clauses_in_words", "in_words", "listed", "told"]

_MOST_NAMED = 12


def in_words(name: str) -> str:
    """``funnel_account`` as people write it."""
    return name.replace("_", " ")


def listed(names: Iterable[str], most: int = _MOST_NAMED) -> str:
    """Names in one line; beyond ``most`` it says how many more there are."""
    found = list(names)
    rest = f" and {len(found) - most:,} more" if len(found) > most else ""
    return ", ".join(found[:most]) + rest


def clauses_in_words(policy: AlertingPolicy) -> dict[str, str]:
    """The clauses of the alerting policy by name, with this run's figures."""
    others = policy.anchor_with_families
    return {
        "anchor_with_families": "a fact from outside the flows (recall, reported case, designation)"
        + (f" and {_counted(others, 'other family of rules', 'other families of rules')}" if others else ""),
        "families_together": f"{policy.families_together} or more families of rules within "
        f"{policy.families_within_days} days",
        "linked_customers": f"{policy.linked_customers} or more linked customers who together show "
        f"{_counted(policy.linked_families, 'family of rules', 'families of rules')} or more",
        "band": f"a score in the band {policy.band} or above",
    }


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One transaction of the evidence, in words."""

    when: str
    transaction_id: str
    account_id: str
    way: str
    amount: str
    original: str
    channel: str
    other: str
    place: str
    narrative: str
    stands_for: str
    weight: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with its title and a note on what it shows; ``wide`` ones want the whole width."""

    title: str
    note: str
    picture: Markup
    wide: bool


@dataclass(frozen=True, slots=True)
class PageAlert:
    """One alert, in words."""

    anchor: str
    alert_id: str
    institution: str
    rank: int
    score: int
    band: str
    band_order: int
    change: str
    revision: int
    confidence: float
    confidence_text: str
    subject: str
    customers: str
    accounts: str
    role: str
    typologies: str
    span: str
    last_day: str
    transactions: int
    amount: str
    amount_value: str
    summary: str
    clause: str
    waterfall: Markup
    timeline: Markup
    flow: Drawn
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    evidence: tuple[ShownRow, ...]
    evidence_note: str
    text: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns alerts and their evidence into words; hides protected people on the way."""

    money: Money
    masker: Masker
    places: Mapping[str, str]
    titles: Mapping[str, str]
    clauses: Mapping[str, str]

    def alert(self, alert: Alert, evidence: AlertEvidence) -> PageAlert:
        """The alert, ready for the template."""
        subject = f"{alert.subject.kind} {self.masker.text(alert.subject.id)}"
        summary = self.masker.text(alert.summary)
        typologies = listed(map(in_words, alert.typologies))
        customers = listed(map(self.masker.customer, alert.customer_ids))
        accounts = listed(alert.account_ids)
        return PageAlert(
            anchor=alert.alert_id,
            alert_id=alert.alert_id,
            institution=alert.subject.institution,
            rank=alert.rank,
            score=alert.score,
            band=alert.band,
            band_order=BANDS.index(alert.band),
            change=alert.change,
            revision=alert.revision,
            confidence=alert.confidence,
            confidence_text=f"{alert.confidence:.0%}",
            subject=subject,
            customers=customers or "none",
            accounts=accounts or "none",
            role=in_words(alert.role),
            typologies=typologies,
            span=span_text(alert.first_day, alert.last_day),
            last_day=day_text(alert.last_day),
            transactions=alert.transactions,
            amount=self.money.shown(self.money.whole(alert.amount)),
            amount_value=str(self.money.whole(alert.amount)),
            summary=summary,
            clause=self._clause(alert),
            waterfall=waterfall(self._masked(alert.contributions), alert.score, self.titles),
            timeline=timeline(evidence.days, self.money),
            flow=self._flow(alert, evidence, subject),
            lists=self._lists(alert),
            evidence=tuple(map(self.row, evidence.rows)),
            evidence_note=evidence_note(evidence),
            text=" ".join((alert.alert_id, subject, customers, accounts, typologies, *alert.rule_ids, summary)),
        )

    def row(self, row: Mapping[str, Any]) -> ShownRow:
        """One merged row of evidence."""
        foreign = row["currency"] and row["currency"] != self.money.currency
        country = row["country"] or ""
        place = self.places.get(row["province"], row["province"]) or ""
        return ShownRow(
            when=_when(row["at"], row["local_day"]),
            transaction_id=row["transaction_id"] or "",
            account_id=row["account_id"] or "",
            way="in" if row["direction"] == "credit" else "out",
            amount=self.money.shown(row["amount"]) if row["amount"] is not None else "",
            original=_original(row["amount_original"], row["currency"]) if foreign else "",
            channel=in_words(row["channel"] or ""),
            other=self.masker.text(row["counterparty"] or ""),
            place=", ".join(filter(None, (place, country))),
            narrative=self.masker.text(row["narrative"] or ""),
            stands_for=", ".join(row["stands_for"]),
            weight="decides" if row["decides"] else "context",
        )

    def _flow(self, alert: Alert, evidence: AlertEvidence, subject: str) -> Drawn:
        """Who paid whom among the members of a group, else who paid in and where it left."""
        note = f"rows of the evidence, {self.money.currency}"
        if not evidence.payments:
            drawn = flow(evidence.parties, subject, self.money)
            return Drawn("Who paid in, where it left", note, drawn, wide=False)
        drawn, left_out = group_picture(alert, evidence, self.masker, self.money)
        return Drawn("Who paid whom", "; ".join(filter(None, (note, left_out))), drawn, wide=True)

    def _clause(self, alert: Alert) -> str:
        said = "; ".join(self.clauses.get(name, in_words(name)) for name in alert.clause.split(";"))
        return said[:1].upper() + said[1:]

    def _masked(self, rows: Iterable[Contribution]) -> list[Contribution]:
        return [Contribution(row.kind, row.rule_id, row.points, self.masker.text(row.text)) for row in rows]

    def _lists(self, alert: Alert) -> tuple[tuple[str, tuple[str, ...]], ...]:
        lists = (
            ("What it looks like", tuple(line for story in alert.stories for line in told(story))),
            ("Who is in it", members_in_words(alert.members, self.masker.text, hides=self.masker.hides)),
            ("What would have had to differ", alert.would_differ),
            ("Honest reasons to consider", alert.false_positives),
            ("Next steps at the desk", alert.next_steps),
        )
        return tuple((title, tuple(map(self.masker.text, lines))) for title, lines in lists if lines)


def told(story: Story) -> Iterable[str]:
    """What of a typology was seen, what was looked for in vain, and what the data cannot show: a sentence each."""
    yield f"{story.title}. Seen: {_parts(story.seen)}."
    if story.missing:
        yield f"{story.title}: looked for and not seen: {_parts(story.missing)}."
    if story.blind:
        yield f"{story.title}: this data cannot show: {_parts(story.blind)}."


def _parts(titles: Iterable[str]) -> str:
    return "; ".join(f"{title[:1].lower()}{title[1:]}" for title in titles)


def evidence_note(evidence: AlertEvidence) -> str:
    """How much of the evidence is listed; never a silent cut."""
    shown, every = len(evidence.rows), evidence.transactions
    if shown == every:
        return "one transaction" if every == 1 else f"{every:,} transactions"
    return f"{shown:,} of {every:,} transactions, those that decide first; evidence.csv and evidence.parquet hold all"


def _when(at: dt.datetime | None, day: dt.date) -> str:
    """Time of day where there is one; a row without a time stands at the start of its day."""
    if at is None or at.time() == dt.time(0):
        return day.isoformat()
    return f"{at:%Y-%m-%d %H:%M}"


def _original(amount: Decimal | None, currency: str) -> str:
    return f"{amount:,} {currency}" if amount is not None else currency
