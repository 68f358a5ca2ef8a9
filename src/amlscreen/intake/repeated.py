"""Which of very many hashes occur more than once, in little memory: beyond some millions they are sorted in pieces."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

__all__ = ["HASHES_AT_ONCE", "repeated"]

Hashes = NDArray[np.uint64]

HASHES_AT_ONCE = 16_000_000
"""So many are held in memory, of 8 bytes each; more lie in files of the run's folder."""
_PIECES = 64
_LOWEST = np.arange(1, _PIECES, dtype=np.uint64) << np.uint64(64 - 6)


def repeated(batches: Iterable[Hashes], folder: Path | None) -> Hashes:
    """The values that occur more than once, rising; without a folder all are held in memory.

    Sorting plainly is cheaper than grouping millions of singletons. Equal hashes have equal first bits, so each piece
    of the range can be sorted by itself.
    """
    held: list[Hashes] = []
    with ExitStack() as undo:
        pieces: list[BinaryIO] = []
        for batch in batches:
            held.append(batch)
            if folder is None or sum(map(len, held)) < HASHES_AT_ONCE:
                continue
            pieces = pieces or [undo.enter_context(tempfile.TemporaryFile(dir=folder)) for _ in range(_PIECES)]
            _put_away(_sorted(held), pieces)
            held = []
        if not pieces:
            return _twice(_sorted(held))
        _put_away(_sorted(held), pieces)
        return np.concatenate([_twice(np.sort(_read(piece))) for piece in pieces])


def _sorted(held: list[Hashes]) -> Hashes:
    return np.sort(np.concatenate([*held, np.empty(0, np.uint64)]))


def _put_away(ordered: Hashes, pieces: list[BinaryIO]) -> None:
    for part, piece in zip(np.split(ordered, np.searchsorted(ordered, _LOWEST)), pieces, strict=True):
        piece.write(part.tobytes())


def _read(piece: BinaryIO) -> Hashes:
    piece.seek(0)
    return np.frombuffer(piece.read(), np.uint64)


def _twice(ordered: Hashes) -> Hashes:
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
