"""What a single cell can be told to be: an amount with its marks, or something that may be a day."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Spelled", "folded", "is_value", "spelled"]

_DIGITS = str.maketrans("໐໑໒໓໔໕໖໗໘໙๐๑๒๓๔๕๖๗๘๙−–\u00a0\u202f", "01234567890123456789--  ")
_SIGNS = "$¢£¤¥֏؋৲৳৻૱௹฿៛₠-₿﷼﹩＄￠￡￥￦"
_WORDS = "Kčs?|Kc|kr\\.?|zł|Ft|lei|лв|руб\\.?|Rs\\.?|RM|Rp|元|円|圆|บาท|ກີບ|đồng|đ|Fr\\.?|Baht|Kip"
_MARK = f"(?:[A-Z]{{1,3}}?[{_SIGNS}]|[{_SIGNS}]|[A-Z]{{3}}/?(?![A-Za-z])|{_WORDS})"
_BODY = r"\d(?:[\d.,'’ ]*\d)?\.?|[.,]\d+"
_AMOUNT = re.compile(
    rf"(?P<sign>[+-]?) ?(?P<open>\(?) ?(?P<ahead>{_MARK})? ?(?P<inner>[+-]?\(?) ?(?P<body>{_BODY})"
    rf" ?(?P<behind>{_MARK})? ?(?P<close>\)?) ?(?P<last>-?|[CD]R?)"
)
_MAYBE_DAY = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{2,4}\.?([ T].*)?|\d{1,2}[- ]?[A-Za-z]{3,9}\.?[- ,]*\d{2,4}( .*)?"
    r"|[A-Za-z]{3,9}\.? \d{1,2},? \d{2,4}( .*)?|(19|20|25)\d\d[01]\d[0-3]\d(\d{4,6})?(\[.*)?"
)


@dataclass(frozen=True, slots=True)
class Spelled:
    """An amount as it is written: its digits with their marks, whether it is below zero, and its currency marks."""

    body: str
    negative: bool
    marks: tuple[str, ...]


def folded(text: str) -> str:
    """Lao and Thai digits, typographic minus signs and no-break spaces as ASCII."""
    return text.translate(_DIGITS).strip()


def spelled(text: str) -> Spelled | None:
    """The amount that a cell holds in some country's spelling; None if it is none."""
    found = _AMOUNT.fullmatch(folded(text))
    if found is None or found["last"] not in ("", "-"):
        return None
    opened = found["open"] or "(" in found["inner"]
    if bool(opened) != bool(found["close"]):
        return None
    signs = [each for each in (found["sign"], found["inner"].strip("("), found["last"]) if each]
    if len(signs) > 1 or (signs and opened):
        return None
    marks = tuple(mark for mark in (found["ahead"], found["behind"]) if mark)
    return Spelled(found["body"].strip(), bool(opened) or signs == ["-"], marks)


def is_value(text: str) -> bool:
    """Whether a cell holds a number, an amount or a day, as records do and headers do not."""
    plain = folded(text)
    return bool(plain) and plain[-1:] != "%" and bool(_AMOUNT.fullmatch(plain) or _MAYBE_DAY.fullmatch(plain))
