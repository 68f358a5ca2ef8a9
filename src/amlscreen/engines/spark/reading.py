"""Raw files or Spark tables to a dataset on the cluster: conformed, brought together by account, settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amlscreen.engines.spark.data import ClusterData
from amlscreen.engines.spark.tasks import TOLD, conforming_files, conforming_table, ddl, settling, told
from amlscreen.errors import DataError
from amlscreen.intake.apart.building import Beside, Building, gives_transactions, rates_beside
from amlscreen.intake.apart.conforming import Conforming, Told
from amlscreen.intake.apart.rows import ACCEPTED, CONFORMED
from amlscreen.intake.build import INSTITUTION_IN_MEMORY, country_of
from amlscreen.intake.mapping import Mapping as IntakeMapping
from amlscreen.intake.source import SourceFile
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["Reading"]

Conform = Callable[[Conforming], "DataFrame"]


@dataclass(frozen=True)
class Reading:
    """How a dataset comes onto the cluster: ``task`` are the settings of one task, ``buckets`` parts of accounts."""

    session: SparkSession
    jurisdiction: Jurisdiction
    settings: Settings
    task: Settings
    buckets: int

    def of_files(self, sources: Sequence[SourceFile], mapping: IntakeMapping | None) -> ClusterData:
        """Files on a file system that every executor sees at the same path; each is read by one task."""
        gives = {source: gives_transactions(source, mapping) for source in sources}
        far = [source for source in sources if gives[source]]
        beside = [source for source in sources if not gives[source]]
        if not far:
            seen = ", ".join(source.name for source in sources[:10])
            raise DataError(f"holds no transactions. Found: {seen}.", fix="Name the file transactions.csv.")

        def conform(conforming: Conforming) -> DataFrame:
            shared = self.session.sparkContext.broadcast(conforming)
            tasks = self.session.range(0, len(far), 1, len(far))
            return tasks.mapInArrow(conforming_files(shared, far), ddl({**CONFORMED, **TOLD}))

        def order(found: Mapping[int, Told]) -> list[Beside | list[Told]]:
            return [[found[far.index(source)]] if gives[source] else source for source in sources]

        return self._read(conform, order, beside, mapping, len(sources))

    def of_tables(self, tables: Mapping[str, Any]) -> ClusterData:
        """Transactions as a Spark DataFrame of canonical columns; the other tables as such, or in memory here."""
        frame = tables["transactions"]
        beside: list[Beside] = [
            (name, table.toArrow() if hasattr(table, "toArrow") else table)
            for name, table in tables.items()
            if name != "transactions"
        ]

        def conform(conforming: Conforming) -> DataFrame:
            shared = self.session.sparkContext.broadcast(conforming)
            made: DataFrame = frame.mapInArrow(conforming_table(shared), ddl({**CONFORMED, **TOLD}))
            return made

        def order(found: Mapping[int, Told]) -> list[Beside | list[Told]]:
            others = iter(beside)
            pieces = [found[task] for task in sorted(found)]
            return [pieces if name == "transactions" else next(others) for name in tables]

        return self._read(conform, order, beside, None, len(tables), institution=INSTITUTION_IN_MEMORY)

    def _read(
        self,
        conform: Conform,
        order: Callable[[Mapping[int, Told]], list[Beside | list[Told]]],
        beside: Sequence[Beside],
        mapping: IntakeMapping | None,
        files: int,
        institution: str | None = None,
    ) -> ClusterData:
        from pyspark import StorageLevel

        country = country_of(self.jurisdiction, mapping)
        with ExitStack() as undo:
            building = Building.begun(country, mapping, self.settings)
            undo.callback(building.store.close)
            building.opened.institution = institution or building.opened.institution
            rates = rates_beside(beside, mapping, country, self.settings)
            conforming = Conforming(mapping, country, self.task, rates, files, building.opened.institution)
            conformed = conform(conforming).persist(StorageLevel.DISK_ONLY)
            undo.callback(conformed.unpersist)
            found = {one.task: one for one in told(conformed.where("told IS NOT NULL").select("told").toArrow())}
            shared = self.session.sparkContext.broadcast(building.number(order(found), self.task))
            settled = (
                conformed.where("told IS NULL")
                .drop("told")
                .repartition(self.buckets, "institution", "account_id")
                .mapInArrow(settling(shared), ddl({**ACCEPTED, **TOLD}))
                .persist(StorageLevel.DISK_ONLY)
            )
            undo.callback(settled.unpersist)
            built = building.built(told(settled.where("told IS NOT NULL").select("told").toArrow()), self.settings)
            undo.pop_all()
        # Both are kept: an executor that is lost takes settled rows with it, and the conformed ones make them anew.
        frame = settled.where("told IS NULL").drop("told")
        return ClusterData(built, self.jurisdiction, self.settings, frame, kept=(settled, conformed), task=self.task)
