"""How much of what was planted is found, and how many innocent customers are alerted on; one table for each tier.

``python -m benchmarks.quality`` (``make quality``) prints the tables; ``tests/test_recall.py`` holds them to floors.
The banks are synthetic: the figures show that rules do what their cards say, not how they fare at a real bank.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass

from amlscreen.intake.dataset import Dataset
from amlscreen.result import Result
from amlscreen.screening import screen
from amlscreen.synth import Bank, Tier, make_bank

TIERS: tuple[Tier, ...] = ("rich", "ordinary", "poor")
_HEADER = "card      planted    hit  alerted  blatant  moderate  subtle  innocent hit"
_STRENGTHS = ("blatant", "moderate", "subtle")


@dataclass(frozen=True)
class Planted:
    """One card's pattern in one planted instance: did the card hit anyone in it, and is anyone under alert."""

    instance: str
    typology: str
    intensity: str
    hit: bool
    alerted: bool


@dataclass(frozen=True)
class Quality:
    """What one screen of one bank found."""

    tier: Tier
    evaluable: frozenset[str]
    planted: tuple[Planted, ...]
    innocent: int
    falsely_alerted: int
    falsely_protected: int
    alerts: int
    false_hits: dict[str, int]

    def recall(self, typology: str) -> float:
        """Share of that card's instances in which the card itself hit a subject."""
        ours = [one for one in self.planted if one.typology == typology]
        return sum(one.hit for one in ours) / len(ours)

    def alert_recall(self, *, rings: bool) -> float:
        """Share of instances with somebody under alert: of those with several patterns, or of those with one."""
        found = {one.instance: one.alerted for one in self.planted if one.instance.startswith("RING") == rings}
        return sum(found.values()) / len(found)

    @property
    def false_per_thousand(self) -> float:
        """Innocent customers under alert, of a thousand; whoever stands in a group counts."""
        return 1000 * self.falsely_alerted / self.innocent


def measure(bank: Bank) -> Quality:
    """Screen a bank with the shipped rules and compare with its labels."""
    with Dataset.from_tables(**bank.tables) as data:
        return _compare(bank, screen(data))


def _compare(bank: Bank, result: Result) -> Quality:
    hit = _subjects_by_rule(result)
    alerted = _under_alert(result) | {one.customer_id for one in result.protected_list}
    owner = _owners(bank)
    guilty = {name for row in bank.labels.to_pylist() for name in _names(row)}
    innocent = set(owner.values()) - guilty
    return Quality(
        bank.tier,
        frozenset(one.rule_id for one in result.outcomes if one.status == "ran"),
        tuple(_planted(bank, hit, alerted)),
        len(innocent),
        len({owner.get(name, name) for name in _under_alert(result)} & innocent),
        len({one.customer_id for one in result.protected_list} & innocent),
        len(result.alert_list),
        {rule: len({owner.get(name, name) for name in names} & innocent) for rule, names in hit.items()},
    )


def _owners(bank: Bank) -> dict[str, str]:
    """Each account's owner; without an accounts table each account stands for its owner."""
    if "accounts" in bank.tables:
        accounts = bank.tables["accounts"].select(["account_id", "customer_id"]).to_pylist()
        return {row["account_id"]: row["customer_id"] for row in accounts}
    return {account: account for account in bank.tables["transactions"]["account_id"].unique().to_pylist()}


def _names(label: dict[str, str | None]) -> Iterable[str]:
    return [name for name in (label["subject_id"], label["account_ids"]) if name]


def _subjects_by_rule(result: Result) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {outcome.rule_id: set() for outcome in result.outcomes}
    for hit in result.findings.hits:
        found[hit.rule_id] |= {hit.subject.id, *hit.customer_ids, *hit.account_ids, *hit.victims}
    return found


def _under_alert(result: Result) -> set[str]:
    return {name for one in result.alert_list for name in (one.subject.id, *one.customer_ids, *one.account_ids)}


def _planted(bank: Bank, hit: dict[str, set[str]], alerted: set[str]) -> Iterable[Planted]:
    instances: dict[tuple[str, str], list[dict[str, str | None]]] = {}
    for label in bank.labels.to_pylist():
        instances.setdefault((str(label["instance"]), str(label["typology"])), []).append(label)
    for (name, typology), labels in instances.items():
        subjects = frozenset(one for label in labels for one in _names(label))
        seen = {subject for rule in _variants(typology, hit) for subject in hit[rule]}
        found = bool(subjects & seen)
        yield Planted(name, typology, str(labels[0]["intensity"]), found, bool(subjects & alerted))


def _variants(typology: str, rules: Iterable[str]) -> list[str]:
    """The card and its variants for thinner data (HT-A02B beside HT-A02); HT-N01B is a card of its own."""
    return [rule for rule in rules if rule == typology or (rule[:-1] == typology and rule != "HT-N01B")]


def table(quality: Quality) -> str:
    """The figures of one tier as lines of text."""
    lines = [
        f"{quality.tier}: {quality.false_per_thousand:.1f} of 1,000 innocent customers under alert "
        f"({quality.falsely_alerted} of {quality.innocent:,}), "
        f"{quality.falsely_protected} more listed as possible victims; {quality.alerts} alerts",
        f"under alert or protected: {quality.alert_recall(rings=True):.0%} of plants with several patterns, "
        f"{quality.alert_recall(rings=False):.0%} of those with one",
        _HEADER,
    ]
    for typology in sorted({one.typology for one in quality.planted}):
        ours = [one for one in quality.planted if one.typology == typology]
        if not _variants(typology, quality.evaluable):
            lines.append(f"{typology:9}{len(ours):>8}   not evaluable on this tier")
            continue
        by_strength = [_share([one for one in ours if one.intensity == strength]) for strength in _STRENGTHS]
        alerted = sum(one.alerted for one in ours)
        lines.append(
            f"{typology:9}{len(ours):>8}{quality.recall(typology):>7.0%}{alerted:>9}"
            f"{by_strength[0]:>9}{by_strength[1]:>10}{by_strength[2]:>8}{quality.false_hits.get(typology, 0):>14}"
        )
    return "\n".join(lines)


def _share(instances: list[Planted]) -> str:
    return f"{sum(one.hit for one in instances)}/{len(instances)}"


def main() -> None:
    """Print the table of every tier."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    for tier in TIERS:
        print(table(measure(make_bank(chosen.customers, seed=chosen.seed, tier=tier))), end="\n\n")


if __name__ == "__main__":
    main()
