"""Entries in columns: those that are as they should be all at once, the others with care one by one."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pyarrow as pa

from amlscreen.intake.readers.swift_bulk import bulk_rows
from amlscreen.intake.readers.swift_rows import COLUMNS, entry_row
from amlscreen.intake.readers.swift_subfields import ARROW, Flags, Texts

__all__ = ["Careful"]

_SHORTEST_ID = 8  # shorter bank references are running numbers of a day


class Careful:
    """Reads entries from their :61: and :86:.

    After :meth:`columns`, ``rejected`` are the places of those that are none, ``moved`` counts value days of 29 or 30
    February. ``doubted`` are those that are not whole, whatever they say.
    """

    def __init__(self, first: Texts, second: Texts, german: Flags, doubted: Collection[int]) -> None:
        self.first, self._second, self._german = first, second, german
        self.rejected = set(doubted)
        self.moved = 0

    def columns(self) -> dict[str, Texts]:
        """The columns of the entries; what they hold of those that are rejected means nothing."""
        bulk = bulk_rows(self.first, self._second, self._german)
        columns = bulk.columns | {"transaction_id": bulk.bank_reference}
        left = np.flatnonzero(~bulk.holds)
        rows = [self._row(index) for index in left.tolist()]
        if rows:
            careful = pa.array(~bulk.holds)
            for name in (*COLUMNS, "transaction_id"):
                told = pa.array([row.get(name) or None for row in rows], pa.string())
                before = columns.get(name, pa.nulls(len(self.first), pa.string()))
                columns[name] = ARROW.replace_with_mask(before, careful, told)
        long = ARROW.greater_equal(ARROW.utf8_length(columns["transaction_id"]), _SHORTEST_ID)
        columns["transaction_id"] = ARROW.if_else(long, columns["transaction_id"], pa.scalar(None, pa.string()))
        return columns

    def _row(self, index: int) -> dict[str, str]:
        german = bool(self._german[index])
        made = entry_row(self.first[index].as_py(), self._second[index].as_py(), german=german)
        if made is None:
            self.rejected.add(index)
            return {}
        line, row = made
        self.moved += line.moved and index not in self.rejected
        return row | {"transaction_id": line.bank_reference}
