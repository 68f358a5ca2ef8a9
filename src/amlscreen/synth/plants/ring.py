"""Plants that show several patterns at once, as real ones tend to: a house that collects, a mule, a labour gang.

Their labels carry one instance name and a row for each card that ought to see it.
"""

from __future__ import annotations

import numpy as np

from amlscreen.synth.book import Rows
from amlscreen.synth.calendar import Ints, money
from amlscreen.synth.geography import elsewhere
from amlscreen.synth.plants.account import cash_out, open_lately, pass_on
from amlscreen.synth.plants.instance import Instance, from_strangers, hours, serials
from amlscreen.synth.ways import receive

__all__ = ["collecting_house", "labour_gang", "mule_account"]


def collecting_house(instance: Instance) -> None:
    """Many pay the same few prices from several provinces into one account, and it is drawn as cash every few days."""
    world = instance.world
    account = instance.one()
    size = instance.between((36, 46), (24, 32), (14, 20))
    payers = world.strangers(size * 2 // 3)[np.arange(size) % (size * 2 // 3)]
    at = instance.days_before(26, size) + hours(5)
    prices = np.array([400_000, 700_000, 1_200_000]) * 100
    amount = prices[instance.rng.integers(0, 3, size=size)]
    steps = instance.rng.integers(0, instance.pick(6, 4, 3), size=size)
    province = elsewhere(np.repeat(world.people.province[account], size), steps * 3)
    paid = from_strangers(instance, account, at, amount, payers=payers, province=province)
    drawn = []
    for chunk in np.array_split(np.arange(size), 5):
        total = int(amount[chunk].sum()) * instance.pick(95, 85, 72) // 100
        drawn.append(cash_out(instance, account, int(at[chunk].max()), total, 1))
    for typology in ("HT-A01", "HT-A08", "HT-A15", "HT-N01"):
        instance.label("collector", serials(paid, *drawn), customer=int(account[0]), typology=typology)


def mule_account(instance: Instance) -> None:
    """A new account takes the money of people who then complain, and passes it on within hours."""
    world = instance.world
    account = instance.one()
    open_lately(instance, account, instance.pick(20, 35, 50))
    size = instance.between((14, 20), (9, 12), (6, 8))
    at = instance.days_before(instance.pick(8, 14, 18), size) - hours(48)
    amount = money(instance.rng, 4_000_000, 20_000_000, size, 100_000)
    who = np.repeat(account, size)
    paid = receive(world, who, at, amount, world.strangers(size), channel="mobile", text="app")
    gone = pass_on(instance, account, at, amount, share=instance.pick(97, 92, 86), delay=(1, 10))
    complaints = instance.rng.permutation(size)[: instance.between((3, 5), (2, 3), (1, 1))]
    world.recalls.extend((int(paid[one]), int(at[one]) + hours(30), "FRAD") for one in complaints)
    for typology in ("HT-A02", "HT-A12", "HT-S03"):
        instance.label("mule", serials(paid, gone), customer=int(account[0]), typology=typology)


def labour_gang(instance: Instance) -> None:
    """A foreman takes fees from recruits, then the wages of those without an account, and draws them."""
    world = instance.world
    foreman = instance.one()
    fees = _fees(instance.between((14, 18), (10, 13), (7, 9)), instance, foreman)
    employers = world.people.of("small_firm", "farm", "garment_factory")
    employer = employers[instance.rng.integers(0, len(employers))]
    workers = world.strangers(instance.between((5, 8), (4, 5), (3, 3)))
    wages: list[Ints] = []
    for day in (instance.end - 38, instance.end - 8):
        wage = money(instance.rng, 1_900_000, 2_700_000, len(workers), 50_000)
        at = world.calendar.at(day, 15 * 3600 + np.arange(len(workers)) * 60)
        payer = np.full(len(workers), employer)
        paying = Rows(payer, at, wage, "transfer", "salary", purpose="salary", ultimate=workers)
        wages.append(world.book.transfer(paying, np.repeat(foreman, len(workers)))[1])
        wages.append(cash_out(instance, foreman, int(at[-1]), int(wage.sum()) * 8 // 10, 2))
    instance.label("recruiter", fees, customer=int(foreman[0]), typology="HT-L07")
    instance.label("collector", serials(*wages), customer=int(foreman[0]), typology="HT-L01")


def _fees(payers: int, instance: Instance, foreman: Ints) -> Ints:
    world = instance.world
    at = instance.days_before(40, payers)
    spread = instance.pick(2, 10, 20)
    amount = 5_000_000 * (100 + instance.rng.integers(-spread, spread + 1, size=payers))
    province = instance.rng.integers(0, 18, size=payers)
    return from_strangers(instance, foreman, at, amount, payers=world.strangers(payers), province=province)
