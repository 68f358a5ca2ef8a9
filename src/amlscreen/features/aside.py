"""What a run works out of payments, put aside in files of its folder: of a large bank it would not fit into memory."""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import IO, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Column", "Shuffled", "in_turn", "room"]

Item = TypeVar("Item")
Done = TypeVar("Done")


class Column:
    """Numbers, or records of numbers, in the order they come in.

    They lie in a file that only its owner can read and that goes with the process; without a folder, in memory.
    """

    def __init__(self, folder: Path | None, kind: Any) -> None:
        self.kind, self.size = np.dtype(kind), 0
        self._held: list[NDArray[Any]] = []
        self._file: IO[bytes] | None = None
        if folder:
            self._file = tempfile.TemporaryFile(dir=folder, prefix="aside-")  # noqa: SIM115 - it goes with the column
        self._lock = Lock()

    def append(self, values: NDArray[Any]) -> None:
        """Put some behind the others."""
        values = np.ascontiguousarray(values, self.kind)
        with self._lock:
            self.size += values.size
            if self._file is None:
                self._held.append(values)
            else:
                self._file.seek(0, 2)
                self._file.write(values.view(np.uint8).data)

    def read(self, start: int, end: int) -> NDArray[Any]:
        """Those from one place up to another, as an array of its own."""
        if self._file is None:
            return self.mapped()[start:end].copy()
        found = np.empty(end - start, self.kind)
        with self._lock:
            self._file.seek(start * self.kind.itemsize)
            self._file.readinto(found.view(np.uint8).data)  # type: ignore[attr-defined]  # binary files have it, the stubs do not say so
        return found

    def mapped(self) -> NDArray[Any]:
        """All of them as one array that may be written to; of a file only what is looked at is in memory."""
        if self._file is None or not self.size:
            with self._lock:
                if len(self._held) != 1:
                    self._held = [np.concatenate([np.empty(0, self.kind), *self._held])]
                return self._held[0]
        self._file.flush()
        return np.memmap(self._file, self.kind, "r+", shape=(self.size,)).view(np.ndarray)


def room(folder: Path | None, size: int) -> NDArray[np.uint8]:
    """So many zeros to write to: in a file that goes with the last array made of them, in memory without a folder."""
    if folder is None or not size:
        return np.zeros(size, np.uint8)
    with tempfile.TemporaryFile(dir=folder, prefix="aside-") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)  # a full disk is told here, and not where one is written to
        file.truncate(size)
        return np.memmap(file, np.uint8, "r+", shape=(size,)).view(np.ndarray)


class Shuffled:
    """Records by group, those of each in the order they come in."""

    def __init__(self, folder: Path | None, groups: int, kind: Any) -> None:
        self._column = Column(folder, kind)
        self._places: list[list[tuple[int, int]]] = [[] for _ in range(groups)]

    def __len__(self) -> int:
        """How many groups there are."""
        return len(self._places)

    def add(self, group: NDArray[Any], records: NDArray[Any]) -> None:
        """Put each of some records to its group."""
        if len(self._places) > 1:
            group = group.astype(np.uint16)  # few numbers are sorted by counting
            records = records[np.argsort(group, kind="stable")]
            ends = np.cumsum(np.bincount(group, minlength=len(self._places)))
        else:
            ends = np.array([records.size])
        begin, start = self._column.size, 0
        self._column.append(records)
        for places, end in zip(self._places, ends.tolist(), strict=True):
            if end > start:
                places.append((begin + start, begin + end))
            start = end

    def of(self, group: int) -> NDArray[Any]:
        """The records of a group."""
        found = [self._column.read(*place) for place in self._places[group]]
        return found[0] if len(found) == 1 else np.concatenate([np.empty(0, self._column.kind), *found])


def in_turn(work: Callable[[Item], Done], items: Iterable[Item], threads: int) -> Iterator[Done]:
    """What comes of each item, in their order; no more than ``threads`` of them are in memory at a time."""
    waiting: deque[Future[Done]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="flow") as pool:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) >= threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
