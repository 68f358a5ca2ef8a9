"""Shape ``path``: money that moves along accounts in the order of time."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import Field, model_validator

from amlscreen.rules.grammar_rows import ReadsRows
from amlscreen.rules.words import Span, Unit, Value

__all__ = ["FORMS", "Form", "Path"]

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


class Path(ReadsRows):
    """Payments as edges between accounts and outside parties; two payments between the same two are two edges.

    Row set ``moves`` picks the payments that make edges, by their rows on the payer's side where the payer has an
    account here, else on the receiver's. A payment goes on if it leaves the account that got the one before, later
    and within ``hop``, with at least ``keeps`` of its amount and no more than it (plus ``tolerance``).

    ``chain``: the longest such runs, ``cycle``: those that come back to where they began, both within ``within`` and
    of at most ``most_hops``. ``scatter_gather``: one account pays several, who pay one and the same.
    ``gather_scatter``: an account that many pay and that pays many. ``collector``: accounts that each pass at least
    ``spoke_share`` of what came in (row set ``inflow``) to one and the same. ``reach``: at most ``most_hops`` payments
    away, either way, from a party named in the tables ``reports`` or ``cases``.

    An account with more than ``hub`` different partners is not walked through; the run names it. A search that takes
    more than ``budget`` steps stops, and says so.
    """

    shape: Literal["path"]
    form: Form
    within: Span
    hop: Span = "24h"
    keeps: Value = Field("0.85", description="Least share of the amount that goes on at each hop.")
    tolerance: Value = Field("0.02", description="How much more than came in may go on, as a share.")
    most_hops: Value = Field(6, description="Longest chain, cycle or reach.")
    spoke_share: Value = Field("0.5", description="For `collector`: least share of its inflow that a spoke passes on.")
    hub: Value = Field(100, description="Most different partners of an account that is walked through.")
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
    def _rows_fit(self) -> Path:
        wanted = {"moves", "inflow"} if self.form == "collector" else {"moves"}
        if set(self.rows) != wanted:
            raise ValueError(f"form {self.form} reads the row sets {', '.join(sorted(wanted))}, no others")
        if self.measures:
            raise ValueError(f"a path has its own measures: {', '.join(self.made)}; leave `measures` out")
        return self
