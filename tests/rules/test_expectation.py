"""What an example expects is held exactly against what was found, in the units of files."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from amlscreen.hits import Hit, Outcome, SubjectRef
from amlscreen.rules.bind import bind
from amlscreen.rules.card import Card, Example
from amlscreen.rules.expectation import disagreement
from amlscreen.rules.reader import CardFile

RAN = Outcome("HT-A01", 1, "ran")
DAY = (dt.date(2026, 3, 12) - dt.date(1970, 1, 1)).days


def _hit(subject: str = "F1", episode: int = 1, **measures: int) -> Hit:
    found = {"payers": 3, "received": 300_000_000, "withdrawn": 200_000_000, "share_out": 666_666} | measures
    return Hit("HT-A01", SubjectRef("BANK", "account", subject), (), (subject,), episode, 0, 0, DAY, DAY, found, 1, 1)


def _said(card: Card, expect: Any, *hits: Hit, outcome: Outcome = RAN, known_miss: str | None = None) -> str:
    example = Example.model_validate({"name": "x", "expect": expect, "known_miss": known_miss})
    return disagreement(card, example, hits, outcome, minor_digits=2)


@pytest.fixture
def card(funnel: CardFile) -> Card:
    """The window card, bound."""
    return bind(funnel.card)


@pytest.mark.parametrize(
    "expect",
    [
        {"hit": "F1"},
        {"hit": ["F1"]},
        {"hit": "F1", "payers": 3, "received": 3_000_000, "withdrawn": 2_000_000},
        {"hit": "F1", "share_out": "0.66"},
        {"hit": "F1", "share_out": 0.67},
        {"hit": "F1", "share_out": 0.666666},
        {"hit": "F1", "first_day": dt.date(2026, 3, 12), "partial": False, "limit": None, "episodes": 1},
    ],
)
def test_what_was_found_is_what_was_expected(card: Card, expect: dict[str, Any]) -> None:
    """Money in whole units, shares to the digits given, days as dates."""
    assert _said(card, expect, _hit()) == ""


@pytest.mark.parametrize(
    ("expect", "sentence"),
    [
        ({"hit": "F2"}, "expected a hit on F2, found F1"),
        ({"hit": ["F1", "F2"]}, "expected a hit on F1, F2, found F1"),
        ({"hit": "F1", "payers": 4}, "payers: expected 4, measured 3"),
        ({"hit": "F1", "received": 3}, "received: expected 3, measured 3000000"),
        ({"hit": "F1", "share_out": 0.7}, ""),
        ({"hit": "F1", "share_out": 0.68}, "share_out: expected 0.68, measured 0.666666"),
        ({"hit": "F1", "episodes": 2}, "expected 2 episodes, found 1"),
        ({"hit": "F1", "first_day": dt.date(2026, 3, 11)}, "first_day: expected 2026-03-11"),
        ({"hit": "F1", "partial": True}, "partial: expected True"),
        ("clear", "expected clear, found a hit on F1"),
    ],
)
def test_a_difference_is_said(card: Card, expect: Any, sentence: str) -> None:
    """In the units the card's author wrote."""
    said = _said(card, expect, _hit())
    assert said == sentence if not sentence else said.startswith(sentence)


def test_nothing_found_is_clear_only_if_the_rule_ran(card: Card) -> None:
    """A rule that could not be looked at proves nothing."""
    assert _said(card, "clear") == ""
    refused = Outcome("HT-A01", 1, "not_evaluable", "no data: transactions.counterparty")
    assert _said(card, "clear", outcome=refused) == "the rule is not_evaluable: no data: transactions.counterparty"


def test_one_episode_that_shows_everything_is_enough(card: Card) -> None:
    """Measures are not mixed between episodes."""
    hits = (_hit(payers=3, received=1), _hit(episode=2, payers=9))
    assert _said(card, {"hit": "F1", "payers": 9, "received": 3_000_000}, *hits) == ""
    assert _said(card, {"hit": "F1", "payers": 3, "received": 3_000_000}, *hits)


def test_a_known_miss_that_hits_puts_the_card_out_of_date(card: Card) -> None:
    """The gap closed; the card must say so."""
    assert _said(card, "clear", known_miss="Only cash is counted.") == ""
    assert "update the card" in _said(card, "clear", _hit(), known_miss="Only cash is counted.")


def test_a_measure_that_is_unknown_is_not_zero(card: Card) -> None:
    """`null` is expected by name."""
    hit = _hit()
    unknown = Hit(**{name: getattr(hit, name) for name in hit.__slots__} | {"measures": {"payers": None}})
    assert _said(card, {"hit": "F1", "payers": None}, unknown) == ""
    assert _said(card, {"hit": "F1", "payers": 0}, unknown) == "payers: expected 0, measured nothing"
