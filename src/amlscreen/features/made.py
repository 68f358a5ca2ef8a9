"""The finished features of a run: one row for every customer, or for every account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.feature_catalogue import Unit, catalogue
from amlscreen.features.aside import room
from amlscreen.ledger.partition import Values, as_values
from amlscreen.ledger.reference import Reference, whole

__all__ = ["ID_COLUMN", "STORED_AS", "SUBJECTS", "Columns", "Features", "Subject"]

Subject = Literal["customer", "account"]
SUBJECTS: tuple[Subject, Subject] = ("customer", "account")
ID_COLUMN: Mapping[Subject, str] = {"customer": "customer_id", "account": "account_id"}
STORED_AS: Mapping[Unit, Any] = {
    "count": np.int32,
    "days": np.int32,
    "money": np.int64,
    "ratio": np.int64,
    "multiple": np.int64,
    "time": np.int64,
    "bits": np.int32,
    "deviations": np.int64,
    "flag": np.bool_,
    "date": np.int32,
}
"""How wide each unit is kept; numbers that are no flags are whole ones in the catalogue's inside units."""


class Columns:
    """Features of so many subjects while they are made, as narrow as their units are kept, 0 where unknown.

    They lie in a file of ``folder`` of which only what is looked at is in memory; in memory if there is none.
    """

    def __init__(self, units: Mapping[str, Unit], size: int, folder: Path | None) -> None:
        kinds = {name: np.dtype(STORED_AS[unit]) for name, unit in units.items()}
        wide = {name: -(-kind.itemsize * size // 64) * 64 for name, kind in kinds.items()}
        left = room(folder, sum(wide.values()) + len(kinds) * size)
        self._array: dict[str, NDArray[Any]] = {}
        for name, kind in kinds.items():
            self._array[name], left = left[: kind.itemsize * size].view(kind), left[wide[name] :]
        self._known = {name: left[at * size : (at + 1) * size].view(np.bool_) for at, name in enumerate(kinds)}

    def put(self, name: str, values: Values, numbers: NDArray[np.int64] | slice = slice(None)) -> None:
        """Write a feature of some subjects, else of all."""
        known = values.is_known()
        self._array[name][numbers] = np.where(known, values.array, 0)
        self._known[name][numbers] = known

    def of(self, name: str) -> Values:
        """A feature of all; what was never put is unknown."""
        known = self._known[name]
        return Values(self._array[name], None if known.all() else known)


@dataclass(frozen=True)
class Features:
    """Named numbers up to the run's last day.

    ``table`` has institution, customer_id or account_id, then the features in the order of the catalogue; a row's place
    is the customer_no or account_no, and null is unknown. ``unknown`` says of features that nobody has why that is.
    """

    subject: Subject
    table: pa.Table
    unknown: Mapping[str, str] = field(default_factory=dict)
    _made: Mapping[str, Values] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, subject: Subject, facts: Reference, made: Mapping[str, Values], unknown: Mapping[str, str]) -> Features:
        """The table of what was made, in the order of the catalogue."""
        ids = facts.customer_ids if subject == "customer" else facts.account_ids
        columns = {name: whole(ids[name]) for name in ("institution", ID_COLUMN[subject])}
        for name, feature in catalogue().items():
            if name in made:
                columns[name] = _arrow(made[name], pa.from_numpy_dtype(STORED_AS[feature.unit]))
        return cls(subject, pa.table(columns), dict(unknown), made)

    @property
    def names(self) -> tuple[str, ...]:
        """The features there are, in the order of the catalogue."""
        return tuple(self.table.column_names[2:])

    def column(self, name: str) -> Values:
        """A feature by customer_no or account_no, not to be written to; ``KeyError`` if it was not made."""
        if name not in self._made:
            return as_values(whole(self.table[name]))
        values = self._made[name]
        return Values(values.array.view(np.int8), values.known) if values.array.dtype == np.bool_ else values


def _arrow(values: Values, kind: pa.DataType) -> pa.Array[Any]:
    """The same numbers, not a copy of them."""
    if pa.types.is_boolean(kind) or values.array.dtype != kind.to_pandas_dtype():
        mask = None if values.known is None else ~values.known
        made: pa.Array[Any] = pa.array(values.array.astype(kind.to_pandas_dtype()), kind, mask=mask)
        return made
    valid = None if values.known is None else pa.py_buffer(np.packbits(values.known, bitorder="little").data)
    return pa.Array.from_buffers(
        kind, values.array.size, [valid, pa.py_buffer(np.ascontiguousarray(values.array).data)]
    )
