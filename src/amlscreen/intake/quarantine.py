"""Rows that were not accepted: which, where they stand, and why."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from amlscreen.errors import DataError
from amlscreen.intake.births import IMPOSSIBLE_BIRTH
from amlscreen.intake.duplicates import CONFLICT, DUPLICATE
from amlscreen.intake.part import Part
from amlscreen.intake.reasons import REASONS
from amlscreen.schema import TABLES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Quarantine", "count_problems", "gather", "set_aside", "too_many_aside"]

_TEXTS = ("file", "table", "column", "reason", "value", "message")
_COLUMNS = ("file", "line", "record", "table", "column", "reason", "value", "message")
_SCHEMA = pa.schema([pa.field(name, pa.string() if name in _TEXTS else pa.int64()) for name in _COLUMNS])
_LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Every row that stood aside. ``table`` has file, line, record, table, column, reason, value and message."""

    table: pa.Table
    read: int

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def summary(self) -> pd.DataFrame:
        """By reason and column: rows, share of all rows read, and where the first stands, its value masked."""
        import pandas as pd

        groups: dict[tuple[str, str], list[dict[str, object]]] = {}
        for row in self.table.to_pylist():
            groups.setdefault((row["reason"], row["column"] or ""), []).append(row)
        return pd.DataFrame(
            [
                {
                    "reason": reason,
                    "column": column,
                    "rows": len(rows),
                    "share": len(rows) / max(self.read, 1),
                    "first_example": f"{rows[0]['file']}:{rows[0]['line']} {masked(rows[0]['value'])}".rstrip(),
                }
                for (reason, column), rows in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
            ],
            columns=["reason", "column", "rows", "share", "first_example"],
        )


def masked(value: object) -> str:
    """The shape of a text without what it says: letters and their marks become ``a``, digits ``9``.

    >>> masked("31/02/2026")
    '99/99/9999'
    """
    if value is None:
        return ""
    return "".join("9" if each.isdigit() else "a" if _is_letter(each) else each for each in str(value))[:40]


def _is_letter(character: str) -> bool:
    """Vowels and tones of Lao and Thai are marks beside their letter, and say as much."""
    return character.isalpha() or unicodedata.category(character).startswith("M")


def set_aside(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Write the rows of ``staged_<table>`` that failed a check into ``aside_<table>``."""
    connection.execute(
        f"INSERT INTO aside_{table} SELECT row_id, file_no, record, problem, problem_value "
        f"FROM staged_{table} WHERE problem > 0"
    )


def count_problems(connection: duckdb.DuckDBPyConnection, part: Part) -> Counter[tuple[str, str]]:
    """How many of a part's rows stand aside, by reason and column; rejected records of the reader included."""
    counts: Counter[tuple[str, str]] = Counter((row.reason, row.column or "") for row in part.raw.rejected)
    found = connection.execute(
        f"SELECT problem, count(*) FROM aside_{part.table} WHERE file_no = {part.file_no} "
        f"AND problem <> {DUPLICATE} GROUP BY problem"
    ).fetchall()
    for problem, count in found:
        counts[_why(part, problem)] += count
    return counts


def too_many_aside(
    parts: Sequence[Part], counts: Mapping[int, Counter[tuple[str, str]]], most: float
) -> DataError | None:
    """The error if more than the share ``most`` of the rows stands aside, in one file or in all."""
    over = []
    for part in parts:
        aside, read = sum(counts[part.file_no].values()), part.raw.records - part.excluded
        if aside > most * read:
            over.append(f"{part.name}: {aside:,} of {read:,} rows ({_reasons(counts[part.file_no])})")
    aside = sum(sum(each.values()) for each in counts.values())
    read = sum(part.raw.records - part.excluded for part in parts)
    if not over and aside > most * read:
        total = sum(counts.values(), Counter[tuple[str, str]]())
        over.append(f"all files together: {aside:,} of {read:,} rows ({_reasons(total)})")
    if not over:
        return None
    more = f" and {len(over) - 5} more files" if len(over) > 5 else ""
    return DataError(
        f"Too many rows stand aside (more than {most:.2%}): {'; '.join(over[:5])}{more}.",
        fix=_mending(sum(counts.values(), Counter[tuple[str, str]]())),
    )


def _mending(counts: Counter[tuple[str, str]]) -> str:
    """What most of these rows want."""
    ((reason, _), _), *_ = counts.most_common(1)
    if reason == "fx_missing":
        return "Give the rates of those days as the table fx_rates: date, currency, rate to the home currency."
    return "Correct the mapping or the export, or raise `most_quarantined`. `amlscreen check` lists the rows."


def gather(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> Quarantine:
    """Every row that stood aside, by file order and record."""
    tables = [_of_part(connection, part) for part in parts]
    read = sum(part.raw.records - part.excluded for part in parts)
    return Quarantine(pa.concat_tables(tables) if tables else _SCHEMA.empty_table(), read)


def _of_part(connection: duckdb.DuckDBPyConnection, part: Part) -> pa.Table:
    found = connection.execute(
        f"SELECT record, problem, problem_value FROM aside_{part.table} WHERE file_no = {part.file_no} "
        f"AND problem <> {DUPLICATE}"
    ).fetchall()
    lines = part.raw.line_of([record for record, _, _ in found]) if found else {}
    rows = [(record, lines.get(record), *_why(part, problem), value) for record, problem, value in found]
    rows += [(row.record, row.line, row.reason, row.column or "", row.value) for row in part.raw.rejected]
    made = [
        {
            "file": part.raw.source.name,
            "line": line,
            "record": record,
            "table": part.table,
            "column": column or None,
            "reason": reason,
            "value": None if value is None else str(value)[:_LONGEST_VALUE],
            "message": REASONS.get(reason, reason),
        }
        for record, line, reason, column, value in sorted(rows, key=lambda row: row[0])
    ]
    return pa.Table.from_pylist(made, schema=_SCHEMA)


def _why(part: Part, problem: int) -> tuple[str, str]:
    if problem == CONFLICT:
        return "conflict", "transaction_id" if part.table == "transactions" else TABLES[part.table].key[-1]
    if problem == IMPOSSIBLE_BIRTH:
        return "impossible_birth", "birth_date"
    check = part.checks[problem - 1]
    return check.reason, check.column


def _reasons(counts: Counter[tuple[str, str]]) -> str:
    return ", ".join(
        f"{reason} in {column}: {n:,}" if column else f"{reason}: {n:,}"
        for (reason, column), n in counts.most_common(6)
    )
