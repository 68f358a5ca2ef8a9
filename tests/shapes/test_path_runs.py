"""Chains and cycles are found as the slow search finds them."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shapes.flow_bank import ACCOUNTS, DAY, HOUR, Leg, comparable, settled, swept
from shapes.flows import both_legs, flow_card
from shapes.looking import look
from shapes.path_oracle import Paid, Words, chosen_runs, payments

held = settings(deadline=None, max_examples=200)
PARTIES = [*ACCOUNTS[:4], *ACCOUNTS[:4], "E", "F", "name:x", "name:y", "pooled:z"]


@st.composite
def flows(draw: st.DrawFn, most: int = 24) -> list[Leg]:
    """Payments among few parties: equal instants, repeated pairs, self-payments, one or both legs, some dates only."""
    size, rng = draw(st.integers(2, most) | st.just(most)), Random(draw(st.integers(0, 10**9)))
    legs: list[Leg] = []
    for number in range(size):
        payer, receiver = rng.choice(PARTIES), rng.choice(PARTIES)
        at = rng.randrange(3) * DAY + rng.choice([0, 1, 2, 5, 9, 13, 17, 23]) * HOUR
        amount = rng.choice([1000] * 9 + [990, 990, 900, 850, 849, 1020, 1021, 500])
        dated, late, fee = rng.random() < 0.1, rng.choice([0, 0, 0, HOUR, 30 * HOUR]), rng.choice([0, 0, 10])
        sides = rng.choice(["both", "both", "both", "payer", "receiver"])
        if payer in ACCOUNTS and sides != "receiver":
            legs.append(Leg(payer, at // DAY * DAY if dated else at, number, False, receiver, amount, dated))
        if receiver in ACCOUNTS and sides != "payer":
            when = (at + late) // DAY * DAY if dated else at + late
            legs.append(Leg(receiver, when, number, True, payer, amount - fee, dated))
    return legs


SETTINGS = st.fixed_dictionaries(
    {
        "hop": st.sampled_from(["24h", "48h", "1d"]),
        "within": st.sampled_from(["2d", "5d"]),
        "keeps": st.sampled_from(["0.85", "0.5", "0.9"]),
        "most_hops": st.sampled_from([2, 3, 6]),
        "hub": st.sampled_from([4, 100, 100, 100]),
    }
)
SPANS = {"24h": DAY, "1d": DAY, "48h": 2 * DAY, "2d": 2 * DAY, "5d": 5 * DAY}


def words_of(form: str, drawn: dict[str, Any], least: int) -> Words:
    """The settings as the oracle wants them."""
    spans = {name: SPANS[drawn[name]] for name in ("within", "hop")}
    share, rest = Fraction(drawn["keeps"]), {name: drawn[name] for name in ("most_hops", "hub")}
    return Words(form, **spans, keeps=share, **rest, least=least)


def told(run: list[Paid]) -> list[tuple[str, int, int]]:
    """A run by its legs."""
    return [(one.leg.account, one.leg.number, one.leg.is_credit) for one in run]


@held
@given(flows(), SETTINGS, st.sampled_from(["chain", "cycle"]), st.integers(2, 3))
def test_the_runs_are_those_of_the_slow_search(legs: list[Leg], drawn: dict[str, Any], form: str, least: int) -> None:
    """Every payment of every run, and nothing else."""
    found = swept(flow_card(form, **drawn, when={"hops": {"gte": least}}), legs)
    wanted = chosen_runs(payments(legs), words_of(form, drawn, least))
    rows = sorted(row for hit in found for row in hit.row_ids.tolist())
    place = {leg: number for number, leg in enumerate(legs)}
    assert rows == sorted(place[one.leg] for run in wanted for one in run)
    parts = sorted(part for hit in found for part in hit.parts)
    assert parts == sorted(f"hop {hop}" for run in wanted for hop in range(1, len(run) + 1))
    longest = max((len(run) for run in wanted), default=0)
    assert max((hit.measures["hops"] for hit in found), default=0) == longest


@held
@given(flows(), SETTINGS, st.sampled_from(["chain", "cycle"]), st.integers(0, 99))
def test_pieces_and_order_change_nothing(legs: list[Leg], drawn: dict[str, Any], form: str, seed: int) -> None:
    """However the rows are cut and numbered, the hits are the same."""
    card = flow_card(form, **drawn, when={"hops": {"gte": 2}})
    first = [comparable(hit) for hit in swept(card, legs)]
    assert [comparable(hit) for hit in settled(card, legs, pieces=3).hits] == first
    shuffled = [*legs]
    Random(seed).shuffle(shuffled)
    assert [comparable(hit) for hit in settled(card, shuffled, pieces=6).hits] == first


CHAIN = {"within": "3d", "when": {"hops": {"gte": 3}}}
LINE = """
10@10:00 A B 1000
10@12:00 B C 980
10@13:00 C D 950
"""


def test_a_chain_is_told_with_its_members_and_its_payments() -> None:
    """One hit on the group, about the account most money went through, by the payers' legs."""
    found = look(flow_card("chain", **CHAIN), transactions=both_legs(LINE + "10@14:00 D x 950"))
    (hit,) = found.hits
    assert (hit.subject.kind, hit.subject.id) == ("group", "B")
    assert dict(hit.measures) == {
        "hops": 4, "parties": 5, "chains": 1, "duration": 4 * HOUR,
        "sent": 100_000, "arrived": 95_000, "kept": 950_000, "sent_wages": 400,
    }  # fmt: skip
    assert [(one.id, one.part) for one in hit.members] == [
        ("B", "through"), ("A", "origin"), ("C", "through"), ("D", "through"), ("name:x", "end"),
    ]  # fmt: skip
    assert {one.role for one in hit.members} == {"unclear"}
    assert hit.customer_ids == ("B", "A", "C", "D") == hit.account_ids
    assert hit.parts == ("hop 1", "hop 2", "hop 3", "hop 4") and hit.decides.all()


