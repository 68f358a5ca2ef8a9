"""One screen of a synthetic bank, held against what was planted in it: the facts from which the tables are made."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from amlscreen.intake.dataset import Dataset
from amlscreen.result import Result
from amlscreen.screening import screen
from amlscreen.synth import Bank, Tier
from amlscreen.synth.tiers import thin_out

__all__ = ["SHARES", "STRENGTHS", "Planted", "Quality", "at_tier", "measure", "pooled", "share", "variants"]

STRENGTHS = ("blatant", "moderate", "subtle")
SHARES = (5, 10, 20)
"""How many of a thousand customers a team can look at: 0.5, 1 and 2 per cent."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One card's pattern in one planted instance: did the card hit anyone in it, and is anyone alerted or protected."""

    instance: str
    story: str
    typology: str
    intensity: str
    hit: bool
    under: bool
    named: bool = False


@dataclass
class Quality:
    """What one screen found, or several together. Counts only, so that they can be added."""

    tier: Tier
    evaluable: frozenset[str] = frozenset()
    shipped: frozenset[str] = frozenset()
    planted: list[Planted] = field(default_factory=list)
    customers: int = 0
    guilty: int = 0
    alerts: int = 0
    innocent: Counter[str] = field(default_factory=Counter)
    falsely: Counter[str] = field(default_factory=Counter)
    falsely_protected: int = 0
    everybody: Counter[str] = field(default_factory=Counter)
    alerted: Counter[str] = field(default_factory=Counter)
    false_hits: Counter[str] = field(default_factory=Counter)
    false_by: Counter[str] = field(default_factory=Counter)
    victims: Counter[str] = field(default_factory=Counter)
    right_at: Counter[int] = field(default_factory=Counter)
    looked_at: Counter[int] = field(default_factory=Counter)

    def recall(self, typology: str, intensity: str | None = None) -> float:
        """Share of that card's instances in which the card itself hit a subject."""
        return share([one.hit for one in self.of(typology, intensity)])

    def of(self, typology: str, intensity: str | None = None) -> list[Planted]:
        """That card's instances, of one strength if so asked."""
        return [one for one in self.planted if one.typology == typology and intensity in (None, one.intensity)]

    def under(self, *, rings: bool, intensity: str | None = None) -> float:
        """Share of instances with somebody alerted or protected: of rings, or of single patterns."""
        found = {
            one.instance: one.under
            for one in self.planted
            if (one.story != "alone") == rings and intensity in (None, one.intensity)
        }
        return share(list(found.values()))

    def precision(self, per_mille: int) -> float:
        """Share of those at the top of the ranking who have a part in something planted."""
        return self.right_at[per_mille] / max(self.looked_at[per_mille], 1)

    @property
    def false_per_thousand(self) -> float:
        """Innocent customers under alert, of a thousand; whoever stands in a group counts."""
        return 1000 * self.falsely["all"] / max(self.innocent["all"], 1)


def share(found: Sequence[bool]) -> float:
    """How many of them, of one."""
    return sum(found) / len(found) if found else float("nan")


def at_tier(bank: Bank, tier: Tier) -> Bank:
    """The same bank with what an export of that tier holds; ``bank`` is a rich one."""
    tables = thin_out(bank.tables, tier, np.random.default_rng([bank.seed, 3]))
    return dataclasses.replace(bank, tables=tables, tier=tier)


def pooled(several: Sequence[Quality]) -> Quality:
    """The counts of several screens of one tier together; instances of different banks stay apart."""
    whole = Quality(several[0].tier, several[0].evaluable, several[0].shipped)
    for number, one in enumerate(several):
        whole.planted += [dataclasses.replace(each, instance=f"{number}/{each.instance}") for each in one.planted]
        for name in ("customers", "guilty", "alerts", "falsely_protected"):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
        for name in (
            "innocent",
            "falsely",
            "everybody",
            "alerted",
            "false_hits",
            "false_by",
            "victims",
            "right_at",
            "looked_at",
        ):
            getattr(whole, name).update(getattr(one, name))
    return whole


def measure(bank: Bank, tier: Tier) -> Quality:
    """Screen a rich bank, thinned to a tier, with the shipped rules, and compare with its labels."""
    thin = at_tier(bank, tier)
    with Dataset.from_tables(**thin.tables) as data:
        return _compare(bank, tier, screen(data))


def _compare(bank: Bank, tier: Tier, result: Result) -> Quality:
    owner = _owners(bank)
    hit = {rule: _people(names, owner) for rule, names in _names_by_rule(result).items()}
    alerted = _people(_under_review(result), owner)
    protected = _people((one.customer_id for one in result.protected_list), owner)
    labels = bank.labels.to_pylist()
    guilty = {row["customer_id"] for row in labels if row["customer_id"]}
    made = Quality(
        tier,
        frozenset(one.rule_id for one in result.outcomes if one.status == "ran"),
        frozenset(one.rule_id for one in result.outcomes),
        list(_planted(labels, hit, alerted | protected, _stories(result, owner))),
        bank.customers,
        len(guilty),
        len(result.alert_list),
    )
    innocent = set(owner.values()) - guilty
    made.falsely_protected = len((protected - alerted) & innocent)
    made.false_hits.update({rule: len(names & innocent) for rule, names in hit.items()})
    made.false_by.update({rule: len(names & innocent & alerted) for rule, names in hit.items()})
    made.false_by.update({"in a group, no hit of their own": len((innocent & alerted).difference(*hit.values()))})
    _count_groups(made, bank, alerted, innocent)
    victims = {row["customer_id"] for row in labels if row["possible_victim"]}
    made.victims.update(planted=len(victims), protected=len(victims & protected), alerted=len(victims & alerted))
    named = {name for one in result.alert_list for name in (one.subject.id, *one.customer_ids)}
    made.victims.update(both=len(protected & named), account=len((protected & alerted) - named))
    _count_top(made, result, owner, guilty)
    return made


