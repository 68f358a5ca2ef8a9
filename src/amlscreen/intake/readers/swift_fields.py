"""Cutting the text of SWIFT messages into fields, in pieces that never cut an entry.

A field begins on a line that begins with its tag. What begins like one but cannot stand there belongs to the field
before it: a wrapped clock time (``:26:37``) in :86:, for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.swift_codes import STATEMENTS
from amlscreen.intake.readers.swift_header import envelope

__all__ = ["AFTER_20", "STATEMENT", "TIMES", "Fields", "Piece", "cut", "pieces", "tag_of", "tail_of"]

_PIECE = 8 * 2**20
_TAG = re.compile(r"(\d\d[A-Z]?):")
_MESSAGE = re.compile(rb"\n:20:[^\n]*\n:(?:21|25P?|28C?|13[CD]|23[BE]|32A):")
_TAIL = re.compile(
    r"\n[ \t]*(?:-(?:\}|[}\u00c5\u00e5]?[ \t]*(?:\n|$)|X{3}[ \t]*(?:\n|$))|\{[1-5]:|\$[ \t]*\n"
    r"|[A-Z]{6}[A-Z0-9]{2,6}\n\d{3}\n|\d{4} \d\d[A-Z]{6}|[\x01\x03])"
)
"""Where a message ends: ``-}`` or ``-`` on a line, or the envelope of the next one."""

_OPENING = re.compile(r"\{4:\s*$")
STATEMENT = frozenset("13 13D 20 21 25 25P 28 28C 34F 60F 60M 61 62F 62M 64 65 86 90C 90D".split())
TIMES = frozenset({"13", "21", "25", "28"})  # with :20:, what a wrapped time of day can look like
AFTER_20 = frozenset({"13", "13C", "13D", "21", "23B", "23E", "25", "25P", "28", "28C", "32A"})
_PAYMENT_ONLY = frozenset({"13C", "23B", "23E", "32A"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that begins with a line break, the number of the line this ends, and whether a message ends with it."""

    text: str
    line: int
    closes: bool


@dataclass(slots=True)
class Fields:
    """Fields in the order of the file: tag, text without the tag, and the line each begins on.

    ``headers`` has what stands before a :20:, by its index; ``after`` is what stands after the last field.
    """

    tags: list[str]
    texts: list[str]
    lines: list[int]
    headers: dict[int, str]
    after: str = ""


def tag_of(text: str) -> str:
    """The tag that a field begins with; empty if there is none."""
    found = _TAG.match(text)
    return found[1] if found else ""


def tail_of(text: str) -> tuple[str, str]:
    """The last field of a message, and what is no part of it: the end mark, and the envelope of the next."""
    found = _TAIL.search(text)
    return (text, "") if found is None else (text[: found.start()], text[found.start() :])


def pieces(path: Path, start: int, *, largest: int, name: str) -> Iterator[Piece]:
    """The text of a file in pieces that begin with an entry or a message; line ends are ``\\n``.

    The first piece has one line break too many. DataError if a message without entries, or an entry, is larger than
    ``largest`` bytes.
    """
    with path.open("rb") as raw:
        raw.seek(start)
        held, line, last = b"\n", 0, False
        while not last:
            block = raw.read(_PIECE)
            last = len(block) < _PIECE
            if block.endswith(b"\r"):
                block += raw.read(1)
            if b"\r" in block:
                block = block.replace(b"\r\n", b"\n")
                block = block.replace(b"\r", b"\n") if b"\r" in block else block
            held += block
            at = 0 if last else held.rfind(b"\n:61:")
            if at <= 0 and not last:
                at = max((found.start() for found in _MESSAGE.finditer(held)), default=0)
            if at > 0:
                yield Piece(held[:at].decode(), line, held.startswith(b"\n:20:", at))
                line += held.count(b"\n", 0, at)
                held = held[at:]
            elif len(held) > _PIECE + largest:
                raise DataError(
                    f"holds a message of more than {largest} bytes.",
                    place=Place(name, line + 1),
                    fix="Raise the setting largest_field if that is right.",
                )
        yield Piece(held.decode(), line, closes=True)


