"""What everybody does: small payments, cash machines, bills, friends, fees, interest, savings, the odd reversal."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.book import Rows
from amlscreen.synth.calendar import Ints, clock, events, money
from amlscreen.synth.geography import qr_label
from amlscreen.synth.outside import firm, person, pooled
from amlscreen.synth.ways import deposit, receive, send, withdraw
from amlscreen.synth.world import World

__all__ = ["live"]

_MCC = np.array([5411, 5499, 5812, 5912, 5541, 5651])


def live(world: World) -> None:
    """Ordinary life of every adult person, and the bank's own bookings on every account."""
    adults = np.flatnonzero(~world.people.entity & (world.people.guardian < 0)).astype(np.int64)
    adults = np.setdiff1d(adults, np.array(sorted(world.hermits), np.int64))
    _shopping(world, adults)
    _cash_machines(world, adults)
    _bills(world, adults)
    _friends(world, adults)
    _second_accounts(world)
    _foreign_money(world)
    _bank_bookings(world)


def _shopping(world: World, adults: Ints) -> None:
    rng = world.rng("shopping")
    payer, day = events(rng, adults, world.calendar.days, 60)
    at = world.calendar.at(day, clock(rng, len(payer)))
    amount = money(rng, 8_000, 400_000, len(payer))
    province = world.people.province[payer]
    shop = shops_nearby(world, province, rng.random(len(payer)))
    own = (shop >= 0) & (rng.random(len(payer)) < 0.6)
    sent, _ = world.book.transfer(
        Rows(
            payer[own],
            at[own],
            amount[own],
            channel="qr",
            text="qr",
            purpose="goods",
            province=province[own],
            place=qr_label(shop[own]),
            mcc=_MCC[shop[own] % 6],
        ),
        shop[own],
    )
    _elsewhere(world, rng, payer[~own], at[~own], amount[~own])
    taken_back = rng.random(len(sent)) < 0.002
    _reverse(
        world,
        payer[own][taken_back],
        shop[own][taken_back],
        at=at[own][taken_back],
        amount=amount[own][taken_back],
        serial=sent[taken_back],
    )
    _cards(world, adults)


def _elsewhere(world: World, rng: np.random.Generator, payer: Ints, at: Ints, amount: Ints) -> None:
    """QR payments to shops that bank elsewhere."""
    seller = firm(world.people.province[payer] * 400 + rng.integers(0, 400, size=len(payer)))
    mcc = _MCC[seller % 6]
    send(world, payer, at, amount, seller, channel="qr", text="qr", purpose="goods", mcc=mcc)


def _cards(world: World, adults: Ints) -> None:
    rng = world.rng("cards")
    payer, day = events(rng, adults[rng.random(len(adults)) < 0.15], world.calendar.days, 40)
    at = world.calendar.at(day, clock(rng, len(payer), 9, 22))
    amount = money(rng, 30_000, 1_500_000, len(payer))
    acquirer = pooled("CARD ACQUIRER")
    mcc = _MCC[rng.integers(0, 6, size=len(payer))]
    send(world, payer, at, amount, acquirer, channel="card", text="card", purpose="goods", mcc=mcc)


def shops_nearby(world: World, province: Ints, draw: np.typing.NDArray[np.float64]) -> Ints:
    """For each draw one of the bank's shops in that province, -1 where it has none."""
    shops = world.people.of("shop", "wholesaler")
    shops = shops[np.argsort(world.people.province[shops], kind="stable")]
    count = np.bincount(world.people.province[shops], minlength=32)
    first = np.cumsum(count) - count
    # A shop's place in the list decides its custom: squaring the draw makes a few shops large.
    index = first[province] + (draw * draw * count[province]).astype(np.int64)
    chosen = shops[np.minimum(index, len(shops) - 1)]
    return np.asarray(np.where(count[province] > 0, chosen, -1), np.int64)


def _reverse(world: World, payer: Ints, shop: Ints, *, at: Ints, amount: Ints, serial: Ints) -> None:
    """Take back both legs of a payment a few minutes later."""
    pair = world.book.new_pairs(len(payer))
    for account, other, credit in ((payer, shop, True), (shop, payer, False)):
        world.book.add(
            Rows(
                account,
                at + 300,
                amount,
                credit=credit,
                channel="qr",
                text="reversal",
                kind="reversal",
                party=other,
                pair=pair,
                reverses=serial,
            )
        )


def _cash_machines(world: World, adults: Ints) -> None:
    rng = world.rng("machines")
    habit = rng.integers(10, 50, size=len(adults))
    holder, day = events(rng, adults, world.calendar.days, habit)
    at_home = rng.random(len(holder)) < 0.95
    province = np.where(at_home, world.people.province[holder], rng.integers(0, 18, size=len(holder)))
    at = world.calendar.at(day, clock(rng, len(holder), 6, 23))
    amount = money(rng, 100_000, 2_000_000, len(holder), 50_000)
    withdraw(world, holder, at, amount, province=province, number=holder % 3)
    earners = np.intersect1d(adults, world.people.of("day_labourer", "at_home", "driver"))
    holder, day = events(rng, earners, world.calendar.days, 50)
    at = world.calendar.at(day, clock(rng, len(holder), 8, 15))
    deposit(world, holder, at, money(rng, 300_000, 1_600_000, len(holder), 50_000), number=holder % 2)


