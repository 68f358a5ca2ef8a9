"""The checks of lint by name, and what one of them found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from amlscreen.errors import Place

__all__ = ["CHECKS", "Check", "Finding", "Level", "Noted"]

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Check:
    """What a check holds a card to."""

    level: Level
    meaning: str


@dataclass(frozen=True, slots=True)
class Noted:
    """What a check found in one card, before its place is looked up."""

    steps: tuple[int | str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. An ``error`` fails ``rules lint``, a ``warning`` is said."""

    rule_id: str
    place: Place
    check: str
    message: str
    level: Level = "error"

    def __str__(self) -> str:
        return f"{self.place}: {self.level} [{self.check}] {self.rule_id}: {self.message}"


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "reads": Check("error", "The card can be read; every column, code, parameter and gap in it exists."),
        "duplicate-id": Check("error", "No two cards share an id."),
        "file-name": Check("error", "The file is FAMILY/ID_slug.yml."),
        "key-order": Check("error", "Keys stand in the fixed order, so that every card reads the same way."),
        "title-length": Check("error", "The title fits a table cell and is no sentence."),
        "accusing-words": Check("error", "Texts describe a pattern; they do not accuse a person."),
        "desk-review": Check("error", "Next steps are desk review: nobody is contacted, nothing is frozen or closed."),
        "reference": Check("error", "A stable card names the section of its source, and the text was read."),
        "unused-parameter": Check("error", "Every parameter is used."),
        "unused-name": Check("error", "Every row set and measure is used."),
        "threshold": Check("error", "A threshold is a parameter, so that a bank can tune it; 0 and 1 may stand."),
        "money-figure": Check(
            "error", "Money is compared with multiples of the jurisdiction's figures, never with amounts."
        ),
        "trait-decides": Check("error", "Sex, nationality, age and place never decide alone."),
        "peers-floor": Check(
            "error", "What stands out among peers also has a size of its own: a count or a multiple of wages."
        ),
        "strength-rises": Check("error", "A strength table rises: higher measure, higher points."),
        "hit-example": Check("error", "At least one example shows a hit."),
        "clear-example": Check("error", "At least one innocent look-alike stays clear."),
        "known-miss": Check("warning", "At least one example shows what the card does not see."),
        "hit-measures": Check("error", "A hit example says what is measured."),
        "example-names": Check("error", "Examples have different names."),
        "not-covered": Check(
            "error", "Every indicator has a card or stands in not_covered.yml with the reason, and none has both."
        ),
        "typologies": Check("error", "The shipped typologies name rules that exist, each in one part."),
        "after-hit": Check("error", "The rules it follows, or whose hits flag its members, exist."),
        "version-bump": Check("error", "What was locked changes only with a higher version."),
        "locked": Check("warning", "Every card stands in the lock."),
    }
)
