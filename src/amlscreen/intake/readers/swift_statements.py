"""The statement that fields belong to: its account, currency and balances, and whether they bear out its entries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from amlscreen.intake.readers.raw import Statement
from amlscreen.intake.readers.swift_entry import amount_of
from amlscreen.intake.readers.swift_header import Envelope, is_bic, plain_bic

__all__ = ["Opened"]

_BALANCE = re.compile(r"(R?[CD])(?:\d{6})([A-Z]{3})([\d,.]+)")
_LIMIT = re.compile(r"([A-Z]{3})[CD]?[\d,.]*")
_CONTROL = re.compile(r"(\d{1,5})([A-Z]{3})([\d,.]+)")
_GERMAN = re.compile(r"(\d{8})/(\d{1,12})")
_IBAN = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{10,30}")
_OUT_OF_PLACE = frozenset(("13", "13D", "21", "25", "25P", "28", "28C", "60F", "60M"))  # not after an entry


@dataclass(slots=True)
class Opened:
    """A statement that is being read."""

    line: int
    envelope: Envelope
    account: str = ""
    institution: str = ""
    number: str = ""
    currency: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    entries: int = 0
    booked: Decimal = Decimal(0)
    written: bool = False  # some of its entries are, in the currency known then
    late: bool = False  # its currency came after that
    interim: bool = False
    final: bool = False  # the closing balance is the final one
    controls: dict[str, tuple[int, Decimal]] = field(default_factory=dict)  # what :90C: and :90D: count
    counted: dict[str, tuple[int, Decimal]] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)  # tags of fields that could not be read

    @property
    def message(self) -> str:
        """MT940, MT942 or MT950: as the envelope says, else as the fields do."""
        told = self.envelope.message
        return f"MT{told}" if told in ("940", "941", "942", "950") else "MT942" if self.interim else "MT940"

    def take(self, tag: str, text: str) -> bool:
        """Take a field that is no entry; false if it cannot stand after one."""
        first = text.split("\n", 1)[0].strip()
        if tag in _OUT_OF_PLACE and self.entries:
            return False
        if tag in ("25", "25P"):
            self._account(text)
        elif tag in ("28", "28C"):
            self.number = first
        elif tag in ("60F", "60M", "62F", "62M"):
            self._balance(tag, first)
        elif tag == "34F":
            self.interim = True
            found = _LIMIT.match(first)
            self.currency = self.currency or (found[1] if found else "")
        elif tag in ("90C", "90D"):
            self.interim = True
            found, amount = _CONTROL.fullmatch(first), None
            if found is not None and (amount := amount_of(found[3])) is not None:
                self.controls[tag] = (int(found[1]), Decimal(amount))
            else:
                self.unclear.append(tag)
        return True

    def _account(self, text: str) -> None:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        told = lines[0] if lines else ""
        if len(lines) > 1 and is_bic(lines[1]):
            self.institution = plain_bic(lines[1])
        before, slash, after = told.partition("/")
        if slash and is_bic(before):
            self.institution, told = plain_bic(before), after.strip()
        self.account = told

    def _balance(self, tag: str, text: str) -> None:
        found = _BALANCE.fullmatch(text)
        amount = amount_of(found[3]) if found else None
        if found is None or amount is None:
            self.unclear.append(tag)
            return
        signed = Decimal(amount) if found[1] in ("C", "RD") else -Decimal(amount)
        if self.currency and found[2] != self.currency:
            self.unclear.append(tag)
            return
        self.late |= self.written and not self.currency
        self.currency = found[2]
        if tag[:2] == "60":
            self.opening = signed
        elif not self.final:
            self.closing, self.final = signed, tag == "62F"

    @property
    def account_id(self) -> str:
        """The account without the currency some banks write behind it; an IBAN without its blanks."""
        account = self.account
        if self.currency and re.search(rf"[\d ]{self.currency}$", account):
            account = account.removesuffix(self.currency).rstrip()
        if german := self._bankleitzahl():
            account = account.removeprefix(f"{german}/")
        tight = account.replace(" ", "")
        return tight if _IBAN.fullmatch(tight) else account

    @property
    def bank(self) -> str:
        """The bank that keeps the account: as :25: says, else whoever sends the statement."""
        blz = self._bankleitzahl()
        return self.institution or (f"DEBLZ:{blz}" if blz else self.envelope.sender)

    @property
    def german(self) -> bool:
        """Whether the account is kept in Germany, so that a bank of eight digits is a Bankleitzahl."""
        return self._bankleitzahl() != "" or self.account.startswith("DE")

    def _bankleitzahl(self) -> str:
        """The clearing code of ``BLZ/account``, as German banks write :25:; empty for other currencies than theirs."""
        found = _GERMAN.match(self.account) if self.currency in ("EUR", "DEM") else None
        return found[1] if found else ""

    def book(self, direction: str, count: int, total: Decimal) -> None:
        """Count booked entries of one direction; ``total`` is not negative."""
        tag = "90C" if direction == "credit" else "90D"
        self.booked += total if direction == "credit" else -total
        before, told = self.counted.get(tag, (0, Decimal(0)))
        self.counted[tag] = (before + count, told + total)

    @property
    def miscounted(self) -> bool:
        """Whether :90C: or :90D: counts other entries than there are."""
        return any(self.counted.get(tag, (0, Decimal(0))) != told for tag, told in self.controls.items())

    def told(self) -> Statement:
        """The statement as it is handed on."""
        return Statement(
            self.line,
            self.account_id or None,
            self.number or None,
            self.currency or None,
            self.entries,
            self.booked,
            self.opening,
            self.closing,
        )
