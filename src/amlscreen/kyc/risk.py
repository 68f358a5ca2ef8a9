"""A risk rating for every customer: points of readable factors, added up, with a cap on places and floors.

``score == sum(row.points for row in rows)``, always: the geography cap is a row that takes back, a floor is a row that
lifts, and a floor that had nothing to lift is a row of no points. The rating follows from the score alone.

Columns of ``risk_ratings``: ``institution``, ``customer_id``, ``score``, ``rating``, ``bank_rating``, ``against_bank``
(above, same, below; none where the bank has no rating of the customer), ``floors`` (their ids), ``rows`` (group,
factor, points, what, observed).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from amlscreen.kyc.files import folded, worded
from amlscreen.kyc.observed import observed
from amlscreen.kyc.rating_columns import COLUMNS, Basis
from amlscreen.kyc.standard import RATINGS, Factor, Floor, KycStandard, Requirement
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import whole

__all__ = ["AGAINST_BANK", "ROWS", "Rated", "rate"]

pc: Any = pyarrow.compute  # the stubs' overloads know too few of the functions used here

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

AGAINST_BANK = ("none", "below", "same", "above")
CAP = "CAP-GEOGRAPHY"
ROWS = pa.list_(
    pa.struct(
        [
            ("group", pa.string()),
            ("factor", pa.string()),
            ("points", pa.int64()),
            ("what", pa.string()),
            ("observed", pa.string()),
        ]
    )
)


@dataclass(frozen=True)
class Rated:
    """The table, and the factors that could not be looked at on this data, in words."""

    table: pa.Table
    not_judged: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    """One row of the scorecard on its way: whom it concerns, and for how many points."""

    id: str
    group: str
    what: str
    column: str
    holds: Flags
    points: Ints


def rate(basis: Basis, standard: KycStandard) -> Rated:
    """Every customer's rating, by ``customer_no``."""
    rows, blind = _factors(basis, standard.factors)
    rows.append(_cap(rows, basis.files.size, standard))
    rows += _floors(basis, standard, rows, blind)
    score = _sum(rows)
    rating = _rating(score, standard)
    bank = basis.files.customer("risk_rating")
    given = np.select([bank.among((word,)) for word in RATINGS], range(len(RATINGS)), -1)
    ids = basis.files.reference.customer_ids
    against = np.where(given < 0, 0, np.sign(rating - given) + 2)
    table = pa.table(
        {
            "institution": whole(ids["institution"]),
            "customer_id": whole(ids["customer_id"]),
            "score": pa.array(score),
            "rating": worded(rating, RATINGS),
            "bank_rating": pc.take(pa.array(RATINGS, pa.string()), pa.array(given, mask=given < 0)),
            "against_bank": worded(against.astype(np.int64), AGAINST_BANK),
            **_told(basis, rows),
        }
    )
    return Rated(table, tuple(blind))


def _sum(rows: Sequence[_Row]) -> Ints:
    total: Ints = np.asarray(np.sum([row.points for row in rows], axis=0, dtype=np.int64))
    return total


def _rating(score: Ints, standard: KycStandard) -> Ints:
    edges = np.array([standard.cut_offs["medium"], standard.cut_offs["high"]], np.int64)
    return np.searchsorted(edges, score, side="right").astype(np.int64)


def _factors(basis: Basis, factors: Sequence[Factor]) -> tuple[list[_Row], list[str]]:
    rows, blind = [], []
    for factor in factors:
        if missing := _missing(basis, factor):
            blind.append(f"{factor.id}: no data in {', '.join(missing)}")
            continue
        holds = _holds(basis, factor.when)
        points = np.where(holds, factor.points, 0)
        rows.append(_Row(factor.id, factor.group, factor.what, _telling(factor), holds, points))
    return rows, blind


def _telling(row: Factor | Floor) -> str:
    """The column whose value is shown beside the words; none where the words name the value."""
    column, wanted = next(iter(row.when.items()))
    return "" if len(wanted.one_of) == 1 else column


def _missing(basis: Basis, row: Factor | Floor) -> list[str]:
    wanted = {need for name in row.when for need in COLUMNS[name].needs}
    return sorted(need for need in wanted if not basis.files.has(need))


