"""How a column of amounts is spelt: decimal mark, groups, currency marks, signs; told over the whole column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from amlscreen.intake.proposing.atoms import Spelled, spelled

__all__ = ["NOTHING", "Mark", "Money", "money_of", "with_decimal"]

Mark = Literal[".", ","]
NOTHING = frozenset({"-", "--", "---", "n/a", "N/A", "NULL", "null", "None", "none", "nan", "NaN", "nil", "–"})
_ENOUGH = 0.9
_REMARK = re.compile(r"([^(（\[]*\d)\s*[(（\[].+[)）\]]")
_CUT = "^[^(（\\[]+"
_GRAMMAR: dict[Mark, re.Pattern[str]] = {
    ".": re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:['’]\d{3})+)(?:\.\d+)?|\.\d+"),
    ",": re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:['’]\d{3})+)(?:,\d+)?|,\d+"),
}


@dataclass(frozen=True, slots=True)
class Money:
    """A column of amounts.

    ``decimal`` is None where its cells read under either mark, and differ; ``plain`` if they have no mark at all;
    ``find`` cuts the amount out of a cell with a remark behind it. ``values`` are None where a cell is empty or no
    amount; ``odd`` are the texts that are none.
    """

    decimal: Mark | None
    plain: bool
    cells: tuple[Spelled | None, ...]
    marks: tuple[str, ...]
    places: int
    odd: tuple[str, ...]
    read: Mark = "."
    find: str | None = None

    @property
    def values(self) -> tuple[Decimal | None, ...]:
        """The amounts, signed as they are written."""
        return tuple(None if cell is None else _value(cell, self.read) for cell in self.cells)

    @property
    def signed(self) -> bool:
        """Whether some amount is below zero."""
        return any(cell is not None and cell.negative for cell in self.cells)


def money_of(cells: Sequence[str]) -> Money | None:
    """The way a column of amounts is spelt; None if it holds none, or numbers that are rather identifiers."""
    found = [None if not cell or cell in NOTHING else spelled(cell) for cell in cells]
    filled = [cell for cell in cells if cell and cell not in NOTHING]
    amounts = [each for each in found if each is not None]
    remarked = sum(_remarked(cell) for cell in filled)
    if (
        not amounts
        or len(amounts) + remarked < _ENOUGH * len(filled)
        or len(amounts) * 2 < len(filled)
        or _identifiers(amounts)
    ):
        return None
    odd = tuple(dict.fromkeys(cell for cell, each in zip(cells, found, strict=True) if cell and each is None))
    fits = {mark: [bool(form.fullmatch(each.body)) for each in amounts] for mark, form in _GRAMMAR.items()}
    find = None
    if odd and all(_remarked(text) for text in odd):
        found = [
            each or (spelled(remark[1]) if (remark := _REMARK.fullmatch(cell)) else None)
            for each, cell in zip(found, cells, strict=True)
        ]
        odd, find = (), _CUT
    good = [mark for mark, hits in fits.items() if sum(hits) >= _ENOUGH * len(hits)]
    if not good:
        return None
    plain = all(re.fullmatch(r"[\d ]+|[\d'’]+", each.body) for each in amounts)
    marks = tuple(dict.fromkeys(mark for each in amounts for mark in each.marks))
    decimal: Mark | None = None
    if len(good) == 1:
        decimal = good[0]
    elif not plain and not any(_differs(each.body) for each in amounts):
        decimal = "."
    read = decimal or _likelier(amounts)
    return with_decimal(Money(decimal, plain, tuple(found), marks, 0, odd, find=find), read)


def with_decimal(money: Money, read: Mark) -> Money:
    """The same column read under one decimal mark."""
    places = max((len(each.body.rpartition(read)[2]) for each in money.cells if each and read in each.body), default=0)
    return replace(money, places=places, read=read)


def _remarked(text: str) -> bool:
    found = _REMARK.fullmatch(text)
    return found is not None and spelled(found[1]) is not None


def _differs(body: str) -> bool:
    """Whether a number means another amount under the other mark: one mark with three digits behind it."""
    return re.fullmatch(r"\d{1,3}[.,]\d{3}", body) is not None


def _likelier(amounts: Iterable[Spelled]) -> Mark:
    """A mark with three digits behind it parts thousands, unless what stands before is nought."""
    marks = Counter(each.body[-4] for each in amounts if _differs(each.body))
    if any(each.body.startswith(("0.", "0,")) and _differs(each.body) for each in amounts):
        return "." if marks["."] >= marks[","] else ","
    return "," if marks["."] > marks[","] else "."


def _identifiers(amounts: Sequence[Spelled]) -> bool:
    """Whether these are numbers that nobody counts: many digits, or noughts in front."""
    bodies = [each.body for each in amounts]
    whole = [body for body in bodies if body.isdigit()]
    if len(whole) < len(bodies) or any(each.marks or each.negative for each in amounts):
        return False
    zeros = sum(body.startswith("0") and len(body) > 1 for body in whole)
    long = sum(len(body) >= 10 for body in whole)
    return zeros * 4 > len(whole) or long * 2 > len(whole)


def _value(cell: Spelled, mark: Mark) -> Decimal | None:
    if not _GRAMMAR[mark].fullmatch(cell.body):
        return None
    digits = re.sub(rf"[^0-9{re.escape(mark)}]", "", cell.body).replace(mark, ".")
    value = Decimal(digits)
    return -value if cell.negative else value
