"""Texts cut at a mark into subfields, many at a time: the columns of numbers of pieces that the fast way works on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amlscreen.intake.readers.swift_details import WHITE

__all__ = [
    "ARROW",
    "Flags",
    "Numbers",
    "Pieces",
    "Texts",
    "blank",
    "bytes_of",
    "first_of",
    "joined",
    "scattered",
    "tightened",
    "unwrapped_texts",
]

Texts: TypeAlias = "pa.Array[Any]"
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
ARROW: Any = pc  # the stubs do not know arrays of any type


class Pieces:
    """Texts cut at a mark: ``values`` are all pieces in order, ``owner`` says whose each is.

    ``first`` and ``last`` are the places of each text's first and last piece.
    """

    def __init__(self, texts: Texts, mark: str) -> None:
        cut = ARROW.split_pattern(texts, mark)
        offsets: Numbers = cut.offsets.to_numpy().astype(np.int64)
        self.texts = len(texts)
        self.values: Texts = cut.values
        self.first: Numbers = offsets[:-1]
        self.last: Numbers = offsets[1:] - 1
        self.owner: Numbers = np.repeat(np.arange(self.texts), np.diff(offsets))

    def numbered(self, codes: Sequence[str], of: Texts) -> Numbers:
        """For each piece the place of its text ``of`` in ``codes``; -1 for none."""
        found = ARROW.index_in(of, pa.array(codes, pa.string()))
        numbers: Numbers = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        return numbers

    def picked(self, texts: Texts, places: Flags) -> Texts:
        """For each text the first of ``texts`` (one per piece) at ``places`` that is its own; null without one."""
        found = np.flatnonzero(places)
        return first_of(texts, found, self.owner[found], self.texts)


def first_of(texts: Texts, places: Numbers, owners: Numbers, count: int) -> Texts:
    """For each of ``count`` owners the first of its ``places`` in ``texts``; null for one without."""
    if not len(places):
        return blank(count)
    at = np.full(count, -1, np.int64)
    at[owners[::-1]] = places[::-1]
    return scattered(texts, at)


def scattered(texts: Texts, places: Numbers) -> Texts:
    """The texts at ``places``; null where that is negative."""
    missing = places < 0
    wanted: Any = pa.array(places, mask=missing) if missing.any() else pa.array(places)
    taken: Texts = texts.take(wanted)
    return taken


def blank(count: int) -> Texts:
    """Nothing, ``count`` times."""
    return pa.nulls(count, pa.string())


def unwrapped_texts(texts: Texts, full: int) -> Texts:
    """Lines put together again: a line of ``full`` characters was cut within a word, a shorter one ended there."""
    lines = Pieces(texts, "\n")
    short = ARROW.less(ARROW.utf8_length(lines.values), full)
    ended = ARROW.if_else(short, ARROW.binary_join_element_wise(lines.values, " ", ""), lines.values)
    return joined(ended, np.bincount(lines.owner, minlength=lines.texts), "")


def tightened(texts: Texts) -> Texts:
    """Without white space at the ends and with one blank for each run of it; null where nothing is left."""
    if texts.null_count == len(texts):
        return texts
    trimmed = ARROW.utf8_trim(texts, WHITE)
    loose = _loose(trimmed)
    if loose.any():
        tight = ARROW.replace_substring_regex(ARROW.array_filter(trimmed, pa.array(loose)), r"[ \t\n\r\x0b\x0c]+", " ")
        trimmed = ARROW.replace_with_mask(trimmed, pa.array(loose), tight)
    made: Texts = ARROW.if_else(ARROW.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    return made


def _loose(texts: Texts) -> Flags:
    """Which texts hold two blanks in a row or other white space; some that do not may be among them."""
    offsets, data = bytes_of(texts)
    blanks = data == 32
    at = np.flatnonzero(blanks[1:] & blanks[:-1])
    rare = np.flatnonzero((data >= 9) & (data <= 13))
    found = np.zeros(len(texts), bool)
    found[np.searchsorted(offsets, np.concatenate((at, rare)), side="right") - 1] = True
    valid: Flags = texts.is_valid().to_numpy(zero_copy_only=False)
    return found & valid


def bytes_of(texts: Texts) -> tuple[Numbers, Bytes]:
    """Where each text begins in the bytes of all of them, and the last ends; and these bytes."""
    offsets: Any
    data: Any
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    held = np.frombuffer(data, np.uint8) if data is not None and ends[-1] else np.zeros(0, np.uint8)
    return ends - ends[0], held[ends[0] : ends[-1]]


def joined(pieces: Texts, counts: Numbers, mark: str) -> Texts:
    """Pieces put together with ``mark`` between: so many of them at a time as ``counts`` says."""
    offsets = pa.array(np.concatenate(([0], np.cumsum(counts))), pa.int32())
    made: Texts = ARROW.binary_join(pa.ListArray.from_arrays(offsets, pieces), mark)
    return made
