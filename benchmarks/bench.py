"""What the whole product costs, beside the floor and beside the same rules by hand, in one run on one machine.

    python -m benchmarks.bench                            1 and 10 million rows, as `make bench`
    python -m benchmarks.bench --big                      100 million rows too, as `make bench BIG=1`
    python -m benchmarks.bench --rows 1000000 --runs 5    one size, five runs

Cases take turns, round after round, so that whatever else the machine does hits all alike.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from benchmarks.agreement import differences
from benchmarks.books import folder_of
from benchmarks.cases import (
    BY_HAND,
    HUGE,
    LARGE,
    STATEMENTS,
    Case,
    Limits,
    books_of,
    cases_of,
    entries_of,
    found_file,
)
from benchmarks.child import ROOT, Cost, python, run
from benchmarks.figures import Agreement, Figures
from benchmarks.machine import available, described
from benchmarks.report import page, table
from benchmarks.statement_books import make_statements, statements_of

__all__ = ["main"]

_RUNS = 3
_BOUND = ("Polars", "pandas")
"""What holds a book in memory, and is left out where it would not fit."""
_WARM_ROWS = 20_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, write the page."""
    chosen = _parser().parse_args(arguments)
    bench: Path = chosen.bench
    bench.mkdir(parents=True, exist_ok=True)
    limits = Limits(chosen.memory, chosen.threads)
    sizes = chosen.rows or [1_000_000, LARGE, *([HUGE] if chosen.big else ())]
    cases = _prepare(bench, sizes, limits)
    left_out: list[str] = []
    costs = _measure(cases, chosen.runs, left_out)
    figures = Figures(
        costs,
        {rows: _agreement(bench, rows, costs) for rows in sizes},
        left_out,
        chosen.machine or described(),
        limits,
    )
    print(table(figures))
    chosen.page.write_text(page(figures) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", help=f"sizes of the books; default 1,000,000 and {LARGE:,}")
    parser.add_argument("--big", action="store_true", help=f"{HUGE:,} rows too")
    parser.add_argument("--runs", type=int, default=_RUNS, help=f"runs of each case; default {_RUNS}")
    parser.add_argument("--memory", default="4GB", help="memory of the product, and of DuckDB in the floor and in SQL")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--machine", help="what the table says of the machine; default what can be found out")
    parser.add_argument("--bench", type=Path, default=ROOT / "bench", help="folder where books are kept")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "performance.md", help="the page to write")
    return parser


def _prepare(bench: Path, sizes: Sequence[int], limits: Limits) -> list[Case]:
    """Books and cards are made, and kernels compiled, before anything is measured."""
    wanted = [(rows, kind) for rows in sizes for kind in books_of(rows)]
    for rows, kind in [(_WARM_ROWS, "parquet"), *wanted]:
        if not folder_of(bench, rows, kind).exists():
            _tell(f"making a book of {rows:,} rows: {kind}")
            run(python("-m", "benchmarks.books", bench, "--rows", str(rows), "--kind", kind))
    for entries, kind in [(entries_of(rows), kind) for rows in sizes if rows < HUGE for kind in STATEMENTS]:
        if not statements_of(bench, entries, kind).exists():
            _tell(f"making statements of {entries:,} entries: {kind}")
            make_statements(bench, entries, kind)
    _tell("compiling kernels")
    next(case for case in cases_of(bench, _WARM_ROWS, limits) if case.what == "screen").measure()
    return [case for rows in sizes for case in cases_of(bench, rows, limits)]


def _measure(cases: Sequence[Case], runs: int, left_out: list[str]) -> dict[Case, list[Cost]]:
    """Every case so often, in turn. What holds a book in memory is left out where it would not fit."""
    costs: dict[Case, list[Cost]] = {case: [] for case in cases}
    for turn in range(runs):
        for case in cases:
            if case.what in _BOUND and (sentence := _too_large(case, costs)):
                left_out += [] if sentence in left_out or costs[case] else [sentence]
                continue
            _tell(f"run {turn + 1} of {runs}: {case.what}, {case.rows:,} rows, {case.book}")
            costs[case].append(case.measure())
    return {case: each for case, each in costs.items() if each}


def _too_large(case: Case, costs: dict[Case, list[Cost]]) -> str:
    """The sentence that says why it is not tried, going by the largest size before; empty if it may be."""
    for other, known in reversed(costs.items()):
        if other.what == case.what and other.rows < case.rows:
            if not known:
                return f"{case.what} was not run on {case.rows:,} rows, for it was not on {other.rows:,}."
            needed, free = known[0].peak * case.rows // other.rows, available()
            if needed > free:
                return (
                    f"{case.what} was not run on {case.rows:,} rows: it would need about {needed / 1e9:.0f} GB, "
                    f"{free / 1e9:.0f} GB were free."
                )
            break
    return ""


def _agreement(bench: Path, rows: int, costs: Collection[Case]) -> Agreement:
    """Whether those that were run find the same as the cards, or in large books as the first of themselves."""
    ran = {case.what for case in costs if case.rows == rows}
    found = {by: found_file(bench, rows, by) for by in BY_HAND if by in ran}
    if rows < LARGE:
        _tell(f"comparing what was found in {rows:,} rows")
        cards = found_file(bench, rows, "cards")
        run(python("-m", "benchmarks.agreement", folder_of(bench, rows, "parquet"), "-o", cards))
        found = {"the cards": cards, **found}
    sides = {by: json.loads(file.read_text(encoding="utf-8")) for by, file in found.items()}
    first = next(iter(sides))
    return Agreement(first, {by: differences(sides[first], side) for by, side in sides.items() if by != first})


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
