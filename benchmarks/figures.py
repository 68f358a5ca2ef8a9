"""The figures of one run of the benchmark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.cases import Case, Limits
from benchmarks.child import Cost

__all__ = ["Agreement", "Figures"]


@dataclass(frozen=True)
class Agreement:
    """What ``first`` found against what each other found: of each rule both, only the one, only the other."""

    first: str
    others: Mapping[str, Mapping[str, Mapping[str, int]]]


@dataclass(frozen=True)
class Figures:
    """Every run of every case, who found the same in books of so many rows, and what was not run and why."""

    costs: Mapping[Case, Sequence[Cost]]
    agreement: Mapping[int, Agreement]
    left_out: Sequence[str]
    machine: str
    limits: Limits

    def of(self, rows: int, book: str, what: str) -> Case | None:
        """The case of that description, if it was run."""
        return next((one for one in self.costs if (one.rows, one.book, one.what) == (rows, book, what)), None)

    def floor_of(self, case: Case) -> Case | None:
        """What a case is held against: the same input, else the book as one Parquet file."""
        return self.of(case.rows, "csv" if case.book == "csv" else "parquet", case.floor)

    def wall(self, case: Case) -> float:
        """Median of the seconds on the wall."""
        return median(cost.wall for cost in self.costs[case])

    def cpu(self, case: Case) -> float:
        """Median of the seconds of all processors."""
        return median(cost.cpu for cost in self.costs[case])

    def peak(self, case: Case) -> float:
        """Median of the most memory, in gigabytes."""
        return median(cost.peak for cost in self.costs[case]) / 1e9

    def disk(self, case: Case) -> float:
        """Median of the most temporary disk, in gigabytes."""
        return median(cost.disk for cost in self.costs[case]) / 1e9

    def cores(self, case: Case) -> int:
        """How many threads a case was given."""
        return case.threads or self.limits.threads

    def screens(self) -> list[Case]:
        """The whole product on books of one Parquet file, the smallest first."""
        every = (case for case in self.costs if (case.book, case.what) == ("parquet", "screen"))
        return sorted(every, key=lambda case: case.rows)
