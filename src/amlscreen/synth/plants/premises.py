"""Plants about premises: takings that do not fit a house's size or hours, many dwellings, a compound in a zone."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.book import Rows
from amlscreen.synth.calendar import Ints
from amlscreen.synth.geography import PROVINCES, qr_label
from amlscreen.synth.outside import firm, line, pooled
from amlscreen.synth.plants.acts import Done, banks, gets, pays, sums
from amlscreen.synth.plants.instance import Instance, serials

__all__ = ["after_hours", "compound", "front_business", "many_dwellings", "qr_takings"]


def qr_takings(x: Instance, house: Ints, at: Ints, prices: Ints, payers: Ints) -> Done:
    """QR receipts at a merchant's own label, at a few prices."""
    size = len(at)
    who, amount = np.repeat(house, size), prices[x.rng.integers(0, len(prices), size=size)]
    where = x.world.people.province[who]
    paid = Rows(
        who, at, amount, "qr", "qr", credit=True, party=np.resize(payers, size), province=where, place=qr_label(who)
    )
    return Done(at, amount, x.world.book.add(paid))


def front_business(x: Instance) -> None:
    """HT-L11: cash and late takings several times what such a house takes and what was declared."""
    house = x.some(1, "massage", "karaoke", "guest_house")
    x.world.accounts.declared[house] = 20_000_000
    size = x.between((60, 80), (36, 46), (18, 24))
    high = x.pick(16_000_000, 9_000_000, 4_000_000)
    cash = banks(x, house, x.moments(size, 80, opens=8, closes=16), sums(x, size, high // 3, high, 50_000))
    late = qr_takings(
        x,
        house,
        x.moments(size // 2, 55, opens=22, closes=28, back=1),
        np.array([50_000_000, 80_000_000]),
        x.strangers(size // 2),
    )
    x.label("venue", serials(cash.rows, late.rows), customer=int(house[0]))


def after_hours(x: Instance) -> None:
    """HT-L12: QR takings between eleven and six at a few prices, where such a house is shut."""
    house = x.some(1, "massage", "guest_house")
    size = x.between((70, 90), (45, 55), (22, 30))
    night = x.moments(size * x.pick(3, 2, 1) // 4, 27, opens=23, closes=29, back=1)
    prices = np.array([400_000, 600_000, 900_000]) * 100
    late = qr_takings(x, house, night, prices, x.strangers(len(night)))
    day = qr_takings(
        x, house, x.moments(size // 2, 27, opens=10, closes=21), sums(x, 9, 60_000, 300_000), x.strangers(size // 2)
    )
    x.label("venue", serials(late.rows, day.rows), customer=int(house[0]))


def many_dwellings(x: Instance) -> None:
    """HT-L14: rent, power and water of many dwellings in several towns, every month."""
    account = x.one()
    homes, blocks = x.between((8, 10), (5, 6), (3, 4)), []
    owners, where = x.strangers(homes), np.arange(homes) % x.pick(4, 3, 2) * 4 % len(PROVINCES)
    for back in (2, 32, 62, 92)[: x.pick(4, 3, 2)]:
        rents = pays(
            x,
            account,
            x.moments(homes, 3, back=back),
            sums(x, homes, 800_000, 2_500_000),
            owners,
            text="rent",
            purpose="rent",
            province=where,
        )
        bills = x.moments(homes * 2, 4, back=back)
        power = pays(
            x,
            account,
            bills,
            sums(x, homes * 2, 80_000, 400_000),
            np.array([pooled("POWER BILLER")]),
            text="power",
            mcc=4900,
            province=np.repeat(where, 2),
        )
        blocks += [rents.rows, power.rows]
    fed = gets(x, account, x.moments(10, 60), sums(x, 10, 2_000_000, 9_000_000), x.strangers(8))
    x.label("controller", serials(*blocks, fed.rows), customer=int(account[0]))


def compound(x: Instance) -> None:
    """HT-L15: a trading firm in a zone buys food, telephony and guards for hundreds, pays few wages and gets coins."""
    house = x.some(1, "zone_trader", "small_firm")
    x.world.people.sector[house] = "SEZ trading"
    blocks: list[Ints] = []
    for payees, low, high, size, mcc in (
        (firm(860 + np.arange(4)), 4_000_000, 15_000_000, 40, 5411),
        (np.array([pooled("TELECOM BILLER")]), 2_000_000, 9_000_000, 26, 4814),
        (firm(866 + np.arange(2)), 6_000_000, 20_000_000, 8, 7393),
        (firm(868 + np.arange(3)), 8_000_000, 20_000_000, 10, 6513),
    ):
        rows = size * x.pick(4, 3, 2) // 4
        blocks.append(
            pays(
                x,
                house,
                x.moments(rows, 85),
                sums(x, rows, low, high),
                payees,
                channel="transfer",
                text="supplier",
                mcc=mcc,
            ).rows
        )
    size = x.between((22, 28), (13, 16), (7, 9))
    blocks.append(
        gets(x, house, x.moments(size, 85), sums(x, size, 10_000_000, 40_000_000, 5_000_000), x.strangers(size)).rows
    )
    coins = line("exchange", x.number)
    blocks.append(
        gets(x, house, x.moments(size // 2, 85), sums(x, size // 2, 30_000_000, 90_000_000), coins, text="usdt").rows
    )
    x.label("venue", serials(*blocks), customer=int(house[0]))
