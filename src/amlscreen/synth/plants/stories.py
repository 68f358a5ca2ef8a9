"""Rings as they are run: a venue, a payroll of forced work, mules of a compound, a corridor. Each shows many patterns.

The members' labels carry one instance name and a row for each card that ought to see them. Subtle rings spread the same
over more accounts and weeks, pay real wages beside it, and leave some of the signs out.
"""

from __future__ import annotations

import numpy as np

from amlscreen.synth.calendar import Ints, money
from amlscreen.synth.outside import line
from amlscreen.synth.people import SHARED
from amlscreen.synth.plants.abroad import BORDER
from amlscreen.synth.plants.account import open_lately
from amlscreen.synth.plants.acts import Done, banks, draws, gets, hands_on, log_in, pays, pays_each, sums
from amlscreen.synth.plants.contact import device_of
from amlscreen.synth.plants.flows import run_of_hops
from amlscreen.synth.plants.instance import NOTHING, Instance, hours, serials
from amlscreen.synth.plants.premises import qr_takings
from amlscreen.synth.plants.work import paid, pay_days

__all__ = ["compound_mules", "corridor", "forced_payroll", "venue"]


def _house(x: Instance, members: Ints, offset: int) -> int:
    """They give one phone, and an address unless it is well hidden; the code of both."""
    code = SHARED + 800_000 + offset + int(x.rng.integers(0, 20_000))
    x.world.people.phone[members] = code
    if x.intensity != "subtle":
        x.world.people.address[members] = code
    return code


