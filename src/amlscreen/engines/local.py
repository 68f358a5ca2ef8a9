"""The engine for one machine: partitions stream out of the store, threads sweep them, a bounded number at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
import pyarrow as pa

from amlscreen.budget import budget_of
from amlscreen.engines.collecting import Collecting, Gathered
from amlscreen.engines.kept import KeptWork
from amlscreen.engines.program import Program, Worked, program_of
from amlscreen.engines.spool import Spool, groups_for, spool_in
from amlscreen.features.asked import EVERY_RUN, NO_FEATURES, Asked
from amlscreen.intake.laying import lay_out
from amlscreen.intake.stream import number, sorted_batches
from amlscreen.ledger.columns import DERIVED
from amlscreen.ledger.companions import find_companions
from amlscreen.ledger.kernels import load_kernels
from amlscreen.ledger.listed import Listed, owned_accounts
from amlscreen.ledger.partition import Partition
from amlscreen.ledger.reference import Reference, build_reference
from amlscreen.profiling import stage
from amlscreen.settings import Settings
from amlscreen.shapes.plan import ALWAYS, Plan

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = [
    "Engine",
    "Progress",
    "Run",
    "cut_into_partitions",
    "in_order",
    "partitions",
    "prepare",
    "run",
    "threads_of",
    "whole_customers",
    "without_rows",
    "works",
]

_ABOUT_LISTS = {"counterparty_list", "counterparty_name_list"}
Progress = Callable[[str, int, int | None], None]
Part = TypeVar("Part")
Done = TypeVar("Done")


class Run(Protocol):
    """What sweeps a dataset: :func:`run`, or a cluster's."""

    def __call__(
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
        """Sweep every partition with every plan, then the plans whose subjects lie in many partitions."""
        ...


class Engine(Protocol):
    """A cluster that sweeps in place of this machine: :class:`amlscreen.engines.spark.Spark`."""

    @property
    def run(self) -> Run:
        """What sweeps."""
        ...


def prepare(data: Dataset, plans: Sequence[Plan], last_day: int, features: Asked = NO_FEATURES) -> Reference:
    """Number the customers and gather the facts that the columns of plans and features read."""
    asked = features.columns(data.provided).union(*(plan.columns for plan in plans))
    numbering = number(data)
    return build_reference(
        data,
        numbering,
        last_day=last_day,
        relations="counterparty_is_related" in asked,
        listed=Listed.of(data.tables["listed"], owned_accounts(numbering)) if asked & _ABOUT_LISTS else None,
        companions=find_companions(data, last_day=last_day) if "companions" in asked else None,
    )


def partitions(
    data: Dataset,
    plans: Sequence[Plan],
    reference: Reference,
    settings: Settings,
    customers: Collection[int] | None = None,
    features: Asked = NO_FEATURES,
) -> Iterator[Partition]:
    """Partitions of whole customers, in order, with the columns that plans, features and KYC read."""
    program = program_of(data, plans, reference, features, alert_from=reference.last_day)
    for rows in whole_customers(data, program, settings, customers):
        yield Partition(rows, reference, DERIVED)


def whole_customers(
    data: Dataset, program: Program, settings: Settings, customers: Collection[int] | None = None
) -> Iterator[pa.RecordBatch]:
    """Rows of whole customers, about ``settings.partition_rows`` at a time, in order.

    Everybody's come bucket by bucket; of a few customers, theirs are found and sorted alone.
    """
    last_day = program.reference.last_day
    if customers is not None:
        found = sorted_batches(data, program.stored, last_day=last_day, customers=customers)
        yield from cut_into_partitions(found, settings.partition_rows)
        return
    with closing(lay_out(data, program.stored, last_day=last_day)) as laid:
        for bucket in laid.buckets:
            for whole in laid.batches(bucket):
                yield from _cut(whole, settings.partition_rows)


def cut_into_partitions(batches: Iterable[pa.RecordBatch], partition_rows: int) -> Iterator[pa.RecordBatch]:
    """Sorted rows put together and cut anew: whole customers, about so many rows at a time."""
    for whole in _of_whole_customers(batches, partition_rows):
        yield from _cut(whole, partition_rows)


def _cut(whole: pa.RecordBatch, partition_rows: int) -> Iterator[pa.RecordBatch]:
    numbers = whole.column("customer_no").to_numpy()
    borders = np.append(np.flatnonzero(np.diff(numbers)) + 1, numbers.size)
    rows = numbers.size / max(numbers.size // partition_rows, 1)
    start = 0
    while start < numbers.size:
        end = int(borders[np.searchsorted(borders, min(start + rows, numbers.size))])
        yield whole.slice(start, end - start)
        start = end


def without_rows(data: Dataset, reference: Reference, features: Asked) -> Partition:
    """A partition with the columns and no row, for what is told of those who have none."""
    columns = sorted({*ALWAYS, *features.stored(data.provided)})
    schema = sorted_batches(data, columns, last_day=reference.last_day, customers=()).schema
    return Partition(
        pa.RecordBatch.from_arrays([pa.array([], one.type) for one in schema], schema=schema), reference, DERIVED
    )


def _of_whole_customers(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The batches put together to at least so many rows and cut where the last customer begins.

    Batches of one large customer are held as they come and put together once.
    """
    held: list[pa.RecordBatch] = []
    for batch in batches:
        if not batch.num_rows:
            continue
        held.append(batch)
        last = batch.column("customer_no")[-1]
        if held[0].column("customer_no")[0] == last or sum(each.num_rows for each in held) < rows:
            continue
        whole = _one(held)
        cut = int(np.searchsorted(whole.column("customer_no").to_numpy(), last.as_py()))
        yield whole.slice(0, cut)
        held = [whole.slice(cut)]
    if held:
        yield _one(held)


def _one(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    return pa.Table.from_batches(batches).unify_dictionaries().combine_chunks().to_batches()[0]


def run(
    data: Dataset,
    plans: Sequence[Plan],
    *,
    alert_from: int,
    last_day: int,
    settings: Settings,
    progress: Progress,
    asked: Asked = EVERY_RUN,
    kept: KeptWork | None = None,
) -> Gathered:
    """Sweep every partition with every plan, then the plans whose subjects lie in many partitions.

    The result does not depend on the number of partitions or threads: partitions are taken in order, and each is a
    pure function of its rows. What each gave is put into ``kept``, or found there.
    """
    progress("sorting transactions", 0, None)
    with stage("number customers, gather facts"):
        load_kernels()  # else the first partition would stop to, and nobody be told why
        program = program_of(data, plans, prepare(data, plans, last_day, asked), asked, alert_from=alert_from)
        collecting = Collecting(program, without_rows(data, program.reference, asked), data.folder)
    done = 0
    if kept is not None:
        kept.begin(program)
    at_once = rows_at_once(settings)
    with spool_in(data.folder, groups_for(data.rows_accepted, at_once)) as spool:
        with stage("sort and sweep"):
            for worked in works(data, program, settings, spool, kept):
                collecting.add(worked)
                done += worked.rows
                progress("sweep", done, data.rows_accepted)
        return collecting.settled(data, threads_of(settings), at_once)


def works(
    data: Dataset, program: Program, settings: Settings, spool: Spool | None, kept: KeptWork | None = None
) -> Iterator[Worked]:
    """What each partition gives, in order; large picked rows lie in the spool."""

    def work(rows: pa.RecordBatch) -> Worked:
        worked = program.work(rows) if kept is None else kept.worked(program, rows)
        if spool is not None:
            worked.swept.gathered = spool.aside(worked.swept.gathered)
        return worked

    return in_order(work, whole_customers(data, program, settings), threads_of(settings))


def rows_at_once(settings: Settings) -> int:
    """How many gathered rows each thread may hold at a time."""
    return budget_of(settings.memory).rows_at_once // threads_of(settings)


def threads_of(settings: Settings) -> int:
    """How many threads a run uses."""
    return settings.threads or os.cpu_count() or 1


def in_order(
    work: Callable[[Part], Done],
    parts: Iterator[Part],
    threads: int,
) -> Iterator[Done]:
    """Results in the order of the partitions: at most ``threads`` are swept, one waits and one is read meanwhile."""
    waiting: deque[Future[Done]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="sweep") as pool:
        for part in parts:
            waiting.append(pool.submit(work, part))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
