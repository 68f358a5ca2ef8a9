"""A rule, as written: one card, one file, one page.

The order of the keys is fixed: what it is, why, its limits, how it runs, what it says, proof.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from amlscreen.errors import did_you_mean
from amlscreen.rules.grammar import Detect, Match, Value

__all__ = [
    "FAMILIES",
    "Card",
    "Crowd",
    "Example",
    "Parameter",
    "Reference",
    "Severity",
    "Strength",
    "Text",
    "in_language",
]

Severity = Literal["low", "medium", "high", "critical"]
Role = Literal["suspect", "possible_victim", "facilitator", "unclear"]
Text = str | dict[Literal["en", "lo"], str]

FAMILIES = {
    "A": "account",
    "T": "transaction",
    "L": "labour",
    "N": "network",
    "K": "kyc",
    "W": "watchlist",
    "S": "scam",
    "X": "anomaly",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def in_language(text: Text, language: str) -> str:
    """The text in that language, else in English."""
    if isinstance(text, str):
        return text
    return text.get(language) or text["en"]  # type: ignore[call-overload]  # any language may be asked for


class Reference(_Strict):
    """Where the indicator comes from."""

    source: str
    section: str | None = None
    year: int
    seen: bool = Field(True, description="The text of the flag itself was read; false: known second-hand.")


class Parameter(_Strict):
    """A number or word a bank may tune."""

    value: Value
    help: Text


class Strength(_Strict):
    """At this value of a measure or above, the points are multiplied."""

    measure: str
    from_: Value = Field(alias="from")
    times: Value


class Crowd(_Strict):
    """So many customers who are alike, one account each, as the ordinary people an example is held against.

    ``like`` is the row of each in customers and ``account`` that in accounts. Every transaction is booked once for each
    of them; ``amount: [low, high]`` is spread evenly, the first gets the low one and the last the high one. They are
    called ``PEER-1-001``, the first crowd's first.
    """

    customers: int = Field(ge=2, le=200)
    like: dict[str, Any] = {}
    account: dict[str, Any] = {}
    transactions: tuple[dict[str, Any], ...] = Field(min_length=1)


class Example(_Strict):
    """A tiny data set and what the rule must say about it.

    ``expect: clear`` and ``expect: {hit: SUBJECT, measure: value, ...}`` are exact. A ``known_miss`` says what this
    card does not see and why; when it starts to hit, the card is out of date.
    """

    name: str
    defaults: dict[str, Any] = {}
    transactions: tuple[dict[str, Any], ...] = ()
    crowd: tuple[Crowd, ...] = ()
    accounts: tuple[dict[str, Any], ...] = ()
    customers: tuple[dict[str, Any], ...] = ()
    holdings: tuple[dict[str, Any], ...] = ()
    recalls: tuple[dict[str, Any], ...] = ()
    observations: tuple[dict[str, Any], ...] = ()
    reports: tuple[dict[str, Any], ...] = ()
    cases: tuple[dict[str, Any], ...] = ()
    fx_rates: tuple[dict[str, Any], ...] = ()
    listed: tuple[dict[str, Any], ...] = ()
    logins: tuple[dict[str, Any], ...] = ()
    as_of: dt.date | None = None
    expect: Literal["clear"] | dict[str, Any]
    known_miss: str | None = Field(None, description="Why it is missed; `expect` then says clear.")


class Card(_Strict):
    """One rule. Read with :func:`amlscreen.rules.reader.read_card`, never built by hand."""

    id: str = Field(pattern=r"^[A-Z]{2,4}-[A-Z]\d{2}[A-Z]?$")
    title: Text
    status: Literal["draft", "test", "stable", "deprecated"]
    version: int = Field(ge=1)
    typology: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    exploitation: tuple[str, ...]
    severity: Severity
    role: Role
    anchor: bool = Field(False, description="A fact from outside the flows (recall, report, designation).")
    safety: bool = Field(False, description="A safety signal: counter-evidence never lowers it.")
    description: Text
    rationale: Text
    references: tuple[Reference, ...] = Field(min_length=1)
    false_positives: tuple[Text, ...] = Field(min_length=1)
    blind_spots: tuple[Text, ...] = Field(min_length=1)
    next_steps: tuple[Text, ...] = Field(min_length=1)
    parameters: dict[str, Parameter] = {}
    detect: Detect
    least_known: Value = Field(Decimal("0.8"), description="Below this share of known values a hit is partial.")
    strength: tuple[Strength, ...] = ()
    possible_victims: str | None = Field(
        None, description="`row_set.customer` or a column of the matched table: whose row goes to protected.csv."
    )
    explain: Text
    examples: tuple[Example, ...] = Field(min_length=1)

    @property
    def family(self) -> str:
        """The family its id names: account, labour, kyc, ..."""
        return FAMILIES[self.id.split("-")[1][0]]

    @property
    def is_kyc(self) -> bool:
        """A finding about one customer's papers and file, for ``kyc.csv``; it never alerts alone.

        What several customers share, and what was told from outside, are not gaps in one file: they count as evidence.
        """
        return self.family == "kyc" and isinstance(self.detect, Match) and not self.anchor

    @property
    def measure_names(self) -> tuple[str, ...]:
        """The names ``explain`` may show besides ``first_day``, ``last_day`` and ``subject``."""
        return (*self.detect.measures, *self.detect.made)

    @model_validator(mode="after")
    def _consistent(self) -> Card:
        for row in self.strength:
            if row.measure not in self.measure_names:
                said = f"strength names measure '{row.measure}', which is not under `detect.measures`."
                raise ValueError(f"{said} {did_you_mean(row.measure, self.measure_names)}")
        if isinstance(self.detect, Match) and self.strength:
            raise ValueError("a match has no strength table; choose the severity instead")
        return self
