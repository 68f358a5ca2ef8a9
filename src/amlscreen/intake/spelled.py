"""Columns that hold codes of places or currencies, in whatever words a file has them: each different text is read once.

A text that stands for one code becomes it. One that could be several is left empty, one that nobody knows is kept as
given; both are told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import duckdb
import pyarrow as pa

from amlscreen.intake.alike import FILE, Alike
from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conform import Plan
from amlscreen.intake.conform_text import coded
from amlscreen.intake.countries import country_words
from amlscreen.intake.currency_words import currency_words
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
    alike: Alike,
    plan: Plan,
    columns: Mapping[str, ColumnSpec],
    relation: str,
    words: Mapping[str, Vocabulary],
) -> None:
    """Tables ``words_<number>_<column>`` for the columns that need one, named in ``plan.spelled``.

    Codes that the mapping states are taken as they stand. The currency of bookings and rates is read where their
    amounts are, since no amount can be read without it.
    """
    for name in _NOTICES:
        spec = columns.get(name)
        if (
            spec is None
            or spec.codes is not None
            or (name == "currency" and alike.table in {"transactions", "fx_rates"})
        ):
            continue
        vocabulary = words[name] if name in words else _EVERYWHERE[name]() if name in _EVERYWHERE else None
        if vocabulary is None or not vocabulary.codes:
            continue
        _look_up(connection, alike, plan, name, spec, relation, vocabulary)


def _look_up(
    connection: duckdb.DuckDBPyConnection,
    alike: Alike,
    plan: Plan,
    name: str,
    spec: ColumnSpec,
    relation: str,
    vocabulary: Vocabulary,
) -> None:
    several: Counter[int] = Counter()
    unknown: Counter[int] = Counter()
    changed: dict[str, str | None] = {}
    for text, rows in different_texts(connection, plan, name, spec, relation).items():
        code, known = vocabulary.read(text)
        if not known:
            unknown.update(rows)
            continue
        if code is None:
            several.update(rows)
        if code != text:
            changed[text] = code
    ambiguous, unlisted = _NOTICES[name]
    alike.notice(name, ambiguous, several)
    alike.notice(name, unlisted, unknown)
    if changed:
        made = pa.table({"text": pa.array(list(changed), pa.string()), "code": pa.array(changed.values(), pa.string())})
        plan.spelled[name] = keep_table(connection, f"words_{alike.number}_{name}", made)


def different_texts(
    connection: duckdb.DuckDBPyConnection, plan: Plan, name: str, spec: ColumnSpec, relation: str
) -> dict[str, dict[int, int]]:
    """Each different text of a column as conforming reads it, and in how many records of which file it stands."""
    scratch = Plan(plan.table, plan.country, plan.types, plan.empty)
    value = coded(scratch, name, spec)
    sources = ", ".join(f'r."{source.replace(chr(34), chr(34) * 2)}"' for source in spec.source)
    grouped = f"SELECT {sources}{', ' if sources else ''}{FILE}, count(*) AS __rows FROM ({relation}) AS r GROUP BY ALL"
    found = connection.execute(
        f"SELECT text, file, sum(__rows) FROM (SELECT {value} AS text, {FILE} AS file, __rows FROM ({grouped}) AS r) "
        "WHERE text IS NOT NULL GROUP BY ALL ORDER BY ALL"
    )
    texts: dict[str, dict[int, int]] = {}
    for text, file, rows in found.fetchall():
        texts.setdefault(str(text), {})[int(file)] = int(rows)
    return texts


def keep_table(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> str:
    """A small table kept in the store, where views that read a file again find it."""
    connection.register("given_rows", rows)
    try:
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given_rows")
    finally:
        connection.unregister("given_rows")
    return name
