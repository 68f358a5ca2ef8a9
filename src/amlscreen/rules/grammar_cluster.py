"""Shape ``cluster``: customers tied together by the values they share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import Field, model_validator

from amlscreen.rules.grammar_rows import AfterHit, unknown_name
from amlscreen.rules.words import Conditions, ParameterRef, Span, Strict, Unit, Value, When

__all__ = ["FLAGS", "Cluster", "ClusterMeasure", "Link"]

MADE: Mapping[str, Unit] = MappingProxyType(
    {
        "members": "count",
        "shared_values": "count",
        "shared": "text",
        "flagged": "count",
        "flagged_share": "ratio",
        "alike": "count",
        "largest_hub": "count",
    }
)
FLAGS = frozenset({"flagged", "flagged_share", "alike"})
"""The measures that look at other rules' hits."""
_DATED_BY: Mapping[str, str] = MappingProxyType(
    {"customers": "onboarded", "accounts": "opened", "holdings": "since", "logins": "at"}
)


class Link(Strict):
    """Two customers are tied if all columns of ``same`` are known and equal for both.

    Rows of ``table`` belong to the customer they name (for accounts: its owners; for holdings: the holder). Texts are
    compared as NFC in small letters with runs of spaces as one, within one institution. A value on more than ``most``
    customers, members or not, is a hub (a factory's phone): it ties nobody, and the run names it.
    """

    table: Literal["customers", "accounts", "holdings", "logins"] = "customers"
    same: tuple[str, ...] = Field(min_length=1)
    where: Conditions = Conditions()
    within: Span | None = Field(
        None, description="Only rows of the last so many days, by onboarded, opened, since (holdings) or at (logins)."
    )
    most: Value = Field(description="Most customers a value may tie.")

    @property
    def dated_by(self) -> str:
        """The column that ``within`` looks at."""
        return _DATED_BY[self.table]

    @model_validator(mode="after")
    def _whole_days(self) -> Link:
        if self.within is None or isinstance(self.within, ParameterRef) or self.within.endswith("d"):
            return self
        raise ValueError(f"`within` of a link counts whole days, for example 30d, not '{self.within}'")


class ClusterMeasure(Strict):
    """One number about the members of a cluster: exactly one verb, over columns of the customers table.

    ``distinct`` different known values, ``count`` members for whom conditions hold, ``share`` the same as a share of
    all members, ``median`` of a column's known values, ``consecutive`` the longest run of numbers that follow each
    other (distance 1 to 3) among the digits of a column.
    """

    distinct: str | None = None
    count: Conditions | None = None
    share: Conditions | None = None
    median: str | None = None
    consecutive: str | None = None

    @property
    def verb(self) -> str:
        """The one verb that is set."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_verb(self) -> ClusterMeasure:
        verbs = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(verbs) != 1:
            raise ValueError(f"a measure of a cluster has exactly one of {', '.join(type(self).model_fields)}")
        return self


class Cluster(Strict):
    """Customers who share identifying values, connected through any of ``links``; one hit for each connected group.

    ``members`` says who may be one (conditions on the customers table, its derived columns included). It makes the
    measures ``members``, ``shared_values`` (different values that tie them), ``shared`` (the columns), ``flagged``
    (members with a hit of ``flagged_by``), ``flagged_share`` (of all members), ``alike`` (the most members with a hit
    of one and the same of these rules) and ``largest_hub`` (customers on the commonest of the values).
    ``lead`` names the customers column that holds whom the hit is about (an introducer); without it the lead is the
    member with most hits, then most money. ``victims`` are members who are possible victims and never lead.
    """

    shape: Literal["cluster"]
    members: Conditions = Conditions()
    links: tuple[Link, ...] = Field(min_length=1)
    flagged_by: tuple[str, ...] = Field((), description="Ids of rules, or families such as `account`.")
    flagged_within: Span = "90d"
    lead: str | None = None
    victims: Conditions | None = None
    measures: dict[str, ClusterMeasure] = Field(default={})
    when: When = When()
    after_hit: AfterHit | None = None

    @property
    def made(self) -> Mapping[str, Unit]:
        """Measures every cluster has."""
        return MADE

    @model_validator(mode="after")
    def _names_exist(self) -> Cluster:
        for name in self.measures:
            if name in MADE:
                raise ValueError(f"measure '{name}' is one every cluster has; call yours something else")
        for name in self.when.names():
            if name not in self.measures and name not in MADE:
                raise unknown_name(f"`when` names '{name}'", name, (*self.measures, *MADE), "measures")
        if FLAGS & set(self.when.names()) and not self.flagged_by:
            raise ValueError("`when` asks for flagged members, so `flagged_by` names the rules that flag them")
        return self
