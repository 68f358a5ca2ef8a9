"""Files into the store: each is conformed by one statement into the staging table of what it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import duckdb

from amlscreen.intake.alike import FILE, ROW, Alike, alike_parts, put_together
from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conditions import wanted
from amlscreen.intake.conform import Country, Plan, count_noticed, statement
from amlscreen.intake.conform_currency import look_up_currency
from amlscreen.intake.conform_ids import notice_ids
from amlscreen.intake.conform_reference import plan_reference
from amlscreen.intake.conform_transactions import plan_transactions
from amlscreen.intake.duplicates import stored_columns, with_made_ids
from amlscreen.intake.fit import check_fit, listed_pooled
from amlscreen.intake.part import Part
from amlscreen.intake.spelled import look_up_words
from amlscreen.intake.splitting import BAD
from amlscreen.intake.sql import identifier
from amlscreen.intake.store import any_row, count_rows
from amlscreen.schema import TABLES

__all__ = ["doubt_midnights", "load_parts", "make_absent", "make_staging", "stage"]


_FEWEST_TIMED = 10
_FIRST_RECORDS = 1000
_PAST_MIDNIGHT = '(hour <> 0 OR "at" % 3600000000 <> 0)'


def _untold(alike: Alike) -> None:
    """Nobody asked."""


class Source(Protocol):
    """What all parts of a run share: the bank they come from, and where the mapping's own lists lie."""

    institution: str | None
    folder: Path | None
    since: int | None


