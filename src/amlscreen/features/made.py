"""The finished features of a run: one row for every customer, or for every account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from amlscreen.feature_catalogue import Unit, catalogue
from amlscreen.ledger.partition import Values, as_values
from amlscreen.ledger.reference import Reference, whole

__all__ = ["ID_COLUMN", "STORED_AS", "SUBJECTS", "Features", "Subject"]

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


@dataclass(frozen=True)
class Features:
    """Named numbers up to the run's last day.

    ``table`` has institution, customer_id or account_id, then the features in the order of the catalogue; a row's place
    is the customer_no or account_no, and null is unknown. ``unknown`` says of features that nobody has why that is.
    """

    subject: Subject
    table: pa.Table
    unknown: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, subject: Subject, facts: Reference, made: Mapping[str, Values], unknown: Mapping[str, str]) -> Features:
        """The table of what was made, in the order of the catalogue."""
        ids = facts.customer_ids if subject == "customer" else facts.account_ids
        columns = {name: whole(ids[name]) for name in ("institution", ID_COLUMN[subject])}
        for name, feature in catalogue().items():
            if name in made:
                columns[name] = _arrow(made[name], pa.from_numpy_dtype(STORED_AS[feature.unit]))
        return cls(subject, pa.table(columns), dict(unknown))

    @property
    def names(self) -> tuple[str, ...]:
        """The features there are, in the order of the catalogue."""
        return tuple(self.table.column_names[2:])

    def column(self, name: str) -> Values:
        """A feature by customer_no or account_no; ``KeyError`` if it was not made."""
        return as_values(whole(self.table[name]))


def _arrow(values: Values, kind: pa.DataType) -> pa.Array[Any]:
    made: pa.Array[Any] = pa.array(
        values.array.astype(kind.to_pandas_dtype()), kind, mask=None if values.known is None else ~values.known
    )
    return made
