"""One subject judged: its score, its confidence and the clauses of the policy it meets; alone, or as a linked group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from amlscreen.alerting.activity import TOGETHER, Activity, in_order, tied_together
from amlscreen.alerting.book import Book, CustomerKey, row_ids_of
from amlscreen.alerting.counter import Features, counter_rows
from amlscreen.alerting.links import Links, find_links
from amlscreen.alerting.policy import Clause, clauses_met, deciding_hits, families_of, linked_clause
from amlscreen.alerting.refitted import refit_counters, refit_rules, refit_typology
from amlscreen.alerting.same_victims import about_the_same_people
from amlscreen.alerting.scoring import Score, score_hits
from amlscreen.alerting.stories import Fit, best_fits, typology_row
from amlscreen.alerting.weights import RuleWeight
from amlscreen.hits import Hit, Outcome, SubjectRef
from amlscreen.rules.typology import Typology
from amlscreen.scorecard.model import Scorecard
from amlscreen.settings import Settings

__all__ = ["Judged", "Scales", "evaluable_share", "one_alert_each", "weigh", "weigh_groups"]


@dataclass(frozen=True, slots=True)
class Scales:
    """What weighing needs besides the hits: the rules' weights, the settings, people's features."""

    weights: Mapping[str, RuleWeight]
    settings: Settings
    features: Mapping[CustomerKey, Features]
    evaluable: float
    looked_at: frozenset[str] = frozenset()
    typologies: Sequence[Typology] = ()
    scorecard: Scorecard | None = None
    _fits: dict[frozenset[str], tuple[Fit, ...]] = field(default_factory=dict, compare=False)

    def fits_of(self, rules: frozenset[str]) -> tuple[Fit, ...]:
        """The typologies that fit some rules with open hits; many subjects have the same ones."""
        if rules not in self._fits:
            self._fits[rules] = best_fits(rules, self.looked_at, self.typologies)
        return self._fits[rules]


@dataclass(frozen=True, slots=True)
class Judged:
    """One activity with its score. It alerts if it meets a clause."""

    activity: Activity
    score: Score
    confidence: float
    clauses: tuple[Clause, ...]
    fits: tuple[Fit, ...] = ()

    @property
    def urgency(self) -> tuple[object, ...]:
        """Highest score first, then the surer, then the subject: a total order."""
        return -self.score.total, -self.confidence, self.activity.subject


def evaluable_share(outcomes: Iterable[Outcome]) -> float:
    """The share of the rules that could be run on this data; 1 where nothing is told."""
    ran = [outcome.status == "ran" for outcome in outcomes]
    return sum(ran) / len(ran) if ran else 1.0


def weigh(activity: Activity, scales: Scales) -> Judged:
    """Score, confidence and clauses of one activity's open hits."""
    if not activity.open:
        return Judged(activity, Score((), 0), round(scales.evaluable, 4), ())
    weights = scales.weights
    people = [scales.features.get(key) for key in activity.customers]
    counters = counter_rows(people, families_of(activity.open, weights))
    card = scales.scorecard
    if card is None:
        score = score_hits(activity.open, weights, scales.settings, counters)
    else:
        refit = partial(refit_rules, weights=weights, card=card)
        score = score_hits(activity.open, weights, scales.settings, refit_counters(counters, card), refit)
    clauses = clauses_met(activity.open, score.deciding, weights, scales.settings)
    fits = scales.fits_of(frozenset(hit.rule_id for hit in activity.open))
    if (row := typology_row(fits)) is not None:
        score = replace(score, rows=(*score.rows, row if card is None else refit_typology(row, card)))
    return Judged(activity, score, _confidence(score.main_hits, scales.evaluable), clauses, fits)


def _confidence(hits: Iterable[Hit], evaluable: float) -> float:
    """Known values of all needed by the hits that score, times the share of the rules that could be run."""
    known, total = 0, 0
    for hit in hits:
        known, total = known + hit.known, total + hit.total
    return round((known / total if total else 1.0) * evaluable, 4)


Group = tuple[Judged, list[Judged]]


