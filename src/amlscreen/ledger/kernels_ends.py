"""Kernels that put payments together by party: each payment stands once at its payer and once at its receiver.

A *key* says who a party is in a number: an account is its ``account_no``; any other word is a number below zero made
of its letters (63 bits), so that words need not be held. Two words of one key would only be taken for one party where
it is told which payments cannot matter.

An *end* is five numbers: the party's key, the other's, the first instant, the amount, and a note: the place of its row
times eight, plus 4 if only the day is known, plus its kind, ``PAID_TO`` (what the party got), ``PAID`` (what it paid)
or ``CAME`` (what a row says came to an account, be it a payment or not).
"""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.kernel_cache import Codes, Flags, Ints, Whole, kernel, part

__all__ = ["CAME", "NOBODY", "PAID", "PAID_TO", "ends_by_party", "ends_of", "filed", "found_in", "word_keys"]

PAID_TO, PAID, CAME = 0, 1, 2
NOBODY = -(2**63)
"""The key of a party that is unknown; no word has it."""
_DATED = 4
_DAY = 86_400_000_000 - 1


@part
def _mixed(key: Whole) -> np.uint64:
    """Bits of a key mixed so that they spread."""
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ (mixed >> np.uint64(32))


@kernel("void(i4[::1], u1[::1], i8[::1])")
def word_keys(offsets: Codes, letters: NDArray[np.uint8], out: Ints) -> None:
    """The key of each word, ``letters[offsets[n]:offsets[n + 1]]``: always below zero. Writes ``out[n]``."""
    for word in range(out.size):
        mixed = np.uint64(0xCBF29CE484222325)
        for at in range(offsets[word], offsets[word + 1]):
            mixed = (mixed ^ np.uint64(letters[at])) * np.uint64(0x100000001B3)
        key = np.int64(_mixed(np.int64(mixed)) >> np.uint64(1))
        out[word] = -1 - key if key < 2**63 - 1 else -1


@kernel("void(i8[::1], i8[::1], i4[::1])")
def filed(keys: Ints, table: Ints, numbers: Codes) -> None:
    """Files the place of each key under it, of equal ones the first. ``numbers`` is a power of two of -1."""
    mask = np.uint64(numbers.size - 1)
    for number in range(keys.size):
        place = _mixed(keys[number]) & mask
        while numbers[place] >= 0 and table[place] != keys[number]:
            place = (place + np.uint64(1)) & mask
        if numbers[place] < 0:
            table[place] = keys[number]
            numbers[place] = number


@kernel("void(i8[::1], i8[::1], i4[::1], i4[::1])")
def found_in(keys: Ints, table: Ints, numbers: Codes, out: Codes) -> None:
    """What :func:`filed` put under each key, -1 where nothing is. Writes ``out[n]``."""
    mask = np.uint64(numbers.size - 1)
    for at in range(keys.size):
        place = _mixed(keys[at]) & mask
        while numbers[place] >= 0 and table[place] != keys[at]:
            place = (place + np.uint64(1)) & mask
        out[at] = numbers[place]


@part
def _bucket(key: Whole, buckets: Whole) -> Whole:
    """Of a power of two, by other bits than those tables are filed by."""
    return np.int64((_mixed(key) >> np.uint64(40)) & np.uint64(buckets - 1))


@part
def _written(
    out: NDArray[np.int64], at: Whole, party: Whole, other: Whole, early: Whole, amount: Whole, note: Whole
) -> None:
    out[at, 0] = party
    out[at, 1] = other
    out[at, 2] = early
    out[at, 3] = amount
    out[at, 4] = note


