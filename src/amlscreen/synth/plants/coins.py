"""Plants about what strangers' money is turned into: coins, land, and the payments of people who are being robbed."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.outside import firm, line
from amlscreen.synth.plants.acts import gets, hands_on, pays, sums
from amlscreen.synth.plants.instance import Instance, hours, serials

__all__ = ["broker", "coins_after_strangers", "first_coins", "land", "release", "test_then_large", "zone_money"]


def coins_after_strangers(x: Instance) -> None:
    """HT-T09: several strangers pay, and most of it goes to an exchange within three days."""
    account = x.one()
    came_and_went = []
    for back in range(x.pick(4, 3, 2)):
        size = x.between((6, 8), (4, 5), (2, 4))
        came = gets(
            x, account, x.moments(size, 2, back=3 + back * 6), sums(x, size, 3_000_000, 12_000_000), x.strangers(size)
        )
        to = line("exchange", x.number + back)
        at = came.at[-1:] + hours(x.pick(5, 20, 40))
        bought = pays(x, account, at, np.array([came.total * x.pick(96, 85, 65) // 100]), to, text="usdt", mcc=6051)
        came_and_went += [came.rows, bought.rows]
    x.label("mule", serials(*came_and_went), customer=int(account[0]))


def first_coins(x: Instance) -> None:
    """HT-T10: somebody who never bought coins sends what was saved for years to an exchange, in ever larger sums."""
    account = x.one("office_worker", "retired", "market_trader")
    x.world.people.income[account] = 4_000_000
    size = x.pick(5, 4, 2)
    amount = np.arange(1, size + 1) * x.pick(30_000_000, 18_000_000, 12_000_000) * 100
    saved = gets(x, account, x.moments(1, 2, back=16), np.array([amount.sum()]), firm(810), channel="transfer")
    sent = pays(x, account, x.moments(size, 14), amount, line("exchange", x.number), text="usdt", mcc=6051)
    x.label("spoke", serials(saved.rows, sent.rows), customer=int(account[0]), victim=True)


def test_then_large(x: Instance) -> None:
    """HT-T11: a few small transfers, then large ones with words of tax and release, to parties never paid before."""
    account = x.one("office_worker", "retired", "farmer")
    small, large = x.pick(3, 2, 1), x.pick(5, 3, 2)
    # Those who are robbed are mostly told to pay one receiver; subtle ones get a new one each time.
    receivers = x.strangers(x.pick(1, 1, large))
    tests = pays(x, account, x.moments(small, 4, back=20), sums(x, small, 50_000, 240_000), receivers[:1])
    amount = sums(x, large, 20_000_000, x.pick(90_000_000, 60_000_000, 30_000_000), 1_000_000)
    sold = gets(x, account, x.moments(1, 1, back=17), np.array([amount.sum()]), firm(820), channel="transfer")
    sent = pays(
        x,
        account,
        x.moments(large, 15),
        amount,
        receivers,
        channel="wire",
        text="tax",
        country=x.pick("KH", "MM", "SG"),
    )
    x.label("spoke", serials(tests.rows, sold.rows, sent.rows), customer=int(account[0]), victim=True)


def broker(x: Instance) -> None:
    """HT-S04: a private account with as much in as out, dozens of partners and words of coins."""
    account = x.one()
    size = x.between((50, 64), (30, 38), (15, 20))
    text = x.pick("usdt", "usdt", "app")
    came = gets(
        x,
        account,
        x.moments(size, 26, closes=24, back=2),
        sums(x, size, 2_000_000, 15_000_000),
        x.strangers(size),
        text=text,
    )
    gone = hands_on(x, account, came, x.pick(99, 98, 95), (0.2, 8), x.strangers(size))
    x.label("facilitator", serials(came.rows, gone.rows), customer=int(account[0]))


def land(x: Instance) -> None:
    """HT-S06: what many strangers paid in within a month buys land or a car."""
    account = x.one()
    size = x.between((12, 16), (8, 10), (4, 6))
    amount = sums(x, size, 15_000_000, x.pick(60_000_000, 40_000_000, 25_000_000), 500_000)
    came = gets(x, account, x.moments(size, 20, back=4), amount, x.strangers(size), channel="transfer")
    at, price = x.moments(1, 2, closes=16), np.array([came.total * x.pick(98, 90, 75) // 100])
    bought = pays(x, account, at, price, firm(830), channel="transfer", text="land", mcc=x.pick(6513, 5511, 6513))
    x.label("collector", serials(came.rows, bought.rows), customer=int(account[0]))


def release(x: Instance) -> None:
    """HT-T24: a family pays far more than it ever paid, to somebody new at the border, and again within two weeks."""
    account = x.one("farmer", "family", "market_trader")
    size = x.pick(3, 2, 2)
    amount = sums(x, size, 20_000_000, x.pick(50_000_000, 40_000_000, 22_000_000), 1_000_000)
    lent = gets(x, account, x.moments(3, 2, back=14), np.repeat(amount.sum() // 3, 3), x.strangers(3), purpose="family")
    country = x.pick("MM", "KH", None)
    sent = pays(
        x,
        account,
        x.moments(size, 12),
        amount,
        x.strangers(1),
        channel="wire",
        text=x.pick("release", "release", "remit"),
        country=country,
    )
    x.label("spoke", serials(lent.rows, sent.rows), customer=int(account[0]), victim=True)


def zone_money(x: Instance) -> None:
    """HT-T23: a zone's operator pays somebody who is not on its payroll, and most goes on to others within a week."""
    account = x.one()
    size = x.between((8, 10), (5, 6), (2, 3))
    amount = sums(x, size, 12_000_000, x.pick(50_000_000, 30_000_000, 25_000_000), 500_000)
    came = gets(x, account, x.moments(size, 60, closes=18, back=6), amount, line("zone", x.number), channel="transfer")
    gone = hands_on(x, account, came, x.pick(96, 85, 65), (8, x.pick(40, 90, 150)), x.strangers(5))
    x.label("facilitator", serials(came.rows, gone.rows), customer=int(account[0]))
