"""Python behind a card: what a function of one's own must say, and what is made of what it measures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from amlscreen.hits import Hit
from amlscreen.rules.card import Card
from amlscreen.rules.scenario_catalogue import SHIPPED
from amlscreen.scenario_checks import check_scenario
from amlscreen.shapes.scenario_functions import function_of, scenario
from amlscreen.shapes.scenario_lines import Facts, Lines, Seen
from amlscreen.shapes.settled import AfterSweep
from shapes.looking import lines, look, rule

ROWS = lines(
    """
    day account direction amount
    5   A1      credit    300
    6   A1      credit    250
    7   A1      debit     200
    8   A2      credit    100
    9   A3      credit    400
    """
)
HELD = [{"account_id": f"A{n}", "customer_id": who} for n, who in ((1, "C1"), (1, "C2"), (2, "C1"), (3, "C3"))]


@scenario(
    "even_sums",
    meaning="Credits whose amount is a whole multiple of a step.",
    subject="account",
    measured={"even": "count", "share": "ratio"},
    options={"step": ("money", "What the amounts are multiples of."), "days": ("days", "How far back.")},
    columns=("counterparty",),
)
def even_sums(seen: Lines, options: Mapping[str, Any]) -> Seen:
    """What a third party writes: twenty lines."""
    credit = seen.is_("direction", "credit") & seen.since(options["days"])
    even = credit & (seen.column("amount").array % options["step"] == 0)
    count, of = seen.total(even), seen.total(credit)
    return seen.seen({"even": count, "share": count * 1_000_000 // np.maximum(of, 1)}, even, "even")


def money_of(seen: Lines, options: Mapping[str, Any]) -> tuple[Any, Any, Facts, Any]:
    """Of each customer the money that came in."""
    credit = seen.is_("direction", "credit")
    rows = np.flatnonzero(credit)
    return (
        seen.subject,
        seen.total(np.where(credit, seen.column("amount").array, 0)),
        seen.facts(rows),
        seen.subject[seen.group[rows]],
    )


@scenario(
    "richest",
    meaning="Who got most of all.",
    subject="customer",
    measured={"got": "money", "rank": "count"},
    gather=money_of,
)
def richest(pieces: Sequence[Any], bank: AfterSweep, options: Mapping[str, Any]) -> Seen:
    """One that must see the whole bank."""
    customer, got, of = (np.concatenate([np.empty(0, np.int64), *(one[at] for one in pieces)]) for at in (0, 1, 3))
    order = np.argsort(customer)
    rank = np.argsort(np.argsort(-got, kind="stable")) + 1
    facts = Facts.of([one[2] for one in pieces])
    return Seen(
        customer, {"got": got, "rank": rank}, facts, order[np.searchsorted(customer[order], of)], ["in"] * of.size
    )


def card(function: str = "even_sums", when: dict[str, Any] | None = None, **options: Any) -> Card:
    """A card of shape ``scenario``."""
    given = options or ({"step": 100, "days": 30} if function == "even_sums" else {})
    return rule("HT-A98", detect={"shape": "scenario", "function": function, "options": given, "when": when or {}})


def hits(one: Card, **others: Any) -> list[Hit]:
    """What it finds in five transactions."""
    found = look(one, **{"transactions": ROWS, "holdings": HELD, **others})
    assert found.outcomes[0].status == "ran", found.outcomes[0].reason
    return list(found.hits)


def test_conditions_rows_and_hits_are_made_of_what_a_function_measures() -> None:
    """Of a joint account both owners are told, and it is looked at once."""
    first, *rest = hits(card(when={"even": {"gte": 1}}))
    assert [hit.subject.id for hit in rest] == ["A2", "A3"]
    assert (first.subject.kind, first.subject.id, first.customer_ids, first.account_ids) == (
        "account",
        "A1",
        ("C1", "C2"),
        ("A1",),
    )
    assert (first.measures, first.parts, first.decides.tolist()) == ({"even": 1, "share": 500_000}, ("even",), [True])
    assert first.first_day == first.last_day


def test_options_are_in_their_units() -> None:
    """A step of money, and days back."""
    assert [hit.measures["even"] for hit in hits(card(when={"even": {"gte": 1}}, step=50, days=30))] == [2, 1, 1]
    assert [hit.subject.id for hit in hits(card(when={"even": {"gte": 1}}, step=100, days=2))] == ["A2", "A3"]
    assert [hit.subject.id for hit in hits(card(when={"share": {"gte": 1}}))] == ["A2", "A3"]


def test_a_function_may_see_the_whole_bank() -> None:
    """What joint owners got, both got."""
    found = hits(card("richest", {"rank": 1}))
    assert [(hit.subject.kind, hit.subject.id, hit.measures["got"]) for hit in found] == [("customer", "C1", 65_000)]
    assert found[0].account_ids == ("A1", "A2")


@pytest.mark.parametrize(
    "one", [card(when={"even": {"gte": 1}}), card("richest", {"rank": {"lte": 2}})], ids=["part", "bank"]
)
def test_the_checks_pass_for_what_is_well_made(one: Card) -> None:
    """The list that anybody can run."""
    assert check_scenario(one, transactions=ROWS, holdings=HELD) == []


def test_the_checks_find_what_depends_on_the_cut() -> None:
    """A function that counts its partition's lines sees other numbers in other partitions."""

    @scenario("how_many", meaning="Lines of the partition.", subject="account", measured={"lines": "count"})
    def how_many(seen: Lines, options: Mapping[str, Any]) -> Seen:
        return seen.seen({"lines": np.full(seen.subject.size, seen.size)}, np.zeros(seen.size, np.bool_))

    assert any(
        "cut into partitions" in one for one in check_scenario(card("how_many"), transactions=ROWS, holdings=HELD)
    )


