"""What is measured: each case is one command for a process of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.asked import RULES
from benchmarks.books import folder_of
from benchmarks.child import Cost, python, run
from benchmarks.further_cards import FURTHER, copy_cards, write_cards
from benchmarks.statement_books import KINDS, statements_of

__all__ = [
    "BY_HAND",
    "CONFORMED",
    "EFFECTS",
    "FOUR_CARDS",
    "HUGE",
    "LARGE",
    "MORE_CARDS",
    "ONE_CARD",
    "STATEMENTS",
    "TEXT",
    "TOLD",
    "Case",
    "Limits",
    "books_of",
    "cases_of",
    "entries_of",
    "found_file",
]

LARGE, HUGE = 10_000_000, 100_000_000
"""From so many rows on a book is measured without a hub; and from so many without CSV, statements and single cards."""

_CUT = 1_000_000
"""From so many rows on they are also read as 365 files; fewer would be files of a few dozen."""

BY_HAND = {
    "DuckDB SQL": "benchmarks.duckdb_rules",
    "Polars": "benchmarks.polars_rules",
    "pandas": "benchmarks.pandas_rules",
}
"""What else answers four of the rules, and the module that has them written by hand."""

EFFECTS = ("even", "hub")
FOUR_CARDS = f"screen, {len(RULES)} cards"
ONE_CARD, MORE_CARDS = "screen, 1 card", f"screen, {FURTHER + 1} cards"


TEXT, CONFORMED, TOLD = "all columns as text into a table", "read and conform", "read"
"""What reading is held against, what it does, and what the readers of statements do on one processor."""

STATEMENTS = tuple(KINDS)

_ENTRY_OF = 20
"""Half a million entries beside ten million rows: a camt.053 of more than a gigabyte, an MT940 of ninety megabytes."""


@dataclass(frozen=True)
class Limits:
    """The memory that the product may use, and DuckDB in the floor and in SQL; the threads of all."""

    memory: str
    threads: int


@dataclass(frozen=True)
class Case:
    """One thing to measure on one book; ``floor`` names the floor it is held against, ``threads`` how many it
    has if not as many as all others."""

    rows: int
    book: str
    what: str
    measure: Callable[[], Cost]
    floor: str = "floor"
    threads: int | None = None


def cases_of(bench: Path, rows: int, limits: Limits) -> list[Case]:
    """Everything that is measured on books of so many rows: the larger, the less."""
    cases = [
        Case(rows, "parquet", "floor", partial(_floor, bench, rows, "parquet", limits)),
        Case(rows, "parquet", "screen", partial(_screen, bench, rows, "parquet", limits, "--profile")),
        Case(rows, "parquet", FOUR_CARDS, lambda: _screen(bench, rows, "parquet", limits, *_four(bench))),
        *(Case(rows, "parquet", by, partial(_by_hand, bench, rows, by, limits)) for by in BY_HAND),
    ]
    if rows >= _CUT:
        cases.insert(2, Case(rows, "days", "screen", partial(_screen, bench, rows, "days", limits)))
    if rows < HUGE:
        cases += _of_csv(bench, rows, limits)
    if rows == LARGE:
        cases += [
            Case(rows, "parquet", ONE_CARD, lambda: _screen(bench, rows, "parquet", limits, *_cards(bench, 0))),
            Case(rows, "parquet", MORE_CARDS, lambda: _screen(bench, rows, "parquet", limits, *_cards(bench, FURTHER))),
        ]
    if rows < LARGE:
        cases += [Case(rows, kind, "screen", partial(_screen, bench, rows, kind, limits)) for kind in EFFECTS]
    return cases


def _of_csv(bench: Path, rows: int, limits: Limits) -> list[Case]:
    """The same book as CSV, what reading it is held against, and readers of statements on one thread."""
    csv = folder_of(bench, rows, "csv") / "transactions.csv"
    cases = [
        Case(rows, "csv", "floor", partial(_floor, bench, rows, "csv", limits)),
        Case(rows, "csv", "screen", partial(_screen, bench, rows, "csv", limits, "--profile")),
        Case(rows, "csv", TEXT, partial(_read, "text", csv, limits)),
        Case(rows, "csv", CONFORMED, partial(_read, "conformed", csv, limits), floor=TEXT),
    ]
    one, entries = Limits(limits.memory, 1), entries_of(rows)
    for kind in STATEMENTS:
        file = statements_of(bench, entries, kind)
        cases.append(Case(entries, kind, TOLD, partial(_read, "told", file, one), threads=1))
    return cases


def books_of(rows: int) -> tuple[str, ...]:
    """The books that the cases of so many rows read."""
    if rows >= HUGE:
        return ("parquet", "days")
    return ("parquet", *(("days",) if rows >= _CUT else ()), "csv", *(EFFECTS if rows < LARGE else ()))


def _four(bench: Path) -> tuple[str, str]:
    return "--rules", str(copy_cards(bench / "cards_by_hand", RULES))


def _cards(bench: Path, further: int) -> tuple[str, str]:
    return "--rules", str(write_cards(bench / f"cards_{further}", further=further))


def entries_of(rows: int) -> int:
    """How many entries the statements hold that are measured beside a book of so many rows."""
    return max(rows // _ENTRY_OF, 1)


def found_file(bench: Path, rows: int, by: str) -> Path:
    """Where a version written by hand leaves what it found."""
    return bench / f"found_{rows}_{by.replace(' ', '_')}.json"


def _floor(bench: Path, rows: int, form: str, limits: Limits) -> Cost:
    file = folder_of(bench, rows, form) / f"transactions.{form}"
    return run(python("-m", "benchmarks.floor", file, "--memory", limits.memory, "--threads", str(limits.threads)))


def _read(how: str, file: Path, limits: Limits) -> Cost:
    options = ("--memory", limits.memory, "--threads", str(limits.threads))
    return run(python("-m", "benchmarks.reading", how, file, *options))


def _screen(bench: Path, rows: int, book: str, limits: Limits, *more: str) -> Cost:
    """The product as people start it; the folder of results is new, so that nothing has to be carried over."""
    out = bench / f"out_{os.getpid()}"
    shutil.rmtree(out, ignore_errors=True)
    settings = ("--memory", limits.memory, "--threads", str(limits.threads), "--log-format", "json")
    try:
        source = folder_of(bench, rows, book)
        return run(python("-m", "amlscreen", "screen", source, "-o", out, *settings, *more))
    finally:
        shutil.rmtree(out, ignore_errors=True)


def _by_hand(bench: Path, rows: int, by: str, limits: Limits) -> Cost:
    options = ("--memory", limits.memory, "--threads", str(limits.threads), "-o", found_file(bench, rows, by))
    return run(python("-m", BY_HAND[by], folder_of(bench, rows, "parquet"), *options))
