"""Which account a counterparty's key names: a table over the bank's accounts that partitions look into at once.

Four bytes for each of two to four slots an account, beside the ids themselves; a dictionary of Python's would take some
two hundred bytes an account, and the interpreter's lock with every look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.ledger.kernels import find_keys, place_keys

__all__ = ["NamedAccounts", "laid_out"]


@dataclass(frozen=True, slots=True)
class NamedAccounts:
    """``starts`` are the beginnings of keys, one for each institution, ``start`` says which is that of each account."""

    starts: pa.Array[Any]
    start: NDArray[np.int32]
    ids: pa.Array[Any]
    slots: NDArray[np.int32]

    @staticmethod
    def of(institutions: pa.Array[Any], ids: pa.Array[Any]) -> NamedAccounts:
        """Those of accounts that are numbered in this order."""
        coded = institutions.cast(pa.string()).dictionary_encode()
        start = np.array(coded.indices, np.int32)
        join: Any = pc.binary_join_element_wise  # the stubs know neither a fixed text nor a separator
        starts, ids = join("account:", coded.dictionary, "/", ""), ids.cast(pa.string())
        slots = np.full(1 << max(2 * start.size, 2).bit_length(), -1, np.int32)
        place_keys(*laid_out(starts), start, *laid_out(ids), slots)
        return NamedAccounts(starts, start, ids, slots)

    def numbers(self, keys: pa.Array[Any]) -> NDArray[np.int64]:
        """The account that each key names; -1 where it names none or is missing."""
        found = np.empty(len(keys), np.int64)
        asked: Any = pc.fill_null(keys.cast(pa.string()), pa.scalar("", pa.string()))
        find_keys(*laid_out(asked), *laid_out(self.starts), self.start, *laid_out(self.ids), self.slots, found)
        return found


def laid_out(words: pa.Array[Any]) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Where each text begins, and the bytes, as they lie in memory."""
    parts: Any = words.buffers()  # the stubs do not know that one can be looked into
    _, begins, text = parts
    if begins is None or not len(words):
        return np.zeros(1, np.int32), np.frombuffer(b"", np.uint8)
    offsets = np.frombuffer(begins, np.int32, len(words) + 1, words.offset * 4)
    return offsets, np.frombuffer(b"" if text is None else text, np.uint8)
