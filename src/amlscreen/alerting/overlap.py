"""Hits that rest on the same transactions are one fact.

Two hits are one fact where they share half or more of the rows of the smaller. A subject counts a few facts for each
rule at most, so a hit is held against few others, however many hits there are.
"""

from __future__ import annotations

from amlscreen.hits import Hit

__all__ = ["Facts"]


class Facts:
    """The facts already counted for a subject, in the order they were counted."""

    def __init__(self) -> None:
        self._counted: list[tuple[Hit, frozenset[int]]] = []

    def add(self, hit: Hit) -> None:
        """Count a hit as a fact of its own. A hit without rows can never be the same as another."""
        if len(hit.row_ids):
            self._counted.append((hit, frozenset(hit.row_ids.tolist())))

    def twin_of(self, hit: Hit) -> Hit | None:
        """The first counted hit that is the same fact, or ``None``."""
        if not self._counted or not len(hit.row_ids):
            return None
        rows = frozenset(hit.row_ids.tolist())
        for counted, others in self._counted:
            if not rows.isdisjoint(others) and 2 * len(rows & others) >= min(len(rows), len(others)):
                return counted
        return None
