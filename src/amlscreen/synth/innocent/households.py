"""Honest people who receive from many, or suddenly: students, families, landlords, savings groups, temples."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.book import NOBODY
from amlscreen.synth.calendar import Ints, clock, events, money, repeated
from amlscreen.synth.geography import elsewhere
from amlscreen.synth.outside import firm, person, pooled
from amlscreen.synth.ways import deposit, receive, send, withdraw
from amlscreen.synth.world import World

__all__ = ["keep_house"]


def keep_house(world: World) -> None:
    """Money between relatives, tenants, members and congregations."""
    _students(world)
    _remittances(world)
    _rents(world)
    _savings_groups(world)
    _temples(world)
    _agency(world)
    _pensions_and_pocket_money(world)
    _windfalls(world)
    _wrong_transfers(world)


def _students(world: World) -> None:
    """Paid by one to three relatives from their home province; rent and tuition go out."""
    rng = world.rng("students")
    students = world.people.of("student")
    for day in world.calendar.each_month(3):
        student, turn = repeated(students, rng.integers(1, 4, size=len(students)))
        when = np.minimum(int(day) + rng.integers(0, 7, size=len(student)), world.calendar.last)
        receive(
            world,
            student,
            world.calendar.at(when, clock(rng, len(student))),
            money(rng, 200_000, 1_500_000, len(student), 50_000),
            person(6_000_000 + student * 4 + turn),
            purpose="family",
            province=elsewhere(world.people.province[student], student * 7 + turn),
        )
        later = np.minimum(int(day) + rng.integers(5, 10, size=len(students)), world.calendar.last)
        at = world.calendar.at(later, clock(rng, len(students)))
        send(
            world,
            students,
            at,
            money(rng, 250_000, 500_000, len(students), 50_000),
            firm(6_000 + students // 9),
            text="rent",
            purpose="rent",
        )
    term = int(world.calendar.each_month(10)[0])
    at = world.calendar.at(np.minimum(term + rng.integers(0, 20, size=len(students)), world.calendar.last), 36_000)
    school = firm(6_100 + world.people.province[students])
    send(
        world,
        students,
        at,
        money(rng, 900_000, 3_000_000, len(students), 100_000),
        school,
        text="tuition",
        purpose="tuition",
    )


def _remittances(world: World) -> None:
    """A relative abroad or in a factory town sends money; most is drawn as cash within the week."""
    rng = world.rng("remittances")
    families = world.people.of("family")
    abroad = rng.random(len(families)) < 0.5
    pool = abroad & (rng.random(len(families)) < 0.5)
    sender = np.where(pool, pooled("REMITTANCE CLEARING"), person(7_000_000 + families))
    for day in world.calendar.each_month(12):
        when = np.minimum(int(day) + rng.integers(0, 12, size=len(families)), world.calendar.last - 5)
        amount = money(rng, 1_000_000, 6_000_000, len(families), 10_000)
        at = world.calendar.at(when, clock(rng, len(families), 8, 18))
        for channel, text, country, chosen in (
            ("wire", "remit", "TH", abroad),
            ("transfer", "transfer", None, ~abroad),
        ):
            receive(
                world,
                families[chosen],
                at[chosen],
                amount[chosen],
                sender[chosen],
                channel=channel,
                text=text,
                purpose="family",
                country=country,
                province=NOBODY if country else elsewhere(world.people.province[families[chosen]], families[chosen]),
            )
        drawn = amount * rng.integers(5, 10, size=len(families)) // 10 // 5_000_000 * 5_000_000
        soon = world.calendar.at(when + rng.integers(1, 5, size=len(families)), clock(rng, len(families), 8, 17))
        some = drawn > 0
        withdraw(world, families[some], soon[some], drawn[some])


def _monthly_dues(
    world: World, name: str, who: Ints, dues: Ints, *, day: int, members: tuple[int, int], text: str, purpose: str
) -> None:
    """The same people pay the same sum to the same person in the same days of each month."""
    rng = world.rng(name)
    payers = rng.integers(members[0], members[1], size=len(who))
    for month in world.calendar.each_month(day):
        payee, turn = repeated(who, payers)
        when = np.minimum(int(month) + rng.integers(0, 3, size=len(payee)), world.calendar.last)
        receive(
            world,
            payee,
            world.calendar.at(when, clock(rng, len(payee), 7, 22)),
            dues[np.searchsorted(who, payee)],
            person(8_000_000 + payee * 40 + turn),
            channel="mobile",
            text=text,
            purpose=purpose,
            province=world.people.province[payee],
        )


def _rents(world: World) -> None:
    """Landlords: five to fourteen tenants, one rent."""
    landlords = world.people.of("landlord")
    rent = money(world.rng("rents set"), 400_000, 1_500_000, len(landlords), 50_000)
    _monthly_dues(world, "rents", landlords, rent, day=2, members=(5, 15), text="rent", purpose="rent")


def _savings_groups(world: World) -> None:
    """A rotating savings group: each month every member pays the same share and one of them takes the pot."""
    rng = world.rng("savings pots")
    treasurers = world.people.of("savings_treasurer")
    share = money(rng, 300_000, 1_000_000, len(treasurers), 100_000)
    _monthly_dues(world, "savings", treasurers, share, day=15, members=(10, 21), text="savings", purpose="other")
    for turn, day in enumerate(world.calendar.each_month(18)):
        at = world.calendar.at(int(day), clock(rng, len(treasurers), 9, 20))
        send(
            world,
            treasurers,
            at,
            share * 10,
            person(8_000_000 + treasurers * 40 + turn),
            channel="mobile",
            text="savings",
        )


def _temples(world: World) -> None:
    """Collections: the box is banked each week, and at festivals many give by QR."""
    rng = world.rng("temples")
    temples = world.people.of("temple")
    temple, day = events(rng, temples, world.calendar.days, 140)
    deposit(
        world,
        temple,
        world.calendar.at(day, clock(rng, len(temple), 9, 12)),
        money(rng, 300_000, 5_000_000, len(temple), 1_000),
    )
    for festival in world.calendar.each_month(14)[::3]:
        temple, _ = repeated(temples, rng.integers(15, 50, size=len(temples)))
        when = np.minimum(int(festival) + rng.integers(0, 3, size=len(temple)), world.calendar.last)
        receive(
            world,
            temple,
            world.calendar.at(when, clock(rng, len(temple), 6, 20)),
            np.array([20_000, 50_000, 100_000, 200_000])[rng.integers(0, 4, size=len(temple))] * 100,
            person(9_000_000 + rng.integers(0, 90_000, size=len(temple))),
            channel="qr",
            text="donation",
            purpose="gift",
            province=world.people.province[temple],
        )


def _agency(world: World) -> None:
    """A licensed labour agency: the same fee from each worker it places."""
    rng = world.rng("agency")
    agency, day = events(rng, world.people.of("labour_agency"), world.calendar.days, 300)
    receive(
        world,
        agency,
        world.calendar.at(day, clock(rng, len(agency), 8, 17)),
        np.full(len(agency), 350_000_000, np.int64),
        person(9_200_000 + np.arange(len(agency))),
        text="agency",
        purpose="agency_fee",
        province=rng.integers(0, 18, size=len(agency)),
    )


def _pensions_and_pocket_money(world: World) -> None:
    rng = world.rng("pensions")
    for name, day, payer, low, high in (
        ("retired", 20, firm(5_000), 1_200_000, 2_800_000),
        ("at_home", 6, None, 500_000, 2_000_000),
        ("child", 9, None, 20_000, 200_000),
    ):
        who = world.people.of(name)
        for month in world.calendar.each_month(day):
            at = world.calendar.at(np.minimum(int(month) + who % 4, world.calendar.last), clock(rng, len(who), 9, 18))
            relative = person(9_500_000 + who) if payer is None else np.broadcast_to(payer, who.shape)
            receive(world, who, at, money(rng, low, high, len(who), 10_000), relative, purpose="family")


def _windfalls(world: World) -> None:
    """Land sold, or a migrant home with savings: one large sum for one person in a hundred, spent slowly."""
    rng = world.rng("windfalls")
    people = world.people.of("farmer", "family", "retired", "office_worker")
    lucky = people[rng.random(len(people)) < 0.01]
    day = rng.integers(
        world.calendar.days // 3, max(world.calendar.days - 40, world.calendar.days // 3 + 1), size=len(lucky)
    )
    amount = money(rng, 60_000_000, 400_000_000, len(lucky), 1_000_000)
    receive(world, lucky, world.calendar.at(day, clock(rng, len(lucky), 9, 15)), amount, person(9_700_000 + lucky))
    for week in range(1, 5):
        at = world.calendar.at(np.minimum(day + week * 8, world.calendar.last), clock(rng, len(lucky), 9, 15))
        withdraw(world, lucky, at, amount // 20, counter=True)


def _wrong_transfers(world: World) -> None:
    """Money sent to the wrong account and asked back: a recall, and nothing else to it."""
    rng = world.rng("wrong transfers")
    people = world.people.of("office_worker", "market_trader", "shop")
    unlucky = people[rng.random(len(people)) < 0.006]
    day = rng.integers(10, world.calendar.days - 8, size=len(unlucky))
    at = world.calendar.at(day, clock(rng, len(unlucky)))
    amount = money(rng, 200_000, 3_000_000, len(unlucky), 10_000)
    serials = receive(world, unlucky, at, amount, person(9_800_000 + unlucky))
    world.recalls.extend((int(serial), int(when) + 86_400, "CUST") for serial, when in zip(serials, at, strict=True))
    send(world, unlucky, at + 5 * 86_400, amount, person(9_800_000 + unlucky))
