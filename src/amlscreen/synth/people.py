"""The customers of a synthetic bank: who they are, what they do, what the bank knows of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.synth.calendar import Calendar, Ints
from amlscreen.synth.geography import WEIGHTS

__all__ = ["SEGMENTS", "SHARED", "People", "Segment", "make_people", "segment_names"]

_YEAR = 365
SHARED = 1_000_000


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
    Segment("garment_worker", 130, 6, ("garment worker",), (2_500, 4_500)),
    Segment("office_worker", 110, 6, ("clerk", "teacher", "nurse", "civil servant"), (3_000, 9_000)),
    Segment("farmer", 120, 4, ("farmer",), (1_000, 4_000)),
    Segment("market_trader", 80, 4, ("market seller", "trade"), (3_000, 12_000)),
    Segment("student", 70, 6, ("student",), (500, 1_500)),
    Segment("family", 80, 4, ("housekeeper", "farmer"), (500, 2_500)),
    Segment("shop", 60, 3, ("shopkeeper", "trade"), (4_000, 20_000)),
    Segment("online_seller", 30, 2, ("online seller", "trade"), (3_000, 10_000)),
    Segment("driver", 25, 2, ("delivery driver",), (2_500, 6_000)),
    Segment("day_labourer", 110, 6, ("day labourer",), (1_500, 3_000)),
    Segment("landlord", 12, 1, ("landlord",), (5_000, 20_000)),
    Segment("retired", 45, 2, ("retired",), (1_000, 3_000)),
    Segment("at_home", 60, 5, ("at home", "unemployed"), (300, 1_500)),
    Segment("child", 32, 5, ("child",), (0, 0)),
    Segment("savings_treasurer", 6, 1, ("market seller",), (3_000, 8_000)),
    Segment("paymaster", 2, 1, ("farm foreman",), (3_000, 6_000)),
    Segment("garment_factory", 3, 1, ("garment",), (0, 0), entity=True),
    Segment("office_employer", 5, 1, ("services",), (0, 0), entity=True),
    Segment("guest_house", 6, 1, ("guest house",), (0, 0), entity=True),
    Segment("temple", 4, 1, ("religious association",), (0, 0), entity=True),
    Segment("labour_agency", 2, 1, ("labour agency",), (0, 0), entity=True),
    Segment("farm", 2, 1, ("plantation",), (0, 0), entity=True),
    Segment("wholesaler", 4, 1, ("wholesale", "fuel station"), (0, 0), entity=True),
    Segment("small_firm", 14, 2, ("trading", "construction", "transport"), (0, 0), entity=True),
    Segment("hotel_worker", 18, 1, ("hotel night staff", "cook"), (2_500, 5_000)),
    Segment("tour_guide", 10, 1, ("tour guide",), (3_000, 9_000)),
    Segment("night_seller", 16, 1, ("night-market seller", "trade"), (2_500, 8_000)),
    Segment("mobile_agent", 6, 1, ("mobile-money agent", "trade"), (3_000, 8_000)),
    Segment("crypto_hobbyist", 6, 1, ("clerk", "engineer"), (6_000, 15_000)),
    Segment("gamer", 14, 1, ("student", "clerk"), (1_000, 5_000)),
    Segment("croupier", 5, 1, ("casino staff",), (6_000, 12_000)),
    Segment("broker", 10, 1, ("land broker", "trade"), (4_000, 15_000)),
    Segment("karaoke", 9, 1, ("karaoke",), (0, 0), entity=True),
    Segment("massage", 9, 1, ("massage",), (0, 0), entity=True),
    Segment("zone_trader", 6, 1, ("SEZ trading",), (0, 0), entity=True),
    Segment("canteen", 2, 1, ("canteen",), (0, 0), entity=True),
    Segment("cooperative", 2, 1, ("staff cooperative",), (0, 0), entity=True),
)
_AGES = (
    ("child", 5, 17),
    ("student", 18, 25),
    ("retired", 58, 80),
    ("garment_worker", 18, 40),
    ("gamer", 18, 30),
    ("hotel_worker", 18, 45),
)
_CODE = {segment.name: code for code, segment in enumerate(SEGMENTS)}


@dataclass
class People:
    """Customers as columns, in the order of their numbers. Days are counted since 1970-01-01.

    ``employer`` and ``guardian`` are customers, -1 for none. ``alive_from`` is the first day on which the customer's
    account does anything of its own. ``dormitory`` groups students who live together. ``phone``, ``address``, ``email``
    and ``id_number`` are whose it is: a customer's own number, or from ``SHARED`` on one that several people give.
    ``introducer`` is a number, -1 for none. Foreigners have a permit with an expiry and an employer (a customer).
    ``named`` holds the names that are not the usual made-up ones.
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
    phone: Ints
    address: Ints
    email: Ints
    id_number: Ints
    introducer: Ints
    sector: NDArray[np.str_]
    owner_known: NDArray[np.bool_]
    pep: NDArray[np.bool_]
    pep_approved: NDArray[np.bool_]
    rating: NDArray[np.str_]
    review_due: Ints
    enhanced: NDArray[np.bool_]
    wealth_told: NDArray[np.bool_]
    permit_expiry: Ints
    permit_employer: Ints
    named: dict[int, str] = field(default_factory=dict, init=False)

    def __len__(self) -> int:
        return len(self.segment)

    def of(self, *segments: str) -> Ints:
        """The customers of those segments, in order."""
        return np.flatnonzero(np.isin(self.segment, [_CODE[name] for name in segments])).astype(np.int64)