def test_money_that_left_before_it_came_is_no_chain() -> None:
    """The order of time decides, not the picture without it."""
    assert not look(flow_card("chain", **CHAIN), transactions=both_legs(LINE.replace("10@12:00", "10@09:00"))).hits


def test_equal_instants_are_no_order() -> None:
    """What happened in the same second is not walked."""
    assert not look(flow_card("chain", **CHAIN), transactions=both_legs(LINE.replace("10@12:00", "10@10:00"))).hits


def test_payments_between_the_same_two_are_never_merged() -> None:
    """Three equal payments handed on one by one are three chains, not one large one, nor nine."""
    flow = "".join(LINE.replace("10@", f"{day}@") for day in (10, 11, 12))
    (hit,) = look(flow_card("chain", **CHAIN), transactions=both_legs(flow)).hits
    assert hit.measures["chains"] == 3 and hit.row_ids.size == 9
    halves = LINE.replace("980", "490") + "10@12:30 B C 490"
    assert not look(flow_card("chain", **CHAIN), transactions=both_legs(halves)).hits


def test_a_cycle_is_found_once() -> None:
    """Not once for each account it could begin with; a second round is a second cycle of the same hit."""
    once = LINE + "10@14:00 D A 940\n"
    (hit,) = look(flow_card("cycle", **CHAIN), transactions=both_legs(once)).hits
    assert hit.measures["cycles"] == 1 and hit.measures["parties"] == 4
    assert [one.part for one in hit.members] == ["origin", "through", "through", "through"]
    (hit,) = look(flow_card("cycle", **CHAIN), transactions=both_legs(once + once.replace("10@", "11@"))).hits
    assert hit.measures["cycles"] == 2 and hit.row_ids.size == 8


def test_a_hub_is_not_walked_through() -> None:
    """It may be an end; the run names it, and so does the hit that ends there."""
    crowd = "\n".join(f"1@{hour:02d}:00 p{hour} C 5000" for hour in range(8))
    card = flow_card("chain", hub=5, within="3d", when={"hops": {"gte": 2}})
    found = look(card, transactions=both_legs(LINE + crowd))
    (hit,) = found.hits
    assert hit.measures["hops"] == 2 and hit.notes == ("hub_skipped:C",)
    assert found.outcomes[0].notes == ("hub_skipped: account C, 10 counterparties",)


def test_a_search_that_stops_says_so() -> None:
    """The hits found so far and the run tell it, and it stops at the same place however rows are cut."""
    legs = [
        Leg(payer, (day * 24 + hour) * HOUR, day, False, receiver, 1000)
        for day in range(20)
        for hour, (payer, receiver) in enumerate(["AB", "BC", "CD"])
    ]
    found = settled(flow_card("chain", budget=30, within="3d", when={"hops": {"gte": 3}}), legs)
    assert found.hits and all(hit.notes == ("stopped_early",) for hit in found.hits)
    assert [note.split(":")[0] for note in found.notes] == ["stopped_early"]
    again = settled(flow_card("chain", budget=30, within="3d", when={"hops": {"gte": 3}}), legs, pieces=6)
    assert [comparable(hit) for hit in again.hits] == [comparable(hit) for hit in found.hits]
    assert again.notes == found.notes


def test_dates_alone_are_walked_from_day_to_day_only() -> None:
    """Within a day the order is unknown; below a day nothing can be told."""
    days = both_legs("10 A B 1000\n11 B C 980\n12 C D 950")
    (hit,) = look(flow_card("chain", **CHAIN), transactions=days).hits
    assert hit.measures["hops"] == 3
    assert not look(flow_card("chain", **CHAIN), transactions=both_legs("10 A B 1000\n10 B C 980\n10 C D 950")).hits
    outcome = look(flow_card("chain", hop="6h", **CHAIN), transactions=days).outcomes[0]
    assert outcome.status == "not_evaluable"
    outcome = look(flow_card("chain", hop="6h", **CHAIN), transactions=days + both_legs("14@10:00 E F 1")).outcomes[0]
    assert outcome.status == "ran" and outcome.subjects_not_evaluable == 4


def test_possible_victims_are_not_the_lead() -> None:
    """Where accounts in between may be victims, the hit is about where the money ended."""
    card = flow_card("chain", victims=["through"], **CHAIN)
    (hit,) = look(card, transactions=both_legs(LINE)).hits
    assert hit.subject.id == "D" and hit.victims == ("B", "C")
    assert {one.part: one.role for one in hit.members} == {
        "end": "unclear", "origin": "unclear", "through": "possible_victim",
    }  # fmt: skip


def test_the_receivers_leg_makes_the_payment_where_the_payers_is_missing() -> None:
    """A leg set aside at intake breaks no chain."""
    rows = [row for row in both_legs(LINE) if (row["account_id"], row["direction"]) != ("B", "debit")]
    (hit,) = look(flow_card("chain", **CHAIN), transactions=rows).hits
    assert hit.measures["hops"] == 3
