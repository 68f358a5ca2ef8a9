"""Honest money between customers in the shape of a ring: queues at a machine, loans repaid, chains, pooled buys."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.book import Rows
from amlscreen.synth.calendar import DAY, Ints, clock, money
from amlscreen.synth.outside import firm, line, person
from amlscreen.synth.ways import receive, send, withdraw
from amlscreen.synth.world import World

__all__ = ["link_up"]


def link_up(world: World) -> None:
    """Everybody whose ties look like something else."""
    _payday_queue(world)
    _spouses(world)
    _loans_repaid(world)
    _part_time(world)
    _supply_chains(world)
    _firms_that_lend(world)
    _savings_round(world)
    _pooled_purchases(world)
    _border_families(world)
    _abroad_again(world)
    _doctors_and_brides(world)


def _some(world: World, name: str, share: float, *segments: str) -> Ints:
    who = world.people.of(*segments)
    who = np.setdiff1d(who, np.array(sorted(world.taken), np.int64))
    return who[world.rng(name).random(len(who)) < share]


def _between(world: World, payer: Ints, payee: Ints, at: Ints, amount: Ints, **how: str) -> None:
    how = {"channel": "mobile", "text": "app", **how}
    own = payer != payee
    where = world.people.province[world.accounts.owner[payer]]
    rows = Rows(payer[own], at[own], amount[own], province=where[own], **how)  # type: ignore[arg-type]  # all are texts
    world.book.transfer(rows, payee[own])


def _payday_queue(world: World) -> None:
    """On pay-day evening a factory's workers queue at the one machine outside its gate and draw most of the wage."""
    rng = world.rng("payday queue")
    workers = world.people.of("garment_worker")
    workers = workers[world.people.employer[workers] >= 0]
    queue = workers[rng.random(len(workers)) < 0.6]
    for day in world.calendar.each_month(25):
        at = world.calendar.at(int(day), 17 * 3600 + rng.integers(0, 7_200, size=len(queue)))
        amount = np.maximum(world.people.income[queue] * 8 // 10 * 100 // 5_000_000, 1) * 5_000_000 // 100 * 1
        province = world.people.province[world.people.employer[queue]]
        withdraw(
            world,
            queue,
            at,
            amount // 5_000_000 * 5_000_000 + 5_000_000,
            province=province,
            number=world.people.employer[queue],
        )
    world.alike("pay-day queue at one machine", queue)


def _spouses(world: World) -> None:
    """Every month the wage goes to the one who keeps the household's money, the same evening."""
    rng = world.rng("spouses")
    earners = _some(world, "which spouses", 0.06, "garment_worker", "office_worker")
    keepers = world.people.of("family", "at_home", "market_trader")
    keeper = keepers[earners % len(keepers)]
    for day in world.calendar.each_month(28):
        at = world.calendar.at(int(day), 19 * 3600 + rng.integers(0, 7_200, size=len(earners)))
        _between(
            world, earners, keeper, at, world.people.income[earners] * 85 // 100 // 1_000_000 * 1_000_000 + 1_000_000
        )
    world.alike("wage kept by a spouse", earners)
    world.alike("keeps the household's money", keeper)


def _loans_repaid(world: World) -> None:
    """Motorbikes on instalments, and a staff cooperative: the same sum each month from many of one employer."""
    rng = world.rng("instalments")
    riders = _some(world, "which riders", 0.08, "garment_worker", "day_labourer", "driver")
    each = np.array([450_000, 550_000, 700_000])[riders % 3] * 100
    members = _some(world, "which members", 0.12, "garment_worker", "office_worker")
    cooperative = world.people.of("cooperative")
    for day in world.calendar.each_month(26):
        at = world.calendar.at(np.minimum(int(day) + rng.integers(0, 3, size=len(riders)), world.calendar.last), 40_000)
        send(world, riders, at, each, line("lender", riders % 3), text="loan", purpose="loan")
        when = np.minimum(int(day) + rng.integers(1, 4, size=len(members)), world.calendar.last)
        chosen, due = cooperative[members % len(cooperative)], np.array([200_000, 300_000])[members % 2] * 100
        _between(
            world, members, chosen, world.calendar.at(when, clock(rng, len(members))), due, text="loan", purpose="loan"
        )
    world.alike("motorbike on instalments", riders)
    world.alike("staff cooperative member", members)


def _part_time(world: World) -> None:
    """Students with a part-time job: a wage well below the minimum, from one café among a few."""
    rng = world.rng("part time")
    who = _some(world, "which part time", 0.15, "student", "at_home")
    for day in world.calendar.each_month(27):
        at = world.calendar.at(int(day), clock(rng, len(who), 14, 18))
        wage = money(rng, 700_000, 1_300_000, len(who), 10_000)
        receive(world, who, at, wage, firm(9_250 + who % 12), text="salary", purpose="salary", ultimate=who)
    world.alike("part-time wage", who)


def _supply_chains(world: World) -> None:
    """A shop pays its wholesaler, who pays the importer the same day: three hops, less a margin each."""
    rng = world.rng("supply")
    shops, big, importers = (world.people.of(name) for name in ("shop", "wholesaler", "small_firm"))
    payer = shops[rng.random(len(shops)) < 0.1]
    for day in range(5, world.calendar.days - 2, 9):
        at = world.calendar.at(day, clock(rng, len(payer), 8, 11))
        amount, middle = money(rng, 8_000_000, 40_000_000, len(payer), 100_000), big[payer % len(big)]
        _between(world, payer, middle, at, amount, text="supplier", purpose="goods")
        _between(
            world,
            middle,
            importers[payer % len(importers)],
            at + 14_000,
            amount * 92 // 100,
            text="supplier",
            purpose="goods",
        )
    world.alike("supply chain", np.concatenate([payer, big, importers]))


def _firms_that_lend(world: World) -> None:
    """Firms of one family lend to each other and are repaid in full two weeks later, now and then round by a third."""
    rng = world.rng("firms that lend")
    firms = _some(world, "which firms", 0.4, "small_firm", "wholesaler", "office_employer")
    trios = firms[: len(firms) // 3 * 3].reshape(-1, 3)
    for day in range(12, world.calendar.days - 20, 37):
        amount = money(rng, 40_000_000, 200_000_000, len(trios), 1_000_000)
        for step in range(3):
            at = world.calendar.at(day + step * 3, clock(rng, len(trios), 9, 16))
            _between(
                world,
                trios[:, step],
                trios[:, (step + 1) % 3],
                at,
                amount * (100 - step) // 100,
                channel="transfer",
                text="loan",
                purpose="loan",
            )
    world.alike("firms that lend to each other", trios.ravel())


def _savings_round(world: World) -> None:
    """Neighbours save in a round of eight within the bank: each month all pay one of them, another each time."""
    rng = world.rng("rounds")
    who = rng.permutation(_some(world, "which rounds", 0.12, "market_trader", "office_worker", "family"))
    rounds = who[: len(who) // 8 * 8].reshape(-1, 8)
    share = money(rng, 500_000, 2_000_000, len(rounds), 100_000)
    for turn, day in enumerate(world.calendar.each_month(4)):
        payee = np.repeat(rounds[:, turn % 8], 8)
        payer = rounds.ravel()
        at = world.calendar.at(int(day), clock(rng, len(payer), 8, 20))
        _between(world, payer, payee, at, np.repeat(share, 8), text="savings")
    world.alike("savings round", rounds.ravel())


def _pooled_purchases(world: World) -> None:
    """A family pools money for a house or a car: five to eight relatives pay in, and it is bought within the week."""
    rng = world.rng("pooled purchases")
    buyers = _some(world, "which buyers", 0.012, "office_worker", "shop", "family", "farmer", "market_trader")
    day = rng.integers(20, world.calendar.days - 12, size=len(buyers))
    total = np.zeros(len(buyers), np.int64)
    for turn in range(6):
        at = world.calendar.at(day + turn % 4, clock(rng, len(buyers), 8, 19))
        amount = money(rng, 15_000_000, 60_000_000, len(buyers), 500_000)
        receive(world, buyers, at, amount, person(19_000_000 + buyers * 8 + turn), purpose="family")
        total += amount
    at = world.calendar.at(day + 6, clock(rng, len(buyers), 9, 15))
    send(
        world,
        buyers,
        at,
        total * 97 // 100,
        firm(830 + buyers % 9),
        text="land",
        mcc=np.where(buyers % 2 == 0, 6513, 5511),
    )
    world.alike("family buys a house or car", buyers)


def _border_families(world: World) -> None:
    """Workers send a little home every week, to families at the border who draw it."""
    rng = world.rng("border families")
    senders = _some(world, "which senders", 0.1, "garment_worker", "day_labourer", "hotel_worker")
    homes = world.people.of("family", "farmer", "retired")
    home = homes[senders * 5 % len(homes)]
    for day in range(6, world.calendar.days - 3, 11):
        at = world.calendar.at(day + senders % 3, clock(rng, len(senders), 8, 20))
        amount = money(rng, 200_000, 1_200_000, len(senders), 50_000)
        _between(world, senders, home, at, amount, purpose="family")
    world.alike("sends money home", senders)
    world.alike("family kept by migrants", home)


def _abroad_again(world: World) -> None:
    """Parents of students abroad wire under the dollar line each month, and tuition twice a year."""
    rng = world.rng("abroad again")
    who = _some(world, "which abroad", 0.03, "office_worker", "shop", "landlord", "retired")
    for place, day in enumerate(world.calendar.each_month(7)):
        at = world.calendar.at(int(day) + who % 2, clock(rng, len(who), 9, 16))
        amount = np.minimum(money(rng, 6_000_000, 30_000_000, len(who), 100_000), 2_100_000_000)
        for country, third in (("TH", 0), ("VN", 1), ("CN", 2)):
            some = who % 3 == third
            send(
                world,
                who[some],
                at[some],
                amount[some],
                person(19_500_000 + who[some]),
                channel="wire",
                text="remit",
                purpose="family",
                country=country,
            )
        if place % 3 == 1:
            fee = money(rng, 30_000_000, 90_000_000, len(who), 1_000_000)
            send(
                world,
                who,
                at + DAY,
                fee,
                firm(6_300 + who % 40),
                channel="wire",
                text="tuition",
                purpose="tuition",
                country="TH",
            )
    world.alike("child studies abroad", who)


def _doctors_and_brides(world: World) -> None:
    """A wedding with a family abroad, an operation in a hospital over the border: once, and shared with kin."""
    rng = world.rng("weddings")
    who = _some(world, "which weddings", 0.006, "farmer", "family", "market_trader")
    day = rng.integers(15, world.calendar.days - 15, size=len(who))
    at = world.calendar.at(day, clock(rng, len(who), 9, 15))
    gift = money(rng, 60_000_000, 250_000_000, len(who), 1_000_000)
    receive(world, who, at, gift, person(19_700_000 + who), channel="wire", text="remit", country="CN", purpose="gift")
    for turn in range(3):
        send(world, who, at + (turn + 1) * DAY, gift // 6, person(19_800_000 + who * 3 + turn), purpose="family")
    world.alike("wedding with a family abroad", who)
    sick = _some(world, "which sick", 0.006, "office_worker", "shop", "farmer", "retired")
    day = rng.integers(15, world.calendar.days - 15, size=len(sick))
    at = world.calendar.at(day, clock(rng, len(sick), 9, 15))
    for turn in range(4):
        part = money(rng, 10_000_000, 40_000_000, len(sick), 500_000)
        receive(world, sick, at + turn * 9_000, part, person(19_900_000 + sick * 4 + turn), purpose="family")
    fee = money(rng, 40_000_000, 120_000_000, len(sick), 1_000_000)
    send(world, sick, at + 2 * DAY, fee, line("clinic", sick), channel="wire", text="treatment", country="TH", mcc=8062)
    world.alike("operation abroad", sick)
