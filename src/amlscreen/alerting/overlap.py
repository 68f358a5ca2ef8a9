"""Hits that rest on the same transactions are one fact.

Two hits are one fact where they share half or more of the rows of the smaller. Looked up by row, so the work grows with
the rows of the hits and not with the square of their number.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from amlscreen.hits import Hit

__all__ = ["Facts"]


class Facts:
    """The facts already counted for a subject, in the order they were counted."""

    def __init__(self) -> None:
        self._counted: list[tuple[Hit, int]] = []
        self._of_row: dict[int, list[int]] = defaultdict(list)

    def add(self, hit: Hit) -> None:
        """Count a hit as a fact of its own. A hit without rows can never be the same as another."""
        rows = set(hit.row_ids.tolist())
        for row in rows:
            self._of_row[row].append(len(self._counted))
        self._counted.append((hit, len(rows)))

    def twin_of(self, hit: Hit) -> Hit | None:
        """The first counted hit that is the same fact, or ``None``."""
        if not len(hit.row_ids) or not self._of_row:
            return None
        rows = set(hit.row_ids.tolist())
        shared = Counter(fact for row in rows for fact in self._of_row.get(row, ()))
        for fact in sorted(shared):
            counted, size = self._counted[fact]
            if 2 * shared[fact] >= min(size, len(rows)):
                return counted
        return None
