"""Which way amounts without a sign go, told by the word that each row's text begins with: a purchase, a refund."""

from __future__ import annotations

import re
from collections.abc import Iterable

from amlscreen.intake.proposing.words import meanings

__all__ = ["FIRST_WORD", "moved"]

FIRST_WORD = r"^\S+"
_MOST = 12
_WORDS = {
    "debit": (
        "purchase", "withdrawal", "fee", "charge", "消费", "消費", "取现", "取現", "手续费", "手續費", "购买", "购物",
        "ຊື້", "ຖອນ", "ຄ່າທຳນຽມ", "ซื้อ", "ถอน", "ค่าธรรมเนียม", "mua", "rút", "phí", "achat", "retrait", "frais",
    ),
    "credit": (
        "refund", "repayment", "deposit", "salary", "退货", "退款", "退貨", "还款", "還款", "存入", "工资", "结息",
        "ຄືນເງິນ", "ຝາກ", "ເງິນເດືອນ", "คืนเงิน", "ฝาก", "เงินเดือน", "hoàn", "nộp", "lương", "remboursement", "dépôt",
    ),
}  # fmt: skip


def moved(texts: Iterable[str]) -> dict[str, str]:
    """Debit or credit for the first word of each text; {} unless every one of them is told, and both ways occur."""
    found = [re.match(FIRST_WORD, text) for text in texts]
    words = dict.fromkeys(each[0] for each in found if each)
    if not 2 <= len(words) <= _MOST:
        return {}
    told = meanings("direction", [word for word in words if len(word) > 2 or not word.isascii()])
    for word in words:
        side = _side(word)
        if side:
            told[word] = side
    return told if len(told) == len(words) and len(set(told.values())) == 2 else {}


def _side(word: str) -> str | None:
    """The side that a word says, as a whole or, in scripts that do not part words, within it."""
    plain = word.casefold()
    sides = {
        side
        for side, known in _WORDS.items()
        for each in known
        if plain == each or (not each.isascii() and each in plain)
    }
    return sides.pop() if len(sides) == 1 else None
