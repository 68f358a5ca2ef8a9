"""What is measured: each case is one command for a process of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.books import folder_of
from benchmarks.child import Cost, python, run
from benchmarks.further_cards import FURTHER, write_cards
from benchmarks.statement_books import KINDS, statements_of

__all__ = [
    "CONFORMED",
    "LARGE",
    "MORE_CARDS",
    "ONE_CARD",
    "STATEMENTS",
    "TEXT",
    "TOLD",
    "Case",
    "Limits",
    "cases_of",
    "entries_of",
    "found_file",
]

LARGE = 10_000_000
"""Books of so many rows are measured once unless asked otherwise, and without the book that has a hub."""

ONE_CARD, MORE_CARDS = "screen, 1 card", f"screen, {FURTHER + 1} cards"


TEXT, CONFORMED, TOLD = "all columns as text into a table", "read and conform", "read"
"""What reading is held against, what it does, and what the readers of statements do on one processor."""

STATEMENTS = tuple(KINDS)

_ENTRY_OF = 20
"""Half a million entries beside ten million rows: a camt.053 of more than a gigabyte, an MT940 of ninety megabytes."""


@dataclass(frozen=True)
class Limits:
    """The memory DuckDB may use and the threads, the same for the floor and for the product."""

    memory: str
    threads: int


@dataclass(frozen=True)
class Case:
    """One thing to measure on one book; ``floor`` names the floor it is held against."""

    rows: int
    book: str
    what: str
    measure: Callable[[], Cost]
    floor: str = "floor"


def cases_of(bench: Path, rows: int, limits: Limits, *, effects: bool) -> list[Case]:
    """Floor, product and pandas on both forms of a book; reading; with ``effects`` also a hub and its like."""
    cases = []
    for form in ("parquet", "csv"):
        cases += [
            Case(rows, form, "floor", lambda form=form: _floor(bench, rows, form, limits)),  # type: ignore[misc]
            Case(rows, form, "screen", lambda form=form: _screen(bench, rows, form, limits)),  # type: ignore[misc]
        ]
    cases += [
        Case(rows, "parquet", ONE_CARD, lambda: _screen(bench, rows, "parquet", limits, *_cards(bench, 0))),
        Case(rows, "parquet", MORE_CARDS, lambda: _screen(bench, rows, "parquet", limits, *_cards(bench, FURTHER))),
        Case(rows, "parquet", "pandas", lambda: _pandas(bench, rows)),
    ]
    csv = folder_of(bench, rows, "csv") / "transactions.csv"
    cases += [
        Case(rows, "csv", TEXT, lambda: _read("text", csv, limits)),
        Case(rows, "csv", CONFORMED, lambda: _read("conformed", csv, limits), floor=TEXT),
    ]
    for kind in STATEMENTS:
        file, one = statements_of(bench, entries_of(rows), kind), Limits(limits.memory, 1)
        cases.append(Case(entries_of(rows), kind, TOLD, lambda file=file, one=one: _read("told", file, one)))  # type: ignore[misc]
    if effects:
        cases += [
            Case(rows, "even", "screen", lambda: _screen(bench, rows, "even", limits)),
            Case(rows, "hub", "screen", lambda: _screen(bench, rows, "hub", limits)),
        ]
    return cases


def _cards(bench: Path, further: int) -> tuple[str, str]:
    return "--rules", str(write_cards(bench / f"cards_{further}", further=further))


def entries_of(rows: int) -> int:
    """How many entries the statements hold that are measured beside a book of so many rows."""
    return max(rows // _ENTRY_OF, 1)


def found_file(bench: Path, rows: int) -> Path:
    """Where the pandas case leaves what it found."""
    return bench / f"found_{rows}.json"


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


def _pandas(bench: Path, rows: int) -> Cost:
    out = found_file(bench, rows)
    return run(python("-m", "benchmarks.pandas_rules", folder_of(bench, rows, "parquet"), "-o", out))
