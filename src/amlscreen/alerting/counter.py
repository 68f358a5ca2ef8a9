"""Counter-evidence: facts about a customer that speak for an everyday explanation, as negative rows.

They are weighed only against points that are neither an anchor's nor a safety signal's (``scoring`` sees to that).
Wages explain nothing where rules of the family labour fired: there, wages are what is being asked about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from amlscreen.alerting.book import CustomerKey
from amlscreen.alerting.scoring import Row

__all__ = ["counter_rows", "features_of"]

LONG_TENURE_DAYS = 3 * 365
LIVING_SHARE = 300_000
LIVING_DEBITS = 10
SALARY_MONTHS = 3
SHOP_DAY_SHARE = 900_000
TENURE_POINTS, LIVING_POINTS, SALARY_POINTS, SHOP_POINTS = 5, 10, 10, 10

Features = Mapping[str, Any]


def features_of(features: pa.Table, keys: Iterable[CustomerKey]) -> dict[CustomerKey, Features]:
    """The feature rows of some customers."""
    wanted = set(keys)
    if not wanted or not features.num_rows:
        return {}
    ids = pa.array(sorted({customer_id for _, customer_id in wanted}), pa.string())
    near = features.filter(pc.is_in(features.column("customer_id").cast(pa.string()), value_set=ids))
    found = {(row["institution"], row["customer_id"]): row for row in near.to_pylist()}
    return {key: found[key] for key in found if key in wanted}


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
