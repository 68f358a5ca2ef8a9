"""Entries on their way to the writer: gathered from a piece, read many at a time, written column by column."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa

from amlscreen.intake.readers.entries import EntryWriter
from amlscreen.intake.readers.swift_bulk import Bulk, bulk_rows
from amlscreen.intake.readers.swift_rows import COLUMNS, entry_row
from amlscreen.intake.readers.swift_statements import Opened
from amlscreen.intake.readers.swift_subfields import ARROW, Numbers, Texts

__all__ = ["Pending"]

_SHORTEST_ID = 8  # shorter bank references are running numbers of a day
_SOME = 40_000
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
        if not self._statements or self._statements[-1] is not statement:
            if len(self._lines) > _SOME:
                self.flush()
            self._statements.append(statement)
        statement.entries += 1
        self._owners.append(len(self._statements) - 1)
        self._lines.append(line)
        self._firsts.append(first)
        self._seconds.append(second)

    def doubt_last(self) -> None:
        """After the last entry came a field that cannot stand there, so the entry is not whole."""
        self._doubted.add(len(self._lines) - 1)

    def flush(self) -> None:
        """Write what is waiting."""
        if self._lines:
            for statement in self._statements:
                statement.written = True
            owners = np.array(self._owners, np.int64)
            german = np.array([each.german for each in self._statements], bool)[owners]
            bulk = bulk_rows(self._firsts, self._seconds, german)
            columns, rejected = self._with_care(bulk, german)
            self._write(columns, owners, rejected)
        self._statements, self._owners, self._lines = [], [], []
        self._firsts, self._seconds, self._doubted = [], [], set()

    def _with_care(self, bulk: Bulk, german: Sequence[bool]) -> tuple[dict[str, Texts], Numbers]:
        """The columns once the entries that the fast way left are read with care; and which of them are none."""
        left = np.flatnonzero(~bulk.holds)
        doubted = self._doubted | self._on_damaged_lines()
        columns = bulk.columns | {"transaction_id": bulk.bank_reference}
        rejected = set(doubted)
        rows: list[dict[str, str]] = []
        for index in left.tolist():
            made = entry_row(self._firsts[index], self._seconds[index], german=bool(german[index]))
            if made is None:
                rejected.add(index)
                rows.append({})
                continue
            line, row = made
            self.moved += line.moved and index not in doubted
            rows.append(row | {"transaction_id": line.bank_reference})
        if rows:
            careful = pa.array(~bulk.holds)
            for name in (*COLUMNS, "transaction_id"):
                told = pa.array([row.get(name) or None for row in rows], pa.string())
                before = columns.get(name, pa.nulls(len(self._lines), pa.string()))
                columns[name] = ARROW.replace_with_mask(before, careful, told)
        long = ARROW.greater_equal(ARROW.utf8_length(columns["transaction_id"]), _SHORTEST_ID)
        columns["transaction_id"] = ARROW.if_else(long, columns["transaction_id"], pa.scalar(None, pa.string()))
        return columns, np.array(sorted(rejected), np.int64)

    def _on_damaged_lines(self) -> set[int]:
        """The entries with bytes that the file's encoding does not know."""
        if not self._undecodable:
            return set()
        return {
            index
            for index, (line, first, second) in enumerate(zip(self._lines, self._firsts, self._seconds, strict=True))
            if any(each in self._undecodable for each in range(line, line + (first + second).count("\n") + 2))
        }

    def _write(self, columns: dict[str, Texts], owners: Numbers, rejected: Numbers) -> None:
        for name, told in (
            ("institution", [each.bank for each in self._statements]),
            ("account_id", [each.account_id for each in self._statements]),
            ("currency", [each.currency for each in self._statements]),
            ("message", [each.message for each in self._statements]),
            ("statement", [each.number for each in self._statements]),
        ):
            columns[name] = pa.array(told, pa.string()).take(pa.array(owners))
        self._count(columns, owners, rejected)
        begin = 0
        for end in (*rejected.tolist(), len(self._lines)):
            part = {name: texts.slice(begin, end - begin) for name, texts in columns.items()}
            self._entries.write(self._lines[begin:end], part)
            if end < len(self._lines):
                self._statements[self._owners[end]].entries -= 1
                self._entries.reject(self._lines[end], f":61:{self._firsts[end]}")
            begin = end + 1

    def _count(self, columns: dict[str, Texts], owners: Numbers, rejected: Numbers) -> None:
        """Add the booked entries to their statements' sums."""
        status = columns.get("status")
        booked = np.ones(len(owners), bool) if status is None else status.is_null().to_numpy(zero_copy_only=False)
        booked[rejected] = False
        table = pa.table(
            {"owner": owners, "direction": columns["direction"], "amount": ARROW.cast(columns["amount"], _MONEY)}
        ).filter(pa.array(booked))
        sums = table.group_by(["owner", "direction"]).aggregate([("amount", "count"), ("amount", "sum")])
        for owner, direction, count, total in zip(
            *(sums.column(name).to_pylist() for name in ("owner", "direction", "amount_count", "amount_sum")),
            strict=True,
        ):
            self._statements[owner].book(direction, count, Decimal(total))

    def pay(self, line: int, rows: Sequence[dict[str, str]]) -> None:
        """Write the legs of a payment."""
        names = sorted({name for row in rows for name in row})
        self._entries.write([line] * len(rows), {name: [row.get(name, "") for row in rows] for name in names})
