"""One booked entry of a statement as rows: one row, or one for each of its details.

ISO 20022 lets an entry carry any number of transaction details (``NtryDtls/TxDtls``). They become rows of their own only
if their amounts come exactly to the entry's amount; else the entry stays one row, which says what all details agree on.
No amount is ever made up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from amlscreen.intake.readers.iso_details import NO_DETAIL, Detail, agreed, code_of, detail_of, returns
from amlscreen.intake.readers.iso_parties import Row
from amlscreen.intake.readers.iso_stream import Part
from amlscreen.intake.readers.iso_values import every, reference

__all__ = ["Entry", "rows_of"]


@dataclass(frozen=True, slots=True)
class Entry:
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
    details = [
        detail_of(
            part,
            credit=entry.credit != (entry.reverses or returns(part)),
            account=entry.row["account_id"],
            currency=entry.row["currency"],
        )
        for part in entry.details
    ]
    parts = _shares(details, entry.amount, credit=entry.credit) if entry.complete else None
    fits = entry.told() in {None, len(details)} and entry.complete
    if len(details) == 1 and (parts or fits):
        if not parts and details[0].booked is not None:
            count("contradicted")
        return [_row(entry, details[0])]
    if parts is None:
        count("joined")
        return [_row(entry, agreed(details) if fits else NO_DETAIL)]
    return [_part(entry, detail, part) for detail, part in zip(details, parts, strict=True)]


def _shares(details: Sequence[Detail], amount: Decimal, *, credit: bool) -> list[Decimal] | None:
    """The signed part of each detail in its entry; None if the details do not come to the entry exactly.

    Tried in this order: the details' own amounts, the amounts before charges, and those with the charges; each with
    the details' own directions first, then all in the entry's.
    """
    sides = [credit if detail.credit is None else detail.credit for detail in details]
    for given in (
        [detail.booked for detail in details],
        [detail.transferred for detail in details],
        [_with_charges(detail, credit=credit) for detail in details],
    ):
        amounts = [each for each in given if each is not None]
        if len(amounts) < len(details):
            continue
        for ways in (sides, [credit] * len(details)):
            signed = [each if way else -each for each, way in zip(amounts, ways, strict=True)]
            if sum(signed) == (amount if credit else -amount):
                return signed
    return None


def _with_charges(detail: Detail, *, credit: bool) -> Decimal | None:
    if detail.transferred is None:
        return None
    return detail.transferred - detail.charges if credit else detail.transferred + detail.charges


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
