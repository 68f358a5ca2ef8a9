"""Files into the store: each is conformed by one statement into the staging table of what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import duckdb

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

__all__ = ["doubt_midnights", "load_part", "make_absent", "make_staging", "stage"]


_FEWEST_TIMED = 10


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


def load_part(connection: duckdb.DuckDBPyConnection, part: Part, country: Country, source: Source) -> None:
    """Conform one part; a mapping that does not fit the file is a DataError.

    A large typed file becomes a view, for reading it again costs less than keeping a copy; all else is kept.
    """
    types = _types(connection, part)
    institution = source.institution
    check_fit(part, types, institution=institution is not None)
    if part.table == "transactions" and part.lazy:
        part.needs_ids = _lacks_ids(connection, part)
    columns = dict(part.columns)
    if "institution" not in columns and "institution" in TABLES[part.table].names:
        columns["institution"] = ColumnSpec(constant=institution)
    plan = Plan(TABLES[part.table], country, types, part.entry.empty)
    if part.entry.split:
        _refuse_uncut(plan, part)
    relation = _wanted(connection, part, types)
    look_up_words(connection, part, plan, columns, relation, country.words)
    look_up_currency(connection, part, plan, columns, relation)
    notice_ids(connection, part, plan, columns, relation)
    if part.table == "transactions":
        plan_transactions(
            plan, columns, pooled=part.entry.pooled.patterns, listed=listed_pooled(part.entry.pooled, source.folder)
        )
    else:
        plan_reference(plan, columns)
    part.checks = plan.checks
    _tell_counted(connection, part, plan, relation)
    select = statement(plan, relation, part.file_no, part.first_row)
    if part.lazy:
        row_id = f'r."__record" + {part.first_row - 1}'
        some = f"SELECT r.* FROM ({relation}) AS r SEMI JOIN asked_rows ON asked_id = {row_id}"
        asked = statement(plan, some, part.file_no, part.first_row)
        since = "" if source.since is None else f" WHERE local_day >= {source.since} OR local_day IS NULL"
        for name, body in (("conformed", select), ("asked_conformed", asked)):
            connection.execute(f"CREATE VIEW {name}_{part.file_no} AS SELECT *, FALSE AS made FROM ({body}){since}")
        if since:
            whole = part.raw.records - len(part.raw.rejected) - part.excluded
            _leave_out(part, whole - count_rows(connection, f"conformed_{part.file_no}"))
        return
    select = with_made_ids(select) if part.table == "transactions" else f"SELECT *, FALSE AS made FROM ({select})"
    connection.execute(f"INSERT INTO kept_{part.table} BY NAME {select}")
    if part.table == "transactions" and source.since is not None:
        old = f"DELETE FROM kept_transactions WHERE file_no = {part.file_no} AND local_day < {source.since}"
        _leave_out(part, int(connection.execute(old).fetchall()[0][0]))


def _leave_out(part: Part, rows: int) -> None:
    """Rows before the day asked for do not count as read, and it is said how many."""
    if rows:
        part.excluded += rows
        part.warnings.append(f"{part.name}: {rows:,} transactions before the day asked for are left out.")


def stage(connection: duckdb.DuckDBPyConnection, table: str, parts: Sequence[Part]) -> None:
    """View ``staged_<table>``: every row of every part, kept or read again; ``asked_staged``: only the asked ones."""
    own = [part for part in parts if part.table == table]
    lazy = [str(part.file_no) for part in own if part.lazy]
    earlier = [part for part in own if part.earlier]
    kept = [f"SELECT * FROM kept_{table}"] if len(lazy) < len(own) else []
    if table == "transactions" and earlier:
        kept.append("SELECT * FROM earlier_transactions")
    views = [*kept, *(f"SELECT * FROM conformed_{number}" for number in lazy)]
    connection.execute(f"CREATE VIEW staged_{table} AS {' UNION ALL BY NAME '.join(views)}")
    if table == "transactions":
        picked = [f"{one} SEMI JOIN asked_rows ON asked_id = row_id" for one in kept]
        picked += [f"SELECT * FROM asked_conformed_{number}" for number in lazy]
        connection.execute(f"CREATE VIEW asked_staged AS {' UNION ALL BY NAME '.join(picked)}")


def _lacks_ids(connection: duckdb.DuckDBPyConnection, part: Part) -> bool:
    """Whether some row has no transaction_id, so that one must be made: then the rows are kept."""
    spec = part.columns.get("transaction_id")
    if spec is None or len(spec.source) != 1:
        return spec is None or spec.constant is None
    return any_row(connection, f"({part.relation}) WHERE coalesce({_plain(spec.source[0])}, '') = ''")


def _refuse_uncut(plan: Plan, part: Part) -> None:
    """Records whose cells the mapping cannot cut stand aside whole."""
    columns = tuple(part.entry.split.columns) if part.entry.split else ()
    plan.layers[0]["split:bad"] = plan.raw(BAD)
    plan.refuse(identifier("split:bad"), "bad_split", columns[0], plan.shown(*columns))


def _wanted(connection: duckdb.DuckDBPyConnection, part: Part, types: dict[str, str]) -> str:
    """The relation without the records that the mapping's conditions leave out, which are counted."""
    relation = part.relation
    if part.piece:
        part.excluded = part.raw.records - len(part.raw.rejected) - count_rows(connection, f"({relation})")
    tests = [test for only, unless in part.demands if (test := wanted(only, unless, types))]
    if not tests:
        return relation
    where = " AND ".join(tests)
    part.excluded += count_rows(connection, f"({relation}) WHERE NOT ({where})")
    if part.excluded and part.excluded == part.raw.records - len(part.raw.rejected):
        part.warnings.append(f"{part.name}: `only` and `unless` leave out every record.")
    return f"SELECT * FROM ({relation}) WHERE {where}"


def _tell_counted(connection: duckdb.DuckDBPyConnection, part: Part, plan: Plan, relation: str) -> None:
    if not plan.counted:
        return
    counts = connection.execute(count_noticed(plan, relation)).fetchall()[0]
    for (column, code, _), count in zip(plan.counted, counts, strict=True):
        part.notice(column, code, int(count))


def doubt_midnights(connection: duckdb.DuckDBPyConnection, part: Part) -> None:
    """A file whose clock times are all midnight holds days: its rows are as exact as a day."""
    if part.table != "transactions" or part.raw.format == "memory":
        return
    timed = f"file_no = {part.file_no} AND time_precision = 'second'"
    some = connection.execute(f"SELECT 1 FROM staged_transactions WHERE {timed} LIMIT {_FEWEST_TIMED}").fetchall()
    if len(some) < _FEWEST_TIMED:
        return
    if not any_row(connection, f'staged_transactions WHERE {timed} AND (hour <> 0 OR "at" % 3600000000 <> 0)'):
        part.only_days = True
        part.notice("at", "only_midnights", count_rows(connection, f"staged_transactions WHERE {timed}"))


def _plain(name: str) -> str:
    return f"trim(CAST({identifier(name)} AS VARCHAR))"


def _types(connection: duckdb.DuckDBPyConnection, part: Part) -> dict[str, str]:
    described = connection.execute(f"DESCRIBE SELECT * FROM ({part.relation})").fetchall()
    return {str(row[0]): str(row[1]) for row in described if row[0] not in {"__record", BAD}}
