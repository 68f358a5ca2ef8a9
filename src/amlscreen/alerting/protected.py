"""Possible victims: found, kept out of everything an alert writes, and listed apart with an urgency of their own.

Nothing an alert rests on is lost: where the person's own account is what alerts, the alert stands on the account and
names nobody.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from amlscreen.alerting.activity import TOGETHER, Activity, hit_order, in_order, owners_of
from amlscreen.alerting.book import Book, CustomerKey
from amlscreen.alerting.scoring import points_of
from amlscreen.alerting.weights import RuleWeight
from amlscreen.alerts import Protected
from amlscreen.hits import Hit, Member, SubjectRef
from amlscreen.narrative import Style, explain
from amlscreen.rules.card import Card, in_language

__all__ = ["Shield", "Signal", "protected_list", "raise_shield", "victims_of"]

SAFETY_URGENCY = 100
_NAMING_COLUMNS = ("name", "name_latin", "id_number", "phone", "email")


@dataclass(frozen=True, slots=True)
class Signal:
    """One hit that points to possible victims. Its ``customers`` are protected, whatever the hit's age."""

    hit: Hit
    customers: tuple[CustomerKey, ...]


@dataclass(frozen=True, slots=True)
class Shield:
    """Who must not be named, by which values they would be, and the accounts that are theirs alone."""

    customers: frozenset[CustomerKey]
    values: Mapping[str, frozenset[str]]
    accounts: frozenset[CustomerKey] = frozenset()

    def clean(self, hit: Hit, style: Style) -> Hit:
        """The hit as an alert may show it: no protected person as its subject, among its customers or in its texts."""
        if not self.customers:
            return hit
        subject, institution = hit.subject, hit.subject.institution
        hidden = self.hidden(institution)
        if subject.kind in TOGETHER and subject.id in hidden:
            subject = replace(subject, id=_stand_in(institution, subject.id))
        elif subject.kind != "account" and subject.id in hidden:
            account_id = hit.account_ids[0] if hit.account_ids else _stand_in(institution, subject.id)
            subject = SubjectRef(institution, "account", account_id)
        customers = tuple(one for one in hit.customer_ids if (institution, one) not in self.customers)
        measures = {
            name: style.word("withheld") if isinstance(value, str) and value in hidden else value
            for name, value in hit.measures.items()
        }
        members = tuple(self._clean_member(one, institution) for one in hit.members)
        return replace(hit, subject=subject, customer_ids=customers, victims=(), measures=measures, members=members)

    def _clean_member(self, member: Member, institution: str) -> Member:
        """The member as an alert may show it: a protected one by something that names nobody."""
        if not any((institution, one) in self.customers for one in member.customer_ids):
            return member
        named = tuple(one for one in member.customer_ids if (institution, one) not in self.customers)
        stands = member.id if named else _stand_in(institution, member.id)
        return replace(member, kind="account", id=stands, customer_ids=named, role="possible_victim")

    def accounts_shown(self, activity: Activity) -> tuple[str, ...]:
        """The accounts an alert may list: not those of protected people alone, unless the alert stands on one."""
        institution, own = activity.subject.institution, activity.subject.id
        return tuple(one for one in activity.account_ids if one == own or (institution, one) not in self.accounts)

    def hidden(self, institution: str) -> Collection[str]:
        """The values that would name a protected person of the institution."""
        return self.values.get(institution, frozenset())

    def named(self, customers: Iterable[CustomerKey]) -> tuple[str, ...]:
        """The ids of those who may be named."""
        return tuple(customer_id for key in customers if key not in self.customers for customer_id in key[1:])

    def cover(self, activities: Sequence[Activity], book: Book) -> list[Activity]:
        """The activities with no protected person as subject; those that come to stand on one account become one."""
        accounts: dict[CustomerKey, list[str]] = defaultdict(list)
        for (institution, account_id), owners in book.owners.items() if self.customers else ():
            for owner in owners:
                if (institution, owner) in self.customers:
                    accounts[institution, owner].append(account_id)
        placed: dict[SubjectRef, Activity] = {}
        for activity in activities:
            covered = self._covered(activity, accounts)
            other = placed.get(covered.subject)
            placed[covered.subject] = covered if other is None else _joined(other, covered)
        return list(placed.values())

    def _covered(self, activity: Activity, accounts: Mapping[CustomerKey, Sequence[str]]) -> Activity:
        subject = activity.subject
        if subject.kind == "account" or subject.id not in self.hidden(subject.institution):
            return activity
        if subject.kind in TOGETHER:
            return replace(activity, subject=replace(subject, id=_stand_in(subject.institution, subject.id)))
        own = sorted(accounts.get((subject.institution, subject.id), ()))
        touched = sorted({account for hit in activity.open + activity.older for account in hit.account_ids})
        choice = [account for account in touched if account in own] or own or touched
        account_id = choice[0] if choice else _stand_in(subject.institution, subject.id)
        return replace(activity, subject=SubjectRef(subject.institution, "account", account_id))


