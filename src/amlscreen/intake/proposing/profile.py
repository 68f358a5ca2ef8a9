"""What one column of a file is like: its name's meanings, and what its cells could be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from amlscreen.intake.currencies import minor_digits
from amlscreen.intake.proposing.dates import Days, clock_formats, days_of
from amlscreen.intake.proposing.money import NOTHING, Money, money_of
from amlscreen.intake.proposing.words import named

__all__ = ["Profile", "in_table", "is_iban", "profiled"]

_SAMPLE = 300

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_PHONE = re.compile(r"\+?\d[\d ()-]{7,16}\d")


@dataclass(frozen=True, slots=True)
class Profile:
    """One column. ``counts`` are its filled cells and how often each occurs, ``cells`` those of the first rows;
    ``words`` the meanings of its name among the columns of one table, ``anywhere`` among those of all.
    """

    name: str
    cells: tuple[str, ...]
    counts: Counter[str]
    words: Mapping[str, float]
    anywhere: Mapping[str, float]
    days: Days | None
    clock: tuple[str, ...] | None
    money: Money | None

    @property
    def filled(self) -> int:
        """How many cells hold anything."""
        return self.counts.total()

    @property
    def unique(self) -> bool:
        """Whether every cell is filled, and no two alike."""
        return len(self.counts) == self.filled >= len(self.cells) > 0

    def word(self, *meanings: str) -> float:
        """How surely the name says one of these."""
        return max((self.words.get(each, 0.0) for each in meanings), default=0.0)

    def share(self, pattern: re.Pattern[str]) -> float:
        """The share of filled cells that are of a pattern."""
        return (
            sum(n for text, n in self.counts.items() if pattern.fullmatch(text)) / self.filled if self.filled else 0.0
        )

    @property
    def ibans(self) -> float:
        """The share of filled cells that are IBANs with a right check number."""
        return sum(n for text, n in self.counts.items() if is_iban(text)) / self.filled if self.filled else 0.0

    @property
    def bics(self) -> float:
        """The share that have the form of a BIC."""
        return self.share(_BIC)

    @property
    def phones(self) -> float:
        """The share that could be phone numbers."""
        return self.share(_PHONE)

    @property
    def currencies(self) -> float:
        """The share that are ISO 4217 codes, capitals alike."""
        if not self.filled:
            return 0.0
        return sum(n for text, n in self.counts.items() if text.upper() in minor_digits()) / self.filled


def profiled(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Profile]:
    """Every column of a file, looked at; the meanings of names are those in any table."""
    return [_profile(name, [row[at].strip() for row in rows]) for at, name in enumerate(header)]


def in_table(profiles: Sequence[Profile], table: str) -> list[Profile]:
    """The same columns with the meanings their names have in one table."""
    return [replace(each, words=dict(named(_plain_name(each.name), table))) for each in profiles]


def _profile(name: str, whole: Sequence[str]) -> Profile:
    counts = Counter(cell for cell in whole if cell and cell not in NOTHING)
    cells = tuple(whole[:_SAMPLE])
    told = [cell if cell not in NOTHING else "" for cell in cells]
    words = dict(named(_plain_name(name)))
    days = days_of(told) if any(told) else None
    clock = clock_formats(told) if any(told) and days is None else None
    money = money_of(cells) if any(told) and days is None else None
    if clock is not None and money is not None and not any(":" in cell for cell in told):
        clock = clock if words.get("time") else None
    return Profile(name, cells, counts, words, words, days, clock, money if clock is None else None)


def _plain_name(name: str) -> str:
    """The name without the number by which names that stand twice are told apart, and "" for a made-up one."""
    return "" if re.fullmatch(r"column_\d+", name) else re.sub(r"__\d+$", "", name)


def is_iban(text: str) -> bool:
    """Whether a text is an IBAN whose check number is right."""
    plain = text.replace(" ", "").upper()
    if not _IBAN.fullmatch(plain):
        return False
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1
