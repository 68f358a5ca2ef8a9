"""What stands before the fields of a SWIFT message: blocks 1 to 3, or the lines a bank puts there instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Envelope", "envelope", "is_bic", "plain_bic"]

_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_BLOCK_1 = re.compile(r"\{1:(?:F01|01)?([A-Z]{6}[A-Z0-9]{6})")
_INPUT = re.compile(r"\{2:I(\d{3})([A-Z]{6}[A-Z0-9]{6})?")
_OUTPUT = re.compile(r"\{2:O(\d{3})(?:\d{10})?([A-Z]{6}[A-Z0-9]{6})?")
_BANK_LINE = re.compile(r"^(?:\d{4} \d\d)?([A-Z]{6}[A-Z0-9]{2})[A-Z0-9]{0,4}(?:\d{5})?[ \t]*$", re.M)
_TYPE_LINE = re.compile(r"^:?(\d{3})(?::|[ \t]\d\d)?[ \t]*$", re.M)
_UETR = re.compile(r"\{121:([0-9a-fA-F-]{36})\}")


@dataclass(frozen=True, slots=True)
class Envelope:
    """``message`` is the type (940, 103), ``sender`` and ``receiver`` are BICs; empty where nothing tells."""

    message: str = ""
    sender: str = ""
    receiver: str = ""
    uetr: str = ""
    refused: bool = False  # by the network: acknowledgement {451:1}


def envelope(text: str) -> Envelope:
    """The envelope that ``text``, all that stands before :20:, tells of.

    Block 1 names whoever holds the file: the sender of an input message (2:I), the receiver of an output message (2:O).
    A file that was retrieved from the network has the acknowledgement of an earlier copy in front; the last counts.
    """
    if not text:
        return Envelope()
    own = plain_bic((_BLOCK_1.findall(text) or [""])[-1])
    uetr = (_UETR.findall(text) or [""])[-1]
    refused = "{451:1}" in text
    if given := _INPUT.findall(text):
        message, other = given[-1]
        return Envelope(message, own, plain_bic(other), uetr, refused)
    if given := _OUTPUT.findall(text):
        message, other = given[-1]
        sender = plain_bic(other)
        return Envelope(message, sender or ("" if message[0] != "9" else own), own, uetr, refused)
    message = (_TYPE_LINE.findall(text) or [""])[-1]
    bank = (_BANK_LINE.findall(text) or [own])[-1]
    return Envelope(message, bank, "", uetr, refused)


def plain_bic(address: str) -> str:
    """The BIC of a logical terminal's address, which has one more character after the eighth; three X are no branch."""
    if len(address) == 12:
        address = address[:8] + address[9:]
    return address[:8] if address.endswith("X" * 3) and len(address) == 11 else address


def is_bic(text: str) -> bool:
    """Whether a text has the form of a BIC."""
    return _BIC.fullmatch(text) is not None
