"""The two sides of a payment as messages name them: debtor and creditor, their accounts and their agents."""

from __future__ import annotations

from dataclasses import dataclass

from amlscreen.intake.readers.iso_stream import Part
from amlscreen.intake.readers.iso_values import account_of, bank_of, first

__all__ = ["Row", "Side", "account_paths", "bank_paths", "other_party"]

Row = dict[str, str]


def account_paths(account: str) -> tuple[str, ...]:
    """Where an account's number stands, by version: IBAN first."""
    return tuple(f"{account}/Id/{each}" for each in ("IBAN", "Othr/Id", "BBAN", "UPIC", "PrtryAcct/Id"))


def bank_paths(agent: str) -> tuple[str, ...]:
    """Where an agent's BIC stands, by version; the last three are the clearing number and its system."""
    bank = f"{agent}/FinInstnId"
    bics = (f"{bank}/BICFI", f"{bank}/BIC", f"{bank}/CmbndId/BIC")
    clearing = f"{bank}/ClrSysMmbId"
    return (*bics, f"{clearing}/MmbId", f"{clearing}/ClrSysId/Cd", f"{clearing}/ClrSysId/Prtry")


@dataclass(frozen=True, slots=True)
class Side:
    """Paths of one side; in camt they lie below ``RltdPties`` and ``RltdAgts``, in payments at the top."""

    account: tuple[str, ...]
    bank: tuple[str, ...]
    name: tuple[str, ...]
    country: tuple[str, ...]
    phone: tuple[str, ...]
    proxy: str
    proxy_kind: str

    @classmethod
    def of(cls, role: str, parties: str = "", agents: str = "") -> Side:
        """The side of ``Dbtr`` or ``Cdtr``. From version 08 of camt on a party stands one level deeper."""
        party, account = f"{parties}{role}", f"{parties}{role}Acct"
        levels = (party, f"{party}/Pty", f"{party}/FinInstnId", f"{party}/Agt/FinInstnId")
        return cls(
            account_paths(account),
            bank_paths(f"{agents}{role}Agt"),
            (*(f"{each}/Nm" for each in levels), f"{party}/FinInstnId/BICFI", f"{party}/FinInstnId/BIC"),
            tuple(f"{each}/{path}" for path in ("PstlAdr/Ctry", "CtryOfRes") for each in levels),
            tuple(f"{each}/CtctDtls/{path}" for path in ("MobNb", "PhneNb") for each in levels[:2]),
            f"{account}/Prxy/Id",
            f"{account}/Prxy/Tp/Cd",
        )


def other_party(values: Part, side: Side) -> Row:
    """What the part says of the other side."""
    row = {
        "counterparty_account": account_of(values, side.account),
        "counterparty_institution": bank_of(values, side.bank),
        "counterparty_name": first(values, side.name),
        "counterparty_phone": first(values, side.phone),
    }
    if values.get(side.proxy_kind) in {"TELE", "MBNO"}:
        row["counterparty_phone"] = values.get(side.proxy, "")
    country = first(values, side.country)
    if len(country) == 2 and country.isalpha():
        row["country"] = country.upper()
    return row
