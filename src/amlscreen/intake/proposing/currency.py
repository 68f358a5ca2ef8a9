"""Which currency amounts are in: a column, a mark beside them, their column's name, or what stands above the header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from amlscreen.intake.currencies import minor_digits
from amlscreen.intake.proposing.draft import Draft, column_spec
from amlscreen.intake.proposing.flow import Flow
from amlscreen.intake.proposing.profile import Profile
from amlscreen.intake.proposing.proposal import Patch
from amlscreen.intake.proposing.words import meanings, named

__all__ = ["add_currency"]

_MARKS = {
    "€": "EUR", "£": "GBP", "₭": "LAK", "ກີບ": "LAK", "Kip": "LAK", "฿": "THB", "บาท": "THB", "Baht": "THB",
    "₫": "VND", "đ": "VND", "đồng": "VND", "元": "CNY", "円": "JPY", "圆": "CNY", "₩": "KRW", "₹": "INR",
    "៛": "KHR", "Kč": "CZK", "Kc": "CZK", "zł": "PLN", "Ft": "HUF", "R$": "BRL", "US$": "USD", "HK$": "HKD",
    "NT$": "TWD", "S$": "SGD", "A$": "AUD", "C$": "CAD", "RM": "MYR", "Rp": "IDR", "₽": "RUB", "₱": "PHP",
}  # fmt: skip
_SHARED = {
    "$": ("USD", "AUD", "CAD", "SGD", "HKD"),
    "¥": ("CNY", "JPY"),
    "￥": ("CNY", "JPY"),
    "kr": ("SEK", "NOK", "DKK"),
}
_WORDS = {
    "元": "CNY",
    "人民币": "CNY",
    "บาท": "THB",
    "ກີບ": "LAK",
    "đồng": "VND",
    "円": "JPY",
    "euro": "EUR",
    "€": "EUR",
}


def add_currency(draft: Draft, flow: Flow, profiles: Sequence[Profile], home: str) -> str | None:
    """State the currency; the one code, if all rows have the same."""
    column = _column(flow, profiles)
    if column is not None:
        return _of_column(draft, column)
    worded = _of_words(draft, profiles)
    if worded is not None:
        return next(iter(worded)) if len(worded) == 1 else None
    amount = flow.columns[0]
    marks = tuple(dict.fromkeys(mark for each in flow.columns if each.money for mark in each.money.marks))
    codes = [mark.strip("/") for mark in marks if re.fullmatch("[A-Z]{3}/?", mark)]
    if codes and all(code in minor_digits() for code in codes) and flow.amount is not None:
        spec = column_spec(amount.name, find="([A-Z]{3})")
        draft.guess("currency", spec, sure=True, reason="the code beside each amount")
        return codes[0] if len(codes) == 1 else None
    told, where = _told(draft, flow)
    if told is None:
        told, where = next(
            ((_MARKS[mark], f"the mark {mark} beside the amounts") for mark in marks if mark in _MARKS), (None, "")
        )
    if told is not None:
        draft.guess("currency", column_spec(constant=told), sure=True, reason=where)
        return told
    return _unsure(draft, marks, home)


def _column(flow: Flow, profiles: Sequence[Profile]) -> Profile | None:
    """The column of codes that goes with the amounts: named so, and beside them if there are several."""
    codes = [each for each in profiles if each.currencies >= 0.9 and each.filled]
    codes = [each for each in codes if each.word("foreign_currency") <= max(each.word("currency"), 0.5)]
    named_so = [each for each in codes if each.word("currency") >= 0.5] or [
        each for each in codes if all(len(code) == 3 for code in each.counts) and not each.words
    ]
    if not named_so:
        return None
    order = list(profiles)
    amount = order.index(flow.columns[-1])

    def nearness(each: Profile) -> tuple[float, int]:
        behind = order.index(each) - amount
        return (-each.word("currency"), behind if behind > 0 else abs(behind) * 2)

    full = [each for each in named_so if each.filled * 10 >= len(each.cells) * 9] or named_so
    return min(full, key=nearness)


def _of_column(draft: Draft, column: Profile) -> str | None:
    draft.guess("currency", column_spec(column.name), sure=True, reason="every cell is a currency code")
    return next(iter(column.counts)).upper() if len(column.counts) == 1 else None


def _of_words(draft: Draft, profiles: Sequence[Profile]) -> set[str] | None:
    """The codes that a column named so spells as words or marks, such as 人民币; None if there is no such column."""
    for each in sorted(profiles, key=lambda each: -each.word("currency")):
        if each.word("currency") < 0.8 or not each.filled:
            continue
        codes = {text: text for text in each.counts if text in minor_digits()} | meanings("currency", each.counts)
        if set(codes) >= set(each.counts):
            draft.guess("currency", column_spec(each.name, codes=codes), sure=True, reason="its words for currencies")
            return set(codes.values())
    return None


def _told(draft: Draft, flow: Flow) -> tuple[str | None, str]:
    """A code in the name of the amounts' column, or beside a word for currency above the header."""
    for each in flow.columns:
        for code in re.findall(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])", each.name):
            if code in minor_digits():
                return code, f"the name '{each.name}'"
        for word, code in _WORDS.items():
            if f"({word})" in each.name or f"（{word}）" in each.name:
                return code, f"the name '{each.name}'"
    for row in draft.sight.preamble:
        texts = [part for cell in row for part in re.split(r"[:：=]", cell)]
        for label, value in pairwise(texts):
            found = re.search(r"\b([A-Z]{3})\b", value)
            if found and found[1] in minor_digits() and any(name == "currency" for name, _ in named(label)):
                return found[1], "what stands above the header"
    return None, ""


def _unsure(draft: Draft, marks: Sequence[str], home: str) -> str | None:
    """Nothing tells: the marks narrow it down, or the home currency is supposed, and asked about."""
    likely = [code for mark in marks for code in _SHARED.get(mark, ())]
    codes = list(dict.fromkeys([*likely, *([] if likely else [home]), "USD", "THB", "CNY", "EUR", home]))
    said = (
        f"Amounts have the mark {marks[0]}" if likely else "Nothing in the file says which currency the amounts are in"
    )
    draft.guess(
        "currency",
        column_spec(constant=codes[0]),
        sure=False,
        reason="supposed" if not likely else f"the mark {marks[0]}",
    )
    draft.doubt(
        "currency",
        f"{said}. Which is it?",
        [(code, Patch(columns={"currency": column_spec(constant=code)})) for code in codes],
    )
    return codes[0]
