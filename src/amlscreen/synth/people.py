"""The customers of a synthetic bank: who they are, what they do, what the bank knows of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.synth.calendar import Calendar, Ints
from amlscreen.synth.geography import WEIGHTS

__all__ = ["SEGMENTS", "People", "Segment", "make_people"]

_YEAR = 365


@dataclass(frozen=True, slots=True)
class Segment:
    """A way of life: its share of a thousand customers, fewest in any bank, monthly income in thousand kip."""

    name: str
    share: int
    fewest: int
    occupations: tuple[str, ...]
    income: tuple[int, int]
    entity: bool = False


SEGMENTS = (
    Segment("garment_worker", 130, 8, ("garment worker",), (2_500, 4_500)),
    Segment("office_worker", 110, 8, ("clerk", "teacher", "nurse", "civil servant"), (3_000, 9_000)),
    Segment("farmer", 120, 5, ("farmer",), (1_000, 4_000)),
    Segment("market_trader", 80, 5, ("market seller", "trade"), (3_000, 12_000)),
    Segment("student", 70, 8, ("student",), (500, 1_500)),
    Segment("family", 80, 5, ("housekeeper", "farmer"), (500, 2_500)),
    Segment("shop", 60, 4, ("shopkeeper", "trade"), (4_000, 20_000)),
    Segment("online_seller", 30, 2, ("online seller", "trade"), (3_000, 10_000)),
    Segment("driver", 25, 2, ("delivery driver",), (2_500, 6_000)),
    Segment("day_labourer", 110, 8, ("day labourer",), (1_500, 3_000)),
    Segment("landlord", 12, 1, ("landlord",), (5_000, 20_000)),
    Segment("retired", 45, 2, ("retired",), (1_000, 3_000)),
    Segment("at_home", 60, 6, ("at home", "unemployed"), (300, 1_500)),
    Segment("child", 32, 6, ("child",), (0, 0)),
    Segment("savings_treasurer", 6, 1, ("market seller",), (3_000, 8_000)),
    Segment("paymaster", 2, 1, ("farm foreman",), (3_000, 6_000)),
    Segment("garment_factory", 3, 1, ("garment",), (0, 0), entity=True),
    Segment("office_employer", 5, 1, ("services",), (0, 0), entity=True),
    Segment("guest_house", 6, 1, ("guest house",), (0, 0), entity=True),
    Segment("temple", 4, 1, ("religious association",), (0, 0), entity=True),
    Segment("labour_agency", 2, 1, ("labour agency",), (0, 0), entity=True),
    Segment("farm", 2, 1, ("plantation",), (0, 0), entity=True),
    Segment("wholesaler", 4, 1, ("wholesale", "fuel station"), (0, 0), entity=True),
    Segment("small_firm", 8, 2, ("trading", "construction", "transport"), (0, 0), entity=True),
)
_CODE = {segment.name: code for code, segment in enumerate(SEGMENTS)}


@dataclass
class People:
    """Customers as columns, in the order of their numbers. Days are counted since 1970-01-01.

    ``employer`` and ``guardian`` are customers, -1 for none. ``alive_from`` is the first day on which the customer's
    account does anything of its own. ``dormitory`` groups students who share a phone.
    """

    segment: Ints
    province: Ints
    income: Ints
    occupation: NDArray[np.str_]
    female: NDArray[np.bool_]
    nationality: NDArray[np.str_]
    born: Ints
    onboarded: Ints
    id_expiry: Ints
    employer: Ints
    guardian: Ints
    dormitory: Ints
    alive_from: Ints
    entity: NDArray[np.bool_]
    licensed: NDArray[np.bool_]
    kinship: NDArray[np.str_]
    kinship_proved: NDArray[np.bool_]
    blank: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.segment)

    def of(self, *segments: str) -> Ints:
        """The customers of those segments, in order."""
        return np.flatnonzero(np.isin(self.segment, [_CODE[name] for name in segments])).astype(np.int64)


def _segments(rng: np.random.Generator, customers: int) -> Ints:
    fewest = np.array([segment.fewest for segment in SEGMENTS])
    share = np.array([segment.share for segment in SEGMENTS])
    size = np.maximum(customers * share // share.sum(), fewest)
    size[_CODE["office_worker"]] += customers - size.sum()
    return rng.permutation(np.repeat(np.arange(len(SEGMENTS)), size))


def _born(rng: np.random.Generator, people: Ints, today: int) -> Ints:
    age = rng.integers(19, 62, size=len(people))
    for name, low, high in (("child", 5, 17), ("student", 18, 25), ("retired", 58, 80), ("garment_worker", 18, 40)):
        members = people == _CODE[name]
        age[members] = rng.integers(low, high, size=int(members.sum()))
    return np.asarray(today - age * _YEAR - rng.integers(0, 300, size=len(people)) - 30, np.int64)


def _employers(rng: np.random.Generator, segment: Ints) -> Ints:
    """Each worker's employer: factories have hundreds, offices few; a third of office staff work elsewhere."""
    employer = np.full(len(segment), -1, np.int64)
    for workers, firms in (("garment_worker", "garment_factory"), ("office_worker", "office_employer")):
        members = np.flatnonzero(segment == _CODE[workers])
        employers = np.flatnonzero(segment == _CODE[firms])
        employer[members] = employers[rng.integers(0, len(employers), size=len(members))]
    clerks = np.flatnonzero(segment == _CODE["office_worker"])
    employer[clerks[rng.integers(0, 3, size=len(clerks)) == 0]] = -1
    return employer


