"""Rows of whole numbers put on shelves: each shelf fits into memory, all of them together need not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

__all__ = ["ROWS_OF_A_SHELF", "Shelves", "shelves_for", "shelves_in"]

Ints = NDArray[np.int64]
ROWS_OF_A_SHELF = 1_000_000
"""What is made of one shelf takes about 150 bytes a row while it is looked at."""


class Shelves:
    """Rows by shelf, in the order they were put there: in a file without a name, or in memory where there is none."""

    def __init__(self, shelves: int, width: int, file: IO[bytes] | None) -> None:
        self.count, self.width, self._file = shelves, width, file
        self._parts: list[list[Ints | tuple[int, int]]] = [[] for _ in range(shelves)]
        self._end = 0

    def put(self, rows: Ints, offsets: Ints) -> None:
        """Rows that stand shelf after shelf; ``offsets`` say where those of each begin."""
        if self._file is not None:
            self._file.seek(self._end)
            self._file.write(np.ascontiguousarray(rows).data)
        for shelf in np.flatnonzero(np.diff(offsets)).tolist():
            low, high = int(offsets[shelf]), int(offsets[shelf + 1])
            at = self._end + low * self.width * 8
            self._parts[shelf].append(rows[low:high] if self._file is None else (at, high - low))
        self._end += rows.nbytes if self._file is not None else 0

    def __iter__(self) -> Iterator[Ints]:
        """The rows of each shelf."""
        return (self._taken(parts) for parts in self._parts)

    def _taken(self, parts: list[Ints | tuple[int, int]]) -> Ints:
        if self._file is None:
            arrays = [one for one in parts if isinstance(one, np.ndarray)]
            return np.concatenate([np.empty((0, self.width), np.int64), *arrays])
        places = [one for one in parts if isinstance(one, tuple)]
        out = np.empty((sum(size for _, size in places), self.width), np.int64)
        done = 0
        for at, size in places:
            self._file.seek(at)
            got = self._file.readinto(out[done : done + size].data.cast("B"))  # type: ignore[attr-defined]
            if got != size * self.width * 8:
                raise OSError("the file of payments that were put aside ends too early")
            done += size
        return out


def shelves_for(rows: int) -> int:
    """How many shelves so many rows take: a power of two."""
    return 1 << max(rows // ROWS_OF_A_SHELF, 0).bit_length()


@contextmanager
def shelves_in(folder: Path | None, shelves: int, width: int) -> Iterator[Shelves]:
    """Empty shelves in a folder, or in memory; the file is gone afterwards."""
    if folder is None or shelves == 1:
        yield Shelves(shelves, width, None)
        return
    with tempfile.TemporaryFile(dir=folder, prefix="payments-") as file:
        yield Shelves(shelves, width, file)
