"""Accounts, banks and phone numbers: what is looked at beside conforming, and counted, but never refused."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from amlscreen.intake.bank_ids import MAY_BE_IBAN, SHORTEST_IBAN, bic_fails, iban_fails, is_bic
from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conform import Plan
from amlscreen.intake.conform_text import coded
from amlscreen.intake.part import Part
from amlscreen.intake.spelled import different_texts
from amlscreen.intake.sql import literal

__all__ = ["ACCOUNTS", "BANKS", "notice_ids"]

ACCOUNTS = frozenset({"account_id", "counterparty_account"})
BANKS = frozenset({"institution", "counterparty_institution"})
_PHONES = frozenset({"phone", "counterparty_phone"})


def notice_ids(
    connection: duckdb.DuckDBPyConnection, part: Part, plan: Plan, columns: Mapping[str, ColumnSpec], relation: str
) -> None:
    """Count what looks like an IBAN or BIC and fails its check, and phone cells with no number or with several."""
    for name, spec in columns.items():
        if spec.constant is not None:
            continue
        if name in ACCOUNTS:
            part.notice(name, "iban_wrong", _wrong_ibans(connection, plan, name, spec, relation))
        elif name in BANKS:
            texts = different_texts(connection, plan, name, spec, relation)
            if any(is_bic(text) for text in texts):  # else the column holds codes of the bank's own
                part.notice(name, "bic_wrong", sum(rows for text, rows in texts.items() if bic_fails(text)))
        elif name in _PHONES:
            grouped = _texts(plan, name, spec, relation)
            found = connection.execute(
                "SELECT coalesce(sum(n) FILTER (phone_number(t) IS NULL), 0), "
                "coalesce(sum(n) FILTER (several_phones(t)), 0) "
                f"FROM (SELECT t, count(*) AS n FROM ({grouped}) WHERE t IS NOT NULL GROUP BY t)"
            ).fetchall()[0]
            part.notice(name, "phone_unreadable", int(found[0]))
            part.notice(name, "phone_several", int(found[1]))


def _wrong_ibans(connection: duckdb.DuckDBPyConnection, plan: Plan, name: str, spec: ColumnSpec, relation: str) -> int:
    found = connection.execute(
        f"SELECT t, count(*) FROM ({_texts(plan, name, spec, relation)}) WHERE t >= 'A' "
        f"AND strlen(t) >= {SHORTEST_IBAN} AND regexp_full_match(t, {literal(MAY_BE_IBAN)}) GROUP BY t"
    ).fetchall()
    return sum(int(rows) for text, rows in found if iban_fails(text))


def _texts(plan: Plan, name: str, spec: ColumnSpec, relation: str) -> str:
    """SQL for column ``t``: the texts as conforming reads them, codes apart."""
    scratch = Plan(plan.table, plan.country, plan.types, plan.empty)
    value = coded(scratch, name, spec)
    return f"SELECT {value} AS t FROM ({relation}) AS r {' '.join(scratch.joins)}"
