"""How full and varied each column is, and its range, without showing whom it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import duckdb

from amlscreen.intake.facts.found import ColumnFacts
from amlscreen.intake.quarantine import masked
from amlscreen.intake.sql import identifier
from amlscreen.schema import TABLES

__all__ = ["MOST_EXACT", "kind_of", "profile", "shown"]

MOST_EXACT = 1_000_000
"""Up to so many rows different values are counted; above, they are estimated to about two per cent."""
_MOST_FILES = 24
_CLEAR = {"date", "time", "code", "flag"}
_PLAIN = frozenset("institution currency province country mcc branch_id product counterparty_institution".split())
"""Texts that name a place, a bank or a kind of thing: they are shown as they are."""
_PARTS = 5


def profile(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    source: str,
    columns: Sequence[str],
    *,
    of: int,
    names: Sequence[str] = (),
) -> list[ColumnFacts]:
    """The columns of ``FROM source``, for all files together and, where it has a few, for each.

    ``of`` is how many rows the whole table has; ``names`` are the files by number. Columns without a value are left
    out.
    """
    if not columns or not of:
        return []
    exact = min(of, _rows(connection, source)) <= MOST_EXACT
    count = "count(DISTINCT {0})" if exact else "least(approx_count_distinct({0}), count({0}))"
    parts = ", ".join(
        f"count({c}), {count.format(c)}, min({c})::VARCHAR, max({c})::VARCHAR, arg_min({c}, hash({c}))::VARCHAR"
        for c in map(identifier, columns)
    )
    files = [int(row[0]) for row in connection.execute(f"SELECT DISTINCT file_no FROM {source} ORDER BY 1").fetchall()]
    by_file = 1 < len(files) <= _MOST_FILES and bool(names)
    groups = "GROUP BY GROUPING SETS ((), (file_no)) ORDER BY file_no NULLS FIRST" if by_file else ""
    head = "file_no" if by_file else "NULL"
    found = connection.execute(f"SELECT {head}, count(*), {parts} FROM {source} {groups}").fetchall()
    made: list[ColumnFacts] = []
    for file, rows, *values in found:
        sampled = of if file is None else int(rows)
        name = "" if file is None else names[file]
        made += _columns(table, name, columns, values, rows=int(rows), of=sampled, exact=exact)
    return made


def _rows(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0])


def _columns(
    table: str, file: str, columns: Sequence[str], values: Sequence[object], *, rows: int, of: int, exact: bool
) -> Iterator[ColumnFacts]:
    for place, name in enumerate(columns):
        filled, distinct, *texts = values[_PARTS * place : _PARTS * place + _PARTS]
        kind = kind_of(table, name)
        least, greatest, example = (shown(None if text is None else str(text), kind) for text in texts)
        yield ColumnFacts(
            file=file,
            table=table,
            column=name,
            rows=rows,
            of=of,
            filled=int(str(filled)),
            distinct=int(str(distinct)),
            is_exact=exact and rows == of,
            least=least,
            greatest=greatest,
            example=example,
        )


def kind_of(table: str, name: str) -> str:
    """What decides how a column's values are shown: its type, with ``personal`` in front where it is."""
    known = {column.name: column for column in TABLES[table].columns}
    if name in known:
        kind = "code" if name in _PLAIN else known[name].type
        return f"personal {kind}" if known[name].personal else kind
    return "date" if name == "local_day" else "flag" if name in {"netted", "is_recalled", "hour"} else "money"


def shown(value: str | None, kind: str) -> str | None:
    """A day or an instant as people write it, codes as they are, all else masked."""
    if value is None:
        return None
    if kind == "date":
        return (dt.date(1970, 1, 1) + dt.timedelta(days=int(value))).isoformat()
    if kind == "time":
        return (dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=int(value))).isoformat(sep=" ") + " UTC"
    if kind == "personal date":
        return "9999-99-99"
    return value if kind in _CLEAR else masked(value)
