"""Windows and sequences, drawn at random, find what the slow reading of the grammar finds."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from amlscreen.finding import find
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from amlscreen.shapes import sequence
from shapes.made_cards import LIMITS, OFFSET, Style, cards, country, end_of, file_rows, holdings, oracle_rows, rows
from shapes.oracle import oracle_hits

CARDS = 24
STYLES = {
    "plain windows": Style("window"),
    "rows known by their date": Style("window", vague=True),
    "hours and gaps": Style("window", vague=True, hours=True, gaps=True),
    "money matched in order": Style("window", fifo=True),
    "money matched, some dates only": Style("window", fifo=True, vague=True),
    "recurring windows": Style("window", repeat=True),
    "lines of the limits": Style("window", limits=True),
    "customers with joint accounts": Style("window", subject="customer", repeat=True),
    "customers' money matched": Style("window", subject="customer", fifo=True),
    "conductors": Style("window", subject="conductor", vague=True),
    "counterparties": Style("window", subject="counterparty", repeat=True),
    "terminals": Style("window", subject="terminal", vague=True, hours=True, repeat=True),
    "plain sequences": Style("sequence"),
    "sequences known by their date": Style("sequence", vague=True),
    "sequences by the clock": Style("sequence", vague=True, hours=True, gaps=True),
    "recurring sequences": Style("sequence", repeat=True),
    "sequences of matched money": Style("sequence", fifo=True),
    "sequences over the limits": Style("sequence", limits=True),
    "customers' sequences": Style("sequence", subject="customer", vague=True),
    "conductors' sequences": Style("sequence", subject="conductor"),
    "terminals' sequences": Style("sequence", subject="terminal"),
    "counterparties' sequences": Style("sequence", subject="counterparty", vague=True),
}


@pytest.mark.parametrize("name", STYLES)
def test_the_sweep_finds_what_the_grammar_says(name: str) -> None:
    """Subject, first and last instant, measures and limit of every episode are those of the oracle."""
    style, rng = STYLES[name], Random(name)
    made = rows(rng, style)
    drawn = {card.id: card for card in cards(rng, style, CARDS)}
    with Dataset.from_tables(
        country(), Settings(threads=1), transactions=file_rows(made), holdings=holdings(made)
    ) as data:
        found = find(data, RuleSet.of(*drawn.values()))
    assert {outcome.status for outcome in found.outcomes} == {"ran"}
    numbers = {"minor_digits": 2, "end": end_of(made), "offset": OFFSET, "limits": list(LIMITS)}
    read = oracle_rows(made, style.subject)
    for card in drawn.values():
        wanted = [
            _comparable(one.subject, one.first_at, one.last_at, one.limit, one.measures)
            for one in oracle_hits(card, read, numbers)
        ]
        got = [
            _comparable(hit.subject.id, hit.first_at, hit.last_at, hit.limit, hit.measures)
            for hit in found.hits
            if hit.rule_id == card.id
        ]
        assert sorted(got) == sorted(wanted), card.detect


@pytest.mark.parametrize("name", ["plain sequences", "sequences known by their date", "customers' sequences"])
def test_pairs_looked_at_a_few_at_a_time_are_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy account has so many pairs of rows that they are never all in memory."""
    monkeypatch.setattr(sequence, "_MOST_PAIRS", 3)
    test_the_sweep_finds_what_the_grammar_says(name)


def _comparable(subject: str, first_at: int, last_at: int, limit: str | None, measures: Any) -> tuple[Any, ...]:
    return subject, first_at, last_at, str(limit), sorted((name, str(value)) for name, value in measures.items())
