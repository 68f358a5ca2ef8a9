"""ISO 20022's external code sets, as far as they are clear: what a booking is, how it was made, what it is for.

Sources: External Code Sets, sheets BankTransactionDomain/Family/SubFamily, Purpose and CategoryPurpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

__all__ = ["NO_CODE", "PURPOSES", "Code"]

_FEES = frozenset({"CHRG", "FEES", "COMM", "COME", "COMI", "COMT"})
_REVERSALS = frozenset({"RRTN", "RPCR", "ARET", "UPDD", "UPCT", "UPCQ", "PRDD", "RCDD"})
_COUNTER = frozenset({"CWDL", "CDPT", "BCWD", "FCDP", "FCWD"})
_MACHINE = frozenset({"CWDL", "CDPT", "XBCW"})
_CARD_FAMILIES = frozenset({"CCRD", "MCRD"})
_CHEQUES = frozenset({"RCHQ", "ICHQ"})
_TRANSFERS = frozenset({"RCDT", "ICDT", "RRCT", "IRCT", "RDDT", "IDDT"})
_ACROSS = frozenset({"XBCT", "XBDD", "XBST", "XBSA"})

PURPOSES: Mapping[str, str] = MappingProxyType(
    {
        "SALA": "salary",
        "PAYR": "salary",
        "BONU": "salary",
        "GDDS": "goods",
        "GDSV": "goods",
        "SUPP": "goods",
        "RENT": "rent",
        "STDY": "tuition",
        "LOAN": "loan",
        "LOAR": "loan",
        "CLPR": "loan",
        "HLRP": "loan",
        "GIFT": "gift",
        "TAXS": "tax",
        "VATX": "tax",
        "INTX": "tax",
        "WHLD": "tax",
        "OTHR": "other",
    }
)


class Code(NamedTuple):
    """A bank transaction code: the standard's three levels, and the bank's own code."""

    domain: str
    family: str
    sub_family: str
    own: str

    @property
    def text(self) -> str:
        """``PMNT-RCDT-ESCT``, the bank's own code, or both with a space between."""
        return " ".join(part for part in ("-".join(level for level in self[:3] if level), self.own) if part)

    def kind(self, *, reverses: bool) -> str:
        """fee, interest or reversal, where that is told; else nothing, which is the customer's own."""
        if reverses or self.sub_family in _REVERSALS:
            return "reversal"
        if self.sub_family in _FEES:
            return "fee"
        return "interest" if self.sub_family == "INTR" else ""

    @property
    def channel(self) -> str:
        """How it was made: cash at a counter, at a machine, by card, cheque or transfer, or across borders."""
        if self.domain != "PMNT":
            return ""
        if self.family == "CNTR":
            return "cash" if self.sub_family in _COUNTER else "cheque" if self.sub_family == "CHKD" else ""
        if self.family in _CARD_FAMILIES:
            return "atm" if self.family == "CCRD" and self.sub_family in _MACHINE else "card"
        if self.family in _CHEQUES:
            return "cheque"
        if self.family in _TRANSFERS:
            return "wire" if self.sub_family in _ACROSS else "transfer"
        return ""

    @property
    def purpose(self) -> str:
        """What it is for, where the code of the booking tells: wages."""
        return "salary" if self.sub_family in {"SALA", "XBSA"} else ""


NO_CODE = Code("", "", "", "")
