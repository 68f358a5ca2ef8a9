"""The rows that make payments, put together by party: what is known of each party then lies in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.kernels_ends import NOBODY
from amlscreen.ledger.reference import Reference, joined
from amlscreen.shapes.path_edges import instants
from amlscreen.shapes.path_shelves import Shelves
from amlscreen.shapes.selection import Selection

__all__ = ["Keys", "Parties", "ends_on_shelves", "keys_of_words", "most_ends", "parties_on"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
_AT_ONCE = 100_000


class Keys:
    """Keys filed so that they are found again: where each stood among those filed, -1 where it did not."""

    def __init__(self, keys: Ints) -> None:
        size = 1 << max(2 * keys.size, 1).bit_length()
        self._table, self._numbers = np.empty(size, np.int64), np.full(size, -1, np.int32)
        kernels.filed(np.ascontiguousarray(keys), self._table, self._numbers)

    def find(self, keys: Ints) -> NDArray[np.int32]:
        """The place of each of these."""
        out = np.empty(keys.size, np.int32)
        kernels.found_in(np.ascontiguousarray(keys), self._table, self._numbers, out)
        return out

    @classmethod
    def of_accounts(cls, facts: Reference) -> Keys:
        """The accounts of this data by the key of the word that names each."""
        banks, names = (facts.account_ids[name] for name in ("institution", "account_id"))
        size = facts.account_ids.num_rows
        parts = [np.empty(0, np.int64)]
        for low in range(0, size, _AT_ONCE):
            bank, name = (
                pa.concat_arrays(each.slice(low, _AT_ONCE).cast(pa.string()).chunks) for each in (banks, names)
            )
            parts.append(keys_of_words(joined("account:", bank, "/", name)))
        return cls(np.concatenate(parts))


def keys_of_words(words: pa.Array[pa.StringScalar]) -> Ints:
    """The key that each word has if it names no account of this data."""
    out = np.empty(len(words), np.int64)
    if out.size:
        buffers: list[Any] = words.buffers()
        _, offsets, letters = buffers
        first = np.frombuffer(offsets, np.int32, out.size + 1, 4 * words.offset).copy()
        text = np.frombuffer(letters, np.uint8) if letters is not None and letters.size else np.zeros(1, np.uint8)
        kernels.word_keys(first, np.array(text), out)
    return out


@dataclass(frozen=True, slots=True)
class Parties:
    """The parties of one shelf with all their ends, as the kernels want them (:mod:`kernels_ends`)."""

    keys: Ints
    offsets: Ints
    ends: NDArray[np.int64]

    def others(self, most: int) -> Ints:
        """With how many different others each has payments; 0 for those that have no more than ``most`` payments."""
        out = np.empty(self.keys.size, np.int64)
        kernels.counted_others(self.offsets, self.ends, most, out)
        return out

    def rows_of(self, which: Mask, kind: int) -> Ints:
        """The places of the rows of one kind of these parties."""
        sizes = np.diff(self.offsets)
        wanted = np.zeros(sizes.size, np.bool_)
        wanted[kind::3] = which
        return np.asarray(self.ends[np.repeat(wanted, sizes), 4] >> 3)

    def is_between(self) -> Mask:
        """Parties that are paid and pay."""
        sizes = np.diff(self.offsets)
        return np.asarray((sizes[::3] > 0) & (sizes[1::3] > 0))


def parties_on(shelf: NDArray[np.int64]) -> Parties:
    """The parties of one shelf."""
    size = shelf.shape[0]
    table = 1 << max(2 * size, 1).bit_length()
    keys, offsets, out = np.empty(size, np.int64), np.zeros(3 * size + 1, np.int64), np.empty_like(shelf)
    scratch = np.empty(table, np.int64), np.full(table, -1, np.int32), np.empty(size, np.int32)
    count = kernels.ends_by_party(shelf, *scratch, keys, offsets, out)
    return Parties(keys[:count].copy(), offsets[: 3 * count + 1].copy(), out)


def ends_on_shelves(piece: Selection, first: int, accounts: Keys, shelves: Shelves) -> Ints:
    """Puts the ends of a piece's rows on their shelves, ``first`` being the place of the first row.

    Returns the key of each word in the order of the words.
    """
    key, kind = piece.column("counterparty"), piece.column("counterparty_kind")
    words = keys_of_words(key.vocabulary)
    found = accounts.find(words)
    other = np.append(np.where(found >= 0, found, words), NOBODY)[key.array]
    other[kind.array == kind.code_of("pooled")] = NOBODY
    direction = piece.column("direction")
    credit = np.asarray(direction.array == direction.code_of("credit"))
    own = piece.column("account").array.astype(np.int64)
    pays = piece.sets["moves"].true & (other != NOBODY) & (other != own)
    came = piece.sets["inflow"].true & credit if "inflow" in piece.sets else np.zeros(piece.size, np.bool_)
    early, late = instants(piece, np.arange(piece.size))
    amount = piece.column("amount").array.astype(np.int64)
    ends = np.empty((2 * int(pays.sum()) + int(came.sum()), 5), np.int64)
    offsets = np.empty(shelves.count + 1, np.int64)
    kernels.ends_of(own, other, early, amount, credit, late != early, pays, came, first, offsets, ends)
    shelves.put(ends, offsets)
    return words


def most_ends(pieces: Sequence[Selection]) -> int:
    """How many ends there can be at most."""
    return sum(piece.size * (2 + ("inflow" in piece.sets)) for piece in pieces)
