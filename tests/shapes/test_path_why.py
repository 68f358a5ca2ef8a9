"""Why an account is in no hit of a path: its longest chain, its best round, its share, or the hub that it is."""

from __future__ import annotations

from typing import Any

import pytest

from amlscreen.errors import SettingsError
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.card import Card
from amlscreen.rules.ruleset import RuleSet
from amlscreen.screening import screen
from amlscreen.settings import Settings
from shapes.flows import both_legs, flow_card

FLOW = """
10@10:00 A B 1000
10@12:00 B C 980
10@14:00 D E 500
11@10:00 F B 1000
11@11:00 B H 900
"""


def why(card: Card, subject: str, table: str = FLOW, **tables: Any) -> list[tuple[Any, ...]]:
    """The rows of ``why_not`` without the distance."""
    settings = Settings(threads=1)
    with Dataset.from_tables("laos", settings, transactions=both_legs(table), **tables) as data:
        found = screen(data, RuleSet.of(card), settings=settings).why_not(card.id, subject)
        rows = found.astype(object).where(found.notna(), None).to_dict("records")
    return [(row["condition"], row["measured"], row["wanted"], row["holds"]) for row in rows]


def test_the_longest_chain_is_told() -> None:
    """Two payments where three are wanted."""
    card = flow_card("chain", within="3d", when={"hops": {"gte": 3}})
    assert why(card, "A") == [("hops", 2, "gte 3", False)]
    assert why(card, "D")[0][:2] == ("chain", None)


def test_chains_that_meet_the_rest_are_counted() -> None:
    """Each is long enough; there are too few of them."""
    card = flow_card("chain", within="3d", when={"hops": {"gte": 2}, "chains": {"gte": 3}})
    assert why(card, "B") == [("hops", 2, "gte 2", True), ("chains", 2, "gte 3", False)]


def test_the_best_round_is_told() -> None:
    """It came back, but with too much lost."""
    card = flow_card("cycle", within="3d", keeps="0.5", when={"kept": {"gte": 0.9}})
    assert why(card, "B", FLOW + "10@13:00 C A 700") == [("kept", 0.7, "gte 0.9", False)]


def test_a_collector_s_and_a_spoke_s_share_are_told() -> None:
    """From either side the same one spoke is seen."""
    rows = {"inflow": {"direction": "credit"}}
    card = flow_card("collector", within="3d", rows=rows, when={"spokes": {"gte": 3}, "least_share": {"gte": 0.95}})
    for account in ("B", "C"):
        assert why(card, account)[0] == ("spokes", 1, "gte 3", False)


@pytest.mark.parametrize(
    ("form", "name", "measured"), [("gather_scatter", "senders", 2), ("scatter_gather", "middles", 1)]
)
def test_gathering_and_scattering_are_told(form: str, name: str, measured: int) -> None:
    """How many it was where more are wanted."""
    card = flow_card(form, within="3d", hop="48h", when={name: {"gte": 5}})
    assert why(card, "B")[0] == (name, measured, "gte 5", False)


def test_how_far_a_reported_party_is_away_is_told() -> None:
    """Two payments where one is wanted; an account that no money ties to it says so."""
    card = flow_card("reach", within="30d", when={"hops": {"lte": 1}})
    named = [{"report_id": "R1", "subject_kind": "customer", "subject_id": "A", "at": "2026-03-01"}]
    assert why(card, "C", reports=named) == [("hops", 2, "lte 1", False)]
    assert why(card, "D", reports=named)[0][:2] == ("reach", None)


def test_a_hub_is_told_as_the_reason() -> None:
    """An account with too many counterparties is not walked through."""
    card = flow_card("chain", within="3d", hub=3, when={"hops": {"gte": 2}})
    assert why(card, "B")[-1] == ("counterparties", 4, "at most 3; accounts with more are not walked through", False)


def test_an_unknown_account_is_an_error() -> None:
    """It names what is there."""
    with pytest.raises(SettingsError, match="no account 'Z'"):
        why(flow_card("chain", within="3d", when={"hops": {"gte": 2}}), "Z")