def cut(piece: Piece, before: str, *, payment: bool) -> Fields:
    """The fields of one piece. ``before`` is what stood after the one before; ``payment``: it goes on in a payment."""
    parts = piece.text.split("\n:")
    tags = [tag_of(part) for part in parts]
    at, lines = piece.line, []
    for part in parts:
        lines.append(at)
        at += part.count("\n") + 1
    fields = Fields(tags, parts, lines, {})
    if payment or not STATEMENT.issuperset(tags[1:]) or _doubtful(tags):
        fields = _joined(fields, before, payment=payment)
    else:
        fields = Fields(tags[1:], parts[1:], lines[1:], {})
        if tags[1:2] == ["20"]:
            fields.headers[0] = before + parts[0]
        for index in [index for index, tag in enumerate(fields.tags) if tag == "20" and index]:
            fields.headers[index] = _take_tail(fields.texts, index - 1)
    if not fields.texts:
        fields.after = before + parts[0]
    elif piece.closes:
        fields.after = _take_tail(fields.texts, -1)
    fields.texts = [text[len(tag) + 1 :] for tag, text in zip(fields.tags, fields.texts, strict=True)]
    return fields


def _take_tail(texts: list[str], index: int) -> str:
    texts[index], tail = tail_of(texts[index])
    return tail


def _doubtful(tags: list[str]) -> bool:
    """Whether after :86: comes what may belong to it: another, or what can be a time of day."""
    for before, tag, after in zip(tags, tags[1:], [*tags[2:], ""], strict=False):
        if before == "86" and (tag == "86" or tag in TIMES or (tag == "20" and after not in AFTER_20)):
            return True
    return False


def _joined(found: Fields, before: str, *, payment: bool) -> Fields:
    """The fields once what only looks like one is part of the field before it."""
    made = Fields([], [], [], {})
    header = before + found.texts[0]
    for index in range(1, len(found.tags)):
        tag, text = found.tags[index], found.texts[index]
        last = made.texts[-1] if made.texts else header
        if not made.tags and not tag:
            header += "\n:" + text
            continue
        if _begins(found, index, made, last, payment=payment):
            if made.texts:
                header = _take_tail(made.texts, -1)
            made.headers[len(made.tags)] = header
            payment = _is_payment(header, found.tags[index + 1 : index + 5])
        elif made.tags and not _stands(tag, made.tags[-1], payment=payment):
            made.texts[-1] += "\n" + (text[3:] if tag == made.tags[-1] == "86" else ":" + text)
            continue
        made.tags.append(tag)
        made.texts.append(text)
        made.lines.append(found.lines[index])
    return made


def _begins(found: Fields, index: int, made: Fields, last: str, *, payment: bool) -> bool:
    """Whether a field begins a message: :20:, or whatever stands first in a block 4 of a message without bookings."""
    tag, after = found.tags[index], found.tags[index + 1 : index + 2]
    if tag != "20":
        return _OPENING.search(last) is not None and _is_payment(last, [])
    if payment and made.headers and "20" not in made.tags[max(made.headers) :] and not _ends(last):
        return False
    return not made.tags or made.tags[-1] != "86" or not after or after[0] in AFTER_20 or _ends(last)


def _ends(text: str) -> bool:
    return _TAIL.search(text) is not None


def _stands(tag: str, last: str, *, payment: bool) -> bool:
    """Whether what looks like a field after ``last`` is one."""
    if payment:
        return tag != ""
    return tag in STATEMENT and not (last == "86" and (tag in {"86", "20"} or tag in TIMES))


def _is_payment(header: str, following: list[str]) -> bool:
    """Whether a message is no statement: by its envelope, else by the fields that follow."""
    message = envelope(header).message
    if message:
        return message not in STATEMENTS
    return not _PAYMENT_ONLY.isdisjoint(following)
