"""What a bank honestly has on file of people: shared phones and devices, batches, powers, notes, owners, lists."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.calendar import Ints
from amlscreen.synth.outside import line, party
from amlscreen.synth.people import SHARED
from amlscreen.synth.world import World

__all__ = ["keep_files"]


def keep_files(world: World) -> None:
    """Contacts, onboarding, logins, powers, notes, papers and lists of everybody who has no part in a plant."""
    _households(world)
    _factories(world)
    _dormitories(world)
    _villages(world)
    _logins(world)
    _powers(world)
    _notes(world)
    _late_papers(world)
    _lists(world)


def _free(world: World, *segments: str) -> Ints:
    """Customers of those segments without a part in a plant."""
    who = world.people.of(*segments)
    taken = np.array(sorted(world.taken), np.int64)
    return np.setdiff1d(who, np.setdiff1d(taken, world.newcomers))


def _share(world: World, who: Ints, code: Ints, *, phone: bool = False, address: bool = False) -> None:
    if phone:
        world.people.phone[who] = code
    if address:
        world.people.address[who] = code


def _households(world: World) -> None:
    """Families share one phone and one house, two to five to a house."""
    rng = world.rng("households")
    who = rng.permutation(_free(world, "family", "farmer", "at_home", "retired", "day_labourer"))
    who = who[: len(who) // 2]
    size = rng.integers(2, 6, size=len(who))
    house = np.repeat(np.arange(len(who)), size)[: len(who)]
    where = world.people.province[who]
    world.people.province[who] = where[np.searchsorted(house, house)]
    _share(world, who, SHARED + house, address=True)
    phoned = who[rng.random(len(who)) < 0.6]
    _share(world, phoned, world.people.address[phoned], phone=True)
    world.alike("family on one phone", phoned)


def _factories(world: World) -> None:
    """A factory's workers come in batches on one day at one branch; for half of them its office's number is given."""
    rng = world.rng("factories")
    for number, factory in enumerate(world.people.of("garment_factory")):
        workers = np.intersect1d(_free(world, "garment_worker"), np.flatnonzero(world.people.employer == factory))
        batch = rng.integers(0, max(len(workers) // 18, 1), size=len(workers))
        day = world.calendar.first - 90 - batch * 41 - number
        world.people.onboarded[workers] = world.accounts.opened[workers] = day
        world.people.introducer[workers] = 100 + number
        world.people.province[workers] = world.people.province[factory]
        world.accounts.branch[workers] = 0
        office = np.full(len(workers), SHARED + 200_000 + number, np.int64)
        for share, what in ((0.5, "phone"), (0.3, "address")):
            some = rng.random(len(workers)) < share
            _share(world, workers[some], office[some], phone=what == "phone", address=what == "address")
        world.alike("factory batch and office phone", workers)


def _dormitories(world: World) -> None:
    """Students of one dormitory share phone and address, and were opened in one go at intake."""
    people = world.people
    students = np.intersect1d(_free(world, "student"), np.flatnonzero(people.dormitory >= 0))
    house = people.dormitory[students]
    _share(world, students, SHARED + 300_000 + house, phone=True, address=True)
    old = students[~np.isin(students, world.newcomers)]
    people.onboarded[old] = world.accounts.opened[old] = world.calendar.first - 120 - people.dormitory[old] % 3
    people.introducer[old] = 300 + people.dormitory[old] % 5
    world.accounts.branch[old] = people.dormitory[old] % 4
    world.alike("university intake in one dormitory", students)


def _villages(world: World) -> None:
    """Where houses have no number the village office's address and phone stand for dozens."""
    rng = world.rng("villages")
    farmers = _free(world, "farmer")
    farmers = farmers[(farmers % 3 == 0) & (world.people.address[farmers] == farmers)]
    village = world.people.province[farmers] * 3 + rng.integers(0, 3, size=len(farmers))
    _share(world, farmers, SHARED + 400_000 + village, address=True)
    few = farmers[rng.random(len(farmers)) < 0.25]
    _share(world, few, world.people.address[few], phone=True)
    world.alike("village office address", farmers)