def segment_names(people: People) -> NDArray[np.str_]:
    """Each customer's way of life, by name."""
    return np.array([segment.name for segment in SEGMENTS])[people.segment]


def _segments(rng: np.random.Generator, customers: int) -> Ints:
    fewest = np.array([segment.fewest for segment in SEGMENTS])
    share = np.array([segment.share for segment in SEGMENTS])
    size = np.maximum(customers * share // share.sum(), fewest)
    size[_CODE["office_worker"]] += customers - size.sum()
    return rng.permutation(np.repeat(np.arange(len(SEGMENTS)), size))


def _born(rng: np.random.Generator, people: Ints, today: int) -> Ints:
    age = rng.integers(19, 62, size=len(people))
    for name, low, high in _AGES:
        members = people == _CODE[name]
        age[members] = rng.integers(low, high, size=int(members.sum()))
    return np.asarray(today - age * _YEAR - rng.integers(0, 300, size=len(people)) - 30, np.int64)


def _employers(rng: np.random.Generator, segment: Ints) -> Ints:
    """Each worker's employer: a few factories have hundreds, most few; a third of office staff work elsewhere."""
    employer = np.full(len(segment), -1, np.int64)
    for workers, firms in (("garment_worker", "garment_factory"), ("office_worker", "office_employer")):
        members = np.flatnonzero(segment == _CODE[workers])
        employers = np.flatnonzero(segment == _CODE[firms])
        # Cubing the draw makes a few employers large.
        employer[members] = employers[(rng.random(len(members)) ** 3 * len(employers)).astype(np.int64)]
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


def _on_file(
    rng: np.random.Generator, segment: Ints, entity: NDArray[np.bool_], expiry: Ints
) -> dict[str, NDArray[Any]]:
    """Contacts of their own, and files in order; what is shared or missing comes later."""
    size = len(segment)
    pep = ~entity & (rng.random(size) < 0.002)
    return {
        "phone": np.arange(size),
        "address": np.arange(size),
        "email": np.where(rng.random(size) < 0.3, np.arange(size), -1),
        "id_number": np.arange(size),
        "introducer": np.full(size, -1, np.int64),
        "sector": np.array([row.occupations[0] for row in SEGMENTS])[segment].astype("U24"),
        "owner_known": np.ones(size, np.bool_),
        "pep": pep,
        "pep_approved": pep.copy(),
        "rating": np.array(["low", "low", "low", "medium", "high"])[rng.integers(0, 5, size=size)].astype("U6"),
        "review_due": expiry + 30,
        "enhanced": entity & (rng.random(size) < 0.9),
        "wealth_told": (rng.random(size) < 0.6) | pep,
        "permit_expiry": expiry - 20,
        "permit_employer": np.full(size, -1, np.int64),
    }


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
    expiry = today + calendar.days + rng.integers(30, 2_500, size=size)
    foreign = np.array(["LA"] * 96 + ["TH", "VN", "CN", "CN"])
    return People(
        segment=segment,
        province=rng.choice(len(WEIGHTS), size=size, p=WEIGHTS).astype(np.int64),
        income=np.asarray((low + (high - low) * rng.random(size) ** 2) // 100 * 100_000, np.int64),
        occupation=jobs[segment, rng.integers(0, widest, size=size)].astype("U24"),
        female=rng.random(size) < 0.52,
        nationality=np.where(entity, "LA", foreign[rng.integers(0, 100, size=size)]),
        born=_born(rng, segment, today),
        onboarded=onboarded,
        id_expiry=expiry,
        employer=_employers(rng, segment),
        guardian=_guardians(rng, segment),
        dormitory=np.where((segment == _CODE["student"]) & (students % 3 > 0), students // 9, -1),
        alive_from=np.full(size, today, np.int64),
        entity=entity,
        licensed=segment == _CODE["labour_agency"],
        kinship=np.where(segment == _CODE["child"], "parent", "").astype("U8"),
        kinship_proved=segment == _CODE["child"],
        blank=np.zeros(size, np.bool_),
        **_on_file(rng, segment, entity, expiry),
    )
