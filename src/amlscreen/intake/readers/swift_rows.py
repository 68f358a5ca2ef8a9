"""One booking of a statement as a row: what :61: and :86: say together, read with care.

The slow way, which the fast one must agree with.
"""

from __future__ import annotations

import re

from amlscreen.intake.readers.swift_codes import channel_of, kind_of_code, purpose_of
from amlscreen.intake.readers.swift_details import details
from amlscreen.intake.readers.swift_entry import Line, amount_of, statement_line

__all__ = ["COLUMNS", "entry_row", "with_supplement"]

COLUMNS = (
    "at",
    "value_date",
    "direction",
    "amount",
    "channel",
    "kind",
    "purpose",
    "narrative",
    "counterparty_institution",
    "counterparty_account",
    "counterparty_name",
    "ultimate_party",
    "status",
    "entry_reference",
    "end_to_end_id",
    "bank_code",
    "amount_instructed",
    "currency_instructed",
    "exchange_rate",
)
"""The columns that an entry fills; those of its statement come on top."""

_TRCD = re.compile(r"/TRCD/(\w{1,8})/?")
_ORIGINAL = re.compile(r"/OCMT/([A-Z]{3})(\d{1,15}(?:,\d*)?)(?:/|$)")
_RATE = re.compile(r"/EXCH/(\d{1,12}(?:,\d{0,12})?)(?:/|$)")
_IBAN = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{8,30}")
_OLD_DUTCH = re.compile(r"P?\d{7,10}")
_CODED = re.compile(r"/[A-Z]{3,8}/.*")
NO_REFERENCE = frozenset(("", "NONREF", "EREF", "KREF+", "PREF", "CREF", "MARF", "NOTPROVIDED"))


def entry_row(first: str, second: str, *, german: bool = False) -> tuple[Line, dict[str, str]] | None:
    """The row of an entry from its :61: and :86: (without their tags); None where :61: is not as its format demands.

    ``german`` says that a bank of eight digits is a Bankleitzahl.
    """
    line = statement_line(first)
    if line is None:
        return None
    row = details(second)
    gvc, purpose = row.pop("gvc", ""), purpose_of(row.pop("purpose", ""))
    row |= {"at": line.at, "value_date": line.value_date, "direction": line.direction, "amount": line.amount}
    row["bank_code"] = f"{line.code}/{gvc}" if gvc else line.code
    row["purpose"] = purpose
    row["status"] = "PDNG" if line.expected else ""
    row["entry_reference"] = line.bank_reference or ("" if line.reference in NO_REFERENCE else line.reference)
    if line.bank_reference and line.reference not in NO_REFERENCE:
        row.setdefault("end_to_end_id", line.reference)
    if line.details:
        with_supplement(row, line.reference, line.details, second)
    bank = row.get("counterparty_institution", "")
    if german and len(bank) == 8 and bank.isdigit():
        row["counterparty_institution"] = f"DEBLZ:{bank}"
    row["kind"] = "reversal" if line.reversal else kind_of_code(row["bank_code"])
    row["channel"] = channel_of(row["bank_code"])
    return line, {name: value for name, value in row.items() if value}


def with_supplement(row: dict[str, str], reference: str, told: str, second: str) -> None:
    """What the second line of :61: adds to a row: a bank's code, the original amount, the other side, or plain text."""
    if code := _TRCD.search(told):
        row["bank_code"] = f"{row['bank_code'][:4]}/{code[1]}"
    if original := _ORIGINAL.search(told):
        row["currency_instructed"], row["amount_instructed"] = original[1], amount_of(original[2]) or ""
    if rate := _RATE.search(told):
        row["exchange_rate"] = rate[1].replace(",", ".").rstrip(".")
    if _IBAN.fullmatch(told) or (_OLD_DUTCH.fullmatch(told) and second.startswith("/")):
        row.setdefault("counterparty_account", told)
    elif second.startswith(f"{reference} {told}"):
        row.setdefault("counterparty_account", reference)
        row.setdefault("counterparty_name", told)
    elif not _CODED.fullmatch(told):
        row["narrative"] = f"{row.get('narrative', '')} {told}".strip()
