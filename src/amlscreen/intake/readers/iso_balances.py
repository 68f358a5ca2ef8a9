"""The balances of a statement, and whether they bear out its entries."""

from __future__ import annotations

from decimal import Decimal

from amlscreen.intake.readers.iso_stream import Part
from amlscreen.intake.readers.iso_values import amount_of, first, signed
from amlscreen.intake.readers.raw import Statement

__all__ = ["Balances"]

_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)
_CODES = ("Tp/CdOrPrtry/Cd", "Tp/Cd")


class Balances:
    """What a statement says it began and ended with, and what was booked on it.

    Only booked balances prove anything: OPBD, else PRCD (what the statement before closed with), and CLBD. Available
    (OPAV, CLAV) and interim ones (ITBD, ITAV) come to other sums than the entries.
    """

    def __init__(self) -> None:
        self.entries = 0
        self._booked: dict[str, Decimal] = {}
        self._given: dict[str, list[tuple[str, Decimal]]] = {}

    def add(self, values: Part) -> None:
        """A balance. One without a readable amount or side is as good as none."""
        code, side, amount = first(values, _CODES), values.get("CdtDbtInd"), amount_of(values, "Amt")
        if code in {*_OPENING, *_CLOSING} and amount is not None and side in {"CRDT", "DBIT"}:
            given = (values.get("Amt@Ccy", ""), signed(amount, credit=side == "CRDT"))
            self._given.setdefault(code, []).append(given)

    def book(self, amount: Decimal, currency: str) -> None:
        """A booked entry, signed."""
        self._booked[currency] = self._booked.get(currency, Decimal(0)) + amount

    def statement(self, line: int, account: str, number: str, currency: str) -> Statement:
        """The statement as it is told. Its currency is the account's, else the only one of its balances or entries."""
        codes = [code for code in (*_OPENING, *_CLOSING) if code in self._given]
        money = currency or next((self._given[code][0][0] for code in codes), "") or next(iter(self._booked), "")
        opening = next((own[0] for own in (self._in(money, code) for code in _OPENING) if own), None)
        closing = next((own[-1] for own in (self._in(money, code) for code in _CLOSING) if own), None)
        booked = self._booked.get(money, Decimal(0))
        return Statement(line, account or None, number or None, money or None, self.entries, booked, opening, closing)

    def _in(self, currency: str, code: str) -> list[Decimal]:
        return [amount for money, amount in self._given.get(code, ()) if money == currency]
