"""Bank identifiers: IBAN (ISO 13616) and BIC (ISO 9362), told from numbers of the bank's own by their check.

Neither is demanded: a bank's own numbers may look like anything, so what fails the check is kept as given and counted.
Lengths: IBAN registry of SWIFT, as far as known in 2026; a country that is not listed has no IBAN here.
"""

from __future__ import annotations

import re
import unicodedata

from amlscreen.intake.countries import country_codes
from amlscreen.intake.sql import literal

__all__ = [
    "IBAN_LENGTHS",
    "MAY_BE_IBAN",
    "SHORTEST_IBAN",
    "bic_fails",
    "iban",
    "iban_fails",
    "is_bic",
    "is_head_office",
]

IBAN_LENGTHS = {
    country: int(length)
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FK FI FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
SHORTEST_IBAN = min(IBAN_LENGTHS.values())
MAY_BE_IBAN = r"(?i)(?:IBAN[:\s]*)?[A-Z]{2}[\s-]?[0-9]{2}[A-Z0-9\s-]{11,42}"
"""What is worth a closer look, as a regular expression on the whole text."""
_MAY_BE_IBAN = re.compile(MAY_BE_IBAN)
_STROKES = re.compile(r"^IBAN[:\s]*|[\s-]+", re.IGNORECASE)
_BIC = re.compile(r"[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


def iban(text: str | None) -> str | None:
    """A valid IBAN without spaces, in capitals; None for what is none: length by country, then the remainder by 97.

    >>> iban("de89 3704 0044 0532 0130 00")
    'DE89370400440532013000'
    """
    bare = _bare(text)
    return bare if bare is not None and _checks(bare) else None


def iban_fails(text: str | None) -> bool:
    """Whether a text begins like an IBAN of a country that has them, and is none."""
    bare = _bare(text)
    return bare is not None and not _checks(bare)


def bic_fails(text: str | None) -> bool:
    """Whether a text has the form of a BIC, eight or eleven characters, but no country in the middle."""
    found = _BIC.fullmatch((text or "").strip())
    return found is not None and found[1] not in country_codes()


def is_bic(text: str | None) -> bool:
    """Whether a text has the form of a BIC with a country in the middle."""
    found = _BIC.fullmatch((text or "").strip())
    return found is not None and found[1] in country_codes()


def is_head_office(text: str) -> str:
    """SQL that is true of a BIC of eleven characters that ends with three X: it says no more than its first eight."""
    countries = "|".join(sorted(country_codes()))
    form = literal(f"[A-Z]{{4}}(?:{countries})[A-Z0-9]{{2}}X{{3}}")
    return f"(suffix({text}, 'XX') AND regexp_full_match({text}, {form}))"


def _bare(text: str | None) -> str | None:
    if text is None or not _MAY_BE_IBAN.fullmatch(text.strip()):
        return None
    bare = _STROKES.sub("", unicodedata.normalize("NFKC", text.strip())).upper()
    return bare if bare[:2] in IBAN_LENGTHS and bare.isascii() else None


def _checks(bare: str) -> bool:
    moved = bare[4:] + bare[:4]
    return len(bare) == IBAN_LENGTHS[bare[:2]] and int("".join(str(int(each, 36)) for each in moved)) % 97 == 1
