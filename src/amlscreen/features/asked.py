"""Which features a run works out, and what of the ledger they read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from amlscreen.feature_catalogue import Feature, Stage, catalogue
from amlscreen.features.made import Subject
from amlscreen.ledger.columns import STORED_FOR

__all__ = ["ALWAYS_MADE", "EVERY_RUN", "NO_FEATURES", "Asked", "at_stage", "lacking"]

ALWAYS_MADE = frozenset(
    {
        "transactions",
        "first_day",
        "last_day",
        "salary_in_months",
        "salary_out_months",
        "living_debits",
        "living_share",
        "day_share",
        "credits",
        "debits",
        "active_days",
        "debits_after_expiry",
        "tenure_days",
        "is_merchant",
    }
)
"""Features of customers that counter-evidence, KYC findings and rules about tables read; every run has them."""


@dataclass(frozen=True)
class Asked:
    """Names of features of customers and of accounts; what they are worked out from is added when they are made."""

    customer: frozenset[str] = ALWAYS_MADE
    account: frozenset[str] = frozenset()

    @classmethod
    def everything(cls) -> Asked:
        """The whole catalogue, of customers and accounts."""
        every = frozenset(catalogue())
        return cls(every, every)

    def and_of(self, subject: Subject, names: Iterable[str]) -> Asked:
        """With these too; ``KeyError`` for a name that is not in the catalogue."""
        known = frozenset(catalogue()[name].name for name in names)
        if subject == "customer":
            return Asked(self.customer | known, self.account)
        return Asked(self.customer, self.account | known)

    def of(self, subject: Subject) -> Mapping[str, Feature]:
        """The features to make, in the order of the catalogue: those named, and those they are worked out from."""
        every, open_ = catalogue(), list(self.customer if subject == "customer" else self.account)
        found: set[str] = set()
        while open_:
            name = open_.pop()
            if name not in found:
                found.add(name)
                open_ += every[name].columns if every[name].stage == "table" else ()
        return {name: feature for name, feature in every.items() if name in found}

    def columns(self, provided: Collection[str]) -> frozenset[str]:
        """The ledger columns they read, on data that give these canonical columns."""
        found = {
            column
            for subject in ("customer", "account")
            for feature in self.of(subject).values()
            if feature.stage != "table" and not lacking(feature, provided)
            for column in feature.columns
        }
        return frozenset(found)

    def stored(self, provided: Collection[str]) -> frozenset[str]:
        """The stored columns behind them."""
        return frozenset(name for column in self.columns(provided) for name in STORED_FOR.get(column, (column,)))


EVERY_RUN = Asked()
NO_FEATURES = Asked(frozenset())


def lacking(feature: Feature, provided: Collection[str]) -> str:
    """Why nobody has the feature on data that give these columns; empty if they do not lack any."""
    absent = [need for need in feature.needs if not any(one in provided for one in need.split("|"))]
    return f"no data: {', '.join(need.replace('|', ' or ') for need in absent)}" if absent else ""


def at_stage(features: Mapping[str, Feature], stage: Stage, provided: Collection[str]) -> tuple[str, ...]:
    """Those of one stage that the data allow."""
    return tuple(name for name, one in features.items() if one.stage == stage and not lacking(one, provided))
