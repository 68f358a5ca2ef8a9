"""What the intake tests share: a small way to conform texts, and to read CSV texts through a mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conform import Country, Plan, statement
from amlscreen.intake.conform_money import Minor, add_minor
from amlscreen.intake.conform_time import add_instant
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.mapping import Mapping as IntakeMapping
from amlscreen.intake.sql import literals
from amlscreen.intake.store import ENUMS
from amlscreen.schema import TRANSACTIONS
from amlscreen.settings import Settings

LAOS = Country("LAK", 2, 7 * 3_600_000_000, "LA")
LENIENT = Settings(most_quarantined=1.0)


def minor_units(
    values: Sequence[Any], *, digits: int = 2, kind: pa.DataType | None = None, **options: Any
) -> list[int | str]:
    """Each value's minor units as conforming gives them, or the reason it is refused."""
    plan = _plan({"AMT": pa.array(values, kind or pa.string())})
    add_minor(plan[0], "m", "AMT", ColumnSpec.model_validate({"from": "AMT", **options}), Minor.of(digits))
    plan[0].final = {"m": "m"}
    return [row[0] if reason is None else reason for *row, reason in _run(*plan)]


def instants(
    columns: Mapping[str, Sequence[Any]], *, kind: pa.DataType | None = None, **options: Any
) -> list[tuple[Any, bool] | str]:
    """Each record's local time as ISO text and whether it is exact, or the reason it is refused."""
    plan = _plan({name: pa.array(values, kind or pa.string()) for name, values in columns.items()})
    spec = ColumnSpec.model_validate({"from": list(columns), **options})
    add_instant(plan[0], TRANSACTIONS.column("at"), spec)
    local = f'make_timestamp("at" + {LAOS.offset_us})'
    plan[0].final = {"at": f"strftime({local}, '%Y-%m-%d %H:%M:%S')", "exact": '"exact:at"'}
    return [(at, exact) if reason is None else reason for at, exact, reason in _run(*plan)]


def _plan(columns: Mapping[str, pa.Array[Any]]) -> tuple[Plan, duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    for name, words in ENUMS.items():
        connection.execute(f"CREATE TYPE {name} AS ENUM ({literals(words)})")
    rows = len(next(iter(columns.values())))
    connection.register("given", pa.table({**columns, "__record": pa.array(range(1, rows + 1), pa.int64())}))
    types = {row[0]: row[1] for row in connection.execute("DESCRIBE SELECT * FROM given").fetchall()}
    return Plan(TRANSACTIONS, LAOS, types), connection


def _run(plan: Plan, connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    names = ", ".join(f'"{name}"' for name in plan.final)
    sql = statement(plan, "SELECT *, __record - 1 AS __row, 0 AS __file FROM given")
    found = connection.execute(f"SELECT {names}, problem FROM ({sql}) ORDER BY record").fetchall()
    return [(*values, plan.checks[problem - 1].reason if problem else None) for *values, problem in found]


def read_texts(
    folder: Path,
    files: Mapping[str, str | bytes],
    mapping: Mapping[str, Any] | None = None,
    settings: Settings = LENIENT,
    jurisdiction: str = "laos",
) -> Dataset:
    """Write the files and read the folder, through a mapping given as plain values."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    loaded = None
    if mapping is not None:
        loaded = IntakeMapping.model_validate({"id": "test", "title": "A test", "institution": "BANKA", **mapping})
    return Dataset.read(folder, loaded, jurisdiction, settings)


def accepted(data: Dataset, columns: str, order: str = "row_id") -> list[tuple[Any, ...]]:
    """Some columns of the accepted transactions."""
    return data.connection.execute(f"SELECT {columns} FROM transactions ORDER BY {order}").fetchall()


def reasons(data: Dataset) -> list[tuple[str, str | None]]:
    """Why rows stand aside, in file order: reason and column."""
    return [(row["reason"], row["column"]) for row in data.quarantine.table.to_pylist()]
