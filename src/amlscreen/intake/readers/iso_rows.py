"""Rows on their way to the file of entries, some thousand at a time."""

from __future__ import annotations

from operator import itemgetter

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.entries import CANONICAL, TOLD, EntryWriter
from amlscreen.intake.readers.iso_parties import Row

__all__ = ["Rows"]

_BATCH = 10_000
_LARGE_BATCH = 50_000_000  # characters
_MOST_REJECTED = 200_000
_ALWAYS = ("account_id", "at", "direction", "amount", "currency")
_NAMES = (*CANONICAL, *TOLD)
_NOTHING = dict.fromkeys(_NAMES, "")
_CELLS = itemgetter(*_NAMES)


class Rows:
    """Collects rows and writes them, a batch at a time; ``finish`` writes the last."""

    def __init__(self, entries: EntryWriter, file: str) -> None:
        self._entries, self._file = entries, file
        self._lines: list[int] = []
        self._rows: list[tuple[str, ...]] = []
        self._size = 0
        self._rejected = 0
        entries.filled.update(_ALWAYS)  # a file without an entry, or without a day, is still a table of entries

    def add(self, line: int, row: Row) -> None:
        """A row; what it says stands on this line."""
        self._lines.append(line)
        self._rows.append(_CELLS({**_NOTHING, **row}))
        self._size += len(row.get("narrative", ""))
        if len(self._rows) >= _BATCH or self._size > _LARGE_BATCH:
            self.finish()

    def reject(self, line: int, value: str, *, column: str, reason: str = "bad_entry") -> None:
        """An entry that cannot be read. DataError if there are so many that the file as a whole is of no use."""
        self.finish()
        self._entries.reject(line, value, reason=reason, column=column)
        self._rejected += 1
        if self._rejected > _MOST_REJECTED:
            raise DataError(f"more than {_MOST_REJECTED:,} entries cannot be read.", place=Place(self._file, line))

    def finish(self) -> None:
        """Write what is there."""
        if self._rows:
            columns = zip(_NAMES, zip(*self._rows, strict=True), strict=True)
            self._entries.write(self._lines, {name: cells for name, cells in columns if any(cells)})
        self._lines, self._rows, self._size = [], [], 0
