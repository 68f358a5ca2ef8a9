"""Judging: hits in; alerts, the ranking, the KYC list and the protected list out.

Sort in, shield, roll up, weigh, group, keep ids, rank, write. Every step is a function of its inputs, so the same hits
in any order give the same verdict.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from amlscreen.alerting.activity import roll_up
from amlscreen.alerting.book import Book, CustomerKey, fetch_rows, row_ids_of
from amlscreen.alerting.counter import features_of
from amlscreen.alerting.everyone import every_customer
from amlscreen.alerting.feature_rows import FeatureRows
from amlscreen.alerting.identity import Identity, assign_identities
from amlscreen.alerting.inbox import Inbox, sort_in
from amlscreen.alerting.kyc import KycFinding, kyc_findings
from amlscreen.alerting.points import points_table
from amlscreen.alerting.previous import Previous, history_table
from amlscreen.alerting.protected import Shield, protected_list, raise_shield
from amlscreen.alerting.ranking import customer_of, rank_everyone, ranks_of
from amlscreen.alerting.weighing import Judged, Scales, evaluable_share, one_alert_each, weigh, weigh_groups
from amlscreen.alerting.weights import weigh_cards
from amlscreen.alerting.writing import Writer, claimant_of
from amlscreen.alerts import Alert, Protected
from amlscreen.hits import Hit, Outcome, SubjectRef
from amlscreen.narrative import Style
from amlscreen.rules.card import Card
from amlscreen.rules.typology import Typology
from amlscreen.scorecard.model import Scorecard
from amlscreen.settings import Settings

__all__ = ["Verdict", "judge"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the hits. ``alerts`` stand in the order of their rank.

    ``masked`` are the (institution, customer_id) that must stand in no column of ``alerts.*`` and ``evidence.*``;
    ``history`` goes to ``history.parquet`` so that an alert that falls silent can come back under its id.
    """

    alerts: tuple[Alert, ...]
    ranked: pa.Table
    points: pa.Table
    kyc: tuple[KycFinding, ...]
    protected: tuple[Protected, ...]
    counts: Mapping[str, int]
    masked: frozenset[CustomerKey]
    history: pa.Table


def judge(
    findings_hits: Sequence[Hit],
    cards: Mapping[str, Card],
    book: Book,
    settings: Settings,
    *,
    as_of: int,
    previous: Previous | None,
    outcomes: Sequence[Outcome] = (),
    typologies: Sequence[Typology] = (),
    scorecard: Scorecard | None = None,
) -> Verdict:
    """The verdict over all hits.

    ``outcomes``, where given, lower the confidence by the rules that could not be run; ``typologies`` are what
    alerts are held against; a ``scorecard`` gives points instead of the cards' severities.
    """
    style = Style(book.currency, book.shown_digits, book.minor_digits, settings.language)
    span_start = as_of - settings.alert_days
    inbox = sort_in(findings_hits, cards, book, as_of=as_of)
    shield = raise_shield(inbox.signals, book)
    activities = shield.cover(roll_up(inbox.hits, book, span_start=span_start), book)
    features = features_of(book.features, (key for one in activities if one.open for key in one.customers))
    weights = weigh_cards(cards, book.minor_digits)
    ran = frozenset(one.rule_id for one in outcomes if one.status == "ran")
    scales = Scales(weights, settings, features, evaluable_share(outcomes), ran, typologies, scorecard)
    of_activity = [customer_of(one, shield) for one in activities]
    featured = FeatureRows.of(book.features, scorecard, of_activity)
    judged = [featured.onto(weigh(one, scales), who) for one, who in zip(activities, of_activity, strict=True)]
    groups, links = weigh_groups(judged, book, scales)
    alerting = _alerting(judged, groups)
    facts = fetch_rows(book, row_ids_of(hit for one in alerting for hit in one.activity.open))
    claimants = [claimant_of(one.activity, facts, with_earlier=previous is not None) for one in alerting]
    identities = assign_identities(claimants, previous, span_start=span_start)
    named = list(zip(alerting, identities, strict=True))
    everyone = [*judged, *(group for group, _ in groups)]
    ranked = rank_everyone(everyone, named, book, scales, shield, featured)
    scored = [(one.activity.subject, customer_of(one.activity, shield), one.score.rows) for one in everyone]
    hit = {customer for _, customer, _ in scored if customer} | shield.customers
    ranks = ranks_of(ranked, {one.activity.subject for one in alerting})
    writer = Writer.of(cards, settings, style, shield, facts)
    alerts = [writer.write(one, identity, ranks[one.activity.subject]) for one, identity in named]
    verdict = Verdict(
        tuple(sorted(alerts, key=lambda alert: alert.rank)),
        ranked,
        pa.concat_tables([points_table(scored, weights), featured.table(every_customer(book).without(hit))]),
        kyc_findings(inbox.kyc, cards, book, style),
        protected_list(inbox.signals, cards, scales.weights, _alerts_of(named), style),
        links.counts,
        shield.customers,
        _history(previous, identities, shield, as_of),
    )
    return replace(verdict, counts=_counts(inbox, span_start, verdict, len(groups)) | links.counts | featured.counts)


