"""A sweep for features alone: for a run that is over and did not need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amlscreen.engines.local import Progress, in_order, partitions, prepare, threads_of, without_rows
from amlscreen.features.asked import Asked
from amlscreen.features.gathering import Gatherings, Pieces, pieces_of
from amlscreen.features.made import Features
from amlscreen.ledger.partition import Partition
from amlscreen.settings import Settings

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["features_of"]


def features_of(
    data: Dataset, asked: Asked, *, last_day: int, settings: Settings, progress: Progress
) -> tuple[Features, Features]:
    """The features of customers and of accounts up to a day; no rule is looked at."""
    progress("sorting transactions", 0, None)
    reference = prepare(data, (), last_day, asked)
    gatherings = Gatherings(asked, without_rows(data, reference, asked), data.provided, data.folder)

    def work(part: Partition) -> tuple[Pieces, int]:
        made = pieces_of(part, asked, data.provided)
        part.let_go()
        return made, part.size

    done = 0
    parts = partitions(data, (), reference, settings, features=asked)
    for made, size in in_order(work, parts, threads_of(settings)):
        gatherings.add(made)
        done += size
        progress("features", done, data.rows_accepted)
    return gatherings.finished(threads_of(settings))
