"""The text of an OFX file: in which encoding it is really written, and its tags, some hundred thousand at a time.

OFX 1.x is SGML whose elements need no end tag, OFX 2.x is XML; both are a sequence of tags with text behind them. No
parser of either is used, so nothing is expanded, fetched or nested. (Open Financial Exchange 2.3, sections 2.2-2.4.)
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.task import Task
from amlscreen.intake.readers.text import Text, as_utf8

__all__ = ["STEP", "ofx_text", "tag_pieces", "unescaped"]

STEP = 4
"""``tag_pieces`` gives texts with three pieces between them: "/" of an end tag, the name, "/" of an empty element."""

_BLOCK = 2**19
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9._]*)(?:\s[^<>]*?)?(/?)>")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_CLAIM = re.compile(rb"^\s*CHARSET\s*:\s*(\S+)|<\?xml[^>]*\sencoding\s*=\s*[\"']([^\"']+)", re.I | re.M)
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}


def ofx_text(task: Task) -> Text:
    """The file as UTF-8. Bytes count for more than the CHARSET that a header claims, which is often untrue.

    Valid UTF-8 is UTF-8. Otherwise what the bytes look like decides where they are clear (Thai, Chinese, Western), and
    the claim where they are not.
    """
    text = as_utf8(task.content, task.layout, workspace=task.workspace)
    if task.layout.encoding is not None or text.encoding == "utf-8":
        return text
    claim = _claimed(task.content.head)
    if claim is None or claim == text.encoding:
        return Text(text.path, text.start, text.encoding, text.undecodable, () if claim else text.warnings)
    if not text.warnings:
        told = f"its header claims {claim}, but it is written in {text.encoding} and was read so."
        return Text(text.path, text.start, text.encoding, text.undecodable, (told,))
    layout = task.layout.model_copy(update={"encoding": claim})
    claimed = as_utf8(task.content, layout, workspace=task.workspace)
    if not claimed.undecodable:
        return claimed
    return as_utf8(task.content, task.layout, workspace=task.workspace)


def _claimed(head: bytes) -> str | None:
    """The Python name of the code page that the header claims; None if it claims none, or none that is known."""
    found = _CLAIM.search(head[:4000])
    if not found:
        return None
    word = (found[1] or found[2]).decode("ascii", "replace").casefold().removeprefix("iso-").removeprefix("cp")
    name = {"8859-1": "cp1252", "usascii": "cp1252", "us-ascii": "cp1252"}.get(word)
    name = name or (f"cp{word}" if word.isdecimal() else f"iso-{word}" if word.startswith("8859") else word)
    try:
        "a".encode(name)
        return codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        return None


def tag_pieces(text: Text, place: Place, *, longest: int) -> Iterator[list[str]]:
    """The file cut at its tags: text, then three pieces for each tag and the text behind it. See ``STEP``.

    Every list but the first begins with the empty text before a tag, and no text is cut in two. Comments are gone
    except for their line breaks. DataError for a text of more than ``longest`` characters and for declared entities.
    """
    carry = ""
    with text.path.open("rb") as raw:
        raw.seek(text.start)
        source = codecs.getreader("utf-8")(raw)
        while block := source.read(_BLOCK):
            whole = _without_marks(carry + block)
            cut = _last_tag(whole)
            carry = whole[cut:]
            if len(carry) > longest + _BLOCK:
                raise DataError(f"holds a text or comment of more than {longest:,} characters.", place=place)
            if cut:
                yield _TAG.split(whole[:cut])
    yield _TAG.split(_without_marks(carry))


def unescaped(text: str) -> str:
    """A text without the references for ``& < >`` and numbered characters; any other reference stays as it stands."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _without_marks(text: str) -> str:
    if "<!" not in text:
        return text
    text = _CDATA.sub(lambda found: found[1].replace("&", "&amp;").replace("<", "&lt;"), text)
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)


def _last_tag(text: str) -> int:
    """Where the last whole tag begins that no open comment stands before; 0 if there is none."""
    opened = [at for at in (text.find("<!--"), text.find("<![CDATA[")) if at >= 0]
    end = min(opened, default=len(text))
    while (end := text.rfind("<", 0, end)) > 0:
        if _TAG.match(text, end):
            return end
    return 0


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    number = int(found[1]) if found[1] else int(found[2], 16)
    known = 32 <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if known else found[0]
