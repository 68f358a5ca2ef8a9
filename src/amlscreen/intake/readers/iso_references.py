"""Ids of transactions, taken back where the bank's reference turns out not to be unique in the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from amlscreen.intake.sql import literal

__all__ = ["keep_unique_ids"]

_KEY = ("account_id", "direction", "transaction_id")
_BETWEEN = "\x1f"  # no XML text holds it


def keep_unique_ids(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Empty ``transaction_id`` in every row of a file of entries that shares it with another of that account and
    direction; how many ids that were. Their ids are then made from content, and none of the rows is lost."""
    together = f"concat_ws({literal(_BETWEEN)}, {', '.join(_KEY)})"
    shared = connection.sql(
        f"SELECT {together} FROM read_parquet({literal(str(path))}) "
        "WHERE transaction_id IS NOT NULL AND account_id IS NOT NULL GROUP BY ALL HAVING count(*) > 1"
    ).to_arrow_table()
    if not shared.num_rows:
        return 0
    keys = shared.column(0).combine_chunks()
    beside = path.with_suffix(".unique")
    arrow: Any = pc  # the stubs do not know arrays of any type
    file = pq.ParquetFile(path)
    with pq.ParquetWriter(beside, file.schema_arrow, compression="lz4") as writer:
        for batch in file.iter_batches():
            given = batch.column("transaction_id")
            key = arrow.binary_join_element_wise(*(batch.column(name) for name in _KEY), _BETWEEN)
            kept = arrow.if_else(arrow.is_in(key, value_set=keys), pa.scalar(None, pa.string()), given)
            writer.write_batch(batch.set_column(batch.schema.get_field_index("transaction_id"), "transaction_id", kept))
    beside.replace(path)
    return int(shared.num_rows)
