"""The bytes of an XML file as the parser takes them: as they are, or decoded where it does not know their encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from amlscreen.errors import DataError, Place

__all__ = ["Decoded"]

_BLOCK = 2**18
_NATIVE = frozenset({"utf-8", "utf-16", "iso8859-1", "ascii"})
_DECLARED = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")


class Decoded:
    """A file's bytes. ``override`` is the encoding the parser must be told, None if it finds out by itself."""

    def __init__(self, handle: BinaryIO, stated: str | None, file: str) -> None:
        self._handle, self._file = handle, file
        head = handle.read(400)
        handle.seek(0)
        declared = _DECLARED.match(head)
        name = stated or (declared.group(1).decode() if declared else "utf-16" if head[:2] in _MARKS else "utf-8")
        try:
            self.encoding = codecs.lookup(name).name
            "".encode(self.encoding)
        except (LookupError, UnicodeError, ValueError) as problem:
            raise DataError(
                f"declares the encoding {name}, which is not known.",
                place=Place(file, 1),
                fix="State `encoding` in the layout.",
            ) from problem
        self._decodes = stated is not None or self.encoding not in _NATIVE
        self.override = "utf-8" if self._decodes else None

    def blocks(self) -> Iterator[bytes]:
        """The bytes in blocks; DataError for bytes that the encoding does not know."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        while block := self._handle.read(_BLOCK):
            yield self._as_utf8(decoder, block) if self._decodes else block
        if self._decodes:
            yield self._as_utf8(decoder, b"", last=True)

    def _as_utf8(self, decoder: codecs.IncrementalDecoder, block: bytes, *, last: bool = False) -> bytes:
        try:
            return decoder.decode(block, last).encode()
        except UnicodeError as problem:
            raise DataError(
                f"holds bytes that are no text in {self.encoding}.",
                place=Place(self._file),
                fix="State the right `encoding` in the layout.",
            ) from problem


_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
