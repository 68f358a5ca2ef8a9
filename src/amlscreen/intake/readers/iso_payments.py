"""Payments and orders: pacs.008, 009, 003 and 010 between banks, pain.001 and 008 from customers to their bank.

A payment between banks moves money from one account to another: each account that it names has a row, the debtor's a
debit at the debtor's agent, the creditor's a credit at the creditor's agent. An order is not yet a booking: it gives
one row, on the account of whoever orders, with the status PDNG, which is left out unless a mapping wants it.
"""

from __future__ import annotations

import re
from collections import Counter

from amlscreen.intake.readers.iso_codes import PURPOSES
from amlscreen.intake.readers.iso_parties import Row, Side, other_party
from amlscreen.intake.readers.iso_rows import Rows
from amlscreen.intake.readers.iso_stream import Part
from amlscreen.intake.readers.iso_values import (
    account_of,
    amount_of,
    bank_of,
    day_of,
    every,
    first,
    instant_of,
    reference,
)

__all__ = ["Payments"]

_DEBTOR, _CREDITOR = Side.of("Dbtr"), Side.of("Cdtr")
_AMOUNTS = ("IntrBkSttlmAmt", "Amt/InstdAmt", "Amt/EqvtAmt/Amt", "InstdAmt")
_DATES = ("IntrBkSttlmDt", "ReqdExctnDt", "ReqdColltnDt", "AccptncDtTm")
_IDS = ("PmtId/TxId", "PmtId/UETR")
_REFERENCES = (*_IDS, "PmtId/InstrId")
_TEXTS = ("RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/CdtrRefInf/CdtrRef", "RmtInf/Strd/AddtlRmtInf")
_ULTIMATE = tuple(f"{role}{level}/Nm" for role in ("UltmtCdtr", "UltmtDbtr") for level in ("", "/Pty"))
_PURPOSES = ("Purp/Cd", "PmtTpInf/CtgyPurp/Cd")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_ORDERED_BY = {"pain.001": _DEBTOR, "pain.008": _CREDITOR}


class Payments:
    """Takes the parts of payment messages in the order of the file and hands rows on. ``told`` counts what is odd."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.told: Counter[str] = Counter()
        self.message = ""
        self.header: Part = {}
        self._payments = 0

    def payment(self, group: Part, values: Part, line: int) -> None:
        """A payment has ended. What it does not say itself its group says: the one side, the day."""
        self._payments += 1
        whole = {**group, **values}
        path = next((each for each in _AMOUNTS if each in whole), "")
        amount, currency = amount_of(whole, path), whole.get(f"{path}@Ccy", "")
        if amount is None or not currency:
            self._rows.reject(line, whole.get(path, ""), column="currency" if amount else "amount")
            return
        row = self._row(whole) | {"amount": amount, "currency": currency}
        orderer = _ORDERED_BY.get(self.message[:8])
        sides = [(_DEBTOR, _CREDITOR, "debit"), (_CREDITOR, _DEBTOR, "credit")]
        named = 0
        for own, other, direction in sides:
            account = account_of(whole, own.account)
            if account and orderer in {None, own}:
                named += 1
                legs = {"institution": bank_of(whole, own.bank), "account_id": account, "direction": direction}
                legs["account_name"] = first(whole, own.name)
                self._rows.add(line, {**row, **other_party(whole, other), **legs})
        if not named:
            self._rows.reject(line, row["entry_reference"], column="account_id", reason="missing_required")

    def end(self) -> None:
        """A message has ended."""
        told = self.header.get("NbOfTxs", "")
        if told.isdigit() and int(told) != self._payments:
            self.told["counts"] += 1
        self.header, self._payments = {}, 0

    def _row(self, whole: Part) -> Row:
        """The columns that both legs share."""
        instructed = "InstdAmt" if "InstdAmt" in whole else "Amt/InstdAmt"
        return {
            **self._when(whole),
            "transaction_id": reference(first(whole, _IDS)),
            "entry_reference": reference(first(whole, _REFERENCES)),
            "end_to_end_id": reference(whole.get("PmtId/EndToEndId", "")) or whole.get("PmtId/UETR", ""),
            "message": self.message,
            "statement": self.header.get("MsgId", ""),
            "status": "PDNG" if self.message[:8] in _ORDERED_BY else "",
            "channel": _channel(bank_of(whole, _DEBTOR.bank), bank_of(whole, _CREDITOR.bank)),
            "purpose": next((PURPOSES[whole[each]] for each in _PURPOSES if whole.get(each) in PURPOSES), ""),
            "narrative": " ".join(text for path in _TEXTS for text in every(whole, path)),
            "ultimate_party": first(whole, _ULTIMATE),
            "amount_instructed": amount_of(whole, instructed) or "",
            "currency_instructed": whole.get(f"{instructed}@Ccy", ""),
            "exchange_rate": first(whole, ("XchgRate", "XchgRateInf/XchgRate")),
        }

    def _when(self, whole: Part) -> Row:
        """The settlement day, of the payment or of all in the message; for an order the day asked for."""
        at = next(filter(None, (instant_of(whole, each) for each in _DATES)), "")
        settled = day_of(whole, "IntrBkSttlmDt") or day_of(self.header, "IntrBkSttlmDt")
        at = settled or at
        if not at:
            at = self.header.get("CreDtTm", "")
            self.told["undated"] += 1
        return {"at": at, "value_date": settled}


def _channel(*banks: str) -> str:
    """A transfer within a country, or a wire across borders, where both banks' BICs tell their country."""
    if not all(_BIC.fullmatch(bank) for bank in banks):
        return ""
    return "transfer" if len({bank[4:6] for bank in banks}) == 1 else "wire"
