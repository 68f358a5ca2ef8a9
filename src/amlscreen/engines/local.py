"""The engine for one machine: partitions stream out of the store, threads sweep them, a bounded number at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa

from amlscreen.engines.settling import Across, settled
from amlscreen.engines.spool import spool_in
from amlscreen.features.asked import EVERY_RUN, NO_FEATURES, Asked
from amlscreen.features.gathering import Gatherings, Pieces
from amlscreen.features.made import Features
from amlscreen.hits import Hit
from amlscreen.intake.stream import number, sorted_batches
from amlscreen.kyc.look import Looked, look, looked
from amlscreen.kyc.look import stored_columns as kyc_columns
from amlscreen.ledger.columns import DERIVED
from amlscreen.ledger.companions import find_companions
from amlscreen.ledger.listed import Listed, owned_accounts
from amlscreen.ledger.partition import Partition
from amlscreen.ledger.reference import Reference, build_reference
from amlscreen.settings import Settings
from amlscreen.shapes.plan import ALWAYS, Plan, stored_columns
from amlscreen.shapes.settled import AfterSweep
from amlscreen.shapes.sweep import Swept, sweep

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["Gathered", "Progress", "in_order", "partitions", "prepare", "run", "threads_of", "without_rows"]

_ABOUT_LISTS = {"counterparty_list", "counterparty_name_list"}
Progress = Callable[[str, int, int | None], None]
Done = TypeVar("Done")
Worked = tuple[Swept, Pieces, Looked, int]
"""What one partition gave: hits, features of customers and accounts, what KYC health takes from it, and its rows."""


@dataclass
class Gathered:
    """What all partitions gave together; by plan number where it is about plans."""

    reference: Reference
    features: Features
    account_features: Features
    kyc: Looked
    hits: dict[int, list[Hit]] = field(default_factory=dict)
    not_evaluable: dict[int, int] = field(default_factory=dict)
    seconds: dict[int, float] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    notes: dict[int, tuple[str, ...]] = field(default_factory=dict)


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
    """Whole customers, about ``settings.partition_rows`` rows at a time, in order."""
    columns = _columns(data, plans, reference, features)
    reader = sorted_batches(data, columns, last_day=reference.last_day, customers=customers)
    for whole in _of_whole_customers(reader, settings.partition_rows):
        numbers = whole.column("customer_no").to_numpy()
        borders = np.append(np.flatnonzero(np.diff(numbers)) + 1, numbers.size)
        rows = numbers.size / max(numbers.size // settings.partition_rows, 1)
        start = 0
        while start < numbers.size:
            end = int(borders[np.searchsorted(borders, min(start + rows, numbers.size))])
            yield Partition(whole.slice(start, end - start), reference, DERIVED)
            start = end


def _columns(data: Dataset, plans: Sequence[Plan], reference: Reference, features: Asked) -> Sequence[str]:
    """The stored columns that plans, features and KYC read."""
    kyc = kyc_columns(data.jurisdiction, reference.last_day, data.provided)
    return sorted({*ALWAYS, *features.stored(data.provided), *kyc}.union(*(stored_columns(plan) for plan in plans)))


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
) -> Gathered:
    """Sweep every partition with every plan, then the plans whose subjects lie in many partitions.

    The result does not depend on the number of partitions or threads: partitions are taken in order, and each is a
    pure function of its rows.
    """
    progress("sorting transactions", 0, None)
    reference = prepare(data, plans, last_day, asked)
    numbered = tuple(enumerate(plans))
    features = Gatherings(asked, without_rows(data, reference, asked), data.provided)
    gathered = Gathered(reference, *features.unfinished(), looked([], reference))
    kyc: list[Looked] = []
    carried = kyc_columns(data.jurisdiction, last_day, data.provided)
    rows: dict[int, list[Any]] = {}
    done = 0

    with spool_in(data.folder) as spool:

        def work(part: Partition) -> Worked:
            swept = sweep(part, numbered, alert_from)
            if spool is not None:
                swept.gathered = spool.aside(swept.gathered)
            worked = swept, features.pieces_of(part), look(part, carried), part.size
            part.let_go()
            return worked

        parts = partitions(data, plans, reference, settings, features=asked)
        for swept, made, seen, size in in_order(work, parts, threads_of(settings)):
            _collect(gathered, swept, rows)
            features.add(made)
            kyc.append(seen)
            done += size
            progress("sweep", done, data.rows_accepted)
        gathered.features, gathered.account_features = features.finished(threads_of(settings))
        gathered.kyc = looked(kyc, reference)
        told_until = data.told_until(last_day)
        bank = AfterSweep(reference, gathered.features.table, data.tables, alert_from, last_day, told_until)
        for one in settled(plans, rows, gathered.failed, bank, threads_of(settings)):
            _add(gathered, one)
    return gathered


def _add(gathered: Gathered, one: Across) -> None:
    if one.failed:
        gathered.failed[one.plan_no] = one.failed
        return
    gathered.hits.setdefault(one.plan_no, []).extend(one.settled.hits)
    gathered.not_evaluable[one.plan_no] = gathered.not_evaluable.get(one.plan_no, 0) + one.settled.not_evaluable
    gathered.notes[one.plan_no] = one.settled.notes
    gathered.seconds[one.plan_no] = gathered.seconds.get(one.plan_no, 0.0) + one.seconds


def threads_of(settings: Settings) -> int:
    """How many threads a run uses."""
    return settings.threads or os.cpu_count() or 1


def _collect(gathered: Gathered, swept: Swept, rows: dict[int, list[Any]]) -> None:
    for plan_no, hits in swept.hits.items():
        gathered.hits.setdefault(plan_no, []).extend(hits)
    for plan_no, count in swept.not_evaluable.items():
        gathered.not_evaluable[plan_no] = gathered.not_evaluable.get(plan_no, 0) + count
    for plan_no, seconds in swept.seconds.items():
        gathered.seconds[plan_no] = gathered.seconds.get(plan_no, 0.0) + seconds
    for plan_no, reason in swept.failed.items():
        gathered.failed.setdefault(plan_no, reason)
    for plan_no, piece in swept.gathered.items():
        rows.setdefault(plan_no, []).append(piece)


def in_order(
    work: Callable[[Partition], Done],
    parts: Iterator[Partition],
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
