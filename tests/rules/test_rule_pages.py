"""The catalogue is written from the cards."""

from __future__ import annotations

from amlscreen.rules.pages import catalogue
from amlscreen.rules.reader import CardFile
from amlscreen.rules.ruleset import RuleSet


def test_every_part_of_a_card_is_in_the_catalogue(funnel: CardFile, minors: CardFile) -> None:
    """A reader need not open the YAML file."""
    page = catalogue(RuleSet([funnel, minors]))
    for card in (funnel.card, minors.card):
        for text in (card.title, card.description, card.rationale, *card.false_positives, *card.blind_spots):
            assert str(text).strip() in page
        assert all(example.name in page for example in card.examples)
        assert all(f"| `{name}` |" in page for name in card.parameters)
    assert "## Account" in page
    assert "## KYC" in page
    assert "known second-hand" in page
    assert "`transactions.counterparty`" in page
    assert "| transactions | `quiet_days` |" in page
    assert "| `trait-decides` | error |" in page


def test_the_catalogue_shows_the_values_a_bank_tuned(funnel: CardFile) -> None:
    """What runs is what is documented."""
    page = catalogue(RuleSet([funnel]).tune({"HT-A01": {"payers": 8}}))
    assert "| `payers` | 8 |" in page


def test_the_same_rules_give_the_same_page(funnel: CardFile, minors: CardFile) -> None:
    """So that a stale page can be found by comparing."""
    assert catalogue(RuleSet([minors, funnel])) == catalogue(RuleSet([funnel, minors]))
