"""What intake noticed in rows it kept: a value left empty, kept as given or read in a way that must be known.

Rows that stand aside are no notices; they have a place in quarantine. A notice counts rows and never shows a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["NOTICES", "Noticed"]

NOTICES: Mapping[str, str] = MappingProxyType(
    {
        "province_ambiguous": "name a province that could be either of two; left empty",
        "province_unlisted": "name a province that is not listed; kept as given",
        "country_ambiguous": "could name either of two countries; left empty",
        "country_unknown": "are no country of ISO 3166-1 in words that are known; kept as given",
        "currency_ambiguous": "are a word or mark of several currencies; left empty",
        "currency_unknown": "are no currency of ISO 4217 in words that are known; kept as given",
        "phone_unreadable": "fit no numbering plan of a country; kept as given and compared by their digits",
        "phone_several": "hold several phone numbers; the first that can be read is taken",
        "iban_wrong": "look like an IBAN and fail its check (ISO 13616); kept as given",
        "bic_wrong": "look like a BIC without a country of ISO 3166 in it (ISO 9362); kept as given",
        "day_unknown": "lack the day or the month; the first or last day they can be counts, as the mapping states",
        "left_empty": "could not be read or cannot be; left empty, as the mapping states",
        "rounded": "had more digits than their currency and were rounded half to even, as the mapping states",
        "only_midnights": "are all midnight, so only the days are taken as known",
    }
)
"""Every code, and what holds of the values so counted."""


@dataclass(frozen=True, slots=True, order=True)
class Noticed:
    """How many values of one canonical column in one file are as ``NOTICES`` says of the code."""

    file: str
    table: str
    column: str
    code: str
    rows: int

    def __str__(self) -> str:
        return f"{self.file}: {self.rows:,} values of {self.column} {NOTICES[self.code]}."
