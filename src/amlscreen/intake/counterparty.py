"""The key of the other side: bank and account, else phone, else the normalised name; pooled ones are set apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

__all__ = ["TITLES", "name_key", "phone_key", "register_keys"]

TITLES = (
    r"^(?:(?:mr|mrs|ms|miss|dr|prof)\b\.?|m/s\b|ທ້າວ|ທ່ານ|ນາງສາວ|ນາງ|ດຣ\.?|นางสาว|นาง|นาย|น\.ส\.|ด\.ช\.|ด\.ญ\.|ดร\.)\s*"
)
"""What stands in front of a name and is no part of it, as a regular expression."""
_TITLES = re.compile(TITLES)
_SPACES = re.compile(r"\s+")
_REMEMBERED = 500_000


def name_key(name: str | None) -> str | None:
    """A name made comparable: NFKC, capitals alike, titles dropped, spaces collapsed. None if nothing is left.

    >>> name_key("  Mr.  SOMCHAI   Test ")
    'somchai test'
    """
    if name is None:
        return None
    text = _SPACES.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip(" .,;-")
    bare = _TITLES.sub("", text, count=1).strip(" .,;-")
    return unicodedata.normalize("NFKC", bare or text) or None


def phone_key(phone: str | None, region: str | None) -> str | None:
    """A phone number as E.164 where it can be read so, else its digits; None if it has none.

    >>> phone_key("020 5555 5555", "LA")
    '+8562055555555'
    """
    if phone is None:
        return None
    import phonenumbers

    text = unicodedata.normalize("NFKC", phone)
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is not None and phonenumbers.is_possible_number(parsed):
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return "".join(str(unicodedata.digit(each)) for each in text if each.isdigit()) or None


def register_keys(connection: duckdb.DuckDBPyConnection, region: str | None) -> None:
    """Give the store ``name_key`` and ``phone_key``; each distinct text is worked out once."""
    for name, function in (("name_key", name_key), ("phone_key", lambda text: phone_key(text, region))):
        connection.create_function(
            name,
            _remembering(function),
            ["VARCHAR"],
            "VARCHAR",
            type=PythonUDFType.ARROW,
            null_handling=FunctionNullHandling.SPECIAL,
        )


def _remembering(function: Callable[[str | None], str | None]) -> Callable[[Any], Any]:
    known: dict[str | None, str | None] = {}

    def over(texts: Any) -> Any:  # DuckDB evaluates annotations, and those of pyarrow cannot be
        if len(known) > _REMEMBERED:
            known.clear()
        values = texts.to_pylist()
        for text in set(values) - known.keys():
            known[text] = function(text)
        return pa.array([known[text] for text in values], pa.string())

    return over
