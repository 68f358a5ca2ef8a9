"""Time and memory of the whole product, beside the floor and beside pandas, in one run on one machine.

    python -m benchmarks.bench                            1 and 10 million rows, as `make bench`
    python -m benchmarks.bench --rows 1000000 --runs 5    one size, five runs

Cases take turns, round after round, so that whatever else the machine does hits all alike.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.books import folder_of
from benchmarks.cases import LARGE, STATEMENTS, Case, Limits, cases_of, entries_of, found_file
from benchmarks.child import ROOT, Cost, python, run
from benchmarks.machine import available, described
from benchmarks.report import Figures, page, table
from benchmarks.statement_books import make_statements, statements_of

__all__ = ["main"]

_RUNS = 3
_BOOKS = ("parquet", "csv")
_EFFECTS = ("even", "hub")
_WARM_ROWS = 20_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, write the page."""
    chosen = _parser().parse_args(arguments)
    bench: Path = chosen.bench
    bench.mkdir(parents=True, exist_ok=True)
    limits = Limits(chosen.memory, chosen.threads)
    runs = {rows: chosen.runs or (1 if rows >= LARGE else _RUNS) for rows in chosen.rows}
    runs |= {entries_of(rows): times for rows, times in runs.items() if entries_of(rows) not in runs}
    cases = _prepare(bench, chosen.rows, limits)
    left_out: list[str] = []
    costs = _measure(cases, runs, left_out)
    figures = Figures(
        costs,
        {rows: _agreement(bench, rows) for rows in chosen.rows if rows < LARGE},
        left_out,
        chosen.machine or described(),
        f"{limits.memory} for DuckDB, {limits.threads} threads",
    )
    print(table(figures))
    chosen.page.write_text(page(figures) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, LARGE], help="sizes of the books")
    parser.add_argument("--runs", type=int, help=f"runs of each case; default {_RUNS}, from {LARGE:,} rows 1")
    parser.add_argument("--memory", default="1GB", help="memory for DuckDB, in the floor and in the product")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--machine", help="what the table says of the machine; default what can be found out")
    parser.add_argument("--bench", type=Path, default=ROOT / "bench", help="folder where books are kept")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "performance.md", help="the page to write")
    return parser


def _prepare(bench: Path, sizes: Sequence[int], limits: Limits) -> list[Case]:
    """Books and cards are made, and kernels compiled, before anything is measured."""
    wanted = [(rows, kind) for rows in sizes for kind in (_BOOKS if rows >= LARGE else (*_BOOKS, *_EFFECTS))]
    for rows, kind in [(_WARM_ROWS, "parquet"), *wanted]:
        if not folder_of(bench, rows, kind).exists():
            _tell(f"making a book of {rows:,} rows: {kind}")
            run(python("-m", "benchmarks.books", bench, "--rows", str(rows), "--kind", kind))
    for entries, kind in [(entries_of(rows), kind) for rows in sizes for kind in STATEMENTS]:
        if not statements_of(bench, entries, kind).exists():
            _tell(f"making statements of {entries:,} entries: {kind}")
            make_statements(bench, entries, kind)
    _tell("compiling kernels")
    next(case for case in cases_of(bench, _WARM_ROWS, limits, effects=False) if case.what == "screen").measure()
    return [case for rows in sizes for case in cases_of(bench, rows, limits, effects=rows < LARGE)]


def _measure(cases: Sequence[Case], runs: dict[int, int], left_out: list[str]) -> dict[Case, list[Cost]]:
    """Every case so often, in turn. pandas is left out where it would not fit, going by the size before."""
    costs: dict[Case, list[Cost]] = {case: [] for case in cases}
    for turn in range(max(runs.values())):
        for case in cases:
            if turn >= runs[case.rows]:
                continue
            if case.what == "pandas" and (sentence := _too_large(case, costs)):
                left_out.append(sentence)
                continue
            _tell(f"run {turn + 1} of {runs[case.rows]}: {case.what}, {case.rows:,} rows, {case.book}")
            costs[case].append(case.measure())
    return {case: each for case, each in costs.items() if each}


def _too_large(case: Case, costs: dict[Case, list[Cost]]) -> str:
    """The sentence that says why pandas is not tried; empty if it may be."""
    for other, known in costs.items():
        if other.what == "pandas" and other.rows < case.rows and known:
            needed, free = known[0].peak * case.rows // other.rows, available()
            if needed > free:
                return (
                    f"pandas was not run on {case.rows:,} rows: it would need about {needed / 1e9:.0f} GB, "
                    f"{free / 1e9:.0f} GB were free."
                )
    return ""


def _agreement(bench: Path, rows: int) -> dict[str, dict[str, int]]:
    _tell(f"comparing what pandas and the cards found in {rows:,} rows")
    book = folder_of(bench, rows, "parquet")
    found: dict[str, dict[str, int]] = json.loads(
        run(python("-m", "benchmarks.agreement", book, found_file(bench, rows))).output
    )
    return found


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
