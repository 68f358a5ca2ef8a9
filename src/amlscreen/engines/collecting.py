"""What partitions gave, put together; then what can be told only of the whole bank."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amlscreen.engines.program import Program, Worked
from amlscreen.engines.settling import Across, settled
from amlscreen.features.gathering import Gatherings
from amlscreen.features.made import Features
from amlscreen.hits import Hit
from amlscreen.kyc.look import Looked, looked
from amlscreen.ledger.partition import Partition
from amlscreen.ledger.reference import Reference
from amlscreen.profiling import stage
from amlscreen.shapes.settled import AfterSweep
from amlscreen.shapes.sweep import Swept

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["Collecting", "Gathered"]


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


class Collecting:
    """Takes in what partitions gave, in their order; ``empty`` is a partition without rows.

    What is large lies in files of ``folder``, in memory if there is none.
    """

    def __init__(self, program: Program, empty: Partition, folder: Path | None = None) -> None:
        self.program = program
        self._features = Gatherings(program.asked, empty, program.provided, folder)
        self._kyc: list[Looked] = []
        self._picked: dict[int, list[Any]] = {}
        nothing = looked([], program.reference)
        self._gathered = Gathered(program.reference, *self._features.unfinished(), nothing)

    def add(self, worked: Worked) -> None:
        """Take in what one partition gave."""
        _collect(self._gathered, worked.swept, self._picked)
        self._features.add(worked.features)
        self._kyc.append(worked.kyc)

    def settled(self, data: Dataset, threads: int, rows_at_once: int = 1 << 62) -> Gathered:
        """Everything, once all partitions were taken in: features are finished, and plans over the whole bank asked.

        Each of ``threads`` holds at most ``rows_at_once`` gathered rows at a time.
        """
        gathered, program = self._gathered, self.program
        with stage("features of the whole bank"):
            gathered.features, gathered.account_features = self._features.finished(threads)
        gathered.kyc = looked(self._kyc, program.reference)
        last_day = program.reference.last_day
        told_until = data.told_until(last_day)
        bank = AfterSweep(
            program.reference,
            gathered.features.table,
            data.tables,
            program.alert_from,
            last_day,
            told_until,
            data.folder,
            rows_at_once=rows_at_once,
        )
        with stage("plans over the whole bank"):
            for one in settled(program.plans, self._picked, gathered.failed, bank, threads):
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
