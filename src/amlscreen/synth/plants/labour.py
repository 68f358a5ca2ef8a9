"""Plants about work: wages of several into one account, wages that flow back, fees taken from workers."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.book import Rows
from amlscreen.synth.calendar import Ints, money
from amlscreen.synth.outside import firm
from amlscreen.synth.plants.instance import Instance, from_strangers, hours, serials
from amlscreen.synth.ways import receive, withdraw

__all__ = ["recruitment_fees", "several_wages", "wages_flow_back"]


def _paydays(instance: Instance, months: int) -> list[int]:
    """The last pay-day and those a month apart before it."""
    return [instance.end - 6 - 30 * back for back in range(months) if instance.end - 6 - 30 * back >= 0]


def several_wages(instance: Instance) -> None:
    """HT-L01: the pay of several workers of one employer lands in one account, and is drawn."""
    world = instance.world
    account = instance.one()
    workers = world.strangers(instance.between((6, 9), (4, 6), (2, 4)))
    blocks: list[Ints] = []
    for day in _paydays(instance, instance.pick(3, 3, 2)):
        wage = money(instance.rng, 1_900_000, 2_900_000, len(workers), 50_000)
        at = world.calendar.at(day, 16 * 3600 + np.arange(len(workers)) * 50)
        employer = np.full(len(workers), firm(9_500 + instance.number))
        payee = np.repeat(account, len(workers))
        blocks.append(receive(world, payee, at, wage, employer, text="salary", purpose="salary", ultimate=workers))
        total = wage.sum(keepdims=True) * instance.pick(95, 80, 60) // 100 // 10_000_000 * 10_000_000
        blocks.append(withdraw(world, account, at[-1:] + hours(18), total, counter=True))
    instance.label("collector", serials(*blocks), customer=int(account[0]))


def wages_flow_back(instance: Instance) -> None:
    """HT-L03: workers pay a good part of each wage back to their employer within days."""
    world = instance.world
    employer = instance.one("small_firm", "office_employer", "wholesaler", "guest_house", "market_trader")
    workers = world.cast(
        instance.rng, instance.between((5, 7), (4, 5), (2, 4)), "day_labourer", "at_home", "student", "farmer"
    )
    world.people.employer[workers] = employer[0]
    given: list[Ints] = []
    returned: list[Ints] = []
    for day in _paydays(instance, 3):
        wage = money(instance.rng, 2_500_000, 3_200_000, len(workers), 50_000)
        at = world.calendar.at(day, 15 * 3600 + np.arange(len(workers)) * 45)
        province = np.repeat(world.people.province[employer], len(workers))
        payer = np.repeat(employer, len(workers))
        paying = Rows(payer, at, wage, "transfer", "salary", purpose="salary", ultimate=workers, province=province)
        given.append(world.book.transfer(paying, workers)[1])
        back = wage * instance.between((55, 75), (35, 50), (10, 25)) // 100 // 1_000_000 * 1_000_000
        later = at + instance.rng.integers(hours(20), hours(110), size=len(workers))
        repaying = Rows(workers, later, back, "mobile", "refund", province=world.people.province[workers])
        returned.append(world.book.transfer(repaying, np.repeat(employer, len(workers)))[0])
    for place, worker in enumerate(workers):
        rows = serials(*(block[place : place + 1] for block in (*given, *returned)))
        instance.label("worker", rows, customer=int(worker), victim=True)
    instance.label("employer", serials(*returned), customer=int(employer[0]))


def recruitment_fees(instance: Instance) -> None:
    """HT-L07: many people pay one unlicensed person about the same fee."""
    world = instance.world
    account = instance.one()
    payers = world.strangers(instance.between((16, 22), (11, 14), (6, 10)))
    at = instance.days_before(45, len(payers))
    fee = int(instance.rng.integers(6, 24)) * 500_000
    spread = instance.between((0, 0), (5, 20), (30, 75))
    amount = fee * (100 + instance.rng.integers(-spread, spread + 1, size=len(payers)))
    province = instance.rng.integers(0, 18, size=len(payers))
    paid = from_strangers(instance, account, at, amount, payers=payers, province=province)
    instance.label("recruiter", paid, customer=int(account[0]))
