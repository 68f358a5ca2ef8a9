"""Amounts as people and programs write them: which mark stands before the decimals, told by the texts themselves.

``1,000`` is a thousand in one file and one in another. A text settles it for itself where it can (``1,000.00``,
``2000,00``); otherwise the other amounts of its file do; where none does, the amount is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["decimal_mark", "file_mark", "plain_amount"]

_GROUPED = re.compile(r"(\d)[ \u00a0\u202f'’](?=\d{3}(?!\d))", re.ASCII)
_MOST = re.compile(r"[+-]?\d+(?:\.\d{1,2})?", re.ASCII)
_ZEROS = re.compile(r"(\.\d\d\d*?)0+$")  # 0.5700 is 0.57, once its dot is known to stand before decimals
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_GROUPS = {".": re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?"), ",": re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?")}
_LONGEST = 60  # digits and marks; no amount is longer


def decimal_mark(text: str) -> str | None:
    """The decimal mark that an amount shows: ``.`` or ``,``; "" if it has no mark; None if it could be either."""
    dots, commas = text.count("."), text.count(",")
    if not dots and not commas:
        return ""
    if dots and commas:
        return "." if text.rfind(".") > text.rfind(",") else ","
    mark = "." if dots else ","
    if dots + commas > 1:
        return "," if dots else "."
    whole, _, decimals = text.strip().lstrip("+-").partition(mark)
    if len(decimals) != 3 or len(whole) > 3 or whole in ("", "0"):
        return mark
    return None


def file_mark(texts: Iterable[str]) -> str | None:
    """The decimal mark of a file's amounts: ``.`` or ``,``; None if they show none or both."""
    seen = {decimal_mark(text) for text in texts} - {"", None}
    return seen.pop() if len(seen) == 1 else None


def plain_amount(text: str, mark: str | None) -> str | None:
    """An amount as ``-1234.50``; None if it is none, or could be two. ``mark`` is the decimal mark of its file."""
    if _MOST.fullmatch(text):
        return text.removeprefix("+")
    text = _GROUPED.sub(r"\1", text.strip()) if len(text) <= _LONGEST else ""
    own = decimal_mark(text)
    if own is None:
        own = mark
    if own is None:
        return None
    other = "," if own != "," else "."
    if other in text:
        if not _GROUPS["." if other == "," else ","].fullmatch(text):
            return None
        text = text.replace(other, "")
    text = text.replace(",", ".")
    if not _PLAIN.fullmatch(text):
        return None
    sign = "-" if text[0] == "-" else ""
    whole, _, decimals = text.lstrip("+-").partition(".")
    return (
        f"{sign}{whole or 0}" + (f".{decimals}" if decimals else "")
        if len(decimals) < 3
        else (_ZEROS.sub(r"\1", f"{sign}{whole or 0}.{decimals}"))
    )
