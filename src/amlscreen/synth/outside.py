"""People and firms that are not this bank's customers.

They need no table: bank, account, phone and name follow from a number. All are plainly made up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from amlscreen.synth.calendar import Ints

__all__ = [
    "INSTITUTION",
    "LINES",
    "OUTSIDE",
    "POOLED",
    "Party",
    "firm",
    "has_account",
    "line",
    "party",
    "person",
    "pooled",
]

INSTITUTION = "SYNBANK"
OUTSIDE = 10**9
_PERSON = OUTSIDE + 10_000
_BANKS = ("OTHBANKA", "OTHBANKB", "OTHBANKC", "OTHBANKD")

POOLED = ("WALLET FLOAT", "CLEARING SUSPENSE", "REMITTANCE CLEARING", "TELECOM BILLER", "POWER BILLER", "CARD ACQUIRER")

LINES = ("exchange", "gaming", "advert", "zone", "clinic", "lender", "venue", "tickets")
"""Lines of business of which ten outside firms each are known by name."""
_LINE = 10


@dataclass(frozen=True, slots=True)
class Party:
    """How the other side of a booking is written; ``pooled`` is set for what is never a person."""

    institution: str | None = None
    account: str | None = None
    phone: str | None = None
    name: str | None = None
    pooled: bool = False


def pooled(name: str) -> int:
    """Code of a pooled counterparty."""
    return OUTSIDE + POOLED.index(name)


def line(name: str, number: Ints | int = 0) -> Ints:
    """Codes of the outside firms of a line of business, numbered from 0 to 9."""
    return np.asarray(OUTSIDE + _LINE * (LINES.index(name) + 1) + np.asarray(number, np.int64) % 10, np.int64)


def firm(number: Ints | int) -> Ints:
    """Codes of outside firms, numbered from 0 to 9,899."""
    return np.asarray(OUTSIDE + 100 + np.asarray(number, np.int64) % 9_900, np.int64)


def person(number: Ints | int) -> Ints:
    """Codes of outside persons, numbered from 0."""
    return np.asarray(_PERSON + np.asarray(number, np.int64), np.int64)


def has_account(number: int) -> bool:
    """Whether the outside person of that number is known by an account at another bank."""
    serial = number + _PERSON - OUTSIDE
    return serial % 11 != 0 and serial % 13 != 0


def party(code: int) -> Party:
    """What is known of an outside party. One person in eleven is known by phone only, one in thirteen by name only.

    >>> party(pooled("WALLET FLOAT")).pooled
    True
    """
    number = code - OUTSIDE
    if number < len(POOLED):
        return Party(name=POOLED[number], pooled=True)
    bank = _BANKS[number % len(_BANKS)]
    # An odd multiplier modulo a power of ten gives each number its own ten digits without looking like a counter.
    digits = number * 7_368_787 % 10**10
    if number < _LINE * (len(LINES) + 1):
        name = f"Synth {LINES[number // _LINE - 1].title()} {number % 10}"
        return Party(bank, f"9{digits:011d}", None, name)
    if code < _PERSON:
        return Party(bank, f"8{digits:011d}", None, f"Synth Outside Firm {number:04d}")
    name = f"Synth Payer {code - _PERSON:07d}"
    if number % 11 == 0:
        return Party(phone=f"+85620{number % 10**8:08d}", name=name)
    if number % 13 == 0:
        return Party(name=name)
    return Party(bank, f"7{digits:011d}", None, name)
