"""Payment messages MT103 and MT202 (COV) as bookings: one for each account they name, at the bank that keeps it.

MT103: the ordering customer's account (:50a:) is debited at its bank (:52a:, else the sender), the beneficiary's
(:59a:) credited at its own (:57a:, else the receiver). MT202: the same of the banks' accounts in :52a: and :58a:. Both
legs have the amount and the value day of :32A: and share the reference of :20:.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from amlscreen.intake.readers.swift_details import unwrapped
from amlscreen.intake.readers.swift_entry import amount_of, day_of
from amlscreen.intake.readers.swift_header import Envelope, is_bic, plain_bic

__all__ = ["BadPayment", "legs"]

_SETTLED = re.compile(r"(\d{6})([A-Z]{3})([\d,.]+)")
_AMOUNT = re.compile(r"([A-Z]{3})([\d,.]+)")
_NUMBERED = re.compile(r"([1-8])/(.*)")


class BadPayment(Exception):
    """A message without what its standard demands; its arguments are the reason, the column and what it says."""


@dataclass(frozen=True, slots=True)
class _Party:
    """A party as fields 50 to 59 name it; empty where they do not."""

    account: str = ""
    bic: str = ""
    name: str = ""
    country: str = ""


def legs(envelope: Envelope, fields: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """The bookings a message holds, by column; BadPayment if it lacks what they need."""
    first = dict(reversed(fields))
    settled = _SETTLED.fullmatch(first.get("32A", "").split("\n", 1)[0].strip())
    day = day_of(settled[1]) if settled else None
    amount = amount_of(settled[3]) if settled else None
    reference = first.get("20", "").split("\n", 1)[0].strip()
    if settled is None or day is None or amount is None or not reference:
        raise BadPayment("bad_entry", None, first.get("32A", ""))
    told = {
        "at": day.isoformat(),
        "value_date": day.isoformat(),
        "amount": amount,
        "currency": settled[2],
        "transaction_id": reference,
        "entry_reference": reference,
        "end_to_end_id": envelope.uetr.lower(),
        "channel": "wire",
        "message": f"MT{envelope.message}",
        "statement": reference,
        "bank_code": first.get("23B", "").strip(),
        "exchange_rate": first.get("36", "").strip().replace(",", ".").rstrip("."),
        **_instructed(first.get("33B", "")),
    }
    made = _customer_legs(envelope, first) if envelope.message == "103" else _bank_legs(envelope, fields)
    if not made:
        raise BadPayment("missing_required", "account_id", reference)
    return [{name: value for name, value in (told | leg).items() if value} for leg in made]


def _customer_legs(envelope: Envelope, first: dict[str, str]) -> list[dict[str, str]]:
    payer, payee = _party(first, "50"), _party(first, "59")
    payer_bank, payee_bank = _bank(first, "52", envelope.sender), _bank(first, "57", envelope.receiver)
    text = unwrapped(first.get("70", "")) or unwrapped(first.get("72", ""))
    return _both(payer, payer_bank, payee, payee_bank, {"narrative": text})


def _bank_legs(envelope: Envelope, fields: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """The legs of MT202; what comes from :50a: on is the customers' payment that a cover (COV) tells of."""
    at = next((index for index, (tag, _) in enumerate(fields) if tag in ("50A", "50F", "50K")), len(fields))
    own = dict(reversed(fields[:at]))
    cover = dict(reversed(fields[at:]))
    payer, payee = _party(own, "52"), _party(own, "58")
    text = unwrapped(cover.get("70", "")) or unwrapped(own.get("72", ""))
    sender = payer.bic or envelope.sender
    made = _both(payer, envelope.sender, payee, _bank(own, "57", envelope.receiver), {"narrative": text})
    behind = {"debit": _party(cover, "59").name, "credit": _party(cover, "50").name}
    for leg in made:
        leg["kind"] = "bank"
        leg["ultimate_party"] = behind[leg["direction"]]
        if leg["direction"] == "credit":
            leg["counterparty_institution"] = sender
    return made


def _both(payer: _Party, payer_bank: str, payee: _Party, payee_bank: str, told: dict[str, str]) -> list[dict[str, str]]:
    made = []
    sides = (("debit", payer, payer_bank, payee, payee_bank), ("credit", payee, payee_bank, payer, payer_bank))
    for direction, own, bank, other, other_bank in sides:
        if own.account:
            made.append(
                told
                | {
                    "direction": direction,
                    "account_id": own.account,
                    "account_name": own.name,
                    "institution": bank,
                    "counterparty_account": other.account,
                    "counterparty_name": other.name or other.bic,
                    "counterparty_institution": other_bank,
                    "country": other.country,
                }
            )
    return made


def _bank(first: dict[str, str], number: str, otherwise: str) -> str:
    """The BIC of the bank in :52a: or :57a:; the other party to the message if there is no such field."""
    told = [tag for tag in first if tag[:2] == number and tag != number]
    return otherwise if not told else _party(first, number).bic


def _party(first: dict[str, str], number: str) -> _Party:
    """The party in field 50, 52, 57, 58 or 59, whichever of its forms is used."""
    tag = next((tag for tag in first if tag[:2] == number), None)
    if tag is None:
        return _Party()
    lines = [line.strip() for line in first[tag].split("\n") if line.strip()]
    account = ""
    if lines and lines[0].startswith("/"):
        account = lines.pop(0)[1:]
        account = "" if account.startswith("/") or account == "-" else account
        if account[:2] in ("C/", "D/") and number in ("52", "57", "58"):
            account = account[2:]
    elif lines and tag == "50F":
        lines.pop(0)  # an identity document instead of an account
    bic = plain_bic(lines[0]) if lines and is_bic(lines[0]) and tag[2:] not in ("K", "F", "D") else ""
    if tag in ("50F", "59F"):
        return _numbered(account, lines)
    return _Party(account, bic, "" if bic else (lines[0] if lines else ""))


def _numbered(account: str, lines: list[str]) -> _Party:
    """Options 50F and 59F: ``1/name``, ``2/address``, ``3/country/town``."""
    found = [numbered for line in lines if (numbered := _NUMBERED.fullmatch(line))]
    name = " ".join(each[2] for each in found if each[1] == "1")
    country = next((each[2][:2] for each in found if each[1] == "3"), "")
    return _Party(account, "", name, country if country.isalpha() else "")


def _instructed(text: str) -> dict[str, str]:
    found = _AMOUNT.fullmatch(text.split("\n", 1)[0].strip())
    amount = amount_of(found[2]) if found else None
    return {"currency_instructed": found[1], "amount_instructed": amount} if found and amount else {}
