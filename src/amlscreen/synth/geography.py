"""Where a synthetic Lao bank has its people, branches and machines (ISO 3166-2:LA)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amlscreen.synth.calendar import Ints

__all__ = ["PROVINCES", "WEIGHTS", "atm", "branch", "elsewhere", "place_name", "qr_label"]

# Weights are rounded shares of the population; they only have to look plausible.
PROVINCES: dict[str, tuple[str, int]] = {
    "LA-VT": ("Vientiane Capital", 180),
    "LA-SV": ("Savannakhet", 140),
    "LA-CH": ("Champasak", 100),
    "LA-LP": ("Louangphabang", 65),
    "LA-VI": ("Vientiane Province", 65),
    "LA-XA": ("Xaignabouli", 60),
    "LA-KH": ("Khammouan", 60),
    "LA-SL": ("Salavan", 55),
    "LA-OU": ("Oudomxai", 48),
    "LA-HO": ("Houaphan", 42),
    "LA-BL": ("Bolikhamxai", 42),
    "LA-XI": ("Xiangkhouang", 38),
    "LA-BK": ("Bokeo", 28),
    "LA-LM": ("Louangnamtha", 27),
    "LA-PH": ("Phongsali", 27),
    "LA-AT": ("Attapu", 21),
    "LA-XE": ("Xekong", 17),
    "LA-XS": ("Xaisomboun", 15),
}
WEIGHTS: NDArray[np.float64] = np.array([weight for _, weight in PROVINCES.values()], np.float64)
WEIGHTS /= WEIGHTS.sum()

_ATM, _QR = 10_000, 1_000_000
_SHORT = [code[3:] for code in PROVINCES]


def branch(province: Ints, number: Ints | int) -> Ints:
    """Code of one of a province's branches; it has four."""
    return np.asarray(province * 100 + np.asarray(number) % 4, np.int64)


def atm(province: Ints, number: Ints | int) -> Ints:
    """Code of one of a province's machines; it has twelve."""
    return np.asarray(_ATM + province * 100 + np.asarray(number) % 12, np.int64)


def qr_label(account: Ints) -> Ints:
    """Code of the QR label of a merchant's account."""
    return np.asarray(_QR + account, np.int64)


def place_name(code: int) -> str:
    """How a place is written.

    >>> place_name(203), place_name(10_105)
    ('BR-CH-4', 'ATM-SV-06')
    """
    if code >= _QR:
        return f"QR-{code - _QR:06d}"
    if code >= _ATM:
        return f"ATM-{_SHORT[(code - _ATM) // 100]}-{code % 100 + 1:02d}"
    return f"BR-{_SHORT[code // 100]}-{code % 100 + 1}"


def elsewhere(home: Ints | int, step: Ints | int) -> Ints:
    """Another province than ``home``, ``step`` places on in the list."""
    others = len(PROVINCES) - 1
    return np.asarray((np.asarray(home) + 1 + np.asarray(step) % others) % len(PROVINCES), np.int64)
