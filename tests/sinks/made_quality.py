"""A small data-quality report for outputs: a finding of each severity and two columns."""

from __future__ import annotations

from amlscreen.intake.facts import ColumnFacts, Facts
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.quality import Finding, QualityReport

__all__ = ["made_quality"]

_CLOCK = Finding(
    "warning", "no_clock_times", "No clock times", "transactions.csv", "No transaction has a time of day.", 1_204,
    "Only the day of transactions is known.", "Map a column that has the time.", ("HT-S02",), ("HT-A02",),
)  # fmt: skip
_SIDES = Finding(
    "error", "one_direction", "Credits without debits, or the reverse", "transactions.direction",
    "There are 1,204 credits and no debits.", 1_204, "Half of the export is missing.", "Ask for the other half.",
    ("HT-A02",),
)  # fmt: skip
_REPEATS = Finding(
    "info", "repeated_rows", "Rows given twice", "transactions.csv",
    "3 of 1,210 records (0.2 %) repeat an earlier one and were dropped.", 3, "Exports overlap.", "Nothing.",
)  # fmt: skip


def made_quality(country: Jurisdiction) -> QualityReport:
    """As of a screen: two checks were left out."""
    columns = (
        ColumnFacts("", "transactions", "amount", 1_204, 1_204, 1_204, 311, True, "999", "99999999", "99999"),
        ColumnFacts("", "customers", "name", 40, 40, 31, 31, True, "aaaa aaa", "aaaaa aa", "aaa aaaa"),
    )
    facts = Facts(country, None, 1_204, 1_204, frozenset(), {"transactions": 1_204}, columns=columns)
    return QualityReport((_SIDES, _CLOCK, _REPEATS), facts, 5, ("balances", "reused_ids"))
