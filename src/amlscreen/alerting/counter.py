"""Counter-evidence: facts about a customer that speak for an everyday explanation, as negative rows.

They are weighed only against points that are neither an anchor's nor a safety signal's (``scoring`` sees to that).
Wages explain nothing where rules of the family labour fired: there, wages are what is being asked about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from amlscreen.alerting.book import CustomerKey
from amlscreen.alerting.scoring import Row

__all__ = ["counter_rows", "features_of"]

pc: Any = pyarrow.compute  # the stubs' overloads know too few of the functions used here

LONG_TENURE_DAYS = 3 * 365
LIVING_SHARE = 300_000
LIVING_DEBITS = 10
SALARY_MONTHS = 3
SHOP_DAY_SHARE = 900_000
TENURE_POINTS, LIVING_POINTS, SALARY_POINTS, SHOP_POINTS = 5, 10, 10, 10
_EACH: tuple[Mapping[str, int], ...] = (
    {"tenure_days": LONG_TENURE_DAYS},
    {"living_share": LIVING_SHARE, "living_debits": LIVING_DEBITS},
    {"salary_in_months": SALARY_MONTHS},
    {"salary_out_months": SALARY_MONTHS},
    {"day_share": SHOP_DAY_SHARE, "is_merchant": 1},
)
_NO = pa.scalar(value=False)

Features = Mapping[str, Any]
_WHO = ("institution", "customer_id")
_READ = tuple(name for conditions in _EACH for name in conditions)


def features_of(features: pa.Table, keys: Iterable[CustomerKey]) -> dict[CustomerKey, Features]:
    """What counter-evidence reads of the features of those of some customers for whom any of it holds.

    The others are as good as unknown, for no row holds for them nor for a group they are in.
    """
    wanted = set(keys)
    if not wanted or not features.num_rows:
        return {}
    ids = pa.array(sorted({customer_id for _, customer_id in wanted}), pa.string())
    read = features.select([*_WHO, *(name for name in _READ if name in features.column_names)])
    read = read.filter(_any_holds(read))
    near = read.filter(pc.is_in(read.column("customer_id").cast(pa.string()), value_set=ids))
    found = {(row["institution"], row["customer_id"]): row for row in near.to_pylist()}
    return {key: found[key] for key in found if key in wanted}


def _any_holds(read: pa.Table) -> Any:
    """Who shows any of what the rows below ask for."""
    holds = pa.array(np.zeros(read.num_rows, np.bool_))
    for conditions in _EACH:
        if conditions.keys() <= set(read.column_names):
            both = pa.array(np.ones(read.num_rows, np.bool_))
            for name, least in conditions.items():
                both = pc.and_(both, pc.fill_null(pc.greater_equal(read.column(name).cast(pa.int64()), least), _NO))
            holds = pc.or_(holds, both)
    return holds


def counter_rows(people: Sequence[Features | None], families: Collection[str]) -> list[Row]:
    """Counter-evidence that holds for every one of ``people``; the weakest figure among them is shown."""
    known = [person for person in people if person is not None]
    if not known or len(known) < len(people):
        return []
    rows = [_tenure(known), _living(known), _shop(known)]
    if "labour" not in families:
        rows += [_salary(known, "salary_in"), _salary(known, "salary_out")]
    return [row for row in rows if row is not None]


def _least(people: list[Features], name: str) -> int | None:
    if len(people) == 1:
        value = people[0].get(name)
        return None if value is None else int(value)
    values = [person.get(name) for person in people]
    return None if any(value is None for value in values) else min(int(value) for value in values if value is not None)


def _tenure(people: list[Features]) -> Row | None:
    days = _least(people, "tenure_days")
    if days is None or days < LONG_TENURE_DAYS:
        return None
    return Row("counter", "", -TENURE_POINTS, reason="tenure", values={"days": days})


def _living(people: list[Features]) -> Row | None:
    share, count = _least(people, "living_share"), _least(people, "living_debits")
    if share is None or count is None or share < LIVING_SHARE or count < LIVING_DEBITS:
        return None
    return Row("counter", "", -LIVING_POINTS, reason="living", values={"share": share, "count": count})


def _salary(people: list[Features], way: str) -> Row | None:
    months = _least(people, f"{way}_months")
    if months is None or months < SALARY_MONTHS:
        return None
    return Row("counter", "", -SALARY_POINTS, reason=way, values={"count": months})


def _shop(people: list[Features]) -> Row | None:
    share = _least(people, "day_share")
    if share is None or share < SHOP_DAY_SHARE or not all(person.get("is_merchant") for person in people):
        return None
    return Row("counter", "", -SHOP_POINTS, reason="shop", values={"share": share})
