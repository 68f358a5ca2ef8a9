"""Hits as tables, for whoever writes or tunes a rule."""

from __future__ import annotations

from pathlib import Path

import pytest

import amlscreen as aml
from amlscreen.errors import SettingsError
from amlscreen.result import Result


@pytest.fixture(scope="module")
def result(tiny_bank: Path) -> Result:
    """The shipped rules on the small bank."""
    return aml.screen(aml.Dataset.read(tiny_bank))


def test_every_hit_says_what_it_saw(result: Result) -> None:
    """As many as the run counted, with sentences without gaps."""
    hits = result.hits()
    counted = {one.rule_id: one.hits for one in result.outcomes if one.hits}
    assert hits.groupby("rule_id").size().to_dict() == counted
    assert not hits["says"].str.contains("{", regex=False).any()
    assert (hits["first_day"] <= hits["last_day"]).all()


def test_hits_of_one_rule_are_asked_for_by_its_id(result: Result) -> None:
    """A wrong id is answered with the known ones."""
    rule_id = result.hits()["rule_id"][0]
    assert set(result.hits(rule_id)["rule_id"]) == {rule_id}
    with pytest.raises(SettingsError, match="There is no rule 'HT-Z99' in this run"):
        result.hits("HT-Z99")


def test_the_rows_behind_a_hit_are_told(result: Result) -> None:
    """As many as the hit counts; some of them decide; each stands in a part of the rule."""
    hit = next(row for row in result.hits().itertuples() if row.rows and row.subject_kind == "account")
    rows = result.hit_rows(hit.rule_id, hit.subject_id, hit.episode)
    assert len(rows) == hit.rows and rows["decides"].any()
    assert set(rows["part"]) <= set(result.cards[hit.rule_id].detect.rows)
    assert rows["at"].is_monotonic_increasing


def test_a_subject_without_a_hit_is_answered_with_those_that_have_one(result: Result) -> None:
    """Nobody guesses account numbers."""
    hit = next(row for row in result.hits().itertuples() if row.rows)
    with pytest.raises(SettingsError, match=rf"no episode 1 of {hit.rule_id} about 'nobody'.*Allowed: "):
        result.hit_rows(hit.rule_id, "nobody")


def test_possible_victims_are_withheld(result: Result) -> None:
    """Their ids stand in no row, whatever rule hit them."""
    hidden = {customer for _, customer in result.verdict.masked}
    hits = result.hits()
    persons = hits[hits["subject_kind"] == "customer"]
    assert not set(persons["subject_id"]) & hidden
    assert not any(one in text for text in persons["says"] for one in hidden)
