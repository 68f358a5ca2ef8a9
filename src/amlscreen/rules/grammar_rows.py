"""What every shape over transactions shares: named row sets, measures over them, and what must hold of these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pydantic import Field, model_validator

from amlscreen.errors import did_you_mean
from amlscreen.rules.measure import Measure
from amlscreen.rules.words import Conditions, Span, Strict, Unit, Value, When

__all__ = ["AfterHit", "ReadsRows", "Repeat", "unknown_name"]


def unknown_name(said: str, name: str, known: Iterable[str], where: str) -> ValueError:
    """The error for a name that is not under ``where``, with the likely one."""
    return ValueError(f"{said}, which is not under `{where}`. {did_you_mean(name, known)}")


class AfterHit(Strict):
    """Only after an episode of another rule on the same customer, ended within this span before."""

    rule: str
    within: Span


class Repeat(Strict):
    """The rest of ``detect`` must hold in several episodes: ``at_least`` of them within a span.

    With ``distinct`` they are counted by different values of that column of their rows (``local_day``, ``month``, or
    one of ``by``), which is how "three workers" or "three months" is said.
    """

    at_least: Value
    within: Span
    distinct: str | None = None


class ReadsRows(Strict):
    """A shape over transactions: row sets, measures over them, and what must hold."""

    rows: dict[str, Conditions]
    measures: dict[str, Measure] = Field(default={})
    when: When = When()
    after_hit: AfterHit | None = None

    @property
    def made(self) -> Mapping[str, Unit]:
        """Measures the shape makes by itself, with their units; they stand beside the named ones."""
        return MappingProxyType({})

    @model_validator(mode="after")
    def _names_exist(self) -> ReadsRows:
        for name, measure in self.measures.items():
            if name in self.made:
                raise ValueError(f"measure '{name}' is one the shape makes by itself; call yours something else")
            for row_set in measure.row_sets:
                if row_set not in self.rows:
                    raise unknown_name(f"measure '{name}' reads row set '{row_set}'", row_set, self.rows, "rows")
            for part in measure.ratio or ():
                if part not in self.measures:
                    raise unknown_name(f"measure '{name}' is a ratio of '{part}'", part, self.measures, "measures")
                if self.measures[part].ratio:
                    raise ValueError(f"measure '{name}' is a ratio of a ratio")
        for name in self.when.names():
            if name not in self.measures and name not in self.made:
                known = (*self.measures, *self.made)
                raise unknown_name(f"`when` names '{name}'", name, known, "measures")
        return self
