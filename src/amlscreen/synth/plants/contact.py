"""Plants about shared contact and devices: one hand behind many names, accounts opened in a batch, lists."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.calendar import Ints
from amlscreen.synth.names import customer_id, id_number, phone_number
from amlscreen.synth.outside import line, party
from amlscreen.synth.people import SHARED
from amlscreen.synth.plants.account import open_lately
from amlscreen.synth.plants.acts import gets, hands_on, log_in, sums
from amlscreen.synth.plants.instance import NOTHING, Instance, serials

__all__ = [
    "added_holders",
    "advert_contact",
    "batch_opened",
    "designated",
    "device_of",
    "in_the_news",
    "listed_party",
    "listed_phone",
    "one_device",
    "shared_contact",
    "shared_identity",
    "sold_account",
    "young_and_new",
]


def device_of(x: Instance) -> int:
    """A device nobody else has."""
    return 8_000_000 + int(x.rng.integers(0, 900_000))


def _fed(x: Instance, who: Ints, size: int, share: int, span: int = 25) -> Ints:
    """Money of strangers comes to one customer and moves on within a day."""
    came = gets(
        x, who, x.moments(size, span, closes=22, back=2), sums(x, size, 2_000_000, 9_000_000), x.strangers(size)
    )
    return serials(came.rows, hands_on(x, who, came, share, (1, 20), x.strangers(2)).rows)


def shared_contact(x: Instance) -> None:
    """HT-N03: people who seem to have nothing to do with each other give one phone and address."""
    members = x.some(x.between((6, 8), (4, 5), (3, 4)))
    code = SHARED + 500_000 + int(x.rng.integers(0, 90_000))
    x.world.people.phone[members] = code
    if x.intensity != "subtle":
        x.world.people.address[members] = code
    for place, member in enumerate(members):
        fed = place < x.pick(len(members), 3, 2)
        x.label("mule", _fed(x, np.array([member]), x.pick(10, 7, 5), 92) if fed else NOTHING, customer=int(member))


def shared_identity(x: Instance) -> None:
    """HT-K03: one identity number, or one e-mail and phone, stands under several names."""
    members = x.some(x.pick(4, 3, 3), "garment_worker", "day_labourer", "at_home", "family")
    people = x.world.people
    if x.intensity == "blatant":
        people.id_number[members] = people.id_number[members[0]]
    if x.intensity != "subtle":
        people.email[members] = SHARED + 600_000 + x.number
    people.phone[members] = SHARED + 600_000 + int(x.rng.integers(0, 90_000))
    for member in members:
        x.label("holder", NOTHING, customer=int(member))


def one_device(x: Instance) -> None:
    """HT-N04: accounts in several names are run from one device and behave alike."""
    members = x.some(x.between((6, 8), (4, 5), (3, 3)))
    device = device_of(x)
    log_in(x, members, device, times=x.pick(9, 6, 3))
    if x.intensity == "subtle":
        for member in members:
            log_in(x, np.array([member]), int(member), times=4)
    for member in members:
        x.label("mule", _fed(x, np.array([member]), x.pick(12, 8, 6), x.pick(96, 92, 84)), customer=int(member))


def batch_opened(x: Instance) -> None:
    """HT-K04: an introducer brings people to one branch on one day, all of one address, and money follows."""
    members = x.some(x.between((9, 12), (6, 7), (4, 5)), "at_home", "day_labourer", "student")
    age, people, accounts = x.pick(25, 40, 55), x.world.people, x.world.accounts
    for place, member in enumerate(members):
        open_lately(x, np.array([member]), age + (place % 3 if x.intensity == "subtle" else 0))
    people.introducer[members] = 7_000 + int(x.rng.integers(0, 900))
    people.address[members] = SHARED + 700_000 + int(x.rng.integers(0, 90_000))
    accounts.branch[members] = int(x.rng.integers(0, 4))
    people.province[members] = people.province[members[0]]
    for place, member in enumerate(members):
        fed = (
            _fed(x, np.array([member]), x.pick(7, 5, 3), 94, 15) if place < len(members) - x.pick(0, 1, 2) else NOTHING
        )
        x.label("mule", fed, customer=int(member), victim=place % 2 == 0)


def sold_account(x: Instance) -> None:
    """HT-S01: weeks after opening, device and country of the logins change and money begins to run through."""
    account = x.one("student", "at_home", "day_labourer")
    open_lately(x, account, x.pick(24, 30, 40))
    log_in(x, account, int(account[0]), span=4, times=3)
    log_in(x, account, device_of(x), span=x.pick(14, 12, 10), country=x.pick("MM", "KH", "LA"), times=x.pick(20, 12, 6))
    x.label(
        "mule", _fed(x, account, x.between((14, 18), (9, 11), (5, 7)), x.pick(98, 93, 85), 12), customer=int(account[0])
    )


def added_holders(x: Instance) -> None:
    """HT-N11: within weeks several people are added to one account."""
    account = x.one()
    added = x.world.people.of("at_home", "student", "day_labourer", "farmer")
    for place, other in enumerate(x.rng.permutation(added)[: x.between((6, 8), (4, 5), (2, 3))]):
        since = x.world.calendar.first + x.end - 5 - place * x.pick(4, 9, 25)
        x.world.files.powers.append((int(account[0]), int(other), x.pick("joint", "proxy", "proxy"), since))
    x.label("collector", NOTHING, customer=int(account[0]))


def young_and_new(x: Instance) -> None:
    """HT-K07: a very young new customer, signed for by an adult who is no kin, takes strangers' money."""
    account = x.one("student", "gamer", "at_home")
    x.world.people.born[account] = x.world.calendar.first - 365 * x.pick(18, 19, 22)
    open_lately(x, account, x.pick(30, 40, 55))
    adult = x.rng.permutation(x.world.people.of("broker", "market_trader"))[:1]
    x.world.files.powers.append((int(account[0]), int(adult[0]), "signatory", int(x.world.accounts.opened[account[0]])))
    x.label(
        "spoke",
        _fed(x, account, x.between((16, 20), (10, 13), (6, 8)), x.pick(95, 88, 75), 22),
        customer=int(account[0]),
        victim=True,
    )


