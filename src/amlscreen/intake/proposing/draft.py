"""One file's entry in the making: guesses by canonical column, conditions, doubts, and the columns taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conditions import Held
from amlscreen.intake.mapping import Leg, TableName
from amlscreen.intake.proposing.proposal import Choice, Doubt, Guess, Patch, Sight

__all__ = ["Draft", "column_spec"]


@dataclass(slots=True)
class Draft:
    """What is known of one file and one table so far. ``layout`` is what must be stated beyond the sight's own."""

    sight: Sight
    table: TableName
    guesses: dict[str, Guess] = field(default_factory=dict)
    unless: dict[str, Held] = field(default_factory=dict)
    legs: tuple[Leg, ...] = ()
    empty: tuple[str, ...] = ()
    doubts: list[Doubt] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    weight: float = 0.0

    def guess(self, column: str, spec: ColumnSpec, *, sure: bool, reason: str) -> None:
        """Say what a canonical column is made from."""
        self.guesses[column] = Guess(column, spec, sure, reason)
        self.taken.update(spec.columns)

    def doubt(self, about: str, question: str, choices: Sequence[tuple[str, Patch]], chosen: int = 0) -> None:
        """Note what cannot be known, and what is done about it until somebody answers."""
        made = tuple(Choice(label, change) for label, change in choices)
        self.doubts.append(Doubt(self.sight.name, about, question, made, chosen, self.table))

    def leave_out(self, column: str, held: Held) -> None:
        """Leave out records in which a column of the file holds this."""
        before = self.unless.get(column)
        if before is not None and before.pattern is None and held.pattern is None:
            held = Held(values=tuple(dict.fromkeys((*before.values, *held.values))))
        self.unless[column] = held

    @property
    def columns(self) -> dict[str, ColumnSpec]:
        """The specifications by canonical column."""
        return {name: guess.spec for name, guess in self.guesses.items()}

    @property
    def unused(self) -> tuple[str, ...]:
        """The file's columns that nothing uses."""
        return tuple(name for name in self.sight.header if name not in self.taken and name not in self.unless)


def column_spec(source: str | Sequence[str] | None = None, **options: Any) -> ColumnSpec:
    """A specification as a mapping would spell it; options that are None or empty are not stated."""
    told = {name: value for name, value in options.items() if value is not None and value not in ((), "")}
    if source is not None:
        told["from"] = source if isinstance(source, str) else list(source)
    return ColumnSpec.model_validate(told)
