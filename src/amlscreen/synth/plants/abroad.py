"""Plants across a border: small sums to strangers, sums under a line, foreign money split up, notes, cash machines."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.book import Rows
from amlscreen.synth.calendar import Ints
from amlscreen.synth.geography import PROVINCES
from amlscreen.synth.outside import firm
from amlscreen.synth.plants.acts import banks, draws, gets, pays, pays_each, sums
from amlscreen.synth.plants.instance import Full, Instance, hours, serials
from amlscreen.synth.ways import receive

__all__ = [
    "border_beneficiary",
    "border_machines",
    "foreign_split",
    "mirror",
    "nameless_wires",
    "new_corridor",
    "notes",
    "small_sends",
    "travel_around_sends",
    "under_the_wire_line",
]

_CODES = list(PROVINCES)
BORDER = np.array([_CODES.index(code) for code in ("LA-BK", "LA-LM", "LA-SV", "LA-CH")])


def _abroad(x: Instance, account: Ints, at: Ints, amount: Ints, payees: Ints, country: str) -> Ints:
    return pays(
        x,
        account,
        at,
        amount,
        payees,
        channel="wire",
        text="remit",
        country=country,
        purpose=x.pick(None, None, "family"),
    ).rows


def small_sends(x: Instance) -> None:
    """HT-T17: many small transfers to a few strangers in one far country, often at night."""
    account = x.one("office_worker", "retired", "driver", "online_seller")
    size = x.between((20, 26), (12, 15), (6, 8))
    at = x.moments(size, 55, opens=20, closes=27, back=1)
    sent = _abroad(x, account, at, sums(x, size, 150_000, 1_500_000), x.strangers(x.pick(3, 4, 6)), "PH")
    x.label("suspect", sent, customer=int(account[0]))


def travel_around_sends(x: Instance) -> None:
    """HT-T18: tickets, rooms and cash in the country to which small sums are sent."""
    account = x.one("office_worker", "retired", "online_seller")
    blocks = []
    for trip in range(x.pick(3, 2, 2)):
        back = 5 + trip * 40
        sent = _abroad(
            x, account, x.moments(4, 10, back=back + 3), sums(x, 4, 200_000, 1_200_000), x.strangers(2), "PH"
        )
        spent = pays(
            x, account, x.moments(3, 5, back=back), sums(x, 3, 500_000, 3_000_000), firm(840 + np.arange(3)),
            channel="card", text="room", mcc=np.array([4511, 7011, 7011]), country="PH",
        )  # fmt: skip
        blocks += [sent, spent.rows]
    x.label("suspect", serials(*blocks), customer=int(account[0]))


def under_the_wire_line(x: Instance) -> None:
    """HT-T21: wires to one corridor, each just under the equivalent of a thousand dollars."""
    account = x.one()
    size = x.between((9, 12), (6, 7), (3, 4))
    amount = x.rng.integers(x.pick(195, 180, 165), 214, size=size) * 100_000 * 100
    fed = banks(x, account, x.moments(size, 24, closes=12, back=1), amount)
    sent = pays(
        x,
        account,
        fed.at + hours(4),
        amount,
        x.strangers(x.pick(1, 2, 3)),
        channel="wire",
        text="remit",
        country="TH",
        purpose="family",
    )
    x.label("suspect", serials(fed.rows, sent.rows), customer=int(account[0]))


def foreign_split(x: Instance) -> None:
    """HT-T25: one sum from abroad, split within days among rural accounts, and again weeks later."""
    account = x.one("broker", "market_trader", "at_home")
    rural = x.some(x.between((8, 10), (6, 8), (4, 5)), "farmer", "family")
    blocks: list[Ints] = []
    for cycle in range(x.pick(4, 3, 2)):
        back = 8 + cycle * x.pick(16, 24, 35)
        if back > x.end - 2:
            break
        at = x.moments(1, 1, back=back)
        came = receive(
            x.world, account, at, sums(x, 1, 70_000_000, 400_000_000, 1_000_000), x.strangers(1),
            channel="wire", text="remit", country=x.pick("CN", "KR", "CN"), purpose=x.pick(None, "gift", "family"),
        )  # fmt: skip
        share = x.rng.permutation(rural)[: x.between((4, 5), (3, 4), (2, 3))]
        later = at[0] + np.sort(x.rng.integers(hours(6), hours(x.pick(60, 110, 190)), size=len(share)))
        blocks += [came, pays_each(x, account, later, sums(x, len(share), 15_000_000, 60_000_000, 500_000), share).rows]
    x.label("facilitator", serials(*blocks), customer=int(account[0]))


def mirror(x: Instance) -> None:
    """HT-S05: what comes in as kip in a day goes out in the same sum to places over the border, day after day."""
    account = x.one("broker", "market_trader")
    blocks = []
    for back in range(1, 1 + x.between((18, 22), (13, 15), (8, 11))):
        came = gets(
            x, account, x.moments(3, 1, closes=14, back=back), sums(x, 3, 8_000_000, 40_000_000), x.strangers(3)
        )
        off = x.rng.integers(0, x.pick(2, 3, 6))
        out = np.array([came.total * (100 - off) // 100])
        sent = pays(
            x,
            account,
            came.at[-1:] + hours(3),
            out,
            x.strangers(1),
            channel="wire",
            text="remit",
            country=x.pick("TH", "CN", "TH"),
        )
        blocks += [came.rows, sent.rows]
    x.label("facilitator", serials(*blocks), customer=int(account[0]))


def nameless_wires(x: Instance) -> None:
    """HT-T15: wires from abroad that name neither who sent them nor what for."""
    account = x.one()
    size = x.between((9, 12), (6, 7), (3, 4))
    amount = sums(x, size, 15_000_000, 60_000_000, 100_000)
    who = np.repeat(account, size)
    at = x.moments(size, 50, closes=16)
    came = receive(x.world, who, at, amount, np.full(size, -1), channel="wire", text="remit", country="CN")
    gone = draws(x, account, at + hours(50), amount, counter=True)
    x.label("collector", serials(came, gone.rows), customer=int(account[0]))


def notes(x: Instance) -> None:
    """HT-T20: somebody without a cash trade changes kip notes for baht again and again, through an account in baht."""
    world = x.world
    free = [one for one in world.accounts.second("THB") if int(world.accounts.owner[one]) not in world.taken]
    if not free:
        raise Full
    foreign = np.array([free[int(x.rng.integers(0, len(free)))]], np.int64)
    account = world.accounts.owner[foreign]
    world.taken.add(int(account[0]))
    world.people.occupation[account] = x.pick("at home", "retired", "clerk")
    size = x.between((10, 13), (6, 8), (4, 5))
    at, amount = x.moments(size, 28, closes=13, back=2), sums(x, size, 12_000_000, 60_000_000, 500_000)
    put = banks(x, account, at, amount, number=np.arange(size))
    baht = amount // 660 * x.pick(99, 92, 85) // 100 // 10_000 * 10_000
    later = at + x.rng.integers(hours(1), hours(x.pick(4, 20, 44)), size=size)
    rows = Rows(np.repeat(foreign, size), later, baht, "cash", "exchange", province=np.repeat(x.home(account), size))
    world.book.add(rows)
    x.label("facilitator", put.rows, customer=int(account[0]))


def border_machines(x: Instance) -> None:
    """HT-T22: on several days the most a machine gives is drawn again and again in an hour, at the border."""
    account = x.one()
    days, each = x.between((6, 8), (4, 5), (2, 3)), x.pick(5, 4, 3)
    start = np.repeat(x.moments(days, 24, opens=9, closes=20), each)
    at = start + np.tile(np.arange(each) * x.pick(6, 12, 28) * 60, days)
    amount = np.full(len(at), x.pick(2_000_000, 2_000_000, 1_900_000) * 100)
    fed = gets(
        x, account, np.unique(start) - hours(4), np.full(len(np.unique(start)), amount[0] * each), x.strangers(4)
    )
    gone = draws(x, account, at, amount, province=np.full(len(at), BORDER[x.number % 4]), number=1)
    x.label("mule", serials(fed.rows, gone.rows), customer=int(account[0]))


def border_beneficiary(x: Instance) -> None:
    """HT-N02: customers with nothing in common send to one person over the border, or to one who draws it there."""
    senders = x.some(x.between((8, 10), (6, 7), (3, 5)), "farmer", "day_labourer", "market_trader", "garment_worker")
    amount = sums(x, len(senders), 6_000_000, 20_000_000, 100_000)
    at = x.moments(len(senders), 45)
    if x.intensity != "subtle":
        hub = x.world.strangers(1)
        sent = pays(x, senders, at, amount, hub, channel="wire", text="remit", country=x.pick("TH", "MM", "TH"))
        x.label("collector", sent.rows, party=int(hub[0]))
    else:
        hub = x.one()
        x.world.people.province[hub] = BORDER[x.number % 4]
        sent = pays_each(x, senders, at, amount, hub)
        gone = draws(x, hub, at + hours(20), amount * 9 // 10, counter=True)
        x.label("collector", serials(sent.rows[len(senders) :], gone.rows), customer=int(hub[0]))
    for place, sender in enumerate(senders):
        x.label("spoke", sent.rows[place : place + 1], customer=int(sender))


def new_corridor(x: Instance) -> None:
    """HT-W05: somebody who hardly sent abroad begins to wire every few days to a place named by reports."""
    account = x.one("office_worker", "broker", "at_home")
    size = x.between((10, 14), (7, 9), (4, 5))
    if x.end < 60:
        raise Full
    early = _abroad(x, account, x.moments(2, 60, back=60), sums(x, 2, 500_000, 1_000_000), x.strangers(1), "TH")
    came = gets(
        x, account, x.moments(size, 26, closes=12, back=1), sums(x, size, 5_000_000, 30_000_000), x.strangers(size)
    )
    wired = _abroad(x, account, came.at + hours(5), came.amount // 2, x.strangers(2), x.pick("MM", "KH", "KH"))
    x.label("suspect", serials(early, came.rows, wired), customer=int(account[0]))
