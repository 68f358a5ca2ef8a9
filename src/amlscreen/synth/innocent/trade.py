"""Honest trades whose accounts look busy: markets, farms, shops, sellers, drivers, guest houses.

Each is a look-alike of some card: takings in cash under round sums, many small payers, money in several provinces,
income that wakes a quiet account, room prices like a price list.
"""

from __future__ import annotations

import numpy as np

from amlscreen.synth.book import Rows
from amlscreen.synth.calendar import Ints, clock, events, money, repeated
from amlscreen.synth.geography import elsewhere, qr_label
from amlscreen.synth.outside import firm, person
from amlscreen.synth.ways import deposit, receive, send, withdraw
from amlscreen.synth.world import World

__all__ = ["trade"]


def trade(world: World) -> None:
    """The takings and costs of everyone who trades."""
    _market(world)
    _harvest(world)
    _shops(world)
    _wholesale(world)
    _online(world)
    _drivers(world)
    _guest_houses(world)
    _new_businesses(world)


def _restock(world: World, name: str, traders: Ints, per_mille: int, between: tuple[int, int]) -> None:
    """Payments to a handful of suppliers of their own."""
    rng = world.rng(f"restock {name}")
    buyer, day = events(rng, traders, world.calendar.days, per_mille)
    supplier = firm(buyer * 3 + rng.integers(0, 3, size=len(buyer)))
    at = world.calendar.at(day, clock(rng, len(buyer), 8, 18))
    send(world, buyer, at, money(rng, *between, len(buyer), 10_000), supplier, text="supplier", purpose="goods")


def _market(world: World) -> None:
    """Cash takings banked on two days in five, always at the same branch."""
    rng = world.rng("market")
    sellers = world.people.of("market_trader", "savings_treasurer")
    size = rng.integers(1, 9, size=len(sellers))
    seller, day = events(rng, sellers, world.calendar.days, 400)
    takings = money(rng, 200_000, 1_200_000, len(seller), 10_000) * size[np.searchsorted(sellers, seller)] // 2
    deposit(world, seller, world.calendar.at(day, clock(rng, len(seller), 14, 17)), takings, number=seller)
    _restock(world, "market", sellers, 90, (300_000, 8_000_000))