def test_a_function_that_breaks_its_word_fails_alone() -> None:
    """The rule is told as failed, with the reason."""

    @scenario("other_words", meaning="Says one thing.", subject="account", measured={"a": "count"})
    def other_words(seen: Lines, options: Mapping[str, Any]) -> Seen:
        return seen.seen({"b": seen.total(np.ones(seen.size, np.bool_))}, np.zeros(seen.size, np.bool_))

    outcome = look(card("other_words"), transactions=ROWS).outcomes[0]
    assert (outcome.status, "measured b; its signature says a" in outcome.reason) == ("failed", True)


@pytest.mark.parametrize(
    ("detect", "said"),
    [
        ({"function": "even_sum"}, "even_sums"),
        ({"function": "even_sums", "options": {"step": 1}}, "days"),
        ({"function": "even_sums", "options": {"step": 1, "days": 2, "size": 3}}, "size"),
        ({"function": "even_sums", "options": {"step": 1, "days": 2}, "when": {"odd": 1}}, "odd"),
    ],
)
def test_what_a_card_cannot_say(detect: dict[str, Any], said: str) -> None:
    """Refused when it is read, with what there is."""
    with pytest.raises(ValidationError, match=said):
        rule("HT-A98", detect={"shape": "scenario", **detect})


def test_a_name_is_taken_once() -> None:
    """Two functions of one name would be two rules."""
    with pytest.raises(ValueError, match="already"):
        scenario("even_sums", meaning="Another.", subject="account", measured={"n": "count"})


@pytest.mark.parametrize("name", [one.name for one in SHIPPED])
def test_every_declared_scenario_has_a_function(name: str) -> None:
    """And its module is called like it."""
    assert function_of(name).call.__module__.endswith(f".{name}")


def test_the_page_s_example_is_a_scenario() -> None:
    """The code and the card of docs/scenarios.md, held to the check list on rows in which it finds something."""
    page = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
    code, *_ = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (yaml,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    exec(code, {})
    made = rule("HT-A98", detect=YAML(typ="safe").load(yaml)["detect"])
    rows = lines("day account amount\n1 A1 100000\n2 A1 300000\n3 A1 200000\n3 A1 1000\n9 A2 100000", channel="cash")
    assert check_scenario(made, transactions=rows, holdings=HELD) == []
    assert [hit.measures for hit in hits(made, transactions=rows)] == []
    (hit,) = hits(made, transactions=[row for row in rows if row["amount"] != "1000"])
    assert (hit.subject.id, hit.measures) == ("A1", {"even": 3, "share": 1_000_000})
