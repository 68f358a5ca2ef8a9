"""How time, memory and disk grow with the book, what dominates, and where the limit would be."""

from __future__ import annotations

import re

from benchmarks.cases import Case
from benchmarks.figures import Figures
from benchmarks.stages import spent

__all__ = ["GROWTH", "STAGES", "growth_lines", "limits", "stage_lines"]

GROWTH = (
    "rows",
    "seconds",
    "us a row",
    "CPU us a row",
    "x floor",
    "peak GB",
    "disk GB",
    "disk bytes a row",
    "as a bar",
)
STAGES = ("rows", "stage", "seconds", "share", "CPU s", "peak GB", "disk GB")
_NIGHT_HOURS = 8
_UNITS = {"MB": 1e-3, "GB": 1.0, "TB": 1e3}
_BAR = 20


def growth_lines(figures: Figures) -> list[tuple[str, ...]]:
    """One line for each size; linear growth is a bar that stays as long as it is."""
    screens = figures.screens()
    longest = max((figures.wall(case) / case.rows for case in screens), default=1.0)
    lines = []
    for case in screens:
        wall, cpu, disk = figures.wall(case), figures.cpu(case), figures.disk(case)
        floor = figures.floor_of(case)
        ratio = "" if floor is None else f"{wall / figures.wall(floor):.1f}"
        bar = "#" * max(round(wall / case.rows / longest * _BAR), 1)
        a_row = (f"{wall / case.rows * 1e6:.1f}", f"{cpu / case.rows * 1e6:.1f}")
        held = (f"{figures.peak(case):.2f}", f"{disk:.2f}", f"{disk * 1e9 / case.rows:.0f}")
        lines.append((f"{case.rows:,}", f"{wall:.1f}", *a_row, ratio, *held, bar))
    return lines


def stage_lines(figures: Figures) -> list[tuple[str, ...]]:
    """Where each whole run of the product on one Parquet file spends its time and memory."""
    lines = []
    for case in figures.screens():
        wall = figures.wall(case)
        for one in spent(figures.costs[case]):
            held = (f"{one.peak:.2f}", f"{one.disk:.2f}")
            share = f"{100 * one.seconds / wall:.0f} %"
            lines.append((f"{case.rows:,}", one.stage, f"{one.seconds:.1f}", share, f"{one.cpu:.1f}", *held))
    return lines


def limits(figures: Figures) -> list[str]:
    """What dominates in the largest book, and how far memory, disk and a night would reach."""
    screens = figures.screens()
    if not screens:
        return []
    case = screens[-1]
    stages = sorted(spent(figures.costs[case]), key=lambda one: -one.seconds)
    first = ", ".join(f"{one.stage} ({100 * one.seconds / figures.wall(case):.0f} %)" for one in stages[:3])
    highest = max(stages, key=lambda one: one.peak)
    rows_a_second = case.rows / figures.wall(case)
    lines = [
        f"What dominates at {case.rows:,} rows: {first}. Memory is at its highest in: {highest.stage}.",
        f"Time: at {rows_a_second:,.0f} rows a second a night of {_NIGHT_HOURS} hours holds "
        f"{rows_a_second * _NIGHT_HOURS * 3600 / 1e6:,.0f} million rows.",
    ]
    if (floor := figures.floor_of(case)) is not None:
        possible = case.rows / figures.wall(floor) * _NIGHT_HOURS * 3600 / 1e6
        lines.append(
            f"The floor alone would hold {possible:,.0f} million: no program on a sorted ledger does more here."
        )
    lines.append(_disk(figures, case))
    return lines + ([_memory(figures, screens[-2], case)] if len(screens) > 1 else [])


def _disk(figures: Figures, case: Case) -> str:
    each = figures.disk(case) * 1e9 / case.rows
    room = 100e9 / max(each, 1) / 1e6
    return f"Disk: {each:.0f} bytes of temporary files a row, so 100 GB of free disk hold {room:,.0f} million rows."


def _memory(figures: Figures, small: Case, large: Case) -> str:
    """From the two largest books: what one more row takes, and when the limit is reached if it goes on like that."""
    given, peak = gigabytes(figures.limits.memory), figures.peak(large)
    each = (peak - figures.peak(small)) / (large.rows - small.rows) * 1e9
    grows = f"Memory: {peak:.2f} GB at {large.rows:,} rows, {each:.0f} bytes for each row more than {small.rows:,}"
    if peak > given:
        return f"{grows}; that is over the {figures.limits.memory} it was given."
    if each <= 0:
        return f"{grows}: it does not grow, and is no limit."
    reached = large.rows + (given - peak) * 1e9 / each
    return f"{grows}; going on like that it reaches {figures.limits.memory} at {reached / 1e6:,.0f} million rows."


def gigabytes(memory: str) -> float:
    """What a text such as 4GB or 500MB means."""
    found = re.fullmatch(r"([\d.]+)\s*([MGT]B)", memory)
    assert found is not None, memory
    return float(found[1]) * _UNITS[found[2]]
