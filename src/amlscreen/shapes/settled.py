"""What shapes are told once every partition was swept, and what they give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any, TypeVar

import pyarrow as pa

from amlscreen.hits import Hit
from amlscreen.ledger.reference import Reference

__all__ = ["AfterSweep", "Settled"]

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class AfterSweep:
    """The whole bank, small: facts and features of every customer, and the reference tables.

    ``last_day`` is the run's day; hits whose episode ended before ``alert_from`` carry no rows. What the tables were
    told after ``told_until`` does not count yet. ``rows_at_once`` is how many gathered rows a plan may hold at a time.
    """

    reference: Reference
    features: pa.Table
    tables: Mapping[str, pa.Table]
    alert_from: int
    last_day: int
    told_until: int
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

    def apart(self) -> AfterSweep:
        """The same, for plans that share nothing with others."""
        return replace(self, kept={}, lock=RLock())


@dataclass(frozen=True, slots=True)
class Settled:
    """Hits of one plan over the whole bank; subjects that could not be told; codes of what was left out."""

    hits: list[Hit] = field(default_factory=list)
    not_evaluable: int = 0
    notes: tuple[str, ...] = ()
