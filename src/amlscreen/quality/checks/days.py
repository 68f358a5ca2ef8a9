"""Checks on the days: missing ones, thin months, days far from all others."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from amlscreen.intake.facts import DayFacts, Facts
from amlscreen.quality.finding import Check, Seen
from amlscreen.quality.words import count_of, date_of, day_text, listed, ranges, share

__all__ = ["DAYS", "core_days"]

_LONE_GAP = 45
_LONE_SHARE = 0.005
_FEWEST_ROWS = 100
_FEWEST_A_DAY = 20
_FEWEST_MONTHS = 3
_THIN_MONTH, _EMPTY_MONTH = 0.4, 0.1
_THIN_DAY = 0.2
_CROWDED_DAY = 8
_USUAL = 0.8
_FEW_DAYS = 2
_MACHINES = ("atm", "card", "qr", "mobile", "internet")
_FAR_SHARE = 0.005


def core_days(days: Sequence[DayFacts]) -> tuple[int, int]:
    """Places of the first and the last day that belong to the bulk: few rows far from all others do not."""
    rows = sum(one.rows for one in days)
    first, last = 0, len(days) - 1
    few = _LONE_SHARE * rows
    for place in range(1, len(days)):
        if days[place].day - days[place - 1].day > _LONE_GAP:
            if sum(one.rows for one in days[:place]) <= few:
                first = place
            elif sum(one.rows for one in days[place:]) <= few:
                last = place - 1
                break
    return first, last


def _core(facts: Facts) -> list[DayFacts]:
    if not facts.days or facts.rows < _FEWEST_ROWS:
        return list(facts.days)
    first, last = core_days(facts.days)
    return list(facts.days[first : last + 1])


def _lone(facts: Facts) -> Iterator[Seen]:
    core = _core(facts)
    if not core:
        return
    before = [one for one in facts.days if one.day < core[0].day]
    after = [one for one in facts.days if one.day > core[-1].day]
    for days, word, gravely in ((after, "after", facts.as_of is None), (before, "before", False)):
        if days:
            rows = sum(one.rows for one in days)
            edge = core[-1].day if word == "after" else core[0].day
            yield Seen(
                f"{count_of(rows, facts.rows, 'transactions')} lie far {word} all others, which "
                f"{'end' if word == 'after' else 'begin'} on {day_text(edge)}: "
                f"{listed(ranges([one.day for one in days]))}.",
                "transactions.at",
                rows,
                "error" if gravely else "warning",
            )


def _after_as_of(facts: Facts) -> Iterator[Seen]:
    if facts.as_of is None:
        return
    late = sum(one.rows for one in facts.days if one.day > facts.as_of)
    if late:
        yield Seen(
            f"{count_of(late, facts.rows, 'transactions')} are later than as_of, {day_text(facts.as_of)}; no rule "
            "looks at them.",
            "transactions.at",
            late,
        )


def _thin_months(facts: Facts) -> Iterator[Seen]:
    core = _core(facts)
    if not core:
        return
    rows: defaultdict[tuple[int, int], int] = defaultdict(int)
    for one in core:
        date = date_of(one.day)
        rows[date.year, date.month] += one.rows
    first, last = date_of(core[0].day), date_of(core[-1].day)
    months = list(_months(first, last))
    rates = {month: rows[month] / days for month, days in months}
    for month, days in months:
        others = [rate for other, rate in rates.items() if other != month]
        if len(others) < _FEWEST_MONTHS:
            return
        usual = median(others)
        if usual * days >= _FEWEST_A_DAY and rates[month] < _THIN_MONTH * usual:
            yield Seen(
                f"{month[0]}-{month[1]:02} has {rows[month]:,} transactions on {days} days; at the middle rate of the "
                f"other months it would have about {usual * days:,.0f}.",
                "transactions.at",
                rows[month],
                "error" if rates[month] < _EMPTY_MONTH * usual else "warning",
            )


def _months(first: dt.date, last: dt.date) -> Iterator[tuple[tuple[int, int], int]]:
    """Every month from the first to the last day, and how many of its days lie between them."""
    at = first.replace(day=1)
    while at <= last:
        length = calendar.monthrange(at.year, at.month)[1]
        end = at.replace(day=length)
        yield (at.year, at.month), (min(end, last) - max(at, first)).days + 1
        at = end + dt.timedelta(days=1)


def _usual_by_weekday(facts: Facts, core: Sequence[DayFacts]) -> dict[int, float]:
    """Middle number of transactions for each day of the week that nearly always has some; holidays do not count."""
    rows = {one.day: one.rows for one in core}
    holidays = {one.toordinal() - 719_163 for one in facts.jurisdiction.holidays}
    usual = {}
    for weekday in range(7):
        days = [day for day in range(core[0].day, core[-1].day + 1) if (day + 3) % 7 == weekday]
        days = [day for day in days if day not in holidays]
        if len(days) >= 3 and share(sum(day in rows for day in days), len(days)) >= _USUAL:
            usual[weekday] = float(median(rows.get(day, 0) for day in days))
    return usual


def _odd_days(facts: Facts) -> tuple[list[int], list[int], list[int]]:
    """Days without any transaction, with far fewer, and with far more than is usual on that day of the week."""
    core = _core(facts)
    if not core:
        return [], [], []
    usual = _usual_by_weekday(facts, core)
    holidays = {one.toordinal() - 719_163 for one in facts.jurisdiction.holidays}
    rows = {one.day: one.rows for one in core}
    known = [
        (day, rows.get(day, 0), usual[(day + 3) % 7])
        for day in range(core[0].day + 1, core[-1].day)
        if usual.get((day + 3) % 7, 0) >= _FEWEST_A_DAY
    ]
    workdays = [one for one in known if one[0] not in holidays]
    return (
        [day for day, found, _ in workdays if not found],
        [day for day, found, middle in workdays if 0 < found < _THIN_DAY * middle],
        [day for day, found, middle in known if found > _CROWDED_DAY * middle],
    )


def _missing_days(facts: Facts) -> Iterator[Seen]:
    if days := _odd_days(facts)[0]:
        yield Seen(f"{len(days):,} days have no transaction at all: {listed(ranges(days))}.", "transactions.at")


def _thin_days(facts: Facts) -> Iterator[Seen]:
    if days := _odd_days(facts)[1]:
        told = f"{len(days):,} days have less than a fifth of what is usual: {listed(ranges(days))}."
        yield Seen(told, "transactions.at", severity="info" if len(days) <= _FEW_DAYS else "warning")


def _crowded_days(facts: Facts) -> Iterator[Seen]:
    if days := _odd_days(facts)[2]:
        told = f"{len(days):,} days have more than eight times what is usual: {listed(ranges(days))}."
        yield Seen(told, "transactions.at")


def _no_weekends(facts: Facts) -> Iterator[Seen]:
    week = sum(counts[0] for counts in facts.days_of_channel.values())
    end = sum(counts[1] for counts in facts.days_of_channel.values())
    if week < 5 * _FEWEST_ROWS or len(facts.days) < 20:
        return
    machines = [facts.days_of_channel.get(name, (0, 0)) for name in _MACHINES]
    by_machine, at_weekends = sum(one[0] for one in machines), sum(one[1] for one in machines)
    if end == 0:
        yield Seen("No transaction is on a Saturday or Sunday.", "transactions.at")
    elif by_machine >= 2 * _FEWEST_ROWS and share(at_weekends, by_machine) < 0.02:
        yield Seen(
            f"Only {at_weekends:,} of {by_machine + at_weekends:,} transactions by ATM, card, QR, mobile or internet "
            "are on a Saturday or Sunday.",
            "transactions.at",
        )


def _far_value_dates(facts: Facts) -> Iterator[Seen]:
    dated, far, after = facts.value_dates
    if share(far, dated) > _FAR_SHARE:
        yield Seen(
            f"{count_of(far, dated, 'value dates')} are more than 31 days from the day of the transaction, {after:,} "
            "of them later.",
            "transactions.value_date",
            far,
        )


DAYS = (
    Check(
        "lone_days",
        "Days far from all others",
        "error",
        "A few transactions lie weeks or years away from the rest: a slip of the year, a default date, a row of a "
        "test. Unless as_of is stated, the last day of all decides up to when rules look, so one wrong day in the "
        "future makes them look past everything.",
        "Correct the days, or state as_of (and leave the rows out with `unless` in the mapping).",
        "At most 0.5 % of the transactions, more than 45 days from the others, in data of 100 transactions or more: a "
        "quiet branch pauses for weeks, a bank does not.",
        _lone,
        ("days",),
    ),
    Check(
        "after_as_of",
        "Later than as_of",
        "info",
        "The data go on after the last day that counts.",
        "Nothing, if as_of is meant so.",
        "Any.",
        _after_as_of,
    ),
    Check(
        "thin_month",
        "A month with far fewer transactions",
        "warning",
        "Part of a month is missing, or an export was cut. What is not there is not found, and what is usual looks "
        "higher or lower than it is.",
        "Ask for the month again and compare its control totals with the bank's own.",
        "Under 40 % of the middle rate a day of the other months (error under 10 %), with three other months or more: "
        "New Year or a shutdown halves a month at most.",
        _thin_months,
        ("history", "days"),
    ),
    Check(
        "missing_days",
        "Days without any transaction",
        "warning",
        "Days on which there is always something have nothing: a file was not exported or not read.",
        "See whether a file of those days is missing.",
        "Days of the week on which 80 % of the weeks have transactions, 20 or more of them at the middle; public "
        "holidays of the jurisdiction are no gap.",
        _missing_days,
        ("history", "days"),
    ),
    Check(
        "thin_days",
        "Days with far fewer transactions",
        "warning",
        "A file of the day was cut short, or a channel is missing on it.",
        "Compare control totals of those days with the bank's own.",
        "Under a fifth of the middle of that day of the week, where that is 20 or more; up to two such days are only "
        "told, for storms and system failures happen.",
        _thin_days,
        ("history", "days"),
    ),
    Check(
        "crowded_days",
        "Days with far more transactions",
        "info",
        "Interest runs, a migration or opening balances were booked on one day.",
        "See that bookings of the bank itself are mapped as such in `kind`, and leave migrated balances out.",
        "More than eight times the middle of that day of the week: paydays and holidays reach three or four.",
        _crowded_days,
    ),
    Check(
        "no_weekends",
        "Nothing on weekends",
        "warning",
        "Machines and phones work on weekends. Where nothing is booked then, `at` is the day of booking and not that "
        "of the transaction.",
        "Map the day and time of the transaction, if the export has them; the booking day belongs into value_date.",
        "500 transactions on 20 days or more and none on a weekend; or, by machine and phone, under 2 % of those of "
        "the week.",
        _no_weekends,
        ("clock times",),
    ),
    Check(
        "far_value_dates",
        "Value dates far from the day",
        "warning",
        "Value dates lie close to the transaction; where they do not, one of the two columns is mapped wrongly or "
        "holds a default.",
        "See whether at and value_date are mapped the right way round.",
        "More than 0.5 % of the value dates, more than 31 days off: corrections are rare.",
        _far_value_dates,
        ("transactions.value_date",),
    ),
)
