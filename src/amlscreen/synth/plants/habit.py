"""Plants about how an account is kept: drained, fed with cash, busy at night, in many towns, above what is declared."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.geography import elsewhere
from amlscreen.synth.plants.acts import Done, banks, draws, gets, hands_on, pays, sums, towns
from amlscreen.synth.plants.instance import Instance, hours, serials

__all__ = [
    "above_peers",
    "above_the_job",
    "always_drained",
    "cash_only",
    "just_enough",
    "many_towns",
    "night_cash",
    "spent_elsewhere",
]


def always_drained(x: Instance) -> None:
    """HT-A03: paid several times a week for months, always drawn down, and no ordinary spending."""
    account = x.one("day_labourer")
    x.world.hermits.update(account.tolist() if x.intensity != "subtle" else [])
    size = x.between((40, 55), (26, 34), (12, 20))
    came = gets(x, account, x.moments(size, 85, closes=17), sums(x, size, 400_000, 3_000_000), x.strangers(size // 3))
    # Whole notes only: what is left over goes with the next.
    drawn = np.diff(np.cumsum(came.amount) * x.pick(100, 98, 92) // 100 // 10_000_000 * 10_000_000, prepend=0)
    gone = draws(x, account, came.at + hours(5), drawn)
    x.label("collector", serials(came.rows, gone.rows), customer=int(account[0]))


def cash_only(x: Instance) -> None:
    """HT-A04: cash goes in again and again, far above what neighbours bring, and no income of any kind is seen."""
    account = x.one("at_home", "retired")
    size = x.between((26, 34), (16, 22), (9, 13))
    high = x.pick(24_000_000, 14_000_000, 7_000_000)
    came = banks(x, account, x.moments(size, 85, closes=16), sums(x, size, 3_000_000, high), number=np.arange(size))
    gone = pays(x, account, came.at[::3] + hours(30), came.amount[::3] * 2, x.strangers(2))
    x.label("collector", serials(came.rows, gone.rows), customer=int(account[0]))


def night_cash(x: Instance) -> None:
    """HT-A07: cash goes in and out between ten at night and six in the morning."""
    account = x.one()
    size = x.between((18, 26), (11, 15), (6, 9))
    night = x.moments(size, 50, opens=22, closes=x.pick(29, 28, 26), back=1)
    came = Done(night, sums(x, size, 500_000, 4_000_000, 50_000), np.empty(0, np.int64))
    paid = banks(x, account, came.at[::2], came.amount[::2], conductor=x.strangers(len(came.at[::2])))
    gone = draws(x, account, came.at[1::2], came.amount[1::2], number=np.arange(len(came.at[1::2])))
    x.label("collector", serials(paid.rows, gone.rows), customer=int(account[0]))


def spent_elsewhere(x: Instance) -> None:
    """HT-A09: cash put in at one town is drawn in a far one within a day and a half, several times."""
    account = x.one()
    size = x.between((8, 11), (5, 7), (3, 4))
    at = x.moments(size, 26, closes=15, back=2)
    came = banks(x, account, at, sums(x, size, 2_000_000, 9_000_000), conductor=x.strangers(size))
    far = elsewhere(np.repeat(x.home(account), size), 7 + np.arange(size) % 2)
    later = at + x.rng.integers(hours(6), hours(x.pick(20, 30, 40)), size=size)
    gone = draws(x, account, later, came.amount * 9 // 10, province=far, number=np.arange(size))
    x.label("collector", serials(came.rows, gone.rows), customer=int(account[0]))


def many_towns(x: Instance) -> None:
    """HT-A10: the card is used in a string of towns within two weeks, with a room in most of them."""
    account = x.one()
    size = x.between((16, 20), (10, 13), (6, 8))
    at = x.moments(size, 13, closes=20)
    where = towns(x, account, size, x.pick(8, 6, 4))
    rooms = pays(
        x,
        account,
        at,
        sums(x, size, 150_000, 600_000),
        x.strangers(3),
        channel="card",
        text="room",
        mcc=7011,
        province=where,
    )
    gone = draws(x, account, at + hours(3), sums(x, size, 500_000, 3_000_000), province=where)
    x.label("collector", serials(rooms.rows, gone.rows), customer=int(account[0]))


def above_the_job(x: Instance) -> None:
    """HT-A13: month after month many times the declared income comes in."""
    account = x.one("at_home", "student", "retired", "day_labourer")
    x.world.people.income[account] = 2_000_000
    size = x.between((40, 50), (26, 32), (14, 18))
    times = x.pick(24, 12, 6)
    each = 2_000_000 * times * 4 // size
    came = gets(
        x,
        account,
        x.moments(size, 115, closes=18),
        sums(x, size, each // 2, each * 2),
        x.strangers(9),
        channel="transfer",
    )
    gone = draws(x, account, came.at[::2] + hours(40), came.amount[::2], counter=True)
    x.label("collector", serials(came.rows, gone.rows), customer=int(account[0]))


def above_peers(x: Instance) -> None:
    """HT-A14: cash deposits far above those of others in the same line of work."""
    account = x.one("garment_worker", "office_worker", "student")
    size = x.between((14, 18), (9, 12), (5, 7))
    high = x.pick(40_000_000, 22_000_000, 9_000_000)
    came = banks(x, account, x.moments(size, 28, closes=16), sums(x, size, high // 3, high), number=np.arange(size))
    gone = pays(x, account, came.at + hours(20), came.amount * 7 // 10, x.strangers(3))
    x.label("collector", serials(came.rows, gone.rows), customer=int(account[0]))


def just_enough(x: Instance) -> None:
    """HT-A17: cash goes in hours before each payment falls due, in about its amount."""
    account = x.one()
    size = x.between((16, 22), (11, 14), (7, 10))
    at = x.moments(size, 55, closes=14)
    amount = sums(x, size, 300_000, 5_000_000, 10_000)
    off = x.pick(2, 6, 13)
    paid = banks(x, account, at, amount * (100 + x.rng.integers(0, off + 1, size=size)) // 100, number=np.arange(size))
    came = Done(at, amount, paid.rows)
    gone = hands_on(x, account, came, 100, (1, x.pick(6, 14, 26)), x.strangers(6))
    x.label("collector", serials(paid.rows, gone.rows), customer=int(account[0]))
