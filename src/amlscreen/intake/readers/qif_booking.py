"""One record of QIF as an entry. (Quicken Interchange Format, as Intuit published it for Quicken 98 to 2005.)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from amlscreen.intake.readers.money_spelling import plain_amount
from amlscreen.intake.readers.qif_values import Habits, day_of

__all__ = ["COLUMNS", "NotRead", "entry_of", "is_opening"]

COLUMNS = (
    "account_id at direction amount channel kind narrative counterparty_account counterparty_name message status "
    "entry_reference bank_code"
).split()

_CHANNELS = {"ATM": "atm", "TXFR": "transfer"}
_OUT = frozenset(("XOUT", "WITHDRWX"))
_MONEY = _OUT | {"", "CASH", "XIN", "CONTRIBX"}  # of an investment account: money comes or goes, no securities


class NotRead(Exception):
    """A record that cannot be read: the reason code and the line code at fault."""

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(reason, code)
        self.reason = reason
        self.code = code


def entry_of(
    said: Mapping[str, str], splits: Sequence[str], kind: str, account: str | None, habits: Habits
) -> dict[str, str | None]:
    """The entry for the lines of one record, by column; ``NotRead`` if one is missing or cannot be read.

    ``said`` holds the texts by line code, ``splits`` the amounts of its parts, ``kind`` the type of its list.
    """
    if "twice" in said:
        raise NotRead("bad_entry", said["twice"])
    invests = kind == "INVST"
    action = said.get("N", "").strip().upper() if invests else ""
    plain = _amount(said, habits)
    day = day_of(said["D"], habits) if "D" in said else None
    if day is None:
        raise NotRead("bad_date" if "D" in said else "missing_required", "D")
    if splits and not invests:
        _check_splits(Decimal(plain), splits, habits)
    side = "debit" if plain.startswith("-") or action in _OUT else "credit"
    if plain.startswith("-") and action in _MONEY - {"", "CASH"}:
        raise NotRead("bad_entry", "T")  # the action tells the side already
    other = _account_in(said.get("L", ""))
    number = said.get("N", "").strip() if not invests else ""
    opening = is_opening(said)
    return {
        "account_id": account or (other if opening else None),
        "at": day,
        "direction": side,
        "amount": plain.removeprefix("-"),
        "channel": _CHANNELS.get(number.upper()),
        "kind": "own_transfer" if other and not opening else None,
        "narrative": said.get("M"),
        "counterparty_account": None if opening else other,
        "counterparty_name": None if opening else said.get("P"),
        "message": "QIF",
        "status": "INFO" if opening or (invests and action not in _MONEY) else "BOOK",
        "entry_reference": number or None,
        "bank_code": said.get("N", "").strip() if invests else None,
    }


def is_opening(said: Mapping[str, str]) -> bool:
    """Whether a record tells the balance that an account began with, and no booking."""
    return said.get("P", "").strip().casefold() == "opening balance" and bool(_account_in(said.get("L", "")))


def _amount(said: Mapping[str, str], habits: Habits) -> str:
    texts = [said[code] for code in ("T", "U") if said.get(code, "").strip()]
    if not texts:
        raise NotRead("missing_required", "T")
    amounts = [plain_amount(text, habits.mark) for text in texts]
    if None in amounts:
        raise NotRead("bad_amount", "T")
    if len({Decimal(each or "0") for each in amounts}) > 1:
        raise NotRead("bad_entry", "U")
    return str(amounts[0])


def _check_splits(whole: Decimal, splits: Sequence[str], habits: Habits) -> None:
    """The parts of a booking are no bookings, but together they are its amount."""
    parts = [plain_amount(text, habits.mark) for text in splits]
    if None in parts:
        raise NotRead("bad_amount", "$")
    if sum((Decimal(each or "0") for each in parts), Decimal(0)) != whole:
        raise NotRead("bad_entry", "$")


def _account_in(category: str) -> str | None:
    """``[Savings]`` is an account of the same person, all else a category."""
    name = category.strip().partition("/")[0]
    return name[1:-1] or None if name.startswith("[") and name.endswith("]") else None