def _cap(rows: Sequence[_Row], size: int, standard: KycStandard) -> _Row:
    """What places give beyond their share of the score is taken back; the share is of the score after the cap."""
    places = np.zeros(size, np.int64)
    others = np.zeros(size, np.int64)
    for row in rows:
        side = places if row.group == "geography" else others
        side += row.points
    percent = standard.geography_cap.percent
    allowed = np.maximum(others, 0) * percent // (100 - percent)
    over = np.maximum(places - allowed, 0)
    what = f"Places give no more than {percent} % of the score"
    return _Row(CAP, "geography", what, "", over > 0, -over)


def _floors(basis: Basis, standard: KycStandard, rows: Sequence[_Row], blind: list[str]) -> list[_Row]:
    reached = _sum(rows)
    lifted = []
    for floor in standard.floors:
        if missing := _missing(basis, floor):
            blind.append(f"{floor.id}: no data in {', '.join(missing)}")
            continue
        holds = _holds(basis, floor.when)
        points = np.where(holds, np.maximum(standard.cut_offs[floor.rating] - reached, 0), 0)
        reached = reached + points
        what = f"{floor.what}: at least {floor.rating}"
        lifted.append(_Row(floor.id, "floor", what, _telling(floor), holds, points))
    return lifted


def _holds(basis: Basis, when: dict[str, Requirement]) -> Flags:
    holds = np.ones(basis.files.size, np.bool_)
    for name, wanted in when.items():
        column = COLUMNS[name]
        values = column.make(basis)
        if column.kind == "words":
            holds &= basis.files.any_account(folded(values, wanted.one_of))
        else:
            holds &= _meets(values, wanted, MILLION if column.kind == "ratio" else 1)
    return holds


def _meets(values: Values, wanted: Requirement, unit: int) -> Flags:
    """Whether each value is as wanted; what is not known is not, unless ``null`` asks for it."""
    known = values.is_known() if values.words is None else values.is_known() & (values.array >= 0)
    if wanted.null is not None:
        return ~known if wanted.null else known
    meets = known.copy()
    if wanted.is_ is not None:
        meets &= values.array == int(wanted.is_)
    if wanted.one_of:
        meets &= folded(values, wanted.one_of)
    if wanted.gte is not None:
        meets &= values.array >= int(wanted.gte * unit)
    if wanted.lt is not None:
        meets &= values.array < int(wanted.lt * unit)
    return meets


def _told(basis: Basis, rows: Sequence[_Row]) -> dict[str, pa.Array[Any]]:
    """The rows that hold for each customer, in the order of the standard, and the ids of its floors."""
    holds = np.column_stack([row.holds for row in rows])
    customer, which = np.nonzero(holds)
    offsets = np.concatenate([np.zeros(1, np.int32), np.cumsum(holds.sum(axis=1), dtype=np.int32)])
    by_row = np.argsort(which.astype(np.int16), kind="stable")
    back = np.empty(by_row.size, np.int64)
    back[by_row] = np.arange(by_row.size)
    edges = np.searchsorted(which[by_row], np.arange(len(rows) + 1))
    said = [
        observed(basis, row.column, customer[by_row[low:high]])
        for row, low, high in zip(rows, edges[:-1], edges[1:], strict=True)
    ]
    every = pa.concat_arrays(said).take(back)
    points = np.concatenate(
        [row.points[customer[by_row[low:high]]] for row, low, high in zip(rows, edges[:-1], edges[1:], strict=True)]
    )
    struct: Any = pa.StructArray.from_arrays(
        [
            worded(which, tuple(row.group for row in rows)),
            worded(which, tuple(row.id for row in rows)),
            pa.array(points[back]),
            worded(which, tuple(row.what for row in rows)),
            every,
        ],
        fields=list(ROWS.value_type),
    )
    lists: Any = pa.ListArray.from_arrays(pa.array(offsets), struct)
    return {"floors": _floor_ids(rows), "rows": lists}


def _floor_ids(rows: Sequence[_Row]) -> pa.Array[Any]:
    from amlscreen.kyc.files import listed_codes

    return listed_codes({row.id: row.holds for row in rows if row.group == "floor"})
