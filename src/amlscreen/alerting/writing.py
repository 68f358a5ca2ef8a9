"""An alert written out: contributions in words, evidence rows, the summary, what would have had to differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from amlscreen.alerting.activity import Activity
from amlscreen.alerting.book import RowFacts, row_ids_of
from amlscreen.alerting.differ import clause_sentence, would_differ
from amlscreen.alerting.feature_words import feature_in_words
from amlscreen.alerting.identity import Claimant, Identity
from amlscreen.alerting.protected import Shield
from amlscreen.alerting.scoring import Row
from amlscreen.alerting.stories import Fit
from amlscreen.alerting.weighing import Judged
from amlscreen.alerting.words import note_in_words, phrase
from amlscreen.alerts import Alert, Contribution, Story
from amlscreen.hits import Hit
from amlscreen.narrative import Style, explain, format_day, format_ratio
from amlscreen.rules.card import Card, Text, in_language
from amlscreen.rules.typology import Typology
from amlscreen.rules.units import Unit, measure_units
from amlscreen.settings import Settings

__all__ = ["Writer", "claimant_of"]

Thing = TypeVar("Thing")
MOST_TITLES = 4
"""So many further findings stand in a summary by title; the others are counted, and listed with the points."""


def claimant_of(activity: Activity, facts: RowFacts, *, with_earlier: bool) -> Claimant:
    """What the alert's identity rests on: the first transaction of its oldest open episode with rows.

    Its rows are needed only where there are earlier alerts to hold them against.
    """
    rows = frozenset(facts.keys(facts.places(row_ids_of(activity.open)))) if with_earlier else frozenset()
    with_rows = [hit for hit in activity.open if len(hit.row_ids)]
    if not with_rows:
        return Claimant(activity.subject, "", rows)
    start = min(hit.first_at for hit in with_rows)
    firsts = np.array([hit.row_ids[0] for hit in with_rows if hit.first_at == start], np.int64)
    return Claimant(activity.subject, min(facts.transaction_ids(facts.places(firsts))), rows)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes alerts out of judged subjects; what it writes names no protected person."""

    cards: Mapping[str, Card]
    settings: Settings
    style: Style
    shield: Shield
    facts: RowFacts
    units: Mapping[str, Mapping[str, Unit]]

    @classmethod
    def of(cls, cards: Mapping[str, Card], settings: Settings, style: Style, shield: Shield, facts: RowFacts) -> Writer:
        """A writer that has worked out the units of every card's measures once."""
        return cls(cards, settings, style, shield, facts, {card.id: measure_units(card) for card in cards.values()})

    def write(self, judged: Judged, identity: Identity, rank: int) -> Alert:
        """The alert, whole."""
        activity, score = judged.activity, judged.score
        clean = self._clean(activity)
        main = [clean[id(hit)] for hit in score.main_hits]
        cards = [self.cards[hit.rule_id] for hit in main]
        places = self.facts.places(row_ids_of(activity.open))
        days = [(hit.first_day, hit.last_day) for hit in activity.open]
        outside = activity.subject.kind in {"counterparty", "conductor"}
        return Alert(
            alert_id=identity.alert_id,
            revision=identity.revision,
            change=identity.change,
            rank=rank,
            score=score.total,
            band=self.settings.band_of(score.total),
            confidence=judged.confidence,
            subject=activity.subject,
            customer_ids=() if outside else self.shield.named(activity.customers),
            account_ids=self.shield.accounts_shown(activity),
            role=next((card.role for card in cards if card.role in {"suspect", "facilitator"}), "unclear"),
            typologies=_different((*(one.typology.id for one in judged.fits), *(card.typology for card in cards))),
            rule_ids=tuple(card.id for card in cards),
            first_day=min(first for first, _ in days),
            last_day=max(last for _, last in days),
            transactions=len(places),
            amount=self._amount(places),
            currency=self.style.currency,
            summary=self._summary(judged, main, cards),
            clause=";".join(clause.name for clause in judged.clauses),
            contributions=tuple(
                self._contribution(row, clean) for row in score.rows if row.points or row.kind == "rule"
            ),
            hits=tuple(clean.values()),
            would_differ=self._would_differ(judged, main),
            false_positives=self._gathered(card.false_positives for card in cards),
            next_steps=self._gathered(card.next_steps for card in cards),
            members=_different(member for hit in clean.values() for member in hit.members),
            stories=tuple(self._story(fit) for fit in judged.fits),
        )

    def _clean(self, activity: Activity) -> dict[int, Hit]:
        """The open hits as they may be shown, episodes numbered through for each rule, oldest first."""
        clean: dict[int, Hit] = {}
        numbers: dict[str, int] = defaultdict(int)
        for hit in activity.open:
            numbers[hit.rule_id] += 1
            shown, number = self.shield.clean(hit, self.style), numbers[hit.rule_id]
            clean[id(hit)] = shown if shown.episode == number else replace(shown, episode=number)
        return clean

    def _amount(self, places: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
        """The larger of what came in and what left, so that money passing through counts once."""
        credit = self.facts.is_credit[places]
        amounts = self.facts.amount[places]
        return max(int(amounts[credit].sum()), int(amounts[~credit].sum()))

    def _contribution(self, row: Row, clean: Mapping[int, Hit]) -> Contribution:
        language = self.style.language
        if row.hit is None:
            return Contribution(row.kind, row.rule_id, row.points, phrase(row.reason, language, **self._shown(row)))
        hit = clean[id(row.hit)]
        text = self._explained(hit)
        if hit.partial and hit.total:
            share = format_ratio(hit.known * 1_000_000 // hit.total)
            text = f"{text} {phrase('partial', language, share=share)}"
        text = " ".join((text, *self._noted(hit)))
        return Contribution(row.kind, row.rule_id, row.points, text)

    def _noted(self, hit: Hit) -> Iterable[str]:
        """What a search left out, one sentence for each kind."""
        told: dict[str, list[str]] = defaultdict(list)
        for note in hit.notes:
            kind, _, what = note.partition(":")
            told[kind].append(what.strip() or hit.rule_id)
        return [note_in_words(kind, ", ".join(whats), self.style.language) for kind, whats in told.items()]

    def _shown(self, row: Row) -> dict[str, object]:
        shown = dict(row.values)
        if row.kind == "feature":
            return feature_in_words(shown, self.style)
        if isinstance(typology := shown.get("typology"), Typology):
            shown["typology"] = in_language(typology.title, self.style.language)
        if isinstance(day := shown.get("first_day"), int):
            shown["first_day"] = format_day(day)
        if isinstance(share := shown.get("share"), int):
            shown["share"] = format_ratio(share)
        return shown

    def _summary(self, judged: Judged, main: Sequence[Hit], cards: Sequence[Card]) -> str:
        """The strongest fact, then the titles of the others, then what is older."""
        language, activity = self.style.language, judged.activity
        parts = [self._explained(main[0])]
        if activity.subject.kind == "group" and len(activity.customers) > 1:
            parts.insert(0, phrase("group", language, count=len(activity.customers)))
        titles = _different(in_language(card.title, language) for card in cards[1:])
        if titles:
            rest = len(titles) - MOST_TITLES
            name = "also_more" if rest > 0 else "also"
            parts.append(phrase(name, language, titles="; ".join(titles[:MOST_TITLES]), rest=rest))
        if judged.fits:
            best = judged.fits[0]
            title = in_language(best.typology.title, language)
            seen, every = len(best.seen), len(best.typology.parts)
            parts.append(phrase("typology", language, typology=title, count=seen, parts=every))
        if activity.older:
            rules = ", ".join(sorted({hit.rule_id for hit in activity.older}))
            first_day = format_day(min(hit.first_day for hit in activity.older))
            parts.append(phrase("older", language, rules=rules, first_day=first_day))
        return " ".join(parts)

    def _explained(self, hit: Hit) -> str:
        return explain(self.cards[hit.rule_id], hit, self.style, self.units[hit.rule_id])

    def _story(self, fit: Fit) -> Story:
        language = self.style.language
        parts = ([in_language(part.title, language) for part in some] for some in (fit.seen, fit.missing, fit.blind))
        seen, missing, blind = map(tuple, parts)
        return Story(fit.typology.id, in_language(fit.typology.title, language), seen, missing, blind)

    def _would_differ(self, judged: Judged, main: Sequence[Hit]) -> tuple[str, ...]:
        sentences = [clause_sentence(clause, self.style) for clause in judged.clauses]
        for hit in main:
            sentences += would_differ(self.cards[hit.rule_id], hit, self.style, self.units[hit.rule_id])
        return tuple(sentences)

    def _gathered(self, texts: Iterable[tuple[Text, ...]]) -> tuple[str, ...]:
        return _different(in_language(text, self.style.language) for group in texts for text in group)


def _different(items: Iterable[Thing]) -> tuple[Thing, ...]:
    return tuple(dict.fromkeys(items))
