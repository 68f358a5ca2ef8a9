"""The catalogue is written from the cards."""

from __future__ import annotations

import re
from pathlib import Path

from amlscreen.rules.indicators import REASONS
from amlscreen.rules.pages import Catalogue
from amlscreen.rules.reader import CardFile
from amlscreen.rules.ruleset import RuleSet


def test_every_part_of_a_card_is_in_the_catalogue(funnel: CardFile, minors: CardFile) -> None:
    """A reader need not open the YAML file."""
    page = Catalogue(RuleSet([funnel, minors])).markdown()
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
    page = Catalogue(RuleSet([funnel]).tune({"HT-A01": {"payers": 8}})).markdown()
    assert "| `payers` | 8 |" in page


def test_the_same_rules_give_the_same_page(funnel: CardFile, minors: CardFile) -> None:
    """So that a stale page can be found by comparing."""
    assert Catalogue(RuleSet([minors, funnel])).markdown() == Catalogue(RuleSet([funnel, minors])).markdown()


def test_contents_lead_to_every_rule_in_three_orders(funnel: CardFile, minors: CardFile) -> None:
    """By family, by typology, and by the data without which it does not run."""
    page = Catalogue(RuleSet([funnel, minors])).markdown()
    parts = page.split("\n## ")
    by_family, by_typology, by_need = (
        next(part for part in parts if part.startswith(name)) for name in ("By family", "By typology", "By data needed")
    )
    for rule in ("[HT-A01](#ht-a01)", "[HT-K08](#ht-k08)"):
        assert rule in by_family and rule in by_typology and rule in by_need
    assert "| `customers.guardian_verified` | 1 | [HT-K08](#ht-k08) |" in by_need
    assert by_family.index("HT-A01") < by_family.index("HT-K08")


def test_links_of_the_catalogue_lead_to_a_heading() -> None:
    """As GitHub makes anchors: lower case, spaces as hyphens."""
    page = Catalogue.of().markdown()
    headings = {re.sub(r"[^\w\- ]", "", line.lstrip("# ")).lower().replace(" ", "-") for line in page.splitlines()
                if line.startswith("#")}  # fmt: skip
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= headings


def test_what_a_card_looks_for_is_said_in_words(funnel: CardFile) -> None:
    """Beside the YAML, for those who do not read it."""
    page = Catalogue(RuleSet([funnel])).markdown()
    assert "Within 9 days (`span`), about one account:\n- `inflow`: money comes in;" in page
    assert "It hits when\n- `payers` is at least 3\n- `share_out` is at least 70 %" in page


def test_indicators_without_a_card_are_listed_with_the_reason() -> None:
    """Known gaps are better than unknown ones."""
    made_of = Catalogue.of()
    assert made_of.listed is not None and made_of.listed.not_covered
    section = made_of.markdown().split("\n## Not covered")[1].split("\n## ")[0]
    for name, one in made_of.listed.not_covered.items():
        assert f"| {name} | {one.title} | {one.because or REASONS[one.reason]} |" in section


def test_a_bank_s_own_rules_have_a_catalogue_without_the_shipped_list(tmp_path: Path, funnel_text: str) -> None:
    """What the sources of the shipped rules say is no gap of theirs."""
    (tmp_path / "HT-A01_funnel.yml").write_text(funnel_text, encoding="utf-8")
    page = Catalogue.of(tmp_path).markdown()
    assert "### HT-A01" in page and "## Not covered" not in page and "## What goes together" not in page
