"""What this run and earlier ones saw of each customer: alerts, open hits, reports, list entries; by ``customer_no``.

A possible victim's own line in the ranking says nothing and no alert names one, so neither does what is counted here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from amlscreen.alerts import Alert
from amlscreen.kyc.cash_reports import Candidates
from amlscreen.kyc.files import Files
from amlscreen.ledger.listed import Listed
from amlscreen.ledger.partition import as_values
from amlscreen.ledger.reference import joined, whole
from amlscreen.schema import LISTED_CATEGORIES
from amlscreen.settings import BANDS

__all__ = ["Seen", "seen_of"]

pc: Any = pyarrow.compute  # the stubs' overloads know too few of the functions used here

Ints = NDArray[np.int64]
_QUIET = frozenset({"kyc", "anomaly"})
_LOWER = frozenset({"email", "id_number"})
_SPACES = r"[\s\p{Z}]+"
_BY_VALUE = {"customer": "customer_id", "id_number": "id_number", "phone": "phone", "email": "email"}
"""A name alone is no identifier: many share one."""


@dataclass(frozen=True, slots=True)
class Seen:
    """``band`` is a place in :data:`~amlscreen.settings.BANDS`, -1 without an alert; ``families`` counts those of open
    hits, KYC and anomaly aside; ``listed`` is a place in
    :data:`~amlscreen.rules.columns.LIST_WORDS`: the gravest of the bank's own lists the customer stands on.
    """

    band: Ints
    families: Ints
    on_watchlist: NDArray[np.bool_]
    reports: Ints
    cases: Ints
    cash_candidates: Ints
    listed: Ints


def seen_of(files: Files, alerts: Sequence[Alert], ranked: pa.Table, cash: Candidates, *, cash_from: int) -> Seen:
    """What was seen; cash candidates count where their last day is ``cash_from`` or later."""
    families, on_watchlist = _families(files, ranked)
    current = cash.customer_no[cash.last_day >= cash_from]
    return Seen(
        band=_bands(files, alerts),
        families=families,
        on_watchlist=on_watchlist,
        reports=_earlier(files, "reports"),
        cases=_earlier(files, "cases"),
        cash_candidates=np.bincount(current, minlength=files.size).astype(np.int64),
        listed=_listed(files),
    )


def _bands(files: Files, alerts: Sequence[Alert]) -> Ints:
    band = np.full(files.size, -1, np.int64)
    named = [
        (alert.subject.institution, customer, BANDS.index(alert.band))
        for alert in alerts
        for customer in alert.customer_ids
    ]
    if named:
        institutions, ids, bands = zip(*named, strict=True)
        table = pa.table(
            {"institution": pa.array(institutions, pa.string()), "customer_id": pa.array(ids, pa.string())}
        )
        numbers = files.numbers(table)
        np.maximum.at(band, numbers[numbers >= 0], np.array(bands, np.int64)[numbers >= 0])
    return band


def _families(files: Files, ranked: pa.Table) -> tuple[Ints, NDArray[np.bool_]]:
    known = pc.and_(ranked["customer_id"].is_valid(), pc.greater(ranked["hits"], 0))
    lines = ranked.filter(known)
    said: list[str] = [str(text) for text in lines["families"].to_pylist()]
    meaning = {text: Counter(set(text.split(";")) - _QUIET - {""}) for text in set(said)}
    numbers = files.numbers(lines)
    count, listed = np.zeros(files.size, np.int64), np.zeros(files.size, np.bool_)
    own = numbers >= 0
    np.maximum.at(count, numbers[own], np.array([len(meaning[text]) for text in said], np.int64)[own])
    listed[numbers[own & np.array(["watchlist" in meaning[text] for text in said], np.bool_)]] = True
    return count, listed


def _earlier(files: Files, name: str) -> Ints:
    """How many earlier reports or cases name the customer, or an account the customer owns, up to the last day."""
    table = files.tables.get(name)
    if table is None or not table.num_rows:
        return np.zeros(files.size, np.int64)
    table = table.filter(pc.less_equal(table["at"].cast(pa.int64()), pa.scalar(files.told_until, pa.int64())))
    about = {kind: table.filter(pc.equal(table["subject_kind"], kind)) for kind in ("customer", "account")}
    customers = files.numbers(about["customer"], "subject_id")
    accounts = files.account_numbers(about["account"].rename_columns(_renamed(about["account"])))
    _, owners = files.reference.owners_of(accounts[accounts >= 0])
    every = np.concatenate([customers[customers >= 0], owners])
    return np.bincount(every, minlength=files.size).astype(np.int64)


def _renamed(table: pa.Table) -> list[str]:
    return ["account_id" if name == "subject_id" else name for name in table.column_names]


def _listed(files: Files) -> Ints:
    """The rank of the gravest entry that holds on the last day and equals one of the customer's identifiers."""
    customers, size = files.tables["customers"], files.size
    rank = np.full(size, len(LISTED_CATEGORIES), np.int64)
    entries = Listed.of(files.tables["listed"])
    banks = as_values(whole(customers["institution"]))
    rows = customers.num_rows
    since_by, until_from = np.full(rows, files.told_until, np.int64), np.full(rows, files.as_of, np.int64)
    for kind, column in _BY_VALUE.items():
        words: Any = whole(customers[column])
        if kind in _LOWER:
            words = pc.utf8_lower(words)
        if kind == "id_number":
            words = pc.replace_substring_regex(words, _SPACES, "")
        keys = as_values(joined(f"{kind}:", words))
        found = entries.gravest(banks, keys, since_by=since_by, until_from=until_from)
        rank = np.minimum(rank, np.append(found, len(LISTED_CATEGORIES))[files.place])
    return rank
