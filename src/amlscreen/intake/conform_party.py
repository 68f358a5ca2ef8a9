"""The counterparty of a transaction, as part of a :class:`~amlscreen.intake.conform.Plan`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from amlscreen.intake.conform import Plan
from amlscreen.intake.sql import identifier, literal, literals

__all__ = ["add_counterparty"]

_GIVEN = r"^(account|phone|wallet|name|pooled):"


def add_counterparty(plan: Plan, pooled: Mapping[str, Sequence[str]], listed: Mapping[str, Sequence[str]]) -> None:
    """Final ``counterparty`` and ``counterparty_kind`` from whatever of the other side the file gives.

    A key the file gives stays as it is. ``pooled`` are regular expressions by column, ``listed`` exact values.
    """
    have = plan.final
    key, kind = have.get("counterparty"), have.get("counterparty_kind")
    account, phone, name = (have.get(f"counterparty_{part}") for part in ("account", "phone", "name"))
    bank = (
        f"bank_key(coalesce({have['counterparty_institution']}, institution))"
        if "counterparty_institution" in have
        else "bank_key(institution)"
    )
    keys, kinds = [], []
    if key:
        given = f"regexp_extract({key}, {literal(_GIVEN)}, 1)"
        keys.append((f"{key} IS NOT NULL", key))
        kinds.append((f"{key} IS NOT NULL", f"CASE WHEN {given} = '' THEN 'name' ELSE {given} END"))
    for kind_name, value, made in (
        ("account", account, f"'account:' || {bank} || '/' || account_key({account})"),
        ("phone", phone, f"'phone:' || phone_key({phone})"),
        ("name", name, f"'name:' || name_key({name})"),
    ):
        if value:
            keys.append((f"{value} IS NOT NULL", made))
            kinds.append((f"{value} IS NOT NULL", literal(kind_name)))
    plan.layers[3]["party_key"] = _case(keys)
    plan.layers[3]["party_kind"] = _case(kinds)
    final_key, final_kind = "party_key", f"coalesce({kind}::VARCHAR, party_kind)" if kind else "party_kind"
    pool = _pooled(have, pooled, listed)
    if pool:
        final_kind = f"CASE WHEN {pool} THEN 'pooled' ELSE {final_kind} END"
    final_kind = f"CASE WHEN party_key IS NOT NULL THEN {final_kind} END"
    renamed = f"CASE WHEN {final_kind} = 'pooled' THEN 'pooled:' || regexp_replace(party_key, {literal(_GIVEN)}, '')"
    if pool or kind:
        final_key = f"{renamed} ELSE party_key END"
    plan.final["counterparty"] = final_key
    plan.final["counterparty_kind"] = f"CAST({final_kind} AS counterparty_kind)"


def _case(branches: Sequence[tuple[str, str]]) -> str:
    if not branches:
        return "NULL::VARCHAR"
    return "CASE " + " ".join(f"WHEN {condition} THEN {value}" for condition, value in branches) + " END"


def _pooled(
    have: Mapping[str, str], pooled: Mapping[str, Sequence[str]], listed: Mapping[str, Sequence[str]]
) -> str | None:
    tests = []
    for column, patterns in pooled.items():
        if column in have and patterns:
            whole = "|".join(f"(?:{pattern})" for pattern in patterns)
            tests.append(f"coalesce(regexp_matches({have[column]}, {literal(whole)}, 'i'), FALSE)")
    for column, values in listed.items():
        if column in have and values:
            folded = literals(sorted({value.strip().casefold() for value in values}))
            tests.append(f"coalesce(lower({identifier(column)}) IN ({folded}), FALSE)")
    return "(" + " OR ".join(tests) + ")" if tests else None
