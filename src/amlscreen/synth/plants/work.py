"""Plants about pay: it leaves at once, it is cut, it repays a debt that does not end, one hand holds the cards."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.book import Rows
from amlscreen.synth.calendar import Ints, money
from amlscreen.synth.outside import firm, line
from amlscreen.synth.plants.acts import Done, draws, gets, pays_each, sums
from amlscreen.synth.plants.instance import NOTHING, Instance, hours, serials

__all__ = [
    "custodian",
    "debt_instalments",
    "firm_without_payroll",
    "heavy_deductions",
    "one_hand_many_cards",
    "paid",
    "pay_days",
    "permit_and_payer",
    "wage_in_wage_out",
]

_WORKERS = ("day_labourer", "at_home", "student", "farmer")


def pay_days(x: Instance, months: int) -> list[int]:
    """How many days before the end the pay-days are, the latest first."""
    return [6 + 30 * back for back in range(months) if x.end - 6 - 30 * back >= 0]


def paid(x: Instance, employer: Ints, workers: Ints, wage: Ints, back: int) -> Done:
    """One pay-day: every worker's wage from the employer, a minute apart; rows of the workers only."""
    at = x.on(back, 15 * 3600) + np.arange(len(workers)) * 50
    payer = np.repeat(employer, len(workers))
    province = x.world.people.province[payer]
    paying = Rows(payer, at, wage, "transfer", "salary", purpose="salary", ultimate=workers, province=province)
    return Done(at, wage, x.world.book.transfer(paying, workers)[1])


def _crew(x: Instance, size: int) -> tuple[Ints, Ints]:
    """An employer and so many workers of its."""
    employer = x.some(1, "small_firm", "farm", "zone_trader", "office_employer", "market_trader")
    workers = x.some(size, *_WORKERS)
    x.world.people.employer[workers] = employer[0]
    return employer, workers


def _label_crew(x: Instance, workers: Ints, *blocks: Ints, role: str = "worker") -> None:
    """Each block has a row for each worker, in order."""
    for place, worker in enumerate(workers):
        x.label(role, np.array([block[place] for block in blocks], np.int64), customer=int(worker), victim=True)


def wage_in_wage_out(x: Instance) -> None:
    """HT-L02: each wage moves on to the same other person within a day, month after month."""
    employer, workers = _crew(x, x.between((5, 7), (3, 4), (2, 2)))
    keeper, blocks = x.one(), []
    for back in pay_days(x, x.pick(6, 4, 3)):
        wage = paid(x, employer, workers, money(x.rng, 2_400_000, 3_200_000, len(workers), 50_000), back)
        at = wage.at + x.rng.integers(hours(1), hours(x.pick(6, 18, 30)), size=len(workers))
        out = wage.amount * x.between((95, 99), (84, 92), (70, 84)) // 100 // 1_000_000 * 1_000_000
        blocks += [wage.rows, pays_each(x, workers, at, out, keeper).rows]
    _label_crew(x, workers, *blocks)
    x.label("controller", serials(*(block[len(workers) :] for block in blocks[1::2])), customer=int(keeper[0]))


def heavy_deductions(x: Instance) -> None:
    """HT-L04: full-time workers of one employer get a fraction of the minimum wage, after board and tools."""
    employer, workers = _crew(x, x.between((8, 10), (6, 7), (4, 5)))
    low, high = x.pick((600_000, 1_000_000), (900_000, 1_300_000), (1_200_000, 1_700_000))
    blocks = [
        paid(x, employer, workers, money(x.rng, low, high, len(workers), 10_000), back).rows
        for back in pay_days(x, x.pick(5, 4, 2))
    ]
    _label_crew(x, workers, *blocks)
    x.label("employer", NOTHING, customer=int(employer[0]))