def _bills(world: World, adults: Ints) -> None:
    rng = world.rng("bills")
    payer, day = events(rng, adults, world.calendar.days, 35)
    at = world.calendar.at(day, clock(rng, len(payer), 6, 24))
    amount = money(rng, 5_000, 100_000, len(payer), 5_000)
    send(world, payer, at, amount, pooled("TELECOM BILLER"), channel="mobile", text="topup", mcc=4814)
    for month in world.calendar.each_month(8):
        payer = adults[rng.random(len(adults)) < 0.4]
        day = np.minimum(month + rng.integers(0, 8, size=len(payer)), world.calendar.last)
        at, amount = world.calendar.at(day, clock(rng, len(payer))), money(rng, 60_000, 600_000, len(payer))
        send(world, payer, at, amount, pooled("POWER BILLER"), channel="mobile", text="power", mcc=4900)


def _friends(world: World, adults: Ints) -> None:
    """Each has a handful of people to pay: two with this bank, two elsewhere."""
    rng = world.rng("friends")
    payer, day = events(rng, adults, world.calendar.days, 22)
    slot = rng.integers(0, 4, size=len(payer))
    at = world.calendar.at(day, clock(rng, len(payer), 7, 23))
    amount = money(rng, 50_000, 1_500_000, len(payer), 10_000)
    province = world.people.province[payer]
    inside = slot < 2
    # The same payer and slot always name the same friend.
    friend = adults[(np.searchsorted(adults, payer[inside]) * 7 + 3 + slot[inside] * 31) % len(adults)]
    own = friend != payer[inside]
    world.book.transfer(
        Rows(
            payer[inside][own],
            at[inside][own],
            amount[inside][own],
            channel="mobile",
            text="app",
            purpose="family",
            province=province[inside][own],
        ),
        friend[own],
    )
    outside = ~inside
    known = person(payer[outside] * 4 + slot[outside])
    received = rng.random(len(known)) < 0.5
    world.book.add(
        Rows(
            payer[outside],
            at[outside],
            amount[outside],
            credit=received,
            channel="transfer",
            text="transfer",
            purpose="family",
            party=known,
            province=province[outside],
        )
    )


def _second_accounts(world: World) -> None:
    rng = world.rng("savings accounts")
    savings = world.accounts.second("LAK")
    account, day = events(rng, savings, world.calendar.days, 12)
    owner = world.accounts.owner[account]
    saves = rng.random(len(account)) < 0.7
    world.book.transfer(
        Rows(
            np.where(saves, owner, account),
            world.calendar.at(day, clock(rng, len(account), 8, 22)),
            money(rng, 100_000, 2_000_000, len(account), 50_000),
            channel="mobile",
            text="own",
            kind="own_transfer",
            province=world.people.province[owner],
        ),
        np.where(saves, account, owner),
    )


def _foreign_money(world: World) -> None:
    """Foreign-currency accounts: money from a relative abroad, now and then notes over the counter."""
    rng = world.rng("foreign money")
    for currency, country, low, high in (
        ("THB", "TH", 1_000, 20_000),
        ("USD", "US", 50, 900),
        ("CNY", "CN", 200, 6_000),
    ):
        account, day = events(rng, world.accounts.second(currency), world.calendar.days, 14)
        comes = rng.random(len(account)) < 0.6
        cents = rng.integers(0, 100, size=len(account)) * comes
        at = world.calendar.at(day, clock(rng, len(account), 9, 15))
        amount = money(rng, low, high, len(account), 10) + cents
        receive(
            world,
            account[comes],
            at[comes],
            amount[comes],
            person(40_000_000 + account[comes]),
            channel="wire",
            text="remit",
            purpose="family",
            country=country,
        )
        withdraw(world, account[~comes], at[~comes], amount[~comes], counter=True)


def _bank_bookings(world: World) -> None:
    """A fee each month and interest each quarter: the bank's doing, never the customer's."""
    everyone = np.arange(len(world.accounts.owner))
    kip = everyone[world.accounts.currency == "LAK"]
    rng = world.rng("bank bookings")
    for number, day in enumerate(world.calendar.each_month(28)):
        at = np.broadcast_to(world.calendar.at(int(day), 23 * 3600), kip.shape)
        world.book.add(Rows(kip, at, np.full(len(kip), 5_000 * 100), channel="other", text="fee", kind="fee"))
        if number % 3 == 2:
            world.book.add(
                Rows(
                    kip,
                    at + 60,
                    money(rng, 200, 60_000, len(kip), 100),
                    credit=True,
                    channel="other",
                    text="interest",
                    kind="interest",
                )
            )
