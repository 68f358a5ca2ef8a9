"""A text file as UTF-8 on disk, whatever it came in, and the lines whose bytes the encoding does not hold."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from amlscreen.errors import DataError, Place
from amlscreen.intake.encoding import byte_order_mark, guess_encoding, utf16_without_mark
from amlscreen.intake.layout import Layout
from amlscreen.intake.readers.unpack import Content

__all__ = ["Text", "as_utf8"]

_BLOCK = 4 * 2**20
_MOST_BAD_LINES = 1000
_FEW_BAD_LINES = 20
_MOSTLY = 0.3  # other encodings give valid UTF-8 by chance only in very short cells
_UNDECODABLE = "\ufdd0"  # stands for no character, so no text holds it
_SAMPLE = 256 * 2**10
_WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")


@dataclass(frozen=True, slots=True)
class Text:
    """A file in UTF-8. ``start`` is where its text begins (after a byte order mark); ``undecodable`` are the physical
    lines, from 1, that held bytes the encoding does not know: there U+FFFD stands for them."""

    path: Path
    start: int
    encoding: str
    undecodable: frozenset[int]
    warnings: tuple[str, ...]


def as_utf8(content: Content, layout: Layout, *, workspace: Path) -> Text:
    """The text of a file; it stays where it is if it is UTF-8 already. DataError for what is not text."""
    place = Place(content.name)
    stated = layout.encoding
    mark = byte_order_mark(content.head)
    wide = mark if mark in _WIDE else utf16_without_mark(content.head[:4096])
    if stated in _WIDE or (stated is None and wide):
        encoding = stated or wide or "utf-16"
        if encoding in ("utf-16", "utf-32") and mark != encoding:
            encoding = utf16_without_mark(content.head[:4096]) or f"{encoding}-le"
        return _transcoded(content, encoding, workspace, place, ())
    seen = _look(content.path, place)
    if seen.is_utf8 and stated in (None, "utf-8", "utf-8-sig", "ascii"):
        start = len(codecs.BOM_UTF8) if mark == "utf-8-sig" else 0
        return Text(content.path, start, "utf-8", frozenset(), ())
    warnings: list[str] = []
    if stated is not None:
        encoding = "utf-8" if stated == "utf-8-sig" else stated
        if mark is not None and stated not in ("utf-8", "utf-8-sig"):
            warnings.append(f"begins with the mark of {mark}, but is read as {stated} as stated.")
    elif mark == "utf-8-sig" or seen.bad_share < _MOSTLY:
        encoding = "utf-8"
    else:
        guess = guess_encoding(seen.sample)
        encoding = guess.encoding
        warnings += [guess.warning] if guess.warning else []
    return _transcoded(content, encoding, workspace, place, tuple(warnings))


@dataclass(frozen=True, slots=True)
class _Seen:
    is_utf8: bool
    bad_share: float  # of the lines with bytes above 127, those that are not UTF-8
    sample: bytes  # lines with bytes above 127


def _look(path: Path, place: Place) -> _Seen:
    """One pass over the bytes: NUL is refused, UTF-8 is checked, and lines that are not ASCII are collected."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, sample, lines, carry = True, bytearray(), 0, b""
    with path.open("rb", buffering=0) as handle:
        while block := handle.read(_BLOCK):
            at = block.find(b"\0")
            if at >= 0:
                raise DataError(
                    "holds NUL bytes, so it is no text or it is damaged.",
                    place=Place(place.file, lines + block.count(b"\n", 0, at) + 1),
                    fix="Export it again; if it is UTF-16, state `layout: {encoding: utf-16}` in the mapping.",
                )
            lines += block.count(b"\n")
            if block.isascii() and not carry:
                continue
            if is_utf8:
                is_utf8 = _decodes(decoder, block)
                carry = decoder.getstate()[0] if is_utf8 else b""
            if len(sample) < _SAMPLE:
                sample += _high_lines(block, _SAMPLE - len(sample))
    if is_utf8:
        is_utf8 = _decodes(decoder, b"", final=True)
    return _Seen(is_utf8, _bad_share(bytes(sample)), bytes(sample))


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _high_lines(block: bytes, room: int) -> bytes:
    """The lines of a block that hold bytes above 127, at most ``room`` bytes of them."""
    kept, size = [], 0
    for line in block.split(b"\n")[:200_000]:
        if not line.isascii():
            kept.append(line[:4000])
            size += len(kept[-1]) + 1
            if size > room:
                break
    return b"\n".join(kept) + b"\n" if kept else b""


def _bad_share(sample: bytes) -> float:
    lines = sample.split(b"\n")[:-1]
    bad = 0
    for line in lines:
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            bad += 1
    return bad / len(lines) if lines else 0.0


def _mark_undecodable(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    return _UNDECODABLE, problem.end


codecs.register_error("amlscreen.undecodable", _mark_undecodable)


def _transcoded(content: Content, encoding: str, workspace: Path, place: Place, warnings: tuple[str, ...]) -> Text:
    """Write the file as UTF-8 into the workspace, block by block, and note the lines that do not decode."""
    target = workspace / "utf8"
    undecodable: set[int] = set()
    decoder = codecs.getincrementaldecoder(encoding)("amlscreen.undecodable")
    lines, first = 0, True
    with content.path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
        while True:
            block = source.read(_BLOCK)
            text = decoder.decode(block, not block)
            if first and text:
                text, first = text.removeprefix("\ufeff"), False
            if "\0" in text:
                line = lines + text.count("\n", 0, text.index("\0")) + 1
                raise DataError("holds NUL characters.", place=Place(place.file, line), fix="Export it again.")
            if _UNDECODABLE in text:
                undecodable |= _lines_with(text, _UNDECODABLE, lines)
                text = text.replace(_UNDECODABLE, "\ufffd")
            if len(undecodable) > _MOST_BAD_LINES:
                raise _wrong_encoding(place, encoding, min(undecodable))
            lines += text.count("\n")
            out.write(text)
            if not block:
                break
    if len(undecodable) > _FEW_BAD_LINES and len(undecodable) * 10 > lines:
        raise _wrong_encoding(place, encoding, min(undecodable))
    return Text(target, 0, encoding, frozenset(undecodable), warnings)


def _lines_with(text: str, mark: str, before: int) -> set[int]:
    found: set[int] = set()
    at = text.find(mark)
    line, counted = before + 1, 0
    while at >= 0 and len(found) <= _MOST_BAD_LINES:
        line += text.count("\n", counted, at)
        found.add(line)
        counted = at
        end = text.find("\n", at)
        at = text.find(mark, end) if end >= 0 else -1
    return found


def _wrong_encoding(place: Place, encoding: str, line: int) -> DataError:
    return DataError(
        f"is not {encoding}: from this line on many lines hold bytes it does not know.",
        place=Place(place.file, line),
        fix="State the right one, for example `layout: {encoding: cp874}`, in the mapping.",
    )
