"""Columns that hold codes of places or currencies, in whatever words a file has them: each different text is read once.

A text that stands for one code becomes it. One that could be several is left empty, one that nobody knows is kept as
given; both are told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import duckdb
import pyarrow as pa

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conform import Plan
from amlscreen.intake.conform_text import coded
from amlscreen.intake.countries import country_words
from amlscreen.intake.currency_words import currency_words
from amlscreen.intake.part import Part
from amlscreen.intake.vocabulary import Vocabulary

__all__ = ["different_texts", "keep_table", "look_up_words"]

_EVERYWHERE: Mapping[str, Callable[[], Vocabulary]] = {
    "country": country_words,
    "nationality": country_words,
    "currency": currency_words,
}
_NOTICES = {
    "province": ("province_ambiguous", "province_unlisted"),
    "country": ("country_ambiguous", "country_unknown"),
    "nationality": ("country_ambiguous", "country_unknown"),
    "currency": ("currency_ambiguous", "currency_unknown"),
}


def look_up_words(
    connection: duckdb.DuckDBPyConnection,
    part: Part,
    plan: Plan,
    columns: Mapping[str, ColumnSpec],
    relation: str,
    words: Mapping[str, Vocabulary],
) -> None:
    """Tables ``words_<file_no>_<column>`` for the columns that need one, named in ``plan.spelled``.

    Codes that the mapping states are taken as they stand. The currency of bookings and rates is read where their
    amounts are, since no amount can be read without it.
    """
    for name in _NOTICES:
        spec = columns.get(name)
        if (
            spec is None
            or spec.codes is not None
            or (name == "currency" and part.table in {"transactions", "fx_rates"})
        ):
            continue
        vocabulary = words[name] if name in words else _EVERYWHERE[name]() if name in _EVERYWHERE else None
        if vocabulary is None or not vocabulary.codes:
            continue
        _look_up(connection, part, plan, name, spec, relation, vocabulary)


def _look_up(
    connection: duckdb.DuckDBPyConnection,
    part: Part,
    plan: Plan,
    name: str,
    spec: ColumnSpec,
    relation: str,
    vocabulary: Vocabulary,
) -> None:
    several, unknown = 0, 0
    changed: dict[str, str | None] = {}
    for text, rows in different_texts(connection, plan, name, spec, relation).items():
        code, known = vocabulary.read(text)
        if not known:
            unknown += rows
            continue
        several += rows if code is None else 0
        if code != text:
            changed[text] = code
    ambiguous, unlisted = _NOTICES[name]
    part.notice(name, ambiguous, several)
    part.notice(name, unlisted, unknown)
    if changed:
        made = pa.table({"text": pa.array(list(changed), pa.string()), "code": pa.array(changed.values(), pa.string())})
        plan.spelled[name] = keep_table(connection, f"words_{part.file_no}_{name}", made)


def different_texts(
    connection: duckdb.DuckDBPyConnection, plan: Plan, name: str, spec: ColumnSpec, relation: str
) -> dict[str, int]:
    """Each different text of a column as conforming reads it, and in how many records it stands."""
    scratch = Plan(plan.table, plan.country, plan.types, plan.empty)
    value = coded(scratch, name, spec)
    sources = ", ".join(f'r."{source.replace(chr(34), chr(34) * 2)}"' for source in spec.source)
    grouped = f"SELECT {sources}, count(*) AS __rows FROM ({relation}) AS r GROUP BY ALL" if sources else None
    sql = (
        f"SELECT {value} AS text, __rows FROM ({grouped}) AS r"
        if grouped
        else f"SELECT {value}, count(*) FROM ({relation}) AS r"
    )
    found = connection.execute(
        f"SELECT text, sum(__rows) FROM ({sql}) AS t(text, __rows) WHERE text IS NOT NULL GROUP BY text ORDER BY text"
    )
    return {str(text): int(rows) for text, rows in found.fetchall()}


def keep_table(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> str:
    """A small table kept in the store, where views that read a file again find it."""
    connection.register("given_rows", rows)
    try:
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given_rows")
    finally:
        connection.unregister("given_rows")
    return name
