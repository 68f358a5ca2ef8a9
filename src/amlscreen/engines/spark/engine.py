"""The engine itself: a Spark session that sweeps what this machine would have swept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from amlscreen.engines.collecting import Collecting, Gathered
from amlscreen.engines.local import Progress, prepare, threads_of, without_rows
from amlscreen.engines.program import Program, Worked, program_of
from amlscreen.engines.spark.placing import SORTED_BY, Placing, borders_of, placing_of
from amlscreen.engines.spark.sweeping import GIVEN, restored, sweeping
from amlscreen.engines.spark.wire import ROW, ddl, narrow
from amlscreen.engines.spool import spool_in
from amlscreen.features.asked import EVERY_RUN, Asked
from amlscreen.intake.handed import every_transaction, rows_of_customers
from amlscreen.intake.stream import told_in_time
from amlscreen.ledger.reference import joined, whole
from amlscreen.settings import Settings
from amlscreen.shapes.plan import Plan

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from amlscreen.intake.dataset import Dataset

__all__ = ["Spark"]


class Spark:
    """A session's executors do what partitions need; what is told of the whole bank is worked out where this runs.

    ``buckets`` is into how many parts the customers are put; by default three for each core of the cluster.
    """

    def __init__(self, session: SparkSession, *, buckets: int | None = None) -> None:
        self.session = session
        self._buckets = buckets

    @property
    def buckets(self) -> int:
        """How many parts the customers are put into."""
        return self._buckets or 3 * max(self.session.sparkContext.defaultParallelism, 2)

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
        collecting = Collecting(program, without_rows(data, program.reference, asked))
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
        """What every partition gives, in order: placed, brought together by bucket, sorted, swept."""
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
        yield from restored(given.toArrow())

    def _frame(self, data: Dataset) -> DataFrame:
        """The accepted transactions of a dataset; those of one that this machine read are handed over."""
        batches = [narrow(batch, ROW) for batch in every_transaction(data)]
        return self.session.createDataFrame(pa.Table.from_batches(batches), ddl(ROW))


def _keys(told: pa.Table) -> pa.Array[Any]:
    return joined(*(whole(told[name]) for name in ("institution", "account_id", "transaction_id")))
