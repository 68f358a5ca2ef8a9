"""Entries on their way to the writer: gathered from a piece, read many at a time, written column by column."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from amlscreen.intake.readers.entries import EntryWriter
from amlscreen.intake.readers.swift_careful import Careful
from amlscreen.intake.readers.swift_statements import Opened
from amlscreen.intake.readers.swift_subfields import ARROW, Numbers, Texts

__all__ = ["Pending"]

_MONEY = pa.decimal128(38, 6)


class Pending:
    """Entries of statements that are not written yet."""

    def __init__(self, entries: EntryWriter, undecodable: Collection[int]) -> None:
        self._entries, self._undecodable = entries, undecodable
        self._statements: list[Opened] = []
        self._owners: list[int] = []
        self._lines: list[int] = []
        self._firsts: list[str] = []
        self._seconds: list[str] = []
        self._doubted: set[int] = set()
        self.moved = 0  # value days of 29 or 30 February

    def add(self, statement: Opened, line: int, first: str, second: str) -> None:
        """Add an entry: its :61: and its :86:."""
        self.add_many(statement, 1)
        self._lines.append(line)
        self._firsts.append(first)
        self._seconds.append(second)

    def add_many(self, statement: Opened, count: int) -> None:
        """Say whose the next entries are that :meth:`read` is given."""
        if not self._statements or self._statements[-1] is not statement:
            self._statements.append(statement)
        statement.entries += count
        self._owners += [len(self._statements) - 1] * count

    def doubt_last(self) -> None:
        """After the last entry came a field that cannot stand there, so the entry is not whole."""
        self._doubted.add(len(self._owners) - 1)

    def flush(self) -> None:
        """Write what is waiting."""
        if self._lines:
            first, second = (pa.array(texts, pa.string()) for texts in (self._firsts, self._seconds))
            self.read(first, second, np.array(self._lines, np.int64))
        self._lines, self._firsts, self._seconds = [], [], []

    def read(self, first: Texts, second: Texts, lines: Numbers) -> None:
        """Read and write entries, all that were added."""
        if len(lines):
            for statement in self._statements:
                statement.written = True
            owners = np.array(self._owners, np.int64)
            german = np.array([each.german for each in self._statements], bool)[owners]
            doubted = self._doubted | self._on_damaged_lines(first, second, lines)
            careful = Careful(first, second, german, doubted)
            columns = careful.columns()
            self.moved += careful.moved
            self._write(columns, owners, lines, careful)
        self._statements, self._owners, self._doubted = [], [], set()

    def _on_damaged_lines(self, first: Texts, second: Texts, lines: Numbers) -> set[int]:
        """The entries with bytes that the file's encoding does not know."""
        if not self._undecodable:
            return set()
        counts = ARROW.add(ARROW.count_substring(first, "\n"), ARROW.count_substring(second, "\n")).to_pylist()
        return {
            index
            for index, (line, count) in enumerate(zip(lines.tolist(), counts, strict=True))
            if any(each in self._undecodable for each in range(line, line + count + 2))
        }

    def _write(self, columns: dict[str, Texts], owners: Numbers, lines: Numbers, careful: Careful) -> None:
        for name, told in (
            ("institution", [each.bank for each in self._statements]),
            ("account_id", [each.account_id for each in self._statements]),
            ("currency", [each.currency for each in self._statements]),
            ("message", [each.message for each in self._statements]),
            ("statement", [each.number for each in self._statements]),
        ):
            columns[name] = ARROW.take(pa.array(told, pa.string()), pa.array(owners))
        rejected = sorted(careful.rejected)
        self._count(columns, owners, rejected)
        begin = 0
        for end in (*rejected, len(lines)):
            part = {name: texts.slice(begin, end - begin) for name, texts in columns.items()}
            self._entries.write(lines[begin:end].tolist(), part)
            if end < len(lines):
                self._statements[int(owners[end])].entries -= 1
                self._entries.reject(int(lines[end]), f":61:{careful.first[end].as_py()}")
            begin = end + 1

    def _count(self, columns: dict[str, Texts], owners: Numbers, rejected: Sequence[int]) -> None:
        """Add the booked entries to their statements' sums."""
        status = columns.get("status")
        booked = np.ones(len(owners), bool) if status is None else status.is_null().to_numpy(zero_copy_only=False)
        booked[list(rejected)] = False
        table: Any = pa.table(
            {
                "owner": pa.array(owners),
                "direction": columns["direction"],
                "amount": ARROW.cast(columns["amount"], _MONEY),
            }
        )
        table = table.filter(pa.array(booked))
        sums = table.group_by(["owner", "direction"]).aggregate([("amount", "count"), ("amount", "sum")])
        names = ("owner", "direction", "amount_count", "amount_sum")
        for owner, direction, count, total in zip(*(sums.column(name).to_pylist() for name in names), strict=True):
            self._statements[owner].book(direction, count, Decimal(total))

    def pay(self, line: int, rows: Sequence[dict[str, str]]) -> None:
        """Write the legs of a payment."""
        names = sorted({name for row in rows for name in row})
        self._entries.write([line] * len(rows), {name: [row.get(name, "") for row in rows] for name in names})
