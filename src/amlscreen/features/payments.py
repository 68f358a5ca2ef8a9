"""The bank's payments as its rows tell them: legs, by account and other side, put aside while the sweep goes on.

A partition gives the rows whose other side is known. Who is on the other side is known by a number made of its key, so
that no texts are kept: two of twenty million parties are taken for one once in a hundred thousand banks. A party that
is unknown or pooled is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.features.aside import Column
from amlscreen.ledger import kernels
from amlscreen.ledger.columns import is_countable
from amlscreen.ledger.named_accounts import laid_out
from amlscreen.ledger.partition import Partition
from amlscreen.ledger.reference import Reference

__all__ = ["LEG", "NEEDED", "Legs", "Piece", "numbers_of", "piece_of"]

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
Keys = NDArray[np.uint64]
NEEDED = ("channel", "counterparty", "counterparty_kind")
"""Stored columns that a partition must carry besides those it always does."""
LEG = np.dtype([("own", "i4"), ("other", "i4"), ("at", "i8"), ("amount", "i8"), ("credit", "?"), ("dated", "?")])
DAY = 86_400_000_000
_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """What one partition gives. ``other`` is the place of the other side's number in ``keys``, which rise.

    Of ``accounts``, ``rows`` says how many countable ones they have, and ``named`` of how many the other side is known
    or pooled, or nobody, as of cash. A joint account stands there once for each owner, and has rows at the first only.
    """

    account: Codes
    other: Codes
    credit: Flags
    dated: Flags
    at: Ints
    amount: Ints
    keys: Keys
    accounts: Codes
    rows: Codes
    named: Codes


def piece_of(part: Partition) -> Piece:
    """The rows of a partition, each joint account once, that are one leg of a payment."""
    countable = is_countable(part) & (part.column("holder_no").array == 0)
    key, kind = part.column("counterparty"), part.column("counterparty_kind")
    pooled = kind.array == kind.code_of("pooled")
    rows = np.flatnonzero(countable & ~pooled & (key.array >= 0))
    direction, precision = part.column("direction"), part.column("time_precision")
    starts = part.account_starts()
    named = countable & ((key.array >= 0) | pooled | _is_cash(part))
    account = part.column("account").array
    seen = np.zeros(len(key.vocabulary) + 1, np.bool_)
    seen[key.array.take(rows)] = True
    used = np.flatnonzero(seen)  # many partitions may share one list of words
    keys, place = np.unique(numbers_of(key.vocabulary.take(used)), return_inverse=True)
    code = np.zeros(seen.size, np.int32)
    code[used] = place
    return Piece(
        account=account.take(rows).astype(np.int32),
        other=code.take(key.array.take(rows)),
        credit=direction.array.take(rows) == direction.code_of("credit"),
        dated=precision.array.take(rows) != precision.code_of("second"),
        at=part.column("at").array.take(rows).astype(np.int64),
        amount=part.column("amount").array.take(rows).astype(np.int64),
        keys=keys,
        accounts=account.take(starts[:-1]).astype(np.int32),
        rows=np.add.reduceat(countable, starts[:-1], dtype=np.int32),
        named=np.add.reduceat(named, starts[:-1], dtype=np.int32),
    )


def _is_cash(part: Partition) -> Flags:
    """Rows that have nobody on the other side."""
    channel = part.column("channel")
    if channel.words is None:
        return np.zeros(part.size, np.bool_)
    return channel.among(part.reference.jurisdiction.cash_report_channels)


def numbers_of(words: pa.Array[Any]) -> Keys:
    """A number for each text, by its bytes alone."""
    found = np.empty(len(words), np.uint64)
    kernels.words_hashed(*laid_out(words.cast(pa.string())), found)
    return found


class Legs:
    """The legs of all partitions, in the ledger's order: a joint account's once.

    ``rows`` and ``named`` are as in :class:`Piece`, by account_no; all instants lie in ``span``. Accounts of this data
    are numbered by account_no, outside parties from ``accounts`` on, in the order of their keys.
    """

    def __init__(self, reference: Reference, folder: Path | None) -> None:
        self.reference, self.folder = reference, folder
        self.accounts = reference.account_ids.num_rows
        self.rows, self.named = (np.zeros(self.accounts, np.int64) for _ in range(2))
        self.any_dated, self.span = False, (0, 0)
        self._legs, self._keys = Column(folder, LEG), Column(folder, np.uint64)
        self._known, self._new = np.empty(0, np.uint64), [np.empty(0, np.uint64)]
        self._cuts: list[tuple[int, int]] = []

    @property
    def size(self) -> int:
        """How many legs there are."""
        return self._legs.size

    def add(self, piece: Piece) -> None:
        """Put what one partition gave aside."""
        np.add.at(self.rows, piece.accounts, piece.rows)
        np.add.at(self.named, piece.accounts, piece.named)
        self.any_dated = self.any_dated or bool(piece.dated.any())
        if piece.at.size:
            first, last = self.span if self.size else (piece.at[0], piece.at[0])
            self.span = int(min(first, piece.at.min() - DAY)), int(max(last, piece.at.max()))
        legs = np.empty(piece.account.size, LEG)
        given = (piece.account, piece.other, piece.at, piece.amount, piece.credit, piece.dated)
        for name, values in zip(LEG.names or (), given, strict=True):
            legs[name] = values
        self._cuts.append((legs.size, piece.keys.size))
        self._legs.append(legs)
        self._keys.append(piece.keys)
        self._new.append(piece.keys)
        if sum(one.size for one in self._new) > max(_AT_ONCE, self._known.size):
            self._meet()

    def _meet(self) -> None:
        self._known = np.unique(np.concatenate([self._known, *self._new]))
        self._new.clear()

    def numbered(self) -> tuple[int, Iterator[NDArray[Any]]]:
        """How many parties there are, and the legs, some at a time, ``other`` as a number."""
        self._meet()
        own = numbers_of(self.reference.account_keys())
        outside = np.setdiff1d(self._known, own, assume_unique=True)
        keys = np.concatenate([own, outside])
        order = np.argsort(keys)
        return keys.size, self._numbered(keys[order], order.astype(np.int32))

    def _numbered(self, keys: Keys, number: Codes) -> Iterator[NDArray[Any]]:
        start = first = 0
        for rows, words in self._cuts:
            legs = self._legs.read(start, start + rows)
            party = number.take(np.searchsorted(keys, self._keys.read(first, first + words)))
            legs["other"] = party.take(legs["other"])
            start, first = start + rows, first + words
            yield legs
