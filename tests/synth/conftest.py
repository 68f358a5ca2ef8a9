"""One small bank for all tests of the generator."""

from __future__ import annotations

import pytest

from amlscreen.synth import Bank, Tier, make_bank

TIERS: tuple[Tier, ...] = ("rich", "ordinary", "poor")


@pytest.fixture(scope="session")
def bank() -> Bank:
    """A rich bank of 110 customers."""
    return make_bank(110)


@pytest.fixture(scope="session")
def banks(bank: Bank) -> dict[str, Bank]:
    """The same bank at each tier of data."""
    return {"rich": bank, **{tier: make_bank(110, tier=tier) for tier in TIERS[1:]}}