@kernel("void(i8[::1], i8[::1], i8[::1], i8[::1], b1[::1], b1[::1], b1[::1], b1[::1], i8, i8[::1], i8[:, ::1])")
def ends_of(
    own: Ints,
    other: Ints,
    early: Ints,
    amount: Ints,
    credit: Flags,
    dated: Flags,
    pays: Flags,
    came: Flags,
    first: Whole,
    offsets: Ints,
    out: NDArray[np.int64],
) -> None:
    """The ends of rows, in order of bucket and within it of rows: two where it ``pays``, one more where it ``came``.

    ``first`` is the place of the first row. Writes ``out`` and where each bucket begins, ``offsets[b]``.
    """
    buckets = offsets.size - 1
    sizes = np.zeros(buckets + 1, np.int64)
    for row in range(own.size):
        if pays[row]:
            sizes[_bucket(own[row], buckets) + 1] += 1
            sizes[_bucket(other[row], buckets) + 1] += 1
        if came[row]:
            sizes[_bucket(own[row], buckets) + 1] += 1
    for bucket in range(buckets):
        sizes[bucket + 1] += sizes[bucket]
    offsets[:] = sizes
    for row in range(own.size):
        note = ((first + row) << 3) + _DATED * dated[row]
        if pays[row]:
            at = _bucket(own[row], buckets)
            _written(
                out, sizes[at], own[row], other[row], early[row], amount[row], note + (PAID_TO if credit[row] else PAID)
            )
            sizes[at] += 1
            at = _bucket(other[row], buckets)
            _written(
                out, sizes[at], other[row], own[row], early[row], amount[row], note + (PAID if credit[row] else PAID_TO)
            )
            sizes[at] += 1
        if came[row]:
            at = _bucket(own[row], buckets)
            _written(out, sizes[at], own[row], other[row], early[row], amount[row], note + CAME)
            sizes[at] += 1


@part
def _in_time(ends: NDArray[np.int64], low: Whole, high: Whole, kind: Whole) -> None:
    """Puts one group in order of time; what came by the last instant at which it may have come."""
    key = ends[low:high, 2].copy()
    if kind == CAME:
        for at in range(key.size):
            key[at] += _DAY if ends[low + at, 4] & _DATED else 0
    for at in range(1, key.size):
        if key[at] < key[at - 1]:
            order = np.argsort(key, kind="mergesort")
            ends[low:high] = ends[low:high][order]
            return


@kernel("i8(i8[:, ::1], i8[::1], i4[::1], i4[::1], i8[::1], i8[::1], i8[:, ::1])")
def ends_by_party(
    ends: NDArray[np.int64],
    table: Ints,
    numbers: Codes,
    party: Codes,
    keys: Ints,
    offsets: Ints,
    out: NDArray[np.int64],
) -> Whole:
    """The ends party after party, and of each what it was paid, what it paid and what came, each in order of time.

    Parties are numbered as they come. ``table`` and ``numbers`` (a power of two of -1, more than parties) and ``party``
    are scratch. Writes ``keys[p]``, ``offsets[3 * p + kind]`` and ``out``; returns how many parties there are.
    """
    mask = np.uint64(numbers.size - 1)
    parties = 0
    for at in range(ends.shape[0]):
        place = _mixed(ends[at, 0]) & mask
        while numbers[place] >= 0 and table[place] != ends[at, 0]:
            place = (place + np.uint64(1)) & mask
        if numbers[place] < 0:
            table[place] = ends[at, 0]
            numbers[place] = parties
            keys[parties] = ends[at, 0]
            parties += 1
        party[at] = numbers[place]
        offsets[3 * party[at] + (ends[at, 4] & 3) + 1] += 1
    for group in range(3 * parties):
        offsets[group + 1] += offsets[group]
    cursor = offsets[: 3 * parties].copy()
    for at in range(ends.shape[0]):
        group = 3 * party[at] + (ends[at, 4] & 3)
        out[cursor[group]] = ends[at]
        cursor[group] += 1
    for group in range(3 * parties):
        if offsets[group + 1] - offsets[group] > 1:
            _in_time(out, offsets[group], offsets[group + 1], group % 3)
    return parties
