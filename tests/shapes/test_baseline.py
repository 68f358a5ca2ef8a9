"""Shape ``baseline`` finds what a slow reading of its grammar finds, however the work is cut."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.finding import Findings, find
from amlscreen.hits import Hit
from amlscreen.intake.dataset import Dataset
from amlscreen.peers import standing as peers
from amlscreen.rules.card import Card
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from shapes.looking import transaction_ids
from shapes.made_baselines import Bank, drawn_baselines
from shapes.oracle_baseline import read

PLAIN = Settings(threads=1, alert_days=400)


def found_in(
    tables: dict[str, Any], cards: list[Card], chosen: Settings = PLAIN
) -> tuple[Findings, list[tuple[Hit, list[str]]]]:
    """What the cards find, each hit with the transactions that decide."""
    with Dataset.from_tables("laos", chosen, **tables) as data:
        found = find(data, RuleSet.of(*cards), settings=chosen)
        names = transaction_ids(data, found.hits)
    deciding = [
        sorted(name for name, decides in zip(each, hit.decides.tolist(), strict=True) if decides)
        for hit, each in zip(found.hits, names, strict=True)
    ]
    return found, list(zip(found.hits, deciding, strict=True))


@settings(max_examples=12, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), subject=st.sampled_from(["account", "customer"]))
def test_a_baseline_finds_what_its_grammar_says(seed: int, subject: str) -> None:
    """Subject, days, every measure, deciding rows and the count of those that cannot be told are the oracle's."""
    rng = Random(seed)
    bank = Bank(rng, vague=rng.random() < 0.3)
    cards = list(drawn_baselines(rng, subject, 20))
    found, hits = found_in(bank.tables(), cards)
    rows, facts = bank.oracle_rows(subject), bank.facts(subject)
    outcomes = {one.rule_id: one for one in found.outcomes}
    for card in cards:
        assert outcomes[card.id].status in {"ran", "not_evaluable"}, outcomes[card.id]
        if outcomes[card.id].status == "not_evaluable":
            assert "days of data" in outcomes[card.id].reason
            continue
        wanted, open_ = read(card.detect, rows, facts)
        got = [
            (hit.subject.id, hit.first_at, hit.last_at, dict(hit.measures), deciding)
            for hit, deciding in hits
            if hit.rule_id == card.id
        ]
        assert got == [
            (one.subject, one.first_at, one.last_at, one.measures, sorted(set(one.deciding))) for one in wanted
        ], card.detect
        assert outcomes[card.id].subjects_not_evaluable == open_, card.detect


def seen(found: Findings, hits: list[tuple[Hit, list[str]]]) -> list[Any]:
    """All a hit tells, and what became of the rules."""
    told = [
        (hit.rule_id, hit.subject, hit.customer_ids, hit.account_ids, hit.first_at, hit.last_at, dict(hit.measures))
        for hit, _ in hits
    ]
    return [
        *told,
        *(deciding for _, deciding in hits),
        *((o.rule_id, o.subjects_not_evaluable) for o in found.outcomes),
    ]


@pytest.mark.parametrize("subject", ["account", "customer"])
@pytest.mark.parametrize(("partition_rows", "threads"), [(1, 1), (7, 2), (60, 1)])
def test_partitions_threads_and_row_order_change_nothing(subject: str, partition_rows: int, threads: int) -> None:
    """However the customers are cut and swept, and in whatever order the file has the rows, the hits are the same."""
    rng = Random("cut")
    bank = Bank(rng, accounts=30)
    cards = list(drawn_baselines(rng, subject, 16))
    first = seen(*found_in(bank.tables(), cards))
    assert sum(bool(each) for each in first) > 60
    rng.shuffle(bank.rows)
    chosen = PLAIN.model_copy(update={"partition_rows": partition_rows, "threads": threads})
    assert seen(*found_in(bank.tables(), cards, chosen)) == first


def test_many_combinations_of_columns_are_found_without_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bank with many occupations and products finds the same peers."""
    rng = Random("table")
    bank, cards = Bank(rng), list(drawn_baselines(rng, "account", 16))
    first = seen(*found_in(bank.tables(), cards))
    monkeypatch.setattr(peers, "_TABLE", 0)
    assert seen(*found_in(bank.tables(), cards)) == first
