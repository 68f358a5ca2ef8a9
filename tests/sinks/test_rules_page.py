"""The rule catalogue as a page: all of it there, found by searching, and nothing asked of any other place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from amlscreen.rules.pages import Catalogue
from amlscreen.sinks.rules_page import rules_page
from sinks.browser import BROWSER, Tab

MADE_OF = Catalogue.of()
PAGE = rules_page(MADE_OF)
FITTING = "[...document.querySelectorAll('article')].filter(rule => !rule.hidden).map(rule => rule.id)"


def test_every_rule_has_its_article() -> None:
    """With title, parameters and proofs, escaped."""
    for card in MADE_OF.rules:
        assert f'<article id="{card.id.lower()}"' in PAGE
        assert all(f"<code>{name}</code>" in PAGE for name in card.parameters)
    assert "`" not in re.sub(r'data-text="[^"]*"', "", PAGE.split("<script>")[0])


def test_links_inside_the_page_lead_somewhere() -> None:
    """No rule is named by a link that is not there."""
    assert set(re.findall(r'href="#([^"]+)"', PAGE)) <= set(re.findall(r'id="([^"]+)"', PAGE))


def test_the_same_rules_give_the_same_page() -> None:
    """So that two pages can be compared."""
    assert rules_page(MADE_OF) == PAGE


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """One browser for this module."""
    if not BROWSER:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    tab = Tab(tmp_path_factory.mktemp("profile"))
    yield tab
    tab.close()


@pytest.fixture
def page(tab: Tab, tmp_path: Path) -> Tab:
    """The page, freshly opened from disk."""
    path = tmp_path / "rules.html"
    path.write_text(PAGE, encoding="utf-8")
    tab.events.clear()
    tab.open(path)
    return tab


def choose(tab: Tab, control: str, value: str) -> list[str]:
    """Set a control of the page; the ids of the rules that are then shown."""
    said = f"const box = document.getElementById({control!r}); box.value = {value!r};"
    tab.ask(f"{{{said} box.dispatchEvent(new Event('input'))}}")
    return tab.ask(FITTING)


def test_a_rule_is_found_by_its_words(page: Tab) -> None:
    """All the words, anywhere in the rule; the count says how many fit."""
    assert len(page.ask(FITTING)) == len(MADE_OF.rules)
    assert choose(page, "search", "HT-A06B conductor depositor") == ["ht-a06b"]
    found = choose(page, "search", "Cash provinces holder")
    assert "ht-a01" in found and len(found) < len(MADE_OF.rules)
    assert page.ask("document.getElementById('shown').textContent") == f"{len(found)} of {len(MADE_OF.rules)} shown"
    assert choose(page, "search", "nosuchword") == []
    assert page.ask("document.getElementById('none').hidden") is False


def test_rules_are_filtered_by_family_and_by_what_they_need(page: Tab) -> None:
    """Both at once."""
    kyc = [card.id.lower() for card in MADE_OF.rules if card.family == "kyc"]
    assert choose(page, "family", "kyc") == kyc
    needing = choose(page, "needs", "observations.code")
    assert needing and set(needing) == {
        one for one in kyc if "observations.code" in MADE_OF.rules.needs(MADE_OF.rules.get(one.upper()))
    }


def test_a_link_opens_its_rule(page: Tab) -> None:
    """From an alert's rule id, or from another page."""
    page.ask("location.hash = '#ht-l03'")
    page.ask("new Promise(done => setTimeout(done, 80))")
    page.call("Runtime.evaluate", expression="new Promise(done => setTimeout(done, 80))", awaitPromise=True)
    assert page.ask("document.querySelector('#ht-l03 > details').open") is True


@pytest.mark.parametrize("width", [360, 1440])
def test_the_page_fits_its_window(page: Tab, width: int) -> None:
    """With every rule opened; wide parts scroll inside themselves."""
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    page.ask("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    assert page.ask("document.documentElement.scrollWidth") <= width
    page.call("Emulation.clearDeviceMetricsOverride")


def test_nothing_is_asked_of_any_other_place(page: Tab) -> None:
    """The page is its one file."""
    asked = [one["params"]["request"]["url"] for one in page.events if one.get("method") == "Network.requestWillBeSent"]
    assert [url.split("/")[-1] for url in asked] == ["rules.html"]
    assert not [one for one in page.events if one.get("method") in {"Log.entryAdded", "Runtime.exceptionThrown"}]
