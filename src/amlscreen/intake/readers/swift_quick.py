"""Cutting a piece of a statement file into fields all at once, where nothing in it is out of the ordinary.

The careful way is :func:`swift_fields.cut`; both find the same fields.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from amlscreen.intake.readers.swift_fields import AFTER_20, STATEMENT, TIMES, Piece, tag_of, tail_of
from amlscreen.intake.readers.swift_subfields import ARROW, Numbers, Texts, bytes_of

__all__ = ["Quick", "quick"]


@dataclass(frozen=True, slots=True)
class Quick:
    """The fields of a piece.

    ``first`` and ``second`` are the :61: and :86: of entries without their tags (the latter empty where there is none),
    ``lines`` where entries begin. ``others`` are all other fields in order: how many entries stand before each, its
    tag, text, line, and what stands before it if it begins a message. ``after`` is what stands after the last field.
    """

    first: Texts
    second: Texts
    lines: Numbers
    others: list[tuple[int, str, str, int, str | None]]
    after: str


def quick(piece: Piece, before: str) -> Quick | None:
    """The fields of a piece; None if it takes care to find them."""
    values = ARROW.split_pattern(pa.array([piece.text], pa.string()), "\n:").values
    codes = ARROW.index_in(ARROW.utf8_slice_codeunits(values, 0, 3), pa.array(["61:", "86:"]))
    code: Numbers = codes.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    code[0] = -1
    is_first = code == 0
    is_second = np.concatenate(([False], (code[1:] == 1) & is_first[:-1]))
    places = np.flatnonzero(~is_first & ~is_second)
    texts: list[str] = values.take(pa.array(places)).to_pylist()
    offsets, data = bytes_of(values)
    breaks = np.searchsorted(np.flatnonzero(data == 10), offsets[:-1])
    lines = piece.line + breaks + np.arange(len(values))
    others = _others(places, texts, lines, np.cumsum(is_first), before, len(values), closes=piece.closes)
    if others is None:
        return None
    begins = np.flatnonzero(is_first)
    follows = np.minimum(begins + 1, len(values) - 1)
    seconds = values.take(pa.array(follows, mask=~is_second[follows] | (follows == begins)))
    return Quick(
        ARROW.utf8_slice_codeunits(values.take(pa.array(begins)), 3),
        ARROW.utf8_slice_codeunits(seconds.fill_null("86:"), 3),
        lines[begins],
        others[0],
        others[1],
    )


def _others(
    places: Numbers, texts: list[str], lines: Numbers, entries: Numbers, before: str, count: int, *, closes: bool
) -> tuple[list[tuple[int, str, str, int, str | None]], str] | None:
    """The fields that are no entries, and what stands after the last; None if one may not be what it looks like."""
    tags = ["", *(tag_of(text) for text in texts[1:])]
    if not STATEMENT.issuperset(tags[1:]):
        return None
    made: list[tuple[int, str, str, int, str | None]] = []
    ended, last, header = places[0], "", before + texts[0]
    for index in range(1, len(texts)):
        place, tag, text = int(places[index]), tags[index], texts[index]
        directly = place == ended + 1
        following = tags[index + 1] if index + 1 < len(texts) and places[index + 1] == place + 1 else ""
        if (not directly or last == "86") and (tag in TIMES or tag == "86"):
            return None
        if tag == "20":
            if not directly or (last == "86" and following not in AFTER_20):
                return None
            if made:
                previous = made[-1]
                text_before, header = tail_of(previous[2])
                made[-1] = (*previous[:2], text_before, *previous[3:])
        body = text[len(tag) + 1 :]
        made.append((int(entries[place]), tag, body, int(lines[place]), header if tag == "20" else None))
        ended, last = place, tag
    if not closes:
        return made, "" if made or entries[-1] else before + texts[0]
    if ended != count - 1:
        return None
    if not made:
        return made, before + texts[0]
    previous = made[-1]
    text_before, after = tail_of(previous[2])
    made[-1] = (*previous[:2], text_before, *previous[3:])
    return made, after