def _guardians(rng: np.random.Generator, segment: Ints) -> Ints:
    """Each child's parent, one to three children to a parent."""
    guardian = np.full(len(segment), -1, np.int64)
    children = np.flatnonzero(segment == _CODE["child"])
    parents = np.flatnonzero(np.isin(segment, [_CODE[name] for name in ("office_worker", "market_trader", "family")]))
    chosen = rng.permutation(parents)
    size = rng.integers(1, 4, size=len(children))
    guardian[children] = np.repeat(np.resize(chosen, len(size)), size)[: len(children)]
    return guardian


def make_people(rng: np.random.Generator, customers: int, calendar: Calendar) -> People:
    """So many customers, all of them with their papers in order."""
    segment = _segments(rng, customers)
    size = len(segment)
    today = calendar.first
    low, high = (np.array([row.income[side] for row in SEGMENTS])[segment] for side in (0, 1))
    names = [row.occupations for row in SEGMENTS]
    widest = max(map(len, names))
    jobs = np.array([[row[index % len(row)] for index in range(widest)] for row in names])
    entity = np.array([row.entity for row in SEGMENTS])[segment]
    onboarded = today - rng.integers(60, 3_000, size=size)
    students = np.cumsum(segment == _CODE["student"])
    foreign = np.array(["LA"] * 96 + ["TH", "VN", "CN", "CN"])
    return People(
        segment=segment,
        province=rng.choice(len(WEIGHTS), size=size, p=WEIGHTS).astype(np.int64),
        income=np.asarray((low + (high - low) * rng.random(size) ** 2) // 100 * 100_000, np.int64),
        occupation=jobs[segment, rng.integers(0, widest, size=size)],
        female=rng.random(size) < 0.52,
        nationality=np.where(entity, "LA", foreign[rng.integers(0, 100, size=size)]),
        born=_born(rng, segment, today),
        onboarded=onboarded,
        id_expiry=today + calendar.days + rng.integers(30, 2_500, size=size),
        employer=_employers(rng, segment),
        guardian=_guardians(rng, segment),
        dormitory=np.where((segment == _CODE["student"]) & (students % 3 > 0), students // 9, -1),
        alive_from=np.full(size, today, np.int64),
        entity=entity,
        licensed=segment == _CODE["labour_agency"],
        kinship=np.where(segment == _CODE["child"], "parent", "").astype("U8"),
        kinship_proved=segment == _CODE["child"],
        blank=np.zeros(size, np.bool_),
    )
