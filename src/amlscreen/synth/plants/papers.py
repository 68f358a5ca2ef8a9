"""Plants in what the bank knows and staff noted: a third party in control, harm, evasion, owners, sectors, approval."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.book import Rows
from amlscreen.synth.outside import firm
from amlscreen.synth.plants.acts import banks, draws, gets, pays, sums
from amlscreen.synth.plants.instance import NOTHING, Instance, hours, serials

__all__ = [
    "avoids_the_report",
    "declared_never_seen",
    "evasive",
    "harm",
    "medical_cash",
    "one_owner_many_firms",
    "papers_of_others",
    "pep_without_approval",
    "purpose_does_not_fit",
    "risky_sector",
    "third_party_controls",
    "treatment",
    "words",
]


def _noted(x: Instance, customer: int, *codes: str, span: int = 50) -> None:
    for place, code in enumerate(codes):
        back = int(x.rng.integers(1, span))
        x.world.files.observations.append((customer, x.on(back, 34_000 + place * 900), code))


def third_party_controls(x: Instance) -> None:
    """HT-K01: staff noted that somebody else speaks, fills in and holds the papers."""
    account = x.one("at_home", "student", "garment_worker", "day_labourer")
    codes = ("SPOKEN_FOR", "PAPERS_HELD", "NEVER_ALONE", "COACHED")
    _noted(x, int(account[0]), *codes[: x.pick(4, 3, 2)])
    x.label("spoke", NOTHING, customer=int(account[0]), victim=True)


def papers_of_others(x: Instance) -> None:
    """HT-K02: one person hands in the papers of several who are not there."""
    account = x.one()
    _noted(x, int(account[0]), *("PAPERS_OF_OTHERS",) * x.pick(4, 3, 2), span=26)
    x.label("controller", NOTHING, customer=int(account[0]))


def harm(x: Instance) -> None:
    """HT-K14: staff noted signs of harm."""
    account = x.one("at_home", "student", "garment_worker")
    _noted(x, int(account[0]), *("INJURY", "FEAR", "EXHAUSTION")[: x.pick(3, 2, 1)])
    x.label("spoke", NOTHING, customer=int(account[0]), victim=True)


def evasive(x: Instance) -> None:
    """HT-K13: nobody could say where the money comes from, and it moves."""
    account = x.one()
    _noted(x, int(account[0]), *("EVASIVE", "CONTRADICTS", "SCRIPTED")[: x.pick(3, 2, 1)])
    size = x.pick(12, 8, 5)
    came = gets(x, account, x.moments(size, 26), sums(x, size, 3_000_000, 12_000_000), x.strangers(size))
    gone = draws(x, account, came.at + hours(20), came.amount * 9 // 10, counter=True)
    x.label("suspect", serials(came.rows, gone.rows), customer=int(account[0]))


def avoids_the_report(x: Instance) -> None:
    """HT-K15: a deposit over the line is taken back when a form is asked for; smaller ones follow within a day."""
    account = x.one()
    _noted(x, int(account[0]), *("BROKEN_OFF", "SPLIT_WHEN_ASKED")[: x.pick(2, 1, 1)], span=12)
    size = x.pick(4, 3, 2)
    at = x.moments(1, 2, closes=13, back=1)
    whole = x.rng.integers(202, 250, size=1) * 500_000 * 100
    broken = banks(x, account, at, whole)
    home, taken_back = x.home(account), broken.rows if x.intensity != "subtle" else NOTHING
    if len(taken_back):
        back = Rows(account, at + 600, whole, "cash", "reversal", kind="reversal", province=home, reverses=taken_back)
        taken_back = x.world.book.add(back)
    amount = x.rng.integers(x.pick(160, 140, 110), 199, size=size) * 500_000 * 100
    later = at[0] + np.sort(x.rng.integers(hours(1), hours(x.pick(20, 30, 44)), size=size))
    paid = banks(x, account, later, amount, number=np.arange(size))
    x.label("suspect", serials(broken.rows, taken_back, paid.rows), customer=int(account[0]))


def one_owner_many_firms(x: Instance) -> None:
    """HT-K10: a person of little means owns several firms, or nobody is known to own them."""
    owner, firms = (
        x.one("day_labourer", "at_home"),
        x.some(x.pick(6, 4, 3), "small_firm", "zone_trader", "massage", "karaoke"),
    )
    people = x.world.people
    people.owner_known[firms[:: x.pick(1, 2, 3)]] = False
    for one in firms:
        x.world.files.powers.append((int(one), int(owner[0]), "beneficial_owner", int(x.world.accounts.opened[one])))
        x.label("facilitator", NOTHING, customer=int(one))
    x.label("holder", NOTHING, customer=int(owner[0]))


def risky_sector(x: Instance) -> None:
    """HT-K11: a house in a risky trade, no licence seen, rated low, with a large turnover."""
    house = x.some(1, "massage", "karaoke", "guest_house", "zone_trader")
    people = x.world.people
    people.licensed[house], people.enhanced[house], people.rating[house] = False, False, x.pick("low", "low", "medium")
    size = x.between((36, 44), (24, 30), (12, 16))
    came = banks(
        x, house, x.moments(size, 80, closes=16), sums(x, size, 4_000_000, x.pick(20_000_000, 12_000_000, 6_000_000))
    )
    x.label("venue", came.rows, customer=int(house[0]))


def pep_without_approval(x: Instance) -> None:
    """HT-K12: a politically exposed person is active and nobody approved it."""
    account = x.one("office_worker", "retired")
    people = x.world.people
    people.pep[account], people.pep_approved[account], people.wealth_told[account] = (
        True,
        False,
        x.intensity == "subtle",
    )
    size = x.pick(12, 8, 5)
    came = gets(
        x,
        account,
        x.moments(size, 80),
        sums(x, size, 5_000_000, 40_000_000),
        firm(880 + np.arange(5)),
        channel="transfer",
    )
    x.label("holder", came.rows, customer=int(account[0]))


def declared_never_seen(x: Instance) -> None:
    """HT-K16: the trade given at opening leaves no trace; what moves has nothing to do with it."""
    account = x.one("online_seller", "shop", "small_firm")
    x.world.hermits.update(int(one) for one in account)
    size = x.between((30, 36), (18, 24), (10, 12))
    came = gets(x, account, x.moments(size, 80), sums(x, size, 3_000_000, 12_000_000), x.strangers(4), purpose="family")
    gone = draws(x, account, came.at + hours(20), came.amount * 9 // 10, counter=True)
    x.label("holder", serials(came.rows, gone.rows), customer=int(account[0]))


def purpose_does_not_fit(x: Instance) -> None:
    """HT-T14: tuition for somebody past study, wages from many payers, family money from many senders."""
    account = x.one("retired", "at_home", "market_trader")
    purpose = x.pick("salary", "tuition", "family")
    size = x.between((16, 20), (11, 14), (7, 9))
    came = gets(
        x,
        account,
        x.moments(size, 55),
        sums(x, size, 1_500_000, 6_000_000),
        x.strangers(size),
        channel="transfer",
        text="transfer",
        purpose=purpose,
    )
    gone = pays(x, account, came.at[::3] + hours(30), came.amount[::3] * 2, x.strangers(1))
    x.label("collector", serials(came.rows, gone.rows), customer=int(account[0]))


def words(x: Instance) -> None:
    """HT-T16: several senders write words of services or of debt and release."""
    account = x.one()
    size = x.between((12, 16), (7, 9), (2, 4))
    text = x.pick("service", "release", "debt")
    came = gets(
        x,
        account,
        x.moments(size, 26, opens=16, closes=24, back=1),
        sums(x, size, 300_000, 2_000_000),
        x.strangers(size),
        text=text,
    )
    x.label("collector", came.rows, customer=int(account[0]))


def treatment(x: Instance) -> None:
    """HT-T26: a go-between is paid by several people and pays clinics abroad, several times in half a year."""
    account = x.one("broker", "market_trader")
    blocks = []
    for cycle in range(x.pick(4, 3, 2)):
        size = x.between((5, 6), (4, 5), (2, 3))
        at = x.moments(size, 8, back=8 + cycle * 40)
        amount = sums(x, size, 30_000_000, 90_000_000, 1_000_000)
        came = gets(x, account, at, amount, x.strangers(size), channel="transfer", text="treatment")
        later, fee = at[-1:] + hours(40), np.array([came.total * x.pick(85, 75, 55) // 100])
        paid = pays(x, account, later, fee, firm(890), channel="wire", text="treatment", country="CN", mcc=8062)
        blocks += [came.rows, paid.rows]
    x.label("facilitator", serials(*blocks), customer=int(account[0]))


def medical_cash(x: Instance) -> None:
    """HT-T27: a nurse or doctor takes cash and sums from abroad that no ward pays."""
    account = x.one("office_worker")
    x.world.people.occupation[account] = x.pick("doctor", "nurse", "nurse")
    size = x.between((14, 18), (9, 12), (5, 7))
    high = x.pick(60_000_000, 35_000_000, 14_000_000)
    cash = banks(x, account, x.moments(size, 80, closes=16), sums(x, size, high // 3, high), number=np.arange(size))
    abroad = gets(
        x,
        account,
        x.moments(size // 2, 80),
        sums(x, size // 2, high // 2, high * 2),
        x.strangers(size // 2),
        channel="wire",
        text="treatment",
        country="CN",
    )
    x.label("suspect", serials(cash.rows, abroad.rows), customer=int(account[0]))
