"""Accounts, banks and phone numbers: what is looked at beside conforming, and counted, but never refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import duckdb

from amlscreen.intake.alike import FILE, Alike
from amlscreen.intake.bank_ids import MAY_BE_IBAN, SHORTEST_IBAN, bic_fails, iban_fails, is_bic
from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conform import Plan
from amlscreen.intake.conform_text import coded
from amlscreen.intake.spelled import different_texts
from amlscreen.intake.sql import literal

__all__ = ["ACCOUNTS", "BANKS", "notice_ids"]

ACCOUNTS = frozenset({"account_id", "counterparty_account"})
BANKS = frozenset({"institution", "counterparty_institution"})
_PHONES = frozenset({"phone", "counterparty_phone"})


def notice_ids(
    connection: duckdb.DuckDBPyConnection, alike: Alike, plan: Plan, columns: Mapping[str, ColumnSpec], relation: str
) -> None:
    """Count what looks like an IBAN or BIC and fails its check, and phone cells with no number or with several."""
    for name, spec in columns.items():
        if spec.constant is not None:
            continue
        if name in ACCOUNTS:
            alike.notice(name, "iban_wrong", _wrong_ibans(connection, plan, name, spec, relation))
        elif name in BANKS:
            texts = different_texts(connection, plan, name, spec, relation)
            if any(is_bic(text) for text in texts):  # else the column holds codes of the bank's own
                alike.notice(name, "bic_wrong", _in_sum(rows for text, rows in texts.items() if bic_fails(text)))
        elif name in _PHONES:
            unreadable, several = _odd_phones(connection, _texts(plan, name, spec, relation))
            alike.notice(name, "phone_unreadable", unreadable)
            alike.notice(name, "phone_several", several)


def _odd_phones(connection: duckdb.DuckDBPyConnection, texts: str) -> tuple[dict[int, int], dict[int, int]]:
    """By file the cells with no number in them, and those with several; each different text is read once."""
    found = connection.execute(
        f"""
        WITH told AS (
            SELECT t, phone_number(t) IS NULL AS none, several_phones(t) AS several
            FROM (SELECT DISTINCT t FROM ({texts}) WHERE t IS NOT NULL)
        )
        SELECT f, count(*) FILTER (none), count(*) FILTER (several)
        FROM ({texts}) JOIN (SELECT * FROM told WHERE none OR several) USING (t) GROUP BY f
        """
    ).fetchall()
    return {int(file): int(none) for file, none, _ in found}, {int(file): int(several) for file, _, several in found}


def _wrong_ibans(
    connection: duckdb.DuckDBPyConnection, plan: Plan, name: str, spec: ColumnSpec, relation: str
) -> Counter[int]:
    found = connection.execute(
        f"SELECT t, f, count(*) FROM ({_texts(plan, name, spec, relation)}) WHERE t >= 'A' "
        f"AND strlen(t) >= {SHORTEST_IBAN} AND regexp_full_match(t, {literal(MAY_BE_IBAN)}) GROUP BY ALL"
    ).fetchall()
    return _in_sum({int(file): int(rows)} for text, file, rows in found if iban_fails(text))


def _in_sum(counts: Iterable[Mapping[int, int]]) -> Counter[int]:
    total: Counter[int] = Counter()
    for each in counts:
        total.update(each)
    return total


def _texts(plan: Plan, name: str, spec: ColumnSpec, relation: str) -> str:
    """SQL for columns ``t``, the texts as conforming reads them, codes apart, and ``f``, the file."""
    scratch = Plan(plan.table, plan.country, plan.types, plan.empty)
    value = coded(scratch, name, spec)
    return f"SELECT {value} AS t, r.{FILE} AS f FROM ({relation}) AS r {' '.join(scratch.joins)}"
