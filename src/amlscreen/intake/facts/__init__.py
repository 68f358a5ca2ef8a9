"""Figures about a dataset that tell how good it is: counted in the store, few passes, nobody's values."""

from amlscreen.intake.facts.found import (
    AccountFacts,
    BalanceFacts,
    ClockFacts,
    ColumnFacts,
    DayFacts,
    Facts,
    FileFacts,
    MoneyFacts,
    SideFacts,
    StatementFacts,
    TextFacts,
)
from amlscreen.intake.facts.gathering import LOOKED_AT, facts_of

__all__ = [
    "LOOKED_AT",
    "AccountFacts",
    "BalanceFacts",
    "ClockFacts",
    "ColumnFacts",
    "DayFacts",
    "Facts",
    "FileFacts",
    "MoneyFacts",
    "SideFacts",
    "StatementFacts",
    "TextFacts",
    "facts_of",
]
