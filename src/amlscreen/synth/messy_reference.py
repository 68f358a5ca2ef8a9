"""The reference tables of the messy export, under the core system's own headers and codes."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amlscreen.synth.messy_codes import PROVINCE, ROLE
from amlscreen.synth.messy_text import Spelling

if TYPE_CHECKING:
    from amlscreen.synth.bank import Bank

__all__ = ["write_reference"]

_SPELLING = Spelling(buddhist=True, thousands=".", decimal=",")
_CODES: Mapping[str, Mapping[str, str]] = {
    "customer_kind": {"person": "I", "entity": "C"},
    "sex": {"female": "F", "male": "M", "other": "X"},
    "id_type": {"id_card": "ID", "family_book": "FB", "passport": "PP", "licence": "LC"},
    "risk_rating": {"low": "1", "medium": "2", "high": "3"},
    "guardian_relationship": {"parent": "PAR", "guardian": "GRD", "other": "OTH", "unknown": "UNK"},
    "status": {"active": "A", "dormant": "D", "blocked": "B", "closed": "X"},
    "role": ROLE,
    "province": PROVINCE,
}
_FILES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "customers": (
        "CIF_MASTER.csv",
        {
            "CIF_NO": "customer_id",
            "CUST_TYPE": "customer_kind",
            "NAME_LAO": "name",
            "NAME_ENG": "name_latin",
            "DOB": "birth_date",
            "SEX": "sex",
            "NATIONALITY": "nationality",
            "OCCUPATION": "occupation",
            "BUSINESS": "sector",
            "EMPLOYER": "employer",
            "INCOME_MTH": "income",
            "PROVINCE": "province",
            "ADDRESS": "address",
            "MOBILE": "phone",
            "EMAIL": "email",
            "ID_TYPE": "id_type",
            "ID_NO": "id_number",
            "ID_EXPIRY": "id_expiry",
            "OPEN_DATE": "onboarded",
            "INTRODUCER": "introducer",
            "RISK": "risk_rating",
            "NEXT_REVIEW": "review_due",
            "PEP": "is_pep",
            "PEP_APPR": "pep_approved",
            "GUARDIAN_CIF": "guardian_id",
            "GUARDIAN_REL": "guardian_relationship",
            "GUARDIAN_DOC": "guardian_verified",
            "LICENSED": "is_licensed",
            "UBO_KNOWN": "beneficial_owner_known",
            "WEALTH": "source_of_wealth",
            "EDD": "edd_done",
            "PERMIT_EXP": "permit_expiry",
            "PERMIT_EMP": "permit_employer",
            "ARRIVED": "arrived",
        },
    ),
    "accounts": (
        "ACCT_MASTER.csv",
        {
            "ACCT_NO": "account_id",
            "CIF_NO": "customer_id",
            "OPEN_DATE": "opened",
            "STATUS": "status",
            "PRODUCT": "product",
            "CCY": "currency",
            "BR": "branch_id",
            "PROVINCE": "province",
            "DECL_TURNOVER": "declared_turnover",
            "MERCHANT": "is_merchant",
            "USE": "declared_purpose",
        },
    ),
    "holdings": (
        "ACCT_CIF_REL.csv",
        {"ACCT_NO": "account_id", "CIF_NO": "customer_id", "REL": "role", "SINCE": "since"},
    ),
    "fx_rates": ("FX_RATE.csv", {"CCY": "currency", "RATE_DATE": "date", "RATE": "rate"}),
    "recalls": (
        "FRAUD_RECALL.csv",
        {
            "RECALL_NO": "recall_id",
            "ACCT_NO": "account_id",
            "REF_NO": "transaction_id",
            "TOLD_AT": "at",
            "REASON": "reason",
        },
    ),
    "logins": (
        "APP_LOGIN.csv",
        {
            "EVENT": "login_id",
            "CIF_NO": "customer_id",
            "EVENT_AT": "at",
            "DEVICE": "device_id",
            "IP": "ip",
            "CTRY": "country",
        },
    ),
    "observations": (
        "BRANCH_NOTE.csv",
        {
            "NOTE_NO": "observation_id",
            "CIF_NO": "customer_id",
            "NOTED_AT": "at",
            "CODE": "code",
            "TELLER": "staff_id",
            "BR": "branch_id",
        },
    ),
    "reports": (
        "STR_FILED.csv",
        {"STR_NO": "report_id", "ABOUT": "subject_kind", "SUBJECT": "subject_id", "FILED": "at", "STATE": "status"},
    ),
    "cases": (
        "CASE_LIST.csv",
        {"CASE_NO": "case_id", "ABOUT": "subject_kind", "SUBJECT": "subject_id", "OPENED": "at", "STATE": "status"},
    ),
    "listed": (
        "WATCH_LIST.csv",
        {"ENTRY": "list_id", "KIND": "kind", "VALUE": "value", "CATEGORY": "category", "SINCE": "since"},
    ),
}


def write_reference(bank: Bank, folder: Path) -> list[Path]:
    """One file for each reference table that the bank's tier has."""
    written = []
    for table, (name, headers) in _FILES.items():
        if table not in bank.tables:
            continue
        path = folder / name
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(headers)
            for row in bank.tables[table].to_pylist():
                writer.writerow([_spelled(column, row[column]) for column in headers.values()])
        written.append(path)
    return written


def _spelled(column: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if column in _CODES:
        return _CODES[column][value]
    for kind, spell in _BY_TYPE:
        if isinstance(value, kind):
            return spell(value)
    return str(value)


_BY_TYPE: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "Y" if value else "N"),
    (dt.datetime, lambda value: f"{_SPELLING.day(value.date())} {value:%H:%M:%S}"),
    (dt.date, _SPELLING.day),
    (Decimal, _SPELLING.amount),
)
