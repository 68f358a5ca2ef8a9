"""What the rules can see on a bank's data, and what would open the rest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import amlscreen as aml
from amlscreen.covering import Coverage, coverage
from amlscreen.finding import find
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.ruleset import RuleSet

RULES = RuleSet.load()
Row = dict[str, Any]
Cover = Callable[..., Coverage]


def transaction(number: int, **more: Any) -> Row:
    """A cash deposit, known by its date."""
    plain = {"transaction_id": f"T{number}", "account_id": "A1", "at": f"2026-03-{number:02}", "amount": 100}
    return {**plain, "direction": "credit", "channel": "cash", **more}


@pytest.fixture
def cover() -> Iterator[Cover]:
    """The coverage of some shipped rules on rows held in memory."""
    opened: list[Dataset] = []

    def covered(*rule_ids: str, rows: list[Row] | None = None, **tables: list[Row]) -> Coverage:
        rows = rows if rows is not None else [transaction(day) for day in range(1, 29)]
        opened.append(Dataset.from_tables(transactions=rows, **tables))
        return coverage(opened[-1], RULES.select(ids=rule_ids))

    yield covered
    for data in opened:
        data.close()


def test_a_rule_with_all_it_needs_runs(cover: Cover) -> None:
    """Nothing is said of it but how much is known."""
    (rule,) = cover("HT-A06", rows=[transaction(day, branch_id="B1") for day in range(1, 29)]).rules
    assert (rule.status, rule.reasons, rule.opens_with) == ("runs", (), ())
    assert min(sight.share for sight in rule.sights) == 1


def test_a_blind_rule_names_the_column_that_would_open_it(cover: Cover) -> None:
    """The reason is the one a run gives; of two that would do, each is told."""
    found = cover("HT-A06")
    (rule,) = found.rules
    assert rule.status == "blind" and rule.reasons == ("no data: transactions.branch_id or transactions.terminal_id",)
    assert [str(one) for one in found.openers] == [
        "Mapping transactions.branch_id would open 1 rule: HT-A06",
        "Mapping transactions.terminal_id would open 1 rule: HT-A06",
    ]


def test_a_column_that_opens_several_rules_comes_first(cover: Cover) -> None:
    """One column before two, and among single ones the one that opens most."""
    openers = cover("HT-A08", "HT-N01", "HT-A06", "HT-S03").openers
    assert (openers[0].columns, openers[0].rules) == (("transactions.counterparty",), ("HT-A08", "HT-N01"))
    assert [len(one.columns) for one in openers] == sorted(len(one.columns) for one in openers)


def test_columns_of_an_absent_table_stand_together(cover: Cover) -> None:
    """A table is mapped as a whole."""
    (opener,) = cover("HT-K14").openers
    assert str(opener) == "Mapping observations (at, code, customer_id) would open 1 rule: HT-K14"


def test_what_is_known_is_counted_among_the_rows_the_rule_looks_at(cover: Cover) -> None:
    """Deposits without a place count; payments out, which the rule never reads, do not."""
    deposits = [transaction(day, **({"branch_id": "B1"} if day <= 2 else {})) for day in range(1, 9)]
    payments = [transaction(day, direction="debit", channel="qr") for day in range(9, 29)]
    (rule,) = cover("HT-A06", rows=deposits + payments).rules
    assert rule.status == "partly"
    assert rule.reasons == (
        "transactions.branch_id or transactions.terminal_id is known for 25% of 8 rows of `deposits`",
    )
    assert rule.row()["known_share"] == 0.25


def test_a_rule_whose_rows_are_not_there_says_so(cover: Cover) -> None:
    """No cash in the data is no clean bill about cash."""
    rows = [transaction(day, channel="transfer", branch_id="B1") for day in range(1, 29)]
    (rule,) = cover("HT-A06", rows=rows).rules
    assert rule.status == "partly" and rule.reasons[0].startswith("no transaction can stand in `deposits`")


def test_short_data_are_told(cover: Cover) -> None:
    """Days are counted from the first to the last of the data."""
    found = cover("HT-S03", rows=[transaction(day) for day in range(1, 11)], recalls=[
        {"recall_id": "R1", "account_id": "A1", "transaction_id": "T1", "at": "2026-03-10"}
    ])  # fmt: skip
    (rule,) = found.rules
    assert found.days == 10 and "looks back 90 days, the data reach back 10" in rule.reasons


def test_without_clock_times_a_rule_about_hours_is_blind(cover: Cover) -> None:
    """Clock times stand among what would open it."""
    found = cover("HT-S02")
    assert not found.has_clock and found.rules[0].status == "blind"
    assert found.openers[0].columns == ("clock times",)


def test_a_rule_that_follows_a_blind_one_is_blind_too(cover: Cover) -> None:
    """It cannot be opened by a column of its own."""
    followers = [card for card in RULES if getattr(card.detect, "after_hit", None)]
    if not followers:
        pytest.skip("no shipped rule follows another")
    card = followers[0]
    found = cover(card.id)
    assert [one.status for one in found.rules] == ["blind"]


def test_what_coverage_says_is_what_a_run_says(tiny_bank: Path) -> None:
    """A rule is blind here exactly if its outcome is `not_evaluable`; of anomalies a run also says who has no peers."""
    with Dataset.read(tiny_bank) as data:
        rules = RULES.select(status=("stable", "test"))
        blind = {one.rule_id for one in coverage(data, rules).of("blind")}
        outcomes = find(data, rules).outcomes
    idle = {one.rule_id: one.reason for one in outcomes if one.status == "not_evaluable"}
    assert blind <= idle.keys()
    assert all("too few peers" in idle[rule] for rule in idle.keys() - blind)


def test_counts_by_family_and_typology_add_up(tiny_bank: Path) -> None:
    """Every rule is counted once."""
    with Dataset.read(tiny_bank) as data:
        found = aml.coverage(data)
    for what in ("family", "typology"):
        counts = found.by(what)  # type: ignore[arg-type]  # both are allowed
        assert sum(row["runs"] + row["partly"] + row["blind"] for row in counts) == len(found.rules)


def test_coverage_is_a_table_and_plain_json(cover: Cover) -> None:
    """For a notebook and for a program."""
    found = cover("HT-A06", "HT-K14")
    assert list(found.to_frame()["rule_id"]) == ["HT-A06", "HT-K14"]
    told = json.loads(json.dumps(found.to_dict()))
    assert told["summary"] == {"runs": 0, "partly": 0, "blind": 2}
    assert told["rules"][1]["opens_with"].count("observations.") == 3


def test_firms_are_not_missing_what_only_people_have(cover: Cover) -> None:
    """The line of business is counted among firms."""
    customers = [
        {"customer_id": "P1", "customer_kind": "person", "province": "LA-VT"},
        {"customer_id": "F1", "customer_kind": "entity", "sector": "hotel", "province": "LA-VT"},
    ]
    rules = [card.id for card in RULES if "customers.sector" in RULES.needs(card)][:1]
    if not rules:
        pytest.skip("no shipped rule needs the line of business")
    (rule,) = cover(*rules, customers=customers).rules
    assert [sight.share for sight in rule.sights if sight.need == "customers.sector"] in ([1.0], [])
