"""What can go wrong, as a picture.

::

    AmlScreenError
    ├── SettingsError     a setting, a flag or a jurisdiction file is wrong        exit 1
    ├── RuleError         a card cannot be read or contradicts itself              exit 1
    ├── DataError         the input cannot be used: file, line, column, reason     exit 2
    ├── EngineError       the run itself cannot go on (no memory, no kernel)       exit 1
    ├── DetectorError     an anomaly model cannot be fitted                        exit 1
    └── SinkError         an output cannot be written                              exit 1

A bad *row* is never an exception: it goes to quarantine with a reason. Messages say where, what, what is
allowed and the likely fix; they carry ids and column names, never names, phone numbers or amounts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar

__all__ = [
    "AmlScreenError",
    "DataError",
    "DetectorError",
    "EngineError",
    "Place",
    "RuleError",
    "SettingsError",
    "SinkError",
    "did_you_mean",
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file, and in it a line and a column, both counted from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)


class AmlScreenError(Exception):
    """The root of every error this package raises on purpose."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, place: Place | None = None, fix: str | None = None) -> None:
        self.message = message
        self.place = place
        self.fix = fix
        super().__init__(str(self))

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text} {self.fix}" if self.fix else text


class SettingsError(AmlScreenError):
    """A setting, a flag or a jurisdiction file is wrong."""


class RuleError(AmlScreenError):
    """A card cannot be read, or says something that cannot be run."""


class DataError(AmlScreenError):
    """The input as a whole cannot be used."""

    exit_code: ClassVar[int] = 2


class EngineError(AmlScreenError):
    """The run cannot go on, through no fault of the data or the rules."""


class DetectorError(AmlScreenError):
    """An anomaly model cannot be fitted or applied."""


class SinkError(AmlScreenError):
    """An output cannot be written."""


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """A sentence that names what is allowed, and the nearest of it first.

    >>> did_you_mean("chanel", ["channel", "amount"])
    "Did you mean 'channel'? Allowed: amount, channel."
    """
    known = sorted(set(allowed))
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    hint = f"Did you mean '{near[0]}'? " if near else ""
    return f"{hint}Allowed: {', '.join(known)}."
