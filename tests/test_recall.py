"""What the shipped rules find on synthetic banks, at each tier of data, held to floors.

Floors stand a little below what was measured when they were set; raise them when rules get better. Synthetic figures
say little about a real bank, but a fall in them says that something broke.
"""

from __future__ import annotations

import pytest
from benchmarks.quality import TIERS, Quality, measure, table

from amlscreen.synth import Tier, make_bank

# Least share of planted instances in which the card itself hits somebody. Subtle plants reach below what cards ask for,
# so few floors are near 1; a card that is missing from a tier cannot be evaluated there, or finds nothing.
FLOORS: dict[Tier, dict[str, float]] = {
    "rich": {
        "HT-A01": 0.70,
        "HT-A02": 0.75,
        "HT-A05": 0.60,
        "HT-A06": 0.80,
        "HT-A08": 0.85,
        "HT-A11": 0.95,
        "HT-A12": 0.90,
        "HT-A15": 0.85,
        "HT-K05": 0.80,
        "HT-K08": 0.95,
        "HT-L01": 0.85,
        "HT-L03": 0.80,
        "HT-L07": 0.80,
        "HT-N01": 0.80,
        "HT-N01B": 0.60,
        "HT-S02": 0.80,
        "HT-S03": 0.95,
    },
    "ordinary": {
        "HT-A01": 0.40,
        "HT-A02": 0.50,
        "HT-A05": 0.60,
        "HT-A06": 0.80,
        "HT-A08": 0.60,
        "HT-A11": 0.95,
        "HT-A12": 0.90,
        "HT-A15": 0.80,
        "HT-K05": 0.80,
        "HT-K08": 0.95,
        "HT-L01": 0.80,
        "HT-L03": 0.80,
        "HT-L07": 0.40,
        "HT-N01": 0.60,
        "HT-N01B": 0.60,
        "HT-S02": 0.80,
        "HT-S03": 0.95,
    },
    "poor": {"HT-A02": 0.60},
}
RINGS_ALERTED: dict[Tier, float] = {"rich": 0.5, "ordinary": 0.4, "poor": 0.0}
ALONE_ALERTED: dict[Tier, float] = {"rich": 0.35, "ordinary": 0.25, "poor": 0.0}
MOST_FALSE_PER_THOUSAND = 10.0


@pytest.fixture(scope="module", params=TIERS)
def quality(request: pytest.FixtureRequest) -> Quality:
    """One screen of a bank of 2,000 customers."""
    return measure(make_bank(2_000, tier=request.param))


def test_each_card_finds_its_plants(quality: Quality, capsys: pytest.CaptureFixture[str]) -> None:
    """Recall of every card stands at or above its floor; the table is printed for whoever reads the log."""
    with capsys.disabled():
        print(f"\n{table(quality)}")
    found = {card: quality.recall(card) for card in FLOORS[quality.tier]}
    assert {card: share for card, share in found.items() if share < FLOORS[quality.tier][card]} == {}


def test_every_card_with_a_plant_has_a_floor(quality: Quality) -> None:
    """On a rich or ordinary bank no card goes unwatched."""
    if quality.tier != "poor":
        assert {one.typology for one in quality.planted} == set(FLOORS[quality.tier])


def test_plants_become_alerts(quality: Quality) -> None:
    """Of plants with several patterns, and of those with one, at least so many end under alert."""
    assert quality.alert_recall(rings=True) >= RINGS_ALERTED[quality.tier]
    assert quality.alert_recall(rings=False) >= ALONE_ALERTED[quality.tier]


def test_few_innocent_customers_are_alerted_on(quality: Quality) -> None:
    """Payrolls, traders, sellers, treasurers and temples stay below ten in a thousand under alert."""
    assert quality.innocent > 1_500
    assert quality.false_per_thousand <= MOST_FALSE_PER_THOUSAND
