"""Measures: named numbers over row sets. One verb each, from a closed list."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import model_validator

from amlscreen.rules.words import Span, Strict, Value

__all__ = ["VERBS", "Measure"]


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

    @cached_property
    def verb(self) -> str:
        """The one verb that is set."""
        return next(name for name in VERBS if getattr(self, name) is not None)

    @cached_property
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
