"""XML as a stream of parts: each part of a message as texts by path, told as it ends; nothing else is kept.

The parser is expat. A document type declaration ends the reading before anything in it is looked at, so there are no
entities but the five that XML knows, and nothing is ever fetched. Depth, the number of different places, and the
length of texts and tags are limited, so that memory does not grow with the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.iso_encoding import Decoded
from amlscreen.intake.readers.iso_names import message_of, what_it_is
from amlscreen.intake.readers.iso_steps import Step, Steps

__all__ = ["Part", "Receiver", "Stream"]

Part = dict[str, str]
"""Texts by path inside the part, such as ``BookgDt/Dt``; the currency of an amount is under ``Amt@Ccy``."""

_PAYLOAD = re.compile(r"<\?xml\s|<(?:[\w.-]+:)?(?:Document|AppHdr|Biz\w*|DataPDU|Request\w*)[\s>]")
_LONGEST_TAG = 8 * 2**20
_Start = Callable[[str, list[str]], None]
_End = Callable[[str], None]
_Size = Callable[[], int]


class Receiver(Protocol):
    """Who is told of parts as they begin and end."""

    def begin(self, part: str, name: str) -> None:
        """A part begins: ``name`` is the message's for a message, else the element's."""

    def end(self, part: str, values: Part, around: Part, line: int) -> None:
        """A part ends; ``line`` is where it began, ``around`` what its outer part has said so far."""

    def other(self, what: str) -> None:
        """A message that is not read stands here."""


class Stream:
    """One file, read once from start to end and told to a receiver."""

    def __init__(self, file: str, receiver: Receiver, *, longest: int) -> None:
        self._file, self._receiver, self._longest = file, receiver, longest
        self._steps = Steps(self.refuse)
        self._namespace = ""
        self._pieces: list[str] = []
        self._start, self._end, self._size = self._handlers()
        self._parser = expat.ParserCreate()
        self._inner: expat.XMLParserType | None = None
        self._inner_line = self._inner_fed = 0

    def read(self, path: Path, stated: str | None) -> str:
        """Read the file and give its encoding; DataError if it is no well-formed XML."""
        with path.open("rb") as handle:
            decoded = Decoded(handle, stated, self._file)
            self._parser = self._attached(expat.ParserCreate(decoded.override), self._payload)
            fed = 0
            for block in decoded.blocks():
                fed += len(block)
                self._feed(self._parser, block, fed)
            self._feed(self._parser, b"", fed, last=True)
            return decoded.encoding

    def refuse(self, what: str, fix: str | None = None) -> DataError:
        """The error for what cannot be read on, with its line."""
        inner = self._inner
        line = self._parser.CurrentLineNumber if inner is None else self._inner_line + inner.CurrentLineNumber
        return DataError(what, place=Place(self._file, line), fix=fix)

    def _attached(self, parser: expat.XMLParserType, outside: Callable[[str], None] | None) -> expat.XMLParserType:
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = outside
        parser.StartDoctypeDeclHandler = self._declared
        return parser

    def _feed(self, parser: expat.XMLParserType, data: bytes, fed: int, *, last: bool = False) -> None:
        try:
            parser.Parse(data, last)
        except expat.ExpatError as problem:
            raise self._malformed(problem) from None
        if not last and fed - parser.CurrentByteIndex > _LONGEST_TAG:
            raise self.refuse("holds a tag or a comment of more than 8 MB, which no message does.")
        if self._size() > self._longest:
            raise self.refuse(
                f"holds texts of more than {self._longest} characters in one place.",
                "Raise the setting largest_field if that is right.",
            )

    def _malformed(self, problem: expat.ExpatError) -> DataError:
        said = expat.ErrorString(problem.code)
        if said in {"no element found", "unclosed token", "unclosed CDATA section"}:
            return self.refuse("is cut short: its XML ends before its elements are closed.", "Export or copy it again.")
        if said == "junk after document element":
            return self.refuse("goes on after the end of its XML document.", "Give each message in a file of its own.")
        fix = "If its encoding is not the one it declares, state `encoding` in the layout." if "token" in said else None
        return self.refuse(f"is no well-formed XML: {said}.", fix)

    def _declared(self, *_: object) -> None:
        raise self.refuse("declares a document type (DTD), which no message has and which is not read.")

    def _handlers(self) -> tuple[_Start, _End, _Size]:
        """What is called for each element, kept in closures because it is called some hundred million times."""
        frames: list[tuple[Part, int]] = []
        pieces, step, values = self._pieces, self._steps.root, Part()

        def start(name: str, attributes: list[str]) -> None:
            nonlocal step, values
            step = step[name]
            if pieces:
                pieces.clear()
            if attributes:
                if step.keeps:
                    if "Ccy" in attributes[::2]:
                        values.setdefault(step.code, attributes[attributes[::2].index("Ccy") * 2 + 1])
                else:
                    self._note_namespace(name, attributes)
            if step.starts is not None:
                frames.append((values, self._now()))
                values = {}
                self._begin(step.starts, name)

        def end(_: str) -> None:
            nonlocal step, values
            if pieces:
                text = pieces[0].strip() if len(pieces) == 1 else "".join(pieces).strip()
                pieces.clear()
                if text and step.keeps:
                    if step.path not in values:
                        values[step.path] = text
                    else:
                        _add_again(values, step, text)
            if step.starts is not None:
                part = values
                values, line = frames.pop()
                self._finish(step.starts, part, values, line)
            step = step.above

        def size() -> int:
            return sum(map(len, pieces)) + sum(map(len, values.values()))

        return start, end, size

    def _now(self) -> int:
        inner = self._inner
        return self._parser.CurrentLineNumber if inner is None else self._inner_line + inner.CurrentLineNumber

    def _note_namespace(self, name: str, attributes: list[str]) -> None:
        prefix = name.rpartition(":")[0]
        wanted = f"xmlns:{prefix}" if prefix else "xmlns"
        if wanted in attributes[::2]:
            self._namespace = attributes[attributes[::2].index(wanted) * 2 + 1]

    def _begin(self, part: str, name: str) -> None:
        bare = name.rpartition(":")[2]
        if part in {"message", "other"}:
            parser = self._inner or self._parser
            parser.CharacterDataHandler = self._pieces.append if part == "message" else None
        if part == "other":
            self._receiver.other(what_it_is(bare, self._namespace))
        else:
            told = message_of(bare, self._namespace) if part == "message" else None
            self._receiver.begin(part, told or bare)

    def _finish(self, part: str, values: Part, around: Part, line: int) -> None:
        if part in {"message", "other"}:
            parser = self._inner or self._parser
            parser.CharacterDataHandler = None if self._inner else self._payload
        if part != "other":
            self._receiver.end(part, values, around, line)

    def _payload(self, text: str) -> None:
        """Text in an envelope: XML in a CDATA section, or escaped, is read as if it stood there itself."""
        if self._inner is None:
            before, text = text.count("\n"), text.lstrip()
            if not _PAYLOAD.match(text):
                return
            skipped = before - text.count("\n")
            self._inner_line, self._inner_fed = self._parser.CurrentLineNumber - before + skipped - 1, 0
            self._inner = self._attached(expat.ParserCreate("utf-8"), None)
            self._parser.EndElementHandler = self._end_of_payload
        data = text.encode()
        self._inner_fed += len(data)
        self._feed(self._inner, data, self._inner_fed)

    def _end_of_payload(self, name: str) -> None:
        inner = self._inner
        if inner is not None:
            self._feed(inner, b"", self._inner_fed, last=True)
        self._inner = None
        self._parser.EndElementHandler = self._end
        self._end(name)


def _add_again(values: Part, step: Step, text: str) -> None:
    """A path that came before: its further texts stand under numbered keys, their count under the path and a plus."""
    count = int(values.get(step.again, "0")) + 1
    values[step.again] = str(count)
    values[f"{step.again}{count}"] = text
