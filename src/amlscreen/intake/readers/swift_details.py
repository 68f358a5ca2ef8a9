"""Field :86:, what a booking was for, read with care: its German, its slash and its free form.

The slow way, which the fast one must agree with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["CODES", "FULL", "NOT_PROVIDED", "SEPA", "WHITE", "details", "party", "unwrapped"]

_GERMAN = re.compile(r"[ \n]?(\d{3})([?~^<>|])(\d\d)", re.A)
"""``166?00``: the business transaction code, the mark before each subfield, and its number."""

CODES = frozenset(
    "ADDR ACCW BBK BENM BIC BO CHGS CNTP CREF CSID EREF EXCH IACC IBAN ID IREF ISDT KREF MARF MREF NAME NRTX OAMT OCMT "
    "ORDP PREF PURP REMI RTRN STRD SVCL TRCD TRTP ULTB ULTC ULTD USTD".split()
)
"""Codes between slashes that begin a part of :86:."""

SEPA = frozenset(("ABWA", "ABWE", "COAM", "CRED", "DEBT", "EREF", "KREF", "MREF", "OAMT", "PURP", "SVWZ"))
"""Codes before a plus sign that begin a part of the purpose in the German form."""

NOT_PROVIDED = ("NOTPROVIDED", "NONREF")
WHITE = " \t\n\r\x0b\x0c"
"""White space, as ASCII has it."""

FULL = 60
"""Characters from which a line was cut, not ended."""

_TEXT = frozenset((*range(20, 30), *range(60, 64)))
_SPACES = re.compile(f"[{WHITE}]+")
_ACCOUNT = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{6,30}|\d[\d. -]{2,33}", re.A)


def details(text: str) -> dict[str, str]:
    """What :86: says, by column; also ``gvc``, the German business transaction code. Nothing of it is made up."""
    german = _GERMAN.match(text)
    joined = text.replace("\n", "")
    if german is not None:
        found = _german(joined, german[1], german[2])
    elif parts := _slashed(joined):
        found = _by_code(parts, joined)
    else:
        found = {"narrative": unwrapped(text)}
    return {name: tight for name, value in found.items() if (tight := _SPACES.sub(" ", value).strip(WHITE))}


def unwrapped(text: str) -> str:
    """Lines put together again: a line that is full was cut within a word, a shorter one ended there."""
    lines = text.split("\n")
    made = "".join(line if len(line) >= FULL else line + " " for line in lines)
    return made.strip(WHITE)


def _german(text: str, gvc: str, mark: str) -> dict[str, str]:
    fields: dict[int, str] = {}
    number = -1
    for piece in text.split(mark)[1:]:
        if piece[:2].isdigit() and piece[:2].isascii():
            number = int(piece[:2])
            fields[number] = fields[number] + piece[2:] if number in fields else piece[2:]
        else:
            fields[number] = fields.get(number, "") + mark + piece
    purpose = "".join(fields[each] for each in sorted(fields) if each in _TEXT)
    sepa = _sepa(purpose)
    account, bank = fields.get(31, "").strip(WHITE), fields.get(30, "").strip(WHITE)
    return {
        "gvc": gvc,
        "counterparty_account": account or fields.get(38, "").strip(WHITE),
        "counterparty_institution": bank,
        "counterparty_name": (fields.get(32, "") + fields.get(33, "")).strip(WHITE),
        "ultimate_party": sepa.get("ABWA", "") or sepa.get("ABWE", ""),
        "end_to_end_id": _provided(sepa.get("EREF", "")),
        "purpose": sepa.get("PURP", ""),
        "narrative": sepa.get("SVWZ", "") or purpose.strip(WHITE) or fields.get(0, "").strip(WHITE),
    }


def _sepa(purpose: str) -> dict[str, str]:
    """The parts of a purpose such as ``EREF+INV 1SVWZ+RENT MAY``; the first of each counts."""
    found: dict[str, str] = {}
    values: list[str] = []
    code = ""
    *pieces, last = purpose.split("+")
    for piece in pieces:
        if piece[-4:] in SEPA:
            found.setdefault(code, "+".join((*values, piece[:-4])).strip(WHITE))
            code, values = piece[-4:], []
        else:
            values.append(piece)
    found.setdefault(code, "+".join((*values, last)).strip(WHITE))
    del found[""]
    return found


def _slashed(whole: str) -> dict[str, str]:
    """The parts that codes between slashes begin; the first of each counts. Empty if the text begins with none."""
    pieces = whole.split("/")
    if len(pieces) < 3 or pieces[0].strip(WHITE) or pieces[1] not in CODES:
        return {}
    found: dict[str, list[str]] = {}
    values: list[str] = []
    for piece in pieces[1:]:
        if piece in CODES:
            values = []
            found.setdefault(piece, values)
        else:
            values.append(piece)
    return {code: "/".join(parts).strip("/ ") for code, parts in found.items()}


def _by_code(parts: Mapping[str, str], whole: str) -> dict[str, str]:
    account, bank, name = "", "", ""
    for code in ("CNTP", "ORDP", "BENM"):
        if parts.get(code):
            account, bank, name = party(parts[code])
            break
    text = parts.get("REMI") or parts.get("USTD") or parts.get("STRD") or ""
    return {
        "counterparty_account": parts.get("IBAN", "") or account,
        "counterparty_institution": parts.get("BIC", "") or bank,
        "counterparty_name": parts.get("NAME", "") or name,
        "ultimate_party": parts.get("ULTD", "") or parts.get("ULTC", "") or parts.get("ULTB", ""),
        "end_to_end_id": _provided(parts.get("EREF", "")),
        "purpose": parts.get("PURP", "").removeprefix("CD/")[:4],
        "narrative": text or whole,
    }


def party(value: str) -> tuple[str, str, str]:
    """Account, BIC and name of ``/CNTP/account/BIC/name/city`` or ``/ORDP/account/name/...``."""
    pieces = [piece.strip(WHITE) for piece in value.split("/")]
    account = pieces.pop(0) if _ACCOUNT.fullmatch(pieces[0]) else ""
    if pieces and not account and not pieces[0]:
        pieces.pop(0)
    bank = ""
    if account and pieces and (not pieces[0] or re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", pieces[0])):
        bank = pieces.pop(0)
    return account, bank, pieces[0] if pieces else ""


def _provided(reference: str) -> str:
    return "" if reference.upper().replace(" ", "") in NOT_PROVIDED else reference
