"""Lint of cards on groups and of scenarios: what ties, who flags, and figures that a bank may want to tune."""

from __future__ import annotations

import pytest

from amlscreen.rules.lint import lint
from amlscreen.rules.reader import CardFile, read_text
from amlscreen.rules.ruleset import RuleSet

RULES = RuleSet.load()


def changed(rule_id: str, *changes: tuple[str, str]) -> CardFile:
    """A shipped card with some of its text exchanged."""
    file = next(one for one in RULES.files if one.card.id == rule_id)
    text = file.path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return read_text(text, f"{file.card.family}/{file.path.name}")


def said(file: CardFile, *others: CardFile, check: str) -> list[str]:
    """What one check says."""
    return [
        one.message
        for one in lint([file, *others], whole=bool(others))
        if one.check == check and one.rule_id == file.card.id
    ]


ADDRESS = ("{same: [phone], most: $most}\n    - {same: [email], most: $most}", "{same: [address], most: $most}")


def test_an_address_alone_ties_nobody() -> None:
    """Unless what the members did is asked for too."""
    (found,) = said(changed("HT-K03B", ADDRESS), check="trait-decides")
    assert found.startswith("only address ties")
    flagged = (("when: {members", "flagged_by: [HT-A01]\n  when: {flagged: {gte: 1}, members"),)
    assert said(changed("HT-K03B", ADDRESS, *flagged), check="trait-decides") == []


def test_rules_that_flag_exist_and_can_flag() -> None:
    """A group flags nobody; a family is as good as a rule."""
    others = [file for file in RULES.files if file.card.id in {"HT-A01", "HT-N04"}]
    named = ("flagged_by: [HT-A01, HT-A02, HT-A02B, HT-A06, HT-A08, HT-A12, HT-L07, HT-N01, HT-S02, HT-S03]",)
    wrong = changed("HT-N03", (*named, "flagged_by: [HT-A01, account, HT-A99, HT-N04]"))
    assert said(wrong, *others, check="after-hit") == [
        "there is no rule and no family 'HT-A99'.",
        "'HT-N04' looks for groups itself; it flags nobody.",
    ]


@pytest.mark.parametrize(
    ("rule_id", "old", "new", "named"),
    [
        ("HT-K03B", "{same: [email], most: $most}", "{same: [email], most: 12}", "`most` is 12"),
        (
            "HT-K04",
            "{age: {between: [$from_age, $to_age]}}",
            "{age: {between: [$from_age, 26]}}",
            "'age' is held against 26",
        ),
        ("HT-S05", "options: {span: $span, apart", "options: {span: 30, apart", "`span` is 30"),
    ],
)
def test_figures_of_groups_and_scenarios_are_parameters(rule_id: str, old: str, new: str, named: str) -> None:
    """So that a bank can tune them."""
    (found,) = said(changed(rule_id, (old, new)), check="threshold")
    assert found.startswith(named)
