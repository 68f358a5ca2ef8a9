"""Plants about mule accounts: dozens of transfers around the clock, receipts that are recalled."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.calendar import money
from amlscreen.synth.plants.instance import Instance, hours, serials
from amlscreen.synth.ways import receive, send

__all__ = ["recalled", "velocity"]


def velocity(instance: Instance) -> None:
    """HT-S02: dozens of transfers in and out in most hours of a day, and nothing stays."""
    world = instance.world
    account = instance.one()
    blocks = []
    for back in range(instance.pick(4, 3, 2)):
        inward, outward, first = instance.pick((46, 38, 0), (30, 24, 3), (18, 14, 6))
        start = int(world.calendar.at(instance.end - back * 3, first * 3600))
        span = hours(24 - first)
        at = start + np.sort(instance.rng.integers(0, span, size=inward))
        amount = money(instance.rng, 200_000, 2_500_000, inward, 10_000)
        account_in, account_out = np.repeat(account, inward), np.repeat(account, outward)
        blocks.append(receive(world, account_in, at, amount, world.strangers(inward), channel="mobile", text="app"))
        cut = np.cumsum(amount)[np.linspace(0, inward - 1, outward + 1).astype(int)]
        cut[0] = 0
        leaving = np.diff(cut) * 98 // 100
        later = at[np.linspace(0, inward - 1, outward + 1).astype(int)[1:]] + 60
        blocks.append(send(world, account_out, later, leaving, world.strangers(outward), channel="mobile", text="app"))
    instance.label("mule", serials(*blocks), customer=int(account[0]))


def recalled(instance: Instance) -> None:
    """HT-S03: receipts are recalled as fraud, after the money has gone on."""
    world = instance.world
    account = instance.one()
    size = instance.pick(4, 2, 1)
    at = instance.days_before(instance.pick(10, 12, 2), size) - hours(48)
    amount = money(instance.rng, 4_000_000, 25_000_000, size, 100_000)
    who = np.repeat(account, size)
    paid = receive(world, who, at, amount, world.strangers(size), channel="mobile", text="app")
    gone = send(
        world, who, at + hours(3), amount * instance.pick(97, 90, 75) // 100, np.repeat(world.strangers(1), size)
    )
    told = at + instance.rng.integers(hours(8), hours(44), size=size)
    world.recalls.extend((int(row), int(when), "FRAD") for row, when in zip(paid, told, strict=True))
    instance.label("mule", serials(paid, gone), customer=int(account[0]))
