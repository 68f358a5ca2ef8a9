"""Shape ``path``: money that moves along accounts in the order of time."""

from __future__ import annotations

from collections.abc import Sequence

from amlscreen.shapes.plan import Plan
from amlscreen.shapes.selection import Selection
from amlscreen.shapes.settled import AfterSweep, Settled

__all__ = ["settle"]


def settle(plan: Plan, pieces: Sequence[Selection], bank: AfterSweep) -> Settled:
    """The hits, once the rows that make edges were picked in every partition."""
    raise NotImplementedError
