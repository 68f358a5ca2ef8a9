"""The messages of a file, field by field: statements, payments, and what carries no booking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from amlscreen.intake.readers.entries import EntryWriter
from amlscreen.intake.readers.raw import Statement
from amlscreen.intake.readers.swift_codes import PAYMENTS, STATEMENTS
from amlscreen.intake.readers.swift_fields import Fields
from amlscreen.intake.readers.swift_header import Envelope, envelope
from amlscreen.intake.readers.swift_payments import BadPayment, legs
from amlscreen.intake.readers.swift_pending import Pending
from amlscreen.intake.readers.swift_quick import Quick
from amlscreen.intake.readers.swift_statements import Opened

__all__ = ["Messages"]

_PAYMENT_FIELDS = frozenset(("13C", "23B", "23E", "26T", "32A", "32B", "33B", "58A", "58D", "59", "59A", "59F"))


class Messages:
    """Takes the fields of a file in their order, and writes its bookings in theirs."""

    def __init__(self, entries: EntryWriter, undecodable: Collection[int]) -> None:
        self._entries = entries
        self._pending = Pending(entries, undecodable)
        self.statements: list[Opened] = []
        self.payments = 0
        self.others: Counter[str] = Counter()  # messages without bookings, by type
        self.refused = 0
        self._open: Opened | None = None
        self._payment: tuple[int, Envelope, list[tuple[str, str]]] | None = None

    @property
    def in_payment(self) -> bool:
        """Whether the message that is being read is no statement."""
        return self._payment is not None

    def take_quick(self, fields: Quick, *, closes: bool) -> None:
        """Take the fields of one piece that was cut all at once; ``closes``: its last message ends with it."""
        done = 0
        others = fields.others
        for index, (entries, tag, text, line, header) in enumerate(others):
            if entries > done:
                self._pending.add_many(self._statement(int(fields.lines[done])), entries - done)
                done = entries
            if header is not None:
                following = [told[1] for told in others[index + 1 : index + 6]]
                self._begin(line, envelope(header), following, (tag, text))
            elif not self._statement(line).take(tag, text):
                self._pending.doubt_last()
        if len(fields.lines) > done:
            self._pending.add_many(self._statement(int(fields.lines[done])), len(fields.lines) - done)
        self._pending.read(fields.first, fields.second, fields.lines)
        if closes:
            self.close()

    def take(self, fields: Fields, *, closes: bool) -> None:
        """Take the fields of one piece; ``closes``: its last message ends with it."""
        tags, texts, lines = fields.tags, fields.texts, fields.lines
        after_entry = False
        for index, tag in enumerate(tags):
            if tag == "61" and self._payment is None:
                text = texts[index + 1] if tags[index + 1 : index + 2] == ["86"] else ""
                self._pending.add(self._statement(lines[index]), lines[index], texts[index], text)
                after_entry = True
                continue
            if index in fields.headers:
                told = envelope(fields.headers[index])
                self._begin(lines[index], told, tags[index + 1 : index + 6], (tag, texts[index]))
            elif self._payment is not None:
                self._payment[2].append((tag, texts[index]))
            elif not (tag == "86" and after_entry) and not self._statement(lines[index]).take(tag, texts[index]):
                self._pending.doubt_last()
            after_entry = False
        if closes:
            self.close()
        self._pending.flush()

    def _begin(self, line: int, told: Envelope, following: list[str], first: tuple[str, str]) -> None:
        self.close()
        kind = told.message
        if not kind and not _PAYMENT_FIELDS.isdisjoint(following):
            kind = "202" if "21" in following else "103"
            told = Envelope(kind, told.sender, told.receiver, told.uetr, told.refused)
        if kind and kind not in STATEMENTS:
            self._payment = (line, told, [first])
            return
        self._open = Opened(line, told)
        self.statements.append(self._open)
        if ":25:" in first[1]:  # both on one line
            self._open.take("25", first[1].partition(":25:")[2])

    def _statement(self, line: int) -> Opened:
        """The statement that is open; a part of one that lacks its beginning is opened by its first field."""
        if self._open is None:
            self._open = Opened(line, Envelope())
            self.statements.append(self._open)
        return self._open

    def close(self) -> None:
        """The message that is being read has ended."""
        self._open = None
        if self._payment is None:
            return
        line, told, fields = self._payment
        self._payment = None
        if told.refused:
            self.refused += 1
        elif told.message not in PAYMENTS:
            self.others[told.message] += 1
        else:
            self._pay(line, told, fields)

    def _pay(self, line: int, told: Envelope, fields: list[tuple[str, str]]) -> None:
        self._pending.flush()
        self.payments += 1
        try:
            rows = legs(told, fields)
        except BadPayment as problem:
            reason, column, value = problem.args
            self._entries.reject(line, value, reason=reason, column=column)
            return
        self._pending.pay(line, rows)

    def told(self) -> tuple[Statement, ...]:
        """The statements as they are handed on."""
        return tuple(each.told() for each in self.statements)

    def warnings(self) -> list[str]:
        """What was seen that a person should know."""
        made = []
        if self.others:
            kinds = ", ".join(f"{count:,} MT{kind}" for kind, count in sorted(self.others.items()))
            made.append(f"holds messages that carry no bookings this program reads, which are left out: {kinds}.")
        if self.refused:
            made.append(f"{self.refused:,} messages were refused by the network and are left out.")
        unclear = [each for each in self.statements if each.unclear]
        if unclear:
            made.append(f"{len(unclear):,} statements have a balance that cannot be read ({_lines(unclear)}).")
        wrong = [each for each in self.statements if each.miscounted]
        if wrong:
            made.append(
                f"{len(wrong):,} statements count other entries in :90C: and :90D: than they hold ({_lines(wrong)})."
            )
        if self._pending.moved:
            made.append(f"{self._pending.moved:,} value days of 29 or 30 February were read as the last of that month.")
        return made


def _lines(statements: list[Opened]) -> str:
    shown = ", ".join(str(each.line) for each in statements[:10])
    return f"from line {shown}" + (", ..." if len(statements) > 10 else "")
