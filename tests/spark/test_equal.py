"""A cluster gives what this machine gives, byte for byte."""

from __future__ import annotations

import os
import signal
import threading
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

from amlscreen.engines.spark import Spark
from amlscreen.errors import DataError
from amlscreen.intake.dataset import Dataset
from amlscreen.result import Result
from amlscreen.schema import TABLES
from amlscreen.screening import screen
from amlscreen.settings import Settings
from amlscreen.sinks.write import OUTPUTS
from amlscreen.synth import make_bank
from spark.conftest import CANONICAL

WITH_TIMES = {"run.json"}


def different(here: Path, there: Path) -> set[str]:
    """The outputs that differ, those with times aside."""
    return {name for name in OUTPUTS if (here / name).read_bytes() != (there / name).read_bytes()} - WITH_TIMES


def written(result: Result, out: Path) -> Path:
    """The folder the result was written into."""
    result.write(out)
    return out


def test_files_read_by_the_executors_give_the_same_bytes(session: Any, at_home: Path, tmp_path: Path) -> None:
    """Every output, of five buckets on two executors, from raw files."""
    engine = Spark(session, buckets=5)
    with engine.read(CANONICAL) as data:
        assert different(at_home, written(screen(data, engine=engine), tmp_path / "there")) == set()


def test_rows_that_this_machine_read_may_be_swept_by_the_cluster(session: Any, at_home: Path, tmp_path: Path) -> None:
    """A dataset of this machine and the engine of a cluster."""
    with Dataset.read(CANONICAL) as data:
        there = written(screen(data, engine=Spark(session, buckets=3)), tmp_path / "there")
    assert different(at_home, there) == set()


def texts(folder: Path) -> dict[str, pa.Table]:
    """The canonical files of a folder as tables of texts."""
    found = {path: path.name.partition(".")[0] for path in sorted(folder.glob("*.csv*"))}
    return {
        name: pa.csv.read_csv(
            path,
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(TABLES[name].names, pa.string()), strings_can_be_null=True
            ),
        )
        for path, name in found.items()
        if name in TABLES
    }


def soiled(rows: pa.Table) -> pa.Table:
    """The rows with some once more, one with another amount, one without an account and one reversed."""
    again = rows.slice(10, 20)
    other = _with(rows.slice(50, 1), "amount", "1")
    lost = _with(rows.slice(60, 1), "account_id", None)
    first = rows.slice(70, 1).to_pylist()[0]
    back = "credit" if first["direction"] == "debit" else "debit"
    taken = pa.Table.from_pylist(
        [{**first, "transaction_id": "BACK", "reverses": first["transaction_id"], "direction": back}],
        schema=rows.schema
        if "reverses" in rows.column_names
        else rows.schema.append(pa.field("reverses", pa.string())),
    )
    return pa.concat_tables([rows, again, other, lost, taken], promote_options="default")


def _with(rows: pa.Table, column: str, value: str | None) -> pa.Table:
    place = rows.column_names.index(column)
    return rows.set_column(place, column, pa.array([value] * rows.num_rows, pa.string()))


def test_a_table_in_pieces_gives_the_same_bytes(session: Any, tmp_path: Path) -> None:
    """Repeated, contradicting, broken and reversed rows in a DataFrame of four partitions."""
    tables = texts(CANONICAL)
    tables["transactions"] = soiled(tables["transactions"])
    engine = Spark(session, buckets=4)
    with Dataset.from_tables(**tables) as data:
        here = written(screen(data), tmp_path / "here")
        assert data.reconciliation.rows_duplicate and data.reconciliation.rows_quarantined == 2
    rows = tables["transactions"]
    pieces = [session.createDataFrame(rows.slice(at, 6_000)).coalesce(1) for at in range(0, rows.num_rows, 6_000)]
    frame = reduce(lambda one, other: one.union(other), pieces)
    with engine.of_tables(**{**tables, "transactions": frame}) as data:
        there = written(screen(data, engine=engine), tmp_path / "there")
        assert data.reconciliation.rows_duplicate == 20 and data.reconciliation.rows_quarantined == 2
    assert different(here, there) == set()


def test_an_executor_killed_in_the_middle_changes_nothing(session: Any, at_home: Path, tmp_path: Path) -> None:
    """Its rows are read, settled and swept again by the others."""
    engine = Spark(session, buckets=6)
    killed: list[int] = []

    def kill(stage: str, done: int, total: int | None) -> None:
        if stage == "sorting transactions" and not killed:
            threading.Timer(2.0, _kill_one, [killed]).start()

    with engine.read(CANONICAL) as data:
        there = written(screen(data, engine=engine, progress=kill), tmp_path / "there")
    assert killed and different(at_home, there) == set()


def _kill_one(killed: list[int]) -> None:
    """End the Java machine of one executor below this process, as a machine that breaks would."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"CoarseGrainedExecutorBackend" in path.read_bytes() and _is_below(int(path.parent.name), os.getpid()):
                os.kill(int(path.parent.name), signal.SIGKILL)
                killed.append(int(path.parent.name))
                return
        except (FileNotFoundError, ProcessLookupError):
            continue


def _is_below(process: int, top: int) -> bool:
    while process > 1:
        if process == top:
            return True
        status = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
        process = int(status.rpartition(")")[2].split()[1])
    return False


def test_a_hub_with_a_tenth_of_the_rows_is_no_trouble(session: Any, tmp_path: Path) -> None:
    """One customer's rows stay together, in a bucket that is nearly its own."""
    folder = tmp_path / "bank"
    make_bank(100, days=90).write(folder)
    tables = texts(folder / "canonical")
    rows = tables["transactions"]
    more = rows.num_rows // 9
    hub = rows.take(np.arange(more) % 50)
    for column, value in (("account_id", rows["account_id"][0].as_py()), ("transaction_id", None)):
        values = [value or f"HUB{at}" for at in range(more)]
        hub = hub.set_column(hub.column_names.index(column), column, pa.array(values, pa.string()))
    tables["transactions"] = pa.concat_tables([rows, hub])
    settings, engine = Settings(partition_rows=500), Spark(session, buckets=4)
    with Dataset.from_tables(settings=settings, **tables) as data:
        here = written(screen(data), tmp_path / "here")
    tables["transactions"] = session.createDataFrame(tables["transactions"])
    with engine.of_tables(settings=settings, **tables) as data:
        assert different(here, written(screen(data, engine=engine), tmp_path / "there")) == set()


def test_what_is_wrong_with_the_data_is_said_as_at_home(session: Any, tmp_path: Path) -> None:
    """The error of an executor is the error of the run, without Spark's words around it."""
    (tmp_path / "transactions.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError) as home:
        Dataset.read(tmp_path)
    with pytest.raises(DataError) as away:
        Spark(session).read(tmp_path)
    assert str(away.value) == str(home.value)
