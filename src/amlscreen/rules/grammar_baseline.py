"""Shape ``baseline``: a measure of the last span held against what is usual."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from amlscreen.rules.grammar_rows import ReadsRows, unknown_name
from amlscreen.rules.words import ParameterRef, Span, Strict, Unit, Value, duration_microseconds

__all__ = ["Baseline", "History", "PeerColumn", "Peers", "Spans"]

_DAY = duration_microseconds("1d")
PeerColumn = Literal["occupation", "sector", "province", "age_band", "product"]


class History(Strict):
    """The subject's own earlier spans, each as long as the one looked at and right before it.

    A span counts only where the data and the account reach back to its beginning.
    """

    spans: Value = Field(description="How many earlier spans are looked at.")
    at_least: Value = Field(description="Fewest of them that must be known, else the subject is not evaluable.")


class Peers(Strict):
    """Customers, or accounts, like the subject and active in the last span: those who agree in all columns of ``by``.

    Below ``at_least`` members the last column is dropped, and so on, down to all persons or all firms; the group that
    served and its size are part of the explanation. A column that is empty for the subject is dropped for it. Of an
    account, its first owner and its product are compared.
    """

    by: tuple[PeerColumn, ...] = Field(min_length=1, description="From what matters most to what is dropped first.")
    at_least: Value = Field(30, description="Fewest members of a group.")


class Spans(Strict):
    """The comparison must hold in ``at_least`` of the last ``of`` spans, each held against the same usual.

    That is all of ``when``. The measures told are those of the span that is farthest from the usual.
    """

    at_least: Value
    of: Value


class Baseline(ReadsRows):
    """The measure ``compare`` over the span ``within`` that ends with ``as_of``, against exactly one of three usuals.

    Spans are whole local days. Without a row of its row set a measure counts as zero where it counts or sums, and is
    unknown where it is a share, a mean, a median. A subject for which all holds but what the unknown usual decides is
    not evaluable. ``when`` that asks for little (``times: {lte: ...}``) leaves out spans the subject was not there for.

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
        self._comparison_is_asked_for()
        if self.declared == "declared_turnover" and self.subject != "account":
            raise ValueError("declared_turnover is declared for an account; write subject: account")
        if self.declared == "income" and self.subject != "customer":
            raise ValueError("income is declared by a customer; write subject: customer")
        if self.declared and self.measures[self.compare].column != "amount":
            raise ValueError(f"{self.declared} is an amount; `compare` a sum of amount with it")
        if self.peers and "product" in self.peers.by and self.subject != "account":
            raise ValueError("product is that of an account; write subject: account")
        return self

    def _comparison_is_asked_for(self) -> None:
        asked = set(self.when.names())
        if not asked & {"usual", "times", "deviations", "percentile"}:
            raise ValueError("`when` must ask for the comparison: times, deviations, percentile or usual")
        if "spans_met" in asked:
            raise ValueError("`when` holds in each span by itself; how many must meet it is said by `spans: at_least`")

    @model_validator(mode="after")
    def _spans_are_days(self) -> Baseline:
        if not isinstance(self.within, ParameterRef) and duration_microseconds(self.within) % _DAY:
            raise ValueError(f"`within` of a baseline counts whole days, for example 30d, not '{self.within}'")
        for few, many, said in (
            (self.history, "spans", "history"),
            (self.spans, "of", "spans"),
        ):
            if few is not None and _is_more(few.at_least, getattr(few, many)):
                raise ValueError(f"`{said}` asks for at least {few.at_least} of {getattr(few, many)}")
        return self


def _is_more(one: object, other: object) -> bool:
    return isinstance(one, int) and isinstance(other, int) and one > other
