"""What shapes are told once every partition was swept, and what they give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import pyarrow as pa

from amlscreen.hits import Hit
from amlscreen.ledger.reference import Reference
from amlscreen.shapes.plan import Plan

__all__ = ["AfterSweep", "Settled"]

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class AfterSweep:
    """The whole bank, small: facts and features of every customer, and the reference tables.

    ``last_day`` is the run's day; hits whose episode ended before ``alert_from`` carry no rows. What the tables were
    told after ``told_until`` does not count yet. ``folder`` is for what does not fit into memory; ``together`` are the
    plans that are asked together, ``rows_at_once`` is how many gathered rows each may hold at a time.
    """

    reference: Reference
    features: pa.Table
    tables: Mapping[str, pa.Table]
    alert_from: int
    last_day: int
    told_until: int
    folder: Path | None = None
    together: tuple[Plan, ...] = ()
    rows_at_once: int = 1 << 62
    kept: dict[object, Any] = field(default_factory=dict, compare=False)
    lock: RLock = field(default_factory=RLock, compare=False)

    def once(self, key: object, make: Callable[[], Kept]) -> Kept:
        """What plans share, made when the first of them asks for it; others wait until it is there."""
        with self.lock:
            if key not in self.kept:
                self.kept[key] = make()
            found: Kept = self.kept[key]
            return found

    def apart(self, together: tuple[Plan, ...]) -> AfterSweep:
        """The same, for plans that share nothing with others."""
        return replace(self, together=together, kept={}, lock=RLock())


@dataclass(frozen=True, slots=True)
class Settled:
    """Hits of one plan over the whole bank; subjects that could not be told; codes of what was left out."""

    hits: list[Hit] = field(default_factory=list)
    not_evaluable: int = 0
    notes: tuple[str, ...] = ()
