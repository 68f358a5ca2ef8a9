"""ISO 4217: which currency codes exist and how many minor digits each has."""

from __future__ import annotations

from functools import cache

__all__ = ["minor_digits"]

_NONE = ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"]
_THREE = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
_FOUR = ["CLF", "UYW"]


@cache
def minor_digits() -> dict[str, int]:
    """Every ISO 4217 code with its minor digits; two unless the standard says otherwise."""
    import pycountry

    digits = {currency.alpha_3: 2 for currency in pycountry.currencies}
    for count, codes in ((0, _NONE), (3, _THREE), (4, _FOUR)):
        digits.update(dict.fromkeys(codes, count))
    return digits
