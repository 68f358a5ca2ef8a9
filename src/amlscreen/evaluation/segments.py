"""False alerts among innocent customers by segment, and whether groups of people are treated alike.

A segment is any value of a column about customers: kind, occupation, sector, province, or what a table of the reader's
own says. Traits (sex, nationality, age) are for fairness only; they score nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.errors import DataError, Place
from amlscreen.evaluation.figures import Figure, wilson
from amlscreen.evaluation.known import INNOCENT, TARGET, Known
from amlscreen.evaluation.places import Places

__all__ = ["FEWEST", "Fairness", "Segment", "columns_about", "fairness", "false_alerts"]

FEWEST = 30
"""In smaller groups a ratio says nothing; they are listed without one."""

_SEGMENTS = ("customer_kind", "occupation", "sector", "province", "risk_rating")
_MOST_VALUES = 40
_AGES = ((18, "under 18"), (25, "18 to 24"), (40, "25 to 39"), (60, "40 to 59"))
_DAYS_OF_A_YEAR = 365.2425

Members = Mapping[tuple[str, str], NDArray[np.int64]]
"""By column and value, the numbers of the customers that have it; a customer may have several values of a column."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Innocent customers of a segment: how many are under alert or near the top, of 1,000, beside all innocents."""

    column: str
    value: str
    innocents: int
    false_alerts: int
    of_thousand: Figure
    within: int
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Fairness:
    """People of a trait: alerted of 1,000; false alerts of 1,000 innocents; targets under alert; beside all people.

    Ratios are to everybody else (all people without this value); None where either side is too small to say.
    """

    trait: str
    value: str
    people: int
    alerted: Figure
    alerted_ratio: float | None
    innocents: int
    false_alerts: Figure
    false_ratio: float | None
    targets: int
    found: Figure


def columns_about(
    places: Places, customers: pa.Table | None, further: Sequence[pa.Table], as_of: dt.date
) -> tuple[dict[tuple[str, str], NDArray[np.int64]], dict[tuple[str, str], NDArray[np.int64]]]:
    """Segments and traits of the customers; ``further`` tables have a ``customer_id`` and any columns beside it."""
    segments: dict[tuple[str, str], NDArray[np.int64]] = {}
    traits: dict[tuple[str, str], NDArray[np.int64]] = {}
    if customers is not None and customers.num_rows:
        number = places.numbers_in(customers)
        people = np.array([kind != "entity" for kind in customers["customer_kind"].to_pylist()])
        for column in _SEGMENTS:
            if column in customers.column_names:
                segments.update(_grouped(column, number, _told(customers[column])))
        for trait, values in (
            ("sex", _told(customers["sex"])),
            ("nationality", _told(customers["nationality"])),
            ("age", _ages(customers["birth_date"], as_of)),
        ):
            traits.update(_grouped(trait, np.where(people, number, -1), values))
        traits["person", "all"] = number[people & (number >= 0)]
    for table in further:
        if "customer_id" not in table.column_names:
            raise DataError("lacks a column customer_id.", place=Place("segments"), fix="Give one row per customer.")
        number = places.numbers_in(table)
        for column in table.column_names:
            if column not in ("institution", "customer_id"):
                segments.update(_grouped(column, number, _told(table[column])))
    return segments, traits


def false_alerts(places: Places, known: Known, segments: Members, slots: int) -> list[Segment]:
    """Each segment's innocents under alert and within the first ``slots`` places; all innocents first."""
    innocent = known.state == INNOCENT
    everyone = np.flatnonzero(innocent)
    whole = places.alerted[everyone].mean() if len(everyone) else 0.0
    made = []
    for (column, value), members in {("all", "all"): everyone, **segments}.items():
        who = members[innocent[members]]
        if not len(who):
            continue
        false = int(places.alerted[who].sum())
        ratio = float(false / len(who) / whole) if whole and len(who) >= FEWEST else None
        within = int((places.place[who] < slots).sum())
        made.append(Segment(column, value, len(who), false, _of_thousand(false, len(who)), within, ratio))
    return sorted(made, key=lambda one: (one.column != "all", one.column, -(one.of_thousand.value or 0), one.value))


def fairness(places: Places, known: Known, traits: Members) -> list[Fairness]:
    """Each trait's values beside everybody else; empty where the data know no traits."""
    if ("person", "all") not in traits:
        return []
    everyone = np.zeros(len(places.order), np.bool_)
    everyone[traits["person", "all"]] = True
    made = []
    for (trait, value), members in traits.items():
        if not len(members):
            continue
        here = np.zeros(len(everyone), np.bool_)
        here[members] = True
        rest = everyone & ~here
        innocent, target = known.state == INNOCENT, known.state == TARGET
        found = int((here & target & places.alerted).sum())
        made.append(
            Fairness(
                trait,
                value,
                int(here.sum()),
                _rate(here, places.alerted),
                _ratio(here, rest, places.alerted),
                int((here & innocent).sum()),
                _rate(here & innocent, places.alerted),
                _ratio(here & innocent, rest & innocent, places.alerted),
                int((here & target).sum()),
                wilson(found, int((here & target).sum())),
            )
        )
    return made


def _rate(who: NDArray[np.bool_], alerted: NDArray[np.bool_]) -> Figure:
    return _of_thousand(int((who & alerted).sum()), int(who.sum()))


def _ratio(who: NDArray[np.bool_], others: NDArray[np.bool_], alerted: NDArray[np.bool_]) -> float | None:
    sizes = int(who.sum()), int(others.sum())
    if min(sizes) < FEWEST or not (others & alerted).any():
        return None
    return float((who & alerted).sum() / sizes[0] / ((others & alerted).sum() / sizes[1]))


def _of_thousand(found: int, of: int) -> Figure:
    share = wilson(found, of)
    if share.value is None or share.low is None or share.high is None:
        return share
    return Figure(1000 * share.value, 1000 * share.low, 1000 * share.high)


def _told(column: pa.ChunkedArray[Any]) -> list[str]:
    return ["not known" if value is None or value == "" else str(value) for value in column.to_pylist()]


def _ages(births: pa.ChunkedArray[Any], as_of: dt.date) -> list[str]:
    last = (as_of - dt.date(1970, 1, 1)).days
    days = births.cast(pa.int32()).to_pylist()
    return ["not known" if day is None else _age((last - day) / _DAYS_OF_A_YEAR) for day in days]


def _age(years: float) -> str:
    return next((name for below, name in _AGES if years < below), "60 and over")


def _grouped(
    column: str, number: NDArray[np.int64], values: Sequence[str]
) -> Iterator[tuple[tuple[str, str], NDArray[np.int64]]]:
    """The members of each value; beyond the forty commonest they are one, so that a column of names is no table."""
    names, code, count = np.unique(np.array(values, np.str_), return_inverse=True, return_counts=True)
    common = np.sort(np.argsort(-count, kind="stable")[:_MOST_VALUES])
    for place in common.tolist():
        yield (column, str(names[place])), np.unique(number[(code == place) & (number >= 0)])
    if len(names) > len(common):
        rest = ~np.isin(code, common) & (number >= 0)
        yield (column, f"{len(names) - len(common)} rarer values"), np.unique(number[rest])
