"""Where the lines of a text file begin, counted in its bytes.

A *physical line* ends at LF (or CR LF). A *logical line* is one or more physical lines: a line break inside quotes does
not end it. Both are found with NumPy over blocks of bytes, so that ten million lines take about a second. The file
must be UTF-8 (or another encoding in which the bytes of LF, CR and the quote stand for nothing else).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["Found", "Survey", "find_records", "survey"]

_BLOCK = 4 * 2**20
_LF, _CR = 10, 13


@dataclass(frozen=True, slots=True)
class Survey:
    """What the bytes of a file's body say before anything parses it."""

    physical: int  # lines that end in LF, and a last one that does not
    logical: int  # of which begin a logical line that is not empty
    empty: int  # of which are empty and outside quotes
    longest: int  # bytes of the longest physical line
    longest_line: int  # its number in the body, from 1
    longest_logical: int  # bytes of the longest logical line
    mixed: bool  # whether some lines end in CR LF and others in LF, or a CR stands elsewhere
    stray: bool  # whether a quote stands inside a cell or the last quote is never closed

    @property
    def straight(self) -> bool:
        """Whether record n stands on line n of the body."""
        return self.empty == 0 and self.logical == self.physical


@dataclass(frozen=True, slots=True)
class Found:
    """Where one logical line stands: its ordinal among the non-empty ones and its first physical line, both from 1."""

    ordinal: int
    line: int
    lines: int
    text: bytes


@dataclass(frozen=True, slots=True)
class _Block:
    data: bytes
    offset: int  # of the first byte, in the file
    line: int  # physical lines before it
    ends: NDArray[np.int64]  # one past each line's last byte, the line break included
    starts: NDArray[np.int64]
    begins: NDArray[np.bool_]  # the line begins a logical line
    empty: NDArray[np.bool_]  # ... which is empty
    open_at_end: bool
    quotes: NDArray[np.int64]


def _blocks(path: Path, start: int, quote: int | None) -> Iterator[_Block]:
    """The body of a file, from byte ``start``, in blocks of whole physical lines."""
    offset, line, inside, carry = start, 0, False, b""
    with path.open("rb", buffering=0) as handle:
        handle.seek(start)
        while True:
            block = handle.read(_BLOCK)
            data = carry + block
            cut = data.rfind(b"\n") + 1 if block else len(data)
            carry = data[cut:]
            if cut:
                part = _block(data[:cut], offset, line, quote, inside)
                yield part
                offset, line, inside = offset + cut, line + len(part.ends), part.open_at_end
            if not block:
                return


def _block(data: bytes, offset: int, line: int, quote: int | None, inside: bool) -> _Block:  # noqa: FBT001 - positions only
    codes = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(codes == _LF) + 1
    if not len(ends) or ends[-1] != len(data):
        ends = np.append(ends, len(data))
    starts = np.concatenate(([0], ends[:-1]))
    empty = np.zeros(len(ends), np.bool_)
    short = np.flatnonzero(ends - starts <= 2)
    if len(short):
        size = ends[short] - starts[short] - (codes[ends[short] - 1] == _LF)
        empty[short] = (size == 0) | ((size == 1) & (codes[starts[short]] == _CR))
    quotes = np.zeros(0, np.int64)
    begins = np.ones(len(ends), np.bool_)
    if inside or (quote is not None and bytes((quote,)) in data):
        quotes = np.flatnonzero(codes == quote)
        odd = (np.searchsorted(quotes, ends) + inside) % 2 == 1
        begins = ~np.concatenate(([inside], odd[:-1]))
        inside = bool(odd[-1])
    return _Block(data, offset, line, ends, starts, begins, begins & empty, inside, quotes)


def survey(path: Path, start: int, quote: str | None, separator: str) -> Survey:
    """Count the lines of a file's body, which begins at byte ``start``."""
    physical = logical = empty = longest = longest_line = returns = breaks = longest_logical = tail = 0
    stray, inside = False, False
    for block in _blocks(path, start, ord(quote) if quote else None):
        sizes = block.ends - block.starts
        if sizes.max() > longest:
            longest, longest_line = int(sizes.max()), block.line + int(sizes.argmax()) + 1
        first = np.flatnonzero(block.begins)
        spans = sizes if len(first) == len(sizes) else np.diff(np.append(block.starts[first], len(block.data)))
        head = int(block.starts[first[0]]) if len(first) else len(block.data)
        longest_logical = max(longest_logical, tail + head, int(spans[:-1].max()) if len(spans) > 1 else 0)
        tail = int(spans[-1]) if len(first) else tail + head
        physical += len(block.ends)
        empty += int(block.empty.sum())
        logical += len(first) - int(block.empty.sum())
        if b"\r" in block.data:
            returns += block.data.count(b"\r")
            breaks += block.data.count(b"\r\n")
        if len(block.quotes) and not stray:
            stray = _stands_inside_a_cell(block, quote or "", separator)
        inside = block.open_at_end
    mixed = returns != breaks or breaks not in (0, physical, physical - 1)
    return Survey(physical, logical, empty, longest, longest_line, max(longest_logical, tail), mixed, stray or inside)


def _stands_inside_a_cell(block: _Block, quote: str, separator: str) -> bool:
    """Whether some quote is neither at the edge of a cell nor doubled."""
    codes = np.frombuffer(block.data, np.uint8)
    around = np.concatenate(([_LF], codes, [_LF]))
    edges = np.zeros(256, np.bool_)
    edges[[_LF, _CR, ord(quote), ord(separator)]] = True
    return not bool((edges[around[block.quotes]] | edges[around[block.quotes + 2]]).all())


def find_records(
    path: Path, start: int, quote: str | None, ordinals: Collection[int] = (), offsets: Collection[int] = ()
) -> dict[int, Found]:
    """The logical lines asked for, by ordinal or by the byte they begin at; the result has both kinds of keys' answers
    under the ordinal. Lines that begin nowhere are left out."""
    found: dict[int, Found] = {}
    wanted = np.array(sorted(ordinals), np.int64)
    places = np.array(sorted(offsets), np.int64)
    seen = 0
    pending: tuple[int, int, bytes] | None = None
    line = 0
    for block in _blocks(path, start, ord(quote) if quote else None):
        first = np.flatnonzero(block.begins)
        if pending is not None and len(first):
            found[pending[0]] = Found(pending[0], pending[1], block.line + int(first[0]) + 1 - pending[1], pending[2])
            pending = None
        kept = first[~block.empty[first]]
        hits = np.isin(np.arange(seen + 1, seen + len(kept) + 1), wanted)
        hits |= np.isin(block.starts[kept] + block.offset, places)
        for index in np.flatnonzero(hits):
            row = int(kept[index])
            place = int(np.searchsorted(first, row)) + 1
            text = block.data[int(block.starts[row]) : int(block.starts[row]) + 4000]
            if place < len(first):
                stop = int(block.starts[first[place]])
                text = text[: stop - int(block.starts[row])]
                number = seen + int(index) + 1
                found[number] = Found(number, block.line + row + 1, int(first[place]) - row, text)
            else:
                pending = (seen + int(index) + 1, block.line + row + 1, text)
        seen += len(kept)
        line = block.line + len(block.ends)
    if pending is not None:
        found[pending[0]] = Found(pending[0], pending[1], line + 1 - pending[1], pending[2])
    return found
