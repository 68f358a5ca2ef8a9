"""Cards of shape ``baseline``: what their grammar, and lint, refuse."""

from __future__ import annotations

from typing import Any

import pytest

from amlscreen.errors import RuleError
from amlscreen.rules.card import Card
from amlscreen.rules.lint import lint
from amlscreen.rules.needs import needs
from amlscreen.rules.reader import read_text
from amlscreen.rules.ruleset import RuleSet

RULES = RuleSet.load()
PEERS = next(file for file in RULES.files if file.card.id == "HT-A14")
TEXT = PEERS.path.read_text(encoding="utf-8")


def read(*changes: tuple[str, str]) -> Card:
    """The card with some of its text changed; each change must be one."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read_text(text, str(PEERS.path)).card


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("  within: 30d\n", "  within: 36h\n")], "counts whole days, for example 30d, not '36h'"),
        ([("compare: cash\n", "compare: cahs\n")], "Did you mean 'cash'"),
        ([("[occupation, sector, province]", "[product]")], "product is that of an account"),
        ([("[occupation, sector, province]", "[sex]")], "peers"),
        ([("[occupation, sector, province]", "[]")], "at least 1"),
        ([("percentile: {gte: $high}, deviations: {gte: $far}", "cash: {gte: 0}")], "must ask for the comparison"),
        ([("deviations: {gte: $far}}", "deviations: {gte: $far}, spans_met: {gte: 2}}")], "said by `spans: at_least`"),
        ([("  compare: cash\n", "  compare: cash\n  declared: income\n")], "exactly one of history, declared, peers"),
        ([("months: {value: 2", "months: {value: 4")], "`spans` asks for at least 4 of 3"),
        ([("members: {value: 30", "members: {value: 2.5")], "`at_least` is a whole number from 1, not '2.5'"),
        ([("deviations: {gte: $far}}", "deviations: {gte: $far}, peer_group: trader}")], "is a number, not 'trader'"),
    ],
)
def test_what_a_baseline_cannot_mean_is_refused_when_it_is_read(changes: list[tuple[str, str]], said: str) -> None:
    """The message says what to write instead."""
    with pytest.raises(RuleError) as problem:
        read(*changes)
    assert said in f"{problem.value.message} {problem.value.fix}"


def test_a_card_on_peers_needs_one_of_the_columns_that_make_groups() -> None:
    """Without any of them everybody would be everybody's peer."""
    card = read(("[occupation, sector, province]", "[province, age_band]"))
    assert "customers.birth_date|customers.province" in needs(card)


def test_a_declared_income_is_compared_with_money() -> None:
    """A count has no income."""
    with pytest.raises(RuleError, match="is an amount"):
        read(
            (
                "  compare: cash\n  peers: {by: [occupation, sector, province], at_least: $members}\n",
                "  compare: deposits\n  declared: income\n",
            ),
            ("percentile: {gte: $high}, deviations: {gte: $far}}", "times: {gte: $far}}"),
        )


@pytest.mark.parametrize("floor", ["deposits: {gte: $months}, ", "wages: {gte: $wages}, "])
def test_what_stands_out_among_peers_has_a_size_of_its_own(floor: str) -> None:
    """Where peers do next to nothing a little stands far out, so lint asks for a count or a sum of wages."""
    with_floor = read_text(TEXT.replace("wages: {gte: $wages}, ", floor), str(PEERS.path))
    without = read_text(TEXT.replace("wages: {gte: $wages}, ", ""), str(PEERS.path))
    assert "peers-floor" not in {one.check for one in lint([with_floor])}
    (found,) = (one for one in lint([without]) if one.check == "peers-floor")
    assert "`when` has no floor of its own" in found.message


def test_a_usual_is_no_amount_to_hold_things_against() -> None:
    """A threshold in money would be one of this year's."""
    changed: Any = TEXT.replace("percentile: {gte: $high}", "usual: {gte: $high}")
    assert "money-figure" in {one.check for one in lint([read_text(changed, str(PEERS.path))])}
