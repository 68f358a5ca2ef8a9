"""Plants about what is bought: adverts, rooms, refunds, upkeep of many, tickets, prepaid cards, play, anonymity."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.outside import firm, line, pooled
from amlscreen.synth.plants.acts import banks, draws, gets, pays, sums, towns
from amlscreen.synth.plants.instance import Instance, hours, serials
from amlscreen.synth.ways import receive

__all__ = [
    "adverts",
    "betting",
    "hotel_refunds",
    "hotel_then_cash",
    "hotels",
    "prepaid",
    "tickets",
    "tools",
    "upkeep",
]


def adverts(x: Instance) -> None:
    """HT-T01: small payments to advert sites, each followed by money from strangers."""
    account = x.one()
    size = x.between((14, 20), (8, 11), (3, 6))
    at = x.moments(size, 80, closes=20, back=2)
    bought = pays(
        x,
        account,
        at,
        sums(x, size, 50_000, 500_000),
        line("advert", np.arange(3)),
        channel="card",
        text="advert",
        mcc=7311,
    )
    came = gets(x, account, np.repeat(at, 2) + hours(14), sums(x, size * 2, 300_000, 1_200_000), x.strangers(size * 2))
    x.label("collector", serials(bought.rows, came.rows), customer=int(account[0]))


def hotels(x: Instance) -> None:
    """HT-T02: short stays in several towns, several rooms on one day."""
    account = x.one()
    size = x.between((14, 18), (8, 10), (5, 6))
    at = x.moments(size, 55, closes=22)
    at[1::2] = at[: len(at) - 1 : 2] + 600
    where = towns(x, account, size, x.pick(6, 4, 2))
    amount = sums(x, size, 120_000, 500_000)
    stays = pays(
        x, account, at, amount, firm(600 + np.arange(9)), channel="card", text="room", mcc=7011, province=where
    )
    x.label("collector", stays.rows, customer=int(account[0]))


def hotel_refunds(x: Instance) -> None:
    """HT-T03: bookings are refunded within days, again and again."""
    account = x.one()
    size = x.between((8, 10), (5, 6), (2, 4))
    at, amount = x.moments(size, 80, closes=20, back=7), sums(x, size, 300_000, 2_000_000)
    hotel = firm(640 + np.arange(size))
    stays = pays(x, account, at, amount, hotel, channel="card", text="room", mcc=7011)
    back = at + x.rng.integers(hours(20), hours(120), size=size)
    who = np.repeat(account, size)
    refunds = receive(x.world, who, back, amount, hotel, channel="card", text="room")
    cash = draws(x, account, back + hours(2), amount)
    x.label("collector", serials(stays.rows, refunds, cash.rows), customer=int(account[0]))


def hotel_then_cash(x: Instance) -> None:
    """HT-T04: cash is put in close to a room and soon after it was paid, in more than one town."""
    account = x.one()
    size = x.between((9, 12), (5, 7), (3, 4))
    at = x.moments(size, 55, closes=18)
    where = towns(x, account, size, x.pick(5, 3, 2))
    rooms = pays(
        x,
        account,
        at,
        sums(x, size, 150_000, 400_000),
        firm(660 + np.arange(6)),
        channel="card",
        text="room",
        mcc=7011,
        province=where,
    )
    later = at + x.rng.integers(hours(2), hours(x.pick(8, 16, 22)), size=size)
    cash = banks(x, account, later, sums(x, size, 1_000_000, 5_000_000), province=where)
    x.label("collector", serials(rooms.rows, cash.rows), customer=int(account[0]))


def upkeep(x: Instance) -> None:
    """HT-T05: food, clothes, medicine and transport for far more people than live there."""
    account = x.one()
    size = x.between((60, 80), (36, 44), (18, 24))
    codes = np.array([5411, 5651, 5912, 4121, 7011])[np.arange(size) % 5]
    bought = pays(
        x,
        account,
        x.moments(size, 28),
        sums(x, size, 500_000, x.pick(4_000_000, 2_500_000, 1_200_000)),
        firm(700 + np.arange(20)),
        channel="card",
        text="card",
        mcc=codes,
    )
    fed = banks(x, account, bought.at[::6], np.full(len(bought.at[::6]), bought.total // 10))
    x.label("collector", serials(bought.rows, fed.rows), customer=int(account[0]))


def tickets(x: Instance) -> None:
    """HT-T06: one-way tickets for many people in a few weeks."""
    account = x.one()
    size = x.between((14, 20), (9, 12), (5, 7))
    amount = np.repeat(sums(x, 1, 300_000, 900_000, 50_000), size)
    bought = pays(
        x,
        account,
        x.moments(size, 26),
        amount,
        line("tickets", np.arange(3)),
        channel="card",
        text="ticket",
        purpose="travel",
        mcc=4131,
    )
    came = gets(x, account, bought.at[::2] - hours(8), bought.amount[::2] * 3, x.strangers(len(bought.at[::2])))
    x.label("facilitator", serials(bought.rows, came.rows), customer=int(account[0]))


def prepaid(x: Instance) -> None:
    """HT-T08: prepaid and gift cards are loaded in round sums, day after day."""
    account = x.one()
    size = x.between((24, 32), (14, 18), (8, 11))
    amount = np.array([500_000, 1_000_000, 2_000_000])[x.rng.integers(0, 3, size=size)] * 100
    bought = pays(
        x,
        account,
        x.moments(size, 26, closes=24, back=1),
        amount,
        firm(760 + np.arange(4)),
        channel="card",
        text="gift_card",
        mcc=6540,
    )
    came = gets(x, account, bought.at[::3] - hours(5), bought.amount[::3] * 3, x.strangers(5))
    x.label("collector", serials(bought.rows, came.rows), customer=int(account[0]))


def betting(x: Instance) -> None:
    """HT-T13: money goes to a betting account and comes back almost whole."""
    account = x.one()
    size = x.between((9, 12), (6, 7), (3, 4))
    at, amount = x.moments(size, 26, closes=24, back=3), sums(x, size, 3_000_000, 20_000_000)
    came = gets(x, account, at - hours(6), amount, x.strangers(size))
    put = pays(x, account, at, amount, line("gaming", x.number), text="game", mcc=7995)
    back = gets(x, account, at + hours(30), amount * x.pick(97, 92, 86) // 100, line("gaming", x.number), text="game")
    x.label("collector", serials(came.rows, put.rows, back.rows), customer=int(account[0]))


def tools(x: Instance) -> None:
    """HT-T19: webcam, file host and privacy vendors, beside small sums sent to a far country."""
    account = x.one("office_worker", "retired", "driver")
    size = x.between((18, 24), (11, 14), (6, 8))
    at, amount = x.moments(size, 80, opens=20, closes=27, back=2), sums(x, size, 60_000, 400_000)
    codes = np.array([4816, 5967, 7841])[np.arange(size) % 3]
    acquirer = np.array([pooled("CARD ACQUIRER")]) if x.intensity == "subtle" else firm(780 + np.arange(7))
    bought = pays(x, account, at, amount, acquirer, channel="card", text="card", mcc=codes, country="US")
    sent = pays(
        x,
        account,
        at[::2] + hours(1),
        sums(x, len(at[::2]), 200_000, 900_000),
        x.strangers(3),
        channel="wire",
        text="remit",
        country="PH",
    )
    x.label("suspect", serials(bought.rows, sent.rows), customer=int(account[0]))
