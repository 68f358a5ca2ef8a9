"""The lines of QIF in their order, turned into entries and one statement for each account, without keeping the file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.entries import EntryWriter
from amlscreen.intake.readers.qif_booking import COLUMNS, NotRead, entry_of, is_opening
from amlscreen.intake.readers.qif_values import Habits
from amlscreen.intake.readers.raw import Statement

__all__ = ["Reading"]

_BATCH = 10_000
_MANY = 10_000
_ACCOUNTS = frozenset(("BANK", "CASH", "CCARD", "INVST", "OTH A", "OTH L", "PORT", "401(K)/403(B)"))
_ONCE = "DTU"
_SPLIT = "SE$%"
_CODES = frozenset("DTUMCNPALFXGQYIO")


@dataclass(slots=True)
class _Open:
    """The bookings of one account that stand together."""

    line: int
    account: str | None
    entries: int = 0
    booked: Decimal = Decimal(0)
    opening: Decimal | None = None


class Reading:
    """Takes the lines of a file one after the other; keeps one batch of entries and one line per account."""

    def __init__(self, writer: EntryWriter, habits: Habits, undecodable: frozenset[int], place: Place) -> None:
        self.statements: list[Statement] = []
        self.seen: Counter[str] = Counter()
        self._writer, self._habits, self._undecodable, self._place = writer, habits, undecodable, place
        self._kind = ""  # the type of the list that the records belong to; "ACCOUNT" for the list of accounts
        self._account: str | None = None
        self._statement: _Open | None = None
        self._said: dict[str, str] = {}
        self._splits: list[str] = []
        self._began = 0
        self._batch: dict[str, list[str | None]] = {name: [] for name in COLUMNS}
        self._lines: list[int] = []

    def take(self, number: int, line: str) -> None:
        """The next line that is not blank."""
        if line[0] == "!":
            self._head(number, line[1:].strip())
        elif line[0] == "^":
            self._end()
        else:
            self._began = self._began or number
            self._say(number, line[0].upper(), line[1:].strip())

    def finish(self) -> None:
        """The end of the file. A record that is not ended was cut short."""
        if self._said or self._splits:
            if self._kind in _ACCOUNTS:
                self._refuse("bad_entry", "^")
            self._clear()
        self._end_statement()
        self._flush()

    def _head(self, number: int, head: str) -> None:
        if self._said or self._splits:
            if self._kind in _ACCOUNTS:
                self._refuse("bad_entry", "^")
            self._clear()
        word, _, kind = head.partition(":")
        if word.upper() == "ACCOUNT":
            self._end_statement()
            self._kind, self._account = "ACCOUNT", None
        elif word.upper() == "TYPE":
            self._end_statement()
            self._kind = kind.strip().upper()
            if self._kind in _ACCOUNTS:
                self._statement = _Open(number, self._account)

    def _say(self, number: int, code: str, text: str) -> None:
        if number in self._undecodable:
            self._said["twice"] = "encoding"
        if code in _SPLIT:
            if code == "$":
                self._splits.append(text)
        elif code not in _CODES:
            self.seen["codes"] += self._kind in _ACCOUNTS
        elif code not in self._said:
            self._said[code] = text
        elif code in _ONCE and self._said[code] != text:
            self._said["twice"] = code  # the mark between two records is missing
        elif code == "M":
            self._said[code] += " " + text

    def _end(self) -> None:
        if self._kind in _ACCOUNTS and self._said:
            self._booking()
        elif self._kind == "ACCOUNT":
            self._account = self._said.get("N") or None
        elif self._said:
            self.seen["listed"] += 1
        self._clear()

    def _booking(self) -> None:
        if self._kind == "INVST" and not (self._said.get("T") or self._said.get("U")):
            self.seen["without money"] += 1
            return
        statement = self._statement or _Open(self._began, self._account)
        try:
            entry = entry_of(self._said, self._splits, self._kind, statement.account, self._habits)
        except NotRead as problem:
            reason = "bad_encoding" if problem.code == "encoding" else problem.reason
            self._refuse(reason, problem.code)
            return
        if statement.account is None and is_opening(self._said):
            statement.account = entry["account_id"]
        self._count(entry, statement)
        for column, values in self._batch.items():
            values.append(entry.get(column))
        self._lines.append(self._began)
        if len(self._lines) >= _BATCH:
            self._flush()

    def _count(self, entry: dict[str, str | None], statement: _Open) -> None:
        amount = Decimal(entry["amount"] or "0")
        signed = amount if entry["direction"] == "credit" else -amount
        statement.entries += 1
        self.seen["info"] += entry["status"] == "INFO"
        self.seen["no account"] += entry["account_id"] is None
        if is_opening(self._said):
            statement.opening = signed
        elif entry["status"] == "BOOK":
            statement.booked += signed

    def _refuse(self, reason: str, code: str) -> None:
        self._flush()
        self.seen["refused"] += 1
        said = " ".join(f"{code}{text}" for code, text in self._said.items() if code != "twice")
        self._writer.reject(self._began, said, reason=reason, column=code)
        if self.seen["refused"] > _MANY and self.seen["refused"] * 5 > self._writer.rows:
            place = Place(self._place.file, self._began)
            raise DataError("holds mostly records that are not as QIF demands.", place=place)

    def _clear(self) -> None:
        self._said, self._splits, self._began = {}, [], 0

    def _flush(self) -> None:
        self._writer.write(self._lines, self._batch)
        self._lines = []
        self._batch = {name: [] for name in COLUMNS}

    def _end_statement(self) -> None:
        if self._statement is None:
            return
        one, self._statement = self._statement, None
        self.statements.append(Statement(one.line, one.account, None, None, one.entries, one.booked, one.opening, None))
