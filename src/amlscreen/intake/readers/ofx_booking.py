"""One transaction of OFX as an entry: what its elements mean in the words of this program.

Open Financial Exchange 2.3: STMTTRN 11.4.4, TRNTYPE 11.4.4.3, PAYEE 12.5.2.1, investment transactions 13.9.2.4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from amlscreen.intake.readers.money_spelling import plain_amount
from amlscreen.intake.readers.ofx_text import unescaped
from amlscreen.intake.readers.ofx_values import Habits, day_of, instant_of

__all__ = ["TRADES", "Entry", "NotRead", "entry_of", "signed_amount"]

TRADES = frozenset(
    "BUYDEBT BUYMF BUYOPT BUYOTHER BUYSTOCK CLOSUREOPT INCOME INVEXPENSE JRNLFUND JRNLSEC MARGININTEREST REINVEST "
    "RETOFCAP SELLDEBT SELLMF SELLOPT SELLOTHER SELLSTOCK SPLIT TRANSFER".split()
)
"""Transactions in securities; those with a TOTAL exchange money for them inside one account."""


class Entry(NamedTuple):
    """One entry: the columns that OFX fills, as texts; None where it says nothing."""

    institution: str | None
    transaction_id: str | None
    account_id: str | None
    at: str
    value_date: str | None
    direction: str
    amount: str
    currency: str | None
    channel: str | None
    kind: str | None
    narrative: str | None
    counterparty_institution: str | None
    counterparty_account: str | None
    counterparty_phone: str | None
    counterparty_name: str | None
    country: str | None
    message: str
    status: str
    entry_reference: str | None
    bank_code: str | None
    currency_instructed: str | None
    exchange_rate: str | None
    account_currency: str | None


_CHANNELS = {
    "ATM": "atm",
    "POS": "card",
    "CHECK": "cheque",
    "CASH": "cash",
    "XFER": "transfer",
    "PAYMENT": "transfer",
    "DIRECTDEP": "transfer",
    "DIRECTDEBIT": "transfer",
    "REPEATPMT": "transfer",
}
_KINDS = {"INT": "interest", "FEE": "fee", "SRVCHG": "fee"}
_NAMES_A_PARTY = frozenset("CREDIT DEBIT POS XFER PAYMENT DIRECTDEP DIRECTDEBIT REPEATPMT OTHER".split())
_SIDES = {"CREDIT": "credit", "DEP": "credit", "DIRECTDEP": "credit", "DEBIT": "debit", "FEE": "debit"}
_SIDES |= {"SRVCHG": "debit", "CHECK": "debit", "DIRECTDEBIT": "debit", "CASH": "debit", "PAYMENT": "debit"}
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


class NotRead(Exception):
    """An entry that cannot be read: the reason code and the element at fault."""

    def __init__(self, reason: str, element: str) -> None:
        super().__init__(reason, element)
        self.reason = reason
        self.element = element


def signed_amount(text: str | None, habits: Habits) -> Decimal | None:
    """A balance or amount; None where it is missing or cannot be read."""
    plain = plain_amount(text, habits.mark) if text else None
    return Decimal(plain) if plain else None


def entry_of(name: str, said: Mapping[str, str], statement: Mapping[str, str], habits: Habits) -> Entry:
    """The entry for the elements of one transaction, by column; ``NotRead`` if one is missing or cannot be read.

    ``said`` and ``statement`` hold the texts by element, with the aggregate in front (``PAYEE.NAME``).
    """
    amount, plain = _amount(name, said, habits)
    at = instant_of(said.get("DTPOSTED") or said.get("DTTRAN") or said.get("DTTRADE") or "", habits)
    if at is None:
        dated = next((each for each in ("DTPOSTED", "DTTRAN", "DTTRADE") if each in said), None)
        raise NotRead("bad_date" if dated else "missing_required", dated or "DTPOSTED")
    code = name if name in TRADES else said.get("TRNTYPE", "").upper()
    side = "debit" if plain.startswith("-") else "credit"
    if said.get("CORRECTACTION", "").upper() == "DELETE":
        raise NotRead("bad_entry", "CORRECTACTION")  # takes an entry of another download back; no booking of its own
    if not habits.signed and _SIDES.get(code, side) != side:
        raise NotRead("bad_entry", "TRNAMT")  # nothing is negative, so the sign tells no side
    reference = said.get("FITID", "")
    party, narrative = _texts(code, said)
    own = statement.get("CURDEF")
    instructed, rate, used = _changed(said, own)
    return Entry(
        institution=_bic(statement.get("BANKACCTFROM.BANKID")),
        transaction_id=reference.strip("0") and reference,
        account_id=_account(statement),
        at=at,
        value_date=day_of(said["DTAVAIL"]) if "DTAVAIL" in said else None,
        direction=side,
        amount=amount,
        currency=used,
        channel=_CHANNELS.get(code),
        kind=_KINDS.get(code),
        narrative=narrative,
        counterparty_institution=said.get("BANKACCTTO.BANKID"),
        counterparty_account=said.get("BANKACCTTO.ACCTID") or said.get("CCACCTTO.ACCTID"),
        counterparty_phone=said.get("PAYEE.PHONE"),
        counterparty_name=party,
        country=_country(said["PAYEE.COUNTRY"]) if "PAYEE.COUNTRY" in said else None,
        message="OFX",
        status="INFO" if name in TRADES else "PDNG" if name == "STMTTRNP" or code == "HOLD" else "BOOK",
        entry_reference=reference,
        bank_code=code,
        currency_instructed=instructed,
        exchange_rate=rate,
        account_currency=own,
    )


def _amount(name: str, said: Mapping[str, str], habits: Habits) -> tuple[str, str]:
    element = "TOTAL" if name in TRADES else "TRNAMT"
    text = said.get(element)
    if not text:
        raise NotRead("missing_required", element)
    plain = plain_amount(text, habits.mark)
    if plain is None:
        raise NotRead("bad_amount", element)
    return plain.removeprefix("-"), plain


def _changed(said: Mapping[str, str], own: str | None) -> tuple[str | None, str | None, str | None]:
    """The currency instructed, the rate and the currency of the amount.

    CURRENCY says what TRNAMT is in; ORIGCURRENCY what it was in before the bank changed it (section 5.2).
    """
    used = said.get("CURRENCY.CURSYM") or own
    instructed = said.get("ORIGCURRENCY.CURSYM")
    if instructed:
        return instructed, said.get("ORIGCURRENCY.CURRATE"), used
    return None, said.get("CURRENCY.CURRATE") if used != own else None, used


def _texts(code: str, said: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The other side's name and the text. NAME is a description where no other side takes part (interest, cash)."""
    name = said.get("PAYEE.NAME") or said.get("EXTDNAME") or said.get("NAME")
    memo = said.get("MEMO")
    party = unescaped(name) if name and (code in _NAMES_A_PARTY or "PAYEE.NAME" in said) else None
    if name and not party:
        memo = memo if memo and memo.startswith(name) else f"{name} {memo}" if memo else name
    return party, unescaped(memo) if memo else None


def _account(statement: Mapping[str, str]) -> str | None:
    return next((said for each in ("BANK", "CC", "INV") if (said := statement.get(f"{each}ACCTFROM.ACCTID"))), None)


def _bic(bank: str | None) -> str | None:
    """The bank's BIC, if BANKID is one; a routing number of an unnamed scheme tells no bank."""
    return bank if bank and _BIC.fullmatch(bank) else None


@lru_cache(maxsize=1024)
def _country(code: str) -> str | None:
    """ISO 3166-1 alpha-3, as OFX writes it, as alpha-2; None for what is no code."""
    import pycountry

    found = pycountry.countries.get(alpha_3=code.upper()) or pycountry.countries.get(alpha_2=code.upper())
    return str(found.alpha_2) if found else None
