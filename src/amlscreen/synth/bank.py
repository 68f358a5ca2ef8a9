"""A whole synthetic bank: canonical tables, and what was planted in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa

from amlscreen.errors import SettingsError
from amlscreen.synth import reference
from amlscreen.synth.calendar import Calendar
from amlscreen.synth.filed import filed
from amlscreen.synth.innocent import ordinary_life
from amlscreen.synth.labels import groups_table, labels_table
from amlscreen.synth.plants import plant
from amlscreen.synth.rows import transactions
from amlscreen.synth.tiers import Tier, thin_out
from amlscreen.synth.world import make_world

__all__ = ["Bank", "Form", "make_bank"]

Form = Literal["canonical", "parquet", "messy"]
FEWEST_CUSTOMERS, FEWEST_DAYS = 100, 90


@dataclass(frozen=True, slots=True)
class Bank:
    """Canonical tables in file form (amounts in whole units, local times), labels, and how the bank was made."""

    tables: Mapping[str, pa.Table]
    labels: pa.Table
    groups: pa.Table
    customers: int
    days: int
    seed: int
    tier: Tier
    start: dt.date

    def write(self, folder: str | Path, form: Form = "canonical") -> list[Path]:
        """Write the export into a folder named after its form, ``labels.csv`` and ``groups.csv`` beside that.

        A run reads ``folder/canonical``, ``folder/parquet`` or ``folder/messy`` (mapping ``lao_core_v1``) and never
        meets the labels.
        """
        from amlscreen.synth.files import write_canonical, write_labels
        from amlscreen.synth.messy import write_messy

        target = Path(folder) / form
        target.mkdir(parents=True, exist_ok=True)
        written = write_messy(self, target) if form == "messy" else write_canonical(self, target, form)
        return [*written, *write_labels(self, target.parent)]


def make_bank(
    customers: int = 2000,
    days: int = 212,
    seed: int = 7,
    tier: Tier = "rich",
    start: dt.date = dt.date(2026, 1, 1),
) -> Bank:
    """A Lao bank that never was: the same arguments give the same bank on every machine.

    Around ordinary life and its look-alikes it hides several instances of the pattern of every shipped card. Results on
    it say little about a real bank. The default is seven months: an account can only be seen to sleep for the 180 days
    of HT-A11 where the data goes back that far, and the last month is for alerting.
    """
    if customers < FEWEST_CUSTOMERS or days < FEWEST_DAYS:
        raise SettingsError(
            f"A synthetic bank of {customers} customers and {days} days is too small to hold its patterns.",
            fix=f"Ask for at least {FEWEST_CUSTOMERS} customers and {FEWEST_DAYS} days.",
        )
    world = make_world(customers, Calendar(start, days), seed)
    plant(world)
    ordinary_life(world)
    booked, ids = transactions(world)
    account_of = world.book.columns()["account"]
    tables = {
        "transactions": booked,
        "accounts": reference.accounts(world),
        "customers": reference.customers(world),
        "holdings": reference.holdings(world),
        "fx_rates": reference.fx_rates(world),
        "recalls": reference.recalls(world, ids, account_of),
        **filed(world),
    }
    holes = np.random.default_rng([seed, 3])
    labels, groups = labels_table(world, ids, booked), groups_table(world)
    return Bank(thin_out(tables, tier, holes), labels, groups, len(world.people), days, seed, tier, start)
