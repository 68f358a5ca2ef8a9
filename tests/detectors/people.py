"""Made-up customers for detectors: facts without a dataset, and features with one odd subject."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.jurisdiction import Jurisdiction
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import UNKNOWN_DAY, Reference
from amlscreen.rules.grammar_baseline import Peers

__all__ = ["PEERS", "facts_of", "ordinary"]

PEERS = Peers(by=("occupation",), at_least=30)


def _words(words: Sequence[str | None]) -> pa.Array[Any]:
    return pa.array(words, pa.string()).dictionary_encode()


def facts_of(kinds: Sequence[str], occupations: Sequence[str | None] | None = None) -> Reference:
    """What is known of so many customers with one account each."""
    size = len(kinds)
    none = np.full(size, -1, np.int64)
    names = [f"C{number}" for number in range(size)]
    return Reference(
        jurisdiction=Jurisdiction.load("generic"),
        customer_ids=pa.table({"institution": ["B"] * size, "customer_id": names}),
        account_ids=pa.table({"institution": ["B"] * size, "account_id": names}),
        owner_offsets=np.arange(size + 1),
        owner=np.arange(size, dtype=np.int32),
        opened=np.full(size, UNKNOWN_DAY, np.int32),
        declared=none,
        merchant=none.astype(np.int8),
        birth=np.full(size, UNKNOWN_DAY, np.int32),
        id_expiry=np.full(size, UNKNOWN_DAY, np.int32),
        licensed=none.astype(np.int8),
        income=none,
        kind=_words(kinds),
        province=_words([None] * size),
        sector=_words([None] * size),
        occupation=_words(occupations or [None] * size),
        product=_words([None] * size),
        related_customer=np.empty(0, np.int32),
        related_key=pa.array([], pa.string()),
        rates={},
        first_day=0,
        last_day=100,
    )


def ordinary(size: int, seed: int = 1) -> dict[str, NDArray[np.int64]]:
    """Features of ordinary life: what comes in goes out, few payers, mostly by day."""
    dice = np.random.default_rng(seed)
    credits_30d = np.round(dice.lognormal(14, 0.5, size)).astype(np.int64)
    return {
        "credits_30d": credits_30d,
        "debits_30d": (credits_30d * dice.uniform(0.7, 1.0, size)).astype(np.int64),
        "payers_30d": dice.poisson(2, size).astype(np.int64),
        "night_share_30d": (dice.beta(1, 9, size) * 1_000_000).astype(np.int64),
    }


def columns(features: dict[str, NDArray[np.int64]]) -> dict[str, Values]:
    """Features as columns in which everything is known."""
    return {name: Values(array) for name, array in features.items()}
