"""The tags of OFX in their order, turned into statements and entries without keeping the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.entries import EntryWriter
from amlscreen.intake.readers.ofx_booking import TRADES, Entry, NotRead, entry_of, signed_amount
from amlscreen.intake.readers.ofx_text import STEP
from amlscreen.intake.readers.ofx_values import Habits
from amlscreen.intake.readers.raw import Statement

__all__ = ["Reading"]

_BATCH = 10_000
_MANY = 10_000
_STATEMENTS = frozenset(("STMTRS", "CCSTMTRS", "INVSTMTRS"))
_BOOKINGS = frozenset(("STMTTRN", "STMTTRNP"))
_LISTS = frozenset(("BANKTRANLIST", "BANKTRANLISTP", "INVTRANLIST", "OFX"))
_PARTS = frozenset(
    "PAYEE BANKACCTTO CCACCTTO CURRENCY ORIGCURRENCY BANKACCTFROM CCACCTFROM INVACCTFROM LEDGERBAL AVAILBAL BAL "
    "INVPOS INVBAL INV401KBAL SECINFO OO XFERINFO".split()
)
_ORDERS = frozenset(("INTRARS", "INTERRS", "PMTRS", "RECINTRARS", "RECPMTRS"))
_KNOWN = {
    **dict.fromkeys(_STATEMENTS, "statement"),
    **dict.fromkeys(_BOOKINGS | TRADES, "booking"),
    **dict.fromkeys(_LISTS, "list"),
    **dict.fromkeys(_PARTS, "part"),
    **dict.fromkeys(_ORDERS, "order"),
}
_ONCE = ("TRNAMT", "DTPOSTED", "FITID")


@dataclass(slots=True)
class _Open:
    """A statement that is being read."""

    line: int
    said: dict[str, str] = field(default_factory=dict)
    entries: int = 0
    booked: Decimal = Decimal(0)


class Reading:
    """Takes the pieces of a file one list after the other; keeps one batch of entries and one line per statement."""

    def __init__(self, writer: EntryWriter, habits: Habits, place: Place) -> None:
        self.statements: list[Statement] = []
        self.seen: Counter[str] = Counter()
        self.closed = False
        self._writer, self._habits, self._place = writer, habits, place
        self._line = 1
        self._statement: _Open | None = None
        self._booking: str | None = None
        self._began = 0
        self._said: dict[str, str] = {}
        self._part = ""
        self._batch: list[Entry] = []
        self._lines: list[int] = []

    def take(self, pieces: Sequence[str]) -> None:
        """The next tags, as ``tag_pieces`` gives them."""
        self._line += pieces[0].count("\n")
        for at in range(1, len(pieces), STEP):
            end, name, _, text = pieces[at : at + STEP]
            name = name.upper()
            known = _KNOWN.get(name)
            if known is not None:
                self._aggregate(known, name, ends=bool(end))
            elif not end and (value := text.strip()):
                self._element(self._part + name, value)
            self._line += text.count("\n")

    def finish(self) -> None:
        """The end of the file; DataError if it was cut short."""
        if self._booking and not self.closed:
            self._refuse("bad_entry", None)
        if self._statement is not None and not self.closed:
            raise DataError(
                "ends inside a statement, so it was cut short.", place=self._place, fix="Export or download it again."
            )
        self._end_statement()
        self._flush()

    def _element(self, name: str, value: str) -> None:
        if self._booking is not None:
            if name not in self._said:
                self._said[name] = value
            elif name in _ONCE and self._said[name] != value:
                self._said["TWICE"] = name
            elif name == "MEMO":
                self._said[name] += " " + value
        elif self._statement is not None:
            self._statement.said.setdefault(name, value)
        elif name == "CODE" and value != "0":
            self.seen[f"code {value[:20]}"] += 1

    def _aggregate(self, known: str, name: str, *, ends: bool) -> None:
        if known == "part":
            self._part = "" if ends else name + "."
            return
        self._part = ""
        if known == "order":
            self.seen["orders"] += not ends
            return
        self._end_booking()
        if known == "booking" and not ends:
            self._booking, self._began, self._said = name, self._line, {}
        elif known == "statement":
            self._end_statement()
            if not ends:
                self._statement = _Open(self._line)
        elif name == "OFX" and ends:
            self.closed = True

    def _end_booking(self) -> None:
        if self._booking is None:
            return
        name, self._booking = self._booking, None
        if name in TRADES and "TOTAL" not in self._said:
            self.seen["without money"] += 1
            return
        statement = self._statement or _Open(self._began)
        try:
            if "TWICE" in self._said:
                raise NotRead("bad_entry", self._said["TWICE"])  # an end tag is missing: two entries run into one
            entry = entry_of(name, self._said, statement.said, self._habits)
        except NotRead as problem:
            self._refuse(problem.reason, problem.element)
            return
        self._count(entry, statement)
        self._batch.append(entry)
        self._lines.append(self._began)
        if len(self._lines) >= _BATCH:
            self._flush()

    def _count(self, entry: Entry, statement: _Open) -> None:
        statement.entries += 1
        if entry.status == "BOOK" and entry.currency == entry.account_currency:
            amount = Decimal(entry.amount)
            statement.booked += amount if entry.direction == "credit" else -amount
        elif entry.status == "INFO":
            self.seen["trades"] += 1
        if "CORRECTFITID" in self._said:
            self.seen["corrections"] += 1
        if len(entry.at) == 19:
            self.seen["no zone"] += 1

    def _refuse(self, reason: str, element: str | None) -> None:
        self._flush()
        self.seen["refused"] += 1
        said = " ".join(f"<{name}>{value}" for name, value in self._said.items() if name != "TWICE")
        self._writer.reject(self._began, said, reason=reason, column=element)
        if self.seen["refused"] > _MANY and self.seen["refused"] * 5 > self._writer.rows:
            place = Place(self._place.file, self._began)
            raise DataError("holds mostly entries that are not as OFX demands.", place=place)

    def _flush(self) -> None:
        self._writer.write(self._lines, dict(zip(Entry._fields, zip(*self._batch, strict=True), strict=False)))
        self._lines, self._batch = [], []

    def _end_statement(self) -> None:
        if self._statement is None:
            return
        one, self._statement = self._statement, None
        account = next((said for name, said in one.said.items() if name.endswith("ACCTFROM.ACCTID")), None)
        closing = signed_amount(one.said.get("LEDGERBAL.BALAMT"), self._habits)
        currency = one.said.get("CURDEF")
        self.statements.append(Statement(one.line, account, None, currency, one.entries, one.booked, None, closing))
