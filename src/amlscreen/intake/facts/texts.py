"""What the values of a column look like: the commonest, what people type for want of one, cut and damaged texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from amlscreen.intake.facts.columns import kind_of, shown
from amlscreen.intake.facts.found import TextFacts
from amlscreen.intake.sql import identifier, literal, literals
from amlscreen.schema import TABLES

__all__ = ["FREE_TEXT", "look_at_values"]

FREE_TEXT = frozenset(
    "narrative counterparty_name ultimate_party name name_latin address employer occupation sector introducer "
    "source_of_wealth permit_employer".split()  # a list of quoted words is harder to read
)
"""Columns that hold what people wrote: only these can be cut off, damaged or hold words."""

_NO_VALUE = (
    "-", "--", "---", ".", "..", "?", "??", "x", "xx", "xxx", "xxxx", "n/a", "na", "n.a.", "n.a", "#n/a", "nil", "nan",
    "null", "(null)", "none", "no", "unknown", "unknow", "undefined", "not available", "not applicable", "noname",
    "no name", "(blank)", "blank", "empty", "tbc", "tbd", "dummy", "test", "abc", "asdf", "qwerty",
    "ບໍ່ມີ", "ບໍ່ຮູ້", "ไม่มี", "ไม่ระบุ", "ไม่ทราบ", "无", "不详", "未知", "không có", "không", "không rõ",
    "inconnu", "néant", "sans",
)  # fmt: skip
_NO_DATE = (
    "1899-12-30", "1899-12-31", "1900-01-01", "1901-01-01", "1970-01-01", "1999-12-31", "2099-12-31", "2199-12-31",
)  # fmt: skip
_ONE_CHARACTER = "length(t) >= 3 AND replace(t, left(t, 1), '') = ''"
_RUN = r"0{6,}$|9{7,}$|12345678?9?$"
# A letter of one byte read twice: UTF-8 taken for Western European, or a character that stands for what was lost.
_SECOND_BYTE = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_DAMAGED = f"\N{REPLACEMENT CHARACTER}|[ÃÂ]{_SECOND_BYTE}|â€|à[¸¹º»]|á[º»]{_SECOND_BYTE}|\\?{{4,}}"
_DUMMY = r"(?i)(^|[^a-z])(test|tests|testing|tester|dummy|do not use|migration test)([^a-z]|$)"
_NUMBERED = frozenset({"phone", "id_number", "counterparty_phone"})
_WORDS_ALLOWED = frozenset("country nationality currency institution counterparty province".split())


def look_at_values(
    connection: duckdb.DuckDBPyConnection, table: str, source: str, columns: Sequence[str]
) -> tuple[TextFacts, ...]:
    """One for each of these columns, texts and dates, of ``FROM source``; two passes over it."""
    if not columns:
        return ()
    first = ", ".join(
        f"count({c}), count(DISTINCT {c}), mode({c}), coalesce(max(length({_text(table, c)})), 0)"
        for c in map(identifier, columns)
    )
    rows, *seen = connection.execute(f"SELECT count(*), {first} FROM {source}").fetchall()[0]
    known = {name: seen[4 * at : 4 * at + 4] for at, name in enumerate(columns)}
    filled = [name for name in columns if known[name][0]]
    if not filled or not rows:
        return ()
    second = ", ".join(_second(table, name, known[name]) for name in filled)
    counts = connection.execute(f"SELECT {second} FROM {source}").fetchall()[0]
    return tuple(
        _facts(table, name, int(rows), known[name], counts[8 * at : 8 * at + 8]) for at, name in enumerate(filled)
    )


def _text(table: str, column: str) -> str:
    """A column as text, a day as people write it."""
    name = column.strip('"')
    if _is_date(table, name):
        return f"CAST(DATE '1970-01-01' + {column} AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"


def _is_date(table: str, name: str) -> bool:
    return name == "local_day" or (name in TABLES[table].names and TABLES[table].column(name).type == "date")


def _second(table: str, name: str, seen: Sequence[Any]) -> str:
    """Eight figures about one column, once its commonest value and its greatest length are known."""
    _, _, common, longest = seen
    text, length = _text(table, identifier(name)), f"length({_text(table, identifier(name))})"
    same = f"{identifier(name)} = {literal(common) if isinstance(common, str) else common}"
    free = name in FREE_TEXT
    placeholder = _placeholder(table, name, text)
    asked = not _is_coded(table, name)
    return ", ".join(
        (
            f"count(*) FILTER (WHERE {same})",
            f"count(*) FILTER (WHERE {placeholder})" if asked else "0",
            f"mode({text}) FILTER (WHERE {placeholder})" if asked else "NULL",
            f"count(*) FILTER (WHERE {length} = {longest})" if free else "0",
            f"count(DISTINCT {text}) FILTER (WHERE {length} = {longest})" if free else "0",
            f"count(*) FILTER (WHERE {length} BETWEEN {longest - 2} AND {longest - 1})" if free else "0",
            f"count(*) FILTER (WHERE regexp_matches({text}, {literal(_DAMAGED)}))" if free else "0",
            f"count(*) FILTER (WHERE regexp_matches({text}, {literal(_DUMMY)}))" if free else "0",
        )
    )


def _is_coded(table: str, name: str) -> bool:
    """Codes, and names of countries and the like: 'na' and 'no' are words among them, and no want of one."""
    known = name in TABLES[table].names and TABLES[table].column(name).type in {"text", "date"}
    return not known or name in _WORDS_ALLOWED


def _placeholder(table: str, name: str, text: str) -> str:
    if _is_date(table, name):
        new_year = f" OR {text} LIKE '%-01-01'" if name == "birth_date" else ""
        return f"({text} IN ({literals(_NO_DATE)}){new_year})"
    run = f" OR regexp_matches({text}, {literal(_RUN)})" if name in _NUMBERED else ""
    return f"(lower(trim({text})) IN ({literals(_NO_VALUE)}) OR {_ONE_CHARACTER.replace('(t', f'({text}')}{run})"


def _facts(table: str, name: str, rows: int, seen: Sequence[Any], counts: Sequence[Any]) -> TextFacts:
    filled, distinct, common, longest = seen
    return TextFacts(
        table=table,
        column=name,
        rows=rows,
        filled=int(filled),
        distinct=int(distinct),
        common=int(counts[0]),
        common_shape=shown(str(common), _shape_kind(table, name)) or "",
        placeholder=int(counts[1]),
        placeholders="1 January" if name == "birth_date" and counts[1] else str(counts[2] or "")[:20],
        longest=int(longest),
        at_longest=int(counts[3]),
        distinct_at_longest=int(counts[4]),
        near_longest=int(counts[5]),
        damaged=int(counts[6]),
        dummy=int(counts[7]),
    )


def _shape_kind(table: str, name: str) -> str:
    """A day that is common is shown by its shape: it may be a person's."""
    return "personal date" if _is_date(table, name) else kind_of(table, name)
