"""Plants about cash paid in: just under the reporting line, and in many places."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.calendar import money
from amlscreen.synth.geography import elsewhere
from amlscreen.synth.plants.instance import Instance, hours, serials
from amlscreen.synth.ways import deposit, send

__all__ = ["spread_deposits", "structuring"]


def structuring(instance: Instance) -> None:
    """HT-A05: cash in sums that stay just under the line from which a report is due."""
    world = instance.world
    account = instance.one("at_home", "day_labourer", "market_trader")
    size = instance.between((5, 7), (4, 5), (2, 4))
    at = instance.days_before(instance.between((4, 6), (6, 8), (7, 24)), size)
    amount = instance.rng.integers(instance.pick(180, 170, 150), 199, size=size) * 500_000 * 100
    paid = deposit(world, np.repeat(account, size), at, amount, number=np.arange(size))
    sent = send(world, account, at[-1:] + hours(30), amount.sum(keepdims=True) * 9 // 10, world.strangers(1))
    instance.label("collector", serials(paid, sent), customer=int(account[0]))


def spread_deposits(instance: Instance) -> None:
    """HT-A06: cash paid into one account at many branches of several provinces within days."""
    world = instance.world
    account = instance.one()
    size = instance.between((8, 10), (5, 7), (3, 5))
    at = instance.days_before(instance.pick(4, 6, 7), size)
    province = elsewhere(world.people.province[account], np.arange(size) % instance.pick(4, 3, 2) * 4 + 2)
    amount = money(instance.rng, 3_000_000, 15_000_000, size, 100_000)
    conductors = world.strangers(2)[np.arange(size) % 2]
    paid = deposit(
        world, np.repeat(account, size), at, amount, province=province, number=np.arange(size), conductor=conductors
    )
    sent = send(world, account, at[-1:] + hours(20), amount.sum(keepdims=True) * 8 // 10, world.strangers(1))
    instance.label("collector", serials(paid, sent), customer=int(account[0]))
