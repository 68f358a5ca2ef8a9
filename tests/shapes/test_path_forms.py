"""Collectors, gathering, scattering and reach are found as the slow search finds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.hits import Hit
from shapes.flow_bank import DAY, HOUR, Leg, comparable, settled, swept
from shapes.flows import both_legs, flow_card
from shapes.looking import look
from shapes.path_oracle import payments
from shapes.path_oracle_forms import collectors, gatherers, reached, scatterers
from shapes.test_path_runs import SETTINGS, flows, words_of

held = settings(deadline=None, max_examples=150)
SHOWN = ("sent_wages", "received_wages")


def shown(hits: Iterable[Hit]) -> list[str]:
    """Leads and measures, in a fixed order."""
    return as_shown((hit.subject.id, {k: v for k, v in hit.measures.items() if k not in SHOWN}) for hit in hits)


def as_shown(found: Iterable[tuple[str, dict[str, Any]]]) -> list[str]:
    """The same of what the oracle found."""
    return sorted(str((lead, sorted(measures.items()))) for lead, measures in found)


@held
@given(flows(24), SETTINGS)
def test_gathering_is_that_of_the_slow_search(legs: list[Leg], drawn: dict[str, Any]) -> None:
    """Senders, receivers, sums and how long it lay."""
    card = flow_card("gather_scatter", **drawn, when={"senders": {"gte": 2}, "receivers": {"gte": 2}})
    wanted = gatherers(
        payments(legs), words_of("", drawn, 2), lambda one: bool(one["senders"] >= 2 and one["receivers"] >= 2)
    )
    assert shown(swept(card, legs)) == as_shown(wanted)


@held
@given(flows(24), SETTINGS)
def test_scattering_is_that_of_the_slow_search(legs: list[Leg], drawn: dict[str, Any]) -> None:
    """Those in between, sums and duration."""
    card = flow_card("scatter_gather", **drawn, when={"middles": {"gte": 2}})
    wanted = scatterers(payments(legs), words_of("", drawn, 2), lambda one: bool(one["middles"] >= 2))
    assert shown(swept(card, legs)) == as_shown(wanted)


@held
@given(flows(24), SETTINGS, st.sampled_from(["0.5", "0.9"]), st.integers(1, 2), st.integers(0, 9))
def test_collectors_are_those_of_the_slow_search(
    legs: list[Leg], drawn: dict[str, Any], share: str, least: int, seed: int
) -> None:
    """Spokes, what they hand over, and what the collector passes on."""
    rng = Random(seed)
    legs = [replace(leg, inflow=rng.random() < 0.7) for leg in legs]
    rows = {"inflow": {"direction": "credit"}}
    card = flow_card("collector", **drawn, rows=rows, spoke_share=share, when={"spokes": {"gte": least}})
    wanted = collectors(
        payments(legs), legs, words_of("", drawn, 1), Fraction(share), lambda one: bool(one["spokes"] >= least)
    )
    found = swept(card, legs)
    assert shown(found) == as_shown(wanted)
    assert all(sum(one.part == "spoke" for one in hit.members) == hit.measures["spokes"] for hit in found)


@held
@given(flows(16), SETTINGS, st.lists(st.sampled_from(["A", "B", "name:x"]), min_size=1, max_size=2, unique=True))
def test_reach_is_that_of_the_slow_search(legs: list[Leg], drawn: dict[str, Any], named: list[str]) -> None:
    """Distance, marks, what was moved, and every payment on the way."""
    card = flow_card("reach", **drawn, when={"hops": {"gte": 1}})
    told = [("account", one) if one.isupper() else ("counterparty", one) for one in named]
    found = settled(card, legs, named=told, last_day=2).hits
    since = 3 * DAY - words_of("", drawn, 1).within
    wanted = reached(payments(legs), words_of("", drawn, 1), named, since)
    assert {hit.subject.id: tuple(hit.measures[name] for name in ("hops", "marked", "moved")) for hit in found} == {
        party: facts[:3] for party, facts in wanted.items()
    }
    place = {leg: number for number, leg in enumerate(legs)}
    for hit in found:
        steps = {(place[leg], f"hop {hop}") for leg, hop in wanted[hit.subject.id][3]}
        assert set(hit.row_ids.tolist()) == {row for row, _ in steps}
        assert set(zip(hit.row_ids.tolist(), hit.parts, strict=True)) <= steps


@pytest.mark.parametrize("form", ["gather_scatter", "scatter_gather", "collector", "reach"])
def test_pieces_and_order_change_nothing(form: str) -> None:
    """However the rows are cut and numbered, the hits are the same, in the same order."""
    names = {"gather_scatter": "senders", "scatter_gather": "middles", "collector": "spokes", "reach": "hops"}
    rows = {"inflow": {"direction": "credit"}} if form == "collector" else {}
    card = flow_card(form, within="5d", hop="48h", rows=rows, when={names[form]: {"gte": 1}})
    rng, named = Random(form), [("account", "A"), ("counterparty", "name:y")]
    legs = [
        Leg(rng.choice("ABCDEF"), rng.randrange(200) * HOUR, number, rng.random() < 0.4, other, 1000, inflow=True)
        for number, other in enumerate(rng.choices([*"ABCDEF", "name:x", "name:y"], k=120))
    ]
    first = [comparable(hit) for hit in settled(card, legs, named=named).hits]
    assert len(first) > 2
    rng.shuffle(legs)
    for pieces in (1, 3, 6):
        assert [comparable(hit) for hit in settled(card, legs, named=named, pieces=pieces).hits] == first


def test_spokes_are_possible_victims_and_the_collector_is_told() -> None:
    """The payers are kept apart; they stand among the members so that the file of the group is whole."""
    card = flow_card(
        "collector",
        rule_id="HT-N05",
        within="7d",
        hop="48h",
        rows={"inflow": {"direction": "credit"}},
        victims=["spoke"],
        when={"spokes": {"gte": 2}},
    )
    (hit,) = look(
        card,
        transactions=both_legs(
            """
            10@10:00 x A 1000
            10@11:00 y B 1000
            11@10:00 A H 900
            11@11:00 B H 700
            12@12:00 H w 1500
            """
        ),
    ).hits
    assert hit.subject.id == "H" and hit.victims == ("A", "B")
    assert [(one.id, one.part, one.role) for one in hit.members] == [
        ("H", "collector", "unclear"), ("A", "spoke", "possible_victim"), ("B", "spoke", "possible_victim"),
    ]  # fmt: skip
    assert sorted(zip(hit.parts, hit.decides.tolist(), strict=True)) == [
        ("in", True), ("in", True), ("inflow", False), ("inflow", False), ("out", True),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="only 'spoke' can be a possible victim"):
        flow_card("collector", within="7d", rows={"inflow": {}}, victims=["through"])


def test_what_was_reported_later_is_not_known_yet() -> None:
    """A run as of an earlier day does not look at reports that came in after it."""
    from amlscreen.settings import Settings

    rows = both_legs("03@10:00 A B 1000\n20@10:00 C D 1")
    named = [{"report_id": "R1", "subject_kind": "customer", "subject_id": "A", "at": "2026-03-12"}]
    card = flow_card("reach", within="30d", when={"hops": {"gte": 1}})
    assert len(look(card, transactions=rows, reports=named).hits) == 1
    import datetime as dt

    early = Settings(threads=1, as_of=dt.date(2026, 3, 10))
    assert not look(card, transactions=rows, reports=named, settings=early).hits
