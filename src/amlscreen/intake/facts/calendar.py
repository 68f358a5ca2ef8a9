"""When transactions are, which side they book, in what money: all of them, counted in one pass into a small cube."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from amlscreen.intake.currencies import minor_digits
from amlscreen.intake.facts.found import ClockFacts, DayFacts, MoneyFacts, SideFacts

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset
    from amlscreen.jurisdiction import Jurisdiction

__all__ = ["clocks", "count_into_cube", "days", "days_of_channel", "money", "sides", "value_dates"]

_FAR = 31
_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
_HIGH = 0.999
_COUNTED = ("file_no", "local_day", "at", "hour", "direction", "channel", "currency", "amount_original")
_MULTIPLES = (2, 3, 4, 5)
"""Powers of ten of minor units: whole units and whole hundreds of currencies with no, two or three digits."""


def count_into_cube(data: Dataset) -> None:
    """Temporary table ``quality_cube``: counts by file, day, hour, direction, channel and currency."""
    local = f'("at" + {data.jurisdiction.utc_offset_minutes * 60_000_000})'
    dated = "transactions.value_date" in data.provided
    far = f"count(*) FILTER (WHERE abs(value_date - local_day) > {_FAR})" if dated else "0"
    after = f"count(*) FILTER (WHERE value_date > local_day + {_FAR})" if dated else "0"
    multiples = ", ".join(
        f"count(*) FILTER (WHERE amount_original % {10**digits} = 0) AS by_{digits}" for digits in _MULTIPLES
    )
    cube = data.over_transactions(
        f"""
        SELECT * REPLACE (direction::VARCHAR AS direction, channel::VARCHAR AS channel) FROM (
        SELECT file_no, local_day, hour, direction, channel, currency, count(*) AS n,
            count(*) FILTER (WHERE hour IS NOT NULL AND {local} % {_DAY} = 0) AS midnight,
            count(*) FILTER (WHERE hour IS NOT NULL AND {local} % {_HOUR} = 0) AS full_hour,
            {multiples}, max(amount_original) AS largest, count(*) FILTER (WHERE amount_original = 0) AS zero,
            {"count(value_date)" if dated else "0"} AS dated, {far} AS far, {after} AS after
        FROM transactions GROUP BY file_no, local_day, hour, direction, channel, currency)
        """,
        (*_COUNTED, "value_date") if dated else _COUNTED,
    )
    data.connection.register("counted_cube", cube)
    data.connection.execute("CREATE OR REPLACE TEMP TABLE quality_cube AS SELECT * FROM counted_cube")
    data.connection.unregister("counted_cube")


def days(connection: duckdb.DuckDBPyConnection) -> tuple[DayFacts, ...]:
    """Transactions by local day, in order; days without any are left out."""
    found = connection.execute("SELECT local_day, sum(n) FROM quality_cube GROUP BY 1 ORDER BY 1").fetchall()
    return tuple(DayFacts(int(day), int(rows)) for day, rows in found)


def days_of_channel(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """For each channel its transactions on Mondays to Fridays, and on Saturdays and Sundays."""
    found = connection.execute(
        "SELECT channel, sum(n) FILTER (WHERE (local_day + 3) % 7 < 5), sum(n) FILTER (WHERE (local_day + 3) % 7 >= 5) "
        "FROM quality_cube WHERE channel IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return {str(channel): (int(week or 0), int(end or 0)) for channel, week, end in found}


def clocks(data: Dataset, names: tuple[str, ...]) -> tuple[ClockFacts, ...]:
    """Clock times by file."""
    hours = ", ".join(f"coalesce(sum(n) FILTER (WHERE hour = {hour}), 0)" for hour in range(24))
    found = data.connection.execute(
        f"SELECT file_no, sum(n), coalesce(sum(n) FILTER (WHERE hour IS NOT NULL), 0), sum(midnight), sum(full_hour), "
        f"{hours} FROM quality_cube GROUP BY 1 ORDER BY 1"
    ).fetchall()
    common = _common_times(data)
    return tuple(_clock(names[file], list(map(int, counts)), common.get(file, (0, 0, ""))) for file, *counts in found)


def _clock(file: str, counts: list[int], common: tuple[int, int, str]) -> ClockFacts:
    rows, timed, midnight, full_hour, *by_hour = counts
    looked_at, number, time = common
    return ClockFacts(file, rows, timed, midnight, full_hour, tuple(by_hour), looked_at, number, time)


def _common_times(data: Dataset) -> dict[int, tuple[int, int, str]]:
    """By file: timed rows looked at, how many have the commonest time of day that is not midnight, and that time."""
    offset = data.jurisdiction.utc_offset_minutes * 60_000_000
    found = data.connection.execute(
        f"""
        WITH timed AS (
            SELECT file_no, (("at" + {offset}) % {_DAY}) // 1000000 AS s FROM quality_sample WHERE hour IS NOT NULL
        ), counted AS (SELECT file_no, s, count(*) AS n FROM timed GROUP BY ALL)
        SELECT file_no, sum(n), max(n) FILTER (WHERE s > 0), arg_max(s, n) FILTER (WHERE s > 0)
        FROM counted GROUP BY 1
        """
    ).fetchall()
    return {int(file): (int(n), int(most or 0), _time(s)) for file, n, most, s in found}


def _time(second: int | None) -> str:
    return "" if second is None else f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def sides(connection: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> tuple[SideFacts, ...]:
    """Credits and debits by file and channel."""
    found = connection.execute(
        "SELECT file_no, channel, coalesce(sum(n) FILTER (WHERE direction = 'credit'), 0), "
        "coalesce(sum(n) FILTER (WHERE direction = 'debit'), 0) FROM quality_cube GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return tuple(SideFacts(names[file], channel, int(ins), int(outs)) for file, channel, ins, outs in found)


def value_dates(connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int]:
    """Rows with a value date; with one more than 31 days off; with one more than 31 days later."""
    found = connection.execute(
        "SELECT coalesce(sum(dated), 0), coalesce(sum(far), 0), coalesce(sum(after), 0) FROM quality_cube"
    ).fetchall()[0]
    return int(found[0]), int(found[1]), int(found[2])


def money(connection: duckdb.DuckDBPyConnection, country: Jurisdiction) -> tuple[MoneyFacts, ...]:
    """Amounts by currency; how high most of them are comes from the rows looked at."""
    found = connection.execute(
        "SELECT currency, sum(n), max(largest), sum(zero), " + ", ".join(f"sum(by_{digits})" for digits in _MULTIPLES) +
        " FROM quality_cube GROUP BY 1 ORDER BY 1"
    ).fetchall()  # fmt: skip
    high = dict(
        connection.execute(
            f"SELECT currency, [quantile_disc(amount_original, {_HIGH}), quantile_disc(amount, 0.5)] "
            "FROM quality_sample GROUP BY 1"
        ).fetchall()
    )
    wage = _wage(country)
    return tuple(_money_of(row, high.get(row[0]) or [0, 0], wage, country) for row in found)


def _money_of(row: tuple[Any, ...], high: list[int], wage: int | None, country: Jurisdiction) -> MoneyFacts:
    currency, rows, largest, zero, *multiples = row
    home, by = currency == country.currency, dict(zip(_MULTIPLES, multiples, strict=True))
    digits = country.minor_digits if home else minor_digits().get(currency, 2)
    return MoneyFacts(
        currency=str(currency),
        digits=digits,
        shown_digits=country.shown_digits if home else digits,
        rows=int(rows),
        whole=int(by.get(digits, rows)),
        hundreds=int(by.get(min(digits + 2, 5), rows)),
        zero=int(zero),
        largest_to_high=float(largest) / max(float(high[0]), 1),
        middle_to_wage=None if wage is None else float(high[1]) / wage,
    )


def _wage(country: Jurisdiction) -> int | None:
    """The latest monthly wage, in minor units."""
    known = max(country.monthly_minimum_wage, key=lambda one: one.holds_from, default=None)
    return known.value * 10**country.minor_digits if known and known.value else None
