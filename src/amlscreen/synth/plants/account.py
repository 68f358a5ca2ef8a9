"""Plants about how one account is used: funnel, pass-through, third-party funding, dormant, new, price list."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.calendar import Ints, money
from amlscreen.synth.geography import elsewhere
from amlscreen.synth.plants.instance import Instance, from_strangers, hours, serials
from amlscreen.synth.ways import receive, send, withdraw

__all__ = [
    "cash_out",
    "funnel",
    "new_account_burst",
    "open_lately",
    "pass_on",
    "pass_through",
    "price_list",
    "third_party_funding",
    "woken",
]


def cash_out(instance: Instance, account: Ints, first: int, total: int, span: int) -> Ints:
    """So much money drawn in sums of at most three million, within ``span`` days of a moment."""
    sums = np.full(max(total // 300_000_000, 1), 300_000_000, np.int64)
    at = np.sort(first + instance.rng.integers(hours(3), span * hours(24), size=len(sums)))
    return withdraw(instance.world, np.broadcast_to(account, sums.shape), at, sums, number=np.arange(len(sums)))


def pass_on(instance: Instance, account: Ints, at: Ints, amount: Ints, *, share: int, delay: tuple[int, int]) -> Ints:
    """Each credit leaves again, less a little, between so many hours after it came."""
    later = at + instance.rng.integers(hours(delay[0]), hours(delay[1]), size=len(at))
    out = amount * share // 100 // 100_000 * 100_000
    payees = instance.world.strangers(2)
    return send(
        instance.world,
        np.broadcast_to(account, at.shape),
        later,
        out,
        payees[np.arange(len(at)) % 2],
        channel="mobile",
        text="app",
    )


def funnel(instance: Instance) -> None:
    """HT-A01: people in several provinces pay in, then the money leaves as cash."""
    world = instance.world
    account = instance.one()
    payers = world.strangers(instance.between((9, 12), (5, 7), (3, 5)))
    at = instance.days_before(5, len(payers)) - 3 * hours(24)
    steps = np.arange(len(payers)) % instance.between((4, 5), (3, 4), (2, 3))
    province = elsewhere(world.people.province[account], steps * 3 + 1)
    amount = money(instance.rng, 2_000_000, 5_000_000, len(payers), 100_000)
    paid = from_strangers(instance, account, at, amount, payers=payers, province=province)
    total = int(amount.sum()) * instance.between((92, 99), (80, 90), (60, 80)) // 100
    drawn = cash_out(instance, account, int(at.max()), total, 2)
    instance.label("collector", serials(paid, drawn), customer=int(account[0]))


def pass_through(instance: Instance) -> None:
    """HT-A02: what comes in is gone within hours."""
    world = instance.world
    account = instance.one()
    size = instance.between((12, 16), (8, 10), (5, 7))
    at = instance.days_before(25, size) - hours(24)
    amount = money(instance.rng, 6_000_000, 30_000_000, size, 100_000)
    payers = world.strangers(3)[np.arange(size) % 3]
    home = np.repeat(world.people.province[account], size)
    paid = from_strangers(instance, account, at, amount, payers=payers, province=home)
    gone = pass_on(
        instance,
        account,
        at,
        amount,
        share=instance.between((97, 99), (90, 95), (78, 92)),
        delay=instance.pick((1, 5), (1, 10), (2, 26)),
    )
    instance.label("collector", serials(paid, gone), customer=int(account[0]))


def third_party_funding(instance: Instance) -> None:
    """HT-A08: many people who are not the holder supply most of the money."""
    world = instance.world
    account = instance.one()
    payers = np.repeat(world.strangers(instance.between((14, 18), (10, 13), (6, 9))), 2)
    at = instance.days_before(50, len(payers))
    amount = money(instance.rng, 700_000, 4_000_000, len(payers), 10_000)
    province = np.repeat(world.people.province[account], len(payers))
    paid = from_strangers(instance, account, at, amount, payers=payers, province=province)
    drawn = withdraw(
        world, np.repeat(account, len(at)), at + hours(60), amount * 6 // 10 // 10_000_000 * 10_000_000 + 10_000_000
    )
    instance.label("collector", serials(paid, drawn), customer=int(account[0]))


def woken(instance: Instance) -> None:
    """HT-A11: an account that slept for years takes large sums, most of which leave within two days."""
    world = instance.world
    account = instance.one()
    world.people.alive_from[account] = world.calendar.first + instance.end - 9
    world.people.onboarded[account] = world.calendar.first - 1_400 - int(instance.rng.integers(0, 900))
    world.accounts.opened[account] = world.people.onboarded[account]
    size = instance.between((3, 5), (2, 4), (1, 2))
    at = instance.days_before(5, size) - 2 * hours(24)
    amount = money(instance.rng, instance.pick(25, 16, 5) * 1_000_000, 30_000_000, size, 500_000)
    province = np.repeat(world.people.province[account], size)
    paid = from_strangers(instance, account, at, amount, payers=world.strangers(size), province=province)
    gone = pass_on(instance, account, at, amount, share=instance.between((92, 98), (80, 90), (55, 75)), delay=(2, 36))
    instance.label("collector", serials(paid, gone), customer=int(account[0]))


def open_lately(instance: Instance, account: Ints, age: int) -> None:
    """Make the account so many days old at the instance's end, with little turnover declared."""
    world = instance.world
    for days in (world.people.onboarded, world.people.alive_from, world.accounts.opened):
        days[account] = world.calendar.first + instance.end - age
    world.accounts.declared[account] = 4_000_000


def new_account_burst(instance: Instance) -> None:
    """HT-A12: an account opened weeks ago turns over many times what was declared, and keeps nothing."""
    world = instance.world
    account = instance.one()
    open_lately(instance, account, instance.pick(18, 30, 45))
    size = instance.between((12, 16), (8, 11), (3, 7))
    at = instance.days_before(instance.pick(12, 20, 28), size) - hours(24)
    amount = money(instance.rng, 8_000_000, 18_000_000, size, 100_000)
    payers = world.strangers(size)
    paid = from_strangers(
        instance,
        account,
        at,
        amount,
        payers=payers,
        province=elsewhere(np.repeat(world.people.province[account], size), np.arange(size)),
    )
    gone = pass_on(
        instance,
        account,
        at,
        amount,
        share=instance.between((93, 98), (82, 90), (62, 82)),
        delay=instance.pick((1, 8), (2, 16), (4, 40)),
    )
    instance.label("collector", serials(paid, gone), customer=int(account[0]))


def price_list(instance: Instance) -> None:
    """HT-A15: the same few sums keep coming from many people, late in the day."""
    world = instance.world
    account = instance.one()
    size = instance.between((30, 45), (18, 26), (9, 14))
    prices = np.array([300_000, 500_000, 800_000]) * 100 * int(instance.rng.integers(1, 3))
    amount = prices[instance.rng.integers(0, 3, size=size)]
    odd = instance.rng.integers(0, 100, size=size) < instance.pick(0, 10, 25)
    amount[odd] = money(instance.rng, 150_000, 1_500_000, int(odd.sum()), 10_000)
    payers = world.strangers(instance.between((16, 22), (9, 13), (5, 8)))
    at = instance.days_before(45, size) + hours(6)
    paid = receive(
        world,
        np.repeat(account, size),
        at,
        amount,
        payers[np.arange(size) % len(payers)],
        channel="mobile",
        text="app",
        province=np.repeat(world.people.province[account], size),
    )
    drawn = cash_out(instance, account, int(at.max()) - 10 * hours(24), int(amount.sum() // 2), 9)
    instance.label("collector", serials(paid, drawn), customer=int(account[0]))
