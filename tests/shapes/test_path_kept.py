"""A search over the payments that may be part of a picture finds what a search over all payments finds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from amlscreen.rules.card import Card
from amlscreen.shapes import path, path_prune, path_shelves
from amlscreen.shapes.gather import join
from amlscreen.shapes.path_edges import edges_of
from amlscreen.shapes.path_kept import Kept, kept_of
from amlscreen.shapes.path_terms import terms_of
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.selection import Selection
from amlscreen.shapes.settled import AfterSweep, Settled
from shapes.flow_bank import ACCOUNTS, HOUR, Leg, comparable, plan_of, reference, selection, settled
from shapes.flows import flow_card

FORMS: dict[str, tuple[str, ...]] = {
    "chain": ("chains", "hops"),
    "cycle": ("cycles", "hops"),
    "gather_scatter": ("senders", "receivers"),
    "scatter_gather": ("middles",),
    "collector": ("spokes",),
    "reach": ("hops",),
}
NAMED = (("account", "A"), ("counterparty", "name:y"))


def everything(plans: Sequence[Plan], pieces: Sequence[Selection], bank: AfterSweep) -> Kept:
    """All payments, as the slow twin has them: nothing is left out."""
    whole = join(pieces)
    return Kept(edges_of(whole, terms_of(plans[0].detect)), kept_of(plans, pieces, bank).not_evaluable)


def drawn_card(rng: Random, form: str) -> Card:
    """A card of that form with drawn terms."""
    rows = {"inflow": {"direction": "credit"}} if form == "collector" else {}
    return flow_card(
        form,
        rows=rows,
        within=rng.choice(["1d", "2d", "5d"]),
        hop=rng.choice(["12h", "24h", "48h"]),
        keeps=rng.choice(["0.85", "0.5"]),
        most_hops=rng.randrange(2, 5),
        hub=rng.choice([2, 4, 6, 100, 100]),
        spoke_share=rng.choice(["0.5", "0.9"]),
        when={name: {"gte": rng.choice([1, 1, 2, 3])} for name in FORMS[form]},
    )


def drawn_legs(rng: Random) -> list[Leg]:
    """Rows of accounts with and without their other legs, between few parties, in a week."""
    legs = []
    for number in range(rng.randrange(20, 80)):
        own, other = rng.choice(ACCOUNTS), rng.choice([*ACCOUNTS, "name:x", "name:y", "name:z", "pooled:p"])
        at, amount, dated = rng.randrange(100) * HOUR, rng.choice([1000, 1000, 1000, 950, 500]), rng.random() < 0.15
        credit, inflow = rng.random() < 0.5, rng.random() < 0.6
        if other in ACCOUNTS and rng.random() < 0.4:
            legs.append(Leg(other, at + rng.choice([0, HOUR]), number, not credit, own, amount - 5, dated, inflow))
        legs.append(Leg(own, at, number, credit, other, amount, dated, inflow))
    return legs


def told(found: Settled) -> list[Any]:
    """Everything that is said: hits in their order, the rows of each, notes and who could not be told."""
    return [[(comparable(hit), hit.row_ids.tolist()) for hit in found.hits], found.notes, found.not_evaluable]


@pytest.mark.parametrize("steps", [path_prune.MOST_STEPS, 0], ids=["some", "busy"])
@pytest.mark.parametrize("form", FORMS)
def test_what_is_left_out_changes_nothing(form: str, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hits, order, evidence, notes and counts; also where every party is too busy to look at."""
    monkeypatch.setattr(path_prune, "MOST_STEPS", steps)
    rng, some = Random(f"{form} {steps}"), 0
    for _ in range(50):
        card, legs, pieces = drawn_card(rng, form), drawn_legs(rng), rng.choice([1, 3, 6])
        with monkeypatch.context() as slowly:
            slowly.setattr(path, "kept_of", everything)
            wanted = settled(card, legs, named=NAMED, last_day=4)
        assert told(settled(card, legs, named=NAMED, last_day=4, pieces=pieces)) == told(wanted)
        some += bool(wanted.hits)
    assert some > 5


def test_shelves_in_a_file_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many shelves there are, and whether they lie in memory or in a file that is gone afterwards."""
    rng = Random("shelves")
    for form in [*FORMS] * 4:
        card, legs = drawn_card(rng, form), drawn_legs(rng)
        wanted = told(settled(card, legs, named=NAMED, last_day=4))
        with monkeypatch.context() as small:
            small.setattr(path_shelves, "ROWS_OF_A_SHELF", 5)
            assert told(settled(card, legs, named=NAMED, last_day=4, pieces=3)) == wanted
            assert told(settled(card, legs, named=NAMED, last_day=4, pieces=2, folder=tmp_path)) == wanted
        assert not list(tmp_path.iterdir())


def test_few_payments_are_left() -> None:
    """What follows nothing and is followed by nothing is not searched."""
    card = flow_card("chain", within="5d", hop="24h", when={"hops": {"gte": 3}, "chains": {"gte": 1}})
    alone = [Leg("F", 400 * HOUR + at, 100 + at, False, f"name:{at}", 77) for at in range(50)]
    run = [Leg(a, n * HOUR, n, False, b, 1000) for n, (a, b) in enumerate(["AB", "BC", "CD"])]
    plan = plan_of(card)
    piece = selection(plan, sorted([*run, *alone]), range(53))
    bank = AfterSweep(reference(), pa.table({}), {}, -(10**6), 20, 10**6)
    assert kept_of((plan,), [piece], bank).edges.size == 3
    assert np.array_equal(kept_of((plan,), [piece], bank).edges.amount, [1000, 1000, 1000])
