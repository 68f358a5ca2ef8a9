"""Honest work that keeps odd hours or moves about: hotel nights, guides, night markets, agents, croupiers, brokers."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.book import Rows
from amlscreen.synth.calendar import Ints, clock, events, money
from amlscreen.synth.geography import elsewhere, qr_label
from amlscreen.synth.outside import firm, line, person, pooled
from amlscreen.synth.ways import deposit, receive, send, withdraw
from amlscreen.synth.world import World

__all__ = ["work_odd_hours"]


def work_odd_hours(world: World) -> None:
    """Everyone whose honest day looks like some card."""
    _hotel_nights(world)
    _guides(world)
    _night_market(world)
    _agents(world)
    _croupiers(world)
    _brokers(world)
    _hobbies(world)
    _late_houses(world)
    _zone_and_canteen(world)


def _wages(world: World, name: str, who: Ints, day_of_month: int, employer: Ints) -> None:
    rng = world.rng(f"wages {name}")
    for day in world.calendar.each_month(day_of_month):
        at = world.calendar.at(int(day), clock(rng, len(who), 14, 18))
        wage = np.asarray(
            world.people.income[who] * rng.integers(95, 110, size=len(who)) // 100_000 * 100_000, np.int64
        )
        receive(world, who, at, wage, employer, text="salary", purpose="salary", ultimate=who)


def _hotel_nights(world: World) -> None:
    """Night staff bank their tips and draw cash when the shift ends."""
    rng = world.rng("hotel nights")
    who = world.people.of("hotel_worker")
    _wages(world, "hotel", who, 26, firm(9_300 + who % 30))
    holder, day = events(rng, who, world.calendar.days - 1, 120)
    at = world.calendar.at(day, clock(rng, len(holder), 22, 29))
    withdraw(world, holder, at, money(rng, 100_000, 1_500_000, len(holder), 50_000), number=holder % 4)
    holder, day = events(rng, who, world.calendar.days - 1, 60)
    deposit(
        world,
        holder,
        world.calendar.at(day, clock(rng, len(holder), 22, 25)),
        money(rng, 100_000, 900_000, len(holder), 10_000),
    )


def _guides(world: World) -> None:
    """Guides pay rooms and tickets for a group in town after town and are paid by agencies and by guests."""
    rng = world.rng("guides")
    tour, day = events(rng, world.people.of("tour_guide"), world.calendar.days - 8, 55)
    for step in range(5):
        where = elsewhere(world.people.province[tour], step * 3 + tour)
        at = world.calendar.at(day + step, clock(rng, len(tour), 15, 22))
        room = money(rng, 300_000, 2_500_000, len(tour), 50_000)
        rooms = firm(600 + (tour + step) % 30)
        send(world, tour, at, room, rooms, channel="card", text="room", purpose="travel", mcc=7011, province=where)
        withdraw(
            world, tour, at + 2_400, money(rng, 200_000, 2_000_000, len(tour), 50_000), province=where, number=step
        )
    seats = money(rng, 1_000_000, 6_000_000, len(tour), 50_000)
    at = world.calendar.at(day, clock(rng, len(tour), 7, 12))
    send(world, tour, at, seats, line("tickets", tour), channel="card", text="ticket", purpose="travel", mcc=4131)
    receive(world, tour, at - 40_000, seats * 4, firm(9_340 + tour % 20), purpose="travel")
    receive(
        world,
        tour,
        at + 500_000,
        seats // 3,
        person(14_000_000 + tour * 50 + day % 50),
        channel="wire",
        text="remit",
        country="TH",
    )


def _night_market(world: World) -> None:
    """Stalls take QR until one in the morning and bank their cash late; small prices, many payers."""
    rng = world.rng("night market")
    who = world.people.of("night_seller")
    world.accounts.merchant[who] = True
    stall, day = events(rng, who, world.calendar.days - 1, 800)
    stall, day = np.repeat(stall, 4), np.repeat(day, 4)
    at = world.calendar.at(day, clock(rng, len(stall), 18, 25))
    price = np.array([25_000, 40_000, 50_000, 100_000])[rng.integers(0, 4, size=len(stall))] * 100
    guest, where = person(5_500_000 + rng.integers(0, 300_000, size=len(stall))), world.people.province[stall]
    world.book.add(Rows(stall, at, price, "qr", "qr", credit=True, party=guest, province=where, place=qr_label(stall)))
    stall, day = events(rng, who, world.calendar.days - 1, 300)
    deposit(
        world,
        stall,
        world.calendar.at(day, clock(rng, len(stall), 22, 25)),
        money(rng, 300_000, 2_500_000, len(stall), 50_000),
    )
    stall, day = events(rng, who, world.calendar.days, 320)
    at = world.calendar.at(day, clock(rng, len(stall), 5, 9))
    send(
        world,
        stall,
        at,
        money(rng, 400_000, 3_000_000, len(stall), 50_000),
        firm(stall * 3),
        text="supplier",
        purpose="goods",
    )


def _agents(world: World) -> None:
    """Mobile-money agents: dozens of cash-ins and cash-outs a day for strangers, with as much in as out."""
    rng = world.rng("agents")
    agents = world.people.of("mobile_agent")
    agent, day = events(rng, agents, world.calendar.days, 700)
    times = rng.integers(6, 16, size=len(agent))
    agent, day = np.repeat(agent, times), np.repeat(day, times)
    at = world.calendar.at(day, clock(rng, len(agent), 7, 21))
    amount, who = (
        money(rng, 50_000, 2_500_000, len(agent), 10_000),
        person(15_000_000 + rng.integers(0, 600_000, size=len(agent))),
    )
    out = rng.random(len(agent)) < 0.5
    receive(world, agent[out], at[out], amount[out], who[out], channel="agent", text="app")
    send(world, agent[~out], at[~out], amount[~out], who[~out], channel="agent", text="app")
    agent, day = events(rng, agents, world.calendar.days, 300)
    float_up = money(rng, 3_000_000, 20_000_000, len(agent), 500_000)
    deposit(world, agent, world.calendar.at(day, clock(rng, len(agent), 8, 10)), float_up)
    send(world, agent, world.calendar.at(day, clock(rng, len(agent), 11, 17)), float_up, pooled("WALLET FLOAT"))


def _croupiers(world: World) -> None:
    """Casino staff: wage and bonus from a zone's operator; families at home get half within the week."""
    rng = world.rng("croupiers")
    who = world.people.of("croupier")
    _wages(world, "croupiers", who, 24, line("zone", who))
    for day in world.calendar.each_month(25):
        at = world.calendar.at(int(day), clock(rng, len(who), 9, 20))
        receive(
            world, who, at, money(rng, 2_000_000, 25_000_000, len(who), 100_000), line("zone", who), purpose="salary"
        )
        later = np.minimum(
            at + rng.integers(1, 6, size=len(who)) * 86_400, world.calendar.at(world.calendar.last, 80_000)
        )
        send(world, who, later, world.people.income[who] * 100 // 200 * 1, person(16_000_000 + who), purpose="family")
    holder, day = events(rng, who, world.calendar.days - 1, 90)
    withdraw(
        world,
        holder,
        world.calendar.at(day, clock(rng, len(holder), 22, 28)),
        money(rng, 500_000, 2_000_000, len(holder), 100_000),
    )


def _brokers(world: World) -> None:
    """Land brokers and border traders: large sums in and out, now and then from abroad, a few people each."""
    rng = world.rng("brokers")
    broker, day = events(rng, world.people.of("broker"), world.calendar.days - 12, 40)
    at = world.calendar.at(day, clock(rng, len(broker), 9, 16))
    amount = money(rng, 20_000_000, 300_000_000, len(broker), 1_000_000)
    abroad = rng.random(len(broker)) < 0.3
    other = person(17_000_000 + broker * 6 + day % 6)
    receive(
        world,
        broker[abroad],
        at[abroad],
        amount[abroad],
        other[abroad],
        channel="wire",
        text="remit",
        country="TH",
        purpose="goods",
    )
    receive(world, broker[~abroad], at[~abroad], amount[~abroad], other[~abroad], text="land", purpose="goods")
    later = at + rng.integers(1, 10, size=len(broker)) * 86_400
    send(
        world, broker, later, amount * 9 // 10, person(17_500_000 + broker * 9 + day % 9), text="land", purpose="goods"
    )


def _hobbies(world: World) -> None:
    """Coins bought from one's own wage, games paid in small sums, at night."""
    rng = world.rng("hobbies")
    who = world.people.of("crypto_hobbyist")
    _wages(world, "coins", who, 27, firm(9_380 + who % 20))
    buyer, day = events(rng, who, world.calendar.days - 1, 70)
    at = world.calendar.at(day, clock(rng, len(buyer), 18, 25))
    amount, exchange = money(rng, 300_000, 5_000_000, len(buyer), 100_000), line("exchange", buyer % 8)
    sells = rng.random(len(buyer)) < 0.35
    send(world, buyer[~sells], at[~sells], amount[~sells], exchange[~sells], channel="mobile", text="usdt", mcc=6051)
    receive(world, buyer[sells], at[sells], amount[sells], exchange[sells], channel="mobile", text="usdt")
    gamers = world.people.of("gamer")
    _wages(world, "gamers", gamers, 27, firm(9_400 + gamers % 40))
    player, day = events(rng, gamers, world.calendar.days - 1, 180)
    at = world.calendar.at(day, clock(rng, len(player), 17, 26))
    card = np.array([50_000, 100_000, 200_000])[rng.integers(0, 3, size=len(player))] * 100
    send(world, player, at, card, firm(760 + player % 4), channel="card", text="gift_card", mcc=6540)
    bet = rng.random(len(player)) < 0.1
    send(world, player[bet], at[bet] + 900, card[bet], line("gaming", player[bet]), text="game", mcc=7995)


def _late_houses(world: World) -> None:
    """Karaoke and massage houses: QR and cash until one, busier at festivals; guest rooms at set prices."""
    rng = world.rng("late houses")
    for name, opens, closes, low, high in (("karaoke", 17, 25, 100_000, 900_000), ("massage", 10, 22, 60_000, 250_000)):
        house, day = events(rng, world.people.of(name), world.calendar.days - 1, 850)
        times = rng.integers(1, 8, size=len(house))
        house, day = np.repeat(house, times), np.repeat(day, times)
        at = world.calendar.at(day, clock(rng, len(house), opens, closes))
        guest, where = person(5_900_000 + rng.integers(0, 90_000, size=len(house))), world.people.province[house]
        paid = money(rng, low, high, len(house), 10_000)
        world.book.add(
            Rows(house, at, paid, "qr", "qr", credit=True, party=guest, province=where, place=qr_label(house))
        )
        keeper, day = events(rng, world.people.of(name), world.calendar.days, 300)
        deposit(
            world,
            keeper,
            world.calendar.at(day, clock(rng, len(keeper), 9, 15)),
            money(rng, 500_000, 6_000_000, len(keeper), 50_000),
        )
        for month in world.calendar.each_month(27):
            staff = np.repeat(world.people.of(name), 3)
            pay = money(rng, 2_000_000, 3_500_000, len(staff), 50_000)
            at = world.calendar.at(int(month), clock(rng, len(staff), 15, 17))
            send(world, staff, at, pay, person(18_000_000 + np.arange(len(staff))), text="salary", purpose="salary")


def _zone_and_canteen(world: World) -> None:
    """A zone's trading firms with real trade and wages; canteens that buy food for hundreds; a cooperative's loans."""
    rng = world.rng("zones")
    houses = world.people.of("zone_trader", "canteen", "cooperative")
    house, day = events(rng, houses, world.calendar.days, 260)
    at = world.calendar.at(day, clock(rng, len(house), 8, 17))
    food = money(rng, 1_000_000, 14_000_000, len(house), 50_000)
    send(world, house, at, food, firm(8_700 + house % 60), text="supplier", purpose="goods", mcc=5411)
    for month in world.calendar.each_month(19):
        at = world.calendar.at(int(month), clock(rng, len(houses), 9, 15))
        receive(
            world,
            houses,
            at,
            money(rng, 60_000_000, 400_000_000, len(houses), 500_000),
            firm(9_450 + houses % 90),
            purpose="goods",
        )
        staff = np.repeat(houses, 6)
        at = world.calendar.at(np.minimum(int(month) + 8, world.calendar.last), clock(rng, len(staff), 9, 16))
        wage = money(rng, 2_500_000, 4_500_000, len(staff), 50_000)
        send(world, staff, at, wage, person(18_500_000 + np.arange(len(staff))), text="salary", purpose="salary")
