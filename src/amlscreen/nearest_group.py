"""Why a cluster did not hit a customer: the group the customer is in, and what ties nobody."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.nearest import Leaf, Row, best_of, leaves_of, told
from amlscreen.rules.card import Card
from amlscreen.rules.units import measure_units
from amlscreen.shapes.cluster_found import Found
from amlscreen.shapes.cluster_ties import columns_of
from amlscreen.shapes.conditions import inside_number
from amlscreen.shapes.match import shown_value
from amlscreen.shapes.population import Population

__all__ = ["nearest_group"]


def nearest_group(card: Card, people: Population, subject: str) -> list[Row] | None:
    """The conditions of ``when`` on the group of a customer, or of those whom ``lead`` names; None if there is neither.

    Of several groups the one that misses fewest conditions and by least. Then what the customer shares with too many.
    """
    found = Found(card, people)
    mine = _sought(found, subject)
    if not mine.any():
        return None
    place = np.flatnonzero(np.bincount(found.groups.group[mine[found.groups.customer]], minlength=found.groups.size))
    if place.size:
        return [*_conditions(found, place), *_hubs(found, mine)]
    if not (mine & found.who).any():
        return [told("members", f"a customer for whom the conditions of `members` hold; '{subject}' is none")]
    columns = " or ".join(columns_of(link) for link in found.detect.links)
    return [told("members", f"another customer with the same {columns}; there is none"), *_hubs(found, mine)]


def _sought(found: Found, subject: str) -> NDArray[np.bool_]:
    ids = np.array(found.people.reference.customer_ids["customer_id"].to_pylist(), object)
    mine: NDArray[np.bool_] = ids == subject
    if found.detect.lead is not None:
        values = found.people.of_customers(found.detect.lead)
        if values.words is not None:
            mine = mine | (values.array == values.code_of(subject))
    return mine


def _conditions(found: Found, place: NDArray[np.int64]) -> Iterator[Row]:
    units = measure_units(found.card)
    digits = found.people.reference.jurisdiction.minor_digits
    leaves = [
        Leaf(
            name,
            condition,
            found.measures[name].take(place),
            partial(inside_number, units[name], minor_digits=digits),
            partial(_shown, {"ratio": MILLION, "money": 10**digits}.get(units[name])),
        )
        for name, condition in leaves_of(found.detect.when)
    ]
    yield from best_of(leaves, place.size)


def _shown(scale: int | None, values: Values, at: int) -> Any:
    value = shown_value(values, at)
    return value / scale if scale is not None and isinstance(value, int) else value


def _hubs(found: Found, mine: NDArray[np.bool_]) -> Iterator[Row]:
    """Values of theirs that tie nobody, by where they stand; the value itself is not told."""
    ties = found.ties
    on = np.unique(ties.value[mine[ties.customer] & ties.is_hub[ties.value]])
    for value in on[np.lexsort((ties.held[on], ties.link[on]))].tolist():
        link = found.detect.links[int(ties.link[value])]
        held, most = int(ties.held[value]), int(link.most)
        row = told(columns_of(link), f"a value on at most {most} customers", held)
        yield row | {"distance": round((held - most) / max(most, 1), 4)}
