"""What the details of a booked entry say of it: parties, references, texts, codes, and the amounts they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from amlscreen.intake.readers.iso_codes import NO_CODE, PURPOSES, Code
from amlscreen.intake.readers.iso_parties import Row, Side, other_party
from amlscreen.intake.readers.iso_stream import Part
from amlscreen.intake.readers.iso_values import account_of, amount_of, every, first, reference

__all__ = ["NO_DETAIL", "Detail", "agreed", "code_of", "detail_of"]

_DEBTOR = Side.of("Dbtr", "RltdPties/", "RltdAgts/")
_CREDITOR = Side.of("Cdtr", "RltdPties/", "RltdAgts/")
_ULTIMATE = tuple(f"RltdPties/{role}{level}/Nm" for role in ("UltmtCdtr", "UltmtDbtr") for level in ("", "/Pty"))
_RATES = tuple(f"AmtDtls/{each}/CcyXchg/XchgRate" for each in ("InstdAmt", "TxAmt", "CntrValAmt"))
_TEXTS = (
    "RmtInf/Ustrd",
    "RmtInf/Strd/CdtrRefInf/Ref",
    "RmtInf/Strd/CdtrRefInf/CdtrRef",
    "RmtInf/Strd/AddtlRmtInf",
    "AddtlTxInf",
)
_MERCHANT = ("CardTx/Tx/Indv/TxCtgy", "CardTx/Tx/Aggtd/TxCtgy")
_RETURNS = tuple(
    f"RtrInf/{path}"
    for path in (
        "Rsn/Cd",
        "Rsn/Prtry",
        "OrgnlBkTxCd/Domn/Cd",
        "OrgnlBkTxCd/Prtry/Cd",
        "AddtlInf",
        "RtrRsn/Cd",
        "RtrRsn/Prtry",
    )
)
_OTHER_REFERENCES = ("Refs/TxId", "Refs/InstrId", "Refs/AcctSvcrTxId")


class Detail(NamedTuple):
    """One transaction detail: columns for its row, its booking code and references, and all it says."""

    row: Row
    code: Code
    servicer_reference: str
    other_reference: str
    returned: bool
    values: Part

    def amount(self, path: str, currency: str) -> Decimal | None:
        """An amount it tells, None if there is none in this currency."""
        if self.values.get(f"{path}@Ccy") != currency:
            return None
        amount = amount_of(self.values, path)
        return None if amount is None else Decimal(amount)

    def credit(self, *, otherwise: bool) -> bool:
        """Whether it says that money comes in; ``otherwise`` if it does not say."""
        told = self.values.get("CdtDbtInd")
        return otherwise if told not in {"CRDT", "DBIT"} else told == "CRDT"


NO_DETAIL = Detail({}, NO_CODE, "", "", returned=False, values={})


def code_of(values: Part) -> Code:
    """``BkTxCd``: domain, family and subfamily, and the bank's own code."""
    return Code(
        values.get("BkTxCd/Domn/Cd", ""),
        values.get("BkTxCd/Domn/Fmly/Cd", ""),
        values.get("BkTxCd/Domn/Fmly/SubFmlyCd", ""),
        values.get("BkTxCd/Prtry/Cd", ""),
    )


def detail_of(values: Part, *, credit: bool, reverses: bool, account: str) -> Detail:
    """What a detail of a credit or debit of ``account`` says.

    Its parties are those of the payment it tells of: where that is reversed or comes back, they stand the other way
    round. The other side is never the account itself: where it would be, it is the remaining side.
    """
    returned = first(values, _RETURNS) != ""
    near, far = (_CREDITOR, _DEBTOR) if credit != (reverses or returned) else (_DEBTOR, _CREDITOR)
    row = other_party(values, near if account and account_of(values, far.account) == account else far)
    row["end_to_end_id"] = reference(values.get("Refs/EndToEndId", "")) or values.get("Refs/UETR", "")
    row["ultimate_party"] = first(values, _ULTIMATE)
    row["purpose"] = PURPOSES.get(values.get("Purp/Cd", ""), "")
    row["narrative"] = " ".join([text for path in _TEXTS if path in values for text in every(values, path)])
    row["mcc"] = first(values, _MERCHANT)
    row["amount_instructed"] = amount_of(values, "AmtDtls/InstdAmt/Amt") or ""
    row["currency_instructed"] = values.get("AmtDtls/InstdAmt/Amt@Ccy", "") if row["amount_instructed"] else ""
    row["exchange_rate"] = first(values, _RATES)
    return Detail(
        row,
        code_of(values),
        reference(values.get("Refs/AcctSvcrRef", "")),
        reference(first(values, _OTHER_REFERENCES)),
        returned,
        values,
    )


def agreed(details: Sequence[Detail]) -> Detail:
    """What all details say alike; nothing where they differ or one is silent."""
    one, *others = details
    row = {name: text for name, text in one.row.items() if all(each.row.get(name) == text for each in others)}
    same = all(each.code == one.code for each in others)
    returned = all(each.returned for each in details)
    return Detail(row, one.code if same else NO_CODE, "", "", returned, {})