def make_staging(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """The empty table of kept rows; ``problem`` is 0 for rows without one."""
    columns = ", ".join(f"{identifier(name)} {kind}" for name, kind in stored_columns(table).items())
    connection.execute(
        f"CREATE TABLE kept_{table} (row_id BIGINT, file_no INTEGER, record BIGINT, {columns}, "
        "problem UTINYINT, problem_value VARCHAR, made BOOLEAN)"
    )


def make_absent(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """The empty table of accepted rows, for a table that no file gives."""
    columns = ", ".join(f"{identifier(name)} {kind}" for name, kind in stored_columns(table).items())
    name = "staged_transactions" if table == "transactions" else table
    connection.execute(f"CREATE TABLE {name} (row_id BIGINT, file_no INTEGER, record BIGINT, {columns})")
    if table == "transactions":
        connection.execute("CREATE VIEW asked_staged AS SELECT * FROM staged_transactions")


def load_parts(
    connection: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    country: Country,
    source: Source,
    told: Callable[[Alike], None] = _untold,
) -> None:
    """Conform parts of one table, those that are alike together; a mapping that does not fit a file is a DataError.

    Large typed files become a view, for reading them again costs less than keeping a copy; all else is kept. ``told``
    is called before each.
    """
    for alike in alike_parts(connection, parts):
        for part in alike.parts:
            check_fit(part, alike.types, institution=source.institution is not None)
        for each in _by_ids(connection, alike):
            told(each)
            _load(connection, each, country, source)


def _load(connection: duckdb.DuckDBPyConnection, alike: Alike, country: Country, source: Source) -> None:
    columns = dict(alike.columns)
    if "institution" not in columns and "institution" in TABLES[alike.table].names:
        columns["institution"] = ColumnSpec(constant=source.institution)
    plan = Plan(TABLES[alike.table], country, alike.types, alike.entry.empty)
    if alike.entry.split:
        _refuse_uncut(plan, alike)
    relation = _wanted(connection, alike)
    look_up_words(connection, alike, plan, columns, relation, country.words)
    look_up_currency(connection, alike, plan, columns, relation)
    notice_ids(connection, alike, plan, columns, relation)
    if alike.table == "transactions":
        pooled = alike.entry.pooled
        plan_transactions(plan, columns, pooled=pooled.patterns, listed=listed_pooled(pooled, source.folder))
    else:
        plan_reference(plan, columns)
    for part in alike.parts:
        part.checks = plan.checks
    _tell_counted(connection, alike, plan, relation)
    select = statement(plan, relation)
    if alike.lazy:
        some = f'SELECT r.* FROM ({relation}) AS r SEMI JOIN asked_rows ON asked_id = r."{ROW}"'
        since = "" if source.since is None else f" WHERE local_day >= {source.since} OR local_day IS NULL"
        for name, body in (("conformed", select), ("asked_conformed", statement(plan, some))):
            connection.execute(f"CREATE VIEW {name}_{alike.number} AS SELECT *, FALSE AS made FROM ({body}){since}")
        if since:
            _leave_out(connection, alike, f"SELECT file_no FROM ({select}) WHERE local_day < {source.since}")
        return
    select = with_made_ids(select) if alike.table == "transactions" else f"SELECT *, FALSE AS made FROM ({select})"
    connection.execute(f"INSERT INTO kept_{alike.table} BY NAME {select}")
    if alike.table == "transactions" and source.since is not None:
        old = f"FROM kept_transactions WHERE local_day < {source.since}"
        _leave_out(connection, alike, f"SELECT file_no {old}")
        connection.execute(f"DELETE {old}")


def _leave_out(connection: duckdb.DuckDBPyConnection, alike: Alike, old: str) -> None:
    """Rows before the day asked for count as excluded, and it is said how many; ``old`` selects their files."""
    counts = dict(connection.execute(f"SELECT file_no, count(*) FROM ({old}) GROUP BY file_no").fetchall())
    for part in alike.parts:
        if rows := int(counts.get(part.file_no, 0)):
            part.excluded += rows
            part.warnings.append(f"{part.name}: {rows:,} transactions before the day asked for are left out.")


def stage(connection: duckdb.DuckDBPyConnection, table: str, parts: Sequence[Part]) -> None:
    """View ``staged_<table>``: every row of every part, kept or read again; ``asked_staged``: only the asked ones."""
    own = [part for part in parts if part.table == table]
    lazy = sorted({part.with_file for part in own if part.lazy})
    kept = [f"SELECT * FROM kept_{table}"] if not all(part.lazy for part in own) else []
    if table == "transactions" and any(part.earlier for part in own):
        kept.append("SELECT * FROM earlier_transactions")
    views = [*kept, *(f"SELECT * FROM conformed_{number}" for number in lazy)]
    connection.execute(f"CREATE VIEW staged_{table} AS {' UNION ALL BY NAME '.join(views)}")
    if table == "transactions":
        picked = [f"{one} SEMI JOIN asked_rows ON asked_id = row_id" for one in kept]
        picked += [f"SELECT * FROM asked_conformed_{number}" for number in lazy]
        connection.execute(f"CREATE VIEW asked_staged AS {' UNION ALL BY NAME '.join(picked)}")


def _by_ids(connection: duckdb.DuckDBPyConnection, alike: Alike) -> list[Alike]:
    """Files with a row that has no transaction_id apart from the others: an id must be made, so the rows are kept."""
    if alike.table != "transactions" or not alike.lazy:
        return [alike]
    lacking = _lacking_ids(connection, alike)
    for part in alike.parts:
        part.needs_ids = part.file_no in lacking
    kinds = [[part for part in alike.parts if part.needs_ids is needs] for needs in (False, True)]
    return [alike] if not all(kinds) else [put_together(kind, alike.types) for kind in kinds]


def _lacking_ids(connection: duckdb.DuckDBPyConnection, alike: Alike) -> set[int]:
    spec = alike.columns.get("transaction_id")
    if spec is None or len(spec.source) != 1:
        return set() if spec is not None and spec.constant is not None else {part.file_no for part in alike.parts}
    lacking = f"({alike.relation}) WHERE coalesce({_plain(spec.source[0])}, '') = ''"
    if not any_row(connection, lacking):
        return set()
    return {int(file) for (file,) in connection.execute(f"SELECT DISTINCT {FILE} FROM {lacking}").fetchall()}


def _refuse_uncut(plan: Plan, alike: Alike) -> None:
    """Records whose cells the mapping cannot cut stand aside whole."""
    columns = tuple(alike.entry.split.columns) if alike.entry.split else ()
    plan.layers[0]["split:bad"] = plan.raw(BAD)
    plan.refuse(identifier("split:bad"), "bad_split", columns[0], plan.shown(*columns))


def _wanted(connection: duckdb.DuckDBPyConnection, alike: Alike) -> str:
    """The relation without the records that the mapping's conditions leave out, which are counted."""
    relation, first = alike.relation, alike.parts[0]
    if first.piece:  # such a part stands alone
        first.excluded = first.raw.records - len(first.raw.rejected) - count_rows(connection, f"({relation})")
    tests = [test for only, unless in first.demands if (test := wanted(only, unless, alike.types))]
    if not tests:
        return relation
    where = " AND ".join(tests)
    left = connection.execute(f"SELECT {FILE}, count(*) FROM ({relation}) WHERE NOT ({where}) GROUP BY ALL").fetchall()
    out = {int(file): int(rows) for file, rows in left}
    for part in alike.parts:
        part.excluded += out.get(part.file_no, 0)
        if part.excluded and part.excluded == part.raw.records - len(part.raw.rejected):
            part.warnings.append(f"{part.name}: `only` and `unless` leave out every record.")
    return f"SELECT * FROM ({relation}) WHERE {where}"


def _tell_counted(connection: duckdb.DuckDBPyConnection, alike: Alike, plan: Plan, relation: str) -> None:
    if not plan.counted:
        return
    found = connection.execute(count_noticed(plan, relation)).fetchall()
    for at, (column, code, _) in enumerate(plan.counted, start=1):
        alike.notice(column, code, {int(counts[0]): int(counts[at]) for counts in found})


def doubt_midnights(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """A file whose clock times are all midnight holds days: its rows are as exact as a day."""
    own = {part.file_no: part for part in parts if part.raw.format != "memory"}
    for number in _doubted(connection, list(own)):
        timed = f"file_no = {number} AND time_precision = 'second'"
        rows = count_rows(connection, f"staged_transactions WHERE {timed}")
        if rows < _FEWEST_TIMED or any_row(connection, f"staged_transactions WHERE {timed} AND {_PAST_MIDNIGHT}"):
            continue
        own[number].only_days = True
        own[number].notice("at", "only_midnights", rows)


def _doubted(connection: duckdb.DuckDBPyConnection, numbers: Sequence[int]) -> list[int]:
    """The files without a time past midnight among their first records."""
    found = connection.execute(
        f"SELECT DISTINCT file_no FROM staged_transactions WHERE record <= {_FIRST_RECORDS} AND "
        f"time_precision = 'second' AND {_PAST_MIDNIGHT}"
    ).fetchall()
    told = {int(number) for (number,) in found}
    return [number for number in numbers if number not in told]


def _plain(name: str) -> str:
    return f"trim(CAST({identifier(name)} AS VARCHAR))"
