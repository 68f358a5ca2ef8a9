"""The cards that are shipped: in order, and proved by their own examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from amlscreen.proving import prove
from amlscreen.rules.card import Card
from amlscreen.rules.lint import lint_path
from amlscreen.rules.pages import Catalogue
from amlscreen.rules.ruleset import RuleSet

RULES = RuleSet.load()
FIRST = ["A01", "A02", "A05", "A06", "A08", "A11", "A12", "A15", "L01", "L03", "L07", "N01", "S02", "S03", "K05", "K08"]


def test_lint_finds_nothing_in_the_shipped_cards() -> None:
    """Not even a warning."""
    assert [str(finding) for finding in lint_path()] == []


@pytest.mark.parametrize("number", FIRST)
def test_the_first_indicators_have_a_card(number: str) -> None:
    """One rule, one file, one id that is never used again."""
    assert f"HT-{number}" in RULES


@pytest.mark.parametrize("card", RULES, ids=lambda card: card.id)
def test_a_card_is_proved_by_its_examples(card: Card) -> None:
    """Hits are hits with the measures told, innocent look-alikes are clear, known misses are still missed."""
    results = prove(card, companions=RULES)
    assert len(results) >= 3
    assert [f"{one.name}: {one.message}" for one in results if not one.passed] == []


def test_the_catalogue_in_the_documentation_is_current() -> None:
    """Write it again with `amlscreen rules docs --out docs/rules.md`."""
    page = Path(__file__).parents[2] / "docs" / "rules.md"
    assert page.read_text(encoding="utf-8") == Catalogue.of().markdown()
