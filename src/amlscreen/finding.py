"""Every hit of every rule: what can be looked at is swept, the rest is told with its reason."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.engines import local
from amlscreen.engines.anomalies import Judged, asked_by, judged_odd, mean_oddness, warm_up
from amlscreen.engines.collecting import Gathered
from amlscreen.engines.kept import KeptWork
from amlscreen.errors import Place, SettingsError, did_you_mean
from amlscreen.evaluable import missing_for_card, missing_for_features, missing_for_plan
from amlscreen.feature_catalogue import catalogue
from amlscreen.features.asked import Asked
from amlscreen.features.made import Features
from amlscreen.following import keep_following, silent_flags, without_flags, without_lead
from amlscreen.hits import Hit, Outcome, SubjectRef
from amlscreen.intake.stream import has_clock
from amlscreen.kyc.look import Looked
from amlscreen.ledger.reference import Reference
from amlscreen.profiling import stage
from amlscreen.rules.card import Card
from amlscreen.rules.grammar import Anomaly, Cluster, Match
from amlscreen.rules.ruleset import RuleSet
from amlscreen.scorecard.model import Scorecard
from amlscreen.settings import Settings
from amlscreen.shapes.cluster import cluster_hits
from amlscreen.shapes.match import MatchTable, match_hits
from amlscreen.shapes.plan import Plan, plans_of
from amlscreen.shapes.population import Population
from amlscreen.shapes.sweep import RULE_FAILURES

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["Findings", "find", "no_progress"]


@dataclass(frozen=True)
class Findings:
    """Hits of all rules in a fixed order, what became of each rule, and the numbers about each customer.

    ``oddness`` is by customer_no the mean, over the anomaly cards that scored the customer, of the share of the peers
    that are less odd, in millionths; -1 where none did, and empty where there is no such card.
    """

    hits: tuple[Hit, ...]
    outcomes: tuple[Outcome, ...]
    features: Features
    account_features: Features
    reference: Reference
    as_of: int
    kyc: Looked
    oddness: NDArray[np.int64]


WITHOUT_SWEEP = Match | Cluster | Anomaly
"""Shapes that read tables or features and sweep no rows."""


def no_progress(stage: str, done: int, total: int | None) -> None:
    """Says nothing."""


def find(
    data: Dataset,
    rules: RuleSet,
    *,
    settings: Settings | None = None,
    progress: local.Progress = no_progress,
    engine: local.Engine | None = None,
    kept: KeptWork | None = None,
) -> Findings:
    """Every hit of every rule, before any judgement; ``engine`` sweeps, this machine's own unless given."""
    settings = settings or data.settings
    as_of = _as_of(data, settings)
    reasons: dict[str, list[str]] = {card.id: [] for card in rules}
    plans = _plans(data, rules, as_of, reasons)
    over_features = [card for card in rules if isinstance(card.detect, Anomaly) and not reasons[card.id]]
    warm_up(over_features, data.rows_accepted)
    asked, day = _asked(over_features, settings), {"alert_from": as_of - settings.alert_days + 1, "last_day": as_of}
    if engine is not None and kept is not None:
        raise SettingsError("finished work cannot be kept by a cluster's engine.", fix="Leave out `kept` or `engine`.")
    run: local.Run = engine.run if engine else partial(local.run, kept=kept)
    gathered = run(data, plans, **day, settings=settings, progress=progress, asked=asked)
    hits = _swept(rules, plans, gathered)
    failed = {plans[number].card.id: reason for number, reason in gathered.failed.items()}
    for rule in failed:
        hits[rule] = []  # what was found before it failed would depend on how the work was cut
    tables = cache(lambda name: MatchTable.of(data, name, gathered.features.table, as_of))
    with stage("match tables"):
        for card in rules:
            if isinstance(card.detect, Match) and not reasons[card.id]:
                _match(card, tables(card.detect.table), hits, failed)
    with stage("anomalies"):
        odd = _anomalies(over_features, gathered, settings, hits, failed, reasons)
    keep_following(rules.cards, hits, failed)
    with stage("clusters"):
        told = _clusters(data, rules, gathered, as_of, hits, failed, reasons) | _told_of(odd)
    keep_following(rules.cards, hits, failed)
    outcomes = tuple(_outcome(card, plans, gathered, hits, reasons, failed) for card in rules)
    outcomes = tuple(replace(one, **told.get(one.rule_id, {})) for one in outcomes)
    every = tuple(hit for card in rules for hit in hits[card.id])
    return Findings(
        every,
        outcomes,
        gathered.features,
        gathered.account_features,
        gathered.reference,
        as_of,
        gathered.kyc,
        mean_oddness(odd),
    )


def _swept(rules: RuleSet, plans: Sequence[Plan], gathered: Gathered) -> dict[str, list[Hit]]:
    """The hits of the sweeps, by rule; of several sweeps of one rule, counted through."""
    hits: dict[str, list[Hit]] = {card.id: [] for card in rules}
    for number, plan in enumerate(plans):
        hits[plan.card.id] += gathered.hits.get(number, [])
    for rule, sweeps in Counter(plan.card.id for plan in plans).items():
        if sweeps > 1:
            hits[rule] = _numbered(hits[rule])
    return hits


def _asked(cards: Sequence[Card], settings: Settings) -> Asked:
    """The features that cards and the scorecard read; all of them if they are to be kept."""
    asked = Asked.everything() if settings.keep_features else asked_by(cards)
    if settings.scorecard is None:
        return asked
    scored = Scorecard.read(settings.scorecard).features
    if unknown := sorted(scored.keys() - catalogue().keys()):
        fix = did_you_mean(unknown[0], catalogue())
        place = Place(str(settings.scorecard))
        raise SettingsError(f"gives points for '{unknown[0]}', which is no feature.", place=place, fix=fix)
    return asked.and_of("customer", scored)


