"""Shape ``baseline``: a measure of the last span held against what is usual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from amlscreen.ledger.partition import Partition
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.settled import AfterSweep, Settled

__all__ = ["piece_of", "settle"]


def piece_of(plan: Plan, part: Partition) -> Any:
    """What one partition gives; None where it has nothing to do with the plan."""
    raise NotImplementedError


def settle(plan: Plan, pieces: Sequence[Any], bank: AfterSweep) -> Settled:
    """The hits, once every partition was swept."""
    raise NotImplementedError
