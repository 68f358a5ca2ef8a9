"""Shape ``path``: money that moves along accounts in the order of time."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field, model_validator

from amlscreen.rules.grammar_rows import ReadsRows
from amlscreen.rules.words import ParameterRef, Span, Unit, Value

__all__ = ["FORMS", "VICTIMS", "Form", "Path"]

Form = Literal["chain", "cycle", "scatter_gather", "gather_scatter", "collector", "reach"]
_MOVED: Mapping[str, Unit] = {"sent": "money", "arrived": "money", "kept": "ratio", "sent_wages": "multiple"}
FORMS: Mapping[Form, Mapping[str, Unit]] = MappingProxyType(
    {
        "chain": {"hops": "count", "parties": "count", "chains": "count", "duration": "time", **_MOVED},
        "cycle": {"hops": "count", "parties": "count", "cycles": "count", "duration": "time", **_MOVED},
        "scatter_gather": {"middles": "count", "duration": "time", **_MOVED},
        "gather_scatter": {"senders": "count", "receivers": "count", "waited": "time", **_MOVED},
        "collector": {
            "spokes": "count",
            "received": "money",
            "received_wages": "multiple",
            "least_share": "ratio",
            "passed_on": "ratio",
        },
        "reach": {"hops": "count", "marked": "count", "moved": "money", "moved_wages": "multiple"},
    }
)
VICTIMS: Mapping[Form, str | None] = MappingProxyType(
    {
        "chain": "through",
        "cycle": "through",
        "scatter_gather": "middle",
        "gather_scatter": None,
        "collector": "spoke",
        "reach": None,
    }
)
"""The part of each form whose parties may be possible victims; the lead has another."""


class Path(ReadsRows):
    """Payments as edges between accounts and outside parties; two payments between the same two are two edges.

    Row set ``moves`` picks the payments, each by its row on the payer's side or, where that is not picked or not in the
    data, on the receiver's; both rows of one payment make one edge. A payment *goes on* if it leaves the account that
    got the one before, certainly later and within ``hop``, with at least ``keeps`` of its amount and no more than it
    (plus ``tolerance``). A payment known by its date only goes on on another day.

    ``chain``: such runs, the longest first, and ``cycle``: those that come back to where they began, all of it within
    ``within`` and of at most ``most_hops``; a payment belongs to one run only. ``chains`` and ``cycles`` count those of
    the hit's lead that begin within ``within``. ``scatter_gather``: one party pays several, whose next payments go to
    one and the same; these count if the second payments lie within ``within``. ``gather_scatter``: an account that many
    pay and that pays many out of that within ``hop`` (first in, first out). ``collector``: accounts that each pass at
    least ``spoke_share`` of what came in within ``within`` (row set ``inflow``, but for what the other paid) on to one
    and the same within ``hop``. ``reach``: at most ``most_hops`` payments away, in the order of time, down or up, over
    the last ``within``, from a party named in the tables ``reports`` or ``cases``; amounts and ``hop`` do not matter.

    An account with more than ``hub`` different counterparties is not walked through (nor a collector, nor reached); the
    run names it. A search that takes more than ``budget`` steps stops, and says so.
    """

    shape: Literal["path"]
    form: Form
    within: Span
    hop: Span = "24h"
    keeps: Value = Field("0.85", description="Least share of the amount that goes on at each hop.")
    tolerance: Value = Field("0.02", description="How much more than came in may go on, as a share.")
    most_hops: Value = Field(6, description="Longest chain, cycle or reach.")
    spoke_share: Value = Field("0.5", description="For `collector`: least share of its inflow that a spoke passes on.")
    hub: Value = Field(100, description="Most different counterparties of an account that is walked through.")
    budget: Value = Field(100_000_000, description="Most steps of the search.")
    victims: tuple[Literal["spoke", "middle", "through"], ...] = Field(
        (), description="Which parts are possible victims: never the lead."
    )

    @property
    def subjects(self) -> tuple[Literal["account"], ...]:
        """Edges are rows of accounts; what is found is a group."""
        return ("account",)

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
        """The measures of the form."""
        return FORMS[self.form]

    @model_validator(mode="after")
    def _figures_fit(self) -> Path:
        for name in ("keeps", "tolerance", "spoke_share"):
            share = getattr(self, name)
            if not isinstance(share, ParameterRef) and not _is_share(share):
                raise ValueError(f"`{name}` is a share from 0 to 1, not '{share}'")
        for name, most in (("most_hops", 20), ("hub", None), ("budget", None)):
            count = getattr(self, name)
            whole = isinstance(count, int) and not isinstance(count, bool) and count >= 1
            if not isinstance(count, ParameterRef) and not (whole and (most is None or count <= most)):
                raise ValueError(f"`{name}` is a whole number from 1{f' to {most}' if most else ''}, not '{count}'")
        return self

    @model_validator(mode="after")
    def _rows_fit(self) -> Path:
        wanted = {"moves", "inflow"} if self.form == "collector" else {"moves"}
        if set(self.rows) != wanted:
            raise ValueError(f"form {self.form} reads the row sets {', '.join(sorted(wanted))}, no others")
        may_be = VICTIMS[self.form]
        for part in self.victims:
            if part != may_be:
                said = f"only '{may_be}'" if may_be else "no part"
                raise ValueError(f"`victims` names '{part}'; in form {self.form} {said} can be a possible victim")
        if self.measures:
            raise ValueError(f"a path has its own measures: {', '.join(self.made)}; leave `measures` out")
        return self


def _is_share(value: Any) -> bool:
    try:
        share = Decimal(str(value))
    except InvalidOperation:
        return False
    return not isinstance(value, bool) and share.is_finite() and 0 <= share <= 1
