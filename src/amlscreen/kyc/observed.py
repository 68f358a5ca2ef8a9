"""The value a risk factor saw, as a short text beside its words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from amlscreen.kyc.rating_columns import COLUMNS, Basis
from amlscreen.ledger.columns import MILLION

__all__ = ["observed"]

pc: Any = pyarrow.compute  # the stubs' overloads know too few of the functions used here

_SHARES = frozenset({"cash_share", "wire_share", "agent_share", "listed_country_share"})


def observed(basis: Basis, column: str, customers: NDArray[np.int64]) -> pa.Array[Any]:
    """What the column holds for those customers; empty where the words say all there is, as for flags."""
    nothing = pa.nulls(customers.size, pa.string()).fill_null("")
    if not column or not customers.size:
        return nothing
    kind = COLUMNS[column].kind
    if kind in {"flag", "words"}:
        return nothing
    values = COLUMNS[column].make(basis)
    array = values.array[customers].astype(np.int64)
    known = values.is_known()[customers]
    if values.words is not None:
        said: Any = pc.take(values.vocabulary, pa.array(array, mask=array < 0))
        filled: pa.Array[Any] = said.fill_null("")
        return filled
    if kind == "whole" and not column.endswith("_days"):
        return _text(array, known)
    if column in _SHARES:
        parts = [_text(array * 100 // MILLION, known), " %"]
    elif kind == "whole":
        parts = [_text(array, known), " days"]
    else:
        tenths = array * 10 // MILLION
        parts = [_text(tenths // 10, known), ".", _text(tenths % 10, known), " times"]
    told: pa.Array[Any] = pc.binary_join_element_wise(*parts, "")
    return told


def _text(numbers: NDArray[np.int64], known: NDArray[np.bool_]) -> pa.Array[Any]:
    said: pa.Array[Any] = pa.array(numbers, mask=~known).cast(pa.string()).fill_null("")
    return said
