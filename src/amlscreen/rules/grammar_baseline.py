"""Shape ``baseline``: a measure of the last span held against what is usual."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from amlscreen.rules.grammar_rows import ReadsRows, unknown_name
from amlscreen.rules.words import Span, Strict, Unit, Value

__all__ = ["Baseline", "History", "PeerColumn", "Peers", "Spans"]

PeerColumn = Literal["occupation", "sector", "province", "age_band", "product"]


class History(Strict):
    """The subject's own earlier spans, each as long as the one looked at and right before it.

    A span counts only where the data and the account reach back to its beginning.
    """

    spans: Value = Field(description="How many earlier spans are looked at.")
    at_least: Value = Field(description="Fewest of them that must be known, else the subject is not evaluable.")


class Peers(Strict):
    """People like the subject, active in the span: those who agree in all columns of ``by``.

    Below ``at_least`` members the last column is dropped, and so on, down to all persons or all firms; the group that
    served and its size are part of the explanation. A column that is empty for the subject is dropped for it.
    """

    by: tuple[PeerColumn, ...]
    at_least: Value = Field(30, description="Fewest members of a group.")


class Spans(Strict):
    """The comparison must hold in ``at_least`` of the last ``of`` spans, each held against the same usual."""

    at_least: Value
    of: Value


class Baseline(ReadsRows):
    """The measure ``compare`` over the span ``within`` that ends with ``as_of``, against exactly one of three usuals.

    ``history``: the median of the subject's own earlier spans. ``declared``: the income or the turnover declared, a
    month being 30 days. ``peers``: the median of people like the subject. It makes the measures ``usual`` (in the
    compared measure's unit), ``times`` (compared / usual), with history and peers ``deviations`` (distance from the
    median in robust standard deviations, 1.4826 times the median absolute deviation), with history ``spans_known``,
    with peers ``peers`` (how many), ``percentile`` and ``peer_group``, and with ``spans`` ``spans_met``.
    """

    shape: Literal["baseline"]
    subject: Literal["account", "customer"]
    within: Span
    compare: str
    history: History | None = None
    declared: Literal["income", "declared_turnover"] | None = None
    peers: Peers | None = None
    spans: Spans | None = None

    @property
    def subjects(self) -> tuple[Literal["account", "customer"], ...]:
        """The kinds of subject: one."""
        return (self.subject,)

    @property
    def by(self) -> tuple[str, ...]:
        """Nothing splits the subject."""
        return ()

    @property
    def repeat(self) -> None:
        """Looked at once."""

    @property
    def for_each(self) -> None:
        """No lines are looked at one by one."""

    @property
    def made(self) -> Mapping[str, Unit]:
        """What the comparison measures; ``usual`` is told in the unit of what is compared."""
        made: dict[str, Unit] = {"usual": "money", "times": "multiple"}
        if self.history or self.peers:
            made["deviations"] = "multiple"
        if self.history:
            made["spans_known"] = "count"
        if self.peers:
            made |= {"peers": "count", "percentile": "ratio", "peer_group": "text"}
        if self.spans:
            made["spans_met"] = "count"
        return made

    @model_validator(mode="after")
    def _one_usual(self) -> Baseline:
        given = [name for name in ("history", "declared", "peers") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a baseline has exactly one of history, declared, peers; this has {len(given)}")
        if self.compare not in self.measures:
            raise unknown_name(f"`compare` names '{self.compare}'", self.compare, self.measures, "measures")
        if self.declared == "declared_turnover" and self.subject != "account":
            raise ValueError("declared_turnover is declared for an account; write subject: account")
        if self.declared == "income" and self.subject != "customer":
            raise ValueError("income is declared by a customer; write subject: customer")
        return self
