"""The figures of one run, as lines for a terminal and as the page ``docs/performance.md``."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.figures import Figures
from benchmarks.growth import GROWTH, STAGES, growth_lines, stage_lines
from benchmarks.sentences import sentences

__all__ = ["page", "table"]

_COLUMNS = (
    "rows",
    "book",
    "what",
    "runs",
    "seconds",
    "CPU s",
    "rows/s",
    "rows/s and core",
    "x floor",
    "CPU x floor",
    "peak GB",
    "disk GB",
)
_WORDS = {"book", "what", "stage"}


def _lines(figures: Figures) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = []
    for case, costs in figures.costs.items():
        wall, cpu = figures.wall(case), figures.cpu(case)
        floor = figures.floor_of(case)
        ratios = ("", "") if floor is None else (f"{wall / figures.wall(floor):.1f}", f"{cpu / figures.cpu(floor):.1f}")
        speed = (f"{case.rows / wall:,.0f}", f"{case.rows / wall / figures.cores(case):,.0f}")
        held = (f"{figures.peak(case):.2f}", f"{figures.disk(case):.2f}")
        numbers = (f"{len(costs)}", f"{wall:.1f}", f"{cpu:.1f}", *speed, *ratios, *held)
        lines.append((f"{case.rows:,}", case.book, case.what, *numbers))
    return lines


def table(figures: Figures) -> str:
    """Everything for a terminal: the tables, what they say, the machine."""
    tables = [
        _plain(_COLUMNS, _lines(figures)),
        _plain(GROWTH, growth_lines(figures)),
        _plain(STAGES, stage_lines(figures)),
    ]
    return "\n".join([*("\n".join([*one, ""]) for one in tables), *sentences(figures), figures.machine])


def page(figures: Figures) -> str:
    """The same in Markdown."""
    said = [f"- {line}" for line in sentences(figures)]
    tables = [
        *_marked(_COLUMNS, _lines(figures)),
        *("", _GROWTH, "", *_marked(GROWTH, growth_lines(figures))),
        *("", _STAGES, "", *_marked(STAGES, stage_lines(figures))),
    ]
    return "\n".join([_HEAD, figures.machine + ".", "", *tables, "", "## What the figures say", "", *said, "", _FOOT])


def _plain(head: tuple[str, ...], body: Sequence[tuple[str, ...]]) -> list[str]:
    lines = [head, *body]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return [
        "  ".join(
            cell.ljust(width) if name in _WORDS else cell.rjust(width)
            for name, cell, width in zip(head, line, widths, strict=True)
        ).rstrip()
        for line in lines
    ]


def _marked(head: tuple[str, ...], body: Sequence[tuple[str, ...]]) -> list[str]:
    rule = "|" + "|".join("---" if name in _WORDS else "---:" for name in head) + "|"
    return [f"| {' | '.join(head)} |", rule, *(f"| {' | '.join(line)} |" for line in body)]


_HEAD = """# Performance

Written by `make bench` (`make bench BIG=1` with 100 million rows); [benchmarks/README.md](../benchmarks/README.md) says
what is measured and how to read it. Every figure is the median of its runs, each in a process of its own, all in turn.
"""

_GROWTH = """## Growth

The whole product on one Parquet file. Growth is linear as long as a row takes as many microseconds in a large book as
in a small one; of a small one much is the start."""

_STAGES = """## Stage by stage

As `amlscreen screen --profile` tells it; memory is the most that was held while the stage went on."""

_FOOT = """`x floor` compares seconds on the wall, `CPU x floor` those of the processors, with the floor on the same
input, in the same run; what reads and conforms is held against every column read as text. The floor is DuckDB reading
the file, sorting it by account and time and handing it over as Arrow. `disk GB` are temporary files at their highest,
of whoever made them; the results are not among them."""