def firm_without_payroll(x: Instance) -> None:
    """HT-L05: a firm with a large turnover and people on its books pays no wage over the bank."""
    employer = x.some(1, "small_firm", "massage", "karaoke", "zone_trader")
    workers = x.some(x.between((7, 9), (5, 6), (3, 4)), *_WORKERS)
    x.world.people.employer[workers] = employer[0]
    size = x.between((40, 50), (26, 32), (14, 18))
    came = gets(
        x,
        employer,
        x.moments(size, 170),
        sums(x, size, 10_000_000, 60_000_000),
        firm(850 + np.arange(12)),
        channel="transfer",
        purpose="goods",
    )
    gone = draws(x, employer, came.at[::2] + hours(30), came.amount[::2], counter=True)
    x.label("employer", serials(came.rows, gone.rows), customer=int(employer[0]))


def debt_instalments(x: Instance) -> None:
    """HT-L08: workers of one employer pay one lender the same sum each month, for long."""
    employer, workers = _crew(x, x.between((8, 10), (6, 7), (4, 5)))
    lender, blocks = x.one("market_trader", "broker", "at_home"), []
    each = sums(x, 1, 400_000, 1_000_000, 50_000)
    for back in pay_days(x, x.pick(6, 5, 4)):
        wage = paid(x, employer, workers, money(x.rng, 2_300_000, 3_000_000, len(workers), 50_000), back)
        at = wage.at + x.rng.integers(hours(20), hours(x.pick(44, 60, 110)), size=len(workers))
        off = x.rng.integers(-x.pick(0, 3, 6), x.pick(0, 3, 6) + 1, size=len(workers))
        blocks += [
            wage.rows,
            pays_each(x, workers, at, each * (100 + off) // 100, lender, text=x.pick("debt", "debt", "app")).rows,
        ]
    _label_crew(x, workers, *blocks)
    x.label("lender", serials(*(block[len(workers) :] for block in blocks[1::2])), customer=int(lender[0]))


def one_hand_many_cards(x: Instance) -> None:
    """HT-L09: on several dates the same cards are used one after the other at one machine."""
    employer, workers = _crew(x, x.between((7, 9), (5, 6), (3, 4)))
    blocks, number = [], int(x.rng.integers(0, 12))
    where = np.repeat(x.world.people.province[employer], len(workers))
    for turn, back in enumerate(pay_days(x, x.pick(6, 4, 3))):
        wage = paid(x, employer, workers, money(x.rng, 2_200_000, 3_000_000, len(workers), 50_000), back)
        start = x.on(back - 1, 19 * 3600 + turn * 700)
        at = start + np.arange(len(workers)) * x.pick(70, 110, 200)
        blocks += [wage.rows, draws(x, workers, at, wage.amount * 9 // 10, province=where, number=number).rows]
    _label_crew(x, workers, *blocks)
    x.label("employer", NOTHING, customer=int(employer[0]))


def custodian(x: Instance) -> None:
    """HT-L10: one person may sign for the accounts of many workers who are no kin."""
    keeper = x.one()
    workers = x.some(x.between((9, 12), (5, 7), (3, 4)), "garment_worker", *_WORKERS)
    for worker in workers:
        since = int(x.world.accounts.opened[worker])
        x.world.files.powers.append((int(worker), int(keeper[0]), x.pick("proxy", "signatory", "signatory"), since))
    _label_crew(x, workers)
    x.label("controller", NOTHING, customer=int(keeper[0]))


def permit_and_payer(x: Instance) -> None:
    """HT-K18: a foreign worker's papers name one employer, wages come from another, and the passport has run out."""
    worker = x.one("garment_worker", "hotel_worker", "day_labourer")
    people = x.world.people
    people.nationality[worker], people.employer[worker] = "VN", -1
    people.permit_employer[worker] = x.world.people.of("garment_factory")[0]
    people.permit_expiry[worker] = (
        x.world.calendar.first + x.world.calendar.last - x.between((150, 200), (90, 120), (30, 70))
    )
    blocks = []
    for back in pay_days(x, x.pick(5, 4, 2)):
        at = np.array([x.on(back, 50_000)])
        blocks.append(
            gets(
                x,
                worker,
                at,
                sums(x, 1, 2_000_000, 3_000_000),
                line("zone", x.number),
                channel="transfer",
                text="salary",
                purpose="salary",
            ).rows
        )
    x.label("worker", serials(*blocks), customer=int(worker[0]), victim=True)
