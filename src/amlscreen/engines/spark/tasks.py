"""The functions that executors run over Arrow batches, and how answers that are no rows come back: as bytes."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.errors import AmlScreenError
from amlscreen.intake.apart.asking import answered, those_of, written
from amlscreen.intake.apart.conforming import Conforming
from amlscreen.intake.apart.rows import ACCEPTED, CONFORMED, narrow, schema_of
from amlscreen.intake.apart.settling import Settling
from amlscreen.intake.source import SourceFile
from amlscreen.settings import Settings

if TYPE_CHECKING:
    from pyspark import Broadcast

__all__ = ["TOLD", "Batches", "asking", "conforming_files", "conforming_table", "ddl", "picking", "settling", "told"]

Batches = Iterable[pa.RecordBatch]
Work = Callable[[Batches], Iterator[pa.RecordBatch]]
TOLD: Mapping[str, str] = {"told": "BLOB"}
"""The column in which a task tells what it saw, in a row of its own."""
_SPARK = {
    "BIGINT": "bigint",
    "INTEGER": "int",
    "TINYINT": "tinyint",
    "UTINYINT": "smallint",
    "BOOLEAN": "boolean",
    "VARCHAR": "string",
    "BLOB": "binary",
}


def ddl(columns: Mapping[str, str]) -> str:
    """The Spark schema of columns of these DuckDB types; words of closed lists are numbers."""
    return ", ".join(f"`{name}` {_SPARK.get(kind, 'tinyint')}" for name, kind in columns.items())


def conforming_files(shared: Broadcast[Conforming], sources: Sequence[SourceFile]) -> Work:
    """Conform the files whose numbers come in."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for task in np.array(batch.column("id")).tolist():
                yield from _told_apart(shared.value.of_file(sources[task], task), CONFORMED)

    return work


def conforming_table(shared: Broadcast[Conforming]) -> Work:
    """Conform the rows of a table that come in; each of its partitions is a task."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        from pyspark import TaskContext

        context = TaskContext.get()
        held = [batch for batch in batches if batch.num_rows]
        if held and context is not None:
            table = pa.Table.from_batches(held)
            yield from _told_apart(shared.value.of_table(table, context.partitionId()), CONFORMED)

    return work


def settling(shared: Broadcast[Settling]) -> Work:
    """Settle the whole accounts whose conformed rows come in."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        held = (batch for batch in batches if batch.num_rows)
        first = next(held, None)
        if first is not None:
            yield from _told_apart(shared.value.settle(_after(first, held)), ACCEPTED)

    return work


def asking(select: str, columns: Sequence[str], settings: Settings) -> Work:
    """Answer a question about the accepted rows that come in."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        found = answered(batches, columns, select, settings)
        if found is not None:
            yield _of_bytes(written(found), TOLD)

    return work


def picking(row_ids: Broadcast[NDArray[np.int64]]) -> Work:
    """The rows with one of these numbers."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        yield from those_of(batches, row_ids.value)

    return work


def told(table: pa.Table) -> list[Any]:
    """What tasks told, in no order; an error of the data or settings that one met is raised here."""
    payloads: list[Any] = table["told"].to_pylist()
    found = [pickle.loads(each) for each in payloads]  # the executors of this very run wrote it
    for one in found:
        if isinstance(one, AmlScreenError):
            raise one
    return found


def _told_apart(items: Iterable[Any], columns: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
    """Rows as they are; all else, and errors that would only be met again on another try, as bytes."""
    both = {**columns, **TOLD}
    try:
        for item in items:
            yield narrow(item, both) if isinstance(item, pa.RecordBatch) else _of_bytes(pickle.dumps(item), both)
    except AmlScreenError as problem:
        yield _of_bytes(pickle.dumps(type(problem)(str(problem))), both)


def _of_bytes(content: bytes, columns: Mapping[str, str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([{"told": content}], schema_of(columns, words=False))


def _after(first: pa.RecordBatch, others: Batches) -> Iterator[pa.RecordBatch]:
    yield first
    yield from others