def _alerting(judged: Sequence[Judged], groups: Sequence[tuple[Judged, Sequence[Judged]]]) -> list[Judged]:
    """Groups, and whoever alerts alone and is in none of them; most urgent first."""
    grouped = {id(member) for _, members in groups for member in members}
    alone = one_alert_each(one for one in judged if one.clauses and id(one) not in grouped)
    return sorted([*alone, *(group for group, _ in groups)], key=lambda one: one.urgency)


def _alerts_of(named: Iterable[tuple[Judged, Identity]]) -> dict[CustomerKey | int, set[str]]:
    """The alerts behind which a customer, or a hit by its ``id()``, stands."""
    found: dict[CustomerKey | int, set[str]] = defaultdict(set)
    for one, identity in named:
        keys: list[CustomerKey | int] = [*one.activity.customers, *(id(hit) for hit in one.activity.open)]
        for key in keys:
            found[key].add(identity.alert_id)
    return found


def _history(previous: Previous | None, identities: Iterable[Identity], shield: Shield, as_of: int) -> pa.Table:
    """Earlier alerts that no alert took up; one on a person protected by now stands on the account."""
    shown = {identity.alert_id for identity in identities}
    gone = []
    for alert in previous.alerts.values() if previous else ():
        if alert.alert_id in shown:
            continue
        subject = alert.subject
        if subject.id in shield.hidden(subject.institution):
            subject = SubjectRef(subject.institution, "account", min((row[2] for row in alert.rows), default=""))
        gone.append(replace(alert, subject=subject, lapsed=True))
    return history_table(gone, as_of=as_of)


def _counts(inbox: Inbox, span_start: int, verdict: Verdict, groups: int) -> dict[str, int]:
    """The figures for ``run.json``; ``unreviewed`` have points and stand in no alert."""
    scored = np.asarray(verdict.ranked.column("score")) > 0
    alerted = np.asarray(verdict.ranked.column("alert_id").is_valid())
    still_open = sum(hit.last_day > span_start for hit in inbox.hits)
    counts = {
        "hits": inbox.total,
        "hits_open": still_open,
        "hits_older": len(inbox.hits) - still_open,
        "hits_after_as_of": inbox.after_as_of,
        "hits_on_possible_victims": inbox.only_protected,
        "ranked": verdict.ranked.num_rows,
        "scored": int(scored.sum()),
        "alerted": int(alerted.sum()),
        "unreviewed": int((scored & ~alerted).sum()),
        "alerts": len(verdict.alerts),
        "groups": groups,
        "kyc": len(verdict.kyc),
        "protected": len({(row.institution, row.customer_id) for row in verdict.protected}),
    }
    clauses = Counter(name for alert in verdict.alerts for name in alert.clause.split(";"))
    return counts | {f"clause_{name}": clauses[name] for name in sorted(clauses)}
