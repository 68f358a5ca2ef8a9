"""What a part of a message says, in the spelling of entries: amounts, days, accounts, banks and texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from amlscreen.intake.readers.iso_steps import AGAIN
from amlscreen.intake.readers.iso_stream import Part

__all__ = ["account_of", "amount_of", "bank_of", "day_of", "every", "first", "instant_of", "reference", "signed"]

_AMOUNT = re.compile(r"\+?(\d{1,18})(?:\.(\d{0,10}))?|\+?\.(\d{1,10})", re.ASCII)
_PLAIN = re.compile(r"\d{1,18}\.\d\d", re.ASCII)  # as nearly all are
_DAY_WITH_ZONE = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_NO_REFERENCE = frozenset({"", "NOTPROVIDED", "NOT PROVIDED", "NONREF", "UNKNOWN", "NOTAVAILABLE"})


def first(values: Part, paths: Sequence[str]) -> str:
    """The text under the first of these paths that has one, else an empty one."""
    for path in paths:
        text = values.get(path)
        if text is not None:
            return text
    return ""


def every(values: Part, path: str) -> list[str]:
    """All texts under a path that may come more than once, in order."""
    text = values.get(path)
    if text is None:
        return []
    more = values.get(path + AGAIN)
    return [text] if more is None else [text, *(values[f"{path}{AGAIN}{no}"] for no in range(1, int(more) + 1))]


def amount_of(values: Part, path: str) -> str | None:
    """An amount (xs:decimal, never negative) without zeros behind its second digit; None if there is no single one."""
    text = values.get(path, "")
    if path + AGAIN in values:
        return None
    if _PLAIN.fullmatch(text):
        return text
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return None
    whole, rest = found[1] or "0", found[2] or found[3] or ""
    if len(rest) > 2:
        rest = rest[:2] + rest[2:].rstrip("0")
    return f"{whole}.{rest}" if rest else whole


def signed(amount: str, *, credit: bool) -> Decimal:
    """Positive for a credit, negative for a debit."""
    return Decimal(amount) if credit else -Decimal(amount)


def instant_of(values: Part, path: str) -> str:
    """A DateAndDateTimeChoice, or a bare date of older versions: the day or the time with its own zone."""
    text = first(values, (f"{path}/Dt", f"{path}/DtTm", path))
    zoned = _DAY_WITH_ZONE.fullmatch(text)
    return zoned[1] if zoned else text


def day_of(values: Part, path: str) -> str:
    """The calendar day of the same."""
    text = instant_of(values, path)
    return text[:10] if text[10:11] == "T" else text


def account_of(values: Part, paths: Sequence[str]) -> str:
    """IBAN without spaces, else the account's other number, as given."""
    text = first(values, paths)
    return text.replace(" ", "").upper() if paths and values.get(paths[0]) is text else text


def bank_of(values: Part, paths: Sequence[str]) -> str:
    """A BIC, else a clearing system's member number with the system in front; ``paths`` come from ``bank_paths``."""
    *bics, member, system, proprietary = paths
    bic = first(values, bics)
    if bic or member not in values:
        return bic
    name = first(values, (system, proprietary))
    return f"{name}:{values[member]}" if name else values[member]


def reference(text: str) -> str:
    """A reference, or nothing for the words that say there is none."""
    return "" if text.upper() in _NO_REFERENCE else text
