"""One planted instance of one typology, and how strong it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from amlscreen.synth.calendar import DAY, Ints
from amlscreen.synth.ways import deposit, receive
from amlscreen.synth.world import Label, World

__all__ = ["INTENSITIES", "NOTHING", "PLAIN", "Full", "Instance", "from_strangers", "hours", "serials"]

INTENSITIES = ("blatant", "moderate", "subtle")
NOTHING = np.empty(0, np.int64)
# People without wages over the bank: what is planted on them is not drowned by a salary.
PLAIN = ("at_home", "day_labourer")
_NEXT_BEST = ("retired", "student", "family")
_HOUSES = ("massage", "karaoke", "guest_house", "zone_trader")
_ANYBODY = ("farmer", "market_trader", "garment_worker", "office_worker", "driver", "shop")
T = TypeVar("T")


class Full(Exception):
    """The bank has nobody left for a part; the instance is left out."""


@dataclass(frozen=True, slots=True)
class Instance:
    """``name`` is unique in the bank; ``end`` is the last day (counted from 0) of what is planted."""

    name: str
    typology: str
    intensity: str
    rng: np.random.Generator
    world: World
    end: int
    number: int = 0
    story: str = "alone"

    def pick(self, blatant: T, moderate: T, subtle: T) -> T:
        """The value for this instance's intensity."""
        return (blatant, moderate, subtle)[INTENSITIES.index(self.intensity)]

    def between(self, blatant: tuple[int, int], moderate: tuple[int, int], subtle: tuple[int, int]) -> int:
        """A whole number from this instance's range, both ends included. Subtle ranges reach below what cards ask."""
        low, high = self.pick(blatant, moderate, subtle)
        return int(self.rng.integers(low, high + 1))

    def one(self, *segments: str) -> Ints:
        """One customer for the leading part, as an array of one.

        Unless a way of life is asked for, blatant ones have little else on their accounts, subtle ones live a full life
        with wages or takings.
        """
        return self.some(1, *(segments or self.pick(PLAIN, (*PLAIN, *_NEXT_BEST), (*_NEXT_BEST, *_ANYBODY))))

    def some(self, size: int, *segments: str) -> Ints:
        """So many customers of those segments, of any other walk of life where they run out."""
        found = self.world.cast(self.rng, size, *(segments or (*PLAIN, *_NEXT_BEST)))
        if len(found) < size and set(segments) & set(_HOUSES):
            raise Full
        if len(found) < size:
            found = np.concatenate([found, self.world.cast(self.rng, size - len(found), *PLAIN, *_NEXT_BEST)])
        if len(found) < size:
            found = np.concatenate([found, self.world.cast(self.rng, size - len(found), *_ANYBODY)])
        if len(found) < size:
            raise Full
        return found

    def strangers(self, size: int) -> Ints:
        """Outside people; in subtle instances some are known by a phone or a name only."""
        return self.world.strangers(size, any_known=self.intensity == "subtle")

    def moments(self, size: int, span: int, *, opens: int = 8, closes: int = 21, back: int = 0) -> Ints:
        """So many local seconds in order, between two hours, in ``span`` days up to ``back`` days before the end."""
        last = max(self.end - back, 0)
        day = np.sort(self.rng.integers(max(last - span + 1, 0), last + 1, size=size))
        day[-1:] = last
        return np.sort(self.world.calendar.at(day, self.rng.integers(opens * 3600, closes * 3600, size=size)))

    def days_before(self, span: int, size: int) -> Ints:
        """So many local seconds of office hours spread over the ``span`` days up to ``end``, in order."""
        return self.moments(size, span, opens=8, closes=16)

    def on(self, back: int, second: int = 36_000) -> int:
        """Local seconds of a day so many days before the end."""
        return int(self.world.calendar.at(self.end - back, second))

    def home(self, account: Ints) -> Ints:
        """The province the account's owner lives in."""
        return self.world.people.province[self.world.accounts.owner[account]]

    def label(
        self,
        role: str,
        rows: Ints,
        *,
        customer: int = -1,
        party: int = -1,
        typology: str | Sequence[str] | None = None,
        victim: bool = False,
    ) -> None:
        """Note one subject's part, in this instance's typology unless others are named."""
        kept = tuple(int(row) for row in rows)
        shown = [typology] if isinstance(typology, str) else (typology or [self.typology])
        for one in shown:
            self.world.labels.append(
                Label(self.name, one, self.intensity, role, customer, party, kept, self.story, victim)
            )


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