def _list(x: Instance, kind: str, value: str, category: str) -> None:
    x.world.files.listed.append((kind, value, category, x.world.calendar.first - 90))


def advert_contact(x: Instance) -> None:
    """HT-K06: the phone on file also stands in adverts that somebody collected."""
    account = x.one("at_home", "student", "massage")
    _list(x, "phone", phone_number(int(x.world.people.phone[account[0]])), x.pick("advert", "advert", "recruitment"))
    rows = _fed(x, account, x.between((16, 20), (9, 12), (4, 6)), x.pick(90, 80, 60))
    x.label("spoke", rows, customer=int(account[0]), victim=True)


def listed_phone(x: Instance) -> None:
    """HT-W04: phone or e-mail of a listed party."""
    account = x.one()
    _list(x, "phone", phone_number(int(x.world.people.phone[account[0]])), "high_risk_service")
    if x.intensity == "blatant":
        _list(x, "customer", customer_id(int(account[0])), "adverse_media")
    x.label("suspect", _fed(x, account, x.pick(10, 6, 4), 90), customer=int(account[0]))


def listed_party(x: Instance) -> None:
    """HT-W03: money moves with a listed exchanger or venue."""
    account = x.one()
    size = x.between((8, 10), (4, 5), (1, 2))
    came = gets(x, account, x.moments(size, 25, back=2), sums(x, size, 5_000_000, 30_000_000), line("venue", x.number))
    x.label(
        "suspect",
        serials(came.rows, hands_on(x, account, came, 80, (4, 40), x.strangers(2)).rows),
        customer=int(account[0]),
    )


def in_the_news(x: Instance) -> None:
    """HT-W02: the bank's own list of press reports names the customer, or the account that pays again and again."""
    account = x.one()
    payer = x.world.strangers(1)
    other = party(int(payer[0]))
    kind, value = x.pick(
        ("id_number", id_number(int(x.world.people.id_number[account[0]]))),
        ("phone", phone_number(int(x.world.people.phone[account[0]]))),
        ("account", f"{other.institution}/{other.account}"),
    )
    _list(x, kind, value, "adverse_media")
    size = x.pick(10, 6, 3)
    came = gets(x, account, x.moments(size, 25, back=2), sums(x, size, 4_000_000, 20_000_000), payer)
    x.label("suspect", came.rows, customer=int(account[0]))


def designated(x: Instance) -> None:
    """HT-W01: a customer, or one who pays a customer, stands on a list of designated parties."""
    account = x.one()
    payer = x.world.strangers(1)
    other = party(int(payer[0]))
    kind, value = x.pick(
        ("id_number", id_number(int(x.world.people.id_number[account[0]]))),
        ("customer", customer_id(int(account[0]))),
        ("account", f"{other.institution}/{other.account}"),
    )
    _list(x, kind, value, "designated")
    size = x.pick(6, 3, 1)
    came = gets(x, account, x.moments(size, 25, back=2), sums(x, size, 4_000_000, 20_000_000), payer)
    x.label("suspect", came.rows, customer=int(account[0]))
