"""From the rows of a staged file to the ordinals of its records, once blank and footer rows are set aside.

A staged file holds the rows that could be cut; rejected lines stood between them. *Places* number rows and rejected
lines as they follow one another; *ordinals* number what is left of both without what is set aside. The ordinal of a
row is its row number plus a shift that changes at few rows, which SQL looks up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from amlscreen.intake.sql import literal

__all__ = ["Numbering", "number_rows"]

_MOST_IN_SQL = 100  # more are joined from a file, which costs a second for ten million rows


@dataclass(frozen=True, slots=True)
class Numbering:
    """``steps`` are (row number, shift from there on); ``dropped`` the row numbers set aside; ``aside`` all places."""

    steps: tuple[tuple[int, int], ...]
    dropped: tuple[int, ...]
    aside: tuple[int, ...]
    _borders: tuple[int, ...]

    def ordinal(self, place: int) -> int:
        """The ordinal of the row or rejected line at a place that is not set aside."""
        return place - bisect_right(self.aside, place)

    def place(self, ordinal: int) -> int:
        """The place of an ordinal."""
        return ordinal + bisect_right(self._borders, ordinal)

    def relation(self, source: str, names: str, path: Path) -> str:
        """SQL for ``"__record"`` and ``names`` of a source that has ``file_row_number``; many steps go into a file."""
        if len(self.steps) + len(self.dropped) <= _MOST_IN_SQL:
            shift = self._tree(0, len(self.steps) - 1)
            where = f" WHERE file_row_number NOT IN ({', '.join(map(str, self.dropped))})" if self.dropped else ""
            return f'SELECT file_row_number + {shift} AS "__record", {names} FROM {source}{where}'
        rows = dict(self.steps) | dict.fromkeys(self.dropped, 0)
        starts = sorted(rows)
        dropped = set(self.dropped)
        shifts = [rows[start] for start in starts]
        kept = [start not in dropped for start in starts]
        pq.write_table(pa.table({"start": pa.array(starts), "shift": pa.array(shifts), "kept": pa.array(kept)}), path)
        return (
            f'SELECT r.file_row_number + s.shift AS "__record", {names} FROM {source} AS r '
            f"ASOF JOIN read_parquet({literal(str(path))}) AS s ON r.file_row_number >= s.start WHERE s.kept"
        )

    def _tree(self, low: int, high: int) -> str:
        """The shift of a row as a balanced tree of CASE."""
        if low == high:
            return str(self.steps[low][1])
        middle = (low + high + 1) // 2
        before, after = self._tree(low, middle - 1), self._tree(middle, high)
        return f"(CASE WHEN file_row_number < {self.steps[middle][0]} THEN {before} ELSE {after} END)"


def number_rows(rejected: Iterable[int], aside: Collection[int]) -> Numbering:
    """Number the rows of a staged file; ``rejected`` and ``aside`` are places, which may overlap."""
    lines, gone = set(rejected), set(aside)
    steps: dict[int, int] = {0: 1}
    dropped: list[int] = []
    shift, passed = 1, 0
    for place in sorted(lines | gone):
        row = place - 1 - passed
        if place in lines:
            passed += 1
            if place not in gone:
                shift += 1
                steps[row] = shift
        else:
            dropped.append(row)
            shift -= 1
            steps[row + 1] = shift
    ordered = tuple(sorted(gone))
    borders = tuple(place - before for before, place in enumerate(ordered))
    return Numbering(tuple(sorted(steps.items())), tuple(dropped), ordered, borders)