def weigh_groups(judged: Sequence[Judged], book: Book, scales: Scales) -> tuple[list[Group], Links]:
    """Groups of linked customers that meet the clause for them, each with its members, and the links looked at.

    A group that a rule found is one of the members; its customers count even where nothing else was seen of them.
    """
    weights = scales.weights
    deciding = [one for one in judged if deciding_hits(one.activity.open, weights)]
    found = [one for one in deciding if one.activity.subject.kind in TOGETHER]
    alone = [one for one in deciding if one.activity.subject.kind not in TOGETHER]
    of_customer = {key: one for one in alone for key in one.activity.customers}
    if not found and len(of_customer) < scales.settings.policy.linked_customers:
        return _around_the_same_people(deciding, (), scales), Links((), 0, 0)
    hits = (hit for one in of_customer.values() for hit in deciding_hits(one.activity.open, weights))
    evidence = row_ids_of(hits, deciding_only=True)
    links = find_links(of_customer, book, evidence, [tied_together(one.activity.open) for one in found])
    groups = []
    for keys, rule_groups in _with_rule_groups(links.groups, found, of_customer):
        members = [*{id(of_customer[key]): of_customer[key] for key in keys}.values(), *rule_groups]
        together = _together(members)
        everyone = {*together.customers, *tied_together(together.open)}
        clause = linked_clause(len(everyone), together.open, weights, scales.settings)
        if clause is not None:
            whole = weigh(together, scales)
            groups.append((replace(whole, clauses=(*whole.clauses, clause)), members))
    return [*groups, *_around_the_same_people(deciding, groups, scales)], links


def _around_the_same_people(deciding: Sequence[Judged], groups: Sequence[Group], scales: Scales) -> list[Group]:
    """Subjects that point to the same possible victims and stand in no group yet, where together they alert."""
    grouped = {id(member) for _, members in groups for member in members}
    free = [one for one in deciding if id(one) not in grouped]
    found = []
    for places in about_the_same_people([one.activity for one in free]):
        members = [free[place] for place in places]
        whole = weigh(_together(members), scales)
        if whole.clauses:
            found.append((whole, members))
    return found


def _with_rule_groups(
    linked: Iterable[Sequence[CustomerKey]], found: Sequence[Judged], candidates: Collection[CustomerKey]
) -> Iterable[tuple[tuple[CustomerKey, ...], list[Judged]]]:
    """Linked customers with the groups of rules among them; a rule's group beside a single customer makes one too."""
    place: dict[CustomerKey, int] = {}
    groups = [tuple(keys) for keys in linked]
    for number, keys in enumerate(groups):
        place.update(dict.fromkeys(keys, number))
    beside: dict[int, list[Judged]] = defaultdict(list)
    for one in found:
        inside = [key for key in sorted(tied_together(one.activity.open)) if key in candidates]
        if not inside:
            continue
        if (first := place.get(inside[0])) is None:
            first = place[inside[0]] = len(groups)
            groups.append((inside[0],))
        beside[first].append(one)
    return [(keys, beside[number]) for number, keys in enumerate(groups)]


def _together(members: Sequence[Judged]) -> Activity:
    """The members' activity as one.

    The lead is whom a rule's group names, if that is one of the customers; else the customer with the highest score who
    may be named.
    """
    named = {one.activity.subject.id for one in members if one.activity.subject.kind in TOGETHER}
    lead = min(
        members,
        key=lambda one: (
            one.activity.subject.kind != "customer",
            one.activity.subject.id not in named,
            one.activity.subject.kind in TOGETHER,
            one.urgency,
        ),
    ).activity.subject
    current = {id(hit): hit for one in members for hit in one.activity.open}
    older = {id(hit): hit for one in members for hit in one.activity.older}
    return Activity(
        SubjectRef(lead.institution, "group", lead.id),
        tuple(sorted({key for one in members for key in one.activity.customers})),
        tuple(in_order(current.values())),
        tuple(in_order(older.values())),
    )


def one_alert_each(alerting: Iterable[Judged]) -> list[Judged]:
    """Of co-holders whose alerts rest on the same hits, one alert: the one with most hits, then the one to be named.

    The others' customers join it. Only hits on joint accounts stand in two activities, so only those are looked at.
    """
    kept: list[Judged] = []
    of_hit: dict[int, list[int]] = defaultdict(list)
    ordered = sorted(
        alerting,
        key=lambda one: (-len(one.activity.open), one.activity.subject.kind == "account", one.urgency),
    )
    for one in ordered:
        hits = {id(hit) for hit in one.activity.open}
        covering = set.intersection(*(set(of_hit.get(hit, ())) for hit in hits))
        if covering:
            place = min(covering)
            whole = kept[place].activity
            customers = tuple(sorted({*whole.customers, *one.activity.customers}))
            kept[place] = replace(kept[place], activity=replace(whole, customers=customers))
            continue
        for hit in hits:
            of_hit[hit].append(len(kept))
        kept.append(one)
    return sorted(kept, key=lambda one: one.urgency)
