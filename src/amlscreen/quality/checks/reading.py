"""Checks on what became of the rows: set aside, repeated, left out, read with a remark."""

from __future__ import annotations

from collections.abc import Iterator

from amlscreen.intake.facts import Facts
from amlscreen.intake.noticed import NOTICES
from amlscreen.quality.finding import Check, Seen
from amlscreen.quality.words import count_of, listed, share

__all__ = ["READING"]

_MANY_ASIDE = 0.001
_MANY_REPEATS = 0.3
_MANY_LEFT_OUT = 0.5
_MANY_NOTICED = 0.05


def _set_aside(facts: Facts) -> Iterator[Seen]:
    for file in facts.files:
        aside = {key: rows for key, rows in file.reasons.items() if key[0] != "conflict"}
        if number := sum(aside.values()):
            most = sorted(aside.items(), key=lambda item: (-item[1], item[0]))
            told = [f"{reason}{f' in {column}' if column else ''} {rows:,}" for (reason, column), rows in most]
            grave = share(number, file.records) >= _MANY_ASIDE
            yield Seen(
                f"{count_of(number, file.records, 'records')} stand aside: {listed(told)}.",
                file.file,
                number,
                "warning" if grave else "info",
            )


def _conflicts(facts: Facts) -> Iterator[Seen]:
    for file in facts.files:
        number = sum(rows for (reason, _), rows in file.reasons.items() if reason == "conflict")
        if number:
            yield Seen(
                f"{count_of(number, file.records, 'records')} have the key of an earlier one and other content.",
                file.file,
                number,
            )


def _repeats(facts: Facts) -> Iterator[Seen]:
    for file in facts.files:
        if file.duplicates:
            grave = share(file.duplicates, file.records) >= _MANY_REPEATS
            yield Seen(
                f"{count_of(file.duplicates, file.records, 'records')} repeat an earlier one and were dropped.",
                file.file,
                file.duplicates,
                "warning" if grave else "info",
            )


def _left_out(facts: Facts) -> Iterator[Seen]:
    for file in facts.files:
        if file.excluded:
            grave = share(file.excluded, file.records) >= _MANY_LEFT_OUT
            yield Seen(
                f"{count_of(file.excluded, file.records, 'records')} were left out.",
                file.file,
                file.excluded,
                "warning" if grave else "info",
            )


def _eras(facts: Facts) -> Iterator[Seen]:
    for file in facts.files:
        if file.buddhist_years:
            yield Seen(
                f"{file.buddhist_years:,} of the dates set aside hold a year of the Buddhist era, such as 2569.",
                file.file,
                file.buddhist_years,
            )


def _noticed(facts: Facts) -> Iterator[Seen]:
    for one in facts.noticed:
        rows = max(facts.table_rows.get(one.table, 0), one.rows)
        clock = one.code == "only_midnights"
        mild = clock or one.code == "bic_wrong"  # a bank's own codes for banks can look like a BIC
        yield Seen(
            f"{one.column}: {one.rows:,} values {NOTICES.get(one.code, one.code)}.",
            one.file,
            one.rows,
            "warning" if share(one.rows, rows) >= _MANY_NOTICED and not mild else "info",
            ("clock times",) if clock else (f"{one.table}.{one.column}",),
        )


READING = (
    Check(
        "buddhist_years",
        "Years of the Buddhist era",
        "error",
        "Dates of the Buddhist era (543 years ahead) are read as if they were of the common era, so their rows stand "
        "aside.",
        "State `era: buddhist` for the column in the mapping.",
        "Any: a date that was refused and holds a year from 2400 to 2599 is of no other era.",
        _eras,
    ),
    Check(
        "conflicting_ids",
        "One number for different transactions",
        "warning",
        "A later row has the same institution, transaction_id, account and direction as an earlier one, but says "
        "something else. Only the first is kept.",
        "See whether numbers start again each day or file; if they do, map transaction_id from the number and the day, "
        "or leave it out.",
        "Any: which of the two is right cannot be known.",
        _conflicts,
    ),
    Check(
        "rows_set_aside",
        "Rows set aside",
        "warning",
        "Rows that could not be read without guessing took no part.",
        "Read quarantine.csv, or the table below: correct the mapping or the export.",
        "Any is told; from 0.1 % of a file it is a warning, for then single slips do not explain it.",
        _set_aside,
    ),
    Check(
        "repeated_rows",
        "Rows given twice",
        "info",
        "Rows with key and content of an earlier one were counted once: exports that overlap give them.",
        "Nothing, if exports overlap; else ask why the export repeats itself.",
        "Any is told; from 30 % of a file it is a warning, for monthly files that overlap by a week stay below.",
        _repeats,
    ),
    Check(
        "rows_left_out",
        "Rows left out on purpose",
        "info",
        "The mapping's `only` and `unless` leave rows out, and so does a statement's own word that an entry is not "
        "booked.",
        "See whether the conditions of the mapping mean what they leave out.",
        "Any is told; from half of a file it is a warning.",
        _left_out,
    ),
    Check(
        "noticed_while_reading",
        "Noticed while reading",
        "info",
        "Values were kept, but left empty, kept as given or read in a way one must know.",
        "See the sentence; a list of codes in the mapping mends most.",
        "Any is told; from 5 % of the table's rows it is a warning, but for codes that look like a BIC: a bank's own "
        "can.",
        _noticed,
    ),
)
