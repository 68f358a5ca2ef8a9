"""Plants about money from account to account: hub and spokes, chains, cycles, gathering and scattering, a case."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from amlscreen.synth.calendar import Ints
from amlscreen.synth.plants.acts import Done, draws, gets, hands_on, pays_each, sums
from amlscreen.synth.plants.instance import Instance, hours, serials

__all__ = ["case_link", "chain", "cycle", "gather_scatter", "hub_and_spokes", "run_of_hops"]


def run_of_hops(x: Instance, nodes: Ints, came: Done, keep: int, delay: tuple[float, float]) -> list[Done]:
    """The money of ``came`` goes from each account to the next, a little less each time."""
    steps, last = [], came
    for giver, taker in pairwise(nodes):
        last = hands_on(x, np.array([giver]), last, keep, delay, np.array([taker]))
        steps.append(last)
    return steps


def hub_and_spokes(x: Instance) -> None:
    """HT-N05: several people send most of what strangers pay them to one hub within two days, which passes it on."""
    hub = x.one()
    spokes = x.some(x.between((5, 7), (4, 5), (3, 3)), "at_home", "student", "day_labourer")
    sent = []
    for spoke in spokes:
        who, size = np.array([spoke]), x.between((14, 20), (9, 12), (5, 7))
        at = x.moments(size, 60, opens=16, closes=26, back=4)
        came = gets(x, who, at, sums(x, size, 300_000, 1_500_000, 50_000), x.strangers(size * 3 // 4))
        on = hands_on(x, who, came, x.between((85, 95), (66, 80), (48, 62)), (2, x.pick(20, 40, 60)), hub)
        x.label("spoke", serials(came.rows, on.rows[: len(at)]), customer=int(spoke), victim=True)
        sent.append(Done(on.at, on.amount, on.rows[len(at) :]))
    every = Done(*(np.concatenate([getattr(one, name) for one in sent]) for name in ("at", "amount", "rows")))
    order = np.argsort(every.at)[::4]
    gone = draws(x, hub, every.at[order] + hours(10), every.amount[order] * x.pick(36, 32, 27) // 10, counter=True)
    x.label("collector", serials(every.rows, gone.rows), customer=int(hub[0]))


def chain(x: Instance) -> None:
    """HT-N06: sums go through four or more accounts in hours, a little less each time, again and again."""
    nodes = x.some(x.between((5, 6), (4, 5), (4, 4)))
    steps: list[Done] = []
    for back in range(x.pick(5, 4, 3)):
        size = 1
        first = gets(
            x,
            nodes[:1],
            x.moments(size, 1, closes=11, back=2 + back * 5),
            sums(x, size, 20_000_000, 60_000_000, 100_000),
            x.strangers(1),
        )
        steps += [
            first,
            *run_of_hops(x, nodes, first, x.between((96, 98), (92, 95), (86, 92)), x.pick((0.3, 2), (1, 8), (6, 22))),
        ]
    rows = serials(*(one.rows for one in steps))
    for node in nodes:
        x.label("mule", rows[x.world.book.accounts(rows) == node], customer=int(node))


def cycle(x: Instance) -> None:
    """HT-N07: money comes back to where it began after several hops, with little lost."""
    nodes = x.some(x.between((4, 5), (3, 4), (3, 3)), "market_trader", "small_firm", "at_home", "online_seller")
    steps: list[Done] = []
    for back in range(x.pick(3, 2, 1)):
        start = Done(
            x.moments(1, 1, closes=12, back=9 + back * 14), sums(x, 1, 40_000_000, 150_000_000, 100_000), serials()
        )
        ring = np.append(nodes, nodes[:1])
        steps += run_of_hops(
            x, ring, start, x.between((98, 99), (97, 98), (95, 97)), x.pick((2, 10), (8, 40), (20, 60))
        )
    rows = serials(*(one.rows for one in steps))
    for node in nodes:
        x.label("mule", rows[x.world.book.accounts(rows) == node], customer=int(node))


def gather_scatter(x: Instance) -> None:
    """HT-N08: one account gathers from many and within a day spreads to many."""
    hub = x.one()
    size = x.between((18, 24), (11, 14), (7, 9))
    givers = x.some(x.pick(4, 3, 2), "at_home", "day_labourer", "student")
    amount = sums(x, size, 4_000_000, 15_000_000, 100_000)
    came = gets(
        x, hub, x.moments(size, x.pick(1, 1, 3), closes=16, back=2), amount, x.strangers(size), channel="mobile"
    )
    inside = pays_each(
        x, givers, x.moments(len(givers), 1, closes=15, back=2), sums(x, len(givers), 3_000_000, 9_000_000), hub
    )
    away = came.total + inside.total
    takers = x.strangers(x.between((10, 12), (7, 8), (5, 6)))
    at = came.at[-1] + x.rng.integers(hours(1), hours(x.pick(10, 22, 34)), size=len(takers))
    each = np.repeat(away * x.pick(97, 93, 87) // 100 // len(takers), len(takers))
    gone = hands_on(x, hub, Done(at, each, serials()), 100, (0.1, 2), takers)
    for place, giver in enumerate(givers):
        x.label("spoke", inside.rows[place : place + 1], customer=int(giver))
    x.label("collector", serials(came.rows, inside.rows[len(givers) :], gone.rows), customer=int(hub[0]))


def case_link(x: Instance) -> None:
    """HT-N10: one or two steps of money from a person who was reported earlier."""
    reported = x.strangers(1) if x.intensity == "blatant" else x.world.strangers(1)
    nodes = x.some(x.pick(1, 2, 2))
    table, status = x.pick(("cases", "confirmed"), ("reports", "filed"), ("cases", "confirmed"))
    x.world.files.earlier.append((table, int(reported[0]), x.world.calendar.first + x.end - 70, status))
    size = x.pick(5, 3, 2)
    came = gets(
        x,
        nodes[:1],
        x.moments(size, 60, closes=14, back=4),
        sums(x, size, 4_000_000, 20_000_000),
        reported,
        channel="transfer",
    )
    on = run_of_hops(x, nodes, came, x.pick(95, 80, 60), x.pick((2, 20), (8, 40), (20, 70)))
    rows = serials(came.rows, *(one.rows for one in on))
    for node in nodes:
        x.label("mule", rows[x.world.book.accounts(rows) == node], customer=int(node))
