"""What the parts of a synthetic bank share while it is being made."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from amlscreen.synth.book import Book
from amlscreen.synth.calendar import Calendar, Ints
from amlscreen.synth.outside import has_account, person
from amlscreen.synth.people import People, make_people

__all__ = ["Accounts", "Files", "Label", "World", "make_world"]


@dataclass
class Accounts:
    """Accounts as columns. Account ``i`` below the number of customers is customer ``i``'s main one, in kip."""

    owner: Ints
    joint: Ints
    currency: NDArray[np.str_]
    product: NDArray[np.str_]
    opened: Ints
    declared: Ints
    branch: Ints
    merchant: NDArray[np.bool_]
    purpose: NDArray[np.str_]

    def second(self, currency: str) -> Ints:
        """The accounts beyond the main ones in that currency."""
        main = int(self.owner.max()) + 1
        return np.flatnonzero((np.arange(len(self.owner)) >= main) & (self.currency == currency)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Label:
    """One subject's part in one planted instance, and the rows planted for it.

    The subject is a customer, or, where ``customer`` is -1, the outside party ``party``. ``story`` is the typology of a
    ring, or ``alone``; ``possible_victim`` is set for those a bank should protect rather than name.
    """

    instance: str
    typology: str
    intensity: str
    role: str
    customer: int = -1
    party: int = -1
    rows: tuple[int, ...] = ()
    story: str = "alone"
    possible_victim: bool = False


@dataclass
class Files:
    """What the bank keeps beside money: logins, notes, powers over accounts, earlier reports, lists.

    Times are local seconds, days are since 1970-01-01. A subject of ``earlier`` is a customer, or an outside party's
    code.
    """

    logins: list[tuple[Ints, Ints, Ints, Ints, str]] = field(default_factory=list)
    observations: list[tuple[int, int, str]] = field(default_factory=list)
    powers: list[tuple[int, int, str, int]] = field(default_factory=list)
    earlier: list[tuple[str, int, int, str]] = field(default_factory=list)
    listed: list[tuple[str, str, str, int]] = field(default_factory=list)


@dataclass
class World:
    """Days, people, accounts and the book. Each part has its own draws, so that one never shifts another.

    ``taken`` have a part in a plant, ``groups`` are innocent look-alikes, ``hermits`` have no ordinary life.
    """

    calendar: Calendar
    seed: int
    people: People
    accounts: Accounts
    book: Book = field(default_factory=Book)
    labels: list[Label] = field(default_factory=list)
    recalls: list[tuple[int, int, str]] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    newcomers: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    files: Files = field(default_factory=Files)
    groups: dict[str, list[int]] = field(default_factory=dict)
    hermits: set[int] = field(default_factory=set)
    _strangers: int = 20_000_000

    def rng(self, name: str) -> np.random.Generator:
        """The draws of one part."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    def cast(self, rng: np.random.Generator, size: int, *segments: str) -> Ints:
        """So many customers of those segments who have no part in another plant yet."""
        free = [int(who) for who in rng.permutation(self.people.of(*segments)) if int(who) not in self.taken]
        self.taken.update(free[:size])
        return np.array(free[:size], np.int64)

    def alike(self, group: str, who: Ints) -> None:
        """Note innocent customers who look like a pattern; a customer may belong to several groups."""
        self.groups.setdefault(group, []).extend(int(one) for one in who)

    def strangers(self, size: int, *, any_known: bool = False) -> Ints:
        """Outside persons nobody has met before: by default those known by an account."""
        ahead = range(self._strangers, self._strangers + 2 * size + 9)
        chosen = [number for number in ahead if any_known or has_account(number)]
        self._strangers = chosen[size - 1] + 1
        return person(np.array(chosen[:size], np.int64))


def _accounts(rng: np.random.Generator, people: People) -> Accounts:
    """A main account each; a fifth of adults save on a second, one in twenty-five holds foreign money."""
    size = len(people)
    everyone = np.arange(size)
    child = np.zeros(size, np.bool_)
    child[people.of("child")] = True
    adults = everyone[~child]
    savers = adults[rng.random(len(adults)) < 0.2]
    foreign = adults[rng.random(len(adults)) < 0.04]
    money = np.array(["THB", "USD", "CNY"])[rng.integers(0, 3, size=len(foreign))]
    owner = np.concatenate([everyone, savers, foreign]).astype(np.int64)
    joint = np.full(len(owner), -1, np.int64)
    couples = rng.permutation(people.of("family", "farmer", "market_trader"))
    couples = couples[: len(couples) // 12 * 2].reshape(-1, 2)
    joint[couples[:, 0]] = couples[:, 1]
    merchant = np.zeros(len(owner), np.bool_)
    merchant[people.of("shop", "guest_house", "wholesaler", "karaoke", "massage", "canteen")] = True
    later = np.concatenate([np.zeros(size, np.int64), rng.integers(0, 60, size=len(owner) - size)])
    return Accounts(
        owner=owner,
        joint=joint,
        currency=np.concatenate([np.full(size + len(savers), "LAK"), money]),
        product=np.concatenate(
            [
                np.where(people.entity, "CURRENT", "SAVINGS").astype("U12"),
                np.full(len(savers), "SAVINGS+"),
                np.full(len(foreign), "FCY"),
            ]
        ),
        opened=np.minimum(people.onboarded[owner] + later, people.onboarded[owner] + 59),
        branch=rng.integers(0, 4, size=len(owner)),
        declared=np.where(people.entity, 300_000_000, np.maximum(people.income * 2, 2_000_000))[owner],
        merchant=merchant,
        purpose=np.where(people.entity, "business", np.where(people.employer >= 0, "salary", "savings"))[owner],
    )


def _newcomers(world: World) -> None:
    """One in twenty-five of some walks of life opens an account while the data runs; nothing is planted on them."""
    rng, calendar, people = world.rng("newcomers"), world.calendar, world.people
    possible = people.of("shop", "online_seller", "student", "day_labourer", "office_worker", "small_firm")
    chosen = possible[rng.random(len(possible)) < 0.04]
    opened = calendar.first + rng.integers(20, calendar.days - 30, size=len(chosen))
    people.onboarded[chosen] = people.alive_from[chosen] = opened
    accounts = np.flatnonzero(np.isin(world.accounts.owner, chosen))
    world.accounts.opened[accounts] = people.onboarded[world.accounts.owner[accounts]]
    world.newcomers = chosen
    world.alike("newly opened account", chosen)
    world.taken.update(int(who) for who in chosen)


def make_world(customers: int, calendar: Calendar, seed: int) -> World:
    """People and accounts, and an empty book."""
    people = make_people(np.random.default_rng([seed, 1]), customers, calendar)
    world = World(calendar, seed, people, _accounts(np.random.default_rng([seed, 2]), people))
    _newcomers(world)
    return world
