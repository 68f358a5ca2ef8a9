"""From one file's records to canonical columns, as one SQL statement that reads the file once.

Every canonical column adds its part to a :class:`Plan`: expressions in five layers (0 texts made clean,
1 spelling checked, 2 values, 3 values that need other values, 4 what those make together) and checks in the order they
are tried. A row that fails a check carries the check's number and the text that failed; nothing is dropped, and nothing
is cast before its spelling was checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from amlscreen.intake.sql import identifier, literal, literals
from amlscreen.intake.vocabulary import Vocabulary
from amlscreen.schema import Column, Table

__all__ = ["Check", "Country", "Plan", "as_text", "count_noticed", "statement"]

WHITE = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(160) || chr(8239) || chr(12288) || chr(65279)"


@dataclass(frozen=True, slots=True)
class Country:
    """What conforming needs from the jurisdiction and the mapping; ``words`` for places are by column."""

    currency: str
    digits: int
    offset_us: int
    region: str | None
    words: Mapping[str, Vocabulary] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that sends a row to quarantine, why, and the text that is shown."""

    condition: str
    reason: str
    column: str
    shown: str


@dataclass(slots=True)
class Plan:
    """The statement for one file and table, in the making."""

    table: Table
    country: Country
    types: Mapping[str, str]
    empty: tuple[str, ...] = ()
    spelled: dict[str, str] = field(default_factory=dict)
    layers: tuple[dict[str, str], ...] = field(default_factory=lambda: ({}, {}, {}, {}, {}))
    joins: list[str] = field(default_factory=list)
    late_joins: list[str] = field(default_factory=list)
    late: dict[str, str] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    final: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    counted: list[tuple[str, str, str]] = field(default_factory=list)

    def type_of(self, column: str) -> str:
        """The DuckDB type of a column of the file."""
        return self.types[column]

    def raw(self, column: str) -> str:
        """The file's own value, for the lowest layer."""
        return f"r.{identifier(column)}"

    def shown(self, *columns: str) -> str:
        """The file's own values as text, for the layers above: what quarantine shows."""
        parts = []
        for column in columns:
            self.seen.setdefault(f"raw:{column}", self.raw(column))
            parts.append(f"CAST({identifier(f'raw:{column}')} AS VARCHAR)")
        return parts[0] if len(parts) == 1 else f"concat_ws(' | ', {', '.join(parts)})"

    def text(self, column: str, find: str | None = None) -> str:
        """A column of the file as text: trimmed, NFC, NULL where it is empty or stands for nothing.

        With ``find`` only what that expression finds, or its first group.
        """
        clean = _clean(as_text(self.raw(column), self.type_of(column)), self.type_of(column))
        if find is not None:
            group = 1 if re.compile(find).groups else 0
            clean = f"nullif(trim(regexp_extract({clean}, {literal(find)}, {group})), '')"
        return f"CASE WHEN {clean} IN ({literals(self.empty)}) THEN NULL ELSE {clean} END" if self.empty else clean

    def refuse(self, condition: str, reason: str, column: str, shown: str) -> None:
        """Quarantine rows for which the condition is true."""
        self.checks.append(Check(condition, reason, column, shown))

    def require(self, column: Column, shown: str = "NULL") -> None:
        """Quarantine rows in which a required column came out empty."""
        if column.required:
            self.refuse(f"{identifier(column.name)} IS NULL", "missing_required", column.name, shown)


def statement(plan: Plan, relation: str) -> str:
    """The SELECT that conforms files: row_id, file_no, record, the plan's final columns, problem, problem_value.

    The relation has ``__row``, ``__file`` and ``__record`` beside the columns of the files.
    """
    shown = " ".join(f"WHEN {no} THEN {check.shown}" for no, check in enumerate(plan.checks, start=1))
    value = f"CASE problem {shown} END" if plan.checks else "NULL::VARCHAR"
    head = {"row_id": "row_id", "file_no": "file_no", "record": "record"}
    final = {**head, **plan.final, "problem": "problem", "problem_value": value}
    return f"{_select(final)} FROM ({_checked(plan, relation)}) AS l"


def count_noticed(plan: Plan, relation: str) -> str:
    """The SELECT that counts by file the sound rows that are as each of ``plan.counted`` (column, code, SQL) says."""
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for _, _, condition in plan.counted)
    return f"SELECT file_no, {counts} FROM ({_checked(plan, relation)}) AS l WHERE problem = 0 GROUP BY file_no"


def _checked(plan: Plan, relation: str) -> str:
    """Every layer of the plan, and ``problem``: the number of the first check that fails, or 0."""
    head = {"record": 'r."__record"', "row_id": 'r."__row"', "file_no": 'r."__file"'}
    bottom = _select({**head, **plan.seen, **plan.layers[0]})
    sql = f"{bottom} FROM ({relation}) AS r {' '.join(plan.joins)}"
    for layer in plan.layers[1:]:
        if layer:
            sql = f"SELECT *, {_aliased(layer)} FROM ({sql}) AS l"
    if plan.late_joins:
        sql = f"SELECT l.*, {_aliased(plan.late)} FROM ({sql}) AS l {' '.join(plan.late_joins)}"
    number = " ".join(f"WHEN {check.condition} THEN {no}" for no, check in enumerate(plan.checks, start=1))
    problem = f"CASE {number} ELSE 0 END::UTINYINT" if plan.checks else "0::UTINYINT"
    return f"SELECT *, {problem} AS problem FROM ({sql}) AS l"


def _select(columns: Mapping[str, str]) -> str:
    return f"SELECT {_aliased(columns)}"


def _aliased(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} AS {identifier(name)}" for name, sql in columns.items())


def as_text(raw: str, kind: str) -> str:
    """SQL for a value as text; whole numbers that a file holds as floating point come without ``.0``."""
    if kind in {"DOUBLE", "FLOAT"}:
        whole = f"{raw} = round({raw}) AND abs({raw}) < 1e15"
        return f"CASE WHEN {whole} THEN CAST(CAST({raw} AS BIGINT) AS VARCHAR) ELSE CAST({raw} AS VARCHAR) END"
    return raw if kind == "VARCHAR" else f"CAST({raw} AS VARCHAR)"


def _clean(text: str, kind: str) -> str:
    if kind not in {"VARCHAR", "JSON"} and not kind.startswith("ENUM"):
        return text
    ends = " AND ".join(f"NOT suffix({text}, {each})" for each in (literal(" "), "chr(9)", "chr(13)", "chr(10)"))
    tidy = f"{text} >= '!' AND strlen({text}) = length({text}) AND {ends}"
    return f"CASE WHEN {tidy} THEN {text} ELSE nullif(trim(nfc_normalize({text}), {WHITE}), '') END"
