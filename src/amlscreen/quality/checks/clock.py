"""Checks on clock times: missing, midnight, rounded, of a batch, in the wrong zone."""

from __future__ import annotations

from collections.abc import Iterator

from amlscreen.intake.facts import Facts
from amlscreen.quality.finding import Check, Seen
from amlscreen.quality.words import count_of, percent, share

__all__ = ["CLOCK"]

_FEWEST = 50
_FEWEST_FOR_HOURS = 500
_SOME_MIDNIGHTS, _MANY_MIDNIGHTS = 0.01, 0.05
_SOME_ROUND, _MANY_ROUND = 0.05, 0.2
_SOME_BATCH, _MANY_BATCH = 0.1, 0.3
_KNOWN = 0.9


def _missing(facts: Facts) -> Iterator[Seen]:
    rows, timed = sum(one.rows for one in facts.clocks), sum(one.timed for one in facts.clocks)
    if not rows or share(timed, rows) >= _KNOWN:
        return
    without = [one.file for one in facts.clocks if not one.timed]
    what = (
        "No transaction has a time of day."
        if not timed
        else f"{count_of(rows - timed, rows, 'transactions')} are known by their day only."
    )
    yield Seen(what, without[0] if len(without) == 1 else "transactions.at", rows - timed, is_whole=not timed)


def _midnights(facts: Facts) -> Iterator[Seen]:
    for one in facts.clocks:
        if one.timed >= _FEWEST and share(one.midnight, one.timed) > _SOME_MIDNIGHTS:
            grave = share(one.midnight, one.timed) > _MANY_MIDNIGHTS
            yield Seen(
                f"{count_of(one.midnight, one.timed, 'times')} are midnight to the second.",
                one.file,
                one.midnight,
                "warning" if grave else "info",
            )


def _round_hours(facts: Facts) -> Iterator[Seen]:
    for one in facts.clocks:
        if one.timed < _FEWEST:
            continue
        batch = share(one.common, one.looked_at) if one.common_time.endswith(":00:00") else 0.0
        rounded = share(one.full_hour - one.midnight, one.timed) - (batch if batch > _SOME_ROUND / 2 else 0.0)
        if rounded > _SOME_ROUND:
            yield Seen(
                f"{count_of(one.full_hour - one.midnight, one.timed, 'times')} are a full hour to the second, midnight "
                "not counted.",
                one.file,
                one.full_hour - one.midnight,
                "warning" if rounded > _MANY_ROUND else "info",
            )


def _batches(facts: Facts) -> Iterator[Seen]:
    for one in facts.clocks:
        batch = share(one.common, one.looked_at)
        if one.looked_at >= _FEWEST and batch > _SOME_BATCH:
            yield Seen(
                f"{percent(one.common, one.looked_at)} of the times are {one.common_time}.",
                one.file,
                severity="warning" if batch > _MANY_BATCH else "info",
            )


def _upside_down(facts: Facts) -> Iterator[Seen]:
    for one in facts.clocks:
        night, day = sum(one.by_hour[:6]) - one.midnight, sum(one.by_hour[9:17])
        if one.timed >= _FEWEST_FOR_HOURS and night > day:
            yield Seen(
                f"{night:,} transactions are between midnight and six, {day:,} between nine and five in the afternoon.",
                one.file,
                night,
            )


CLOCK = (
    Check(
        "no_clock_times",
        "No clock times",
        "warning",
        "Only the day of transactions is known, so the order within a day and the hour are not.",
        "Map a column that has the time, in `at` or beside the day; most core systems keep one.",
        "Under 90 % of the transactions with a time. Without any, the rules named are not looked at.",
        _missing,
        ("clock times",),
    ),
    Check(
        "midnights",
        "Many times are midnight",
        "warning",
        "A day without a time is often written as midnight. Such rows look as if they were made at night.",
        "See which channel or file they come from. Map time_precision (`day` for these), or their time from another "
        "column.",
        "By chance one time in 86,400 is midnight. From 1 % it is told, from 5 % it is a warning; a file that is all "
        "midnight is read as days already.",
        _midnights,
        ("clock times",),
    ),
    Check(
        "round_hours",
        "Many times are a full hour",
        "warning",
        "Times were rounded or are those of hourly runs, so the order within the hour is not known.",
        "Map time_precision as `batch` for these rows, or their time from another column.",
        "By chance one time in 3,600 is a full hour. From 5 % it is told, from 20 % it is a warning; one daily run is "
        "not counted.",
        _round_hours,
        ("clock times",),
    ),
    Check(
        "one_time_of_day",
        "One time of day far too common",
        "warning",
        "A batch run stamps its own time on the transactions that it books.",
        "Map time_precision as `batch` for these rows, or the time at which they were made from another column.",
        "One second of the day on more than 10 % of the times that were looked at; from 30 % it is a warning.",
        _batches,
        ("clock times",),
    ),
    Check(
        "night_and_day",
        "More by night than by day",
        "warning",
        "People bank by day. More transactions by night than by day mean that times are in another zone than stated, "
        "most often UTC.",
        "State `utc_offset` in the mapping as the export means it.",
        "More between midnight and six than between nine and five, on 500 times or more.",
        _upside_down,
        ("clock times", "days"),
    ),
)