def _as_of(data: Dataset, settings: Settings) -> int:
    if settings.as_of is None:
        return data.last_complete_day
    return settings.as_of.toordinal() - 719_163


def _plans(data: Dataset, rules: RuleSet, as_of: int, reasons: dict[str, list[str]]) -> list[Plan]:
    """The sweeps that can be looked at; for the others, the reason."""
    clock, days = has_clock(data), as_of - data.first_day + 1
    plans: list[Plan] = []
    for card in rules:
        missing = missing_for_card(card, data.provided) or missing_for_features(card, data.provided, days=days)
        if missing:
            reasons[card.id].append(missing)
            continue
        for plan in plans_of(card, data.jurisdiction):
            missing = missing_for_plan(plan, data.provided, has_clock=clock, days=days)
            if missing:
                reasons[card.id].append(missing)
            else:
                plans.append(plan)
    looked_at = {plan.card.id for plan in plans}
    looked_at |= {card.id for card in rules if isinstance(card.detect, WITHOUT_SWEEP) and not reasons[card.id]}
    lost = without_flags(rules.cards, looked_at)
    lost |= without_lead(rules.cards, looked_at - lost.keys())
    for rule, reason in lost.items():
        reasons[rule].append(reason)
    return [plan for plan in plans if plan.card.id not in lost]


def _match(card: Card, table: MatchTable, hits: dict[str, list[Hit]], failed: dict[str, str]) -> None:
    try:
        hits[card.id] = match_hits(card, table)
    except RULE_FAILURES as problem:
        failed[card.id] = f"{type(problem).__name__}: {problem}"


def _anomalies(
    cards: Sequence[Card],
    gathered: Gathered,
    settings: Settings,
    hits: dict[str, list[Hit]],
    failed: dict[str, str],
    reasons: dict[str, list[str]],
) -> list[tuple[Card, Judged]]:
    """Who is odd by each card; a card by which nobody can be scored is told with its reason."""
    found = list(
        judged_odd(
            cards,
            gathered.reference,
            gathered.features,
            gathered.account_features,
            threads=local.threads_of(settings),
        )
    )
    for card, one in found:
        hits[card.id] = one.settled.hits
        if one.failed:
            failed[card.id] = one.failed
        if one.lacks:
            reasons[card.id].append(one.lacks)
    return found


def _told_of(odd: Sequence[tuple[Card, Judged]]) -> dict[str, dict[str, Any]]:
    """What is to be told of each card over features."""
    return {
        card.id: {
            "notes": one.settled.notes,
            "seconds": one.seconds,
            "subjects_not_evaluable": one.settled.not_evaluable,
        }
        for card, one in odd
    }


def _clusters(
    data: Dataset,
    rules: RuleSet,
    gathered: Gathered,
    as_of: int,
    hits: dict[str, list[Hit]],
    failed: dict[str, str],
    reasons: dict[str, list[str]],
) -> dict[str, dict[str, Any]]:
    """Groups tied by what they share, which may look at the other rules' hits; what is to be told of each such rule."""
    others = [hit for card in rules if not isinstance(card.detect, Cluster | Anomaly) for hit in hits[card.id]]
    people = Population(data, gathered.reference, gathered.features.table, others, as_of)
    told: dict[str, dict[str, Any]] = {}
    for card in rules:
        if not isinstance(card.detect, Cluster) or reasons[card.id]:
            continue
        begun = time.perf_counter()
        try:
            settled = cluster_hits(card, people)
        except RULE_FAILURES as problem:
            failed[card.id] = f"{type(problem).__name__}: {problem}"
            continue
        hits[card.id] = settled.hits
        lost = [name for name in rules.cards if reasons[name] or name in failed]
        notes = (*settled.notes, *silent_flags(card, rules.cards, lost))
        told[card.id] = {"notes": notes, "seconds": time.perf_counter() - begun}
    return told


def _numbered(hits: Sequence[Hit]) -> list[Hit]:
    """The hits of several sweeps of one rule, with the episodes of each subject counted through."""
    numbers: Counter[SubjectRef] = Counter()
    counted = []
    for hit in hits:
        numbers[hit.subject] += 1
        same = hit.episode == numbers[hit.subject]
        counted.append(hit if same else replace(hit, episode=numbers[hit.subject]))
    return counted


def _outcome(
    card: Card,
    plans: Sequence[Plan],
    gathered: Gathered,
    hits: dict[str, list[Hit]],
    reasons: dict[str, list[str]],
    failed: dict[str, str],
) -> Outcome:
    mine = [number for number, plan in enumerate(plans) if plan.card.id == card.id]
    ran = bool(mine) or (isinstance(card.detect, WITHOUT_SWEEP) and not reasons[card.id])
    found = hits[card.id]
    return Outcome(
        rule_id=card.id,
        version=card.version,
        status="failed" if card.id in failed else "ran" if ran else "not_evaluable",
        reason=failed.get(card.id) or "; ".join(dict.fromkeys(reasons[card.id])),
        hits=len(found),
        subjects=len({hit.subject for hit in found}),
        partial_hits=sum(hit.partial for hit in found),
        subjects_not_evaluable=sum(gathered.not_evaluable.get(number, 0) for number in mine),
        seconds=sum(gathered.seconds.get(number, 0.0) for number in mine),
        notes=tuple(note for number in mine for note in gathered.notes.get(number, ())),
    )
