"""What the page says, read as text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from amlscreen.alerts import Contribution
from amlscreen.errors import EngineError
from amlscreen.sinks.page import render
from amlscreen.sinks.pictures.waterfall import waterfall


class Text(HTMLParser):
    """The text people see, without style and script, and the tags that were opened."""

    def __init__(self, page):
        super().__init__()
        self.parts, self.tags, self.skip = [], [], False
        self.feed(page)
        self.text = " ".join(" ".join(self.parts).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.skip = tag in {"style", "script"}

    def handle_endtag(self, tag):
        self.skip = False

    def handle_data(self, data):
        if not self.skip:
            self.parts.append(data)


def changed(alert, **fields):
    """The same alert with other fields."""
    return type(alert)(**{**{name: getattr(alert, name) for name in alert.__slots__}, **fields})


def with_settings(run, **fields):
    """The same run with other settings."""
    return run.but(settings=run.settings.model_copy(update=fields))


def test_the_page_says_what_it_is_and_is_not(run):
    """A reader who gets only this page must not take a pattern for proof."""
    text = Text(render(run)).text
    assert "A pattern is not proof" in text
    assert "finds no crime" in text
    assert "not for customers" in text


def test_the_page_has_no_outside_link_and_no_inline_handler(run):
    """Self-contained: every address is a place in the page."""
    page = render(run)
    assert not re.search(r"(?:https?:)?//[a-z]", page.replace("http://www.w3.org/", ""), re.IGNORECASE)
    for tag, attributes in Text(page).tags:
        assert tag not in {"link", "iframe", "img", "object", "embed", "base", "form"}
        assert not [name for name in attributes if name.startswith("on") or name in {"src", "style"}]
        assert attributes.get("href", "#").startswith("#")


def test_every_place_linked_to_exists_once(run):
    """Links within the page lead somewhere."""
    tags = Text(render(run)).tags
    places = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(places) == len(set(places))
    assert {attributes["href"][1:] for _, attributes in tags if "href" in attributes} <= set(places)


def test_more_alerts_than_shown_are_said(make_run):
    """Nothing is cut in silence."""
    text = Text(render(with_settings(make_run(7), report_alerts=5))).text
    assert "5 of 7 alerts" in text
    assert "alerts.parquet hold all" in text
    assert "AL-00005" in text
    assert "AL-00006" not in text


def test_more_evidence_than_listed_is_said(run, monkeypatch):
    """The rows that decide come first, and the rest is counted."""
    monkeypatch.setattr("amlscreen.sinks.page.EVIDENCE_LISTED", 5)
    text = Text(render(run)).text
    assert "5 of 6 transactions, those that decide first" in text
    assert "T1-0" not in text
    assert "T1-5" in text


def test_a_transaction_that_two_rules_point_at_is_listed_once(run):
    """One row per transaction, with everything it stands for."""
    page = render(run)
    assert page.count(">T1-1<") == 1
    assert "HT-A01 inflow, HT-A02 through" in page


def test_text_from_data_is_escaped(run):
    """A narrative is data; it never becomes markup."""
    bad = "<script>alert(1)</script>"
    row = changed(run.alert_list[0], summary=bad, next_steps=(bad,), would_differ=(bad,))
    table = run.evidence_table
    narrative = table.column("narrative").to_pylist()
    table = table.set_column(table.column_names.index("narrative"), "narrative", [[bad] * len(narrative)])
    page = render(run.but(alert_list=(row,), evidence_table=table))
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 4


def test_rules_that_did_not_run_stand_first_with_their_reason(run):
    """What was not looked for must not look like nothing found."""
    text = Text(render(run)).text
    assert "1 not evaluable for want of data and 1 failed" in text
    assert text.index("customers.id_expiry could not be read") < text.index("transactions.purpose has no value")


def test_rows_set_aside_are_counted_without_their_values(run):
    """The page says why rows were refused, not what stood in them."""
    text = Text(render(run)).text
    assert "not a number amount 2 transactions.csv:7" in text
    assert "31/02/2026" not in text


def test_a_night_without_alerts_is_not_all_clear(make_run):
    """No alert is no finding that all is well."""
    text = Text(render(make_run(0))).text
    assert "No alerts." in text
    assert "no finding that all is well" in text


def test_equal_runs_give_the_same_page(make_run):
    """Nothing in the page depends on the hour or on chance."""
    assert render(make_run(3)) == render(make_run(3))


def test_the_rows_of_the_waterfall_add_up(run):
    """The points shown are the score shown."""
    for alert in run.alert_list:
        cells = re.findall(r'class="aml-points">([^<]+)</td>', str(waterfall(alert.contributions, alert.score)))
        points = [int(cell.replace("\N{MINUS SIGN}", "-")) for cell in cells]
        assert sum(points[:-1]) == points[-1] == alert.score


@pytest.mark.parametrize(("rows", "score"), [((), 0), ((Contribution("counter", "", -5, "why"),), -5)])
def test_odd_scores_can_be_drawn(rows, score):
    """No rows, or a sum below zero, is still a sum."""
    assert "Score" in waterfall(rows, score)


def test_a_waterfall_that_does_not_add_up_is_refused():
    """There is no picture of a sum that is wrong."""
    with pytest.raises(EngineError, match="add up to 5"):
        waterfall((Contribution("rule", "HT-A01", 5, "why"),), 6)
