"""What a large book is told besides transactions: logins, notes of branches, recalls, reports, cases and lists."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["told_tables"]

_FIRST_SECOND = 1_767_225_600  # 2026-01-01
_DAYS = 180
_INSTITUTION = "SYNBANK"


def told_tables(rng: np.random.Generator, customers: int) -> dict[str, pa.Table]:
    """The tables, each a small share of the customers."""
    some = max(customers // 100, 3)
    return {
        "logins": _logins(rng, customers),
        "observations": _table(
            rng,
            some,
            observation_id=_ids("OB", some),
            customer_id=_customer(rng, some, customers),
            code=_words(rng, some, ["EVASIVE", "SPOKEN_FOR", "PAPERS_OF_OTHERS", "CARD_LOST"]),
        ),
        "recalls": _table(rng, some, recall_id=_ids("RC", some), account_id=_account(rng, some, customers)),
        "reports": _earlier(rng, "report_id", some // 100 + 1, customers),
        "cases": _earlier(rng, "case_id", some // 100 + 1, customers),
        "listed": pa.table(
            {
                "institution": pa.repeat(_INSTITUTION, some),
                "list_id": _ids("LS", some),
                "kind": pa.repeat("account", some),
                "value": pa.array([f"OTHBANKA/0100{n:08d}" for n in rng.integers(0, customers * 8, size=some)]),
                "category": _words(rng, some, ["exchange", "gaming", "advert", "adverse_media"]),
            }
        ),
    }


def _logins(rng: np.random.Generator, customers: int) -> pa.Table:
    """Five for each customer; one device in twenty is shared by a family."""
    size = customers * 5
    who = rng.integers(0, customers, size=size)
    device = np.where(who % 20 == 0, who // 4, who)
    return _table(
        rng,
        size,
        login_id=_ids("LG", size),
        customer_id=pa.array([f"C{n:08d}" for n in who.tolist()]),
        device_id=pa.array([f"DV{n:08d}" for n in device.tolist()]),
    )


def _earlier(rng: np.random.Generator, name: str, size: int, customers: int) -> pa.Table:
    table = _table(
        rng,
        size,
        **{name: _ids("ER", size)},
        subject_kind=pa.repeat("customer", size),
        subject_id=_customer(rng, size, customers),
    )
    place = table.schema.get_field_index("at")
    return table.set_column(place, "at", table["at"].cast(pa.date32(), safe=False))


def _table(rng: np.random.Generator, size: int, **columns: Any) -> pa.Table:
    at = _FIRST_SECOND + np.sort(rng.integers(0, _DAYS * 86_400, size=size))
    return pa.table(
        {"institution": pa.repeat(_INSTITUTION, size), **columns, "at": pa.array(at.astype("datetime64[s]"))}
    )


def _ids(prefix: str, size: int) -> pa.Array[Any]:
    return pa.array([f"{prefix}{number:08d}" for number in range(size)])


def _customer(rng: np.random.Generator, size: int, customers: int) -> pa.Array[Any]:
    return pa.array([f"C{number:08d}" for number in rng.integers(0, customers, size=size)])


def _account(rng: np.random.Generator, size: int, customers: int) -> pa.Array[Any]:
    return pa.array([f"0100{number:08d}" for number in rng.integers(0, customers, size=size)])


def _words(rng: np.random.Generator, size: int, words: list[str]) -> pa.Array[Any]:
    picked: NDArray[np.int64] = rng.integers(0, len(words), size=size)
    return pa.array(words).take(pa.array(picked))
