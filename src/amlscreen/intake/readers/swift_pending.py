"""Entries on their way to the writer: gathered from a piece, then written column by column."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from amlscreen.intake.readers.entries import EntryWriter
from amlscreen.intake.readers.swift_ids import Ids
from amlscreen.intake.readers.swift_rows import entry_row
from amlscreen.intake.readers.swift_statements import Opened

__all__ = ["Pending"]

_SHORTEST_ID = 8  # shorter bank references are running numbers of a day


class Pending:
    """Entries of statements that are not written yet."""

    def __init__(self, entries: EntryWriter, ids: Ids, undecodable: Collection[int]) -> None:
        self._entries, self._ids, self._undecodable = entries, ids, undecodable
        self._waiting: list[tuple[Opened, int, str, str]] = []
        self._doubted: set[int] = set()
        self.moved = 0  # value days of 29 or 30 February

    def add(self, statement: Opened, line: int, first: str, second: str) -> None:
        """Add an entry: its :61: and its :86:."""
        statement.entries += 1
        self._waiting.append((statement, line, first, second))

    def doubt_last(self) -> None:
        """After the last entry came a field that cannot stand there, so the entry is not whole."""
        self._doubted.add(len(self._waiting) - 1)

    def flush(self) -> None:
        """Write what is waiting."""
        rows: list[dict[str, str]] = []
        lines: list[int] = []
        for index, (statement, line, first, second) in enumerate(self._waiting):
            made = None if index in self._doubted else entry_row(first, second, german=statement.german)
            if made is None:
                self._write(lines, rows)
                statement.entries -= 1
                self._entries.reject(line, f":61:{first}")
                continue
            told, row = made
            if not told.expected:
                statement.book(told.signed)
            self.moved += told.moved
            row |= {
                "institution": statement.bank,
                "account_id": statement.account_id,
                "currency": statement.currency,
                "message": statement.message,
                "statement": statement.number,
            }
            if len(told.bank_reference) >= _SHORTEST_ID:
                row["transaction_id"] = told.bank_reference
            lines.append(line)
            rows.append(row)
        self._write(lines, rows)
        self._waiting.clear()
        self._doubted.clear()

    def pay(self, line: int, rows: Sequence[dict[str, str]]) -> None:
        """Write the legs of a payment."""
        self._write([line] * len(rows), list(rows))

    def _write(self, lines: list[int], rows: list[dict[str, str]]) -> None:
        if not rows:
            return
        names = sorted({name for row in rows for name in row})
        self._entries.write(lines, {name: [row.get(name, "") for row in rows] for name in names})
        self._ids.add([_key(row) for row in rows])
        lines.clear()
        rows.clear()


def _key(row: dict[str, str]) -> int:
    reference = row.get("transaction_id")
    return hash((row.get("account_id"), row["direction"], reference)) if reference else 0
