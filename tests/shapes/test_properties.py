"""What must not change a finding, and what may change it one way only."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

import pytest

from amlscreen.finding import find
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.card import Card
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from shapes.looking import rule, transaction_ids
from shapes.made_cards import Row, Style, cards, country, file_rows, holdings, rows

PLAIN = Settings(threads=1)
SUBJECTS = ("account", "customer", "conductor", "counterparty", "terminal")


def seen(made: list[Row], drawn: list[Card], settings: Settings = PLAIN, **tables: Any) -> list[tuple[Any, ...]]:
    """Every hit, with its transactions by their id, in the order it was found."""
    tables = {"holdings": holdings(made), **tables}
    with Dataset.from_tables(country(), settings, transactions=file_rows(made), **tables) as data:
        found = find(data, RuleSet.of(*drawn), settings=settings)
        assert {one.status for one in found.outcomes} == {"ran"}, found.outcomes
        return [
            (
                (hit.rule_id, hit.subject, hit.customer_ids, hit.account_ids, hit.episode, hit.limit, hit.victims),
                (hit.first_at, hit.last_at, dict(hit.measures), hit.known, hit.total),
                (ids, hit.parts, hit.decides.tolist()),
            )
            for hit, ids in zip(found.hits, transaction_ids(data, found.hits), strict=True)
        ]


def mixed_cards(rng: Random) -> list[Card]:
    """Windows and sequences on every kind of subject, and rules on derived columns."""
    drawn = [
        one
        for subject in SUBJECTS
        for shape in ("window", "sequence")
        for one in cards(rng, Style(shape, subject, fifo=subject == "account", repeat=True), 3)
    ]
    derived = {
        "shape": "window",
        "within": "5d",
        "rows": {
            "a": {"counterparty_is_related": False},
            "b": {"quiet_days": {"gte": 2}},
            "c": {"counterparty_is_new": True},
            "d": {"account_age": {"lt": 400}, "holder_age": {"gte": 18}, "is_away": True},
        },
        "measures": {
            **{f"n{name}": {"count": "transactions", "of": name} for name in "abcd"},
            "places": {"distinct": "place", "of": "a"},
            "wages": {"max": "wage_multiple", "of": "a"},
        },
        "when": {"any": [{f"n{name}": {"gte": 1}} for name in "abcd"]},
    }
    drawn += [rule(detect={**derived, "subject": one, "by": ["branch_id"]}) for one in ("account", "customer")]
    drawn += [
        rule(
            detect={
                "shape": "window",
                "subject": "account",
                "within": "9d",
                "rows": {"a": {"direction": "credit"}},
                "measures": {"n": {"count": "transactions", "of": "a"}},
                "when": {"n": {"gte": 2}},
            },
            possible_victims="a.counterparty",
        )
    ]
    return [one.model_copy(update={"id": f"HT-T{number:02d}"}) for number, one in enumerate(drawn)]


def mixed_rows(rng: Random) -> tuple[list[Row], dict[str, Any]]:
    """Drawn rows, some of which name accounts of the same bank, and the tables that go with them."""
    made = rows(rng, Style("window"))
    for row in made:
        if rng.random() < 0.2:
            row |= {"counterparty": f"account:BANK/A{rng.randrange(20):03d}", "counterparty_kind": "account"}
    held = holdings(made)
    people = sorted({one["customer_id"] for one in held})
    return made, {
        "holdings": held,
        "customers": [
            {"customer_id": one, "birth_date": f"{1950 + 7 * n % 70}-02-28", "province": "LA-VT", "phone": "+856205550"}
            for n, one in enumerate(people)
        ],
        "accounts": [
            {"account_id": one, "opened": "2025-02-01"} for one in sorted({each["account_id"] for each in held})
        ],
    }


def test_the_order_of_the_rows_changes_nothing() -> None:
    """A shuffled file gives the same hits, in the same order, on the same transactions."""
    rng = Random("shuffle")
    (made, tables), drawn = mixed_rows(rng), mixed_cards(rng)
    first = seen(made, drawn, **tables)
    assert len(first) > 100
    rng.shuffle(made)
    assert seen(made, drawn, **tables) == first


@pytest.mark.parametrize(("partition_rows", "threads"), [(1, 1), (7, 2), (40, 1), (1_000_000, 2)])
def test_partitions_and_threads_change_nothing(partition_rows: int, threads: int) -> None:
    """However the customers are cut and swept, the hits are the same, to their order."""
    rng = Random("partitions")
    (made, tables), drawn = mixed_rows(rng), mixed_cards(rng)
    assert seen(made, drawn, Settings(partition_rows=partition_rows, threads=threads), **tables) == seen(
        made, drawn, **tables
    )


def test_a_partition_is_as_small_as_asked_for() -> None:
    """One row asked for gives one customer at a time."""
    from amlscreen.engines.local import partitions, prepare

    made = rows(Random("small"), Style("window"))
    with Dataset.from_tables(country(), PLAIN, transactions=file_rows(made), holdings=holdings(made)) as data:
        reference = prepare(data, [], data.last_complete_day)
        parts = list(partitions(data, [], reference, Settings(partition_rows=1)))
        assert len(parts) == reference.customer_ids.num_rows
        assert all(len(set(part.column("customer").array)) == 1 for part in parts)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_twice_the_money_doubles_sums_and_leaves_counts(subject: str) -> None:
    """Where no bound is in money, the same windows hit, and what is money in them doubles."""
    rng = Random(f"double {subject}")
    made = rows(rng, Style("window"))
    detect = {
        "shape": "window",
        "subject": subject,
        "within": "4d",
        "rows": {"a": {"direction": "credit"}, "b": {"direction": "debit"}},
        "measures": {
            "n": {"count": "transactions", "of": "a"},
            "people": {"distinct": "counterparty", "of": "a"},
            "part": {"share": "count", "of": "a", "within": "b"},
            "money": {"sum": "amount", "of": "a"},
            "most": {"max": "amount", "of": "b"},
        },
        "when": {"n": {"gte": 2}},
    }
    once = seen(made, [rule(detect=detect)])
    doubled = seen([{**row, "amount": row["amount"] * 2} for row in made], [rule(detect=detect)])
    assert once
    for one, other in zip(once, doubled, strict=True):
        money = {name: 2 * one[1][2][name] for name in ("money", "most") if one[1][2][name] is not None}
        assert other == (one[0], (*one[1][:2], {**one[1][2], **money}, *one[1][3:]), one[2])


def _grows(rng: Random, subject: str) -> dict[str, Any]:
    return {
        "shape": "window",
        "subject": subject,
        "rows": {"a": {"direction": "credit"}, "b": {"direction": "debit", "amount": {"gte": 5}}},
        "measures": {
            "n": {"count": "transactions", "of": "a"},
            "people": {"distinct": "counterparty", "of": "a"},
            "money": {"sum": "amount", "of": "b"},
            "most": {"max": "amount", "of": "b"},
        },
        "when": {
            name: {"gte": rng.choice(bounds)}
            for name, bounds in rng.sample(
                [("n", [2, 3, 4]), ("people", [1, 2, 3]), ("money", [50, 500]), ("most", [20, 200])], 2
            )
        },
    }


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_wider_window_loses_no_subject(subject: str) -> None:
    """Of measures that only grow with more rows, each least value that was met stays met."""
    rng = Random(f"wider {subject}")
    made, detect = rows(rng, Style("window"), accounts=40), _grows(rng, subject)
    found = [
        {one[0][1] for one in seen(made, [rule(detect={**detect, "within": span})])}
        for span in ("5h", "1d", "2d", "5d", "20d")
    ]
    assert found[-1]
    assert all(narrow <= wide for narrow, wide in itertools.pairwise(found))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_higher_bound_adds_no_subject(subject: str) -> None:
    """What meets ``gte: 3`` meets ``gte: 2``."""
    rng = Random(f"higher {subject}")
    made, detect = rows(rng, Style("window"), accounts=40), _grows(rng, subject)
    found = []
    for bound in (1, 2, 3, 5, 8):
        raised = {**detect, "within": "6d", "when": {"n": {"gte": bound}, "money": {"gte": 10 * bound}}}
        found.append({one[0][1] for one in seen(made, [rule(detect=raised)])})
    assert found[0]
    assert all(high <= low for low, high in itertools.pairwise(found))


def test_other_ids_give_the_same_hits_under_other_names() -> None:
    """Accounts, customers and transactions may be called anything, as long as their order stays."""
    rng = Random("rename")
    (made, tables), drawn = mixed_rows(rng), mixed_cards(rng)

    def other(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace("/A0", "/N0") if value.startswith("account:") else _renamed(value)
        return value

    def told_again(rows_: list[Row]) -> list[Row]:
        return [{name: other(value) for name, value in row.items()} for row in rows_]

    first = seen(made, drawn, **tables)
    again = told_again(made)
    with Dataset.from_tables(
        country(), PLAIN, transactions=file_rows(again), **{name: told_again(rows_) for name, rows_ in tables.items()}
    ) as data:
        found = find(data, RuleSet.of(*drawn), settings=PLAIN)
        subjects = [(hit.rule_id, hit.subject.id, hit.episode, dict(hit.measures)) for hit in found.hits]
    assert sorted(map(str, subjects)) == sorted(
        str((one[0][0], other(one[0][1].id), one[0][4], one[1][2])) for one in first
    )


def _renamed(value: str) -> str:
    is_id = len(value) in {4, 6} and value[0] in "ACDT" and value[1:].isdigit()
    return {"A": "N", "C": "K", "D": "M", "T": "Z"}[value[0]] + value[1:] if is_id else value