def _owners(bank: Bank) -> dict[str, str]:
    rows = bank.tables["accounts"].select(["account_id", "customer_id"]).to_pylist()
    return {row["account_id"]: row["customer_id"] for row in rows}


def _people(names: Iterable[str], owner: Mapping[str, str]) -> set[str]:
    """Customers for accounts; outside parties stay what they are."""
    return {owner.get(name, name) for name in names}


def _names_by_rule(result: Result) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {outcome.rule_id: set() for outcome in result.outcomes}
    for hit in result.findings.hits:
        found[hit.rule_id] |= {hit.subject.id, *hit.customer_ids, *hit.account_ids, *hit.victims}
        found[hit.rule_id] |= {name for one in hit.members for name in (one.id, *one.customer_ids)}
    for row in result.kyc_list:
        found.setdefault(row.rule_id, set()).add(row.customer_id)
    return found


def _under_review(result: Result) -> set[str]:
    return {name for one in result.alert_list for name in (one.subject.id, *one.customer_ids, *one.account_ids)}


def _stories(result: Result, owner: Mapping[str, str]) -> dict[str, set[str]]:
    """The typologies that alerts on each customer name."""
    found: dict[str, set[str]] = {}
    for alert in result.alert_list:
        for name in _people((alert.subject.id, *alert.customer_ids, *alert.account_ids), owner):
            found.setdefault(name, set()).update(one.typology for one in alert.stories)
    return found


def variants(typology: str, rules: Iterable[str]) -> list[str]:
    """The card and its variants (HT-A02B beside HT-A02); HT-N01B has plants of its own."""
    return [rule for rule in rules if rule == typology or (rule[:-1] == typology and rule != "HT-N01B")]


def _planted(
    labels: list[dict[str, Any]], hit: Mapping[str, set[str]], under: set[str], stories: Mapping[str, set[str]]
) -> Iterable[Planted]:
    instances: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for label in labels:
        instances.setdefault((label["instance"], label["typology"]), []).append(label)
    ring: dict[str, set[str]] = {}
    for label in labels:
        ring.setdefault(label["instance"], set()).add(label["subject_id"])
    for (name, typology), rows in instances.items():
        subjects = {row["subject_id"] for row in rows}
        seen = {one for rule in variants(typology, hit) for one in hit[rule]}
        story = rows[0]["story"]
        named = any(story in stories.get(one, ()) for one in ring[name])
        reached = ring[name] if story != "alone" else subjects
        yield Planted(name, story, typology, rows[0]["intensity"], bool(subjects & seen), bool(reached & under), named)


def _count_groups(made: Quality, bank: Bank, alerted: set[str], innocent: set[str]) -> None:
    """Look-alike groups of the innocent, and sex, nationality and age of everybody who is a person."""
    groups: dict[str, set[str]] = {}
    for row in bank.groups.to_pylist():
        groups.setdefault(row["group"], set()).add(row["customer_id"])
    for name, members in groups.items():
        made.innocent[name], made.falsely[name] = len(members), len(members & alerted)
    made.innocent["all"], made.falsely["all"] = len(innocent), len(innocent & alerted)
    for row in bank.tables["customers"].to_pylist():
        if row["customer_kind"] != "person":
            continue
        age = (bank.start - row["birth_date"]).days // 365
        foreign = "Lao" if row["nationality"] == "LA" else "other"
        for name in ("person", f"sex: {row['sex']}", f"nationality: {foreign}", f"age: {_band(age)}"):
            who = row["customer_id"]
            made.everybody[name] += 1
            made.alerted[name] += who in alerted
            if who in innocent:
                made.everybody[f"innocent {name}"] += 1
                made.alerted[f"innocent {name}"] += who in alerted


def _band(age: int) -> str:
    return "under 18" if age < 18 else "18-24" if age < 25 else "25-39" if age < 40 else "40-59" if age < 60 else "60+"


def _count_top(made: Quality, result: Result, owner: Mapping[str, str], guilty: set[str]) -> None:
    """Who stands at the top of the ranking with any points; accounts count for their owners, each person once."""
    order: dict[str, None] = {}
    for row in result.ranked_table.select(["customer_id", "subject_id", "subject_kind", "score"]).to_pylist():
        if row["score"] > 0 and (row["customer_id"] or row["subject_kind"] in ("customer", "account", "group")):
            order.setdefault(owner.get(row["subject_id"], row["customer_id"] or row["subject_id"]))
    names = [name for name in order if name]
    for per_mille in SHARES:
        top = names[: made.customers * per_mille // 1000]
        made.looked_at[per_mille] = len(top)
        made.right_at[per_mille] = len(set(top) & guilty)
