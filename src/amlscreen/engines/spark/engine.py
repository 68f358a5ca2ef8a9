"""The engine itself: a Spark session that sweeps what this machine would have swept."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as TypedMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from amlscreen.budget import bytes_of
from amlscreen.engines.collecting import Collecting, Gathered
from amlscreen.engines.local import Progress, prepare, threads_of
from amlscreen.engines.program import Program, Worked, program_of
from amlscreen.engines.spark.data import ClusterData
from amlscreen.engines.spark.failing import check_installed, cluster_errors
from amlscreen.engines.spark.placing import NUMBERED, SORTED_BY, Placing, borders_of, placing_of
from amlscreen.engines.spark.reading import Reading
from amlscreen.engines.spark.sweeping import GIVEN, restored, sweeping, taken_together
from amlscreen.engines.spark.tasks import ddl
from amlscreen.engines.spool import spool_in
from amlscreen.errors import DataError
from amlscreen.features.asked import EVERY_RUN, Asked
from amlscreen.intake.apart.rows import ACCEPTED, narrow, schema_of
from amlscreen.intake.dataset import jurisdiction_of
from amlscreen.intake.handed import every_transaction, rows_of_customers
from amlscreen.intake.mapping import Mapping, load_mapping
from amlscreen.intake.source import find_sources
from amlscreen.intake.stream import told_in_time
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.ledger.columns import DERIVED
from amlscreen.ledger.partition import Partition
from amlscreen.ledger.reference import Reference, joined, whole
from amlscreen.settings import Settings
from amlscreen.shapes.plan import ALWAYS, Plan

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from amlscreen.intake.dataset import Dataset

__all__ = ["Spark"]


class Spark:
    """A session's executors do what partitions need; what is told of the whole bank is worked out where this runs.

    ``buckets`` is into how many parts accounts and customers are put, by default three for each core of the cluster;
    ``task_memory`` is what one task may use of its executor's memory outside the Java machine.
    """

    def __init__(self, session: SparkSession, *, buckets: int | None = None, task_memory: str = "1GB") -> None:
        bytes_of(task_memory)
        self.session, self.task_memory = session, task_memory
        self.buckets = buckets or 3 * max(session.sparkContext.defaultParallelism, 2)

    @classmethod
    def on(cls, master: str, config: TypedMapping[str, str] | None = None, **options: Any) -> Spark:
        """The engine with a new session on a master such as ``spark://host:7077``; ``options`` are those of the class.

        The executors' Python is this one. EngineError if pyspark or Java is missing.
        """
        check_installed()
        from pyspark.sql import SparkSession

        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.master(master).appName("amlscreen")
        for name, value in (config or {}).items():
            builder = builder.config(name, value)
        with cluster_errors():
            return cls(builder.getOrCreate(), **options)

    def read(
        self,
        source: str | Path | Sequence[str | Path],
        mapping: str | Path | Mapping | None = None,
        jurisdiction: str | Path | Jurisdiction = "laos",
        settings: Settings | None = None,
    ) -> ClusterData:
        """As :meth:`amlscreen.Dataset.read`, by the executors, which must see the files at the same path.

        Transactions stay on the cluster; tables of customers, accounts and the like are read here.
        """
        loaded = load_mapping(mapping) if isinstance(mapping, str | Path) else mapping
        with cluster_errors():
            return self._reading(jurisdiction, settings).of_files(find_sources(source), loaded)

    def of_tables(
        self, jurisdiction: str | Path | Jurisdiction = "laos", settings: Settings | None = None, **tables: Any
    ) -> ClusterData:
        """As :meth:`amlscreen.Dataset.from_tables`, with ``transactions`` a Spark DataFrame of canonical columns.

        Its rows count in the order of its partitions, so a table that is computed should be stored first. The other
        tables are small; they may be DataFrames too, or Arrow tables.
        """
        if not hasattr(tables.get("transactions"), "mapInArrow"):
            raise DataError("transactions must be a Spark DataFrame.", fix="Read them with spark.read.parquet(...).")
        with cluster_errors():
            return self._reading(jurisdiction, settings).of_tables(tables)

    def _reading(self, jurisdiction: str | Path | Jurisdiction, settings: Settings | None) -> Reading:
        chosen = settings or Settings()
        return Reading(self.session, jurisdiction_of(jurisdiction), chosen, self._task(chosen), self.buckets)

    def _task(self, settings: Settings) -> Settings:
        """The settings of one task: one thread, its own memory, and the temporary folder of its machine."""
        return settings.model_copy(update={"memory": self.task_memory, "threads": 1, "temporary": None})

    def run(
        self,
        data: Dataset,
        plans: Sequence[Plan],
        *,
        alert_from: int,
        last_day: int,
        settings: Settings,
        progress: Progress,
        asked: Asked = EVERY_RUN,
    ) -> Gathered:
        """What :func:`amlscreen.engines.local.run` gives, worked out by the executors."""
        progress("sorting transactions", 0, None)
        program = program_of(data, plans, prepare(data, plans, last_day, asked), asked, alert_from=alert_from)
        collecting = Collecting(program, _without_rows(data, program.reference, asked))
        done = 0
        with spool_in(data.folder) as spool:
            for worked in self._works(data, program, settings):
                if spool is not None:
                    worked.swept.gathered = spool.aside(worked.swept.gathered)
                collecting.add(worked)
                done += worked.rows
                progress("sweep", done, data.rows_accepted)
            return collecting.settled(data, threads_of(settings))

    def _works(self, data: Dataset, program: Program, settings: Settings) -> Iterator[Worked]:
        """What every partition gives, in order: placed, brought together by bucket, sorted, swept.

        The answers lie on the cluster until they are taken in, so that they are not all on this machine at once.
        """
        from pyspark import StorageLevel

        rows = rows_of_customers(data, program.reference.customer_ids.num_rows)
        told = told_in_time(data, program.reference.last_day)
        placing = Placing(
            program.reference, program.stored, borders_of(rows, self.buckets), None if told is None else _keys(told)
        )
        placer = self.session.sparkContext.broadcast(placing)
        shared = self.session.sparkContext.broadcast(program)
        made = placing.made
        placed = (
            self._frame(data)
            .select(*placing.read)
            .mapInArrow(placing_of(placer), ddl(made))
            .repartitionById(len(placing.borders), "bucket")
            .sortWithinPartitions(*SORTED_BY)
        )
        columns = {name: kind for name, kind in made.items() if name != "bucket"}
        given = placed.mapInArrow(sweeping(shared, columns, settings.partition_rows), ddl(GIVEN))
        given = given.persist(StorageLevel.DISK_ONLY)
        try:
            with cluster_errors():
                sizes = given.selectExpr("bucket", "octet_length(payload) AS bytes").toArrow()
            for first, last in taken_together(sizes):
                with cluster_errors():
                    answers = given.where(f"bucket BETWEEN {first} AND {last}").toArrow()
                yield from restored(answers)
        finally:
            for kept in (given, placer, shared):
                kept.unpersist()

    def _frame(self, data: Dataset) -> DataFrame:
        """The accepted transactions of a dataset; those of one that this machine read are handed over."""
        if isinstance(data, ClusterData):
            return data.frame
        batches = [narrow(batch, ACCEPTED) for batch in every_transaction(data)]
        return self.session.createDataFrame(pa.Table.from_batches(batches), ddl(ACCEPTED))


def _without_rows(data: Dataset, reference: Reference, features: Asked) -> Partition:
    """A partition with the columns and no row."""
    types = {**NUMBERED, **{name: ACCEPTED[name] for name in sorted({*ALWAYS, *features.stored(data.provided)})}}
    schema = schema_of(types, words=True)
    arrays = [pa.array([], one.type) for one in schema]
    return Partition(pa.RecordBatch.from_arrays(arrays, schema=schema), reference, DERIVED)


def _keys(told: pa.Table) -> pa.Array[Any]:
    return joined(*(whole(told[name]) for name in ("institution", "account_id", "transaction_id")))