def venue(x: Instance) -> None:
    """A house takes money at night at a few prices; those who work there are paid by guests and pass it on."""
    house, boss = x.some(1, "massage", "guest_house"), x.one()
    spokes = x.some(x.between((5, 7), (4, 5), (3, 3)), "student", "at_home", "day_labourer")
    x.world.people.born[spokes] = x.world.calendar.first - 365 * 20 - x.rng.integers(0, 900, size=len(spokes))
    _house(x, np.concatenate([boss, spokes]), 0)
    size, prices = x.between((60, 80), (40, 50), (20, 26)), np.array([400_000, 700_000, 1_200_000]) * 100
    late = qr_takings(x, house, x.moments(size, 27, opens=22, closes=29, back=1), prices, x.strangers(size // 2))
    up: list[Done] = []
    for spoke in spokes:
        many = x.between((16, 20), (10, 13), (6, 8))
        at = x.moments(many, 55, opens=17, closes=26, back=4)
        came = gets(x, np.array([spoke]), at, prices[x.rng.integers(0, 3, size=many)], x.strangers(many * 3 // 4))
        on = hands_on(
            x, np.array([spoke]), came, x.between((84, 94), (65, 78), (50, 62)), (3, x.pick(20, 40, 70)), boss
        )
        x.label(
            "spoke", serials(came.rows, on.rows[:many]), customer=int(spoke), typology=("HT-N05", "HT-N03"), victim=True
        )
        up.append(Done(on.at, on.amount, on.rows[many:]))
    at = np.sort(np.concatenate([one.at for one in up]))[::5]
    cash = draws(
        x, boss, at + hours(12), np.full(len(at), sum(one.total for one in up) * 9 // 10 // len(at)), counter=True
    )
    many = x.between((9, 12), (5, 7), (3, 4))
    shown = pays(
        x,
        boss,
        x.moments(many, 80),
        sums(x, many, 80_000, 400_000),
        line("advert", np.arange(3)),
        channel="card",
        text="advert",
        mcc=7311,
    )
    rows = serials(*(one.rows for one in up), cash.rows, shown.rows)
    x.label("collector", rows, customer=int(boss[0]), typology=("HT-N05", "HT-T01", "HT-N03"))
    x.label("venue", late.rows, customer=int(house[0]), typology="HT-L12")


def forced_payroll(x: Instance) -> None:
    """A foreman had accounts opened in a batch, signs for them, draws the wages at one machine and takes dues."""
    employer, foreman = x.some(1, "small_firm", "farm", "zone_trader"), x.one()
    workers = x.some(x.between((9, 12), (6, 7), (4, 5)), "day_labourer", "at_home", "farmer", "student")
    world, people = x.world, x.world.people
    people.employer[workers] = employer[0]
    people.onboarded[workers] = world.accounts.opened[workers] = world.calendar.first - 200 - x.number
    people.introducer[workers], world.accounts.branch[workers] = 7_900 + x.number, 1
    people.province[workers] = people.province[employer]
    _house(x, np.concatenate([foreman, workers]), 30_000)
    if x.intensity != "subtle":
        since = int(world.accounts.opened[workers[0]])
        world.files.powers.extend((int(one), int(foreman[0]), "signatory", since) for one in workers)
    blocks, number = [], int(x.rng.integers(0, 12))
    low, high = x.pick((1_000_000, 1_400_000), (1_300_000, 1_900_000), (1_900_000, 2_700_000))
    for back in pay_days(x, x.pick(5, 4, 3)):
        wage = paid(x, employer, workers, money(x.rng, low, high, len(workers), 50_000), back)
        at = x.on(back - 1, 18 * 3600) + np.arange(len(workers)) * x.pick(60, 110, 220)
        cash = draws(x, workers, at, wage.amount * 6 // 10, province=people.province[workers], number=number)
        due = pays_each(x, workers, at + hours(4), wage.amount * x.pick(25, 22, 18) // 100, foreman, text="debt")
        blocks += [wage.rows, cash.rows, due.rows]
    for place, worker in enumerate(workers):
        own = np.array([block[place] for block in blocks], np.int64)
        x.label(
            "worker",
            own,
            customer=int(worker),
            typology=("HT-L02", "HT-L08", "HT-L09", "HT-L10", "HT-K04"),
            victim=True,
        )
    dues = serials(*(block[len(workers) :] for block in blocks[2::3]))
    x.label("controller", dues, customer=int(foreman[0]), typology=("HT-L02", "HT-L08", "HT-L10"))
    x.label("employer", NOTHING, customer=int(employer[0]), typology="HT-L04")


def compound_mules(x: Instance) -> None:
    """New accounts of one batch, run from one device: money of the robbed goes down a chain and into coins."""
    mules = x.some(x.between((6, 8), (5, 6), (4, 4)), "student", "at_home", "day_labourer", "gamer")
    world, people = x.world, x.world.people
    for place, mule in enumerate(mules):
        open_lately(x, np.array([mule]), x.pick(26, 38, 50) + (place * 2 if x.intensity == "subtle" else 0))
    people.introducer[mules], people.province[mules] = 7_950 + x.number, people.province[mules[0]]
    people.address[mules] = SHARED + 860_000 + int(x.rng.integers(0, 20_000))
    world.accounts.branch[mules] = 2
    log_in(x, mules, device_of(x), span=20, country=x.pick("MM", "LA", "LA"), times=x.pick(10, 6, 3))
    first, steps = mules[: len(mules) // 2], []
    for mule in first:
        size = x.between((10, 14), (6, 8), (4, 5))
        amount = sums(x, size, 4_000_000, x.pick(30_000_000, 20_000_000, 12_000_000), 10_000)
        came = gets(x, np.array([mule]), x.moments(size, 14, closes=24, back=3), amount, x.strangers(size))
        told = x.rng.permutation(size)[: x.between((2, 3), (1, 1), (0, 1))]
        world.recalls.extend((int(came.rows[one]), int(came.at[one]) + hours(30), "FRAD") for one in told)
        way = np.concatenate([[mule], mules[len(first) : len(first) + 3]])
        steps += [
            came,
            *run_of_hops(x, way, came, x.between((96, 98), (92, 95), (87, 92)), x.pick((0.3, 2), (1, 7), (3, 20))),
        ]
        coins = hands_on(
            x, way[-1:], steps[-1], x.pick(98, 92, 85), (0.5, x.pick(4, 12, 30)), line("exchange", x.number)
        )
        steps.append(coins)
    rows = serials(*(one.rows for one in steps))
    for mule in mules:
        shows = ("HT-N04", "HT-K04", "HT-N06", "HT-A02") + (("HT-S03", "HT-A12") if mule in first else ())
        x.label("mule", rows[world.book.accounts(rows) == mule], customer=int(mule), typology=shows)


def _border_cash(x: Instance, helper: Ints) -> Done:
    """The most a machine gives, several times an hour on several days."""
    days, each = x.between((5, 7), (3, 4), (2, 3)), x.pick(4, 3, 3)
    start = np.repeat(x.moments(days, 24, opens=9, closes=20), each)
    at = start + np.tile(np.arange(each) * x.pick(8, 15, 28) * 60, days)
    where = np.full(len(at), BORDER[x.number % 4])
    return draws(x, helper, at, np.full(len(at), 200_000_000), province=where, number=2)


def corridor(x: Instance) -> None:
    """Fees of travellers gather with one person, who buys tickets and banks under the line; cash goes to the border."""
    boss, helper = x.one(), x.one()
    x.world.people.province[helper] = BORDER[x.number % 4]
    size = x.between((24, 30), (14, 18), (8, 11))
    fee, off = int(x.rng.integers(12, 30)) * 1_000_000 * 100, x.pick(0, 8, 25)
    amount = fee * (100 + x.rng.integers(-off, off + 1, size=size)) // 100
    came = gets(
        x,
        boss,
        x.moments(size, 40, back=3),
        amount,
        x.strangers(size),
        channel="transfer",
        province=x.rng.integers(0, 18, size=size),
    )
    on = hands_on(
        x, boss, Done(came.at[::2], came.amount[::2], came.rows), x.pick(90, 80, 60), (4, x.pick(20, 40, 60)), helper
    )
    many = x.between((12, 16), (8, 10), (5, 6))
    seats = pays(
        x,
        boss,
        x.moments(many, 26),
        np.full(many, 45_000_000),
        line("tickets", np.arange(2)),
        channel="card",
        text="ticket",
        purpose="travel",
        mcc=4131,
    )
    cash = _border_cash(x, helper)
    under = x.rng.integers(x.pick(180, 160, 140), 199, size=x.pick(4, 3, 2)) * 500_000 * 100
    banked = banks(x, boss, x.moments(len(under), 6, closes=16), under, number=np.arange(len(under)))
    x.label(
        "collector",
        serials(came.rows, on.rows[: len(came.at[::2])], seats.rows, banked.rows),
        customer=int(boss[0]),
        typology=("HT-N01", "HT-L07", "HT-T06", "HT-A05"),
    )
    x.label("mule", serials(on.rows[len(came.at[::2]) :], cash.rows), customer=int(helper[0]), typology="HT-T22")
