"""The figures of one run, as lines for a terminal and as the page ``docs/performance.md``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.cases import CONFORMED, MORE_CARDS, ONE_CARD, TEXT, TOLD, Case
from benchmarks.child import Cost
from benchmarks.further_cards import FURTHER
from benchmarks.stages import STAGES, stages

__all__ = ["Figures", "page", "table"]

_COLUMNS = ("rows", "book", "what", "runs", "seconds", "CPU s", "rows/s", "x floor", "CPU x floor", "peak GB")
_TEXT = 3


@dataclass(frozen=True)
class Figures:
    """Every run of every case, whether pandas found the same, and what was not run and why."""

    costs: Mapping[Case, Sequence[Cost]]
    agreement: Mapping[int, Mapping[str, Mapping[str, int]]]
    left_out: Sequence[str]
    machine: str
    limits: str

    def of(self, rows: int, book: str, what: str) -> Case | None:
        """The case of that description, if it was run."""
        return next((one for one in self.costs if (one.rows, one.book, one.what) == (rows, book, what)), None)

    def wall(self, case: Case) -> float:
        """Median of the seconds on the wall."""
        return median(cost.wall for cost in self.costs[case])

    def cpu(self, case: Case) -> float:
        """Median of the seconds of all processors."""
        return median(cost.cpu for cost in self.costs[case])


def _lines(figures: Figures) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = []
    for case, costs in figures.costs.items():
        wall, cpu = figures.wall(case), figures.cpu(case)
        floor = figures.of(case.rows, "csv" if case.book == "csv" else "parquet", case.floor)
        ratios = ("", "") if floor is None else (f"{wall / figures.wall(floor):.1f}", f"{cpu / figures.cpu(floor):.1f}")
        peak = median(cost.peak for cost in costs) / 1e9
        numbers = (f"{len(costs)}", f"{wall:.1f}", f"{cpu:.1f}", f"{case.rows / wall:,.0f}", *ratios, f"{peak:.2f}")
        lines.append((f"{case.rows:,}", case.book, case.what, *numbers))
    return lines


def table(figures: Figures) -> str:
    """Everything for a terminal: the table, the stages, single effects, agreement, what was left out, the machine."""
    lines = [_COLUMNS, *_lines(figures)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(_COLUMNS))]
    rows = [
        "  ".join(
            cell.ljust(width) if 0 < place < _TEXT else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    ]
    return "\n".join([*rows, "", *_sentences(figures), figures.machine])


def page(figures: Figures) -> str:
    """The same in Markdown."""
    head = "| " + " | ".join(_COLUMNS) + " |"
    rule = "|" + "|".join("---" if 0 < place < _TEXT else "---:" for place in range(len(_COLUMNS))) + "|"
    body = ["| " + " | ".join(line) + " |" for line in _lines(figures)]
    sentences = [f"- {line}" for line in _sentences(figures)]
    return "\n".join([_HEAD, figures.machine + ".", "", head, rule, *body, "", *sentences, "", _FOOT])


def _sentences(figures: Figures) -> list[str]:
    return [
        f"DuckDB and product alike: {figures.limits}.",
        *_stage_lines(figures),
        *_effects(figures),
        *_readings(figures),
        *_agreements(figures),
        *figures.left_out,
    ]


def _stage_lines(figures: Figures) -> list[str]:
    lines = []
    for case, costs in figures.costs.items():
        if case.what == "screen" and case.book in {"parquet", "csv"}:
            split = [stages(cost) for cost in costs]
            parts = ", ".join(f"{stage} {median(one[stage] for one in split):.1f}" for stage in STAGES)
            lines.append(f"{case.rows:,} rows, {case.book}, seconds by stage: {parts}.")
    return lines


def _effects(figures: Figures) -> list[str]:
    lines = []
    for case in figures.costs:
        plain = figures.of(case.rows, "parquet", ONE_CARD)
        # The difference is smaller than what runs differ by, unless the book is large.
        if plain is not None and case.what == MORE_CARDS and case.rows == max(one.rows for one in figures.costs):
            each = (figures.cpu(case) - figures.cpu(plain)) / FURTHER * 10_000_000 / case.rows
            lines.append(f"One more window card costs about {each:.2f} CPU seconds per 10 million rows.")
        even = figures.of(case.rows, "even", "screen")
        if even is not None and case.book == "hub":
            lines.append(
                f"{case.rows:,} rows with half of them on one account take {figures.wall(case):.1f} s "
                f"({figures.cpu(case):.1f} CPU s); spread evenly {figures.wall(even):.1f} s "
                f"({figures.cpu(even):.1f} CPU s)."
            )
    return lines


def _readings(figures: Figures) -> list[str]:
    """Reading and conforming against texts alone, and megabytes a second of the readers of statements."""
    lines = []
    for case, costs in figures.costs.items():
        plain = figures.of(case.rows, case.book, TEXT)
        if case.what == CONFORMED and plain is not None:
            wall, cpu = figures.wall(case) / figures.wall(plain), figures.cpu(case) / figures.cpu(plain)
            lines.append(
                f"{case.rows:,} rows of CSV: reading and conforming takes {wall:.1f} times ({cpu:.1f} times in CPU "
                "seconds) what DuckDB takes to read every column as text into a table."
            )
        if case.what == TOLD and case.rows == max(one.rows for one in figures.costs if one.what == TOLD):
            size, seconds = (median(float(cost.output.split()[place]) for cost in costs) for place in (2, 1))
            lines.append(f"{case.book}: {size:,.0f} MB, {size / seconds:.0f} MB a second of one processor.")
    return lines


def _agreements(figures: Figures) -> list[str]:
    lines = []
    for rows, rules in figures.agreement.items():
        apart = [f"{rule}: {of['card']} only by the card, {of['pandas']} only by pandas" for rule, of in rules.items()]
        same = all(of["card"] == of["pandas"] == 0 for of in rules.values())
        counts = ", ".join(f"{rule} {of['both']:,}" for rule, of in rules.items())
        said = "the same accounts and customers" if same else f"not the same ({'; '.join(apart)})"
        lines.append(f"pandas and the cards find {said} at {rows:,} rows: {counts}.")
    return lines


_HEAD = """# Performance

Written by `make bench`; [benchmarks/README.md](../benchmarks/README.md) says what is measured and how to read it.
Every figure is the median of its runs, each in a process of its own, all cases in turn.
"""

_FOOT = """`x floor` compares seconds on the wall, `CPU x floor` those of the processors, with the floor on the same
input, in the same run; what reads and conforms is held against every column read as text. The floor is DuckDB reading
the file, sorting it by account and time and handing it over as Arrow."""
