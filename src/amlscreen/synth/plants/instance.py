"""One planted instance of one typology, and how strong it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from amlscreen.synth.calendar import DAY, Ints
from amlscreen.synth.ways import deposit, receive
from amlscreen.synth.world import Label, World

__all__ = ["INTENSITIES", "PLAIN", "Instance", "from_strangers", "hours", "instances", "serials"]

INTENSITIES = ("blatant", "moderate", "subtle")
# People without wages over the bank, so that what is planted is not drowned by a salary.
PLAIN = ("at_home", "day_labourer")
_NEXT_BEST = ("retired", "student", "family")
_ANYBODY = ("farmer", "market_trader", "garment_worker", "office_worker", "driver", "shop")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Instance:
    """``name`` is unique in the bank; ``end`` is the last day (counted from 0) of what is planted."""

    name: str
    typology: str
    intensity: str
    rng: np.random.Generator
    world: World
    end: int

    def pick(self, blatant: T, moderate: T, subtle: T) -> T:
        """The value for this instance's intensity."""
        return (blatant, moderate, subtle)[INTENSITIES.index(self.intensity)]

    def between(self, blatant: tuple[int, int], moderate: tuple[int, int], subtle: tuple[int, int]) -> int:
        """A whole number from this instance's range, both ends included. Subtle ranges reach below what cards ask."""
        low, high = self.pick(blatant, moderate, subtle)
        return int(self.rng.integers(low, high + 1))

    def one(self, *segments: str) -> Ints:
        """One customer for the leading part, as an array of one."""
        for kind in (segments or PLAIN, _NEXT_BEST, _ANYBODY):
            found = self.world.cast(self.rng, 1, *kind)
            if len(found):
                break
        return found

    def days_before(self, span: int, size: int) -> Ints:
        """So many local seconds spread over the ``span`` days up to ``end``, by day, in order."""
        day = np.sort(self.rng.integers(self.end - span + 1, self.end + 1, size=size))
        day[-1] = self.end
        return self.world.calendar.at(day, self.rng.integers(8 * 3600, 16 * 3600, size=size))

    def label(self, role: str, rows: Ints, *, customer: int = -1, party: int = -1, typology: str | None = None) -> None:
        """Note one subject's part, in this instance's typology unless another is named."""
        shows = typology or self.typology
        kept = tuple(int(row) for row in rows)
        self.world.labels.append(Label(self.name, shows, self.intensity, role, customer, party, kept))


def instances(world: World, typology: str) -> Iterator[Instance]:
    """As many instances as suit the bank: two in the smallest, three from 200 customers, one for 330 in large ones.

    All end within the last three weeks, so that a run at the end of the data can alert on each.
    """
    customers = len(world.people)
    count = max(min(1 + customers // 100, 3), customers // 330)
    for number in range(count):
        rng = world.rng(f"{typology} {number}")
        end = world.calendar.last - int(rng.integers(1, 20))
        yield Instance(f"{typology}-{number + 1:03d}", typology, INTENSITIES[number % 3], rng, world, end)


def from_strangers(instance: Instance, account: Ints, at: Ints, amount: Ints, *, payers: Ints, province: Ints) -> Ints:
    """Payments from people outside: transfers, and every third in cash over a counter of that province."""
    world = instance.world
    who = np.broadcast_to(account, at.shape)
    order = np.arange(len(at))
    over_counter = order % 3 == 2
    by_transfer = ~over_counter
    sent = receive(
        world,
        who[by_transfer],
        at[by_transfer],
        amount[by_transfer],
        payers[by_transfer],
        province=province[by_transfer],
    )
    paid_in = deposit(
        world,
        who[over_counter],
        at[over_counter],
        amount[over_counter],
        province=province[over_counter],
        number=order[over_counter],
        conductor=payers[over_counter],
    )
    return np.concatenate([sent, paid_in])


def serials(*blocks: Ints) -> Ints:
    """Row numbers of several blocks as one."""
    return np.concatenate([np.empty(0, np.int64), *blocks])


def hours(number: float) -> int:
    """Hours in seconds."""
    return int(number * DAY) // 24
