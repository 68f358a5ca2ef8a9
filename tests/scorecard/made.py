"""Hits on customers by the hundred, and a card that fits them: enough to fit points on, in a blink."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from alerting.judging_bank import AS_OF, Bank, make_card, make_hit, make_settings
from amlscreen.alerting import Verdict, judge
from amlscreen.hits import Hit
from amlscreen.rules.card import Card
from amlscreen.rules.typology import Part, Typology
from amlscreen.scorecard.labels import Labels
from amlscreen.scorecard.model import Scorecard

STRONGER = [{"measure": "payers", "from": 6, "times": 1.5}, {"measure": "payers", "from": 8, "times": 2}]
CARDS: dict[str, Card] = {
    "HT-A01": make_card("HT-A01", strength=STRONGER),
    "HT-A02": make_card("HT-A02", severity="critical"),
    "HT-L01": make_card("HT-L01", severity="medium"),
    "HT-N01": make_card("HT-N01", severity="low", safety=True),
    "HT-S03": make_card("HT-S03", anchor=True),
    "HT-X01": make_card("HT-X01", severity="low"),
}
STORY = Typology.model_validate(
    {
        "id": "story",
        "title": "A story",
        "exploitation": ["labour"],
        "story": "s",
        "references": [{"source": "s", "year": 2020}],
        "parts": [Part(id="one", title="One", rules=("HT-A02",)), Part(id="two", title="Two", rules=("HT-L01",))],
    }
)


def people(count: int) -> Bank:
    """Customers with an account each; every other has been one for long and is paid wages."""
    ids = [f"C{n:04}" for n in range(count)]
    return Bank(
        owners={f"A{n:04}": (one,) for n, one in enumerate(ids)},
        people=[{"customer_id": one} for one in ids],
        features=[
            {"customer_id": one, "tenure_days": 2000 * (n % 2), "salary_in_months": 5 * (n % 3 == 0)}
            for n, one in enumerate(ids)
        ],
    )


def hits_on(count: int, seed: int) -> list[Hit]:
    """Up to four hits for each of most customers, often on the same few rows."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(count):
        for _ in range(int(rng.integers(0, 5))):
            rows = sorted({int(row) for row in 100 * number + 2 * rng.integers(0, 6, int(rng.integers(0, 5)))})
            found.append(
                make_hit(
                    str(rng.choice(list(CARDS))),
                    f"A{number:04}",
                    rows,
                    customer=f"C{number:04}",
                    ends=AS_OF - int(rng.integers(0, 20)),
                    episode=int(rng.integers(1, 4)),
                    measures={"payers": int(rng.integers(0, 10)), "paid": 5},
                )
            )
    return found


def verdict_on(hits: list[Hit], bank: Bank, card: Scorecard | None = None, **changes: Any) -> Verdict:
    """The verdict with or without a scorecard."""
    return judge(
        hits,
        CARDS,
        bank.book(),
        make_settings(**changes),
        as_of=AS_OF,
        previous=None,
        typologies=(STORY,),
        scorecard=card,
    )


def answers(hits: list[Hit], count: int, seed: int) -> Labels:
    """Customers with a hit of HT-L01 are mostly a yes; that HT-A02 has hit says nothing."""
    rng = np.random.default_rng(seed)
    told = {hit.customer_ids[0] for hit in hits if hit.rule_id == "HT-L01"}
    chance = np.where([f"C{n:04}" in told for n in range(count)], 0.7, 0.05)
    said = rng.random(count) < chance
    return Labels({("", f"C{n:04}"): bool(yes) for n, yes in enumerate(said)}, {}, only_listed=True)


def some_card() -> Scorecard:
    """A card unlike the cards' own points in every way."""
    levels = {Decimal(1): 7, Decimal("1.5"): 7, Decimal(2): 90}
    return Scorecard.model_validate(
        {
            "odds": {"at_zero": -3.0, "doubled_by": 12.0},
            "repeat": 3,
            "rules": {
                "HT-A01": {"points": levels, "again": 4},
                "HT-A02": {"points": {1: 0}, "again": 0},
                "HT-L01": {"points": {1: 61}, "again": 61},
                "HT-S03": {"points": {1: 2}},
            },
            "typologies": {"story": 22},
            "counter": {"tenure": 31, "salary_in": 0},
            "others": 0.7,
        }
    )