def _stand_in(institution: str, person: str) -> str:
    """Something to stand on where there is no account at all: it names nobody and is the same every night."""
    return f"P-{hashlib.blake2b(f'{institution}{chr(31)}{person}'.encode(), digest_size=5).hexdigest()}"


def _joined(one: Activity, other: Activity) -> Activity:
    """Both activities as one; a hit that belongs to both (a joint account's) stands once."""
    current = {id(hit): hit for hit in one.open + other.open}
    older = {id(hit): hit for hit in one.older + other.older}
    return Activity(
        one.subject,
        tuple(sorted(set(one.customers + other.customers))),
        tuple(in_order(current.values())),
        tuple(in_order(older.values())),
    )


def victims_of(hit: Hit, card: Card, book: Book) -> tuple[CustomerKey, ...]:
    """The possible victims a hit points to: those it names, or everyone it is about if the card says so.

    Where an account's owner is not known, its own number stands for the person, so that the signal is not lost.
    """
    institution = hit.subject.institution
    if hit.victims or card.role != "possible_victim":
        return tuple((institution, customer_id) for customer_id in sorted(set(hit.victims)))
    owners = owners_of(hit, book) or tuple((institution, customer_id) for customer_id in sorted(set(hit.customer_ids)))
    return owners or ((institution, hit.subject.id),)


def raise_shield(signals: Iterable[Signal], book: Book) -> Shield:
    """The shield over everyone the signals point to."""
    customers = book.customers
    people = frozenset(key for signal in signals for key in signal.customers)
    values: dict[str, set[str]] = defaultdict(set)
    for institution, customer_id in people:
        values[institution].add(customer_id)
    present = [name for name in _NAMING_COLUMNS if name in customers.column_names]
    if people and customers.num_rows and present:
        ids = pa.array(sorted({customer_id for _, customer_id in people}), pa.string())
        near = customers.filter(pc.is_in(customers.column("customer_id").cast(pa.string()), value_set=ids))
        for row in near.select(["institution", "customer_id", *present]).to_pylist():
            if (row["institution"], row["customer_id"]) in people:
                values[row["institution"]].update(_spellings(row[name] for name in present))
    accounts = (
        key for key, owners in book.owners.items() if owners and all((key[0], owner) in people for owner in owners)
    )
    hidden = {institution: frozenset(found) for institution, found in values.items()}
    return Shield(people, hidden, frozenset(accounts if people else ()))


def _spellings(values: Iterable[str | None]) -> Iterable[str]:
    """A value as it stands, and as it stands in counterparty keys."""
    for value in values:
        if value:
            yield from (value, f"phone:{value}", f"wallet:{value}", f"name:{' '.join(value.casefold().split())}")


def protected_list(
    signals: Sequence[Signal],
    cards: Mapping[str, Card],
    weights: Mapping[str, RuleWeight],
    alerts_of: Mapping[CustomerKey | int, set[str]],
    style: Style,
) -> tuple[Protected, ...]:
    """One row for each person and connected alert, most urgent person first.

    ``alerts_of`` tells the alerts behind which a customer, or the ``id()`` of a hit, stands. Urgency is the points of
    the signals, each rule once, and ``SAFETY_URGENCY`` more for a safety signal: the higher, the sooner.
    """
    of_person: dict[CustomerKey, list[Hit]] = defaultdict(list)
    for signal in signals:
        for key in signal.customers:
            of_person[key].append(signal.hit)

    rows = []
    for key, hits in of_person.items():
        alert_ids = set(alerts_of.get(key, set())).union(*(alerts_of.get(id(hit), set()) for hit in hits))
        urgency, reason = _urgency(hits, weights), _reason(hits, cards, weights, style)
        for alert_id in sorted(alert_ids) or [""]:
            rows.append(Protected(alert_id, key[1], "possible_victim", urgency, reason, key[0]))
    return tuple(sorted(rows, key=lambda row: (-row.urgency, row.institution, row.customer_id, row.alert_id)))


def _urgency(hits: Iterable[Hit], weights: Mapping[str, RuleWeight]) -> int:
    points: dict[str, int] = defaultdict(int)
    for hit in hits:
        points[hit.rule_id] = max(points[hit.rule_id], points_of(hit, weights[hit.rule_id]))
    safety = any(weights[rule_id].safety for rule_id in points)
    return sum(points.values()) + (SAFETY_URGENCY if safety else 0)


def _reason(hits: Sequence[Hit], cards: Mapping[str, Card], weights: Mapping[str, RuleWeight], style: Style) -> str:
    """What the strongest hit of each rule says; of rules about someone else, only the title."""
    strongest: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (-points_of(hit, weights[hit.rule_id]), -hit.last_day, hit_order(hit))):
        strongest.setdefault(hit.rule_id, hit)
    texts = []
    for rule_id, hit in strongest.items():
        card = cards[rule_id]
        about_them = card.role == "possible_victim"
        texts.append(explain(card, hit, style) if about_them else f"{in_language(card.title, style.language)}.")
    return " ".join(texts)
