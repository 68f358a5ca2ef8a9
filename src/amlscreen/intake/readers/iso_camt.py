"""Statements, reports and notifications (camt.053, 052, 054): their entries as rows, their balances as statements."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from amlscreen.intake.readers.iso_balances import Balances
from amlscreen.intake.readers.iso_entry import Entry, rows_of
from amlscreen.intake.readers.iso_parties import Row, account_paths, bank_paths
from amlscreen.intake.readers.iso_rows import Rows
from amlscreen.intake.readers.iso_stream import Part
from amlscreen.intake.readers.iso_values import account_of, amount_of, bank_of, day_of, first, instant_of, signed
from amlscreen.intake.readers.raw import Statement

__all__ = ["Statements"]

_ACCOUNT, _BANK = account_paths("Acct"), bank_paths("Acct/Svcr")
_NAME = ("Acct/Nm", "Acct/Ownr/Nm", "Acct/Ownr/Pty/Nm")
_DIRECTIONS = {"CRDT": "credit", "DBIT": "debit"}
_MOST_DETAILS = 200_000
_MOST_HELD = 200_000_000  # characters


class Statements:
    """Takes the parts of camt messages in the order of the file and hands rows on. ``told`` counts what is odd."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.done: list[Statement] = []
        self.told: Counter[str] = Counter()
        self.message = ""
        self._base: Row | None = None
        self._balances = Balances()
        self._details: list[Part] = []
        self._held = 0

    def detail(self, values: Part) -> None:
        """A detail of the entry that is being read. Beyond all measure they are not kept, only known to be there."""
        self._held += sum(map(len, values.values()))
        if len(self._details) <= _MOST_DETAILS and self._held <= _MOST_HELD:
            self._details.append(values)

    def balance(self, values: Part) -> None:
        """A balance of the statement that is being read."""
        self._balances.add(values)

    def entry(self, statement: Part, values: Part, line: int) -> None:
        """An entry has ended: its rows go out, or it is set aside."""
        base = self._base or self._describe(statement)
        details, complete = self._details, len(self._details) <= _MOST_DETAILS and self._held <= _MOST_HELD
        self._details, self._held = [], 0
        self._balances.entries += 1
        amount, direction = amount_of(values, "Amt"), _DIRECTIONS.get(values.get("CdtDbtInd", ""))
        currency = values.get("Amt@Ccy") or base["account_currency"]
        if amount is None or not currency:
            self._rows.reject(line, values.get("Amt", ""), column="currency" if amount else "amount")
            return
        if direction is None or "CdtDbtInd+" in values:
            self._rows.reject(line, values.get("CdtDbtInd", ""), column="direction")
            return
        row = {**base, "amount": amount, "currency": currency, "direction": direction, **self._when(values)}
        row["status"] = first(values, ("Sts/Cd", "Sts", "Sts/Prtry"))
        credit = direction == "credit"
        if row["status"] in {"BOOK", ""}:
            self._balances.book(signed(amount, credit=credit), currency)
        entry = Entry(row, values, Decimal(amount), credit, details, complete)
        for made in rows_of(entry, self._count):
            self._rows.add(line, made)

    def end(self, values: Part, line: int) -> None:
        """A statement has ended."""
        base = self._base or self._describe(values)
        told = values.get("TxsSummry/TtlNtries/NbOfNtries", "")
        if told.isdigit() and int(told) != self._balances.entries:
            self.told["counts"] += 1
        if values.get("StmtPgntn/LastPgInd", values.get("RptPgntn/LastPgInd")) == "false":
            self.told["pages"] += 1
        made = self._balances.statement(line, base["account_id"], base["statement"], base["account_currency"])
        self.done.append(made)
        self._base, self._balances = None, Balances()

    def _count(self, what: str) -> None:
        self.told[what] += 1

    def _describe(self, values: Part) -> Row:
        """The columns that all entries of a statement share; the standard puts its account before its entries."""
        self._base = {
            "institution": bank_of(values, _BANK),
            "account_id": account_of(values, _ACCOUNT),
            "account_currency": values.get("Acct/Ccy", ""),
            "account_name": first(values, _NAME),
            "message": self.message,
            "statement": values.get("Id", ""),
        }
        return self._base

    def _when(self, values: Part) -> Row:
        booked, valued = instant_of(values, "BookgDt"), day_of(values, "ValDt")
        if not booked and valued:
            self.told["undated"] += 1
        return {"at": booked or valued, "value_date": valued}
