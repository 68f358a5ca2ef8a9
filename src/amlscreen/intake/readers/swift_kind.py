"""Whether a file is a SWIFT message: told from its first lines, whatever envelope a bank puts around them."""

from __future__ import annotations

import re

__all__ = ["is_swift"]

_MOST_PREAMBLE = 12
_BLOCK = re.compile(rb"\{[1-5]:")
_PREAMBLE = re.compile(
    rb"\{[1-5]:.*|\S{1,2}4:|:9\d\d:|[A-Z]{6}[A-Z0-9]{2,6}|9\d\d( \d\d)?|\d{4} \d\d[A-Z]{6}[A-Z0-9]{2}.*|\$|", re.S
)
_FIRST = re.compile(rb":20:\S?.{0,40}", re.S)
_SECOND = re.compile(rb":(21|25P?|28C?|13[CD]|23B|32A):")
_FRAGMENT = re.compile(
    rb":25P?:[^,;\t]{4,40}$|:28C?:\d{1,5}(/\d{1,5})?$|:6[0245][FM]?:[CD]\d{6}[A-Z]{3}\d|:61:\d{6}(\d{4}|    )?[RE]?[CD]"
)


def is_swift(start: bytes) -> bool:
    """Whether a text that begins with ``start`` is a SWIFT message: its blocks, or :20: and a field that follows it.

    A part of a statement that begins with a balance, an account or an entry is one too. Lines of other shape before
    the first field make it something else, so a table in which some cell says ":20:" is a table.
    """
    if _BLOCK.match(start):
        return True
    lines = [line.strip(b" \t\r\x01\x03\x1a") for line in start.split(b"\n")[: _MOST_PREAMBLE + 40]]
    first = next((number for number, line in enumerate(lines) if not _PREAMBLE.fullmatch(line)), None)
    if first is None or first > _MOST_PREAMBLE:
        return False
    line = lines[first]
    if not _FIRST.fullmatch(line):
        return _FRAGMENT.match(line) is not None
    tags = [each for each in lines[first + 1 :] if each.startswith(b":")]
    return b":25:" in line or not tags or _SECOND.match(tags[0]) is not None
