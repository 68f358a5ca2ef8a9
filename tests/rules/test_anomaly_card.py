"""Cards of shape ``anomaly``: what their grammar, and lint, refuse, and what is said of them in words."""

from __future__ import annotations

from typing import Any

import pytest

from amlscreen.errors import RuleError
from amlscreen.rules.card import Card
from amlscreen.rules.compare import compare
from amlscreen.rules.in_words import looks_for
from amlscreen.rules.lint import lint
from amlscreen.rules.needs import needs
from amlscreen.rules.reader import CardFile, read_text
from amlscreen.rules.ruleset import RuleSet

RULES = RuleSet.load()
AMONG = "among: {transactions: {gte: $least}, degree: {gte: $others}}"
PLACE = next(file for file in RULES.files if file.card.id == "HT-X04")
TEXT = PLACE.path.read_text(encoding="utf-8")


def read(*changes: tuple[str, str]) -> CardFile:
    """The card with some of its text changed; each change must be one."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read_text(text, str(PLACE.path))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("  groups: [graph]\n", "  groups: [grph]\n")], "Did you mean 'graph'"),
        ([("  groups: [graph]\n", "  features: [degre]\n")], "Did you mean 'degree'"),
        ([("  groups: [graph]\n", "")], "name `groups`, or single `features`"),
        ([("  groups: [graph]\n", "  groups: [graph]\n  without: [credits_90d]\n")], "would not be looked at anyway"),
        ([("  groups: [graph]\n", "  groups: [graph]\n  detector: copd\n")], "Did you mean 'copod'"),
        ([("  groups: [graph]\n", "  groups: [graph]\n  history: 36h\n")], "counts whole days, for example 60d"),
        ([("  least_features: 6\n", "  least_features: 99\n")], "asks for 99 of"),
        ([("{oddness: {gte: $odd}}", "{peers: {gte: $odd}}")], "must ask for oddness"),
        ([("{oddness: {gte: $odd}}", "{odness: {gte: $odd}}")], "Did you mean 'oddness'"),
        (
            [("{transactions: {gte: $least}, degree", "{transaction: {gte: $least}, degree")],
            "Did you mean 'transactions'",
        ),
        ([("by: [occupation, sector]", "by: [occupation, product]")], "product is that of an account"),
        ([("  least_features: 6\n", "  least_features: few\n")], "is a whole number from 1"),
    ],
)
def test_what_is_wrong_is_told(changes: list[tuple[str, str]], said: str) -> None:
    """With the word that was likely meant."""
    with pytest.raises(RuleError) as found:
        read(*changes)
    assert said in str(found.value)


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ([(f"  {AMONG}\n", "")], "peers-floor"),
        ([(AMONG, "among: {transactions: {gte: 7}}")], "threshold"),
        ([(AMONG, "among: {credits_90d: {gte: 7_000}}")], "money-figure"),
    ],
)
def test_lint_holds_it_to_what_every_card_is_held_to(changes: list[tuple[str, str]], check: str) -> None:
    """A floor for whom it looks at, thresholds that can be tuned, no amounts."""
    assert check in {one.check for one in lint([read(*changes)])}


def _other(rule_id: str, **changes: Any) -> CardFile:
    file = next(file for file in RULES.files if file.card.id == rule_id)
    detect = file.card.detect.model_copy(update=changes)
    return CardFile(file.path, file.card.model_copy(update={"detect": detect}), file.text)


def test_no_rule_rests_on_an_anomaly() -> None:
    """Neither follows one, nor is a group flagged by one."""
    from amlscreen.rules.grammar import AfterHit

    follows = _other("HT-A01", after_hit=AfterHit(rule="HT-X04", within="30d"))
    flagged = _other("HT-N03", flagged_by=("HT-X04",))
    said = [one.message for one in lint([PLACE, follows, flagged], whole=True) if one.check == "after-hit"]
    assert "'HT-X04' is an anomaly; no other rule rests on one." in said
    assert "'HT-X04' is an anomaly; it flags nobody." in said


def test_it_needs_what_any_of_its_features_needs() -> None:
    """One feature that can be known is enough for the grammar; how many must be is told by the run."""
    assert needs(PLACE.card) == {"transactions.counterparty"}
    many = next(card for card in RULES if card.id == "HT-X01")
    assert needs(many) == frozenset()


def test_it_is_said_in_words() -> None:
    """Whom it looks at, who the peers are, which features, who is not scored, and that it never alerts alone."""
    said = looks_for(RULES.get("HT-X04"))
    assert said.opening.startswith(
        "How odd a customer (`transactions` is at least 5 and `degree` is at least 1) is among"
    )
    assert "`degree`" in dict(said.parts)["graph"]
    assert said.when == ("`oddness` is at least 98 %",)
    assert any("never alerts alone" in one for one in said.besides)


def test_a_higher_bound_finds_fewer() -> None:
    """And other features may find others."""
    old = RuleSet([PLACE])
    more = compare(old, old.tune({"HT-X04": {"odd": 0.995}}))
    assert more.finds["HT-X04"] == "fewer"
    other = RuleSet([read(("  groups: [graph]\n", "  groups: [graph]\n  without: [degree]\n"))])
    assert compare(old, other).finds["HT-X04"] == "unclear"


def _cards() -> list[Card]:
    return [card for card in RULES if card.family == "anomaly"]


def test_shipped_ones_look_at_four_sides() -> None:
    """Peers, the own past, the declared profile, and the place in the flow of money."""
    groups = {group for card in _cards() for group in card.detect.groups}  # type: ignore[union-attr]
    assert {"peers", "past", "declared", "graph"} <= groups
