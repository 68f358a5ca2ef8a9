"""One booked entry of a statement as rows: one row, or one for each of its details.

ISO 20022 lets an entry carry any number of transaction details (``NtryDtls/TxDtls``). They become rows of their own
only if their amounts come exactly to the entry's amount; else the entry stays one row, which says what all details
agree on. No amount is ever made up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from amlscreen.intake.readers.iso_details import NO_DETAIL, Detail, agreed, code_of, detail_of
from amlscreen.intake.readers.iso_parties import Row
from amlscreen.intake.readers.iso_stream import Part
from amlscreen.intake.readers.iso_values import every, reference

__all__ = ["Entry", "rows_of"]

_TRANSFERRED = "AmtDtls/TxAmt/Amt"


class Entry(NamedTuple):
    """An entry whose amount and direction are sound. ``row`` are the columns it has without its details.

    ``complete`` is false where there were more details than are kept.
    """

    row: Row
    values: Part
    amount: Decimal
    credit: bool
    details: Sequence[Part]
    complete: bool

    @property
    def reverses(self) -> bool:
        """Whether it is booked as a reversal; its direction is what happens to the account all the same."""
        return self.values.get("RvslInd", "") in {"true", "1"}

    def told(self) -> int | None:
        """How many transactions the entry says it has."""
        numbers = every(self.values, "NtryDtls/Btch/NbOfTxs") or every(self.values, "Btch/NbOfTxs")
        return sum(map(int, numbers)) if numbers and all(number.isdigit() for number in numbers) else None


def rows_of(entry: Entry, count: Callable[[str], None]) -> list[Row]:
    """The entry's rows; ``count`` is told of ``joined`` and ``contradicted`` details."""
    if not entry.details:
        return [_row(entry, NO_DETAIL)]
    reverses, account = entry.reverses, entry.row["account_id"]
    details = [detail_of(part, credit=entry.credit, reverses=reverses, account=account) for part in entry.details]
    fits = entry.complete and entry.told() in {None, len(details)}
    if len(details) == 1:
        amount = _told_amount(details[0], entry.row["currency"])
        if amount == entry.amount or fits:
            if amount is not None and amount != entry.amount:
                count("contradicted")
            return [_row(entry, details[0])]
    parts = _shares(details, entry) if entry.complete else None
    if parts is None:
        count("joined")
        return [_row(entry, agreed(details) if fits else NO_DETAIL)]
    return [_part(entry, detail, part) for detail, part in zip(details, parts, strict=True)]


def _shares(details: Sequence[Detail], entry: Entry) -> list[Decimal] | None:
    """The signed part of each detail in its entry; None if the details do not come to the entry exactly.

    Tried in this order: the details' own amounts, the amounts before charges, and those with the charges; each with
    the details' own directions first, then all in the entry's.
    """
    currency, whole = entry.row["currency"], entry.amount if entry.credit else -entry.amount
    sides = [detail.credit(otherwise=entry.credit) for detail in details]
    for amounts in (
        [detail.amount("Amt", currency) for detail in details],
        [detail.amount(_TRANSFERRED, currency) for detail in details],
        [_with_charges(detail, entry) for detail in details],
    ):
        given = [amount for amount in amounts if amount is not None]
        if len(given) < len(details):
            continue
        for ways in (sides, [entry.credit] * len(details)):
            signed = [amount if way else -amount for amount, way in zip(given, ways, strict=True)]
            if sum(signed) == whole:
                return signed
    return None


def _told_amount(detail: Detail, currency: str) -> Decimal | None:
    booked = detail.amount("Amt", currency)
    return booked if booked is not None else detail.amount(_TRANSFERRED, currency)


def _with_charges(detail: Detail, entry: Entry) -> Decimal | None:
    """What was transferred and what the bank took: the total (version 04 on), or the only charge of older ones."""
    currency = entry.row["currency"]
    amount, total = detail.amount(_TRANSFERRED, currency), detail.amount("Chrgs/TtlChrgsAndTaxAmt", currency)
    charges = total if total is not None else detail.amount("Chrgs/Amt", currency)
    if amount is None or charges is None:
        return amount
    return amount - charges if entry.credit else amount + charges


def _part(entry: Entry, detail: Detail, part: Decimal) -> Row:
    """The row of one of several details. Its id can only be its own reference, for the entry's is that of all."""
    row = _row(entry, detail, own_code=True)
    row["amount"] = f"{abs(part):f}"
    if part:
        row["direction"] = "credit" if part > 0 else "debit"
    row["transaction_id"] = detail.servicer_reference
    row["entry_reference"] = detail.servicer_reference or row["entry_reference"]
    return row


def _row(entry: Entry, detail: Detail, *, own_code: bool = False) -> Row:
    values, row = entry.values, {**entry.row, **detail.row}
    code = code_of(values)
    if any(detail.code) and (own_code or not any(code)):
        code = detail.code
    given = reference(values.get("AcctSvcrRef", "")) or detail.servicer_reference
    row["transaction_id"] = given
    row["entry_reference"] = given or reference(values.get("NtryRef", "")) or detail.other_reference
    row["bank_code"], row["channel"] = code.text, code.channel
    row["kind"] = code.kind(reverses=entry.reverses or detail.returned)
    row["purpose"] = row.get("purpose") or code.purpose
    more, narrative = values.get("AddtlNtryInf", ""), row.get("narrative", "")
    if more and more not in narrative:
        row["narrative"] = f"{narrative} {more}" if narrative else more
    return row
