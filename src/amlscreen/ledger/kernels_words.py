"""Kernels about texts as they lie in memory: one text's bytes behind the other's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.kernel_cache import Codes, kernel

__all__ = ["words_hashed"]


@kernel("void(i4[::1], u1[::1], u8[::1])")
def words_hashed(offsets: Codes, data: NDArray[np.uint8], out: NDArray[np.uint64]) -> None:
    """A number for each text: the same for equal ones, and for others only by the rarest accident.

    ``data[offsets[n]:offsets[n + 1]]`` are the bytes of text ``n``. FNV-1a (Fowler, Noll, Vo) over the bytes, then
    the finaliser of MurmurHash3 (Appleby). Writes ``out[n]``.
    """
    for word in range(offsets.size - 1):
        mixed = np.uint64(0xCBF29CE484222325)
        for at in range(offsets[word], offsets[word + 1]):
            mixed = (mixed ^ np.uint64(data[at])) * np.uint64(0x100000001B3)
        mixed = (mixed ^ (mixed >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
        mixed = (mixed ^ (mixed >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
        out[word] = mixed ^ (mixed >> np.uint64(33))
