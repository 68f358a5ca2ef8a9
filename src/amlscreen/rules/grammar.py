"""The grammar of ``detect:``: a closed, typed set of words; no expression language.

``match`` reads reference tables; ``window``, ``sequence``, ``baseline`` and ``path`` read transactions; ``cluster``
ties customers by what they share; ``anomaly`` asks a detector who is odd; ``scenario`` is the door to Python. The words
they share are row sets (named conditions over transactions), measures (named numbers over a row set), ``when`` (what
must hold), ``by`` (what splits a subject) and ``repeat`` (how often). Values may be parameters of the card, written
``$name``.
``docs/decisions/0002-grammar.md`` holds the check of this grammar against every indicator.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from amlscreen.rules.grammar_anomaly import Anomaly
from amlscreen.rules.grammar_baseline import Baseline
from amlscreen.rules.grammar_cluster import Cluster
from amlscreen.rules.grammar_path import Path
from amlscreen.rules.grammar_rows import AfterHit, ReadsRows, Repeat, unknown_name
from amlscreen.rules.grammar_scenario import Scenario
from amlscreen.rules.measure import Measure
from amlscreen.rules.words import (
    Condition,
    Conditions,
    ParameterRef,
    Span,
    Strict,
    Unit,
    Value,
    When,
    duration_microseconds,
)

__all__ = [
    "AfterHit",
    "Anomaly",
    "Baseline",
    "Cluster",
    "Condition",
    "Conditions",
    "Detect",
    "Match",
    "Measure",
    "ParameterRef",
    "Path",
    "ReadsRows",
    "Repeat",
    "Scalar",
    "Scenario",
    "Sequence",
    "Span",
    "Step",
    "SubjectKind",
    "Value",
    "When",
    "Window",
    "duration_microseconds",
]

SubjectKind = Literal["account", "customer", "conductor", "counterparty", "terminal"]
Scalar = bool | int | Decimal | str


class _Sweep(ReadsRows):
    subject: SubjectKind | tuple[SubjectKind, ...]
    by: tuple[str, ...] = Field((), description="Columns that split the subject: each combination is looked at alone.")
    for_each: Literal["limits"] | None = Field(
        None, description="Run once for each line of jurisdiction.limits; `limit_multiple` is amount / that line."
    )
    repeat: Repeat | None = None

    @property
    def made(self) -> Mapping[str, Unit]:
        """``times``, how often it recurred, where the card says ``repeat``."""
        return {"times": "count"} if self.repeat else {}

    @model_validator(mode="after")
    def _times_is_only_shown(self) -> _Sweep:
        if self.repeat and "times" in set(self.when.names()):
            raise ValueError("`when` cannot ask for times; `repeat` has `at_least` for that")
        return self

    @property
    def subjects(self) -> tuple[SubjectKind, ...]:
        """The kinds of subject, one or several."""
        return (self.subject,) if isinstance(self.subject, str) else self.subject


class Window(_Sweep):
    """Within T, ``(t - T, t]``, looked at once for each instant with a row, the measures meet ``when``."""

    shape: Literal["window"]
    within: Span


class Step(Strict):
    """A later step of a sequence: rows of a set strictly after the anchor and within a span of it.

    ``present`` wants at least one such row, ``absent`` none, and absence counts only once the span has passed.
    ``same``, ``different`` and ``similar`` compare a row's column with the anchor's.
    """

    rows: str
    within: Span
    is_: Literal["present", "absent"] = Field("present", alias="is")
    from_: Literal["anchor", "previous"] = Field("anchor", alias="from")
    same: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    similar: dict[str, Value] = Field({}, description="Column to greatest relative distance, for example 10%.")


class Sequence(_Sweep):
    """A row of ``first``, then one or more steps. Measures of a step's row set see the rows of that step only.

    ``anchor`` says which rows of ``first`` start it: ``each``, or the ``first`` or ``last`` of every run of them (rows
    no further apart than the first step's span).
    """

    shape: Literal["sequence"]
    first: str
    anchor: Literal["each", "first", "last"] = "each"
    then: tuple[Step, ...] = Field(min_length=1, max_length=3)

    @model_validator(mode="after")
    def _steps_exist(self) -> Sequence:
        read = [self.first, *(step.rows for step in self.then)]
        for name in read:
            if name not in self.rows:
                raise unknown_name(f"a step reads row set '{name}'", name, self.rows, "rows")
            if read.count(name) > 1:
                raise ValueError(f"row set '{name}' serves two steps; give the second one a row set of its own")
        compares = any(step.same or step.different or step.similar for step in self.then)
        if compares and any(m.verb in {"matched_within", "dwell"} for m in self.measures.values()):
            raise ValueError("matching first in first out cannot be combined with same, different or similar")
        return self


class Match(Strict):
    """Rows of a reference table for which conditions hold, as of the run's day.

    ``subject`` names the column that holds the customer it is about (a minor's guardian, not the minor). ``within``
    counts back from the run's day in whole days, itself the first of them, by ``at`` or, for holdings, ``since``.
    """

    shape: Literal["match"]
    table: Literal["customers", "accounts", "holdings", "observations", "recalls", "reports", "cases"]
    where: Conditions
    subject: str = "customer_id"
    subject_kind: Literal["customer", "account"] = "customer"
    measures: dict[str, str] = Field({}, description="Name for the explanation to the column it shows.")
    within: Span = Field(None, description="Only rows of the last so many days; those without a day are left out.")
    at_least: Value = Field(1, description="Fewest rows for one subject.")
    distinct: str | None = Field(None, description="`at_least` counts different values of this column, not rows.")

    @property
    def made(self) -> Mapping[str, Unit]:
        """``times``, what ``at_least`` is held against, where the card says one of the two."""
        return {"times": "count"} if {"at_least", "distinct"} & self.model_fields_set else {}

    @property
    def dated_by(self) -> str | None:
        """The column that ``within`` looks at; None for tables whose rows have no day."""
        if self.table == "holdings":
            return "since"
        return None if self.table in {"customers", "accounts"} else "at"

    @model_validator(mode="after")
    def _looks_back(self) -> Match:
        if self.within is None or isinstance(self.within, ParameterRef):
            return self
        if self.dated_by is None:
            raise ValueError(f"`within` looks back by a day, and rows of '{self.table}' have none")
        if not self.within.endswith("d"):
            raise ValueError(f"`within` of a match counts whole days, for example 180d, not '{self.within}'")
        return self


Detect = Annotated[
    Window | Sequence | Match | Baseline | Cluster | Path | Anomaly | Scenario, Field(discriminator="shape")
]
