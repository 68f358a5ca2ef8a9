"""The page in a real browser: it opens from disk, sorts, filters, fits a phone, and sends nothing anywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amlscreen.sinks.page import render

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
pytestmark = pytest.mark.skipif(not BROWSER, reason="no Chromium is installed (Debian: apt-get install chromium)")

_ON_PIPES = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
for end, place in zip(ends, (3, 4)):
    os.dup2(end, place)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Tab:
    """One tab of a headless browser, driven over its debugging pipe: no port, no further library."""

    def __init__(self, profile: Path) -> None:
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={profile}")
        command = [sys.executable, "-c", _ON_PIPES, str(to_browser), str(from_browser), BROWSER, *flags]
        self._process = subprocess.Popen(command, pass_fds=(to_browser, from_browser), stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self._rest = b""
        self._number = 0
        self.session: str | None = None
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> Any:
        """One command and its answer; events that come meanwhile are kept."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                return answer["result"]
            self.events.append(answer)

    def open(self, path: Path) -> None:
        """A file from disk, until it has loaded."""
        self.call("Page.navigate", url=path.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._next())

    def ask(self, expression: str) -> Any:
        """What JavaScript says."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def close(self) -> None:
        """The browser ends."""
        os.close(self._out)
        self._process.wait(timeout=20)
        os.close(self._in)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            read = os.read(self._in, 1 << 20)
            assert read, "the browser went away"
            self._rest += read
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)


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
    assert page.ask(count) == 12
    page.ask("dispatchEvent(new Event('afterprint'))")
    assert page.ask(count) == 0


def test_dark_rooms_get_a_dark_page(page):
    """The page follows the reader's colour scheme."""
    page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert page.ask("getComputedStyle(document.body).backgroundColor") == "rgb(19, 24, 23)"
    page.call("Emulation.setEmulatedMedia", features=[])