def _logins(world: World) -> None:
    """Two adults in three use the app, on a device of their own or of the house; agents serve many on one device."""
    rng = world.rng("logins")
    people = world.people
    adults = np.flatnonzero(~people.entity & (people.guardian < 0)).astype(np.int64)
    users = adults[rng.random(len(adults)) < 0.66]
    who = np.repeat(users, rng.integers(2, 12, size=len(users)))
    day = rng.integers(0, world.calendar.days, size=len(who))
    at = world.calendar.at(day, rng.integers(6 * 3600, 23 * 3600, size=len(who)))
    house = people.address[who]
    of_house = (house >= SHARED) & (house < SHARED + 100_000) & (people.phone[who] == house)
    device = np.where(of_house, house, who)
    # One in thirty bought another phone half-way.
    device = np.where((who % 30 == 7) & (day > world.calendar.days // 2), who + 3_000_000, device)
    alive = at >= (people.onboarded[who] * 86_400)
    # A carrier lends its customers a few addresses.
    mobile = rng.random(len(who)) < 0.7
    ip = np.where(mobile, rng.integers(0, 40, size=len(who)), 1_000 + device % 30_000)
    world.files.logins.append((who[alive], at[alive], device[alive], ip[alive], "LA"))
    _agents(world, rng, users)


def _agents(world: World, rng: np.random.Generator, users: Ints) -> None:
    """Mobile-money agents log customers in on the shop's device; a migrant logs in from over the border."""
    agents = world.people.of("mobile_agent")
    served = rng.permutation(users)[: len(agents) * 14]
    if not len(served):
        return
    shop = agents[np.arange(len(served)) % len(agents)]
    at = world.calendar.at(
        rng.integers(20, world.calendar.days, size=len(served)), rng.integers(8, 18, size=len(served)) * 3600
    )
    world.files.logins.append((served, at, shop + 5_000_000, 500 + shop % 500, "LA"))
    world.alike("served on an agent's device", served)
    away = np.intersect1d(users, world.people.of("family", "farmer"))[::25]
    at = world.calendar.at(rng.integers(20, world.calendar.days, size=len(away)), 70_000)
    world.files.logins.append((away, at, away + 6_000_000, 600 + away % 300, "TH"))
    world.alike("logs in from abroad", away)


def _powers(world: World) -> None:
    """Village heads, school offices and grown children sign for others; firms have one or two owners on record."""
    rng, people = world.rng("powers"), world.people
    old = _free(world, "retired")
    for one in old[rng.random(len(old)) < 0.15]:
        child = int(rng.choice(people.of("office_worker")))
        world.files.powers.append((int(one), child, "proxy", int(world.accounts.opened[one])))
    students = _free(world, "student")
    offices = people.of("office_worker")[:2]
    for one in students[:: max(len(students) // 24, 8)]:
        world.files.powers.append(
            (int(one), int(offices[int(one) % len(offices)]), "signatory", int(world.accounts.opened[one]))
        )
        world.alike("school office signs", np.array([one]))
    firms = np.flatnonzero(people.entity).astype(np.int64)
    owners = rng.permutation(_free(world, "shop", "market_trader", "landlord", "broker", "office_worker"))
    owned = {account for account, _, role, _ in world.files.powers if role == "beneficial_owner"}
    for place, firm in enumerate(firms):
        if int(firm) not in owned and len(owners):
            # A family has two or three firms; some owners are simply not on record.
            world.files.powers.append(
                (
                    int(firm),
                    int(owners[place * 2 // 3 % len(owners)]),
                    "beneficial_owner",
                    int(world.accounts.opened[firm]),
                )
            )
    quiet = firms[rng.random(len(firms)) < 0.08]
    people.owner_known[np.setdiff1d(quiet, np.array(sorted(world.taken), np.int64))] = False


def _notes(world: World) -> None:
    """Staff note the carer of an old person, an interpreter, somebody ill: single codes, rarely two."""
    rng = world.rng("notes")
    who = _free(world, "retired", "farmer", "garment_worker", "at_home", "market_trader")
    chosen = who[rng.random(len(who)) < 0.004]
    codes = (
        "SPOKEN_FOR",
        "ILL",
        "EVASIVE",
        "BROKEN_OFF",
        "NEVER_ALONE",
    )
    for one in chosen:
        day = int(rng.integers(1, world.calendar.days))
        at = int(world.calendar.at(day, 36_000))
        world.files.observations.append((int(one), at, codes[int(rng.integers(0, len(codes)))]))
    world.alike("one note of staff", chosen)


def _late_papers(world: World) -> None:
    """One in thirty is late with a renewal, mostly far from town."""
    rng, people = world.rng("late papers"), world.people
    who = np.setdiff1d(np.arange(len(people)), np.array(sorted(world.taken), np.int64))
    late = who[rng.random(len(who)) < 0.03]
    last = world.calendar.first + world.calendar.last
    people.id_expiry[late] = last - rng.integers(1, 120, size=len(late))
    people.review_due[late] = people.id_expiry[late] + 30
    world.alike("late with a renewal", late)


def _lists(world: World) -> None:
    """The lists a bank keeps: exchanges, games, adverts and venues by account; a few reports that came to nothing."""
    since = world.calendar.first - 200
    for name, category in (
        ("exchange", "exchange"),
        ("gaming", "gaming"),
        ("advert", "advert"),
        ("venue", "high_risk_service"),
        ("zone", "high_risk_service"),
    ):
        for number in range(10):
            other = party(int(line(name, number)))
            # Lists have holes: two in ten of each line are not on it.
            if number % 5 != 4:
                world.files.listed.append(("account", f"{other.institution}/{other.account}", category, since))
    rng = world.rng("old reports")
    who = _free(world, "market_trader", "shop", "office_worker")
    told = who[rng.random(len(who)) < 0.001]
    for one in told:
        world.files.earlier.append(("reports", int(one), world.calendar.first - int(rng.integers(30, 900)), "closed"))
    world.alike("reported years ago", told)
