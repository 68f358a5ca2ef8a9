"""A dataset whose transactions stay on the cluster; its small tables are on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from amlscreen.distinct import distinct
from amlscreen.engines.spark.tasks import TOLD, asking, ddl, picking
from amlscreen.errors import DataError
from amlscreen.intake.apart.asking import as_stored, read_pieces
from amlscreen.intake.apart.rows import ACCEPTED, schema_of, with_words
from amlscreen.intake.dataset import Dataset
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from amlscreen.intake.gathered import Built

__all__ = ["ClusterData"]


class ClusterData(Dataset):
    """Accepted rows on a cluster, as a Spark DataFrame of the columns ``ACCEPTED`` with words as numbers.

    What is asked of all transactions is asked of the executors; rows come here by their numbers, as hits name them.
    """

    def __init__(
        self,
        built: Built,
        jurisdiction: Jurisdiction,
        settings: Settings,
        frame: DataFrame,
        *,
        kept: Sequence[DataFrame],
        task: Settings,
    ) -> None:
        super().__init__(built, jurisdiction, settings)
        self.frame = frame
        self._kept, self._task = kept, task

    def over_transactions(self, select: str, columns: Sequence[str]) -> pa.Table:
        """What a select over ``transactions`` gives, of each bucket."""
        asked = self.frame.select(*columns).mapInArrow(asking(select, tuple(columns), self._task), ddl(TOLD))
        found = read_pieces(asked.toArrow()["told"].to_pylist())
        return pa.table({}) if found is None else found

    def ordered_transactions(
        self, select: str, columns: Sequence[str], order_by: Sequence[str], rows: int
    ) -> Iterable[pa.RecordBatch]:
        """The same, of all buckets, in an order; so many rows at a time."""
        found = self.over_transactions(select, columns)
        if not found.num_columns:
            return
        self.connection.register("pieces", found)
        yield from self.connection.sql(f"SELECT * FROM pieces ORDER BY {', '.join(order_by)}").to_arrow_reader(rows)
        self.connection.unregister("pieces")

    def every_so_manieth(self, step: int, columns: Sequence[str]) -> pa.Table:
        """row_id and these columns of the transactions whose number is a multiple of ``step``, in their order."""
        names = ["row_id", *columns]
        return self._here(self.frame.where(f"row_id % {max(step, 1)} = 0").select(*names), names)

    def rows(self, row_ids: npt.NDArray[np.int64]) -> pa.Table:
        """Every column of ``transactions`` for these rows, in the order asked for; DataError for an unknown row."""
        wanted = distinct(np.asarray(row_ids, dtype=np.int64))
        if not np.isin(wanted, self._held, assume_unique=True).all():
            self.hold(np.union1d(wanted, self._held))
        return super().rows(row_ids)

    def named(self, row_ids: npt.NDArray[np.int64]) -> pa.Table:
        """Columns row_id, at and transaction_id of these different rows, by row_id."""
        names = ["row_id", "at", "transaction_id"]
        return self._here(self._picked(np.sort(np.asarray(row_ids, np.int64)), names), names)

    def hold(self, row_ids: npt.NDArray[np.int64]) -> None:
        """Fetch these rows, once, into the store on this machine."""
        wanted = distinct(np.asarray(row_ids, dtype=np.int64))
        rows = self._here(self._picked(wanted, list(ACCEPTED)), list(ACCEPTED))
        if rows.num_rows != wanted.size:
            raise DataError(f"{wanted.size - rows.num_rows} of the rows asked for are not in this dataset.")
        as_stored(self._built.store, "held_rows", rows)
        self._held = wanted

    def close(self) -> None:
        """Give back the store and what the cluster keeps."""
        for kept in self._kept:
            kept.unpersist()
        super().close()

    def _picked(self, row_ids: npt.NDArray[np.int64], names: Sequence[str]) -> Any:
        shared = self.frame.sparkSession.sparkContext.broadcast(row_ids)
        types = {name: ACCEPTED[name] for name in names}
        return self.frame.select(*names).mapInArrow(picking(shared), ddl(types))

    def _here(self, rows: Any, names: Sequence[str]) -> pa.Table:
        """Rows of the cluster as a table of this machine, by row number."""
        types = {name: ACCEPTED[name] for name in names}
        table = rows.toArrow().sort_by("row_id").combine_chunks()
        batches = [with_words(batch, types) for batch in table.to_batches()]
        return pa.Table.from_batches(batches, schema_of(types, words=True))
