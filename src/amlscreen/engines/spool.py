"""What partitions picked for later, put aside in a file: of many millions of rows it would not fit into memory."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

from amlscreen.shapes.conditions import Truth
from amlscreen.shapes.selection import Selection

__all__ = ["Spool", "spool_in"]

FEWEST_ROWS = 20_000
"""Selections with fewer rows are kept in memory: there are many, and they are small."""

Place = tuple[int, int]


class Spool:
    """A file of columns; only its owner can read it, and it goes with the process."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._end, self._lock = file, 0, Lock()

    def aside(self, pieces: Mapping[int, Any]) -> dict[int, Any]:
        """The same pieces by plan number; large selections read their columns from the file, one by one."""
        put = {id(piece): self._put(piece) for piece in pieces.values()}
        return {number: put[id(piece)] for number, piece in pieces.items()}

    def _put(self, piece: Any) -> Any:
        if not isinstance(piece, Selection) or piece.size < FEWEST_ROWS:
            return piece
        columns = {name: self._write(piece.column(name)) for name in piece.names}
        sets = {name: self._write(truth) for name, truth in piece.sets.items()}
        return replace(piece, source=partial(self._of, columns), sets=_Truths(self, sets))

    def _of(self, columns: Mapping[str, Place], name: str) -> Any:
        return self.read(columns[name])

    def _write(self, thing: Any) -> Place:
        written = pickle.dumps(thing, protocol=5)
        with self._lock:
            self._file.seek(self._end)
            self._file.write(written)
            place = self._end, len(written)
            self._end += len(written)
        return place

    def read(self, place: Place) -> Any:
        """What was written there."""
        with self._lock:
            self._file.seek(place[0])
            written = self._file.read(place[1])
        return pickle.loads(written)  # this process wrote it, into a file without a name


class _Truths(Mapping[str, Truth]):
    def __init__(self, spool: Spool, places: Mapping[str, Place]) -> None:
        self._spool, self._places = spool, places

    def __getitem__(self, name: str) -> Truth:
        found: Truth = self._spool.read(self._places[name])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@contextmanager
def spool_in(folder: Path | None) -> Iterator[Spool | None]:
    """A spool in a folder, gone afterwards; none for data that is in memory anyway."""
    if folder is None:
        yield None
        return
    with tempfile.TemporaryFile(dir=folder, prefix="picked-") as file:
        yield Spool(file)