def _harvest(world: World) -> None:
    """One or two sales a year to a trader; cash is drawn over the weeks after. A third were quiet before."""
    rng = world.rng("harvest")
    farmers = world.people.of("farmer")
    sold = rng.integers(world.calendar.days // 4, world.calendar.days - 5, size=len(farmers))
    quiet = rng.random(len(farmers)) < 0.33
    quiet &= world.people.alive_from[farmers] == world.calendar.first
    world.people.alive_from[farmers[quiet]] = world.calendar.first + sold[quiet]
    amount = money(rng, 8_000_000, 70_000_000, len(farmers), 100_000)
    at = world.calendar.at(sold, clock(rng, len(farmers), 8, 16))
    by_transfer = rng.random(len(farmers)) < 0.6
    buyer = firm(7_000 + world.people.province[farmers] * 10 + farmers % 4)
    receive(world, farmers[by_transfer], at[by_transfer], amount[by_transfer], buyer[by_transfer], purpose="goods")
    deposit(world, farmers[~by_transfer], at[~by_transfer], amount[~by_transfer])
    drawer, turn = repeated(farmers, rng.integers(1, 6, size=len(farmers)))
    index = np.searchsorted(farmers, drawer)
    day = np.minimum(sold[index] + turn * 9 + rng.integers(2, 9, size=len(drawer)), world.calendar.last)
    withdraw(
        world,
        drawer,
        world.calendar.at(day, clock(rng, len(drawer), 8, 15)),
        amount[index] // 8 // 10_000_000 * 10_000_000 + 10_000_000,
        counter=True,
    )


def _shops(world: World) -> None:
    """QR merchants with many small payers from other banks; a sixth of shops have most of the custom."""
    rng = world.rng("shops")
    shops = world.people.of("shop")
    draw = rng.random(len(shops))
    busy = (200 + draw * draw * draw * 5_000).astype(np.int64)
    count = np.asarray(rng.integers(0, 2 * busy[:, None] // 1000 + 2, size=(len(shops), world.calendar.days)), np.int64)
    cell = np.repeat(np.arange(count.size), count.ravel())
    shop, day = shops[cell // world.calendar.days], cell % world.calendar.days
    province = world.people.province[shop]
    payer = person(1_000_000 + province * 20_000 + rng.integers(0, 20_000, size=len(shop)))
    amount = money(rng, 5_000, 350_000, len(shop))
    at = world.calendar.at(day, clock(rng, len(shop), 6, 22))
    world.book.add(
        Rows(shop, at, amount, "qr", "qr", credit=True, party=payer, province=province, place=qr_label(shop))
    )
    _restock(world, "shops", shops, 70, (500_000, 12_000_000))
    deposit(world, *_takings(world, shops, 150, (300_000, 4_000_000)))


def _takings(world: World, who: Ints, per_mille: int, between: tuple[int, int]) -> tuple[Ints, Ints, Ints]:
    rng = world.rng("takings")
    keeper, day = events(rng, who, world.calendar.days, per_mille)
    at = world.calendar.at(day, clock(rng, len(keeper), 15, 17))
    return keeper, at, money(rng, *between, len(keeper), 50_000)


def _wholesale(world: World) -> None:
    """Large shops and fuel stations bank their takings every weekday; some sums fall just under a round one."""
    rng = world.rng("wholesale")
    firms = world.people.of("wholesaler")
    keeper, day = events(rng, firms, world.calendar.days, 650)
    amount = money(rng, 30_000_000, 140_000_000, len(keeper), 500_000)
    under = rng.random(len(keeper)) < 0.25
    amount[under] = rng.integers(90, 100, size=int(under.sum())) * 1_000_000 * 100 - 50_000_000
    deposit(world, keeper, world.calendar.at(day, clock(rng, len(keeper), 15, 17)), amount, number=1)
    _restock(world, "wholesale", firms, 350, (20_000_000, 160_000_000))


def _online(world: World) -> None:
    """Sellers on social media: a few payers a day, from everywhere, and parcels to pay for."""
    rng = world.rng("online")
    sellers = world.people.of("online_seller")
    seller, day = events(rng, sellers, world.calendar.days, 450)
    times = rng.integers(1, 4, size=len(seller))
    seller, day = np.repeat(seller, times), np.repeat(day, times)
    payer = person(3_000_000 + rng.integers(0, 800_000, size=len(seller)))
    province = rng.integers(0, 18, size=len(seller))
    at = world.calendar.at(day, clock(rng, len(seller), 8, 24) - 1)
    receive(world, seller, at, money(rng, 40_000, 900_000, len(seller)), payer, purpose="goods", province=province)
    _restock(world, "online", sellers, 200, (200_000, 4_000_000))


def _drivers(world: World) -> None:
    """Delivery drivers pay in the cash they collected, in whatever province they are."""
    rng = world.rng("drivers")
    driver, day = events(rng, world.people.of("driver"), world.calendar.days, 300)
    province = elsewhere(world.people.province[driver], day * 5 + driver + rng.integers(0, 3, size=len(driver)))
    at = world.calendar.at(day, clock(rng, len(driver), 9, 16))
    amount = money(rng, 400_000, 6_000_000, len(driver), 10_000)
    deposit(world, driver, at, amount, province=province, number=driver)
    paid = rng.random(len(driver)) < 0.5
    send(world, driver[paid], at[paid] + 5_400, amount[paid] * 8 // 10, firm(6_500 + driver[paid] % 5), text="supplier")


def _guest_houses(world: World) -> None:
    """Rooms at a few fixed prices, paid by QR until late at night."""
    rng = world.rng("guest houses")
    houses = world.people.of("guest_house")
    house, day = events(rng, houses, world.calendar.days, 900)
    times = rng.integers(1, 5, size=len(house))
    house, day = np.repeat(house, times), np.repeat(day, times)
    price = np.array([150_000, 200_000, 250_000])[rng.integers(0, 3, size=len(house))] * 100
    province = world.people.province[house]
    at = world.calendar.at(day, clock(rng, len(house), 12, 24) - 1)
    guest = person(5_000_000 + rng.integers(0, 400_000, size=len(house)))
    world.book.add(
        Rows(house, at, price, "qr", "qr", credit=True, party=guest, province=province, place=qr_label(house), mcc=7011)
    )
    _restock(world, "guest houses", houses, 80, (300_000, 5_000_000))


def _new_businesses(world: World) -> None:
    """A newly opened shop pays in its owner's capital and spends most of it on stock within three weeks."""
    rng = world.rng("new businesses")
    traders = np.intersect1d(world.newcomers, world.people.of("shop", "online_seller", "small_firm"))
    first = world.people.onboarded[traders] - world.calendar.first
    capital = money(rng, 15_000_000, 90_000_000, len(traders), 500_000)
    paid_in = first + rng.integers(0, 5, size=len(traders))
    deposit(world, traders, world.calendar.at(paid_in, clock(rng, len(traders), 9, 15)), capital)
    for part in range(3):
        day = paid_in + 2 + part * 6 + rng.integers(0, 3, size=len(traders))
        at = world.calendar.at(day, clock(rng, len(traders), 9, 17))
        stock = capital * rng.integers(22, 31, size=len(traders)) // 100 // 1_000_000 * 1_000_000
        send(world, traders, at, stock, firm(traders * 3 + part), text="supplier", purpose="goods")
