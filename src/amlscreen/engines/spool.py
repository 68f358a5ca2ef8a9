"""What partitions picked for later, put aside in a file: of many millions of rows it would not fit into memory."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

import pyarrow as pa

from amlscreen.shapes.baseline import Piece
from amlscreen.shapes.conditions import Truth
from amlscreen.shapes.gather_groups import Sliced, slices
from amlscreen.shapes.selection import Selection

__all__ = ["Spool", "groups_for", "spool_in"]

FEWEST_ROWS = 20_000
"""Selections with fewer rows are kept in memory: there are many, and they are small."""

FEWEST_CUT = 2_000
"""The same where they are cut by groups of subjects, as of a bank so large that also these add up."""

MOST_GROUPS = 64

Place = tuple[int, int, int]
"""Where it begins, how many bytes it takes there, and how many once unpacked."""


class Spool:
    """A file of columns; only its owner can read it, and it goes with the process.

    What is about subjects of the whole bank is cut into ``groups`` of them, so that it can be read by group.
    """

    def __init__(self, file: BinaryIO, groups: int = 1) -> None:
        self._file, self._end, self._lock = file, 0, Lock()
        self._groups = groups

    def aside(self, pieces: Mapping[int, Any]) -> dict[int, Any]:
        """The same pieces by plan number; large selections read their columns from the file, one by one."""
        put = {id(piece): self._put(piece) for piece in pieces.values()}
        return {number: put[id(piece)] for number, piece in pieces.items()}

    def _put(self, piece: Any) -> Any:
        if isinstance(piece, Piece):
            return replace(piece, rows=self._put(piece.rows))
        if not isinstance(piece, Selection):
            return piece
        if self._groups > 1 and piece.size >= FEWEST_CUT and piece.plan.detect.shape in {"window", "sequence"}:
            return self._cut(piece)
        if piece.size < FEWEST_ROWS:
            return piece
        columns = {name: self._write(piece.column(name)) for name in piece.names}
        sets = {name: self._write(truth) for name, truth in piece.sets.items()}
        return replace(piece, source=partial(self._of, columns), sets=_Truths(self, sets))

    def _cut(self, piece: Selection) -> Sliced:
        parts = slices(piece, self._groups)
        names = parts[0].names
        places = [
            self._write(({name: part.source(name) for name in names}, dict(part.sets))) if part.size else None
            for part in parts
        ]
        sizes = tuple(part.size for part in parts)
        shell = replace(piece, names=names, source=_nothing, sets={})
        return Sliced(sizes, partial(self._part, shell, sizes, places))

    def _part(self, shell: Selection, sizes: Sequence[int], places: Sequence[Place | None], group: int) -> Selection:
        place = places[group]
        assert place is not None, "only groups with rows are read"
        columns, sets = self.read(place)
        return replace(shell, size=sizes[group], source=columns.__getitem__, sets=sets)

    def _of(self, columns: Mapping[str, Place], name: str) -> Any:
        return self.read(columns[name])

    def _write(self, thing: Any) -> Place:
        plain = pickle.dumps(thing, protocol=5)
        written = pa.compress(plain, codec="lz4", asbytes=True)
        with self._lock:
            self._file.seek(self._end)
            self._file.write(written)
            place = self._end, len(written), len(plain)
            self._end += len(written)
        return place

    def read(self, place: Place) -> Any:
        """What was written there."""
        with self._lock:
            self._file.seek(place[0])
            written = self._file.read(place[1])
        plain = pa.decompress(written, place[2], codec="lz4", asbytes=True)
        return pickle.loads(plain)  # this process wrote it, into a file without a name


def _nothing(name: str) -> Any:
    raise LookupError(name)


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


def groups_for(rows: int, at_once: int) -> int:
    """Into how many groups subjects are cut, so that the largest plan's rows fit: it picks a third of all, or less."""
    return max(1, min(-(-rows // max(at_once, 1)), MOST_GROUPS))


@contextmanager
def spool_in(folder: Path | None, groups: int = 1) -> Iterator[Spool | None]:
    """A spool in a folder, gone afterwards; none for data that is in memory anyway."""
    if folder is None:
        yield None
        return
    with tempfile.TemporaryFile(dir=folder, prefix="picked-") as file:
        yield Spool(file, groups)
