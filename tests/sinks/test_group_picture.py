"""Pictures and lists of groups: who paid whom, in which part, and nobody named who must not be."""

from __future__ import annotations

import re
from decimal import Decimal

from amlscreen.hits import Member
from amlscreen.sinks.members import among, members_in_words
from amlscreen.sinks.pictures.network import network
from amlscreen.sinks.pictures.payments import Payment, drawing
from amlscreen.sinks.wording import Money

MONEY = Money("LAK", 2, 0)


def payments(*lines: str) -> list[Payment]:
    """``A B 5``: A paid B five, in the order given."""
    told = (line.split() for line in lines)
    return [Payment(a, b, Decimal(sum_), 1, f"{at:03d}") for at, (a, b, sum_) in enumerate(told)]


def columns(drawn) -> dict[str, int]:
    """The column of each node."""
    return {node.key: node.column for node in drawn.nodes}


def test_a_chain_runs_from_left_to_right():
    """Each stands after whoever paid it; who only paid or was paid stands at the sides."""
    drawn = drawing(payments("P A 9", "A B 8", "B C 7", "C R 6"), {"A", "B", "C"})
    assert columns(drawn) == {"P": 0, "A": 1, "B": 2, "C": 3, "R": 4}


def test_a_circle_closes_with_one_arrow_back():
    """The payment that closes the circle in time is the one that runs backwards."""
    drawn = drawing(payments("A B 9", "B C 8", "C A 7"), {"A", "B", "C"})
    assert columns(drawn) == {"A": 1, "B": 2, "C": 3}
    shown = network(drawn, {key: key for key in "ABC"}, {}, MONEY)
    assert shown.count("aml-arrow") == 3


def test_spokes_stand_before_their_collector():
    """However many they are; the smallest are one node that says how many it is."""
    drawn = drawing(
        payments(*(f"S{n:02d} K {n + 1}" for n in range(20))), {f"S{n:02d}" for n in range(20)} | {"K"}, {"K"}
    )
    assert {column for key, column in columns(drawn).items() if key != "K"} == {1}
    assert columns(drawn)["K"] == 2
    assert len(drawn.nodes) == 7
    assert sum(node.stands_for for node in drawn.nodes) == 21


def test_no_money_is_lost_in_the_drawing():
    """Arrows and what moved among those drawn as one are all that was paid."""
    paid = payments(*(f"M{n} M{(n * 3) % 11} {n}" for n in range(1, 11)), *(f"P{n} M{n % 11} 5" for n in range(30)))
    drawn = drawing(paid, {f"M{n}" for n in range(11)})
    assert sum(one.amount for one in drawn.payments) + drawn.inside == sum(one.amount for one in paid)
    assert len(drawn.nodes) <= 13


def test_the_order_of_payments_changes_nothing():
    """Equal input in another order gives the same picture."""
    paid = payments("P A 9", "A B 8", "B C 7", "C A 6", "C R 6")
    one, other = (
        network(drawing(some, set("ABC")), {key: key for key in "PABCR"}, {}, MONEY) for some in (paid, paid[::-1])
    )
    assert one == other


def test_names_in_the_picture_are_escaped():
    """A party's key is never markup."""
    shown = network(drawing(payments("<b> A 9"), {"A"}), {"<b>": "<b>", "A": "A"}, {}, MONEY)
    assert "<b>" not in shown
    assert re.search("&lt;b&gt;", shown)


MEMBERS = (
    Member("account", "K1", ("C1",), "collector"),
    Member("account", "K1", ("C1",), "through"),
    Member("account", "S1", (), "spoke", "possible_victim"),
    Member("account", "S2", (), "spoke", "possible_victim"),
    *(Member("counterparty", f"account:B/{n}", (), "origin") for n in range(9)),
)


def test_a_member_found_twice_stands_once_with_both_parts():
    """Two rules, one account: one line."""
    found = among(MEMBERS, str, hides=True)
    assert [(one.shown, one.parts) for one in found if one.shown == "K1"] == [("K1", ("collector", "through"))]


def test_whose_account_a_possible_victim_holds_is_not_told():
    """They are counted; only settings that ask for it name them."""
    told = members_in_words(MEMBERS, str, hides=True)
    assert "spoke: 2 possible victims, kept apart" in told
    assert not any("S1" in line for line in told)
    assert "spoke: 2 possible victims: S1, S2" in members_in_words(MEMBERS, str, hides=False)


def test_a_long_line_says_how_many_more_there_are():
    """No cut is silent."""
    line = next(line for line in members_in_words(MEMBERS, str, hides=True) if line.startswith("origin"))
    assert line.startswith("origin: 9 outside parties B/0, B/1")
    assert line.endswith("and 3 more")
