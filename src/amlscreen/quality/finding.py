"""What a check is, what it saw, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from amlscreen.intake.facts import Facts

__all__ = ["EFFECTS", "SEVERITIES", "Check", "Finding", "Seen", "Severity"]

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

EFFECTS: Mapping[str, str] = {
    "clock times": "rules in which hours or the order within a day matter",
    "credits": "rules that look at money coming in",
    "debits": "rules that look at money going out",
    "both directions": "rules that set money coming in against money going out",
    "amounts": "rules that read amounts",
    "days": "rules over transactions: all of them count by days",
    "history": "rules that look at what is usual, or at long silence",
    "owners": "rules about customers and their reference data",
}
"""What a problem can take from rules beside columns (``table.column``) and whole tables."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one check saw in one place: a sentence with figures, without names, phones, account numbers and amounts.

    ``effects`` are columns, tables or words of ``EFFECTS``; ``is_whole`` says that they are gone altogether, so that
    rules which need them are blind and not only weaker. ``severity`` is the check's own unless given.
    """

    what: str
    where: str = ""
    rows: int | None = None
    severity: Severity | None = None
    effects: tuple[str, ...] | None = None
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One named check. ``limits`` says from where on it speaks, and why there.

    ``effects`` are what the problem takes from rules; ``is_thorough`` checks need figures that only ``amlscreen check``
    gathers.
    """

    id: str
    title: str
    severity: Severity
    meaning: str
    action: str
    limits: str
    find: Callable[[Facts], Iterable[Seen]]
    effects: tuple[str, ...] = ()
    is_thorough: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about the data. ``blinds`` are rules that cannot look because of it, ``weakens`` those that
    see less than they are meant to.
    """

    severity: Severity
    check: str
    title: str
    where: str
    what: str
    rows: int | None
    meaning: str
    action: str
    blinds: tuple[str, ...] = ()
    weakens: tuple[str, ...] = ()
    effects: tuple[str, ...] = field(default=(), repr=False)

    def row(self) -> dict[str, Any]:
        """The finding as a row of a table."""
        return {
            "severity": self.severity,
            "check": self.check,
            "title": self.title,
            "where": self.where,
            "what": self.what,
            "rows": self.rows,
            "meaning": self.meaning,
            "action": self.action,
            "blinds": list(self.blinds),
            "weakens": list(self.weakens),
        }
