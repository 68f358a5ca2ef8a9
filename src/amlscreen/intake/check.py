"""What the data holds, column by column, without showing whom it is about."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from amlscreen.intake.duplicates import stored_columns
from amlscreen.intake.quarantine import masked
from amlscreen.intake.sql import identifier
from amlscreen.schema import TABLES

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["CheckReport", "ColumnQuality", "check"]

_CLEAR = {"date", "time", "code", "flag"}
_DAYS = {"local_day"}


@dataclass(frozen=True, slots=True)
class ColumnQuality:
    """How full and how varied a column is; least and greatest are masked where they could name someone."""

    table: str
    column: str
    rows: int
    empty_share: float
    distinct: int
    least: str | None
    greatest: str | None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The columns with a value, table by table, the files, and the control totals."""

    columns: tuple[ColumnQuality, ...]
    files: tuple[dict[str, Any], ...]
    totals: tuple[dict[str, Any], ...]

    def sections(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Titles and rows to print: files, control totals, then one section for each table."""
        shown = ("file", "table", "format", "encoding", "records", "accepted", "quarantined", "duplicates", "excluded")
        found = [
            ("Files", [{name: file[name] for name in shown} for file in self.files]),
            ("Control totals, in minor units", list(self.totals)),
        ]
        for table in dict.fromkeys(each.table for each in self.columns):
            rows = [asdict(each) for each in self.columns if each.table == table]
            for row in rows:
                del row["table"]
                row["empty_share"] = f"{row['empty_share']:.1%}"
            found.append((table, rows))
        return found


def check(data: Dataset) -> CheckReport:
    """Look at every accepted row once. Distinct counts are estimates, good to about two per cent."""
    counts = data.reconciliation.to_dict()
    columns = [
        quality
        for table in TABLES
        if table in data.provided
        for quality in _columns(data.connection, table)
        if quality.empty_share < 1
    ]
    return CheckReport(tuple(columns), tuple(counts["files"]), tuple(counts["totals"]))


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[ColumnQuality]:
    names = list(stored_columns(table))
    parts = [
        f"count({n}), approx_count_distinct({n}), min({n})::VARCHAR, max({n})::VARCHAR" for n in map(identifier, names)
    ]
    found = connection.execute(f"SELECT count(*), {', '.join(parts)} FROM {table}").fetchall()[0]
    rows, values = int(found[0]), found[1:]
    made = []
    for place, name in enumerate(names):
        filled, distinct, least, greatest = values[4 * place : 4 * place + 4]
        kind = _kind(table, name)
        made.append(
            ColumnQuality(
                table, name, rows, 1 - filled / max(rows, 1), int(distinct), _shown(least, kind), _shown(greatest, kind)
            )
        )
    return made


def _kind(table: str, name: str) -> str:
    known = {column.name: column for column in TABLES[table].columns}
    if name in known:
        return "personal" if known[name].personal else known[name].type
    return "date" if name in _DAYS else "flag" if name in {"netted", "is_recalled", "hour"} else "money"


def _shown(value: str | None, kind: str) -> str | None:
    """A day or an instant as people write it, codes as they are, all else masked."""
    import datetime as dt

    if value is None:
        return None
    if kind == "date":
        return (dt.date(1970, 1, 1) + dt.timedelta(days=int(value))).isoformat()
    if kind == "time":
        return (dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=int(value))).isoformat(sep=" ") + " UTC"
    return value if kind in _CLEAR else masked(value)
