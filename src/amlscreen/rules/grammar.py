"""The grammar of ``detect:``: a closed, typed set of words; no expression language.

Three shapes run today, ``match``, ``window`` and ``sequence``; the words they share are row sets (named conditions over
transactions), measures (named numbers over a row set), ``when`` (what must hold), ``by`` (what splits a subject)
and ``repeat`` (how often). Values may be parameters of the card, written ``$name``.
``docs/decisions/0002-grammar.md`` holds the check of this grammar against every indicator.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from amlscreen.errors import did_you_mean
from amlscreen.rules.words import (
    Condition,
    Conditions,
    ParameterRef,
    Span,
    Strict,
    Value,
    When,
    duration_microseconds,
)

__all__ = [
    "Condition",
    "Conditions",
    "Detect",
    "Match",
    "Measure",
    "ParameterRef",
    "Repeat",
    "Scalar",
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


def _unknown(said: str, name: str, known: Iterable[str], where: str) -> ValueError:
    return ValueError(f"{said}, which is not under `{where}`. {did_you_mean(name, known)}")


class Measure(Strict):
    """One named number over a row set: exactly one verb.

    ``count: transactions``, ``sum``, ``distinct``, ``min``, ``max``, ``mean``, ``median``, ``std`` (of a column),
    ``share: value|count`` (``of`` a row set, ``within`` another), ``ratio: [a, b]`` (of two measures),
    ``top_share: column`` with ``k`` (share of the rows that carry one of the k commonest values),
    ``days_active: transactions``, ``gap: longest`` (between neighbouring rows), and over a pair of row sets
    ``of: [in, out]``, matched first in first out: ``matched_within: 24h`` (money) and ``dwell: mean`` (value-weighted
    time from credit to debit).
    """

    count: Literal["transactions"] | None = None
    sum: str | None = None
    distinct: str | None = None
    min: str | None = None
    max: str | None = None
    mean: str | None = None
    median: str | None = None
    std: str | None = None
    share: Literal["value", "count"] | None = None
    ratio: tuple[str, str] | None = None
    top_share: str | None = None
    days_active: Literal["transactions"] | None = None
    gap: Literal["longest"] | None = None
    matched_within: Span = None
    dwell: Literal["mean"] | None = None
    of: str | tuple[str, str] | None = None
    within: str | None = None
    k: Value = None

    @property
    def verb(self) -> str:
        """The one verb that is set."""
        return next(name for name in VERBS if getattr(self, name) is not None)

    @property
    def column(self) -> str | None:
        """The column the verb reads, if it reads one."""
        if self.verb in {"sum", "distinct", "min", "max", "mean", "median", "std", "top_share"}:
            return str(getattr(self, self.verb))
        return "amount" if self.verb in {"matched_within", "dwell"} or self.share == "value" else None

    @property
    def row_sets(self) -> tuple[str, ...]:
        """The row sets it reads."""
        of = () if self.of is None else (self.of,) if isinstance(self.of, str) else self.of
        return (*of, self.within) if self.within else of

    @model_validator(mode="after")
    def _one_verb(self) -> Measure:
        verbs = [name for name in VERBS if getattr(self, name) is not None]
        if len(verbs) != 1:
            raise ValueError(f"a measure has exactly one verb of {', '.join(VERBS)}; this has {len(verbs)}")
        verb = verbs[0]
        pair = verb in {"matched_within", "dwell"}
        if verb == "ratio":
            if self.of is not None:
                raise ValueError("a ratio is of two measures and takes no `of`")
        elif pair != isinstance(self.of, tuple) or self.of is None:
            raise ValueError(f"{verb} needs `of:` {'two row sets [in, out]' if pair else 'one row set'}")
        if (verb == "share") != (self.within is not None):
            raise ValueError("share, and only share, needs `within:` a second row set")
        if (verb == "top_share") != (self.k is not None):
            raise ValueError("top_share, and only top_share, needs `k:`")
        return self


VERBS = (
    "count",
    "sum",
    "distinct",
    "min",
    "max",
    "mean",
    "median",
    "std",
    "share",
    "ratio",
    "top_share",
    "days_active",
    "gap",
    "matched_within",
    "dwell",
)


class Repeat(Strict):
    """The rest of ``detect`` must hold in several episodes: ``at_least`` of them within a span.

    With ``distinct`` they are counted by different values of that column of their rows (``local_day``, ``month``, or
    one of ``by``), which is how "three workers" or "three months" is said.
    """

    at_least: Value
    within: Span
    distinct: str | None = None


class _Sweep(Strict):
    subject: SubjectKind | tuple[SubjectKind, ...]
    by: tuple[str, ...] = Field((), description="Columns that split the subject: each combination is looked at alone.")
    for_each: Literal["limits"] | None = Field(
        None, description="Run once for each line of jurisdiction.limits; `limit_multiple` is amount / that line."
    )
    rows: dict[str, Conditions]
    measures: dict[str, Measure] = Field(default={})
    when: When = When()
    repeat: Repeat | None = None
    after_hit: AfterHit | None = None

    @property
    def subjects(self) -> tuple[SubjectKind, ...]:
        """The kinds of subject, one or several."""
        return (self.subject,) if isinstance(self.subject, str) else self.subject

    @model_validator(mode="after")
    def _names_exist(self) -> _Sweep:
        for name, measure in self.measures.items():
            for row_set in measure.row_sets:
                if row_set not in self.rows:
                    raise _unknown(f"measure '{name}' reads row set '{row_set}'", row_set, self.rows, "rows")
            for part in measure.ratio or ():
                if part not in self.measures:
                    raise _unknown(f"measure '{name}' is a ratio of '{part}'", part, self.measures, "measures")
                if self.measures[part].ratio:
                    raise ValueError(f"measure '{name}' is a ratio of a ratio")
        for name in self.when.names():
            if name not in self.measures:
                raise _unknown(f"`when` names '{name}'", name, self.measures, "measures")
        return self


class AfterHit(Strict):
    """Only after an episode of another rule on the same customer, ended within this span before."""

    rule: str
    within: Span


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
                raise _unknown(f"a step reads row set '{name}'", name, self.rows, "rows")
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


Detect = Annotated[Window | Sequence | Match, Field(discriminator="shape")]
