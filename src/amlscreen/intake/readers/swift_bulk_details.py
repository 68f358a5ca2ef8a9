"""Field :86: of many entries at once: what :mod:`swift_details` says of each, in columns.

Whatever is out of the ordinary (a mark within a subfield, subfields out of order) is left to the careful way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from amlscreen.intake.readers.swift_details import CODES, FULL, NOT_PROVIDED, SEPA, party
from amlscreen.intake.readers.swift_subfields import (
    ARROW,
    Flags,
    Pieces,
    Texts,
    blank,
    first_of,
    joined,
    scattered,
    tightened,
    unwrapped_texts,
)

__all__ = ["Details", "bulk_details"]

Details = dict[str, Texts]
_NAMES = (
    "gvc",
    "counterparty_account",
    "counterparty_institution",
    "counterparty_name",
    "ultimate_party",
    "end_to_end_id",
    "purpose",
    "narrative",
)
_GERMAN = r"^\d{3}\?\d\d"
_ODD = r"^[ \n]?\d{3}[~^<>|]\d\d|^[ \n]\d{3}\?\d\d|^[ \t\n\r\x0b\x0c]+/"
_NUMBERS = [f"{number:02d}" for number in range(100)]
_SLASH = sorted(CODES)
_PLUS = sorted(SEPA)
_TOLD_BY_PLUS = ("ABWA", "ABWE", "EREF", "PURP", "SVWZ")
_TOLD_BY_SLASH = (
    "BENM",
    "BIC",
    "CNTP",
    "EREF",
    "IBAN",
    "NAME",
    "ORDP",
    "PURP",
    "REMI",
    "STRD",
    "ULTB",
    "ULTC",
    "ULTD",
    "USTD",
)


def bulk_details(texts: Texts) -> tuple[Details, Flags]:
    """The columns of these :86:, and for which of them they hold; the others need the careful way."""
    count = len(texts)
    holds = ~_flags(ARROW.match_substring_regex(texts, _ODD))
    german = _flags(ARROW.match_substring_regex(texts, _GERMAN)) & holds
    slashed = _flags(ARROW.starts_with(texts, "/")) & holds
    forms: tuple[tuple[Flags, Callable[[Texts], tuple[Details, Flags]]], ...] = (
        (german, _german),
        (slashed, _slashed),
        (holds & ~german & ~slashed, _free),
    )
    columns: dict[str, list[Texts]] = {name: [] for name in _NAMES}
    places, at = np.full(count, -1, np.int64), 0
    for chosen, form in forms:
        index = np.flatnonzero(chosen)
        if not len(index):
            continue
        made, good = form(texts if len(index) == count else ARROW.take(texts, pa.array(index)))
        for name in _NAMES:
            columns[name].append(made[name] if name in made else blank(len(index)))
        places[index] = np.arange(at, at + len(index))
        holds[index[~good]] = False
        at += len(index)
    if not at:
        return {name: blank(count) for name in _NAMES}, holds
    found = {name: tightened(scattered(_one(parts), places)) for name, parts in columns.items()}
    return found, holds


def _german(texts: Texts) -> tuple[Details, Flags]:
    pieces = Pieces(ARROW.replace_substring(texts, "\n", ""), "?")
    numbers = pieces.numbered(_NUMBERS, ARROW.utf8_slice_codeunits(pieces.values, 0, 2))
    values = ARROW.utf8_slice_codeunits(pieces.values, 2)
    numbers[pieces.first] = -2
    wrong = numbers == -1
    wrong[1:] |= (numbers[1:] >= 0) & (numbers[1:] <= numbers[:-1])
    good = np.bincount(pieces.owner[wrong], minlength=pieces.texts) == 0
    text = ((numbers >= 20) & (numbers < 30)) | ((numbers >= 60) & (numbers < 64))
    purpose = joined(
        ARROW.array_filter(values, pa.array(text)), np.bincount(pieces.owner[text], minlength=pieces.texts), ""
    )
    field = {number: pieces.picked(values, numbers == number) for number in (0, 30, 31, 32, 33, 38)}
    sepa, simple = _sepa(purpose)
    made = {
        "gvc": ARROW.take(pieces.values, pa.array(pieces.first)),
        "counterparty_account": _either(tightened(field[31]), field[38]),
        "counterparty_institution": field[30],
        "counterparty_name": ARROW.binary_join_element_wise(field[32].fill_null(""), field[33].fill_null(""), ""),
        "ultimate_party": _either(tightened(sepa["ABWA"]), sepa["ABWE"]),
        "end_to_end_id": _provided(tightened(sepa["EREF"])),
        "purpose": sepa["PURP"],
        "narrative": _either(_either(tightened(sepa["SVWZ"]), tightened(purpose)), field[0]),
    }
    return made, good & simple


def _sepa(purpose: Texts) -> tuple[dict[str, Texts], Flags]:
    pieces = Pieces(purpose, "+")
    code = pieces.numbered(_PLUS, ARROW.utf8_slice_codeunits(pieces.values, -4))
    code[pieces.last] = -1
    uncoded = code == -1
    uncoded[pieces.last] = False
    simple = np.bincount(pieces.owner[uncoded], minlength=pieces.texts) == 0
    cut = ARROW.utf8_slice_codeunits(pieces.values, 0, -4)
    texts = ARROW.if_else(pa.array(code >= 0), cut, pieces.values)
    before = np.concatenate(([-1], code[:-1]))
    before[pieces.first] = -1
    return {
        name: pieces.picked(texts, before == number) for name in _TOLD_BY_PLUS for number in (_PLUS.index(name),)
    }, simple


def _slashed(texts: Texts) -> tuple[Details, Flags]:
    whole = ARROW.replace_substring(texts, "\n", "")
    pieces = Pieces(whole, "/")
    code = pieces.numbered(_SLASH, pieces.values)
    code[pieces.first] = -1
    coded = (pieces.last - pieces.first >= 2) & (code[np.minimum(pieces.first + 1, len(code) - 1)] >= 0)
    begins = code >= 0
    group = np.cumsum(begins) - 1
    value = ~begins
    value[pieces.first] = False
    value &= coded[pieces.owner]
    starts = np.flatnonzero(begins)
    owners = pieces.owner[starts]
    counts = np.bincount(group[value], minlength=len(starts))
    parts = ARROW.utf8_trim(joined(ARROW.array_filter(pieces.values, pa.array(value)), counts, "/"), "/ ")
    kept = coded[owners]
    part = {}
    for name in _TOLD_BY_SLASH:
        mine = np.flatnonzero(kept & (code[starts] == _SLASH.index(name)))
        part[name] = first_of(parts, mine, owners[mine], pieces.texts)
    return _by_code(part, whole, texts, coded), np.ones(pieces.texts, bool)


def _by_code(part: dict[str, Texts], whole: Texts, texts: Texts, coded: Flags) -> Details:
    part = {name: _filled(each) for name, each in part.items()}
    account, bank, name = _parties(_either(_either(part["CNTP"], part["ORDP"]), part["BENM"]))
    text = _either(_either(part["REMI"], part["USTD"]), part["STRD"])
    told = _either(text, whole)
    if not coded.all():
        told = ARROW.if_else(pa.array(coded), told, unwrapped_texts(texts, FULL))
    return {
        "counterparty_account": _either(part["IBAN"], account),
        "counterparty_institution": _either(part["BIC"], bank),
        "counterparty_name": _either(part["NAME"], name),
        "ultimate_party": _either(_either(part["ULTD"], part["ULTC"]), part["ULTB"]),
        "end_to_end_id": _provided(tightened(part["EREF"])),
        "purpose": ARROW.utf8_slice_codeunits(ARROW.replace_substring_regex(part["PURP"], "^CD/", ""), 0, 4),
        "narrative": told,
    }


def _parties(told: Texts) -> tuple[Texts, Texts, Texts]:
    """Account, BIC and name of what :func:`party` takes apart."""
    index = np.flatnonzero(told.is_valid().to_numpy(zero_copy_only=False))
    if not len(index):
        return (blank(len(told)),) * 3
    sides = [party(str(value)) for value in told.drop_null().to_pylist()]
    places = np.full(len(told), -1, np.int64)
    places[index] = np.arange(len(index))
    account, bank, name = (
        scattered(_filled(pa.array(list(each), pa.string())), places) for each in zip(*sides, strict=True)
    )
    return account, bank, name


def _free(texts: Texts) -> tuple[Details, Flags]:
    return {"narrative": unwrapped_texts(texts, FULL)}, np.ones(len(texts), bool)


def _provided(references: Texts) -> Texts:
    tight = ARROW.replace_substring(ARROW.utf8_upper(references), " ", "")
    none = ARROW.is_in(tight, pa.array(NOT_PROVIDED, pa.string()))
    made: Texts = ARROW.if_else(none, pa.scalar(None, pa.string()), references)
    return made


def _filled(texts: Texts) -> Texts:
    made: Texts = ARROW.if_else(ARROW.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    return made


def _either(texts: Texts, others: Texts) -> Texts:
    made: Texts = ARROW.coalesce(texts, others)
    return made


def _one(parts: list[Texts]) -> Texts:
    made: Texts = parts[0] if len(parts) == 1 else pa.concat_arrays(parts)
    return made


def _flags(found: Any) -> Flags:
    made: Flags = found.to_numpy(zero_copy_only=False)
    return made
