"""Entries of statements, many at a time: what :mod:`swift_rows` says of each, in columns.

An entry with a second line in :61:, or with anything out of the ordinary, is left to the careful way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from amlscreen.intake.readers.swift_bulk_details import bulk_details
from amlscreen.intake.readers.swift_codes import channel_of, kind_of_code, purpose_of
from amlscreen.intake.readers.swift_details import WHITE
from amlscreen.intake.readers.swift_entry import days_of
from amlscreen.intake.readers.swift_rows import NO_REFERENCE
from amlscreen.intake.readers.swift_subfields import ARROW, Flags, Texts, scattered

__all__ = ["Bulk", "bulk_rows"]

_LINE = (
    r"^(?P<days>\d{6}(?:\d{4}|    )?)(?P<mark>R?[CD])[A-Z]?(?P<amount>\d{1,15},\d{0,6})"
    r"(?P<rest>[NSF][A-Z0-9]{3}[^\n]*)\n?$"
)


@dataclass(frozen=True, slots=True)
class Bulk:
    """Columns of entries, and for which of them they hold."""

    columns: dict[str, Texts]
    bank_reference: Texts
    holds: Flags


def bulk_rows(first: Texts, second: Texts, german: Flags) -> Bulk:
    """The rows of entries from their :61: and :86:; ``german``: a bank of eight digits is a Bankleitzahl."""
    lines = ARROW.extract_regex(first, _LINE)
    days, mark, amount, rest = (ARROW.struct_field(lines, index) for index in range(4))
    code, reference, bank = _references(rest)
    told, holds = bulk_details(second)
    holds &= lines.is_valid().to_numpy(zero_copy_only=False)
    at, value_date = (_by_text(days, day) for day in (_booked, _valued))
    holds &= at.is_valid().to_numpy(zero_copy_only=False)
    holds &= ~_flags(ARROW.match_substring(reference, "   "))
    known = ARROW.is_in(reference, pa.array(sorted(NO_REFERENCE), pa.string()))
    given = ARROW.if_else(known, pa.scalar(None, pa.string()), reference)
    gvc = told.pop("gvc")
    codes = ARROW.coalesce(ARROW.binary_join_element_wise(code, gvc, "/"), code)
    reversal = ARROW.starts_with(mark, "R")
    institution = told["counterparty_institution"]
    clearing = ARROW.and_(pa.array(german), ARROW.match_substring_regex(institution, r"^\d{8}$"))
    columns = told | {
        "at": at,
        "value_date": value_date,
        "direction": ARROW.if_else(ARROW.is_in(mark, pa.array(["C", "RD"])), "credit", "debit"),
        "amount": _amounts(amount),
        "bank_code": codes,
        "entry_reference": ARROW.coalesce(bank, given),
        "end_to_end_id": ARROW.coalesce(
            told["end_to_end_id"], ARROW.if_else(bank.is_valid(), given, pa.scalar(None, pa.string()))
        ),
        "purpose": _by_text(told["purpose"], purpose_of),
        "kind": ARROW.if_else(reversal, "reversal", _by_text(codes, kind_of_code)),
        "channel": _by_text(codes, channel_of),
        "counterparty_institution": ARROW.if_else(
            clearing, ARROW.binary_join_element_wise("DEBLZ:", institution, ""), institution
        ),
    }
    return Bulk(columns, bank, holds)


def _booked(text: str) -> str | None:
    """The booking day; None for what the careful way must tell of."""
    days = days_of(text[:6], text[6:])
    return None if days is None or days[2] else days[0]


def _valued(text: str) -> str | None:
    days = days_of(text[:6], text[6:])
    return None if days is None or days[2] else days[1]


def _references(texts: Texts) -> tuple[Texts, Texts, Texts]:
    """Code, the owner's reference and the bank's reference of ``NTRFreference//reference``."""
    code, both = ARROW.utf8_slice_codeunits(texts, 0, 4), ARROW.utf8_slice_codeunits(texts, 4)
    cut = ARROW.split_pattern(both.fill_null(""), "//", max_splits=1)
    offsets = cut.offsets.to_numpy().astype(np.int64)
    second = np.where(np.diff(offsets) > 1, offsets[:-1] + 1, -1)
    reference, bank = cut.values.take(pa.array(offsets[:-1])), scattered(cut.values, second)
    return code, ARROW.utf8_trim(reference, WHITE), _filled(ARROW.utf8_trim(bank, WHITE))


def _amounts(texts: Texts) -> Texts:
    bare = ARROW.utf8_rtrim(ARROW.replace_substring(ARROW.utf8_ltrim(texts, "0"), ",", "."), ".")
    lacking = ARROW.or_(ARROW.starts_with(bare, "."), ARROW.equal(bare, ""))
    made: Texts = ARROW.if_else(lacking, ARROW.binary_join_element_wise("0", bare, ""), bare)
    return made


def _by_text(texts: Texts, meaning: Callable[[str], str | None]) -> Texts:
    """What each text means; few are different."""
    coded = texts.dictionary_encode()
    words = [meaning(str(text)) or None for text in coded.dictionary.to_pylist()]
    made: Texts = pa.array(words, pa.string()).take(coded.indices)
    return made


def _filled(texts: Texts) -> Texts:
    made: Texts = ARROW.if_else(ARROW.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    return made


def _flags(found: Any) -> Flags:
    made: Flags = ARROW.coalesce(found, pa.scalar(value=False)).to_numpy(zero_copy_only=False)
    return made
