"""What features of the last stage are given: the finished columns of the earlier ones, and facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from amlscreen.features.made import Subject
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import Reference

__all__ = ["Whole"]

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Whole:
    """Every customer or account at once, by customer_no or account_no."""

    subject: Subject
    facts: Reference
    made: Mapping[str, Values]
    _kept: dict[str, Any] = field(default_factory=dict, compare=False)

    def once(self, name: str, make: Callable[[], Kept]) -> Kept:
        """What features share, made when the first of them asks for it."""
        if name not in self._kept:
            self._kept[name] = make()
        kept: Kept = self._kept[name]
        return kept

    @property
    def last_day(self) -> int:
        """The run's day, as days since 1970-01-01."""
        return self.facts.last_day

    @property
    def size(self) -> int:
        """How many there are."""
        return (self.facts.customer_ids if self.subject == "customer" else self.facts.account_ids).num_rows

    def column(self, name: str) -> Values:
        """A feature of an earlier stage, or of this one declared before.

        ``KeyError`` if it was not made: a feature names in ``columns`` what it reads, and then it is.
        """
        return self.made[name]
