"""The page in a real browser: it opens from disk, sorts, filters, fits a phone, and sends nothing anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amlscreen.sinks.page import render
from sinks.browser import BROWSER, Tab

pytestmark = pytest.mark.skipif(not BROWSER, reason="no Chromium is installed (Debian: apt-get install chromium)")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """One browser for this module."""
    tab = Tab(tmp_path_factory.mktemp("profile"))
    yield tab
    tab.close()


@pytest.fixture
def page(browser: Tab, make_run: Any, tmp_path: Path) -> Tab:
    """A page with twelve alerts, freshly opened from disk."""
    path = tmp_path / "report.html"
    path.write_text(render(make_run(12)), encoding="utf-8")
    browser.events.clear()
    browser.open(path)
    return browser


ROWS = "[...document.querySelectorAll('table.ranked tbody tr')].filter(row => !row.hidden)"


def column(tab: Tab, number: int) -> list[str]:
    """What a column of the ranked table says, row by row, hidden rows aside."""
    return tab.ask(f"{ROWS}.map(row => row.cells[{number}].textContent.trim())")


def click_head(tab: Tab, number: int) -> str:
    """A click on a column's name; how the column then says it is sorted."""
    head = f"document.querySelector('table.ranked thead tr').cells[{number}]"
    tab.ask(f"{head}.querySelector('button').click()")
    return tab.ask(f"{head}.getAttribute('aria-sort')")


def test_a_click_on_a_column_sorts_the_table(page):
    """Numbers sort as numbers, bands by their gravity, and a second click turns the order."""
    assert column(page, 0) == [str(number) for number in range(1, 13)]
    assert click_head(page, 2) == "descending"
    assert click_head(page, 2) == "ascending"
    scores = [int(score) for score in column(page, 2)]
    assert scores == sorted(scores)
    assert click_head(page, 1) == "descending"
    assert list(dict.fromkeys(column(page, 1))) == ["critical", "high", "medium", "low"]
    assert page.ask("document.querySelectorAll('th[aria-sort]').length") == 1


def test_words_and_bands_filter_table_and_sections(page):
    """What is filtered out of the table is out of the sections below it too; the count says so."""
    type_in = "const box = document.getElementById('search'); box.value = {!r}; box.dispatchEvent(new Event('input'))"
    page.ask("{" + type_in.format("F12") + "}")
    assert column(page, 0) == ["12"]
    assert page.ask("[...document.querySelectorAll('article')].filter(part => !part.hidden).map(part => part.id)") == [
        "AL-00012"
    ]
    assert page.ask("document.getElementById('shown').textContent") == "1 of 12 shown"
    page.ask("{" + type_in.format("") + "}")
    page.ask("document.querySelector('input[name=band][value=critical]').click()")
    assert "critical" not in column(page, 1)
    assert len(column(page, 1)) == 9


def test_nothing_is_asked_of_any_other_place(page):
    """The page is its one file: no request but its own, nothing blocked because nothing was tried, no error."""
    asked = [
        event["params"]["request"]["url"] for event in page.events if event.get("method") == "Network.requestWillBeSent"
    ]
    assert [url.split("/")[-1] for url in asked] == ["report.html"]
    assert not [event for event in page.events if event.get("method") in {"Log.entryAdded", "Runtime.exceptionThrown"}]


def test_the_policy_of_the_page_forbids_requests(page):
    """Even script that got into the page could not send anything away."""
    page.call("Runtime.evaluate", expression="new Image().src = 'http://127.0.0.1:9/x.png'")
    page.ask("new Promise(done => setTimeout(done, 50))")
    refused = page.call(
        "Runtime.evaluate",
        expression="fetch('http://127.0.0.1:9/').then(() => 'sent', error => 'refused')",
        awaitPromise=True,
        returnByValue=True,
    )
    assert refused["result"]["value"] == "refused"
    said = [event["params"]["entry"]["text"] for event in page.events if event.get("method") == "Log.entryAdded"]
    assert any("Content Security Policy" in text for text in said)


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_page_fits_its_window(page, width):
    """Wide tables scroll inside themselves; the page never does sideways."""
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    assert page.ask("document.documentElement.scrollWidth") <= width
    page.call("Emulation.clearDeviceMetricsOverride")


def test_bars_of_the_waterfall_are_drawn_to_scale(page):
    """Each bar starts where the one before ended, and the last one spans the score."""
    drawn = page.ask(
        """[...document.querySelector('article').querySelectorAll('.aml-bar rect')].map(
           bar => [bar.x.baseVal.value, bar.width.baseVal.value, bar.getAttribute('class')])"""
    )
    position = 0.0
    for left, width, kind in drawn[:-1]:
        start = left if kind == "aml-plus" else left + width
        assert start == pytest.approx(position, abs=2)
        position = left + width if kind == "aml-plus" else left
    assert drawn[-1][0] == 0
    assert drawn[-1][1] == pytest.approx(position, abs=2)


def test_printing_opens_what_is_folded(page):
    """Paper has no folds: evidence is printed, and folded again on the screen."""
    count = "document.querySelectorAll('details[open]').length"
    page.ask("dispatchEvent(new Event('beforeprint'))")
    assert page.ask(count) == 13
    page.ask("dispatchEvent(new Event('afterprint'))")
    assert page.ask(count) == 0


def test_dark_rooms_get_a_dark_page(page):
    """The page follows the reader's colour scheme."""
    page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert page.ask("getComputedStyle(document.body).backgroundColor") == "rgb(19, 24, 23)"
    page.call("Emulation.setEmulatedMedia", features=[])
