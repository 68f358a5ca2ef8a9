"""Where a run's time and memory go, as its own profile tells it in the last line of its log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.child import Cost

__all__ = ["Spent", "spent"]

_START = "start Python and load libraries"


@dataclass(frozen=True)
class Spent:
    """Medians of what one stage took: seconds, processor seconds, the most memory and temporary disk in gigabytes."""

    stage: str
    seconds: float
    cpu: float
    peak: float
    disk: float


def spent(costs: Sequence[Cost]) -> list[Spent]:
    """Every stage that lies in no other, in order; the first is what comes before the profile begins."""
    told = [_told(cost) for cost in costs]
    lines = [_START, *(name for name in told[0] if name.count(" / ") == 1)]
    return [
        _middle(
            name, [_start(one, cost) if name == _START else one[name] for one, cost in zip(told, costs, strict=True)]
        )
        for name in lines
    ]


def _told(cost: Cost) -> dict[str, dict[str, float]]:
    for _, line in reversed(cost.log):
        found = json.loads(line) if line.startswith("{") else {}
        if found.get("event") == "profile":
            return {one["stage"]: one for one in found["stages"]}
    raise RuntimeError("The run told no profile.")


def _start(told: dict[str, dict[str, float]], cost: Cost) -> dict[str, float]:
    whole = next(iter(told.values()))
    return {
        "seconds": cost.wall - whole["seconds"],
        "cpu_seconds": cost.cpu - whole["cpu_seconds"],
        "peak_bytes": whole["bytes_before"],
        "temporary_bytes": 0,
    }


def _middle(name: str, runs: Sequence[dict[str, float]]) -> Spent:
    figures = (
        median(one[column] for one in runs) for column in ("seconds", "cpu_seconds", "peak_bytes", "temporary_bytes")
    )
    seconds, cpu, peak, disk = figures
    return Spent(name.rpartition(" / ")[2], seconds, cpu, peak / 1e9, disk / 1e9)
