"""Payroll as it is: hundreds of wages from one employer on one day, offices, a farm that pays through its foreman."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.book import Rows
from amlscreen.synth.calendar import Ints, clock, money
from amlscreen.synth.outside import firm, person
from amlscreen.synth.ways import receive, send, withdraw
from amlscreen.synth.world import World

__all__ = ["pay_wages"]


def pay_wages(world: World) -> None:
    """Wages of everyone with an employer, the firms' income, and a few staff who repay a loan."""
    staff = world.people.of("garment_worker", "office_worker")
    staff = staff[world.people.employer[staff] >= 0]
    factory = np.isin(world.people.employer, world.people.of("garment_factory"))
    for workers, day_of_month in ((staff[factory[staff]], 25), (staff[~factory[staff]], 28)):
        _payroll(world, workers, day_of_month)
    _outside_employers(world)
    _firms(world)
    _staff_loans(world, staff)
    _farm(world)


def _payroll(world: World, workers: Ints, day_of_month: int) -> None:
    rng = world.rng(f"payroll {day_of_month}")
    for day in world.calendar.each_month(day_of_month):
        wage = _wage(rng, world.people.income[workers])
        employer = world.people.employer[workers]
        at = world.calendar.at(int(day), 16 * 3600 + rng.integers(0, 1800, size=len(workers)))
        world.book.transfer(
            Rows(
                employer,
                at,
                wage,
                channel="transfer",
                text="salary",
                purpose="salary",
                ultimate=workers,
                province=world.people.province[employer],
            ),
            workers,
        )


def _wage(rng: np.random.Generator, income: Ints) -> Ints:
    """This month's wage, a little more or less than the usual one; hundredths."""
    return np.asarray(income * rng.integers(95, 112, size=len(income)) // 100_000 * 100_000, np.int64)


def _outside_employers(world: World) -> None:
    """Office staff whose employer banks elsewhere."""
    rng = world.rng("outside employers")
    staff = world.people.of("office_worker")
    staff = staff[world.people.employer[staff] < 0]
    for day in world.calendar.each_month(27):
        at = world.calendar.at(int(day), clock(rng, len(staff), 9, 17))
        wage = _wage(rng, world.people.income[staff])
        employer, province = firm(9_000 + staff % 40), world.people.province[staff]
        receive(world, staff, at, wage, employer, text="salary", purpose="salary", province=province, ultimate=staff)


def _firms(world: World) -> None:
    """Firms are paid by buyers and pay their suppliers, each month."""
    rng = world.rng("firms")
    firms = world.people.of("garment_factory", "office_employer", "farm", "small_firm", "wholesaler")
    abroad = np.isin(firms, world.people.of("garment_factory", "farm"))
    heads = np.bincount(world.people.employer[world.people.employer >= 0], minlength=len(world.people))[firms]
    for day in world.calendar.each_month(18):
        amount = money(rng, 30_000_000, 200_000_000, len(firms), 100_000) + heads * 4_500_000 * 100
        at = world.calendar.at(int(day), clock(rng, len(firms), 9, 15))
        for channel, text, country, chosen in (
            ("wire", "remit", "TH", abroad),
            ("transfer", "transfer", None, ~abroad),
        ):
            receive(
                world,
                firms[chosen],
                at[chosen],
                amount[chosen],
                firm(9_100 + firms[chosen] % 300),
                channel=channel,
                text=text,
                purpose="goods",
                country=country,
                province=world.people.province[firms[chosen]],
            )
        later = np.minimum(int(day) + rng.integers(1, 9, size=len(firms)), world.calendar.last)
        at = world.calendar.at(later, clock(rng, len(firms), 9, 16))
        cost = money(rng, 10_000_000, 90_000_000, len(firms), 100_000)
        send(world, firms, at, cost, firm(8_000 + firms % 500), text="supplier", purpose="goods")


def _staff_loans(world: World, staff: Ints) -> None:
    """One worker in forty repays the employer a small fixed sum each month after pay-day: dormitory, loan."""
    rng = world.rng("staff loans")
    borrowers = staff[rng.random(len(staff)) < 0.025]
    instalment = money(rng, 100_000, 300_000, len(borrowers), 50_000)
    for day in world.calendar.each_month(28):
        when = np.minimum(int(day) + rng.integers(1, 4, size=len(borrowers)), world.calendar.last)
        world.book.transfer(
            Rows(
                borrowers,
                world.calendar.at(when, clock(rng, len(borrowers))),
                instalment,
                channel="mobile",
                text="refund",
                purpose="loan",
                province=world.people.province[borrowers],
            ),
            world.people.employer[borrowers],
        )


def _farm(world: World) -> None:
    """A farm pays day workers who have no account through its foreman, who draws the cash and hands it out."""
    rng = world.rng("farm")
    foremen, farms = world.people.of("paymaster"), world.people.of("farm")
    for day in world.calendar.each_month(5):
        for foreman in foremen:
            workers = person(50_000_000 + int(foreman) * 100 + np.arange(6))
            payer = np.full(len(workers), farms[int(foreman) % len(farms)])
            wage = money(rng, 1_600_000, 2_600_000, len(workers), 50_000)
            at = world.calendar.at(int(day), 10 * 3600 + np.arange(len(workers)) * 40)
            paying = Rows(payer, at, wage, "transfer", "salary", purpose="salary", ultimate=workers)
            world.book.transfer(paying, np.full(len(workers), foreman))
            withdraw(world, np.array([foreman]), at[-1:] + 4 * 3600, wage.sum(keepdims=True), counter=True)
