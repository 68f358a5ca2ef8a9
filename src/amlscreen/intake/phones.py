"""Phone numbers: E.164 where they can be read so, by the numbering plans of phonenumbers (Google's libphonenumber)."""

from __future__ import annotations

import re
import unicodedata

from amlscreen.intake.sql import literal

__all__ = ["holds_several", "phone_key", "phone_number", "plainly_written"]

_BETWEEN = re.compile(r"[/;,|\n\r]+|\s(?:or|and|ou|ຫຼື|ຫລື|ແລະ|หรือ|และ)\s", re.IGNORECASE)
_FEWEST_DIGITS = 4
_STROKES = " .()-"


def phone_number(text: str | None, region: str | None) -> str | None:
    """The first number in a text that fits the numbering plan of its country, as E.164; None if there is none.

    ``region`` is the country of numbers that do not name theirs; without it only international ones can be read.

    >>> phone_number("020 5555 5555 / 021 212 121", "LA")
    '+8562055555555'
    """
    if text is None:
        return None
    text = unicodedata.normalize("NFKC", text)
    pieces = _pieces(text)
    for piece in pieces if len(pieces) == 1 else (*pieces, text):
        read = _read(piece, region)
        if read is not None:
            return read
    found = _spaced(text, region)
    return found[0] if found else None


def holds_several(text: str | None, region: str | None) -> bool:
    """Whether a text holds more numbers than the one that is taken."""
    if text is None:
        return False
    text = unicodedata.normalize("NFKC", text)
    if len(_pieces(text)) > 1:
        return True
    return _read(text, region) is None and len(_spaced(text, region)) > 1


def phone_key(text: str | None, region: str | None) -> str | None:
    """The number as E.164, else all digits of the text; None if it has none.

    >>> phone_key("020 5555 5555", "LA"), phone_key("wallet-12", "LA")
    ('+8562055555555', '12')
    """
    if text is None:
        return None
    digits = (str(unicodedata.digit(each)) for each in unicodedata.normalize("NFKC", text) if each.isdigit())
    return phone_number(text, region) or "".join(digits) or None


def plainly_written(text: str, region: str | None) -> tuple[str, str] | None:
    """SQL that is true of a number written in the country's usual ways, and SQL for its E.164; None without a country.

    What it takes, :func:`phone_number` reads in the same way; it only saves calls of that. Numbers come with the
    country's code behind ``+`` or ``00``, with the trunk prefix, or bare.
    """
    import phonenumbers

    plan = phonenumbers.PhoneMetadata.metadata_for_region(region or "", None)
    if plan is None or plan.general_desc is None:
        return None
    code, national = plan.country_code, plan.general_desc.national_number_pattern
    trunk, abroad = plan.national_prefix or "", plan.international_prefix or ""
    if not trunk.isdigit() or not abroad.isdigit():
        return None
    form = literal(rf"(?:\+{code}|{abroad}{code}|{trunk})?({national})")
    bare = f"translate({text}, {literal(_STROKES)}, '')"
    plain = f"regexp_full_match({text}, {literal(r'[+]?[0-9 .()-]+')}) AND regexp_full_match({bare}, {form})"
    return plain, f"{literal(f'+{code}')} || regexp_extract({bare}, {literal('^' + form[1:-1] + '$')}, 1)"


def _pieces(text: str) -> list[str]:
    pieces = [piece for piece in _BETWEEN.split(text) if sum(map(str.isdigit, piece)) >= _FEWEST_DIGITS]
    return pieces or [text]


def _read(text: str, region: str | None) -> str | None:
    """The number that a whole text is; None if its country has no numbers of that length and beginning."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    code = parsed.country_code or 0
    main = phonenumbers.region_code_for_country_code(code)
    plan = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, main)
    pattern = plan.general_desc.national_number_pattern if plan and plan.general_desc else None
    if not pattern or not re.fullmatch(pattern, phonenumbers.national_significant_number(parsed)):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _spaced(text: str, region: str | None) -> list[str]:
    """Numbers that stand one behind the other with nothing but spaces or words between them."""
    import phonenumbers

    found = phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.VALID)
    return [phonenumbers.format_number(each.number, phonenumbers.PhoneNumberFormat.E164) for each in found]
