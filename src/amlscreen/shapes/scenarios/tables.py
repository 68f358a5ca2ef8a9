"""What scenarios read besides transactions: columns of the reference tables by number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.ledger.partition import Values, as_values
from amlscreen.ledger.reference import Reference, joined, positions, whole
from amlscreen.shapes.population import written_alike
from amlscreen.shapes.scenario_lines import Lines
from amlscreen.shapes.settled import AfterSweep

__all__ = ["accounts_words", "are_firms", "customers_words", "is_abroad"]

Ints = NDArray[np.int64]


def are_firms(reference: Reference) -> NDArray[np.bool_]:
    """Of each customer_no whether it is a firm."""
    kind = as_values(reference.kind)
    return np.zeros(kind.array.size, np.bool_) if kind.words is None else kind.among(["entity"])


def is_abroad(lines: Lines) -> NDArray[np.bool_]:
    """Of each line whether the country of its other side is known and none of the jurisdiction's own."""
    country = lines.column("country")
    home = {province.code[:2] for province in lines.reference.jurisdiction.provinces}
    return country.is_known() & ~lines.is_("country", *sorted(home))


def customers_words(bank: AfterSweep, name: str) -> Values:
    """A text of the customers table by customer_no, written alike."""
    return _by_number(bank.tables["customers"], "customer_id", bank.reference.customer_ids, name)


def accounts_words(bank: AfterSweep, name: str) -> Values:
    """A text of the accounts table by account_no, written alike."""
    return _by_number(bank.tables["accounts"], "account_id", bank.reference.account_ids, name)


def _by_number(table: pa.Table, key: str, among: pa.Table, name: str) -> Values:
    values = written_alike(as_values(whole(table[name].cast(pa.string()))))
    row = positions(_keys(among, key), _keys(table, key))
    code = np.append(values.array, np.int32(-1))[row]
    return Values(code, code >= 0, values.words)


def _keys(table: pa.Table, column: str) -> pa.Array[Any]:
    return joined(whole(table["institution"]), "\x1f", whole(table[column]))
