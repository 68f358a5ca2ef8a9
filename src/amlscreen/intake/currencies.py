"""ISO 4217: which currency codes exist and how many minor digits each has."""

from __future__ import annotations

from functools import cache

__all__ = ["minor_digits"]

_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}


@cache
def minor_digits() -> dict[str, int]:
    """Every ISO 4217 code with its minor digits; two unless the standard says otherwise."""
    import pycountry

    digits = {currency.alpha_3: 2 for currency in pycountry.currencies}
    for count, codes in _DIGITS.items():
        digits.update(dict.fromkeys(codes.split(), count))
    return digits
