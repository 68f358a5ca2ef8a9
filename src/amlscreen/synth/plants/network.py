"""Plants about many and one: many senders to one account, several customers to one outside beneficiary."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.calendar import money
from amlscreen.synth.plants.instance import Instance, from_strangers, serials
from amlscreen.synth.ways import send, withdraw

__all__ = ["common_beneficiary", "fan_in"]


def fan_in(instance: Instance) -> None:
    """HT-N01: many people with no earlier tie all pay one customer within weeks."""
    world = instance.world
    account = instance.one()
    payers = world.strangers(instance.between((22, 30), (14, 18), (7, 12)))
    at = instance.days_before(instance.pick(16, 21, 26), len(payers))
    amount = money(instance.rng, 300_000, 6_000_000, len(payers), 10_000)
    province = instance.rng.integers(0, 18, size=len(payers))
    paid = from_strangers(instance, account, at, amount, payers=payers, province=province)
    last = np.repeat(at[-1:], 2)
    drawn = withdraw(
        world,
        np.repeat(account, 2),
        last + 7_200,
        np.repeat(amount.sum() // 3 // 10_000_000 * 10_000_000, 2),
        counter=True,
    )
    instance.label("collector", serials(paid, drawn), customer=int(account[0]))


def common_beneficiary(instance: Instance) -> None:
    """HT-N01B: several customers who share nothing send to one beneficiary at another bank."""
    world = instance.world
    beneficiary = world.strangers(1)
    senders = world.cast(
        instance.rng,
        instance.between((7, 9), (5, 7), (3, 6)),
        "office_worker",
        "farmer",
        "market_trader",
        "family",
        "garment_worker",
    )
    blocks = []
    for _ in range(instance.pick(3, 2, 1)):
        at = instance.days_before(22, len(senders))
        amount = money(instance.rng, 1_000_000, 5_000_000, len(senders), 50_000)
        blocks.append(
            send(world, senders, at, amount, np.repeat(beneficiary, len(senders)), channel="mobile", text="app")
        )
    for place, sender in enumerate(senders):
        instance.label("spoke", serials(*(block[place : place + 1] for block in blocks)), customer=int(sender))
    instance.label("collector", serials(*blocks), party=int(beneficiary[0]))
