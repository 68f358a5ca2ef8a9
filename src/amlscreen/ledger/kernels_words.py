"""Kernels that find texts among the bank's: bytes as Arrow lays them out, with where each text begins."""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.kernel_cache import Codes, Whole, kernel, part

__all__ = ["find_keys", "place_keys", "words_hashed"]

Bytes = NDArray[np.uint8]
_BEGIN = np.uint64(0xCBF29CE484222325)
_TIMES = np.uint64(0x100000001B3)
_WORDS = "Array(int32, 1, 'C', True), Array(uint8, 1, 'C', True)"
"""Where texts begin, with the end of the last one, and their bytes: both as they lie in an Arrow array, read only."""


@part
def _mixed(before: np.uint64, text: Bytes, start: Whole, end: Whole) -> np.uint64:
    """FNV-1a, gone on with over these bytes."""
    mixed = before
    for at in range(start, end):
        mixed = (mixed ^ np.uint64(text[at])) * _TIMES
    return mixed


@part
def _slot(mixed: np.uint64, slots: Codes) -> Whole:
    return np.int64((mixed ^ (mixed >> np.uint64(29))) & np.uint64(slots.size - 1))


@part
def _same(one: Bytes, start: Whole, other: Bytes, begin: Whole, size: Whole) -> bool:
    at = 0
    while at < size and one[start + at] == other[begin + at]:
        at += 1
    return bool(at == size)


@kernel(f"void({_WORDS}, i4[::1], {_WORDS}, i4[::1])")
def place_keys(starts: Codes, start_text: Bytes, start: Codes, ends: Codes, end_text: Bytes, slots: Codes) -> None:
    """Puts the number of each key where :func:`find_keys` looks for it.

    Key ``n`` is text ``start[n]`` of the first list and then text ``n`` of the second. ``slots`` is filled with -1 and
    its size a power of two, at least twice that of ``start``.
    """
    for number in range(start.size):
        first = start[number]
        mixed = _mixed(_BEGIN, start_text, starts[first], starts[first + 1])
        mixed = _mixed(mixed, end_text, ends[number], ends[number + 1])
        slot = _slot(mixed, slots)
        while slots[slot] >= 0:
            slot = (slot + 1) & (slots.size - 1)
        slots[slot] = number


@kernel(f"void({_WORDS}, {_WORDS}, i4[::1], {_WORDS}, i4[::1], i8[::1])")
def find_keys(
    asked: Codes,
    asked_text: Bytes,
    starts: Codes,
    start_text: Bytes,
    start: Codes,
    ends: Codes,
    end_text: Bytes,
    slots: Codes,
    found: NDArray[np.int64],
) -> None:
    """The number of the key that each text asked for is, -1 where it is none; of equal keys the first.

    The other arguments are those of :func:`place_keys`. Writes ``found``, one for each text asked for.
    """
    for word in range(found.size):
        begin = asked[word]
        size = asked[word + 1] - begin
        found[word] = -1
        slot = _slot(_mixed(_BEGIN, asked_text, begin, begin + size), slots)
        while slots[slot] >= 0:
            number = slots[slot]
            first = starts[start[number]]
            cut = starts[start[number] + 1] - first
            if (
                cut + ends[number + 1] - ends[number] == size
                and _same(asked_text, begin, start_text, first, cut)
                and _same(asked_text, begin + cut, end_text, ends[number], size - cut)
            ):
                found[word] = number
                break
            slot = (slot + 1) & (slots.size - 1)


@kernel(f"void({_WORDS}, u8[::1])")
def words_hashed(words: Codes, text: Bytes, out: NDArray[np.uint64]) -> None:
    """A number for each text: the same for equal ones, and for others only by the rarest accident.

    FNV-1a (Fowler, Noll, Vo) over the bytes, then the finaliser of MurmurHash3 (Appleby). Writes ``out``.
    """
    for word in range(out.size):
        mixed = _mixed(_BEGIN, text, words[word], words[word + 1])
        mixed = (mixed ^ (mixed >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
        mixed = (mixed ^ (mixed >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
        out[word] = mixed ^ (mixed >> np.uint64(33))
