"""The code lists of the messy export, canonical word to the core system's code."""

from __future__ import annotations

from amlscreen.synth.geography import PROVINCES

__all__ = ["CHANNEL", "KIND", "PROVINCE", "PURPOSE", "ROLE"]

CHANNEL = {
    "cash": "TLR",
    "atm": "ATM",
    "transfer": "LPN",
    "wire": "SWF",
    "qr": "QRP",
    "card": "POS",
    "mobile": "MOB",
    "internet": "INB",
    "cheque": "CHQ",
    "agent": "AGT",
    "other": "SYS",
}
KIND = {"customer": "C", "own_transfer": "O", "fee": "F", "interest": "I", "reversal": "R", "bank": "B"}
PURPOSE = {
    "salary": "01",
    "family": "02",
    "goods": "03",
    "rent": "04",
    "tuition": "05",
    "loan": "06",
    "gift": "07",
    "agency_fee": "08",
    "tax": "09",
    "travel": "10",
    "other": "99",
}
ROLE = {"owner": "OWN", "joint": "JNT", "signatory": "SGN", "proxy": "PRX", "beneficial_owner": "UBO"}
PROVINCE = {code: name for code, (name, _) in PROVINCES.items()}
