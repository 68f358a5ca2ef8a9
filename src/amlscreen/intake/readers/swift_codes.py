"""What the codes in SWIFT statements mean, where a standard says so and the canonical words have it.

Transaction types: SWIFT's standard for field 61, subfield 6. Business transaction codes (GVC): Deutsche
Kreditwirtschaft, appendix 3 of the DFÜ agreement. Purposes: ISO 20022 external code set.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["PAYMENTS", "STATEMENTS", "channel_of", "kind_of_code", "purpose_of"]

STATEMENTS = frozenset({"940", "941", "942", "950"})
PAYMENTS = frozenset({"103", "202"})

_KINDS: Mapping[str, str] = {"CHG": "fee", "COM": "fee", "INT": "interest"}
_CHANNELS: Mapping[str, str] = {"CHK": "cheque", "TRF": "transfer", "STO": "transfer"}
_GVC_KINDS: Mapping[str, str] = {"808": "fee", "814": "interest"}
_GVC_CHANNELS: Mapping[str, str] = {
    **dict.fromkeys(("001", "002", "070", "101", "102"), "cheque"),
    **dict.fromkeys(("116", "117", "119", "152", "153", "166", "177"), "transfer"),
    "082": "cash",
    "083": "atm",
    "106": "card",
}
_PURPOSES: Mapping[str, str] = {
    **dict.fromkeys(("SALA", "PAYR", "BONU"), "salary"),
    **dict.fromkeys(("LOAN", "LOAR"), "loan"),
    **dict.fromkeys(("GDDS", "GDSV"), "goods"),
    **dict.fromkeys(("TAXS", "VATX", "INTX"), "tax"),
    "RENT": "rent",
}


def kind_of_code(code: str) -> str:
    """The kind of booking that a code such as ``NCHG`` or ``NTRF/808`` states; empty if it states none."""
    return _KINDS.get(code[1:4], "") or _GVC_KINDS.get(code[5:], "")


def channel_of(code: str) -> str:
    """The channel that a code states; a type that begins with S is a SWIFT message. Empty if it states none."""
    if code[:1] == "S" and code[1:4].isdigit():
        return "wire"
    return _GVC_CHANNELS.get(code[5:], "") or _CHANNELS.get(code[1:4], "")


def purpose_of(code: str) -> str:
    """The canonical purpose of an ISO 20022 purpose code; empty where there is none."""
    return _PURPOSES.get(code, "")
